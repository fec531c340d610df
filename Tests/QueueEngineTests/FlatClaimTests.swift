import SQLite
import TestSupport
import Testing

@testable import QueueEngine

/// What lies in the queue beside the ready tasks is not in the way of a claim, counted in steps of
/// SQLite's virtual machine, which are the same in every run.
///
/// Each kind of noise is laid once, by one statement, and every strategy claims from the same file in
/// turn: what a few claims leave behind is nothing beside it, and copies of a large file would cost more
/// than they tell.
@Suite(.temporaryDirectory)
struct FlatClaimTests {
  /// Kinds of rows that a claim for type `own` must pass by.
  enum Noise: String, CaseIterable, Sendable {
    case delayed, leased, completed, deadLetter, cancelled, otherTypes, incompatible
    case backlog

    /// Values for status, type, compatibility, priority, run after, lease end and lane.
    var values: String {
      let lane = "(SELECT lane FROM task_lanes WHERE compatibility"
      let past = "'2026-01-01 00:00:00.000'"
      switch self {
      case .delayed: return "'queued', 'own', '{}', -9, '2027-01-01 00:00:00.000', NULL, NULL"
      case .leased:
        return "'processing', 'own', '{}', -9, \(past), '2027-01-01 00:00:00.000', NULL"
      case .completed: return "'completed', 'own', '{}', -9, \(past), NULL, NULL"
      case .deadLetter: return "'dead_letter', 'own', '{}', -9, \(past), NULL, NULL"
      case .cancelled:
        return "'cancelled', 'own', '{}', -9, \(past), NULL, \(lane) = '{}' AND type = 'own')"
      case .otherTypes:
        return "'queued', 'other', '{}', -9, \(past), NULL, \(lane) = '{}' AND type = 'other')"
      case .incompatible:
        return """
          'queued', 'own', '{"gpu":true}', -9, \(past), NULL, \
          \(lane) <> '{}' AND type = 'own')
          """
      case .backlog:
        return "'queued', 'own', '{}', 9, \(past), NULL, \(lane) = '{}' AND type = 'own')"
      }
    }
  }

  /// Every statement that a claim may run.
  private func statements(_ queue: SQLiteQueueStore, _ strategy: ClaimStrategy) throws
    -> [Statement]
  {
    let shared = try [
      ClaimStatements.takeFromLane(strategy), ClaimStatements.takeFromLanes(strategy),
      ClaimStatements.isAnyReady(strategy), ClaimStatements.expiredLeases,
      ClaimStatements.dueTasks, ClaimStatements.makeReady, ClaimStatements.bury.plain,
      ClaimStatements.lanesAfter, ClaimStatements.addLane, ClaimStatements.findLane,
      ClaimStatements.lotteryPosition, ClaimStatements.advanceLottery, ClaimStatements.takeAll,
    ].map { try queue.connection.cached($0) }
    let perLane = try queue.lastPlan.map { plan in
      try plan.served.indices.map { try plan.readyTasks($0) }
    }
    return shared + [queue.dutiesStatement].compactMap { $0 } + (perLane ?? [])
  }

