/// The calls of a ``TaskQueue`` within one transaction; valid only while it is under way.
public struct TaskTransaction {
  let store: any QueueStore
  let clock: () -> Timestamp
  let refusals: Refusals

  /// What was refused; counted for good once the transaction has happened.
  final class Refusals {
    var acknowledgements = 0
    var renewals = 0
    /// What has gone wrong in the storage, whether or not the transaction's body has caught it.
    var failure: (any Error)?
  }

  /// Notes an error of the storage, after which nothing of the transaction can be kept: if its body
  /// caught it and went on, the calls that share the transaction would have to pay for it.
  private func noting<R>(_ body: () throws -> R) throws -> R {
    do { return try body() } catch {
      if (error as? QueueError)?.code != .invalidArgument { refusals.failure = error }
      throw error
    }
  }

  private func counted(_ answer: Acknowledgement) -> Acknowledgement {
    if answer == .leaseLost { refusals.acknowledgements += 1 }
    return answer
  }

  /// Adds tasks.
  @discardableResult
  public func enqueue(contentsOf tasks: [NewTask]) throws -> [EnqueueReceipt] {
    try noting { try store.enqueue(tasks, now: clock()) }
  }

  /// Adds a task.
  @discardableResult
  public func enqueue(_ task: NewTask) throws -> EnqueueReceipt {
    try noting { try store.enqueue(task, now: clock()) }
  }

  /// Takes the next tasks, at most `limit`.
  public func claim(
    as claimant: Claimant, limit: Int, leaseDurationMs: Int64
  ) throws -> [ClaimedTask] {
    try noting {
      try store.claim(as: claimant, limit: limit, leaseDurationMs: leaseDurationMs, now: clock())
    }
  }

  /// Completes a task with a result in JSON or none.
  public func complete(_ fence: Fence, result: String? = nil) throws -> Acknowledgement {
    counted(try noting { try store.complete(fence, result: result, now: clock()) })
  }

  /// Ends an attempt without success.
  public func fail(_ fence: Fence, _ failure: TaskFailure) throws -> Acknowledgement {
    counted(try noting { try store.fail(fence, failure, now: clock()) })
  }

  /// Gives a task back unworked; the attempt does not count.
  public func release(_ fence: Fence) throws -> Acknowledgement {
    counted(try noting { try store.release(fence, now: clock()) })
  }

  /// Holds tasks for that much longer, counted from now; answers in the same order.
  public func extend(_ fences: [Fence], leaseDurationMs: Int64) throws -> [Acknowledgement] {
    let answers = try noting {
      try store.extend(fences, leaseDurationMs: leaseDurationMs, now: clock())
    }
    refusals.renewals += answers.count { $0 == .leaseLost }
    return answers
  }

  /// Takes a task back; true if it was waiting, or was held and `evenIfHeld` is set.
  public func cancel(_ id: TaskID, evenIfHeld: Bool = false) throws -> Bool {
    try noting { try store.cancel(id, evenIfHeld: evenIfHeld, now: clock()) }
  }
}

@available(*, unavailable)
extension TaskTransaction: Sendable {}
