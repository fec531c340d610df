import Foundation
import QueueEngine
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import QueueOperations

/// Tasks that are moved from one queue to another arrive once and as they were.
@Suite(.temporaryDirectory)
struct TransferTests {
  private struct Killed: Error {}

  private func export(_ format: TransferFormat = .jsonLines) throws -> (String, ExportReport) {
    let source = try MigrationFixture("source.db")
    try source.fill()
    let path = TemporaryDirectory.path("export")
    return (path, try TaskExport(try source.database()).write(format, to: path))
  }

  @Test func `An export holds every task as it is`() throws {
    let (path, exported) = try export()
    #expect(exported.tasks == 8)
    #expect(exported.lost.isEmpty)
    #expect(exported.byStatus.values.reduce(0, +) == 8)
    let target = try MigrationFixture("target.db")
    let report = try TaskImport(try target.database()).run(from: path)
    #expect(report.isVerified, "\(report)")
    #expect(report.added == 8)
    var expected = try MigrationFixture("source.db").records()
    for index in expected.indices where expected[index].status == .processing {
      expected[index].takeFromItsWorker()
    }
    #expect(try target.records() == expected)
  }

  @Test func `An export does not overwrite`() throws {
    let (path, _) = try export()
    let before = try Data(contentsOf: URL(filePath: path))
    let database = try MigrationFixture("source.db").database()
    let error = try MigrationFixture.error {
      _ = try TaskExport(database).write(.jsonLines, to: path)
    }
    #expect(error.code == .file)
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test(arguments: TransferFormat.allCases, [1, 3, 250])
  func `Importing twice adds nothing`(format: TransferFormat, batchSize: Int) throws {
    let (path, _) = try export(format)
    let target = try MigrationFixture("target.db")
    let moving = TaskImport(try target.database())
    let options = ImportOptions(batchSize: batchSize)
    #expect(try moving.run(from: path, options: options).added == 8)
    let before = try target.records()
    let again = try moving.run(from: path, options: options)
    #expect(again.added == 0)
    #expect(again.alreadyThere == 8)
    #expect(again.isVerified, "\(again)")
    #expect(try target.records() == before)
  }

  /// After each number of batches, of which there are eight and the one that ends the import.
  @Test(arguments: 1...8)
  func `An import that was killed goes on`(batches: Int) throws {
    let (path, _) = try export()
    let target = try MigrationFixture("target.db")
    let stored = Mutex(0)
    var options = ImportOptions(batchSize: 1)
    options.batchStored = { _ in
      let count = stored.withLock { count in
        count += 1
        return count
      }
      if count == batches { throw Killed() }
    }
    #expect(throws: Killed.self) {
      _ = try TaskImport(try target.database()).run(from: path, options: options)
    }
    #expect(try target.records().count == batches)
    options.batchStored = nil
    let report = try TaskImport(try target.database()).run(from: path, options: options)
    #expect(report.isResumed)
    #expect(report.added == 8)
    #expect(report.alreadyThere == 0)
    #expect(report.isVerified, "\(report)")
    #expect(try target.records().count == 8)
  }