  /// The steps of some claims, each of which finds `limit` tasks or, if `isIdle`, none.
  private func claimSteps(
    _ queue: SQLiteQueueStore, _ strategy: ClaimStrategy, limit: Int, isIdle: Bool
  ) throws -> Int64 {
    // Own tasks are spread over two lanes, so that the general statement is at work.
    let tasks = (0..<30).map {
      NewTask(type: $0 % 2 == 0 ? "own" : "own2", payload: #""own""#, runAfter: start)
    }
    try _ = queue.enqueue(tasks, now: start)
    let claimant = Claimant(
      workerID: "w", strategy: strategy, types: isIdle ? ["none", "nothing"] : ["own", "own2"])
    func claim() throws {
      let tasks = try queue.claim(
        as: claimant, limit: limit, leaseDurationMs: 1_000_000, now: start)
      #expect(tasks.count == (isIdle ? 0 : limit))
    }
    // The first claim compiles statements and reads lanes.
    try claim()
    for statement in try statements(queue, strategy) { _ = statement.takeVMSteps() }
    for _ in 0..<20 / limit { try claim() }
    let steps = try statements(queue, strategy).map { $0.takeVMSteps() }.reduce(0, +)
    try queue.connection.execute(script: "DELETE FROM task_queue WHERE payload = '\"own\"'")
    return steps
  }

  /// A queue with `rows` rows of one kind of noise, and lanes for all kinds.
  private func queue(_ name: String, noise: Noise, rows: Int) throws -> SQLiteQueueStore {
    var options = options()
    options.pragmas.append(PragmaSetting(.journalMode, "MEMORY")!)
    let queue = try openQueue(name, options)
    try _ = queue.enqueue(
      [
        NewTask(type: "own"), NewTask(type: "other"), NewTask(type: "own2"),
        NewTask(type: "own", compatibility: #"{"gpu":true}"#), NewTask(type: "none"),
      ], now: start)
    try queue.connection.execute(
      script: """
        DELETE FROM task_queue;
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= \(rows))
        INSERT INTO task_queue (status, type, compatibility, priority, run_after_utc,
          lease_until_utc, lane, lottery_key)
        SELECT \(noise.values), 1e9 + i FROM n WHERE i <= \(rows)
        """)
    #expect(try queue.connection.scalar("SELECT count(*) FROM task_queue") == String(rows))
    return queue
  }

  /// Compares claims of every strategy, from two queues that should cost the same.
  private func expectFlat(_ few: SQLiteQueueStore, _ many: SQLiteQueueStore) throws {
    for strategy in flatStrategies {
      for (limit, isIdle) in [(1, false), (5, false), (1, true)] {
        let fewSteps = try claimSteps(few, strategy, limit: limit, isIdle: isIdle)
        let manySteps = try claimSteps(many, strategy, limit: limit, isIdle: isIdle)
        #expect(fewSteps > 0)
        #expect(
          Double(manySteps) <= 1.5 * Double(fewSteps),
          "\(strategy) by \(limit)\(isIdle ? ", idle" : ""): \(fewSteps) → \(manySteps)")
      }
    }
  }

  @Test(arguments: Noise.allCases.filter { $0 != .backlog })
  func `A hundred thousand rows of noise do not make claims longer`(noise: Noise) throws {
    try expectFlat(
      queue("clean.db", noise: noise, rows: 0), queue("noisy.db", noise: noise, rows: 100_000))
  }

  @Test func `Claims from a million ready tasks are as long as from a thousand`() throws {
    try expectFlat(
      queue("short.db", noise: .backlog, rows: 1000),
      queue("long.db", noise: .backlog, rows: 1_000_000))
  }

  @Test(arguments: flatStrategies)
  func `No statement of a claim sorts or scans the table`(strategy: ClaimStrategy) throws {
    let queue = try queue("queue.db", noise: .backlog, rows: 0)
    try queue.connection.execute(script: "ANALYZE")
    for sql in [
      ClaimStatements.takeFromLane(strategy), ClaimStatements.takeFromLanes(strategy),
      ClaimStatements.isAnyReady(strategy), ClaimStatements.expiredLeases,
      ClaimStatements.dueTasks, ClaimStatements.duties, ClaimStatements.ready(strategy),
      ClaimStatements.takeAll,
    ] {
      for row in try queue.connection.rows("EXPLAIN QUERY PLAN \(sql)") {
        let detail = row[3] ?? ""
        #expect(!detail.hasPrefix("SCAN task_queue"), "\(sql): \(detail)")
        // Only the heads of several lanes are sorted.
        if sql != ClaimStatements.takeFromLanes(strategy) {
          #expect(!detail.contains("TEMP B-TREE"), "\(sql): \(detail)")
        }
      }
    }
  }
}
