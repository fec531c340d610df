import Foundation
import HarnessDriver
import Recording
import Results
import SQLite
import Scenarios
import Testing
import Verification

@testable import LoadGeneration

/// A collector that reads logs which the test has written by hand. The measurement is 1 s to 2 s.
@Suite struct RepeatCollectorTests {
  private static let startNs: UInt64 = 1_000_000_000
  private static let endNs: UInt64 = 2_000_000_000
  private let directory = TemporaryDirectory()

  private func configuration(_ role: Role, _ index: Int, _ process: Int) -> RoleConfiguration {
    RoleConfiguration(
      role: role, index: index, count: 2, processIndex: process, parentPid: 0,
      settings: .standard, seed: 0, databasePath: "",
      logPaths: ["\(directory.path)/\(process).log"],
      checkpointLogPath: "\(directory.path)/\(process).checkpoints.log", reportPath: "",
      expectedRecords: 16)
  }

  /// An operation that took `us` from `atMs` on.
  private static func operation(
    _ kind: OperationKind, _ outcome: OperationOutcome = .ok, _ taskID: Int64 = 1,
    atMs: Double = 1500, us: Double = 100, intendedAtMs: Double? = nil, code: Int32 = 0,
    callbacks: UInt64 = 0, sleptUs: UInt64 = 0, phases: OperationPhases = OperationPhases(),
    batch: Int = 1, isMember: Bool = false
  ) -> OperationRecord {
    let startNs = UInt64(atMs * 1e6)
    return OperationRecord(
      kind: kind, outcome: outcome, taskID: taskID, attempt: 1,
      intendedStartNs: intendedAtMs.map { UInt64($0 * 1e6) } ?? startNs, startNs: startNs,
      endNs: startNs + UInt64(us * 1e3), sqliteCode: code, busyCallbacks: callbacks,
      busySleptUs: sleptUs, phases: phases, batch: batch, isMember: isMember)
  }

  /// What two producers and two consumers with these logs come to.
  private func result(
    _ logs: [OperationRecord]..., settings: CellSettings = .standard
  ) throws -> RepeatResult {
    let collector = try collector(logs, settings: settings)
    try collector.poll()
    return Self.filled(collector, settings)
  }

  private func collector(
    _ logs: [[OperationRecord]], checkpoints: [OperationRecord] = [],
    settings: CellSettings = .standard
  ) throws -> RepeatCollector {
    let configurations = [
      configuration(.producer, 0, 0), configuration(.producer, 1, 1),
      configuration(.consumer, 0, 2), configuration(.consumer, 1, 3),
    ]
    for (index, configuration) in configurations.enumerated() {
      var writer = try OperationLogWriter(
        path: configuration.logPaths[0],
        header: OperationLogHeader(
          role: configuration.role.rawValue, processIndex: UInt32(index), pid: 1, createdNs: 0))
      if index < logs.count { for record in logs[index] { try writer.append(record) } }
      try writer.finish()
      var checkpointWriter = try OperationLogWriter(
        path: configuration.checkpointLogPath,
        header: OperationLogHeader(
          role: configuration.role.rawValue, processIndex: UInt32(index), pid: 1, createdNs: 0))
      if index == 0 { for record in checkpoints { try checkpointWriter.append(record) } }
      try checkpointWriter.finish()
    }
    let collector = RepeatCollector(configurations, settings: settings)
    try collector.begin(startNs: Self.startNs - 500_000_000, measure: Self.startNs..<Self.endNs)
    return collector
  }

