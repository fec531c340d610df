/// Where a queue's tasks lie.
///
/// One store serves one thread at a time. Times and the ends of leases are parameters; a store reads
/// no clock. Every method happens as a whole, or throws ``QueueError`` and changes nothing. A claim may
/// take several transactions where much has become due at once; what it returns is claimed.
public protocol QueueStore: AnyObject {
  /// Adds tasks; one with a known idempotency key is not added again.
  func enqueue(_ tasks: [NewTask], now: Timestamp) throws -> [EnqueueReceipt]

  /// Adds one task.
  func enqueue(_ task: NewTask, now: Timestamp) throws -> EnqueueReceipt

  /// Takes the next tasks that the claimant can serve, at most `limit`, in the order of its strategy.
  func claim(
    as claimant: Claimant, limit: Int, leaseUntil: Timestamp, now: Timestamp
  ) throws -> [ClaimedTask]

  /// Takes the next task that the claimant can serve.
  func claim(as claimant: Claimant, leaseUntil: Timestamp, now: Timestamp) throws -> ClaimedTask?

  /// Completes tasks, each with a result in JSON or nil; answers in the same order.
  func complete(
    _ completions: [(fence: Fence, result: String?)], now: Timestamp
  ) throws -> [Acknowledgement]

  /// Completes one task.
  func complete(_ fence: Fence, result: String?, now: Timestamp) throws -> Acknowledgement

  /// Ends an attempt without success.
  func fail(_ fence: Fence, _ failure: TaskFailure, now: Timestamp) throws -> Acknowledgement

  /// Gives a task back unworked: it is ready at once, and the attempt does not count against
  /// `maxAttempts`, which rises by one because a fence is never used twice.
  func release(_ fence: Fence, now: Timestamp) throws -> Acknowledgement

  /// Moves the end of a lease.
  func extend(_ fence: Fence, leaseUntil: Timestamp, now: Timestamp) throws -> Acknowledgement

  /// Takes a task back: true if it was waiting, or was held and `evenIfHeld` is set; its holder then
  /// loses the lease.
  func cancel(_ id: TaskID, evenIfHeld: Bool, now: Timestamp) throws -> Bool

  /// A task by its identity; nil if there is none.
  func task(_ id: TaskID) throws -> QueueTask?

  /// How many tasks have each status; statuses without tasks are zero.
  func counts() throws -> [TaskStatus: Int]
}
