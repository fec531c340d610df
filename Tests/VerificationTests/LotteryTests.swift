import Recording
import Scenarios
import Testing

@testable import Verification

/// The test of `weighted_random` against simulated queues that follow the weights, or do not.
@Suite struct LotteryTests {
  private static func account(_ load: SimulatedLoad, seed: UInt64) -> LotteryAccount? {
    let history = SimulatedHistory(load, seed: seed)
    let checker = history.checker()
    return checker.lottery(
      of: checker.ordinaryTasks(in: history.outcome.finalState),
      weight: SimulatedLoad.weight(ofPriority:))
  }

  /// Sums of many statistics tell a wrong variance that no single one shows.
  @Test(arguments: [1, 4], [60, 400])
  func theStatisticIsDistributedAsItShouldBe(batchSize: Int, backlog: Int) throws {
    var statistics = 0.0
    var degrees = 0
    for seed: UInt64 in 1...40 {
      var load = SimulatedLoad(records: 6000, order: .weightedRandom)
      load.batchSize = batchSize
      load.backlog = backlog
      load.prefilledCount = backlog
      let lottery = try #require(Self.account(load, seed: seed))
      guard lottery.drawCount >= 300 else { continue }
      let test = try #require(lottery.test())
      statistics += test.statistic
      degrees += test.degreesOfFreedom
    }
    // Of few tasks, it is seldom certain enough what was ready.
    if backlog == 400 { #expect(degrees >= 60) }
    // The variance of a chi-square variable is twice its degrees of freedom.
    let deviation = (2 * Double(degrees)).squareRoot()
    #expect(abs(statistics - Double(degrees)) <= 4 * deviation, "\(statistics) for \(degrees)")
  }

  /// One worker that empties half of a queue. Each draw changes the odds of the next, so that the numbers
  /// vary less than those of independent draws would.
  @Test func aLoneWorkersStatisticIsDistributedAsItShouldBe() throws {
    var statistics = 0.0
    var degrees = 0
    for seed: UInt64 in 1...150 {
      var load = SimulatedLoad(records: 1000, order: .weightedRandom)
      load.producers = 0
      load.consumers = 1
      load.prefilledCount = 900
      let test = try #require(Self.account(load, seed: seed)?.test())
      statistics += test.statistic
      degrees += test.degreesOfFreedom
    }
    #expect(degrees >= 250)
    let deviation = (2 * Double(degrees)).squareRoot()
    #expect(abs(statistics - Double(degrees)) <= 3 * deviation, "\(statistics) for \(degrees)")
  }

  /// One worker, nothing at the same time: every draw counts and even small differences show.
  @Test func aLoneWorkersDrawsAllCount() throws {
    var load = SimulatedLoad(records: 8000, order: .weightedRandom)
    load.producers = 0
    load.consumers = 1
    load.prefilledCount = 3000
    load.busyPerMille = 0
    load.stalledPerMille = 0
    load.forgottenPerMille = 0
    load.otherPerMille = 0
    let history = SimulatedHistory(load, seed: 3)
    let lottery = try #require(Self.account(load, seed: 3))
    // Until one priority is left.
    #expect(lottery.drawCount > 2900 && lottery.drawCount <= 3000)
    #expect(history.judgement.counts.isEmpty)

    // The same draws, judged by weights that are a little different, and by very different ones.
    let checker = history.checker()
    let tasks = checker.ordinaryTasks(in: history.outcome.finalState)
    #expect(checker.lottery(of: tasks, weight: { 1 / (1.05 + Double($0)) })?.complaint == nil)
    let words = try #require(checker.lottery(of: tasks, weight: { _ in 1 })?.complaint)
    #expect(words.contains("% of") && words.contains("draws, expected"))
  }

  @Test func tooFewDrawsProveNothing() throws {
    var load = SimulatedLoad(records: 12_000, fault: .skewedLottery)
    #expect(SimulatedHistory(load, seed: 1).judgement.counts == [.lotterySkewed: 1])
    load.records = 1200
    #expect(try #require(Self.account(load, seed: 1)).drawCount < 500)
    #expect(SimulatedHistory(load, seed: 1).judgement.counts.isEmpty)
    load.records = 12_000
    load.priorities = [7]
    #expect(Self.account(load, seed: 1) == nil)
  }
}