  @Test func `who took the place of a killed process counts, also one without a whole log`() throws
  {
    let collector = try collector([[Self.operation(.enqueue, .ok, 1)]])
    let configuration = configuration(.producer, 0, 0)
    let first = configuration.successor(diedNs: 1)
    let successors = [first, first.successor(diedNs: 2)]
    var writer = try OperationLogWriter(
      path: successors[0].logPaths[0],
      header: OperationLogHeader(role: "producer", processIndex: 0, pid: 2, createdNs: 0))
    try writer.append(Self.operation(.enqueue, .ok, 2, atMs: 1600, us: 5000))
    try writer.finish()
    // Killed between making its log and writing the header; the next one before it made any.
    _ = FileManager.default.createFile(
      atPath: successors[1].logPaths[0], contents: Data(count: 4096))
    try collector.add(
      successors + [successors[1].successor(diedNs: 3)],
      underFaults: [1_600_000_000..<1_600_000_001])
    try collector.poll()
    let result = Self.filled(collector)
    #expect(result.enqueued == 2 && result.enqueue.count == 2)
    #expect(result.enqueue.faultMaxUs.map { Int($0) / 100 } == 50)
  }

  @Test func `successors have names, logs and tasks of their own`() {
    let first = configuration(.consumer, 1, 3)
    let second = first.successor(diedNs: 5)
    let third = second.successor(diedNs: 7)
    let all = [first, second, third]
    #expect(all.map(\.generation) == [0, 1, 2])
    #expect(all.map(\.predecessorDiedNs) == [0, 5, 7])
    #expect(all.map(\.name) == ["consumer 2", "consumer 2", "consumer 2"])
    #expect(
      all.map { $0.fileName(number: 9) } == ["consumer-2", "consumer-2.g1", "consumer-2.g2"])
    #expect(all.map { $0.logPaths[0].suffix(6) } == ["/3.log", "log.g1", "log.g2"])
    #expect(Set(all.map(\.seed)).count == 3 && Set(all.map(\.checkpointLogPath)).count == 3)
    #expect(all.allSatisfy { $0.processIndex == 3 && $0.role == .consumer })
  }

  private static func filled(
    _ collector: RepeatCollector, _ settings: CellSettings = .standard
  ) -> RepeatResult {
    var result = RepeatResult(
      run: "run", cell: "c01", repeatNumber: 1, axes: [], producers: 2, consumers: 2,
      status: .measured, verdict: .unknown, detail: "")
    collector.fill(&result, settings: settings)
    return result
  }

  // MARK: Percentiles

  @Test(arguments: [
    (5, 0), (6, 1), (35, 1), (36, 2), (71, 2), (72, 3), (367, 3), (368, 4), (3687, 4), (3688, 5),
  ])
  func aPercentileNeedsItsSamples(count: Int, present: Int) throws {
    let result = try result((0..<count).map { Self.operation(.enqueue, .ok, Int64($0 + 1)) })
    let latency = result.enqueue.latency
    let percentiles = [
      latency.p50Us, latency.p90Us, latency.p95Us, latency.p99Us, latency.p999Us,
    ]
    #expect(result.enqueue.count == count)
    #expect(percentiles.prefix(present).allSatisfy { $0 != nil })
    #expect(percentiles.dropFirst(present).allSatisfy { $0 == nil })
    #expect(latency.maxUs == 100 && latency.meanUs == 100)
  }

  @Test func percentilesAreThoseOfTheLatencies() throws {
    let records = (1...1000).map {
      Self.operation(.claim, .ok, Int64($0), atMs: 1100, us: Double($0))
    }
    let latency = try result([], [], records).claim.latency
    func isClose(_ value: Double?, _ expected: Double) -> Bool {
      value.map { abs($0 - expected) <= expected * 0.001 } ?? false
    }
    #expect(isClose(latency.p50Us, 500))
    #expect(isClose(latency.p90Us, 900))
    #expect(isClose(latency.p95Us, 950))
    #expect(isClose(latency.p99Us, 990))
    #expect(latency.p999Us == nil)
    #expect(latency.maxUs == 1000)
    #expect(isClose(latency.meanUs, 500.5))
  }

  @Test func processesAreMergedByTheirSamples() throws {
    // 90 fast operations of one process and 10 slow ones of the other: the median is fast, and no mean
    // of two medians.
    let fast = (1...90).map { Self.operation(.enqueue, .ok, Int64($0), us: 10) }
    let slow = (91...100).map { Self.operation(.enqueue, .ok, Int64($0), us: 10_000) }
    let result = try result(fast, slow)
    #expect(result.enqueue.count == 100)
    #expect(try #require(result.enqueue.latency.p50Us) < 11)
    #expect(try #require(result.enqueue.latency.p95Us) > 9_900)
  }

  @Test func nothingMeasuredIsNothingInvented() throws {
    let result = try result()
    #expect(result.enqueue == OperationResult())
    #expect(result.throughputPerSecond == 0)
    #expect(result.busyRetryRate == nil && result.busyErrorRate == nil)
    #expect(result.fairnessJain == nil && result.slowestWorkerShare == nil)
    #expect(result.busyCodes.isEmpty && result.longestWaitUs == 0)
    #expect(result.measuredSeconds == 1)
  }

  @Test func latencyCountsFromTheIntendedStart() throws {
    let result = try result([
      Self.operation(.enqueue, atMs: 1500, us: 1000, intendedAtMs: 1400)
    ])
    #expect(result.enqueue.latency.maxUs == 101_000)
  }

  // MARK: The window

  /// Operations at the edges: whether the latency and whether the task counts.
  @Test(
    arguments: [
      // (start ms, length µs, latency counts, task counts)
      (999.0, 999, false, false),
      (999.0, 1000, true, true),
      (1000.0, 0, true, true),
      (1999.0, 999, true, true),
      (1999.0, 1000, true, false),
      (1999.999, 5000, true, false),
      (2000.0, 10, false, false),
      // From the warm-up into the drain: under way all the time, done at none.
      (500.0, 2_000_000, true, false),
    ] as [(Double, Double, Bool, Bool)])
  func edges(
    atMs: Double, us: Double, countsLatency: Bool, countsTask: Bool
  ) throws {
    let result = try result([Self.operation(.enqueue, atMs: atMs, us: us)])
    #expect(result.enqueue.count == (countsLatency ? 1 : 0))
    #expect(result.enqueued == (countsTask ? 1 : 0))
  }

  @Test func whatWasDueInTheWarmUpIsNotMeasured() throws {
    let result = try result([
      Self.operation(.enqueue, .ok, 1, atMs: 1001, us: 100, intendedAtMs: 900)
    ])
    #expect(result.enqueue.count == 0)
    #expect(result.enqueued == 1)
  }

  @Test func aProcessThatWaitsAllTheTimeIsSeen() throws {
    let fast = (1...99).map { Self.operation(.enqueue, .ok, Int64($0)) }
    let starved = Self.operation(
      .claim, .ok, 1, atMs: 800, us: 1_700_000, callbacks: 40, sleptUs: 1_700_000)
    let result = try result(fast, [], [starved])
    #expect(result.claim.latency.maxUs == 1_700_000)
    #expect(result.claim.busyRetryRate == 1)
    #expect(result.busyRetryRate == 0.01)
    // One process of four waited, and only the measurement counts.
    #expect(abs(try #require(result.busyWaitShare) - 0.25) < 1e-9)
  }

  @Test func theWaitingShareIsNeverMoreThanAll() throws {
    let result = try result(
      [Self.operation(.enqueue, .ok, 1, atMs: 1000, us: 9e6, callbacks: 9, sleptUs: 9_000_000)],
      [Self.operation(.enqueue, .ok, 2, atMs: 0, us: 9e6, callbacks: 9, sleptUs: 9_000_000)],
      [Self.operation(.claim, .ok, 1, atMs: 1000, us: 9e6, callbacks: 9, sleptUs: 9_000_000)],
      [Self.operation(.claim, .ok, 2, atMs: 0, us: 9e6, callbacks: 9, sleptUs: 9_000_000)])
    #expect(abs(try #require(result.busyWaitShare) - 1) < 1e-9)
    #expect(result.longestWaitUs == 9_000_000)
  }

  // MARK: Counts and rates

  @Test func countsAndThroughput() throws {
    let result = try result(
      (1...8).map { Self.operation(.enqueue, .ok, $0) }, [],
      (1...6).map { Self.operation(.claim, .ok, $0) }
        + (1...5).map { Self.operation(.complete, .ok, $0) }
        + [Self.operation(.complete, .refused, 6)]
        + (0..<3).map { _ in Self.operation(.claim, .empty, 0) })
    #expect(result.enqueued == 8 && result.claimed == 6 && result.completed == 5)
    #expect(result.emptyClaims == 3)
    #expect(result.throughputPerSecond == 5)
    #expect(result.claim.count == 6 && result.complete.count == 6)
    #expect(result.load.offeredPerSecond == nil)
  }

  @Test func theOfferedRateIsThatOfTheSettings() throws {
    var settings = CellSettings.standard
    settings.arrivals = .open(ratePerSecond: 12.5)
    #expect(try result(settings: settings).load.offeredPerSecond == 12.5)
  }

  @Test func operationsThatTimedOutStayIn() throws {
    let busy = ResultCode.busy.rawValue
    let enqueues =
      (1...98).map { Self.operation(.enqueue, .ok, $0) }
      + (0..<2).map { _ in
        Self.operation(
          .enqueue, .failed, 0, us: 300_000, code: busy, callbacks: 50, sleptUs: 290_000)
      }
    let result = try result(enqueues)
    #expect(result.enqueued == 98)
    #expect(result.enqueue.count == 100)
    #expect(result.enqueue.latency.maxUs == 300_000)
    #expect(result.enqueue.busyErrorRate == 0.02)
    #expect(result.enqueue.busyRetryRate == 0.02)
    #expect(result.busyCodes == ["enqueue/SQLITE_BUSY": 2])
    #expect(result.longestWaitUs == 290_000)
  }

  @Test func ratesAreKeptPerKindAndCode() throws {
    let snapshot = ResultCode.busySnapshot.rawValue
    let unknown: Int32 = 5 | (77 << 8)
    let result = try result(
      (1...10).map { Self.operation(.enqueue, .ok, $0, callbacks: $0 <= 5 ? 1 : 0) }, [],
      [
        Self.operation(.claim, .ok, 1), Self.operation(.claim, .failed, 0, code: snapshot),
        Self.operation(.claim, .failed, 0, code: unknown, callbacks: 3),
        Self.operation(.claim, .ok, 2, callbacks: 1),
        Self.operation(.claim, .empty, 0, callbacks: 9, sleptUs: 5),
      ],
      [
        Self.operation(.complete, .ok, 1), Self.operation(.complete, .indeterminate, 2, code: 10),
      ])
    #expect(result.enqueue.busyRetryRate == 0.5 && result.enqueue.busyErrorRate == 0)
    // The claim that found nothing had to wait before it knew.
    #expect(result.claim.busyRetryRate == 0.6 && result.claim.busyErrorRate == 0.4)
    #expect(result.complete.busyRetryRate == 0 && result.complete.busyErrorRate == 0)
    #expect(result.busyRetryRate == 8.0 / 17 && result.busyErrorRate == 2.0 / 17)
    #expect(
      result.busyCodes == [
        "claim/SQLITE_BUSY_SNAPSHOT": 1, "claim/SQLITE_BUSY(19717)": 1, "complete/SQLITE_IOERR": 1,
      ])
  }

  @Test func membersOfABatchAreTasksButNoLatencies() throws {
    let batch = [
      Self.operation(.enqueue, .ok, 1, us: 500, callbacks: 1, batch: 3),
      Self.operation(.enqueue, .ok, 2, us: 500, isMember: true),
      Self.operation(.enqueue, .ok, 3, us: 500, isMember: true),
    ]
    let completions = (1...3).map {
      Self.operation(.complete, .ok, $0, us: 100, batch: 3, isMember: $0 > 1)
    }
    let result = try result(batch, [], completions)
    #expect(result.enqueued == 3 && result.enqueue.count == 1)
    #expect(result.enqueue.busyRetryRate == 1)
    #expect(result.completed == 3 && result.complete.count == 1)
    #expect(result.fairnessJain == 0.5)
  }

  // MARK: Fairness

  @Test(arguments: [
    (5, 5, 1.0, 1.0), (10, 0, 0.5, 0.0), (9, 3, 0.8, 0.5), (0, 7, 0.5, 0.0),
  ])
  func fairnessIsThatOfTheConsumers(
    first: Int, second: Int, jain: Double, slowest: Double
  ) throws {
    func completions(_ count: Int) -> [OperationRecord] {
      (0..<count).map { Self.operation(.complete, .ok, Int64($0 + 1)) }
    }
    // What producers do is not asked for.
    let result = try result(
      (1...50).map { Self.operation(.enqueue, .ok, $0) }, [], completions(first),
      completions(second))
    #expect(abs(try #require(result.fairnessJain) - jain) < 1e-12)
    #expect(result.slowestWorkerShare == slowest)
  }

  // MARK: Phases

  @Test func thePhasesAddUpToTheWhole() throws {
    let phases = OperationPhases(
      lockWaitNs: 32_000, lockHeldNs: 48_000, commitNs: 16_000, checkpointNs: 8_000)
    let records = (1...400).map {
      Self.operation(
        .enqueue, .ok, $0, atMs: 1500, us: 100, intendedAtMs: 1499.96, sleptUs: 20, phases: phases)
    }
    let collector = try collector([records])
    try collector.poll()
    let result = Self.filled(collector)
    #expect(result.lock.phaseSumRatio == 1)
    #expect(abs(try #require(result.lock.utilisation) - 400 * 48e-6) < 1e-12)
    #expect(result.lock.holdMeanUs == 48)
    let rows = collector.phaseRows(of: result)
    func mean(_ phase: OperationPhase) throws -> Double? {
      try #require(rows.first { $0.phase == phase && $0.operation == .enqueue }).latency.meanUs
    }
    #expect(try mean(.response) == 140 && mean(.service) == 100 && mean(.lag) == 40)
    #expect(try mean(.lockWait) == 32 && mean(.commit) == 16 && mean(.checkpoint) == 8)
    #expect(try mean(.execute) == 44 && mean(.handler) == 20)
    let parts = rows.filter { OperationPhase.parts.contains($0.phase) }
    #expect(abs(parts.reduce(0) { $0 + ($1.share ?? 0) } - 1) < 1e-9)
    let near = parts.reduce(0) { $0 + ($1.meanNearP99Us ?? 0) }
    #expect(abs(near - 140) < 1e-9)
  }

  @Test func partsThatExceedTheWholeAreSeen() throws {
    let phases = OperationPhases(lockWaitNs: 80_000, commitNs: 40_000)
    let result = try result([Self.operation(.claim, .ok, 1, us: 100, phases: phases)])
    #expect(result.lock.phaseSumRatio == 1.2)
  }

  /// Half of the operations wait for the lock, and only they are near the 99th percentile.
  @Test func whatSlowOperationsDoIsAskedOfSlowOperations() throws {
    let records = (1...1000).map { id -> OperationRecord in
      let waits = id % 2 == 0
      return Self.operation(
        .claim, .ok, Int64(id), us: waits ? 1000 : 90,
        phases: OperationPhases(lockWaitNs: waits ? 960_000 : 0, commitNs: 32_000))
    }
    let collector = try collector([[], [], records])
    try collector.poll()
    let rows = collector.phaseRows(of: Self.filled(collector))
    let wait = try #require(rows.first { $0.phase == .lockWait })
    #expect(wait.meanNearP50Us == 0 && wait.meanNearP99Us == 960)
    let commit = try #require(rows.first { $0.phase == .commit })
    #expect(commit.meanNearP50Us == 32 && commit.meanNearP99Us == 32)
  }

  // MARK: Open loop

  private static let openLoop: CellSettings = {
    var settings = CellSettings.standard
    settings.arrivals = .open(RateProfile(steps: [.init(startUs: 0, perSecond: 10)]))
    return settings
  }()

  @Test func theScheduleIsAccountedFor() throws {
    var records = (0..<8).map {
      Self.operation(
        .enqueue, .ok, Int64($0 + 1), atMs: 1100.0 + Double($0), intendedAtMs: 1100.0 + Double($0))
    }
    // One is late, one ends after the measurement, one is never offered, one was due in the warm-up.
    records.append(Self.operation(.enqueue, .ok, 9, atMs: 1502, intendedAtMs: 1500))
    records.append(Self.operation(.enqueue, .ok, 10, atMs: 2100, intendedAtMs: 1990))
    records.append(Self.operation(.enqueue, .skipped, 0, atMs: 2500, us: 0, intendedAtMs: 1995))
    records.append(Self.operation(.enqueue, .ok, 11, atMs: 900, intendedAtMs: 900))
    let result = try result(records, settings: Self.openLoop)
    #expect(result.load.scheduled == 11)
    #expect(result.load.late == 3 && result.load.skipped == 1)
    // The one that ends too late began too late, too.
    #expect(result.load.achievedRatio == 9.0 / 11)
    #expect(result.load.lag.maxUs == 505_000)
    // What was never offered has waited all the same, but nobody has served it.
    #expect(result.enqueue.latency.maxUs == 505_000)
    #expect(result.enqueue.count == 11)
    #expect(result.enqueue.service.maxUs == 100)
  }

  // MARK: Windows

  @Test func theTimelineFollowsTheDepth() throws {
    let records = [
      Self.operation(.enqueue, .ok, 1, atMs: 650), Self.operation(.enqueue, .ok, 2, atMs: 1050),
      Self.operation(.enqueue, .ok, 3, atMs: 1250),
    ]
    let checkpoint = OperationRecord(
      kind: .checkpoint, outcome: .ok, taskID: 100, attempt: 0, intendedStartNs: 1_050_000_000,
      startNs: 1_050_000_000, endNs: 1_225_000_000)
    var settings = CellSettings.standard
    settings.depth = 5
    let collector = try collector(
      [
        records, [], [Self.operation(.claim, .ok, 1, atMs: 1060)],
        [Self.operation(.complete, .ok, 1, atMs: 1110)],
      ], checkpoints: [checkpoint],
      settings: settings)
    try collector.poll()
    let result = Self.filled(collector, settings)
    let rows = collector.timelineRows(of: result)
    #expect(rows.map(\.depth) == [5, 6, 6, 6, 6, 7, 6, 7])
    #expect(
      rows.map(\.stage) == Array(repeating: .warmUp, count: 5)
        + Array(repeating: .measure, count: 3))
    #expect(rows.map(\.startSeconds) == [-0.5, -0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2])
    #expect(rows.map(\.checkpoints) == [0, 0, 0, 0, 0, 0, 0, 1])
    #expect(rows.map(\.checkpointShare) == [0, 0, 0, 0, 0, 0.5, 1, 0.25])
    #expect(result.lock.checkpoints == 1 && result.lock.checkpointShare == 0.175)
    #expect(rows.map(\.enqueued) == [0, 1, 0, 0, 0, 1, 0, 1])
  }

  /// The mean depth by counting alone agrees with that by the tasks' own times.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func littlesLawHoldsOfAnyLoad(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var records: [OperationRecord] = []
    for id in 1...200 {
      // All within the measurement, so that nothing hangs over its edges.
      let enqueuedMs = 1001 + Double(random.index(below: 500))
      let completedMs = enqueuedMs + 1 + Double(random.index(below: 400))
      records.append(Self.operation(.enqueue, .ok, Int64(id), atMs: enqueuedMs))
      records.append(Self.operation(.complete, .ok, Int64(id), atMs: completedMs))
    }
    let collector = try collector([records])
    try collector.poll()
    var result = Self.filled(collector)
    let state = FinalState(statuses: [], integrity: ["ok"])
    let judgement = collector.historyChecker.judge(against: state)
    collector.fillFlow(&result, judgement, state)
    #expect(abs(try #require(result.flow.littlesLawRatio) - 1) < 1e-9, "seed \(seed)")
  }

  // MARK: Histograms, polling, account

  @Test func thereIsAHistogramForWhatHappened() throws {
    let collector = try collector([[Self.operation(.enqueue)]])
    try collector.poll()
    #expect(Set(collector.histograms.keys) == [.enqueue])
    #expect(collector.histograms[.enqueue]?.contains("1/(1-Percentile)") == true)
  }

  @Test func aLogCountsOnceHoweverOftenItIsRead() throws {
    let collector = try collector([(1...10).map { Self.operation(.enqueue, .ok, $0) }])
    for _ in 0..<3 { try collector.poll() }
    #expect(Self.filled(collector).enqueued == 10)
  }

  @Test func theAccountKnowsTheWarmUpAndTheDrain() throws {
    let collector = try collector([
      [
        Self.operation(.enqueue, .ok, 1, atMs: 100), Self.operation(.enqueue, .ok, 2, atMs: 1500),
        Self.operation(.enqueue, .ok, 3, atMs: 2500),
      ]
    ])
    try collector.poll()
    let judgement = collector.historyChecker.judge(
      against: FinalState(statuses: [.init(id: 2, status: .open)], integrity: ["ok"]))
    #expect(judgement.counts == [.lost: 2])
    #expect(Self.filled(collector).enqueued == 1)
  }

  @Test func theLiveSampleStartsAfreshEachTime() throws {
    _ = try collector([
      (1...100).map { Self.operation(.enqueue, .ok, $0, callbacks: $0 > 50 ? 1 : 0) }, [],
      (1...72).map { Self.operation(.claim, .ok, $0, us: 250) }
        + [Self.operation(.claim, .empty, 0)],
    ])
    let live = try LiveReader(
      (0...3).map { "\(directory.path)/\($0).log" }, measureStartNs: Self.startNs, isOpenLoop: false
    )
    let first = try live.takeSample()
    #expect(first.enqueuedPerSecond > 0 && first.completedPerSecond == 0)
    #expect(abs((first.claimP95Us ?? 0) - 250) < 3)
    #expect(first.busyRetryRate == 50.0 / 172)
    let second = try live.takeSample()
    #expect(second.enqueuedPerSecond == 0)
    #expect(second.claimP95Us == nil && second.busyRetryRate == nil)
  }

  @Test func aDamagedLogIsAnErrorWithItsName() throws {
    let collector = try collector([(1...5).map { Self.operation(.enqueue, .ok, $0) }])
    let path = "\(directory.path)/0.log"
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    try file.seek(toOffset: 64 + 2 * 64)
    try file.write(contentsOf: Data([0xFF]))
    try file.close()
    let error = #expect(throws: OperationLogError.self) { try collector.poll() }
    #expect(error?.description.contains(path) == true)
    // Those before it count.
    #expect(Self.filled(collector).enqueued == 2)
  }
}

