internal import Logging
public import QueueEngine

/// A worker that has the logger among its observers logs every transition of its tasks.
///
/// A task that is worked at the first attempt leaves two entries at the level `info`.
extension QueueLogger: WorkerObserver {
  /// A task was claimed, and its handler is about to start.
  public func workerStarted(_ task: ClaimedTask, workerID: String) {
    transition(
      task.id, from: .queued, to: .processing, details: Self.details(task, workerID))
  }

  /// The queue knows that a task is done.
  public func workerCompleted(_ task: ClaimedTask, workerID: String) {
    transition(
      task.id, from: .processing, to: .completed, details: Self.details(task, workerID))
  }

  /// The queue knows that a task has failed for good.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - status: `failed` or `deadLetter`.
  ///   - message: what is stored with it.
  ///   - error: what the handler has thrown; nil if the attempt has failed otherwise.
  ///   - workerID: the worker.
  public func workerFailed(
    _ task: ClaimedTask, endedAs status: TaskStatus, message: String, error: (any Error)?,
    workerID: String
  ) {
    tell(of: error, message, task, workerID)
    transition(task.id, from: .processing, to: status, details: Self.details(task, workerID))
  }

  /// The queue knows that an attempt has failed and another one will follow, at that moment at the
  /// earliest. For the rest see ``workerFailed(_:endedAs:message:error:workerID:)``.
  public func workerWillRetry(
    _ task: ClaimedTask, at runAfter: Timestamp, message: String, error: (any Error)?,
    workerID: String
  ) {
    tell(of: error, message, task, workerID)
    retry(
      task.id, attempt: task.fence.attempt, of: task.maxAttempts, nextRunAfter: runAfter,
      details: ["worker": "\(workerID)"])
  }

  /// A task was given back unworked; the attempt does not count.
  public func workerReleased(_ task: ClaimedTask, workerID: String) {
    transition(task.id, from: .processing, to: .queued, details: Self.details(task, workerID))
  }

  /// A task has passed to another worker: what its handler returns is dropped.
  public func workerLostLease(_ task: ClaimedTask, workerID: String) {
    event(
      task.id, .warning, "the lease was lost: what the handler returns is dropped",
      details: Self.details(task, workerID, event: "lease_lost"))
  }

  private func tell(
    of error: (any Error)?, _ message: String, _ task: ClaimedTask, _ workerID: String
  ) {
    if let error {
      self.error(task.id, error, details: Self.details(task, workerID))
    } else {
      event(task.id, .error, message, details: Self.details(task, workerID, event: "error"))
    }
  }

  private static func details(
    _ task: ClaimedTask, _ workerID: String, event: String? = nil
  ) -> Logger.Metadata {
    var details: Logger.Metadata = [
      "worker": "\(workerID)", "attempt": .stringConvertible(task.fence.attempt),
    ]
    if let event { details["event"] = "\(event)" }
    return details
  }
}
