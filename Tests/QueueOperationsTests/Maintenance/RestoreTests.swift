import Foundation
import QueueEngine
import SQLite
import TestSupport
import Testing

@testable import QueueOperations

/// A restore leaves either the old queue or the new one, whatever happens.
@Suite(.temporaryDirectory, .timeLimit(.minutes(5)))
struct RestoreTests {
  private let fixture = MaintenanceFixture()
  private let directory = TemporaryDirectory.current.url.path

  /// A queue of 30 tasks, of which 20 are in the returned backup; nobody has it open.
  private func makeBackup() throws -> String {
    try fixture.fill(20)
    let path = try {
      let backup = QueueBackup(database: try fixture.database(), directory: directory)
      return try backup.create(now: MaintenanceFixture.start).path
    }()
    try fixture.fill(10, type: "new")
    return path
  }

  private func restoration(_ backup: String) -> Restoration {
    Restoration(
      backup: backup, live: fixture.path, replacesDamaged: false, now: MaintenanceFixture.at(1))
  }

  @Test func `The old queue is kept, and the new one works`() throws {
    let backup = try makeBackup()
    let report = try QueueBackup.restore(from: backup, to: fixture.path)
    #expect(report.rows.tasks == 20)
    let kept = try #require(report.keptPath)
    #expect(try MaintenanceFixture.taskCount(kept) == 30)
    #expect(try MaintenanceFixture.taskCount(fixture.path) == 20)
    let store = try fixture.store()
    #expect(try store.enqueue(NewTask(type: "t"), now: MaintenanceFixture.start).isNew)
  }

  /// How many steps are taken before everything is dropped, and what is the queue then.
  @Test(arguments: [(1, 30), (2, 30), (3, 30), (4, 20), (5, 20)])
  func `Whoever is killed between two steps leaves a whole queue`(steps: Int, tasks: Int) throws {
    let backup = try makeBackup()
    try {
      let restoration = restoration(backup)
      let all = [
        restoration.copy, restoration.lock, restoration.keepOld, restoration.replace,
        restoration.verifyInPlace,
      ]
      for step in all.prefix(steps) { try step() }
    }()
    #expect(try MaintenanceFixture.taskCount(fixture.path) == tasks)
    #expect(try QueueMaintenance(fixture.database()).integrityCheck().isEmpty)
    // And the next one succeeds.
    let report = try QueueBackup.restore(
      from: backup, to: fixture.path, now: MaintenanceFixture.at(2))
    #expect(report.rows.tasks == 20)
    #expect(try MaintenanceFixture.taskCount(fixture.path) == 20)
  }