/// Summaries of latencies of which some are known to be beyond all others only.
@Suite struct CensoredSummaryTests {
  private static let hundred: LatencyHistogram = {
    var histogram = LatencyHistogram()
    for us in 1...100 { histogram.record(UInt64(us) * 1000) }
    return histogram
  }()

  @Test func whatIsKnownOfAllIsASummaryOfAll() throws {
    let summary = Self.hundred.summary(beyond: 0)
    #expect(summary == Self.hundred.summary)
    #expect(abs(try #require(summary.p90Us) - 90) < 1 && summary.maxUs == 100)
  }

  /// With 100 more that never got there, the median is the largest that did, and nothing else is known.
  @Test func whoNeverGotThereIsBeyondAllOthers() throws {
    let summary = Self.hundred.summary(beyond: 100)
    #expect(abs(try #require(summary.p50Us) - 100) < 1)
    #expect(summary.p90Us == nil && summary.maxUs == nil && summary.meanUs == nil)
    #expect(Self.hundred.summary(beyond: 101).p50Us == nil)
    #expect(LatencyHistogram().summary(beyond: 5) == LatencySummary())
  }

  @Test func enoughSamplesAreStillNeeded() {
    #expect(Self.hundred.summary(beyond: 0).p99Us == nil)
  }
}
