import Foundation
import QueueEngine
import QueueOperations
import SQLite
import Synchronization
import TestSupport
import Testing

/// Backups are made beside writers, verified, listed and cleared away.
@Suite(.temporaryDirectory, .timeLimit(.minutes(5)))
struct QueueBackupTests {
  private let fixture = MaintenanceFixture()
  private let directory = TemporaryDirectory.current.url.path

  @Test func `A backup is one private file with all tasks`() throws {
    try fixture.fill(500)
    let backup = QueueBackup(database: try fixture.database(), directory: directory)
    let made = try backup.create(name: "daily", now: MaintenanceFixture.start)
    #expect(made.path.hasSuffix("/daily-20261121T120000.000Z.db"))
    #expect(made.taskCount == 500)
    let attributes = try FileManager.default.attributesOfItem(atPath: made.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let check = try backup.verify(made.path)
    #expect(check.isValid, "\(check.problems)")
    #expect(check.rows?.tasks == 500)
    for suffix in ["-wal", "-shm", "-journal"] {
      #expect(!MaintenanceFixture.exists(made.path + suffix), "\(suffix)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    #expect(!names.contains { $0.hasSuffix(".partial") }, "\(names)")
    #expect(try backup.list() == [made])
  }

  @Test func `Writers go on while a copy is made, and it is of one moment`() throws {
    try fixture.fill(3000)
    let database = try fixture.database()
    let backup = QueueBackup(database: database, directory: directory)
    let path = fixture.path
    let stop = MaintenanceStopFlag()
    let writer = TestThread { () -> Int in
      let queue = TaskQueue(
        store: try SQLiteQueueStore(path: path, options: MaintenanceFixture.options()))
      var count = 0
      while !stop.isSet {
        // Two at a time: an odd number would be half of a transaction.
        try queue.enqueue(contentsOf: [NewTask(type: "pair"), NewTask(type: "pair")])
        count += 2
      }
      return count
    }
    defer { stop.set() }
    for round in 0..<5 {
      let made = try backup.create(now: MaintenanceFixture.at(Int64(round)))
      #expect(try backup.verify(made.path).isValid)
      #expect(try MaintenanceFixture.taskCount(made.path, where: "type = 'pair'") % 2 == 0)
    }
    stop.set()
    let written = try writer.join()
    #expect(try MaintenanceFixture.taskCount(path) == 3000 + written)
  }

  @Test func `A queue without a log is copied only where its writers may wait`() throws {
    try fixture.fill(10, journal: "DELETE")
    let backup = QueueBackup(
      database: try fixture.database(journal: "DELETE"), directory: directory)
    let error = #expect(throws: QueueError.self) { try backup.create() }
    #expect(error?.code == .invalidArgument)
    #expect(try backup.create(writersMayWait: true).taskCount == 10)
  }

  @Test(arguments: ["", ".hidden", "a/b", "ü", String(repeating: "x", count: 65)])
  func `A name that cannot be a file's is refused`(name: String) throws {
    try fixture.fill(1)
    let backup = QueueBackup(database: try fixture.database(), directory: directory)
    let error = #expect(throws: QueueError.self) { try backup.create(name: name) }
    #expect(error?.code == .invalidArgument)
    #expect(try backup.list().isEmpty)
  }

  @Test func `The newest are kept, and the damaged are left to be looked at`() throws {
    try fixture.fill(1)
    let backup = QueueBackup(database: try fixture.database(), directory: directory)
    let made = try (0..<5).map { try backup.create(now: MaintenanceFixture.at($0)) }
    try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: made[4].path))
    #expect(try backup.list().first?.problem != nil)
    let removed = try backup.cleanup(keep: 2, now: MaintenanceFixture.start)
    #expect(Set(removed) == [made[0].path, made[1].path])
    #expect(Set(try backup.list().map(\.path)) == Set(made[2...].map(\.path)))
  }

  @Test func `Without counting, backups need not be read as a whole`() throws {
    try fixture.fill(3)
    let backup = QueueBackup(database: try fixture.database(), directory: directory)
    let made = try backup.create(now: MaintenanceFixture.start)
    let listed = try backup.list(counting: false)
    #expect(listed.map(\.path) == [made.path])
    #expect(listed.allSatisfy { $0.taskCount == nil && $0.problem == nil })
  }

  @Test func `A name is not used twice`() throws {
    try fixture.fill(1)
    let backup = QueueBackup(database: try fixture.database(), directory: directory)
    let made = try backup.create(now: MaintenanceFixture.start)
    #expect(throws: QueueError.self) { try backup.create(now: MaintenanceFixture.start) }
    #expect(try backup.list() == [made])
  }
}

/// Tells a thread to end.
final class MaintenanceStopFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }

  func set() { flag.store(true, ordering: .relaxed) }
}
