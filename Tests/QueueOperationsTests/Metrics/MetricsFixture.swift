import QueueEngine
import SQLite
import TestSupport
import Testing

@testable import QueueOperations

/// A queue in the running test's directory that counts its tasks, or does not.
struct MeasuredQueue {
  /// An arbitrary fixed moment that tests count from, half a minute into a minute.
  static let start = Timestamp("2026-11-21 12:00:30.000")!

  let path: String
  let store: SQLiteQueueStore
  let database: QueueDatabase
  let metrics: QueueMetrics

  /// The moment that many seconds after ``start``.
  static func at(_ seconds: Int64) -> Timestamp { start.adding(milliseconds: seconds * 1000) }

  init(counting: Bool = true, strategies: Set<ClaimStrategy> = [.priority]) throws {
    path = TemporaryDirectory.path("queue.db")
    store = try SQLiteQueueStore(
      path: path, options: Self.options(counting: counting, strategies: strategies))
    database = try QueueDatabase(path: path, options: Self.options())
    metrics = QueueMetrics(database: database)
  }

  static func options(
    counting: Bool = false, strategies: Set<ClaimStrategy> = [.priority]
  ) -> SQLiteStoreOptions {
    SQLiteStoreOptions(
      pragmas: [PragmaSetting(.synchronous, "OFF")!], busyPolicy: .timeout(timeoutMs: 20_000),
      strategies: strategies, countsTasks: counting)
  }

  /// The same file, as another program has it open.
  func byHand() throws -> Connection {
    try Connection(path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 20_000))
  }

  @discardableResult
  func enqueue(_ count: Int, type: String = "t", now: Timestamp = Self.start) throws -> [TaskID] {
    try store.enqueue((0..<count).map { _ in NewTask(type: type) }, now: now).map(\.id)
  }

  func claim(
    _ type: String = "t", worker: String = "w", now: Timestamp = Self.start,
    leaseMs: Int64 = 3_600_000
  ) throws -> ClaimedTask {
    try #require(
      try store.claim(
        as: Claimant(workerID: worker, strategy: .priority, types: [type]),
        leaseDurationMs: leaseMs, now: now))
  }

  /// Adds a task that is worked on for that long and done at that moment.
  func complete(_ type: String = "t", at moment: Timestamp, afterMs: Int64 = 40) throws {
    let begun = moment.adding(milliseconds: -afterMs)
    try enqueue(1, type: type, now: begun)
    let task = try claim(type, now: begun)
    _ = try store.complete(task.fence, result: nil, now: moment)
  }

  /// Adds a task that fails for good at that moment.
  func fail(_ type: String = "t", at moment: Timestamp) throws {
    try enqueue(1, type: type, now: moment)
    let task = try claim(type, now: moment)
    _ = try store.fail(task.fence, .permanent(message: "no"), now: moment)
  }
}
