internal import QueueEngine
internal import SQLite

/// Which configurations cannot be judged although they were measured: they put checkpoints off for so long that
/// the runs were over before they had to pay for one, while the default paid.
///
/// The default must have paid in most of its runs: a single checkpoint in many may be chance. And only what lets
/// the log grow further than the default puts checkpoints off: a slower configuration may just have written less.
/// One rule for the tuner and for what it is held against; else each would have configurations that are
/// forbidden to the other.
enum CheckpointRule {
  /// After so many runs of full length, a configuration must have come to a checkpoint.
  static let runs = 3

  /// Why `configuration` is out; nil if it is not.
  static func objection(
    to configuration: TuningSpace.Configuration, own: [TuningObservation],
    default other: TuningSpace.Configuration, standard: [TuningObservation]
  ) -> String? {
    guard configuration.options.durabilitySettings.journalMode == "WAL",
      logByteCount(configuration.options) > logByteCount(other.options), own.count >= runs,
      own.allSatisfy({ $0.checkpoints == 0 }), standard.count >= runs,
      standard.count(where: { $0.checkpoints > 0 }) * 2 > standard.count
    else { return nil }
    return
      "in \(own.count) runs it never came to a checkpoint as the default did, so what these cost was not "
      + "seen: lengthen `measure:`"
  }

  /// From which size of the log a checkpoint is due; infinite if never.
  private static func logByteCount(_ options: SQLiteStoreOptions) -> Double {
    let pages = options.checkpointPolicy.pages.map(Double.init) ?? .infinity
    let pageSize = options.pragmas.last { $0.pragma == .pageSize }?.value
    return pages * (pageSize.flatMap(Double.init) ?? 4096)
  }
}
