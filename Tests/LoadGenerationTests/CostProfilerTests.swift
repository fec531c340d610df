import Foundation
import HarnessDriver
import QueueEngine
import Results
import SQLite
import Scenarios
import TestSupport
import Testing

@testable import LoadGeneration

@Suite struct CostProfilerTests {
  private let directory = HarnessDriver.TemporaryDirectory()

  private static func settings(
    _ strategy: ClaimStrategy = .priority, _ pragmas: [(Pragma, String)] = [], batch: Int = 1,
    types: [String] = ["task"]
  ) -> CellSettings {
    var settings = CellSettings.standard
    settings.strategy = strategy
    settings.pragmas = PragmaList(pragmas.compactMap { PragmaSetting($0, $1) })
    settings.batchSize = batch
    settings.taskTypes = types.map { WeightedName(name: $0, weight: 1) }
    settings.priorities = [10, 100].map { WeightedPriority(priority: $0, weight: 1) }
    return settings
  }

  private func profile(
    _ settings: CellSettings, seed: UInt64 = 42, inspect: (String) throws -> Void = { _ in }
  ) throws -> CostProfile {
    try CostProfiler(directory: directory.path, seed: seed)
      .profile(of: settings, inspect: inspect)
  }

  /// Changes the database by hand before it is used.
  private func script(_ sql: String) -> (String) throws -> Void {
    { path in
      try Connection(path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 0))
        .execute(script: sql)
    }
  }

  static let varied: [CellSettings] =
    ClaimStrategy.allCases.map { settings($0, types: ["a", "b"]) }
    + [
      settings(batch: 25), settings(.weightedRandom, batch: 30, types: ["a", "b", "c"]),
      settings(.fifo, [(.synchronous, "FULL")]), settings(.lifo, [(.journalMode, "DELETE")]),
      settings(.priority, [(.cacheSize, "-100"), (.pageSize, "1024")], batch: 100),
    ]

  @Test(arguments: varied.indices)
  func countsAreTheSameEveryTime(index: Int) throws {
    let first = try profile(Self.varied[index])
    for _ in 0..<(index == 0 ? 19 : 3) { #expect(try profile(Self.varied[index]) == first) }
  }

  @Test func countsAreTheSameWhileOthersCount() throws {
    let path = directory.path
    let alone = try Self.varied.map { try profile($0) }
    let together = try inParallel(4) { _ in
      try Self.varied.map { try CostProfiler(directory: path, seed: 42).profile(of: $0) }
    }
    for profiles in together { #expect(profiles == alone) }
  }

  @Test(arguments: [
    0, 1_767_225_599_990, 250_000_000_000_000,
  ])
  func theTimeOfDayDoesNotMatter(ms: Int64) throws {
    for settings in [Self.varied[1], Self.varied[3], Self.varied[5]] {
      let there = CostProfiler(
        directory: directory.path, seed: 42, beginning: Timestamp(millisecondsSinceEpoch: ms))
      #expect(try there.profile(of: settings) == profile(settings))
    }
  }

  @Test func whatOnlyTheLoadDependsOnDoesNotMatter() throws {
    let plain = try profile(Self.settings())
    var other = Self.settings(.priority, [(.walAutocheckpoint, "100")])
    (other.producers, other.consumers, other.callers) = (7, 1, 3)
    (other.workTimeUs, other.leaseDurationMs) = (1000, 5)
    (other.busyPolicy, other.checkpointPolicy) = (.sqlite(timeoutMs: 10), .auto(pages: 1))
    #expect(try profile(other) == plain)
    #expect(try profile(Self.settings(), seed: 43) != plain)
  }

  @Test func theNumbersAreThoseOfTheStatements() throws {
    let full = try profile(Self.settings(.priority, [(.synchronous, "FULL")]))
    for operation in MeasuredOperation.allCases {
      #expect(full[operation].tasks == 200)
      #expect(full[operation].fsyncsPerTask == 1)
      #expect(full[operation].walFramesPerTask >= 2)
    }
    // A claim begins, looks for duties, takes and commits; the others are one statement each.
    #expect(full.claim.statementsPerTask == 4)
    #expect(full.enqueue.statementsPerTask == 1 && full.complete.statementsPerTask == 1)
    #expect(full.sqlite.version == SQLiteLibrary.version)
    #expect(!full.sqlite.options.contains { $0.hasPrefix("COMPILER") })
    let take = try #require(full.claim.statements.first { $0.sql.hasPrefix("UPDATE") })
    #expect(take.plan.contains { $0.contains("USING INDEX ix_task_status_prio_time (lane=?)") })
    #expect(take.runs == 200 && take.vmSteps < full.claim.vmSteps)

    let normal = try profile(Self.settings())
    #expect(MeasuredOperation.allCases.allSatisfy { normal[$0].fsyncs == 0 })
    #expect(normal.planHash == full.planHash && normal.claim.vmSteps == full.claim.vmSteps)
    let batch = try profile(Self.settings(batch: 25))
    #expect(batch.claim.vmStepsPerTask < normal.claim.vmStepsPerTask)
    #expect(batch.claim.walFramesPerTask < normal.claim.walFramesPerTask)
  }

  @Test func aPoorerIndexIsFound() throws {
    let before = try profile(Self.settings())
    let after = try profile(
      Self.settings(),
      inspect: script(
        """
        DROP INDEX ix_task_status_prio_time;
        CREATE INDEX ix_task_status_prio_time ON task_queue (lane)
          WHERE status = 'queued' AND lane IS NOT NULL;
        """))
    let differences = after.differences(from: before)
    let steps = try #require(
      differences.first { $0.operation == .claim && $0.quantity == "VM steps" })
    #expect(steps.kind == .worse && steps.explanation.hasPrefix("UPDATE task_queue SET"))
    #expect(after.claim.vmStepsPerTask > 20 * before.claim.vmStepsPerTask)
    let plan = try #require(differences.first { $0.kind == .changed })
    #expect(plan.explanation.contains("+ USE TEMP B-TREE FOR ORDER BY"), "\(plan)")
    #expect(after.planHash != before.planHash)
    #expect(after.obstacle(toComparisonWith: before) == nil)
  }

  @Test(arguments: [
    ("ix_task_status_prio_time", ClaimStrategy.priority), ("ix_task_status_time", .fifo),
    ("ix_task_status_time", .lifo), ("ix_task_status_lottery", .weightedRandom),
    ("ix_task_lease", .priority), ("ix_task_delayed", .priority),
  ])
  func anIndexThatIsOfNoUseIsFound(name: String, strategy: ClaimStrategy) throws {
    var settings = Self.settings(strategy, types: ["a", "b"])
    let before = try profile(settings)
    settings.injectedFault = .droppedIndex(name: name)
    let after = try profile(settings)
    #expect(after.obstacle(toComparisonWith: before) == nil)
    let changes = after.differences(from: before).filter { $0.kind == .changed }
    #expect(changes.contains { $0.operation == .claim && $0.explanation.contains(name) })
  }

  @Test(arguments: ["ix_task_lease", "ix_task_delayed"])
  func aDroppedIndexIsFound(name: String) throws {
    let failure = #expect(throws: CostProfiler.Failure.self) {
      try profile(Self.settings(), inspect: script("DROP INDEX \(name)"))
    }
    #expect(failure?.description.contains("no such index: \(name)") == true)
  }

  @Test func anIndexTooManyIsFound() throws {
    let before = try profile(Self.settings())
    let after = try profile(
      Self.settings(), inspect: script("CREATE INDEX ix_more ON task_queue (locked_by, status)"))
    let worse = after.differences(from: before)
    #expect(worse.allSatisfy { $0.kind == .worse })
    for operation in MeasuredOperation.allCases {
      #expect(
        worse.filter { $0.operation == operation }.map(\.quantity) == ["VM steps", "WAL frames"])
    }
  }

  /// Thousands of leases that have run out: every claim takes some of them back first.
  @Test func moreStatementsPerClaimAreFound() throws {
    let before = try profile(Self.settings())
    let after = try profile(
      Self.settings(),
      inspect: script(
        """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        INSERT INTO task_queue (type, status, attempts, locked_by, lease_until_utc, lane)
          SELECT 'task', 'processing', 1, 'gone', '2000-01-01 00:00:00.000', NULL FROM n;
        """))
    let difference = try #require(
      after.differences(from: before).first {
        $0.operation == .claim && $0.quantity == "statements"
      })
    #expect(difference.kind == .worse && difference.old == "4")
    #expect(difference.explanation.contains("SET status = 'queued'"), "\(difference)")
  }

  @Test func aScanOfTheQueueShowsHoweverShallowItIs() throws {
    var settings = Self.settings()
    #expect(CostProfiler.profiled(settings).depth == 1000)
    settings.depth = 5000
    #expect(CostProfiler.profiled(settings).depth == 5000)
    settings.depth = 1_000_000
    #expect(CostProfiler.profiled(settings).depth == 10_000)
    settings.payloadBytes = 1 << 20
    #expect(CostProfiler.profiled(settings).depth == 32)
    let large = try profile(settings)
    #expect(large.claim.tasks == 32)
  }

  @Test func nothingIsLeftBehindAndAnInterruptionIsHeard() throws {
    let profiler = CostProfiler(directory: directory.path, seed: 1)
    var asked = 0
    #expect(throws: CancellationError.self) {
      try profiler.profile(
        of: Self.settings(),
        isCancelled: {
          asked += 1
          return asked > 5
        })
    }
    _ = try profiler.profile(of: Self.settings())
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }
}
