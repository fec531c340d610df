/// Where tasks are looked at: what reading needs.
///
/// One reader serves one thread at a time.
public protocol QueueReader: AnyObject {
  /// A task by its identity; nil if there is none.
  func task(_ id: TaskID) throws -> QueueTask?

  /// How many tasks have each status; statuses without tasks are zero.
  func counts() throws -> [TaskStatus: Int]
}

/// Where a queue's tasks lie.
///
/// One store serves one thread at a time; ``TaskQueue`` makes it serve many. Times are parameters; a
/// store reads no clock. Every method happens as a whole, or throws ``QueueError`` and changes nothing.
/// A claim may take several transactions where much has become due at once; what it returns is claimed.
public protocol QueueStore: QueueReader {
  /// Why what it acknowledges may be lost or damaged by the way it was opened, in words for operators; nil
  /// if it is safe.
  var hazard: String? { get }

  /// Adds tasks; one with a known idempotency key is not added again.
  func enqueue(_ tasks: [NewTask], now: Timestamp) throws -> [EnqueueReceipt]

  /// Adds one task.
  func enqueue(_ task: NewTask, now: Timestamp) throws -> EnqueueReceipt

  /// Takes the next tasks that the claimant can serve, at most `limit`, in the order of its strategy.
  ///
  /// `now` is asked for once the store may write, so that a lease is not eaten up by the wait for
  /// others; a claim that takes several transactions asks for each.
  func claim(
    as claimant: Claimant, limit: Int, leaseDurationMs: Int64, now: @autoclosure () -> Timestamp
  ) throws -> [ClaimedTask]

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

  /// Moves the ends of leases to that long after `now`, which is asked for once the store may write;
  /// answers in the same order.
  func extend(
    _ fences: [Fence], leaseDurationMs: Int64, now: @autoclosure () -> Timestamp
  ) throws -> [Acknowledgement]

  /// Takes a task back: true if it was waiting, or was held and `evenIfHeld` is set; its holder then
  /// loses the lease.
  func cancel(_ id: TaskID, evenIfHeld: Bool, now: Timestamp) throws -> Bool

  /// Whether a claim has anything to do, as far as can be seen without keeping writers waiting: never
  /// false while a task is ready for the claimant.
  func mayClaim(as claimant: Claimant, now: Timestamp) throws -> Bool

  /// A place to wait for tasks.
  func makeSeat() throws -> any WorkerSeat

  /// Announces on a seat of this store that the claimant is about to wait.
  ///
  /// Returns nil if there may be something to claim already, else after how many milliseconds to look
  /// again at the latest: what has not been announced by then may have become due, or come from programs
  /// that wake nobody.
  func prepareToWait(
    as claimant: Claimant, on seat: any WorkerSeat, now: Timestamp
  ) throws -> Int64?

  /// Does work that can wait, if there is some; to be called by those who have time.
  func tidyUp()

  /// Makes everything that `body` calls on this store one transaction: all of it happens, or, if
  /// `body` throws, nothing.
  func atomically(_ body: () throws -> Void) throws

  /// What makes another view of the same tasks, for reading beside this store on other threads; it
  /// makes nil where there can be none, so that this store has to read for all.
  ///
  /// The function that is returned may be called on any thread.
  func readerFactory() -> () throws -> (any QueueReader)?
}

extension QueueStore {
  /// Nothing is known against it.
  public var hazard: String? { nil }

  /// Takes the next task that the claimant can serve.
  public func claim(
    as claimant: Claimant, leaseDurationMs: Int64, now: @autoclosure () -> Timestamp
  ) throws -> ClaimedTask? {
    try claim(as: claimant, limit: 1, leaseDurationMs: leaseDurationMs, now: now()).first
  }

  /// Moves the end of a lease.
  public func extend(
    _ fence: Fence, leaseDurationMs: Int64, now: @autoclosure () -> Timestamp
  ) throws -> Acknowledgement {
    try extend([fence], leaseDurationMs: leaseDurationMs, now: now())[0]
  }
}
