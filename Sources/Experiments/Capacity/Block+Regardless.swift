extension BlockSeries.Block {
  /// The same as if the machine had not been disturbed: for those who would rather have doubtful numbers than
  /// none.
  package var regardless: BlockSeries.Block {
    BlockSeries.Block(number: number, findings: findings, disturbance: nil)
  }
}
