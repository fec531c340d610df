internal import QueueEngine

extension Dispatcher {
  /// Calls all observers; where there are none, that is a look at an empty array.
  @inline(__always)
  func observers(_ tell: (any WorkerObserver, _ workerID: String) -> Void) {
    for observer in job.options.observers { tell(observer, job.options.workerID) }
  }

  /// The queue has taken a settlement.
  @inline(__always)
  func observersHear(_ settlement: Settlement, of attempt: Attempt) {
    if !job.options.observers.isEmpty { tellObservers(settlement, of: attempt) }
  }

  private func tellObservers(_ settlement: Settlement, of attempt: Attempt) {
    let task = attempt.task
    let error = attempt.error
    observers { observer, workerID in
      switch settlement {
      case .complete: observer.workerCompleted(task, workerID: workerID)
      case .release: observer.workerReleased(task, workerID: workerID)
      case .fail(.permanent(let message)):
        observer.workerFailed(
          task, endedAs: .failed, message: message, error: error, workerID: workerID)
      case .fail(.retry(let runAfter, let message)):
        if task.fence.attempt < task.maxAttempts {
          observer.workerWillRetry(
            task, at: runAfter, message: message, error: error, workerID: workerID)
        } else {
          observer.workerFailed(
            task, endedAs: .deadLetter, message: message, error: error, workerID: workerID)
        }
      }
    }
  }
}
