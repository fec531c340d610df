import QueueEngine
import SQLite
import TestSupport
import Testing

@testable import QueueOperations

@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct QueueMetricsTests {
  private static let start = MeasuredQueue.start
  private static func at(_ seconds: Int64) -> Timestamp { MeasuredQueue.at(seconds) }

  // MARK: How many there are

  @Test(arguments: [true, false])
  func `Depths are by type and status`(counting: Bool) throws {
    let queue = try MeasuredQueue(counting: counting)
    #expect(try queue.metrics.isCounting() == counting)
    #expect(try queue.metrics.depth() == 0)
    #expect(try queue.metrics.depthByStatus().values.allSatisfy { $0 == 0 })
    try queue.enqueue(5, type: "a")
    try queue.enqueue(3, type: "b")
    _ = try queue.claim("a")
    try queue.complete("b", at: Self.start)
    try queue.fail("b", at: Self.start)
    let metrics = queue.metrics
    #expect(try metrics.depth() == 8)
    #expect(try metrics.depth(type: "a") == 5)
    #expect(try metrics.depth(type: "a", status: .processing) == 1)
    #expect(try metrics.depth(status: .completed) == 1)
    #expect(try metrics.depth(type: "nobody") == 0)
    #expect(try metrics.depthByType() == ["a": 5, "b": 3])
    let byStatus = try metrics.depthByStatus()
    #expect(
      byStatus == [
        .queued: 7, .processing: 1, .completed: 1, .failed: 1, .deadLetter: 0, .cancelled: 0,
      ])
    #expect(try metrics.depths().map(\.count) == [1, 4, 1, 1, 3])
  }

  // MARK: Waiting

  @Test(
    arguments: [
      [.priority], [.fifo], [.lifo], [.weightedRandom], [.priority, .fifo],
    ] as [Set<ClaimStrategy>], [true, false])
  func `The oldest task is the one that has been due for longest`(
    strategies: Set<ClaimStrategy>, counting: Bool
  ) throws {
    let queue = try MeasuredQueue(counting: counting, strategies: strategies)
    #expect(try queue.metrics.oldestQueuedAge(now: Self.at(100)) == nil)
    func add(_ type: String, _ priority: Int, _ seconds: Int64, due: Int64? = nil) throws {
      _ = try queue.store.enqueue(
        NewTask(type: type, priority: priority, runAfter: due.map { Self.at($0) }),
        now: Self.at(seconds))
    }
    // Not due: does not wait.
    try add("a", 0, 0, due: 5000)
    #expect(try queue.metrics.oldestQueuedAge(now: Self.at(100)) == nil)
    for (index, type) in ["a", "b", "c"].enumerated() {
      for priority in [7, 3, 5] { try add(type, priority, Int64(50 + index * 3 + priority)) }
    }
    #expect(try queue.metrics.oldestQueuedAge(now: Self.at(100)) == .seconds(47))
    // The longest wait is behind others in its lane.
    try add("c", 9, 10)
    #expect(try queue.metrics.oldestQueuedAge(now: Self.at(100)) == .seconds(90))
    // Due by now, though no claim has placed it yet.
    try add("b", 9, 0, due: 2)
    #expect(try queue.metrics.oldestQueuedAge(now: Self.at(102)) == .seconds(100))
    // A clock that is behind.
    #expect(try queue.metrics.oldestQueuedAge(now: Self.at(1)) == .zero)
  }

  // MARK: The past

  @Test(arguments: [true, false])
  func `Ends are counted in the window in which they were`(counting: Bool) throws {
    let queue = try MeasuredQueue(counting: counting)
    let hour: Int64 = 3600
    // One completion per quarter of an hour for 30 hours, and a failure per hour.
    for quarter in 0..<120 {
      let moment = Self.at(Int64(quarter) * 900)
      try queue.complete("t", at: moment)
      if quarter % 4 == 0 { try queue.fail("u", at: moment) }
    }
    // 29.75 hours after the start, just after the last one.
    let now = Self.at(119 * 900 + 1)
    let lastHour = try queue.metrics.throughput(hours: 1, now: now)
    #expect(lastHour.completed == 5 && lastHour.ended == 6)
    #expect(lastHour.window.since == Timestamp("2026-11-22 16:45:00.000"))
    #expect(lastHour.window.lengthMs == hour * 1000 + 31_000)
    #expect(abs(lastHour.completedPerHour - 5 * 3600 / 3631) < 0.001)
    let day = try queue.metrics.successRates(hours: 24, now: now)
    #expect(day.outcomes.completed == 97 && day.outcomes.failed == 24)
    #expect(day.window.since == Timestamp("2026-11-21 17:40:00.000"))
    #expect(day.byType["t"]?.completed == 97 && day.byType["u"]?.failed == 24)
    #expect(abs((day.outcomes.successRate ?? 0) - 97 / 121) < 0.001)
    let all = try queue.metrics.successRates(hours: QueueMetrics.mostHours, now: now)
    #expect(all.outcomes.completed == 120 && all.outcomes.failed == 30)
    // Later on the same ends are further away.
    #expect(try queue.metrics.throughput(hours: 1, now: Self.at(140 * hour)).ended == 0)
    #expect(try queue.metrics.throughput(hours: 120, now: Self.at(140 * hour)).ended == 50)
  }

  @Test func `What was removed stays in the past, and what is queued anew ends twice`() throws {
    let queue = try MeasuredQueue()
    for second in 0..<20 { try queue.complete(at: Self.at(Int64(second))) }
    try queue.fail(at: Self.at(30))
    let now = Self.at(60)
    let rates = try queue.metrics.successRates(now: now).outcomes
    let times = try queue.metrics.processingTimePercentiles(now: now)
    let pruned = try QueueMaintenance(queue.database).prune(
      Retention(tasksForMs: [.completed: 0]), now: now)
    #expect(pruned.tasks == 20)
    #expect(try queue.metrics.depth(status: .completed) == 0)
    #expect(try queue.metrics.successRates(now: now).outcomes == rates)
    #expect(try queue.metrics.processingTimePercentiles(now: now) == times)
    #expect(try TaskListing(database: queue.database).retry(matching: TaskFilter(), now: now) == 1)
    #expect(try queue.metrics.depth(status: .failed) == 0)
    #expect(try queue.metrics.successRates(now: now).outcomes == rates)
    let again = try queue.claim(now: now)
    _ = try queue.store.complete(again.fence, result: nil, now: now)
    let later = try queue.metrics.successRates(now: Self.at(61))
    #expect(later.outcomes.completed == 21 && later.outcomes.failed == 1)
    #expect(try queue.metrics.retries(now: Self.at(61)).retriedTasks == 1)
  }

  @Test func `A worker whose clock is behind is counted all the same`() throws {
    let queue = try MeasuredQueue()
    try queue.complete(at: Self.at(600))
    try queue.complete(at: Self.at(300))
    try queue.complete(at: Self.at(660))
    #expect(try queue.metrics.throughput(now: Self.at(700)).completed == 3)
    try queue.complete(at: Self.at(8000))
    #expect(try queue.metrics.throughput(now: Self.at(8001)).completed == 1)
    #expect(try queue.metrics.throughput(hours: 3, now: Self.at(8001)).completed == 4)
  }

  @Test(arguments: [true, false])
  func `Retries are those of tasks that have ended`(counting: Bool) throws {
    let queue = try MeasuredQueue(counting: counting)
    try queue.complete(at: Self.start)
    try queue.enqueue(2)
    for attempt in 1...3 {
      let task = try queue.claim()
      #expect(task.fence.attempt == attempt)
      if attempt < 3 {
        _ = try queue.store.fail(
          task.fence, .retry(at: Self.at(-10), message: "again"), now: Self.start)
      } else {
        _ = try queue.store.complete(task.fence, result: nil, now: Self.start)
      }
    }
    let retries = try queue.metrics.retries(now: Self.at(1))
    #expect(retries.ended == 2 && retries.retriedTasks == 1 && retries.retries == 2)
    #expect(retries.retryRate == 0.5 && retries.attemptsPerTask == 2)
    #expect(retries.deadLettered == 0)
  }

  @Test(arguments: [true, false])
  func `Percentiles are near those of the times themselves`(counting: Bool) throws {
    let queue = try MeasuredQueue(counting: counting)
    #expect(try queue.metrics.processingTimePercentiles(now: Self.start) == nil)
    var random = SeededGenerator(seed: 5)
    var times: [Double] = []
    for _ in 0..<400 {
      // From a millisecond to some minutes, on a logarithmic scale.
      let ms = Int64(2.718281828.power(.random(in: 0...12, using: &random)))
      times.append(Double(ms))
      try queue.complete(at: Self.start, afterMs: ms)
    }
    try queue.complete("other", at: Self.start, afterMs: 1_000_000)
    let found = try #require(
      try queue.metrics.processingTimePercentiles(type: "t", now: Self.at(1)))
    times.sort()
    #expect(found.count == 400)
    #expect(abs(found.meanMs - times.reduce(0, +) / 400) < 0.001)
    for (share, value) in [
      (0.5, found.p50Ms), (0.75, found.p75Ms), (0.9, found.p90Ms), (0.95, found.p95Ms),
      (0.99, found.p99Ms),
    ] {
      let exact = times[Int((share * 400).rounded(.up)) - 1]
      #expect((0.7...1.4).contains(value / exact), "\(share): \(value) for \(exact)")
    }
    #expect(Double(try #require(found.atMostMs)) >= times[399])
    #expect(try queue.metrics.processingTimePercentiles(now: Self.at(1))?.count == 401)
  }

  @Test(arguments: [0, -1, QueueMetrics.mostHours + 1])
  func `Hours that are not remembered are refused`(hours: Int) throws {
    let metrics = try MeasuredQueue().metrics
    for call in [
      { _ = try metrics.successRates(hours: hours) }, { _ = try metrics.throughput(hours: hours) },
      { _ = try metrics.retries(hours: hours) },
      { _ = try metrics.processingTimePercentiles(hours: hours) },
    ] as [() throws -> Void] {
      let error = try #require(throws: QueueError.self) { try call() }
      #expect(error.code == .invalidArgument)
    }
  }

  // MARK: Workers and health

  @Test func `Workers are seen whether they are registered or hold tasks`() throws {
    let queue = try MeasuredQueue()
    try queue.enqueue(5)
    let registry = WorkerRegistry(database: queue.database)
    try registry.register("idle", now: Self.start)
    try registry.register("busy", now: Self.at(-100))
    _ = try queue.claim(worker: "busy", now: Self.at(-50), leaseMs: 60_000)
    _ = try queue.claim(worker: "busy", now: Self.at(-40), leaseMs: 60_000)
    _ = try queue.claim(worker: "stranger", now: Self.at(-30))
    let activity = try queue.metrics.workerActivity(now: Self.start)
    #expect(activity.map(\.id) == ["busy", "idle", "stranger"])
    #expect(activity.map(\.heldTasks) == [2, 0, 1])
    #expect(activity.map(\.liveness) == [.late, .active, nil])
    #expect(activity.map(\.silenceMs) == [100_000, 0, nil])
    #expect(activity[0].busySince == Self.at(-50))
    #expect(activity[0].nextLeaseEnd == Self.at(10))
    #expect(activity[1].busySince == nil)
  }

  @Test func `A queue is healthy until something is wrong`() throws {
    let queue = try MeasuredQueue()
    let registry = WorkerRegistry(database: queue.database)
    func kinds(_ seconds: Int64) throws -> [HealthProblem.Kind: HealthLevel] {
      let summary = try queue.metrics.healthSummary(now: Self.at(seconds))
      #expect(summary.level == summary.problems.map(\.level).max() ?? .healthy)
      return Dictionary(uniqueKeysWithValues: summary.problems.map { ($0.kind, $0.level) })
    }
    #expect(try kinds(0).isEmpty)
    try queue.enqueue(1)
    #expect(try kinds(1) == [.unattended: .warning])
    try registry.register("w", now: Self.start)
    #expect(try kinds(1).isEmpty)
    #expect(try kinds(299).isEmpty)
    #expect(
      try kinds(301) == [.waiting: .warning, .unattended: .critical, .staleWorkers: .warning])
    try registry.register("w", now: Self.at(4000))
    #expect(try kinds(4000) == [.waiting: .critical])
    _ = try queue.claim(now: Self.at(4000), leaseMs: 10_000)
    #expect(try kinds(4069).isEmpty)
    #expect(try kinds(4070)[.expiredLeases] == .warning)
    for second in 0..<9 { try queue.fail("f", at: Self.at(4000 + Int64(second))) }
    #expect(try kinds(4012).isEmpty)
    try queue.complete(at: Self.at(4011))
    #expect(try kinds(4012) == [.failing: .critical])
    for second in 0..<20 { try queue.complete(at: Self.at(4012 + Int64(second))) }
    #expect(try kinds(4033) == [.failing: .warning])
    let summary = try queue.metrics.healthSummary(now: Self.at(4033))
    #expect(summary.depthByStatus[.completed] == 21 && summary.workers[.active] == 1)
    #expect(summary.lastHour.outcomes.failed == 9 && summary.throughput.completed == 21)
  }

  // MARK: All at once

  @Test(arguments: [true, false])
  func `A report holds what the metrics say one by one`(counting: Bool) throws {
    let queue = try MeasuredQueue(counting: counting)
    for second in 0..<5 { try queue.complete("a", at: Self.at(Int64(second)), afterMs: 70) }
    try queue.fail("b", at: Self.at(4000))
    try queue.enqueue(3, now: Self.at(4000))
    _ = try queue.claim(now: Self.at(4001))
    let now = Self.at(4010)
    for hours in [1, 2, 24] {
      let metrics = queue.metrics
      let report = try metrics.report(hours: hours, now: now)
      #expect(report.isCounting == counting)
      #expect(report.depths == (try metrics.depths()))
      #expect(report.depthByStatus == (try metrics.depthByStatus()))
      #expect(report.total == 9)
      #expect(report.oldestQueuedAge == (try metrics.oldestQueuedAge(now: now)))
      #expect(report.successRates == (try metrics.successRates(hours: hours, now: now)))
      #expect(report.throughput == (try metrics.throughput(hours: hours, now: now)))
      #expect(report.retries == (try metrics.retries(hours: hours, now: now)))
      let times = try metrics.processingTimePercentiles(hours: hours, now: now)
      #expect(report.processingTimes == times)
      #expect(report.processingTimesByType["a"] == times)
      #expect(report.processingTimesByType["b"] == nil)
      #expect(report.workers == (try metrics.workerActivity(now: now)))
      #expect(report.health == (try metrics.healthSummary(now: now)))
    }
  }

  @Test(arguments: [true, false])
  func `A snapshot shows what runs and what has failed last`(counting: Bool) throws {
    let queue = try MeasuredQueue(counting: counting)
    for second in 0..<4 { try queue.fail("f", at: Self.at(Int64(100 - second))) }
    try queue.complete(at: Self.at(101))
    try queue.enqueue(2, now: Self.at(102))
    let held = try queue.claim(now: Self.at(102))
    let snapshot = try queue.metrics.activity(failureLimit: 3, now: Self.at(105))
    // The latest to fail first, which is not the order of their numbers.
    #expect(snapshot.failures.map(\.id.rawValue) == [1, 2, 3])
    #expect(snapshot.running.map(\.id) == [held.id])
    #expect(snapshot.workers.map(\.heldTasks) == [1])
    #expect(snapshot.count(.queued) == 1)
    #expect(snapshot.count(.failed) == 4)
    #expect(snapshot.addedCount == 7)
    #expect(snapshot.endedCounts[.failed] == 4)
    #expect(snapshot.oldestQueuedAge == .seconds(3))
    try queue.byHand().execute(script: "DELETE FROM task_queue WHERE status = 'failed'")
    let pruned = try queue.metrics.activity(now: Self.at(105))
    #expect(pruned.failures.isEmpty)
    #expect(pruned.endedCounts[.failed] == (counting ? 4 : 0))
  }

  // MARK: Costs

  @Test(arguments: [Set([ClaimStrategy.priority]), Set(ClaimStrategy.allCases)])
  func `No metric looks at tasks but by an index`(strategies: Set<ClaimStrategy>) throws {
    let queue = try MeasuredQueue(strategies: strategies)
    let hand = try queue.byHand()
    var statements = [
      MetricsStatements.counters, MetricsStatements.held, MetricsStatements.processingTimes,
      MetricsStatements.history, MetricsStatements.oldestByPriority,
      MetricsStatements.oldestUnplaced, MetricsStatements.holders,
      MetricsStatements.expiredLeases, MetricsStatements.failures,
    ]
    if strategies.contains(.fifo) { statements.append(MetricsStatements.oldestByTime) }
    for sql in statements {
      for line in try hand.queryPlan(of: sql) {
        let isOfTasks = line.contains("task_queue") || line.hasSuffix(" t")
        #expect(!isOfTasks || line.contains("INDEX ix_task_"), "\(line) in \(sql)")
        // The few that are held are all looked at; of those that wait, only heads.
        if line.contains("SCAN") {
          #expect(!line.contains("ix_task_status") && !line.contains("ix_task_delayed"), "\(sql)")
        }
        #expect(!line.contains("TEMP B-TREE") || !sql.contains("ix_task_failed"), "\(sql)")
        #expect(!line.contains("SCAN m") && !line.contains("SCAN h"), "\(line) in \(sql)")
      }
    }
  }

  /// Reading takes the same steps, however many tasks have come and gone.
  @Test func `The work of a reading does not grow with the tasks`() throws {
    let queue = try MeasuredQueue()
    func steps() throws -> Int64 {
      try queue.database.read { (connection) throws(SQLiteError) -> Void in
        connection.setStatementCounting(true)
      }
      _ = try queue.metrics.snapshot(now: Self.at(1000))
      _ = try queue.metrics.successRates(now: Self.at(1000))
      _ = try queue.metrics.report(now: Self.at(1000))
      _ = try queue.metrics.activity(now: Self.at(1000))
      return try queue.database.read { (connection) throws(SQLiteError) -> Int64 in
        connection.takeStatementUses().reduce(0) { $0 + $1.vmSteps }
      }
    }
    func work(_ count: Int) throws {
      try queue.enqueue(count)
      let tasks = try queue.store.claim(
        as: Claimant(workerID: "w"), limit: count, leaseDurationMs: 1000, now: Self.start)
      _ = try queue.store.complete(
        tasks.map { (fence: $0.fence, result: nil) }, now: Self.at(1))
    }
    try work(10)
    try queue.enqueue(10)
    let few = try steps()
    for _ in 0..<10 { try work(500) }
    try queue.enqueue(5000)
    let many = try steps()
    #expect(many <= few + 20)
  }

  @Test func `Counters that are wrong are found and set right`() throws {
    let queue = try MeasuredQueue()
    try queue.enqueue(4)
    try queue.complete(at: Self.start)
    let hand = try queue.byHand()
    hand.setTriggersEnabled(false)
    try hand.execute(
      script: """
        DELETE FROM task_queue WHERE id = 1; INSERT INTO task_queue (type) VALUES ('u');
        UPDATE task_queue SET status = 'cancelled' WHERE id = 2;
        """)
    let differences = try queue.metrics.counterDifferences()
    #expect(differences.map(\.type) == ["t", "t", "u"])
    #expect(differences.map(\.status) == [nil, .cancelled, nil])
    #expect(differences.map(\.counted) == [5, 0, 0] && differences.map(\.actual) == [4, 1, 1])
    try queue.metrics.recount()
    #expect(try queue.metrics.counterDifferences().isEmpty)
    #expect(try queue.metrics.successRates(now: Self.at(1)).outcomes.completed == 1)
    let plain = try MeasuredQueue.plain()
    try plain.recount()
    #expect(try plain.counterDifferences().isEmpty)
  }
}

extension MeasuredQueue {
  /// The metrics of another queue, which does not count.
  static func plain() throws -> QueueMetrics {
    let path = TemporaryDirectory.path("plain.db")
    _ = try SQLiteQueueStore(path: path, options: options())
    return QueueMetrics(database: try QueueDatabase(path: path, options: options()))
  }
}

extension Double {
  /// This number to the power of another one.
  fileprivate func power(_ exponent: Double) -> Double {
    var result = 1.0
    // Squares for the whole part, and a series for the rest.
    for _ in 0..<Int(exponent) { result *= self }
    let rest = exponent - exponent.rounded(.down)
    var term = 1.0
    var sum = 1.0
    for index in 1..<12 {
      term *= rest / Double(index)
      sum += term
    }
    return result * sum
  }
}
