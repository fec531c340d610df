internal import CSQLite

/// What one checkpoint has done.
public struct CheckpointResult: Hashable, Sendable {
  /// Frames in the log when it began; nil if the database has no log.
  public let walFrames: Int?
  /// How many of them are in the database file now.
  public let backfilledFrames: Int
  /// Whether somebody else's checkpoint was at work, so that this one did nothing.
  public let isBusy: Bool

  /// Whether a reader of an older snapshot has stopped it short. SQLite reports success then.
  public var isBlockedByReader: Bool { !isBusy && backfilledFrames < walFrames ?? 0 }
}

extension Connection {
  /// Copies as much of the log into the database file as can be done without waiting for anybody.
  ///
  /// The write lock is not taken: see ``CheckpointPolicy`` for what that means on an affected SQLite.
  /// Source: `SQLITE_CHECKPOINT_PASSIVE`, <https://sqlite.org/c3ref/wal_checkpoint_v2.html>.
  @discardableResult
  public func checkpointPassively() throws(SQLiteError) -> CheckpointResult {
    var frames: Int32 = -1
    var backfilled: Int32 = -1
    let code = sqlite3_wal_checkpoint_v2(
      handle, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &backfilled)
    guard code == SQLITE_OK || code & 0xff == SQLITE_BUSY else {
      throw SQLiteError(code, on: handle, sql: "PRAGMA wal_checkpoint(PASSIVE)")
    }
    return CheckpointResult(
      walFrames: frames < 0 ? nil : Int(frames), backfilledFrames: max(0, Int(backfilled)),
      isBusy: code != SQLITE_OK)
  }

  /// Does a checkpoint if one is due under ``CheckpointPolicy/deferred(pages:)``; nothing under any
  /// other policy, or inside of a transaction.
  ///
  /// To be called when nobody waits for this connection, such as after an acknowledgement. It costs a
  /// comparison if nothing is due. What goes wrong is counted in ``Checkpointer/counters`` and tried
  /// again later: a checkpoint that fails is no failure of the work before it.
  ///
  /// - Returns: whether a checkpoint was attempted.
  @inline(__always) @discardableResult
  public func checkpointIfDue() -> Bool {
    guard let commitWatch, commitWatch.isDue else { return false }
    return checkpointNow(commitWatch)
  }

  private func checkpointNow(_ watch: CommitWatch) -> Bool {
    guard !isInTransaction else { return false }
    do throws(SQLiteError) {
      let before = try walIndex()?.backfilledFrames ?? 0
      let result = try checkpointPassively()
      watch.finished(result, backfilledBefore: before)
    } catch {
      watch.failed(error)
    }
    return true
  }

  /// Has `checkpointer` look after the log from now on; nil goes back to SQLite's own checkpoints, with
  /// its default of 1000 pages.
  ///
  /// Under every policy that lets the log begin anew it also sets `journal_size_limit` (64 MiB, or twice
  /// the policy's pages where that is more), unless it is set already, so that a log that has grown
  /// behind a slow reader gives its disk space back. Setting `wal_autocheckpoint` to more than 0
  /// afterwards ends the checkpointer's part in this connection.
  public func use(_ checkpointer: Checkpointer?) throws(SQLiteError) {
    switch checkpointer?.policy {
    case .auto(let pages): setAutomaticCheckpoints(everyPages: pages)
    case nil: setAutomaticCheckpoints(everyPages: Self.defaultCheckpointPages)
    case .deferred, .dedicated, .gated, .pinned, .some(.none):
      setAutomaticCheckpoints(everyPages: 0)
    }
    self.checkpointer = checkpointer
    commitWatch = checkpointer.flatMap { CommitWatch(checkpointer: $0) }
    installCommitWatch()
    if commitWatch != nil, let pages = checkpointer?.policy.pages { try limitLogSize(pages: pages) }
  }

  /// `SQLITE_DEFAULT_WAL_AUTOCHECKPOINT` where nobody has built SQLite with another.
  private static let defaultCheckpointPages = 1000

