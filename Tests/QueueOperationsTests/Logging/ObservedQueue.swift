import Dispatch
import Logging
import QueueEngine
import QueueOperations
import SQLite
import Synchronization
import TestSupport
import Testing

/// A queue in the running test's directory, as its workers and as its operator see it.
struct ObservedQueue {
  /// An arbitrary fixed moment that tests count from.
  static let start = Timestamp("2026-11-21 12:00:00.000")!

  let path: String
  let store: SQLiteQueueStore
  let database: QueueDatabase

  /// The moment that many seconds after ``start``.
  static func at(_ seconds: Int64) -> Timestamp { start.adding(milliseconds: seconds * 1000) }

  init(busyTimeoutMs: Int = 5000) throws {
    path = TemporaryDirectory.path("queue.db")
    store = try SQLiteQueueStore(path: path, options: Self.options())
    database = try QueueDatabase(path: path, options: Self.options(busyTimeoutMs: busyTimeoutMs))
  }

  static func options(busyTimeoutMs: Int = 5000) -> SQLiteStoreOptions {
    SQLiteStoreOptions(
      pragmas: [PragmaSetting(.synchronous, "OFF")!],
      busyPolicy: .timeout(timeoutMs: busyTimeoutMs))
  }

  /// The same file, as another program has it open.
  func byHand() throws -> Connection {
    try Connection(path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 5000))
  }

  @discardableResult
  func enqueue(_ count: Int, type: String = "t", maxAttempts: Int = 5) throws -> [TaskID] {
    let tasks = (0..<count).map { _ in NewTask(type: type, maxAttempts: maxAttempts) }
    return try store.enqueue(tasks, now: Self.start).map(\.id)
  }

  func claim(
    as worker: String, now: Timestamp = Self.start, leaseMs: Int64 = 3_600_000
  ) throws -> ClaimedTask {
    let task = try store.claim(
      as: Claimant(workerID: worker), leaseDurationMs: leaseMs, now: now)
    return try #require(task)
  }

  func task(_ id: TaskID) throws -> QueueTask { try #require(try store.task(id)) }
}

/// Waits for what other threads do.
struct Bell: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func ring() { semaphore.signal() }

  /// Blocks until somebody has rung; fails after half a minute.
  func wait(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let isRung = semaphore.wait(timeout: .now() + 30) == .success
    try #require(isRung, "nobody rang", sourceLocation: sourceLocation)
  }
}

/// Keeps what is said to a logger.
final class SaidLines: Sendable {
  struct Line: Sendable {
    let level: Logger.Level
    let message: String
    let metadata: Logger.Metadata
  }

  private let state = Mutex<[Line]>([])

  var lines: [Line] { state.withLock { $0 } }

  func logger(_ level: Logger.Level = .trace) -> Logger {
    var logger = Logger(label: "test", factory: { _ in Handler(lines: self) })
    logger.logLevel = level
    return logger
  }

  private struct Handler: LogHandler {
    let lines: SaidLines
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    init(lines: SaidLines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let line = Line(
        level: event.level, message: "\(event.message)",
        metadata: metadata.merging(event.metadata ?? [:]) { $1 })
      lines.state.withLock { $0.append(line) }
    }
  }
}
