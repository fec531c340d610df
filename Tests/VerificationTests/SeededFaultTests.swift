import Recording
import Scenarios
import Testing

@testable import Verification

/// Faults of a simulated queue, which the checker has to catch, and what it must not take for one.
@Suite struct SeededFaultTests {
  @Test(arguments: SeededFault.allCases, 1...3 as ClosedRange<UInt64>)
  func aFaultIsCaughtAndItsAbsenceIsNot(_ fault: SeededFault, seed: UInt64) {
    let load = SimulatedLoad(records: 12_000, fault: fault)
    let history = SimulatedHistory(load, seed: seed)
    #expect(history.outcome.hasFault, "\(fault) did not happen, seed \(seed)")
    let judgement = history.judgement
    #expect(judgement.counts[fault.finding] != nil, "seed \(seed): \(judgement.summary)")
    #expect(judgement.verdict == .invalid)
    let sound = SimulatedHistory(load.withoutFault, seed: seed).judgement
    #expect(sound.counts.isEmpty, "without \(fault), seed \(seed): \(sound.summary)")
  }

  /// Faults in batches, among other processes, lease ends and priorities.
  @Test(arguments: SeededFault.allCases, 1...3 as ClosedRange<UInt64>)
  func aFaultIsCaughtAmongBatches(_ fault: SeededFault, seed: UInt64) {
    var load = SimulatedLoad(records: 25_000, fault: fault)
    load.batchSize = 5
    load.prefilledCount = 100
    load.busyPerMille = 50
    let history = SimulatedHistory(load, seed: seed)
    #expect(history.outcome.hasFault, "\(fault) did not happen, seed \(seed)")
    let judgement = history.judgement
    #expect(judgement.counts[fault.finding] != nil, "seed \(seed): \(judgement.summary)")
    let sound = SimulatedHistory(load.withoutFault, seed: seed).judgement
    #expect(sound.counts.isEmpty, "without \(fault), seed \(seed): \(sound.summary)")
  }

  /// The faults that happen once are found once, where they break but one rule.
  @Test(
    arguments: [
      .droppedTask, .swappedFIFO, .swappedLIFO, .swappedPriority, .ignoredLease, .unexpectedTask,
      .lostCompletion, .skewedLottery, .repeatedID, .repeatedFence, .strangerClaimed, .lostClaim,
      .claimForNobody, .hiddenCompletion,
    ] as [SeededFault], 1...3 as ClosedRange<UInt64>)
  func aFaultIsFoundOnceAndNothingElse(_ fault: SeededFault, seed: UInt64) {
    let judgement = SimulatedHistory(SimulatedLoad(records: 12_000, fault: fault), seed: seed)
      .judgement
    if [.swappedFIFO, .swappedPriority].contains(fault) {
      // Until the task shows up again, others pass it over, too.
      #expect(
        Set(judgement.counts.keys).union([.olderPassedOver]) == [fault.finding, .olderPassedOver],
        "seed \(seed): \(judgement.summary)")
    } else {
      #expect(judgement.counts == [fault.finding: 1], "seed \(seed): \(judgement.summary)")
    }
  }

  @Test func everyFindingHasAFaultThatLeadsToIt() {
    let known = Set(SeededFault.allCases.map(\.finding))
    // A damaged file is a matter of real files; finished tasks of before are none of a simulation.
    #expect(known.union([.corrupt, .finishedChanged]) == Set(Judgement.Finding.allCases))
  }
}

/// Sound queues, whatever happens to their workers.
@Suite struct SoundHistoryTests {
  /// A load that seed and order decide.
  static func load(_ order: SimulatedLoad.Order, seed: UInt64) -> SimulatedLoad {
    var generator = SeededGenerator(seed: seed &* 31)
    var load = SimulatedLoad(records: 3000 + generator.index(below: 6000), order: order)
    load.producers = 1 + generator.index(below: 4)
    load.consumers = 1 + generator.index(below: 6)
    load.batchSize = 1 + generator.index(below: 6)
    load.leaseDurationMs = 3 + generator.index(below: 20)
    load.prefilledCount = generator.index(below: 2) * generator.index(below: 400)
    load.priorities =
      [[1], [1, 100], [0, 1, 2, 5, 100], Array(0..<40)][generator.index(below: 4)]
    load.backlog = [3, 30, 300][generator.index(below: 3)]
    load.busyPerMille = generator.index(below: 100)
    load.unansweredPerMille = generator.index(below: 3) * 20
    load.stalledPerMille = generator.index(below: 100)
    load.forgottenPerMille = generator.index(below: 30)
    load.otherPerMille = generator.index(below: 200)
    load.delayedPerMille = generator.index(below: 100)
    return load
  }

  @Test(arguments: SimulatedLoad.Order.allCases, 1...25 as ClosedRange<UInt64>)
  func nothingIsFound(_ order: SimulatedLoad.Order, seed: UInt64) {
    let load = Self.load(order, seed: seed)
    let history = SimulatedHistory(load, seed: seed)
    let judgement = history.judgement
    #expect(judgement.counts.isEmpty, "\(order), seed \(seed): \(judgement.summary)")
    var generator = SeededGenerator(seed: seed)
    let shuffled = history.checker(logOrder: generator.permutation(of: history.logs.count))
      .judge(against: history.outcome.finalState)
    #expect(shuffled == judgement, "\(order), seed \(seed): the order of the logs matters")
  }

  /// What the loads above are meant to contain does occur in them.
  @Test func theHistoriesAreWorthTheName() {
    var counts: [String: Int] = [:]
    var judgements: [Judgement] = []
    for seed: UInt64 in 1...20 {
      let history = SimulatedHistory(Self.load(.fifo, seed: seed), seed: seed)
      for record in history.logs.joined() {
        guard let kind = record.kind, let outcome = record.outcome else { continue }
        counts["\(kind) \(outcome)", default: 0] += 1
        if record.isMember { counts["member", default: 0] += 1 }
      }
      judgements.append(history.judgement)
    }
    for what in [
      "enqueue ok", "enqueue failed", "enqueue indeterminate", "claim ok", "claim empty",
      "claim failed", "claim indeterminate", "complete ok", "complete failed",
      "complete indeterminate", "complete refused", "fail ok", "fail indeterminate", "release ok",
      "extend ok", "extend refused", "member",
    ] {
      #expect(counts[what, default: 0] >= 10, "\(what): \(counts[what, default: 0])")
    }
    #expect(judgements.contains { $0.redelivered > 50 && $0.recovered > 50 })
    #expect(judgements.contains { $0.refused > 20 })
    #expect(judgements.contains { $0.unfinished > 0 && $0.oldestReadyNs > 1_000_000 })
  }

  /// Killed processes: the ends of their logs are missing.
  @Test(arguments: SimulatedLoad.Order.allCases, 1...10 as ClosedRange<UInt64>)
  func whatKilledProcessesDidNotRecordAccusesNobody(_ order: SimulatedLoad.Order, seed: UInt64) {
    var load = SimulatedLoad(records: 6000, order: order)
    load.batchSize = 3
    let history = SimulatedHistory(load, seed: seed)
    var killed = history
    for index in killed.logs.indices {
      // The last operation with all of its members.
      var isMember = true
      while isMember, let last = killed.logs[index].popLast() { isMember = last.isMember }
    }
    var checker = killed.checker()
    checker.allowUnrecorded(
      enqueues: load.producers * load.batchSize, completions: load.consumers * load.batchSize)
    let judgement = checker.judge(against: history.outcome.finalState)
    #expect(judgement.counts.isEmpty, "\(order), seed \(seed): \(judgement.summary)")
  }
}
