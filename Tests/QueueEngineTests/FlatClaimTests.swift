import SQLite
import TestSupport
import Testing

@testable import QueueEngine

/// What lies in the queue beside the ready tasks is not in the way of a claim, counted in steps of
/// SQLite's virtual machine, which are the same in every run.
@Suite(.temporaryDirectory)
struct FlatClaimTests {
  /// Kinds of rows that a claim for type `own` must pass by.
  enum Noise: String, CaseIterable, Sendable {
    case delayed, leased, completed, deadLetter, cancelled, otherTypes, incompatible
    case lessUrgent

    /// Values for status, type, compatibility, priority, run after, lease end and lane.
    var values: String {
      let lane = "(SELECT lane FROM task_lanes WHERE type"
      let past = "'2026-01-01 00:00:00.000'"
      switch self {
      case .delayed: return "'queued', 'own', '{}', -9, '2027-01-01 00:00:00.000', NULL, NULL"
      case .leased:
        return "'processing', 'own', '{}', -9, \(past), '2027-01-01 00:00:00.000', NULL"
      case .completed: return "'completed', 'own', '{}', -9, \(past), NULL, NULL"
      case .deadLetter: return "'dead_letter', 'own', '{}', -9, \(past), NULL, NULL"
      case .cancelled:
        return "'cancelled', 'own', '{}', -9, \(past), NULL, \(lane) = 'own' LIMIT 1)"
      case .otherTypes: return "'queued', 'other', '{}', -9, \(past), NULL, \(lane) = 'other')"
      case .incompatible:
        return """
          'queued', 'own', '{"gpu":true}', -9, \(past), NULL, \
          \(lane) = 'own' AND compatibility <> '{}')
          """
      case .lessUrgent: return "'queued', 'own', '{}', 9, \(past), NULL, \(lane) = 'own' LIMIT 1)"
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
      ClaimStatements.dueTasks, ClaimStatements.makeReady, ClaimStatements.bury,
      ClaimStatements.lanesAfter, ClaimStatements.addLane, ClaimStatements.findLane,
      ClaimStatements.lotteryPosition, ClaimStatements.advanceLottery,
    ].map { try queue.connection.cached($0) }
    return shared + [queue.dutiesStatement].compactMap { $0 }
  }

  /// The steps of `count` claims, each of which finds a task or, if `isIdle`, none.
  private func claimSteps(
    _ queue: SQLiteQueueStore, _ strategy: ClaimStrategy, count: Int, isIdle: Bool = false
  ) throws -> Int64 {
    let claimant = Claimant(
      workerID: "w", strategy: strategy, types: isIdle ? ["none", "nothing"] : ["own", "own2"])
    func claim() throws -> ClaimedTask? {
      try queue.claim(as: claimant, leaseDurationMs: 1_000_000, now: start)
    }
    // The first claim compiles statements and reads lanes.
    #expect(try (claim() == nil) == isIdle)
    for statement in try statements(queue, strategy) { _ = statement.takeVMSteps() }
    for _ in 0..<count { #expect(try (claim() == nil) == isIdle) }
    return try statements(queue, strategy).map { $0.takeVMSteps() }.reduce(0, +)
  }

  /// A queue with some own tasks and `rows` rows of one kind of noise, if any.
  private func queue(_ name: String, noise: Noise?, rows: Int) throws -> SQLiteQueueStore {
    let queue = try openQueue(name)
    try _ = queue.enqueue(
      [
        NewTask(type: "own"), NewTask(type: "other"),
        NewTask(type: "own", compatibility: #"{"gpu":true}"#), NewTask(type: "none"),
      ], now: start)
    try queue.connection.execute(script: "DELETE FROM task_queue")
    if let noise {
      try queue.connection.execute(
        script: """
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
          INSERT INTO task_queue (status, type, compatibility, priority, run_after_utc,
            lease_until_utc, lane, lottery_key)
          SELECT \(noise.values), 1e9 + i FROM n
          """)
    }
    // Own tasks are spread over two lanes, so that the general statement is at work.
    try _ = queue.enqueue(
      (0..<30).map { NewTask(type: $0 % 2 == 0 ? "own" : "own2", runAfter: start) }, now: start)
    return queue
  }

  @Test(arguments: flatStrategies, Noise.allCases)
  func `Noise does not make claims longer`(strategy: ClaimStrategy, noise: Noise) throws {
    let clean = try claimSteps(queue("clean.db", noise: nil, rows: 0), strategy, count: 20)
    let noisy = try claimSteps(queue("noisy.db", noise: noise, rows: 20_000), strategy, count: 20)
    #expect(clean > 0)
    #expect(Double(noisy) <= 1.5 * Double(clean), "\(clean) → \(noisy)")
  }

  @Test(arguments: flatStrategies)
  func `Noise does not make idle claims longer`(strategy: ClaimStrategy) throws {
    let clean = try claimSteps(
      queue("clean.db", noise: nil, rows: 0), strategy, count: 20, isIdle: true)
    for noise in [Noise.delayed, .leased, .completed, .otherTypes] {
      let noisy = try claimSteps(
        queue("\(noise).db", noise: noise, rows: 5000), strategy, count: 20, isIdle: true)
      #expect(Double(noisy) <= 1.5 * Double(clean), "\(noise): \(clean) → \(noisy)")
    }
  }

  @Test(arguments: flatStrategies)
  func `No statement of a claim sorts or scans the table`(strategy: ClaimStrategy) throws {
    let queue = try queue("queue.db", noise: nil, rows: 0)
    try queue.connection.execute(script: "ANALYZE")
    for sql in [
      ClaimStatements.takeFromLane(strategy), ClaimStatements.takeFromLanes(strategy),
      ClaimStatements.isAnyReady(strategy), ClaimStatements.expiredLeases,
      ClaimStatements.dueTasks, ClaimStatements.duties,
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
