import QueueEngine
import QueueOperations
import SQLite
import Synchronization
import TestSupport
import Testing

/// What is old goes, in short transactions, and nothing else does.
@Suite(.temporaryDirectory, .timeLimit(.minutes(5)))
struct RetentionTests {
  private let fixture = MaintenanceFixture()
  private static let now = MaintenanceFixture.at(10 * Retention.dayMs)

  private func addIndex(_ isWanted: Bool) throws {
    guard isWanted else { return }
    try fixture.byHand().execute(
      script: """
        CREATE INDEX ix_task_finished ON task_queue (finished_at_utc)
          WHERE finished_at_utc IS NOT NULL
        """)
  }

  @Test(arguments: [true, false])
  func `Only finished tasks that are old enough go`(hasIndex: Bool) throws {
    try fixture.fill(5000)
    try fixture.finishAll(at: MaintenanceFixture.start)
    try fixture.fill(300, type: "late")
    try fixture.finishAll(at: MaintenanceFixture.at(9 * Retention.dayMs))
    try fixture.fill(70, type: "waiting")
    try addIndex(hasIndex)
    let report = try QueueMaintenance(fixture.database()).prune(.days(3), now: Self.now)
    #expect(report.tasks == 5000)
    #expect(report.isComplete)
    #expect(report.batches > 1)
    #expect(try MaintenanceFixture.taskCount(fixture.path, where: "type = 'late'") == 300)
    #expect(try MaintenanceFixture.taskCount(fixture.path, where: "type = 'waiting'") == 70)
  }

  @Test(arguments: [true, false])
  func `The newest stay, however old they are`(hasIndex: Bool) throws {
    try fixture.fill(400)
    try fixture.finishAll(at: MaintenanceFixture.start)
    try fixture.fill(10, type: "waiting")
    try addIndex(hasIndex)
    let report = try QueueMaintenance(fixture.database()).prune(
      Retention(tasksAtMost: 30), now: Self.now)
    #expect(report.tasks == 370)
    #expect(try MaintenanceFixture.taskCount(fixture.path, where: "id > 370") == 40)
  }

  @Test func `One that is stopped goes on at the next call`() throws {
    try fixture.fill(2000)
    try fixture.finishAll(at: MaintenanceFixture.start)
    let maintenance = QueueMaintenance(try fixture.database())
    let first = try maintenance.prune(.days(1), now: Self.now, goingOnIf: { false })
    #expect(!first.isComplete && first.batches == 1 && first.tasks > 0)
    let second = try maintenance.prune(.days(1), now: Self.now)
    #expect(second.isComplete)
    #expect(first.tasks + second.tasks == 2000)
  }

  @Test(arguments: [true, false])
  func `What is queued anew meanwhile stays`(hasIndex: Bool) throws {
    // More than the first transaction takes.
    try fixture.fill(500)
    try fixture.finishAll(at: MaintenanceFixture.start)
    try addIndex(hasIndex)
    let database = try fixture.database()
    let saved = Mutex<TaskID?>(nil)
    let report = try QueueMaintenance(database).prune(
      .days(1), now: Self.now,
      goingOnIf: {
        guard saved.withLock({ $0 == nil }) else { return true }
        let listing = TaskListing(database: database)
        let last = try? listing.tasks(order: .newestFirst, limit: 1).first?.id
        let queued = last.flatMap { try? listing.retry(ids: [$0], now: Self.now) }
        saved.withLock { $0 = queued?.first }
        return true
      })
    #expect(report.isComplete)
    let kept = try #require(saved.withLock { $0 })
    #expect(report.tasks == 499)
    #expect(
      try MaintenanceFixture.taskCount(
        fixture.path, where: "id = \(kept.rawValue) AND status = 'queued'") == 1)
  }

  @Test func `Logs go by age and by number, and with their task`() throws {
    try fixture.fill(2)
    try fixture.byHand().execute(
      script: """
        WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
        INSERT INTO task_logs (task_id, at_utc, message)
          SELECT 1, CASE WHEN i <= 3000 THEN '2026-11-21 12:00:00.000'
            ELSE '2026-12-01 11:00:00.000' END, 'm' FROM n;
        """)
    let maintenance = QueueMaintenance(try fixture.database())
    let byAge = try maintenance.prune(Retention(logsForMs: Retention.dayMs), now: Self.now)
    #expect(byAge.logs == 3000)
    let byNumber = try maintenance.prune(Retention(logsAtMost: 2500), now: Self.now)
    #expect(byNumber.logs == 500)
    try fixture.finishAll(at: MaintenanceFixture.start)
    let withTasks = try maintenance.prune(.days(1), now: Self.now)
    #expect(withTasks.tasks == 2 && withTasks.logs == 2500)
  }

  @Test func `Workers beside it lose nothing`() throws {
    try fixture.fill(4000)
    try fixture.finishAll(at: MaintenanceFixture.start)
    let path = fixture.path
    let stop = MaintenanceStopFlag()
    let workers = (0..<3).map { number in
      TestThread { () -> Int in
        let queue = TaskQueue(
          store: try SQLiteQueueStore(path: path, options: MaintenanceFixture.options()))
        let claimant = Claimant(workerID: "w\(number)")
        var count = 0
        while !stop.isSet {
          try queue.enqueue(NewTask(type: "live"))
          if let task = try queue.claim(as: claimant, leaseDurationMs: 60_000),
            try queue.complete(task.fence) == .accepted
          {
            count += 1
          }
        }
        return count
      }
    }
    let report = Result {
      try QueueMaintenance(fixture.database()).prune(.days(1), now: Self.now)
    }
    stop.set()
    let completed = try workers.map { try $0.join() }.reduce(0, +)
    #expect(try report.get().isComplete)
    // The workers' clock is the wall clock: what they finish is old only if that is behind the test's.
    let left = try MaintenanceFixture.taskCount(
      path, where: "type = 'live' AND status = 'completed'")
    let removed = try report.get().tasks - 4000
    #expect(left + removed == completed)
  }

  @Test(
    arguments: [
      Retention(tasksForMs: [.queued: 1]), Retention(tasksForMs: [.completed: -1]),
      Retention(tasksAtMost: -1), Retention(logsForMs: -1), Retention(logsAtMost: -1),
    ])
  func `Rules that make no sense are refused`(policy: Retention) throws {
    try fixture.fill(1)
    let maintenance = QueueMaintenance(try fixture.database())
    let error = #expect(throws: QueueError.self) { try maintenance.prune(policy) }
    #expect(error?.code == .invalidArgument)
  }
}
