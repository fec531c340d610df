import Foundation
import HarnessDriver
import QueueEngine
import Recording
import SQLite
import Testing

@testable import Verification

/// The history of a real queue against its real file, which is then damaged from outside.
@Suite struct RealDatabaseTests {
  private let directory = TemporaryDirectory()
  private var path: String { "\(directory.path)/queue.db" }

  /// Lets the engine work through a few tasks and returns what a history of it says.
  private func work(tasks: Int = 40) throws -> History {
    var history = History()
    let queue = TaskQueue(
      store: try SQLiteQueueStore(path: path, options: SQLiteStoreOptions(strategies: [.fifo])))
    for _ in 0..<tasks {
      let receipt = try queue.enqueue(
        NewTask(type: "task", payload: "{\"d\":\"\(String(repeating: "x", count: 600))\"}"))
      history.enqueue(receipt.id.rawValue)
    }
    for _ in 0..<(tasks / 2) {
      let claimed = try queue.claim(
        as: Claimant(workerID: "w", strategy: .fifo), leaseDurationMs: 60_000)
      let task = try #require(claimed)
      history.claim(task.id.rawValue, attempt: task.fence.attempt)
      if task.id.rawValue.isMultiple(of: 2) {
        #expect(try queue.complete(task.fence) == .accepted)
        history.complete(task.id.rawValue, attempt: task.fence.attempt)
      }
    }
    return history
  }

  private func judge(_ history: History) throws -> Judgement {
    history.checker.judge(against: try FinalState.read(databasePath: path))
  }

  private func tamper(_ sql: String) throws {
    let connection = try Connection(
      path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 1000))
    try connection.execute(script: sql)
  }

  @Test func theEnginesOwnHistoryIsValid() throws {
    let history = try work()
    let state = try FinalState.read(databasePath: path)
    #expect(state.taskCount == 40)
    #expect(state.integrity == ["ok"])
    #expect(state.hasOpenTasks)
    for id: Int64 in 1...40 {
      #expect(state.status(of: id) == (history.statuses[id] ?? .absent))
    }
    #expect(state.status(of: 41) == .absent && state.status(of: -1) == .absent)
    #expect(try judge(history).counts.isEmpty)
  }

  @Test(
    arguments: [
      ("DELETE FROM task_queue WHERE id = 7", [.lost: 1]),
      ("DELETE FROM task_queue WHERE id = 8", [.lost: 1]),
      ("DELETE FROM task_queue", [.lost: 40]),
      ("UPDATE task_queue SET status = 'queued' WHERE id = 8", [.completionLost: 1]),
      ("UPDATE task_queue SET status = 'dead_letter' WHERE id = 8", [.completionLost: 1]),
      ("UPDATE task_queue SET status = 'completed' WHERE id = 30", [.completionUnexpected: 1]),
      ("INSERT INTO task_queue (type) VALUES ('stranger')", [.unexpected: 1]),
      ("INSERT INTO task_queue (id, type) VALUES (-5, 'stranger')", [.unexpected: 1]),
      (
        "INSERT INTO task_queue (id, type) VALUES (9223372036854775807, 'stranger')",
        [.unexpected: 1]
      ),
    ] as [(String, [Judgement.Finding: Int])])
  func tamperingIsFound(_ sql: String, _ findings: [Judgement.Finding: Int]) throws {
    let history = try work()
    try tamper(sql)
    let judgement = try judge(history)
    #expect(judgement.counts == findings, "\(judgement.summary)")
  }

  @Test func anIndexWithoutARowIsACorruptFile() throws {
    let history = try work()
    try tamper(
      """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = replace(sql, 'lane IS NOT NULL', 'lane IS NULL')
        WHERE name = 'ix_task_status_time';
      """)
    let judgement = try judge(history)
    #expect(judgement.counts[.corrupt, default: 0] > 0, "\(judgement.summary)")
    #expect(Set(judgement.counts.keys) == [.corrupt])
    #expect(judgement.verdict == .invalid)
  }

  @Test func overwrittenPagesAreFound() throws {
    let history = try work(tasks: 400)
    let pageBytes = try #require(
      try Connection(path: path, mode: .readOnly, busyPolicy: .timeout(timeoutMs: 0))
        .integer("PRAGMA page_size"))
    // Page by page behind the schema: cells that point nowhere in a page of rows or of an index.
    var found = 0
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    let pages = try file.seekToEnd() / UInt64(pageBytes)
    #expect(pages > 30)
    for page in [pages - 20, pages - 10, pages - 1] {
      let offset = page * UInt64(pageBytes)
      try file.seek(toOffset: offset)
      let original = try #require(try file.read(upToCount: Int(pageBytes)))
      try file.seek(toOffset: offset + 12)
      try file.write(contentsOf: Data(repeating: 0xA5, count: 400))
      try file.synchronize()
      do {
        let judgement = try judge(history)
        #expect(judgement.verdict == .invalid)
        if judgement.counts[.corrupt, default: 0] > 0 { found += 1 }
      } catch let error as SQLiteError {
        // Rows that cannot be read at all: the harness calls that invalid, too.
        #expect(error.code.primary == .corrupt)
        found += 1
      }
      try file.seek(toOffset: offset)
      try file.write(contentsOf: original)
      try file.synchronize()
    }
    #expect(found == 3)
    #expect(try judge(history).counts.isEmpty)
  }

  @Test func aFileThatIsNoDatabaseIsAnError() throws {
    try directory.write(String(repeating: "no database ", count: 1000), to: "queue.db")
    #expect(throws: SQLiteError.self) { try FinalState.read(databasePath: path) }
    #expect(throws: SQLiteError.self) {
      try FinalState.read(databasePath: "\(directory.path)/missing.db")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/missing.db"))
  }
}
