/// A queue of tasks: what applications and workers use.
///
/// Adds to a ``QueueStore`` what callers should not have to supply each time: the wall clock and the
/// arithmetic of leases. Like its store it serves one thread at a time.
public final class TaskQueue {
  private let store: any QueueStore
  private let clock: () -> Timestamp

  /// A queue on a store.
  ///
  /// - Parameters:
  ///   - store: where the tasks lie.
  ///   - clock: what time it is; tests supply their own.
  public init(store: any QueueStore, clock: @escaping () -> Timestamp = Timestamp.now) {
    self.store = store
    self.clock = clock
  }

  /// Adds a task.
  @discardableResult
  public func enqueue(_ task: NewTask) throws -> EnqueueReceipt {
    try store.enqueue(task, now: clock())
  }

  /// Adds tasks in one transaction.
  @discardableResult
  public func enqueue(contentsOf tasks: [NewTask]) throws -> [EnqueueReceipt] {
    try store.enqueue(tasks, now: clock())
  }

  /// Takes the next task under a lease of that length; nil if none is ready for the claimant.
  public func claim(as claimant: Claimant, leaseDurationMs: Int64) throws -> ClaimedTask? {
    let now = clock()
    return try store.claim(
      as: claimant, leaseUntil: now.adding(milliseconds: leaseDurationMs), now: now)
  }

  /// Takes the next tasks, at most `limit`, in one transaction.
  public func claim(
    as claimant: Claimant, limit: Int, leaseDurationMs: Int64
  ) throws -> [ClaimedTask] {
    let now = clock()
    return try store.claim(
      as: claimant, limit: limit, leaseUntil: now.adding(milliseconds: leaseDurationMs), now: now)
  }

  /// Completes a task with a result in JSON or none.
  public func complete(_ fence: Fence, result: String? = nil) throws -> Acknowledgement {
    try store.complete(fence, result: result, now: clock())
  }

  /// Completes tasks in one transaction; answers in the same order.
  public func complete(
    _ completions: [(fence: Fence, result: String?)]
  ) throws -> [Acknowledgement] {
    try store.complete(completions, now: clock())
  }

  /// Ends an attempt without success.
  public func fail(_ fence: Fence, _ failure: TaskFailure) throws -> Acknowledgement {
    try store.fail(fence, failure, now: clock())
  }

  /// Gives a task back unworked; the attempt does not count.
  public func release(_ fence: Fence) throws -> Acknowledgement {
    try store.release(fence, now: clock())
  }

  /// Holds a task for that much longer, counted from now.
  public func extend(_ fence: Fence, leaseDurationMs: Int64) throws -> Acknowledgement {
    let now = clock()
    return try store.extend(
      fence, leaseUntil: now.adding(milliseconds: leaseDurationMs), now: now)
  }

  /// Takes a task back; true if it was waiting, or was held and `evenIfHeld` is set.
  public func cancel(_ id: TaskID, evenIfHeld: Bool = false) throws -> Bool {
    try store.cancel(id, evenIfHeld: evenIfHeld, now: clock())
  }

  /// A task by its identity; nil if there is none.
  public func task(_ id: TaskID) throws -> QueueTask? { try store.task(id) }

  /// How many tasks have each status.
  public func counts() throws -> [TaskStatus: Int] { try store.counts() }
}

@available(*, unavailable)
extension TaskQueue: Sendable {}
