/// The calls of a ``TaskQueue`` within one transaction; valid only while it is under way.
public struct TaskTransaction {
  let store: any QueueStore
  let clock: () -> Timestamp

  /// Adds tasks.
  @discardableResult
  public func enqueue(contentsOf tasks: [NewTask]) throws -> [EnqueueReceipt] {
    try store.enqueue(tasks, now: clock())
  }

  /// Adds a task.
  @discardableResult
  public func enqueue(_ task: NewTask) throws -> EnqueueReceipt {
    try store.enqueue(task, now: clock())
  }

  /// Takes the next tasks, at most `limit`.
  public func claim(
    as claimant: Claimant, limit: Int, leaseDurationMs: Int64
  ) throws -> [ClaimedTask] {
    try store.claim(as: claimant, limit: limit, leaseDurationMs: leaseDurationMs, now: clock())
  }

  /// Completes a task with a result in JSON or none.
  public func complete(_ fence: Fence, result: String? = nil) throws -> Acknowledgement {
    try store.complete(fence, result: result, now: clock())
  }

  /// Ends an attempt without success.
  public func fail(_ fence: Fence, _ failure: TaskFailure) throws -> Acknowledgement {
    try store.fail(fence, failure, now: clock())
  }

  /// Gives a task back unworked; the attempt does not count.
  public func release(_ fence: Fence) throws -> Acknowledgement {
    try store.release(fence, now: clock())
  }

  /// Holds tasks for that much longer, counted from now; answers in the same order.
  public func extend(_ fences: [Fence], leaseDurationMs: Int64) throws -> [Acknowledgement] {
    try store.extend(fences, leaseDurationMs: leaseDurationMs, now: clock())
  }

  /// Takes a task back; true if it was waiting, or was held and `evenIfHeld` is set.
  public func cancel(_ id: TaskID, evenIfHeld: Bool = false) throws -> Bool {
    try store.cancel(id, evenIfHeld: evenIfHeld, now: clock())
  }
}

@available(*, unavailable)
extension TaskTransaction: Sendable {}
