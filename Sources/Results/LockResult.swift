/// How the write lock and the parts of operations were used.
package struct LockResult: Equatable, Sendable {
  /// Share of the measured time in which an operation held the write lock, from 0 to 1.
  package var utilisation: Double?
  /// How long an operation held it, in the mean.
  package var holdMeanUs: Double?
  /// Checkpoints that ended within the measured time.
  package var checkpoints: Int?
  /// Share of the measured time in which a checkpoint was at work, from 0 to 1.
  package var checkpointShare: Double?
  /// The parts of all operations, relative to their latencies: 1, or more if waiting, holding the lock or
  /// checkpoints were counted twice. What nobody measured counts as execution.
  package var phaseSumRatio: Double?

  /// Nothing, until it is measured.
  package init() {}
}