  @Test(arguments: ["WAL", "DELETE"])
  func `A queue that somebody has open is left alone`(journal: String) throws {
    let backup = try makeBackup()
    let holder = try fixture.store(journal: journal)
    let error = #expect(throws: QueueError.self) {
      try QueueBackup.restore(from: backup, to: fixture.path)
    }
    #expect(error?.code == .busy)
    #expect(try holder.counts()[.queued] == 30)
  }

  @Test func `A log that nobody has moved is not lost, and not left behind`() throws {
    let backup = try makeBackup()
    // What a killed process leaves: the file, and its log with a task in it.
    let crashed = TemporaryDirectory.path("crashed.db")
    try {
      let store = try fixture.store()
      _ = try store.enqueue(NewTask(type: "logged"), now: MaintenanceFixture.start)
      let files = FileManager.default
      try files.copyItem(atPath: fixture.path + "-wal", toPath: crashed + "-wal")
      // A copy is another file: the locks on this one are not concerned, but those of this process are, so
      // the store is used no more.
      try files.copyItem(atPath: fixture.path, toPath: crashed)
    }()
    let report = try QueueBackup.restore(from: backup, to: crashed)
    #expect(!MaintenanceFixture.exists(crashed + "-wal"))
    #expect(try MaintenanceFixture.taskCount(crashed) == 20)
    #expect(try MaintenanceFixture.taskCount(try #require(report.keptPath)) == 31)
  }

  @Test func `The old queue goes where it is not to be kept`() throws {
    let backup = try makeBackup()
    let report = try QueueBackup.restore(from: backup, to: fixture.path, keepingOld: false)
    #expect(report.keptPath == nil)
    #expect(try MaintenanceFixture.taskCount(fixture.path) == 20)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    #expect(!names.contains { $0.contains(".before-") }, "\(names)")
  }

  @Test func `Where there was no queue there is one afterwards`() throws {
    let backup = try makeBackup()
    let path = TemporaryDirectory.path("other.db")
    let report = try QueueBackup.restore(from: backup, to: path)
    #expect(report.keptPath == nil && report.rows.tasks == 20)
    #expect(try MaintenanceFixture.taskCount(path) == 20)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test(arguments: [true, false])
  func `A new queue that is not what was copied gives way to what was there`(
    hasOld: Bool
  ) throws {
    let backup = try makeBackup()
    let path = hasOld ? fixture.path : TemporaryDirectory.path("other.db")
    let restoration = Restoration(
      backup: backup, live: path, replacesDamaged: false, now: MaintenanceFixture.at(1))
    try restoration.copy()
    try Connection(
      path: restoration.copyPath, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 0)
    ).execute(script: "DELETE FROM task_queue WHERE id = 1")
    try restoration.lock()
    try restoration.keepOld()
    try restoration.replace()
    let error = #expect(throws: QueueError.self) { try restoration.verifyInPlace() }
    #expect(error?.code == .corrupt)
    restoration.letGo()
    #expect(MaintenanceFixture.exists(path) == hasOld)
    if hasOld { #expect(try MaintenanceFixture.taskCount(path) == 30) }
    #expect(!MaintenanceFixture.exists(restoration.keptPath))
  }

  @Test func `Nobody gets in between the old queue and the new one`() throws {
    let backup = try makeBackup()
    let restoration = restoration(backup)
    try restoration.copy()
    try restoration.lock()
    func isShutOut() throws -> Bool {
      let other = try Connection(
        path: fixture.path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 0))
      do throws(SQLiteError) {
        let row = try other.prepare("SELECT COUNT(*) FROM task_queue")
        defer { row.reset() }
        return try !row.step()
      } catch {
        return error.code.isBusy
      }
    }
    #expect(try isShutOut())
    try restoration.keepOld()
    #expect(try isShutOut())
    try restoration.replace()
    #expect(try isShutOut())
    try restoration.verifyInPlace()
    #expect(try isShutOut())
    restoration.letGo()
    #expect(try !isShutOut())
  }

  @Test func `Another program's database is neither replaced nor changed`() throws {
    let backup = try makeBackup()
    let path = TemporaryDirectory.path("foreign.db")
    try Connection(path: path, mode: .create, busyPolicy: .timeout(timeoutMs: 0)).execute(
      script: "PRAGMA journal_mode = WAL; PRAGMA application_id = 7; CREATE TABLE t (x)")
    let before = try Data(contentsOf: URL(filePath: path))
    let error = #expect(throws: QueueError.self) {
      try QueueBackup.restore(from: backup, to: path)
    }
    #expect(error?.code == .notAQueue)
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test func `What is left of a damaged queue comes back when the restore fails`() throws {
    let backup = try makeBackup()
    try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: fixture.path))
    try Data("log".utf8).write(to: URL(filePath: fixture.path + "-wal"))
    let restoration = Restoration(
      backup: backup, live: fixture.path, replacesDamaged: true, now: MaintenanceFixture.at(1))
    try restoration.copy()
    try restoration.lock()
    try restoration.keepOld()
    #expect(!MaintenanceFixture.exists(fixture.path + "-wal"))
    #expect(try Data(contentsOf: URL(filePath: restoration.keptPath + "-wal")) == Data("log".utf8))
    try restoration.replace()
    try restoration.undo()
    #expect(
      try Data(contentsOf: URL(filePath: fixture.path)) == Data(repeating: 0x41, count: 8192))
    #expect(try Data(contentsOf: URL(filePath: fixture.path + "-wal")) == Data("log".utf8))
  }

  private enum Damage: CaseIterable {
    case page, header, empty, foreign, newer, missing
  }

  @Test(arguments: 0..<6)
  func `A backup that is no good is refused, and the queue is untouched`(number: Int) throws {
    let damage = Damage.allCases[number]
    let backup = try makeBackup()
    let before = try Data(contentsOf: URL(filePath: fixture.path))
    let expected: QueueError.Code
    switch damage {
    case .page:
      var bytes = try Data(contentsOf: URL(filePath: backup))
      bytes.replaceSubrange(4096..., with: Data(repeating: 0x5a, count: bytes.count - 4096))
      try bytes.write(to: URL(filePath: backup))
      expected = .corrupt
    case .header:
      try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: backup))
      expected = .notAQueue
    case .empty:
      try Data().write(to: URL(filePath: backup))
      expected = .notAQueue
    case .foreign, .newer:
      try Connection(path: backup, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 0)).execute(
        script: damage == .newer
          ? "PRAGMA user_version = 9999" : "PRAGMA application_id = 7")
      expected = damage == .newer ? .schemaTooNew : .notAQueue
    case .missing:
      try FileManager.default.removeItem(atPath: backup)
      expected = .readOnly
    }
    let error = #expect(throws: QueueError.self, "\(damage)") {
      try QueueBackup.restore(from: backup, to: fixture.path)
    }
    #expect(error?.code == expected, "\(damage): \(error?.message ?? "")")
    #expect(try Data(contentsOf: URL(filePath: fixture.path)) == before, "\(damage)")
    #expect(try MaintenanceFixture.taskCount(fixture.path) == 30)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    #expect(!names.contains { $0.contains(".restoring-") || $0.contains(".before-") }, "\(names)")
  }

  @Test func `A damaged queue is replaced only when asked for, and kept`() throws {
    let backup = try makeBackup()
    let rubbish = Data(repeating: 0x41, count: 8192)
    try rubbish.write(to: URL(filePath: fixture.path))
    let error = #expect(throws: QueueError.self) {
      try QueueBackup.restore(from: backup, to: fixture.path)
    }
    #expect(error?.code == .corrupt)
    #expect(try Data(contentsOf: URL(filePath: fixture.path)) == rubbish)
    let report = try QueueBackup.restore(
      from: backup, to: fixture.path, replacingDamaged: true)
    #expect(try MaintenanceFixture.taskCount(fixture.path) == 20)
    #expect(try Data(contentsOf: URL(filePath: try #require(report.keptPath))) == rubbish)
  }
}