  /// Displaces any WAL hook.
  private func setAutomaticCheckpoints(everyPages pages: Int) {
    sqlite3_wal_autocheckpoint(handle, Int32(clamping: pages))
  }

  /// To be called after `PRAGMA wal_autocheckpoint` was set, which displaces our hook.
  func automaticCheckpointsWereSet(everyPages pages: Int) {
    if pages > 0 {
      checkpointer = nil
      commitWatch = nil
    } else {
      installCommitWatch()
    }
  }

  private func installCommitWatch() {
    guard let commitWatch else { return }
    sqlite3_wal_hook(
      handle,
      { context, _, _, frames in
        if let context {
          Unmanaged<CommitWatch>.fromOpaque(context).takeUnretainedValue().committed(frames)
        }
        return SQLITE_OK
      }, Unmanaged.passUnretained(commitWatch).toOpaque())
  }

  private func limitLogSize(pages: Int) throws(SQLiteError) {
    let current = try prepare("PRAGMA journal_size_limit")
    guard try current.step(), current.int64(0) < 0 else { return }
    current.reset()
    // A frame has 4 KiB unless the database was made otherwise; it need not be exact.
    let (twice, isOver) = pages.multipliedReportingOverflow(by: 2 * 4096)
    let limit = max(64 << 20, isOver ? .max : twice)
    try prepare("PRAGMA journal_size_limit = \(limit)").run()
  }
}

/// Learns from SQLite how long the log is after each commit of one connection.
///
/// Not Sendable: SQLite calls it on the thread that uses the connection.
final class CommitWatch {
  private let worker: CheckpointWorker
  /// Whether the background thread is to be woken; otherwise the connection does the work.
  private let isBackground: Bool
  private let pages: Int32
  /// Frames in the log after this connection's last commit.
  private var frames: Int32 = 0
  /// From how many frames on a deferred checkpoint is due: above ``pages`` after one, until the log has
  /// begun anew.
  private var dueFrames: Int32

  /// Nil if nobody wants to know.
  init?(checkpointer: Checkpointer) {
    guard let pages = checkpointer.policy.pages else { return nil }
    if case .auto = checkpointer.policy { return nil }
    worker = checkpointer.worker
    isBackground = checkpointer.policy.isBackground
    self.pages = Int32(clamping: pages)
    dueFrames = self.pages
  }

  /// On the way of every commit, after the write lock was released.
  @inline(__always)
  func committed(_ frames: Int32) {
    self.frames = frames
    if frames >= pages, isBackground { worker.requestCheckpoint() }
  }

  /// Whether a deferred checkpoint is due.
  @inline(__always)
  var isDue: Bool {
    guard !isBackground else { return false }
    if frames < pages { dueFrames = pages }
    return frames >= dueFrames
  }

  /// Notes what a deferred checkpoint has done.
  ///
  /// After one that did all, the next commit begins the log anew, unless somebody is reading the log
  /// just then. So after that too, the next one is due when the log has grown, not at once; and when it
  /// has grown by more behind a reader of an older snapshot, who may stay for long.
  func finished(_ result: CheckpointResult, backfilledBefore: Int) {
    retry(afterFrames: result.isBlockedByReader ? pages / 4 : pages / 16)
    worker.updateCounters { counters in
      if let walFrames = result.walFrames, !result.isBusy { counters.sawLog(ofFrames: walFrames) }
      counters.backfilledFrames &+= UInt64(max(0, result.backfilledFrames - backfilledBefore))
      if result.isBusy {
        counters.busy &+= 1
      } else if result.isBlockedByReader {
        counters.blockedByReader &+= 1
      } else {
        counters.completed &+= 1
      }
    }
  }

  /// Notes that a deferred checkpoint has failed.
  func failed(_ error: SQLiteError) {
    retry(afterFrames: pages / 4)
    worker.updateCounters { counters in
      counters.errors &+= 1
      counters.lastError = error.description
    }
  }

  private func retry(afterFrames growth: Int32) {
    let (due, isOver) = frames.addingReportingOverflow(max(1, growth))
    dueFrames = isOver ? .max : due
  }
}
