internal import QueueEngine
internal import SQLite

/// A store whose tasks nobody needs after their end: it says when something has changed, and
/// forgets the oldest of those that are final.
final class MemoryStore: QueueStore {
  private let store: SQLiteQueueStore
  private let activity: Activity
  private let finishedLimit: Int
  private var turnsUntilCleaning: Int

  init(_ store: SQLiteQueueStore, activity: Activity, finishedLimit: Int) {
    self.store = store
    self.activity = activity
    self.finishedLimit = finishedLimit
    turnsUntilCleaning = finishedLimit
  }

  // What it holds is meant to be lost with the process.
  var hazard: String? { nil }

  private func changing<R>(_ body: () throws -> R) rethrows -> R {
    defer { activity.note() }
    return try body()
  }

  func task(_ id: TaskID) throws -> QueueTask? { try store.task(id) }

  func counts() throws -> [TaskStatus: Int] { try store.counts() }

  func enqueue(_ tasks: [NewTask], now: Timestamp) throws -> [EnqueueReceipt] {
    try changing { try store.enqueue(tasks, now: now) }
  }

  func enqueue(_ task: NewTask, now: Timestamp) throws -> EnqueueReceipt {
    try changing { try store.enqueue(task, now: now) }
  }

  func claim(
    as claimant: Claimant, limit: Int, leaseDurationMs: Int64, now: @autoclosure () -> Timestamp
  ) throws -> [ClaimedTask] {
    try changing {
      try store.claim(as: claimant, limit: limit, leaseDurationMs: leaseDurationMs, now: now())
    }
  }

  func complete(
    _ completions: [(fence: Fence, result: String?)], now: Timestamp
  ) throws -> [Acknowledgement] {
    try changing { try store.complete(completions, now: now) }
  }

  func complete(_ fence: Fence, result: String?, now: Timestamp) throws -> Acknowledgement {
    try changing { try store.complete(fence, result: result, now: now) }
  }

  func fail(_ fence: Fence, _ failure: TaskFailure, now: Timestamp) throws -> Acknowledgement {
    try changing { try store.fail(fence, failure, now: now) }
  }

  func release(_ fence: Fence, now: Timestamp) throws -> Acknowledgement {
    try changing { try store.release(fence, now: now) }
  }

  func extend(
    _ fences: [Fence], leaseDurationMs: Int64, now: @autoclosure () -> Timestamp
  ) throws -> [Acknowledgement] {
    try store.extend(fences, leaseDurationMs: leaseDurationMs, now: now())
  }

  func cancel(_ id: TaskID, evenIfHeld: Bool, now: Timestamp) throws -> Bool {
    try changing { try store.cancel(id, evenIfHeld: evenIfHeld, now: now) }
  }

  func mayClaim(as claimant: Claimant, now: Timestamp) throws -> Bool {
    try store.mayClaim(as: claimant, now: now)
  }

  func makeSeat() throws -> any WorkerSeat { try store.makeSeat() }

  func prepareToWait(
    as claimant: Claimant, on seat: any WorkerSeat, now: Timestamp
  ) throws -> Int64? {
    try store.prepareToWait(as: claimant, on: seat, now: now)
  }

  func atomically(_ body: () throws -> Void) throws {
    try changing { try store.atomically(body) }
  }

  func readerFactory() -> () throws -> (any QueueReader)? { store.readerFactory() }

  /// Workers call this after each turn.
  func tidyUp() {
    store.tidyUp()
    turnsUntilCleaning -= 1
    guard turnsUntilCleaning <= 0, !store.connection.isInTransaction else { return }
    turnsUntilCleaning = finishedLimit
    // What does not work now is tried again later.
    try? forgetFinished()
  }

  private func forgetFinished() throws(SQLiteError) {
    let statement = try store.connection.cached(
      """
      DELETE FROM task_queue WHERE id IN (
        SELECT id FROM task_queue WHERE finished_at_utc IS NOT NULL
        ORDER BY finished_at_utc DESC, id DESC LIMIT -1 OFFSET ?1)
      """)
    statement.bind(Int64(finishedLimit), at: 1)
    try statement.run()
  }
}
