/// Is told what becomes of a worker's tasks.
///
/// It is part of the engine, so that those who log or count need not know the worker, nor the worker them. The
/// worker of QueueWorker takes observers among its options.
///
/// It is called on the thread that renews leases, after the queue has taken the change: it must
/// return soon and neither wait nor call the queue. A change that the queue has taken without the
/// worker's knowledge, because the answer got lost, is told of like any other once the worker has
/// asked again.
public protocol WorkerObserver: Sendable {
  /// A task was claimed, and its handler is about to start.
  func workerStarted(_ task: ClaimedTask, workerID: String)

  /// A task is done.
  func workerCompleted(_ task: ClaimedTask, workerID: String)

  /// A task has failed for good.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - status: `failed` by its handler's word or for want of a retry policy; `deadLetter` if it
  ///     was the last attempt.
  ///   - message: what is stored with it.
  ///   - error: what the handler has thrown; nil if the attempt has failed otherwise.
  ///   - workerID: the worker.
  func workerFailed(
    _ task: ClaimedTask, endedAs status: TaskStatus, message: String, error: (any Error)?,
    workerID: String)

  /// An attempt has failed, and another one will follow at that moment at the earliest.
  ///
  /// For the other parameters see ``workerFailed(_:endedAs:message:error:workerID:)``.
  func workerWillRetry(
    _ task: ClaimedTask, at runAfter: Timestamp, message: String, error: (any Error)?,
    workerID: String)

  /// A task was given back unworked; the attempt does not count.
  func workerReleased(_ task: ClaimedTask, workerID: String)

  /// A task has passed to another worker: what its handler returns is dropped.
  func workerLostLease(_ task: ClaimedTask, workerID: String)
}