  @Test func `Another file under the name of an import that has not ended is refused`() throws {
    let (path, _) = try export()
    let target = try MigrationFixture("target.db")
    var options = ImportOptions(batchSize: 2)
    options.batchStored = { _ in throw Killed() }
    #expect(throws: Killed.self) {
      _ = try TaskImport(try target.database()).run(from: path, options: options)
    }
    var text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    text = text.replacing("\"mail\"", with: "\"post\"")
    try Data(text.utf8).write(to: URL(filePath: path))
    let error = try MigrationFixture.error {
      _ = try TaskImport(try target.database()).run(from: path)
    }
    #expect(error.code == .sourceChanged)
    #expect(try target.records().count == 2)
  }

  @Test func `A file that changes meanwhile is refused`() throws {
    let (path, _) = try export()
    let target = try MigrationFixture("target.db")
    var options = ImportOptions(batchSize: 2)
    options.batchStored = { _ in
      let handle = try FileHandle(forWritingTo: URL(filePath: path))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("\n".utf8))
      try handle.close()
    }
    let error = try MigrationFixture.error {
      _ = try TaskImport(try target.database()).run(from: path, options: options)
    }
    #expect(error.code == .sourceChanged)
    #expect(try target.records().count == 2)
  }

  @Test(arguments: [1, 5, 9])
  func `Half an export is refused before anything is written`(dropped: Int) throws {
    let (path, _) = try export()
    let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    let lines = text.split(separator: "\n").dropLast(dropped)
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
    let target = try MigrationFixture("target.db")
    let error = try MigrationFixture.error {
      _ = try TaskImport(try target.database()).run(from: path)
    }
    #expect(error.code == .badFile)
    #expect(try target.records().isEmpty)
  }

  @Test func `A key that another task has is said`() throws {
    let (path, _) = try export()
    let target = try MigrationFixture("target.db")
    try target.queue.enqueue(NewTask(type: "mine", idempotencyKey: "key"))
    let report = try TaskImport(try target.database()).run(from: path)
    #expect(report.keysTaken == 1)
    #expect(report.added == 7)
    #expect(report.isVerified, "\(report)")
  }

  @Test(arguments: ["", "-wal", "-shm", "-wake"])
  func `A queue that is open is never read as a file`(suffix: String) throws {
    let target = try MigrationFixture("target.db")
    try target.queue.enqueue(NewTask(type: "t"))
    let database = try target.database()
    let path = target.path + suffix
    #expect(FileManager.default.fileExists(atPath: path))
    let link = TemporaryDirectory.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    for name in [path, link] {
      let error = try MigrationFixture.error { _ = try TaskImport(database).run(from: name) }
      #expect(error.code == .file && error.message.contains("queue in use"), "\(error)")
      guard suffix.isEmpty else { continue }
      let second = try MigrationFixture.error {
        _ = try JSONLines.enqueueLines(from: .file(name), into: target.queue, mode: .skippingBad)
      }
      #expect(second.code == .file && second.message.contains("queue in use"), "\(second)")
    }
  }

  // MARK: Taking back

  @Test func `What was logged of a task goes with it, foreign keys or not`() throws {
    let (path, _) = try export()
    let target = try MigrationFixture("target.db")
    let database = try QueueDatabase(
      path: target.path,
      options: SQLiteStoreOptions(
        pragmas: [PragmaSetting(.synchronous, "OFF")!, PragmaSetting(.foreignKeys, "OFF")!]))
    let moving = TaskImport(database)
    let importID = try moving.run(from: path).importID
    let logger = try TaskLogger(database: database, options: .unbuffered)
    try logger.log(TaskID(rawValue: 1), .info, "seen")
    #expect(try moving.rollBack(importID).removed == 8)
    #expect(try logger.recent().isEmpty)
  }

  @Test(arguments: [1, 3, 250])
  func `A roll-back leaves what somebody has touched`(batchSize: Int) throws {
    let (path, _) = try export()
    let target = try MigrationFixture("target.db")
    let own = try target.queue.enqueue(NewTask(type: "mine", priority: 1000)).id
    let moving = TaskImport(try target.database())
    let importID = try moving.run(from: path).importID
    let claimant = Claimant(workerID: "w", strategy: .priority)
    let claimed = try #require(try target.queue.claim(as: claimant, leaseDurationMs: 60_000))
    let report = try moving.rollBack(importID, batchSize: batchSize)
    #expect(report.removed == 7)
    #expect(report.kept == [claimed.id])
    #expect(report.keptCount == 1)
    #expect(try target.queue.task(own) != nil)
    #expect(try target.records().count == 2)
    #expect(try moving.imports().map(\.state) == ["rolled_back"])
    // What stayed is known; the rest comes again.
    let again = try moving.run(from: path)
    #expect(again.added == 7)
    #expect(again.alreadyThere == 1)
  }

  @Test func `An import that nobody has touched is taken back as a whole`() throws {
    let (path, _) = try export(.tabSeparated)
    let target = try MigrationFixture("target.db")
    let moving = TaskImport(try target.database())
    let report = try moving.rollBack(try moving.run(from: path).importID)
    #expect(report.removed == 8)
    #expect(report.keptCount == 0)
    #expect(try target.records().isEmpty)
  }

  @Test func `There must be an import to take back`() throws {
    let target = try MigrationFixture("target.db")
    let moving = TaskImport(try target.database())
    #expect(try moving.imports().isEmpty)
    #expect(try MigrationFixture.error { _ = try moving.rollBack(1) }.code == .noSuchImport)
  }
}
