import Foundation
import QueueEngine
import SQLite
import TestSupport
import Testing

@testable import QueueOperations

/// Queues and files in the running test's directory.
struct MigrationFixture {
  static let now = Timestamp("2026-11-21 12:00:00.000")!

  private static let options = SQLiteStoreOptions(
    pragmas: [PragmaSetting(.synchronous, "OFF")!], busyPolicy: .timeout(timeoutMs: 1000))

  let path: String
  let queue: TaskQueue

  init(_ name: String = "queue.db") throws {
    path = TemporaryDirectory.path(name)
    queue = TaskQueue(
      store: try SQLiteQueueStore(path: path, options: Self.options), clock: { Self.now })
  }

  func database() throws -> QueueDatabase { try QueueDatabase(path: path, options: Self.options) }

  /// Every row without its id, in the order of the ids.
  func records() throws -> [TaskRecord] {
    try database().read { (connection) throws(SQLiteError) -> [TaskRecord] in
      let rows = try connection.prepare("SELECT \(TaskRecord.columns) FROM task_queue ORDER BY id")
      defer { rows.reset() }
      var records: [TaskRecord] = []
      while try rows.step() {
        var record = TaskRecord(rows)
        record.id = 0
        records.append(record)
      }
      return records
    }
  }

  func payloads() throws -> [String] { try records().map(\.payload) }

  /// Tasks of every status, with awkward texts.
  func fill() throws {
    for number in 0..<7 {
      try queue.enqueue(
        NewTask(
          type: "mail", payload: "{ \"n\":\(number), \"t\":\"tab\\t\u{e9}\" }",
          priority: 10 + number,
          idempotencyKey: number == 3 ? "key" : nil))
    }
    try queue.enqueue(
      NewTask(
        type: "later", payload: "[1,\n 2]", runAfter: Self.now.adding(milliseconds: 60_500)))
    let claimant = Claimant(workerID: "w", strategy: .priority)
    let held = try queue.claim(as: claimant, limit: 4, leaseDurationMs: 60_000)
    _ = try queue.complete(held[0].fence, result: "{\"ok\":\ttrue}")
    _ = try queue.fail(held[1].fence, .permanent(message: "it\nbroke \"down\"\t!"))
    _ = try queue.fail(held[2].fence, .retry(at: Self.now, message: "again"))
    _ = try queue.cancel(TaskID(rawValue: 7))
  }

  static func write(_ text: String, to name: String = "tasks.jsonl") throws -> String {
    try write(Array(text.utf8), to: name)
  }

  static func write(_ bytes: [UInt8], to name: String = "tasks.jsonl") throws -> String {
    let path = TemporaryDirectory.path(name)
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  /// What `body` throws, which must be a ``MigrationError``.
  static func error(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) throws -> MigrationError {
    try #require(throws: MigrationError.self, sourceLocation: sourceLocation) { try body() }
  }
}
