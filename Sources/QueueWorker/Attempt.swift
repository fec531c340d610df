internal import QueueEngine

/// How an attempt is to be settled with the queue.
enum Settlement: Sendable {
  case complete(result: String?)
  case fail(TaskFailure)
  case release

  /// What the queue answers; does nothing else, because the transaction may be run again.
  func carriedOut(_ fence: Fence, in transaction: TaskTransaction) throws -> Acknowledgement {
    switch self {
    case .complete(let result): try transaction.complete(fence, result: result)
    case .fail(let failure): try transaction.fail(fence, failure)
    case .release: try transaction.release(fence)
    }
  }
}

/// One attempt at a task, from its claim until both its handler has returned and the queue knows how it
/// went. Belongs to the dispatcher.
final class Attempt {
  /// Where an attempt stands.
  private enum Phase {
    /// The handler runs under a lease.
    case working
    /// The handler runs, but the attempt is to be settled without it.
    case overdue(Settlement)
    /// The handler runs although its task is none of ours any more.
    case abandoned
    /// The handler has returned, and the queue is to be told.
    case ended(Settlement)
    /// Nothing is left to do.
    case over
  }

  let task: ClaimedTask
  let handling: Handling
  let signals: AttemptSignals
  private var phase = Phase.working

  /// The handler.
  var handler: Task<Void, Never>?
  /// Until when the lease holds at least, by this machine's monotonic clock.
  var leaseEndNs: UInt64
  /// When to renew the lease.
  var renewAtNs: UInt64
  /// When the handler's time is up; nil if it may take as long as it likes.
  let timeOutAtNs: UInt64?
  /// Whether the handler was cancelled because the worker stops.
  var isCancelledByShutdown = false
  /// What the handler has thrown, if that is how the attempt has failed.
  var error: (any Error)?

  init(
    _ task: ClaimedTask, handling: Handling, signals: AttemptSignals, leaseEndNs: UInt64,
    renewAtNs: UInt64, timeOutAtNs: UInt64?
  ) {
    self.task = task
    self.handling = handling
    self.signals = signals
    self.leaseEndNs = leaseEndNs
    self.renewAtNs = renewAtNs
    self.timeOutAtNs = timeOutAtNs
  }

  var fence: Fence { task.fence }

  // MARK: State

  /// Whether the handler runs under a lease.
  var isWorking: Bool {
    if case .working = phase { return true }
    return false
  }

  /// Whether the handler has not returned: it takes up a place.
  var isRunning: Bool {
    switch phase {
    case .working, .overdue, .abandoned: return true
    case .ended, .over: return false
    }
  }

  /// What the queue has not been told yet.
  var settlement: Settlement? {
    switch phase {
    case .overdue(let settlement), .ended(let settlement): return settlement
    case .working, .abandoned, .over: return nil
    }
  }

  /// Whether a lease is held as far as we know.
  var isHeld: Bool { isWorking || settlement != nil }

  var isOver: Bool {
    if case .over = phase { return true }
    return false
  }

  // MARK: Events

  /// The handler has returned; `outcome` is asked for if it matters.
  func handlerHasEnded(_ outcome: () -> Settlement) {
    handler = nil
    switch phase {
    case .working: phase = .ended(outcome())
    case .overdue(let settlement): phase = .ended(settlement)
    case .abandoned: phase = .over
    case .ended, .over: break
    }
  }

  /// The handler's outcome shall not matter: this does.
  func settleWithoutHandler(_ settlement: Settlement) {
    if case .working = phase { phase = .overdue(settlement) }
  }

  /// The queue cannot take the settlement: another one shall do.
  func resettle(_ settlement: Settlement) {
    switch phase {
    case .overdue: phase = .overdue(settlement)
    case .ended: phase = .ended(settlement)
    case .working, .abandoned, .over: break
    }
  }

  /// The queue knows, or does not care any more.
  func letGo() {
    phase = isRunning ? .abandoned : .over
  }
}
