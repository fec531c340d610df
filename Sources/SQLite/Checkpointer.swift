internal import Platform

/// Carries out a ``CheckpointPolicy`` for all connections of this process to one database.
///
/// Make one per process and database, and hand it to every connection (``Connection/use(_:)``). Under
/// the policies with a background thread, the thread and its connections come into being when the
/// first checkpoint is due, and end with ``stop()`` or with this object. Processes agree on one of them
/// that does the work through a small file beside the database (`<database>-checkpoint`).
///
/// What is passed on to the thread goes through the words and locks of `CheckpointWorker`.
public final class Checkpointer: Sendable {
  /// What it carries out.
  public let policy: CheckpointPolicy
  let worker: CheckpointWorker

  /// Makes the checkpointer of a database; nothing is opened yet.
  ///
  /// - Parameters:
  ///   - path: The database, as its connections name it.
  ///   - policy: Its `pages` must be from 1 to 2147483647.
  ///   - busyPolicy: How the background thread waits for the write lock, a second at most at a time;
  ///     best that of the connections.
  ///   - syncs: Whether the background thread makes its checkpoints durable; to be turned off only where
  ///     the connections run with `synchronous=OFF`.
  ///   - vfs: The VFS of the background thread's connections; nil is SQLite's default.
  /// - Throws: ``SQLiteError`` if `policy` is not valid, or if no memory can be had.
  public convenience init(
    path: String, policy: CheckpointPolicy, busyPolicy: BusyPolicy = .standard, syncs: Bool = true,
    vfs: String? = nil
  ) throws(SQLiteError) {
    try self.init(
      path: path, policy: policy, busyPolicy: busyPolicy, syncs: syncs, vfs: vfs, observer: nil)
  }

  /// `observer` hears, on the background thread, how each attempt has ended.
  init(
    path: String, policy: CheckpointPolicy, busyPolicy: BusyPolicy = .standard, syncs: Bool = true,
    vfs: String? = nil, observer: (@Sendable (CheckpointOutcome) -> Void)?
  ) throws(SQLiteError) {
    if let pages = policy.pages, !CheckpointPolicy.allowedPages.contains(pages) {
      throw SQLiteError(
        code: .error,
        message: "checkpoint policy \(policy): pages must be from 1 to \(Int32.max); "
          + "for no checkpoints use the policy none",
        path: path)
    }
    self.policy = policy
    do throws(SystemError) {
      worker = try CheckpointWorker(
        settings: CheckpointSession.Settings(
          path: path, policy: policy,
          busyPolicy: busyPolicy.limited(toMs: CheckpointWorker.longestGateWaitMs), syncs: syncs,
          vfs: vfs),
        observer: observer)
    } catch {
      throw SQLiteError(
        code: .noMemory, message: "no shared memory for checkpoints: \(error)", path: path)
    }
  }

  deinit { stop() }

  /// What its checkpoints have done and met so far.
  public var counters: CheckpointCounters { worker.counters }

  /// Has the background thread do a checkpoint soon, however short the log is.
  ///
  /// Does nothing under policies without one, while one is at work, and after ``stop()``.
  public func requestCheckpoint() {
    if policy.isBackground { worker.requestCheckpoint() }
  }

  /// Ends the background thread and closes its connections; returns when that is done.
  ///
  /// A checkpoint that is under way ends first, and a wait for the write lock, so it may take about a
  /// second behind a foreign writer. Connections that use the checkpointer work on, without checkpoints.
  public func stop() { worker.stop() }
}

extension BusyPolicy {
  /// The same with a time limit of `limitMs` at most.
  func limited(toMs limitMs: Int) -> BusyPolicy {
    let limitMs = min(limitMs, timeoutMs)
    switch self {
    case .sqlite: return .sqlite(timeoutMs: limitMs)
    case .timeout: return .timeout(timeoutMs: limitMs)
    case .fixed(let delayUs, _): return .fixed(delayUs: delayUs, timeoutMs: limitMs)
    case .backoff(let initialUs, let maxUs, _):
      return .backoff(initialUs: initialUs, maxUs: maxUs, timeoutMs: limitMs)
    case .handoff: return .handoff(timeoutMs: limitMs)
    }
  }
}
