import Foundation
import HarnessDriver
import Platform
import QueueEngine
import SQLite
import Scenarios
import Testing

@testable import LoadGeneration

@Suite struct DatabaseTemplatesTests {
  private let directory = TemporaryDirectory()

  private func templates(seed: UInt64 = 1) -> DatabaseTemplates {
    DatabaseTemplates(directory: directory.path, seed: seed)
  }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/\(name)"))
  }

  private func open(_ name: String) throws -> Connection {
    try Connection(
      path: "\(directory.path)/\(name)", mode: .readWrite, busyPolicy: .timeout(timeoutMs: 0))
  }

  private static func settings(
    _ pragmas: [(Pragma, String)] = [], strategy: ClaimStrategy = .priority, depth: Int = 0
  ) -> CellSettings {
    var settings = CellSettings.standard
    settings.pragmas = PragmaList(pragmas.compactMap { PragmaSetting($0, $1) })
    settings.strategy = strategy
    settings.depth = depth
    return settings
  }

  private var fileNames: Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [])
  }

  @Test func everyCopyStartsFromTheSameBytes() throws {
    let templates = templates()
    let settings = Self.settings(depth: 123)
    try templates.makeDatabase(for: settings, at: "\(directory.path)/a.db")
    try templates.makeDatabase(for: settings, at: "\(directory.path)/b.db")
    #expect(try bytes("a.db") == bytes("b.db"))
    #expect(fileNames == ["a.db", "b.db", "template-1.db"])
    templates.removeAll()
    #expect(fileNames == ["a.db", "b.db"])
  }

  @Test(arguments: [0, 1, 2500, 10_001])
  func theQueueIsPrefilled(depth: Int) throws {
    var settings = Self.settings(depth: depth)
    settings.payloadBytes = 77
    settings.taskTypes = [.init(name: "a", weight: 1), .init(name: "b", weight: 3)]
    settings.priorities = [.init(priority: 5, weight: 1), .init(priority: 6, weight: 1)]
    try templates().makeDatabase(for: settings, at: "\(directory.path)/q.db")
    let queue = try open("q.db")
    #expect(try queue.integer("SELECT COUNT(*) FROM task_queue") == Int64(depth))
    #expect(
      try queue.integer(
        """
        SELECT COUNT(*) FROM task_queue WHERE status = 'queued' AND length(payload) = 77
          AND type IN ('a', 'b') AND priority IN (5, 6)
        """) == Int64(depth))
    if depth > 0 {
      #expect(try queue.integer("SELECT MAX(id) FROM task_queue") == Int64(depth))
      #expect(try queue.integer("SELECT MIN(id) FROM task_queue") == 1)
    }
    if depth > 100 {
      #expect(try queue.integer("SELECT COUNT(DISTINCT type) FROM task_queue") == 2)
    }
  }

  @Test(arguments: [0, 2])
  func finishedTasksAreOfThePast(depth: Int) throws {
    var settings = Self.settings(depth: depth)
    settings.finished = 10_005
    settings.payloadBytes = 77
    let now = Timestamp(millisecondsSinceEpoch: 1_800_000_000_000)
    try DatabaseTemplates(directory: directory.path, seed: 1, clock: { now })
      .makeDatabase(for: settings, at: "\(directory.path)/q.db")
    let queue = try open("q.db")
    let monthAgo = now.adding(milliseconds: -30 * 86_400_000)
    // The oldest first, and all before those that wait.
    #expect(
      try queue.integer(
        """
        SELECT COUNT(*) FROM task_queue AS t WHERE status = 'completed' AND id <= 10005
          AND length(payload) = 77 AND attempts BETWEEN 1 AND 2 AND lane IS NULL
          AND lease_until_utc IS NULL AND finished_at_utc <= '\(monthAgo)'
          AND created_at_utc < processing_started_utc AND processing_started_utc < finished_at_utc
          AND finished_at_utc > coalesce(
            (SELECT finished_at_utc FROM task_queue WHERE id = t.id - 1), '')
        """) == 10_005)
    #expect(
      try queue.integer("SELECT COUNT(*) FROM task_queue WHERE status = 'queued' AND id > 10005")
        == Int64(depth))
    #expect(try queue.integer("SELECT COUNT(*) FROM task_queue") == Int64(10_005 + depth))
    #expect(
      try queue.integer("SELECT COUNT(*) FROM task_queue WHERE json_valid(result)") == 5003)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func theStrategysIndexIsThereAndWorks(strategy: ClaimStrategy) throws {
    try templates().makeDatabase(
      for: Self.settings(strategy: strategy, depth: 3), at: "\(directory.path)/q.db")
    let index =
      switch strategy {
      case .priority: "ix_task_status_prio_time"
      case .fifo, .lifo, .orderByRandom: "ix_task_status_time"
      case .weightedRandom: "ix_task_status_lottery"
      }
    let found = try open("q.db").integer(
      "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'index' AND name = '\(index)'")
    #expect(found == 1)
    let queue = TaskQueue(
      store: try SQLiteQueueStore(
        path: "\(directory.path)/q.db",
        options: SQLiteStoreOptions(strategies: [strategy], createsFile: false)))
    #expect(
      try queue.claim(
        as: Claimant(workerID: "w", strategy: strategy), leaseDurationMs: 1000) != nil)
  }

  @Test(arguments: [
    ("WAL", "wal"), ("DELETE", "delete"),
    // Modes of a rollback journal live in the connection: the file is that of DELETE.
    ("TRUNCATE", "delete"), ("PERSIST", "delete"),
  ])
  func theJournalModeLiesInTheFile(mode: String, inFile: String) throws {
    try templates().makeDatabase(
      for: Self.settings([(.journalMode, mode)], depth: 10), at: "\(directory.path)/q.db")
    let statement = try open("q.db").prepare("PRAGMA journal_mode")
    #expect(try statement.step())
    #expect(statement.text(0) == inFile)
    // Bytes 18 and 19 of the header: 2 means WAL.
    let version: UInt8 = mode == "WAL" ? 2 : 1
    #expect(try bytes("q.db")[18] == version)
  }

  @Test(arguments: [512, 4096, 16_384, 65_536])
  func thePageSizeLiesInTheFile(pageSize: Int) throws {
    try templates().makeDatabase(
      for: Self.settings([(.pageSize, "\(pageSize)"), (.autoVacuum, "INCREMENTAL")]),
      at: "\(directory.path)/q.db")
    let queue = try open("q.db")
    #expect(try queue.integer("PRAGMA page_size") == Int64(pageSize))
    #expect(try queue.integer("PRAGMA auto_vacuum") == 2)
  }

  @Test func aTemplateIsBuiltOncePerContent() throws {
    let templates = templates()
    func make(_ settings: CellSettings) throws {
      try templates.makeDatabase(for: settings, at: "\(directory.path)/\(UUID()).db")
    }
    try make(Self.settings([(.journalMode, "WAL"), (.synchronous, "NORMAL")]))
    try make(Self.settings([(.journalMode, "WAL"), (.synchronous, "FULL")]))
    var load = Self.settings([(.journalMode, "WAL")])
    load.producers = 9
    load.payloadBytes = 5
    try make(load)
    #expect(fileNames.filter { $0.hasPrefix("template") } == ["template-1.db"])
    try make(Self.settings([(.journalMode, "DELETE")]))
    try make(Self.settings([(.journalMode, "WAL")], strategy: .fifo))
    try make(Self.settings([(.journalMode, "WAL")], depth: 1))
    #expect(fileNames.filter { $0.hasPrefix("template") }.count == 4)
  }

  @Test func aLeftoverOfARunThatWasKilledIsNotFilledAgain() throws {
    let settings = Self.settings(depth: 20)
    try templates().makeDatabase(for: settings, at: "\(directory.path)/a.db")
    #expect(fileNames.contains("template-1.db"))
    // Another harness in the same directory, which does not know of the template.
    try templates().makeDatabase(for: settings, at: "\(directory.path)/b.db")
    #expect(try open("b.db").integer("SELECT COUNT(*) FROM task_queue") == 20)
  }

  @Test func garbageInThePlaceOfATemplateIsReplaced() throws {
    try directory.write("no database", to: "template-1.db")
    try directory.write("no WAL", to: "template-1.db-wal")
    try templates().makeDatabase(for: Self.settings(depth: 2), at: "\(directory.path)/a.db")
    #expect(try open("a.db").integer("SELECT COUNT(*) FROM task_queue") == 2)
  }

  @Test func anInterruptedPreparationLeavesNothing() throws {
    let templates = templates()
    let settings = Self.settings(depth: 30_000)
    var asked = 0
    #expect(throws: CancellationError.self) {
      try templates.makeDatabase(for: settings, at: "\(directory.path)/a.db") {
        asked += 1
        return asked > 1
      }
    }
    #expect(asked == 2)
    #expect(fileNames.isEmpty)
    try templates.makeDatabase(for: Self.settings(depth: 1), at: "\(directory.path)/a.db")
    #expect(try open("a.db").integer("SELECT COUNT(*) FROM task_queue") == 1)
  }

  @Test func anErrorNamesThePlace() throws {
    let missing = "\(directory.path)/missing/a.db"
    let error = #expect(throws: SystemError.self) {
      try templates().makeDatabase(for: Self.settings(), at: missing)
    }
    #expect(error?.code == ENOENT)
    #expect(error?.description.contains(missing) == true)
    #expect(throws: QueueError.self) {
      try DatabaseTemplates(directory: "\(directory.path)/missing", seed: 1)
        .makeDatabase(for: Self.settings(), at: "\(directory.path)/a.db")
    }
  }
}
