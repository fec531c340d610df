import Dispatch
import Foundation
import Logging
import Platform
import QueueEngine
import QueueOperations
import QueueWorker
import SQLite
import Synchronization

/// What a log of tasks costs a worker, by how much is logged and how soon it is written.
///
/// Every slice is a fresh queue whose tasks an embedded worker completes with a handler that does nothing: the least
/// that a task can take, so that logging weighs as much as it can. One round is a slice of each kind, in an order that
/// turns from round to round; ratios are of slices of one round. The time of a slice ends when all entries are written.
struct LoggingProbe {
  let directory: String
  let tasks: Int
  let rounds: Int

  private struct Kind {
    let name: String
    /// Nil for a worker without a logger.
    let options: TaskLogOptions?
    /// What the program's own log keeps; its entries go nowhere.
    var ownLevel = Logger.Level.critical
  }

  private static let kinds: [Kind] =
    [
      Kind(name: "no logger", options: nil), Kind(name: "off", options: .off),
    ]
    + TaskLogLevel.allCases.reversed().map {
      Kind(name: "\($0.rawValue.lowercased())", options: TaskLogOptions(minimumLevel: $0))
    } + [
      Kind(name: "info, batches of 20", options: TaskLogOptions(batchSize: 20)),
      Kind(name: "info, unbuffered", options: .unbuffered),
      Kind(name: "off, own log at info", options: .off, ownLevel: .info),
    ]

  private struct Slice {
    var wallUs = 0.0
    var processorUs = 0.0
    var entries = 0.0
    var dropped = 0
  }

  func run() throws {
    // What is only done once is left out.
    for kind in Self.kinds.prefix(3) { _ = try slice(kind) }
    var slices: [[Slice]] = Self.kinds.map { _ in [] }
    for round in 0..<rounds {
      for step in Self.kinds.indices {
        let index = (step + round) % Self.kinds.count
        slices[index].append(try slice(Self.kinds[index]))
      }
    }
    print(
      "per task, \(tasks) tasks a slice, \(rounds) rounds: entries, time and time of processors in µs (medians),"
    )
    print("and how many times as much as without a logger (median and range of the rounds)")
    print("log                      entries      time       cpu   x time  [least, most]")
    for (kind, own) in zip(Self.kinds, slices) {
      let ratios = zip(own, slices[0]).map { $0.wallUs / $1.wallUs }.sorted()
      let dropped = own.reduce(0) { $0 + $1.dropped }
      print(
        kind.name.padding(toLength: 24, withPad: " ", startingAt: 0)
          + text(median(own.map(\.entries)), digits: 1, width: 8)
          + text(median(own.map(\.wallUs)), digits: 1)
          + text(median(own.map(\.processorUs)), digits: 1)
          + text(median(ratios), digits: 2, width: 9)
          + "  [" + text(ratios[0], digits: 2, width: 0) + ", "
          + text(ratios[ratios.count - 1], digits: 2, width: 0) + "]"
          + (dropped > 0 ? "  \(dropped) entries dropped" : ""))
    }
  }

  private func text(_ value: Double, digits: Int, width: Int = 10) -> String {
    OperationsProbe.text(value, digits: digits, width: width)
  }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  private func slice(_ kind: Kind) throws -> Slice {
    let path = "\(directory)/logging.db"
    defer {
      for suffix in ["", "-wal", "-shm", "-wake"] {
        try? FileManager.default.removeItem(atPath: path + suffix)
      }
    }
    let queue = TaskQueue(store: try SQLiteQueueStore(path: path))
    for start in stride(from: 0, to: tasks, by: 5000) {
      try queue.enqueue(
        contentsOf: (start..<min(start + 5000, tasks)).map { _ in NewTask(type: "nothing") })
    }
    let database = try QueueDatabase(path: path)
    let taskLogger = try kind.options.map { try TaskLogger(database: database, options: $0) }
    var own = Logger(label: "probe") { _ in SwiftLogNoOpLogHandler() }
    own.logLevel = kind.ownLevel
    let observers = taskLogger.map { [QueueLogger(taskLogger: $0, logger: own)] } ?? []
    let worker = try Worker(
      queue: queue,
      options: WorkerOptions(workerID: "probe", concurrency: 4, observers: observers))
    try worker.register("nothing") { _ in nil }

    let usedUs = Self.usedUs()
    let startNs = MonotonicClock.nowNs()
    try Self.drain(worker)
    try taskLogger?.flush()
    let wallUs = Double(MonotonicClock.nowNs() - startNs) / 1000
    let spentUs = Double(Self.usedUs() - usedUs)
    guard worker.statistics.completed == tasks else {
      throw QueueError(
        code: .invalidArgument,
        message: "\(worker.statistics.completed) of \(tasks) tasks were completed")
    }
    let entries = try database.read { (connection: Connection) throws(SQLiteError) -> Int64 in
      let rows = try connection.prepare("SELECT COUNT(*) FROM task_logs")
      defer { rows.reset() }
      return try rows.step() ? rows.int64(0) : 0
    }
    return Slice(
      wallUs: wallUs / Double(tasks), processorUs: spentUs / Double(tasks),
      entries: Double(entries) / Double(tasks), dropped: taskLogger?.droppedCount ?? 0)
  }

  private static func usedUs() -> UInt64 {
    let usage = ResourceUsage.ofThisProcess()
    return usage.userUs + usage.systemUs
  }

  private static func drain(_ worker: Worker) throws {
    let failure = FailureBox()
    let ended = DispatchSemaphore(value: 0)
    Task.detached {
      do { try await worker.run(.drain) } catch { failure.error.withLock { $0 = error } }
      ended.signal()
    }
    ended.wait()
    if let error = failure.error.withLock({ $0 }) { throw error }
  }

  private final class FailureBox: Sendable {
    let error = Mutex<(any Error)?>(nil)
  }
}
