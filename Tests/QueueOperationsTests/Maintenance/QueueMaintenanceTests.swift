import Foundation
import QueueEngine
import QueueOperations
import SQLite
import TestSupport
import Testing

/// Checkpoints, leases, space and integrity.
@Suite(.temporaryDirectory, .timeLimit(.minutes(5)))
struct QueueMaintenanceTests {
  private let fixture = MaintenanceFixture()

  @Test(arguments: CheckpointMode.allCases)
  func `A checkpoint moves the whole log`(mode: CheckpointMode) throws {
    try fixture.fill(1)
    let maintenance = QueueMaintenance(try fixture.database())
    let store = try fixture.store()
    _ = try store.enqueue((0..<200).map { _ in NewTask(type: "t") }, now: MaintenanceFixture.start)
    let report = try maintenance.checkpoint(mode: mode)
    #expect(!report.isBusy)
    #expect(report.checkpointedFrames == report.walFrames)
    #expect(try maintenance.statistics(parts: false).walBytes > 0 || mode == .truncate)
  }

  @Test func `A reader of an older snapshot makes a full checkpoint busy`() throws {
    try fixture.fill(1)
    let reader = try fixture.byHand()
    try reader.begin(.deferred)
    let row = try reader.prepare("SELECT COUNT(*) FROM task_queue")
    _ = try row.step()
    row.reset()
    let store = try fixture.store()
    _ = try store.enqueue(NewTask(type: "t"), now: MaintenanceFixture.start)
    let database = try QueueDatabase(
      path: fixture.path,
      options: SQLiteStoreOptions(busyPolicy: .timeout(timeoutMs: 10), strategies: []))
    #expect(try QueueMaintenance(database).checkpoint(mode: .truncate).isBusy)
    reader.rollBack()
    #expect(try !QueueMaintenance(database).checkpoint(mode: .truncate).isBusy)
  }

  @Test func `Leases that have run out end as a claim ends them`() throws {
    let store = try fixture.store()
    _ = try store.enqueue(
      (0..<150).map { NewTask(type: "t", maxAttempts: $0 < 100 ? 5 : 1) },
      now: MaintenanceFixture.start)
    let held = try store.claim(
      as: Claimant(workerID: "w"), limit: 150, leaseDurationMs: 1000, now: MaintenanceFixture.start)
    #expect(held.count == 150)
    let maintenance = QueueMaintenance(try fixture.database())
    let early = try maintenance.cleanupStaleLeases(
      expiredForMs: 500, now: MaintenanceFixture.at(1200))
    #expect(early.requeued + early.deadLettered == 0)
    let report = try maintenance.cleanupStaleLeases(now: MaintenanceFixture.at(1200))
    #expect(report.requeued == 100 && report.deadLettered == 50)
    let again = try store.claim(
      as: Claimant(workerID: "w"), limit: 150, leaseDurationMs: 1000,
      now: MaintenanceFixture.at(1300)
    )
    #expect(again.count == 100 && again.allSatisfy { $0.fence.attempt == 2 })
    #expect(try store.counts()[.deadLetter] == 50)
  }

  @Test func `Vacuum gives room back, and a copy is compact and private`() throws {
    try fixture.fill(5000)
    try fixture.byHand().execute(script: "DELETE FROM task_queue WHERE id > 10")
    let maintenance = QueueMaintenance(try fixture.database())
    #expect(try maintenance.statistics().freePages > 0)
    let copy = TemporaryDirectory.path("copy.db")
    try maintenance.vacuum(into: copy)
    #expect(try MaintenanceFixture.taskCount(copy) == 10)
    let attributes = try FileManager.default.attributesOfItem(atPath: copy)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(throws: QueueError.self) { try maintenance.vacuum(into: copy) }
    let report = try maintenance.optimize(full: true)
    #expect(report.bytesAfter < report.bytesBefore)
    #expect(try maintenance.statistics().freePages == 0)
    #expect(throws: QueueError.self) { try maintenance.incrementalVacuum() }
  }

  @Test func `Incremental vacuum frees what it is told to`() throws {
    let options = SQLiteStoreOptions(
      pragmas: [PragmaSetting(.autoVacuum, "INCREMENTAL")].compactMap(\.self))
    try {
      let store = try SQLiteQueueStore(path: fixture.path, options: options)
      _ = try store.enqueue(
        (0..<5000).map { _ in NewTask(type: "t") }, now: MaintenanceFixture.start)
    }()
    try fixture.byHand().execute(script: "DELETE FROM task_queue WHERE id > 10")
    let maintenance = QueueMaintenance(try fixture.database())
    #expect(try maintenance.incrementalVacuum(pages: 5) == 5)
    #expect(try maintenance.incrementalVacuum() > 5)
    #expect(try maintenance.statistics(parts: false).freePages == 0)
  }

  @Test func `Damage and orphans are named`() throws {
    try fixture.fill(2000)
    let maintenance = QueueMaintenance(try fixture.database())
    #expect(try maintenance.integrityCheck() == [])
    #expect(try maintenance.integrityCheck(quick: true) == [])
    try fixture.byHand().execute(
      script: "INSERT INTO task_logs (task_id, message) VALUES (999999, 'orphan')")
    let problems = try maintenance.integrityCheck()
    #expect(problems.count == 1 && problems[0].contains("task_logs"), "\(problems)")
  }

  @Test func `Statistics add up`() throws {
    try fixture.fill(1000)
    let statistics = try QueueMaintenance(fixture.database()).statistics()
    #expect(statistics.rows.tasks == 1000)
    if let parts = statistics.parts {
      #expect(parts.contains { $0.name == "task_queue" && !$0.isIndex })
      #expect(parts.reduce(0) { $0 + $1.pages } <= statistics.pageCount)
    }
  }
}
