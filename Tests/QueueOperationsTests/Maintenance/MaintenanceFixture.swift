import Foundation
import QueueEngine
import QueueOperations
import SQLite
import TestSupport
import Testing

/// A queue in the running test's directory, and the ways in which its tests use it.
struct MaintenanceFixture {
  /// An arbitrary fixed moment that tests count from.
  static let start = Timestamp("2026-11-21 12:00:00.000")!

  let path = TemporaryDirectory.path("queue.db")

  static func at(_ ms: Int64) -> Timestamp { start.adding(milliseconds: ms) }

  /// The engine's options; tests need not wait for the disk, but for each other they may.
  static func options(journal: String = "WAL") -> SQLiteStoreOptions {
    SQLiteStoreOptions(
      pragmas: [
        PragmaSetting(.synchronous, "OFF"), PragmaSetting(.journalMode, journal),
      ].compactMap(\.self), busyPolicy: .handoff(timeoutMs: 60_000))
  }

  func store(journal: String = "WAL") throws -> SQLiteQueueStore {
    try SQLiteQueueStore(path: path, options: Self.options(journal: journal))
  }

  func database(journal: String = "WAL") throws -> QueueDatabase {
    try QueueDatabase(path: path, options: Self.options(journal: journal))
  }

  /// Makes the queue with that many tasks, and closes it.
  func fill(_ count: Int, type: String = "old", journal: String = "WAL") throws {
    let store = try store(journal: journal)
    _ = try store.enqueue((0..<count).map { _ in NewTask(type: type) }, now: Self.start)
  }

  /// Every task claimed and completed at that moment.
  func finishAll(at moment: Timestamp) throws {
    let store = try store()
    while true {
      let tasks = try store.claim(
        as: Claimant(workerID: "w"), limit: 100, leaseDurationMs: 60_000, now: moment)
      if tasks.isEmpty { return }
      _ = try store.complete(tasks.map { (fence: $0.fence, result: nil) }, now: moment)
    }
  }

  /// A program that knows nothing of the engine.
  func byHand() throws -> Connection {
    try Connection(path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 60_000))
  }

  /// The number of tasks at a path; the connection is closed again.
  static func taskCount(_ path: String, where condition: String = "1") throws -> Int {
    let connection = try Connection(
      path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 60_000))
    let row = try connection.prepare("SELECT COUNT(*) FROM task_queue WHERE \(condition)")
    defer { row.reset() }
    _ = try row.step()
    return Int(row.int64(0))
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
