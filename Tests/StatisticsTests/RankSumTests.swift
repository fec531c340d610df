import TestSupport
import Testing

@testable import Statistics

@Suite("Rank-sum test and shift")
struct RankSumTests {
  /// Hollander and Wolfe, table 4.1: permeability of human chorioamnion at term and at 12 to 26 weeks.
  private let term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
  private let early = [1.15, 0.88, 0.90, 0.74, 1.21]

  @Test func `agrees with the example of Hollander and Wolfe`() throws {
    // Their one-sided p-value is 0.1272, and R's wilcox.test gives 0.2544 for two sides.
    let p = try #require(mannWhitneyPValue(term, early))
    #expect(abs(p - 0.2544) < 5e-5)
    let shift = try #require(hodgesLehmannShift(of: term, from: early))
    // R: wilcox.test(…, conf.int = TRUE): 0.305, interval −0.15 to 0.76.
    #expect(abs(shift.value - 0.305) < 1e-9)
    let interval = try #require(shift.interval)
    #expect(abs(interval.low - -0.15) < 1e-9 && abs(interval.high - 0.76) < 1e-9)
  }

  /// Critical values of U at 5 %, two-sided, as in every table; one more is the bound.
  @Test(
    arguments: [
      (4, 4, 0), (5, 5, 2), (6, 6, 5), (5, 8, 6), (10, 10, 23), (15, 15, 64), (20, 20, 127),
    ])
  func `takes the ranks of the published table`(first: Int, second: Int, critical: Int) {
    #expect(rankSumBound(first, second, confidence: 0.95) == critical + 1)
  }

  @Test(arguments: [(3, 3), (1, 30), (2, 7)])
  func `gives no interval to samples that are too small`(first: Int, second: Int) throws {
    let shift = hodgesLehmannShift(
      of: (0..<first).map(Double.init), from: (0..<second).map { Double($0) + 100 })
    #expect(try #require(shift).interval == nil)
    #expect(hodgesLehmannShift(of: [], from: [1]) == nil)
    #expect(mannWhitneyPValue([1], []) == nil)
  }

  @Test func `equal values count half`() throws {
    // Of the 6 ways to choose two of the ranks 1, 2.5, 2.5, 4, those as far from the mean as 1 + 2.5: 4.
    #expect(abs(try #require(mannWhitneyPValue([1, 2], [2, 3])) - 4.0 / 6) < 1e-12)
    #expect(mannWhitneyPValue([5, 5, 5], [5, 5]) == 1)
    #expect(
      mannWhitneyPValue(
        Array(repeating: 5, count: 40), Array(repeating: 5, count: 40)) == 1)
  }

  @Test func `many values are as good as exact`() throws {
    var noise = NormalGenerator(seed: 3)
    let first = (0..<30).map { _ in noise.next() + 0.5 }
    let second = (0..<30).map { _ in noise.next() }
    let exact = try #require(mannWhitneyPValue(first, second))
    // One more in the middle of the other sample changes little, but passes the limit.
    let approximate = try #require(mannWhitneyPValue(first, second + [median(of: second) ?? 0]))
    #expect(abs(exact - approximate) < 0.01)
    let exactBound = try #require(rankSumBound(30, 30, confidence: 0.95))
    let bound = try #require(rankSumBound(31, 30, confidence: 0.95))
    #expect((1...20).contains(bound - exactBound))
  }

  @Test func `a ratio turns round with its sides`() throws {
    let there = try #require(hodgesLehmannShiftRatio(of: term, to: early))
    let back = try #require(hodgesLehmannShiftRatio(of: early, to: term))
    #expect(abs(there.value * back.value - 1) < 1e-12)
    #expect(hodgesLehmannShiftRatio(of: [1, 0], to: [1, 2]) == nil)
  }

  @Test(arguments: [(6, 6), (5, 11), (40, 40)])
  func `holds the true shift as often as promised`(first: Int, second: Int) throws {
    var noise = NormalGenerator(seed: UInt64(first * 100 + second))
    var hits = 0
    for _ in 0..<400 {
      let interval = try #require(
        hodgesLehmannShift(
          of: (0..<first).map { _ in 2 + noise.next() },
          from: (0..<second).map { _ in noise.next() })?.interval)
      if interval.low <= 2, 2 <= interval.high { hits += 1 }
    }
    // 95 % of 400 are 380; four deviations below that are 362.
    #expect(hits >= 362, "\(hits) of 400")
  }
}

@Suite("Clopper–Pearson interval")
struct ClopperPearsonTests {
  /// Computed apart, by bisection on sums of exact binomial coefficients.
  @Test(
    arguments: [
      (0, 200, 0, 0.018275), (1, 200, 0.000127, 0.027542), (2, 200, 0.001213, 0.035655),
      (7, 20, 0.153909, 0.592189), (19, 20, 0.751267, 0.998735), (20, 20, 0.831567, 1),
    ] as [(Int, Int, Double, Double)])
  func `is where the sums of the coefficients say`(
    successes: Int, trials: Int, low: Double, high: Double
  ) {
    let interval = clopperPearsonInterval(successes: successes, trials: trials)
    #expect(abs(interval.low - low) < 2e-6 && abs(interval.high - high) < 2e-6, "\(interval)")
  }

  @Test func `adds the terms of the binomial distribution`() {
    // (1 + 10 + 45) / 1024.
    #expect(abs(binomialAtMost(2, trials: 10, probability: 0.5) - 56.0 / 1024) < 1e-12)
    #expect(abs(binomialAtMost(0, trials: 10, probability: 0.5) - 1.0 / 1024) < 1e-12)
    #expect(binomialAtMost(-1, trials: 10, probability: 0.5) == 0)
    #expect(binomialAtMost(10, trials: 10, probability: 0.5) == 1)
    #expect(binomialAtMost(3, trials: 10, probability: 1) == 0)
    #expect(binomialAtMost(3, trials: 10, probability: 0) == 1)
    #expect(abs(binomialAtMost(50_000, trials: 100_000, probability: 0.5) - 0.5) < 0.01)
  }
}
