public import QueueEngine

/// What a restore has done.
public struct RestoreReport: Hashable, Sendable {
  /// The queue, without symbolic links.
  public let path: String
  /// What is in it now.
  public let rows: QueueRowCounts
  /// Where the old queue is; nil if there was none, or if it was not to be kept.
  public let keptPath: String?
}

extension QueueBackup {
  /// Puts a backup in the place of a queue.
  ///
  /// The backup is copied beside the queue and verified first; a damaged, foreign or newer one is refused, and
  /// the queue stays untouched. Nobody may have the queue open, this process included: in WAL mode that is
  /// certain, because SQLite's locks tell. With a rollback journal the processes of this program are
  /// recognised, and SQLite refuses the next write of others, since their file has moved. The old queue is kept
  /// under the name `<path>.before-<time>` until the new one has been verified in its place, while nobody
  /// can use it. A restore that is killed leaves either the old queue or the new one at the path, whole.
  ///
  /// Tasks that were held when the backup was made are held in it under leases that have ended, so they run
  /// again; so do those that have been completed since.
  ///
  /// - Parameters:
  ///   - backup: The file; any copy of a queue will do.
  ///   - path: The queue; it need not exist.
  ///   - replacingDamaged: Whether a file may be replaced that is not readable as a database. No locks of SQLite
  ///     protect it then: make sure that nobody uses it. It is kept, with its log.
  ///   - keepingOld: Whether the old queue stays after a success.
  ///   - now: What the kept file is called after.
  /// - Returns: What is in the queue now, and where the old one is.
  /// - Throws: `QueueError`: `corrupt`, `notAQueue`, `schemaTooNew` for a backup that is refused; `busy`
  ///   if somebody has the queue open; `diskFull`, `readOnly`.
  public static func restore(
    from backup: String, to path: String, replacingDamaged: Bool = false,
    keepingOld: Bool = true, now: Timestamp = .now()
  ) throws -> RestoreReport {
    let restoration = Restoration(
      backup: backup, live: path, replacesDamaged: replacingDamaged, now: now)
    try restoration.run()
    let hasOld = restoration.hasOld
    if hasOld && !keepingOld { removeDatabase(restoration.keptPath) }
    return RestoreReport(
      path: restoration.live,
      rows: restoration.rows ?? QueueRowCounts(tasks: 0, lanes: 0, workers: 0, logs: 0),
      keptPath: hasOld && keepingOld ? restoration.keptPath : nil)
  }
}
