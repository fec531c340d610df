import Foundation
import Testing

@testable import Statistics

@Suite("Median")
struct MedianTests {
  @Test(
    arguments: [
      ([], nil), ([7], 7), ([3, 1, 2], 2), ([4, 1, 3, 2], 2.5), ([-5, -1, -3], -3),
      ([1e308, 1e308], 1e308),
    ] as [([Double], Double?)])
  func `is the middle value`(values: [Double], expected: Double?) {
    #expect(median(of: values) == expected)
  }
}

@Suite("Order-statistic interval")
struct OrderStatisticIntervalTests {
  @Test(arguments: [(6, 1), (7, 1), (8, 1), (9, 2), (10, 2), (11, 2), (12, 3), (15, 4), (20, 6)])
  func `takes the ranks of the published table`(sampleCount: Int, rank: Int) {
    #expect(lowerRank(sampleCount: sampleCount, confidence: 0.95) == rank)
    let values = (1...sampleCount).map(Double.init).shuffled()
    #expect(
      orderStatisticInterval(of: values)
        == Interval(low: Double(rank), high: Double(sampleCount + 1 - rank)))
  }

  @Test(arguments: 0...5)
  func `needs six values`(sampleCount: Int) {
    let values = [Double](repeating: 1, count: sampleCount)
    #expect(orderStatisticInterval(of: values) == nil)
  }

  @Test func `a lower confidence needs fewer values and is narrower`() {
    #expect(orderStatisticInterval(of: [1, 2, 3], confidence: 0.75) == Interval(low: 1, high: 3))
    #expect(lowerRank(sampleCount: 20, confidence: 0.5)! > 6)
  }

  @Test func `certainty is never reached`() {
    #expect(orderStatisticInterval(of: [Double](repeating: 1, count: 50), confidence: 1) == nil)
  }

  @Test func `thousands of values agree with the normal approximation`() throws {
    let rank = try #require(lowerRank(sampleCount: 10_000, confidence: 0.95))
    // 5000 − 1.96 · 50 = 4902, up to the continuity correction.
    #expect((4900...4904).contains(rank))
  }
}

@Suite("Sample count of a quantile")
struct SampleCountTests {
  @Test(
    arguments: [
      (0.5, 6), (0.9, 36), (0.95, 72), (0.99, 368), (0.999, 3688),
      (0, 1), (-1, 1), (0.01, 1), (1, .max), (2, .max), (.nan, .max),
    ] as [(Double, Int)])
  func `is ln 0_025 over ln q, rounded up`(quantile: Double, count: Int) {
    #expect(minimumSampleCount(forQuantile: quantile) == count)
  }
}

@Suite("Jain index")
struct JainIndexTests {
  @Test(
    arguments: [
      ([5, 5, 5, 5], 1), ([8, 0, 0, 0], 0.25), ([1, 2, 3], 36.0 / 42), ([4], 1),
    ] as [([Int], Double)])
  func `is 1 for equal shares and 1 over n for a monopoly`(counts: [Int], expected: Double) throws {
    #expect(abs(try #require(jainIndex(of: counts)) - expected) < 1e-12)
  }

  @Test(arguments: [[], [0], [0, 0, 0]])
  func `has no value where nothing was shared out`(counts: [Int]) {
    #expect(jainIndex(of: counts) == nil)
  }
}

@Suite("Chi-square survival")
struct ChiSquareTests {
  /// Critical values of the usual tables, and tails from R's `pchisq(x, k, lower.tail = FALSE)`.
  @Test(
    arguments: [
      (3.841458820694124, 1, 0.05), (6.634896601021213, 1, 0.01), (5.991464547107979, 2, 0.05),
      (11.070497693516351, 5, 0.05), (18.307038053275146, 10, 0.05), (0.0039321400000195, 1, 0.95),
      (124.34211340400407, 100, 0.05), (1, 1, 0.317310507862914), (100, 100, 0.481192),
    ] as [(Double, Int, Double)])
  func `agrees with the tables`(statistic: Double, degrees: Int, expected: Double) throws {
    let probability = try #require(chiSquareSurvival(statistic, degreesOfFreedom: degrees))
    #expect(abs(probability - expected) < 1e-6 * expected, "\(probability)")
  }

  /// With two degrees of freedom it is exp(−x/2) exactly; with four, (1 + x/2) · exp(−x/2).
  @Test(arguments: [0, 1e-9, 0.1, 1, 2.9, 3.1, 10, 100, 1000, 1400])
  func `is an exponential for even degrees of freedom`(statistic: Double) throws {
    let half = statistic / 2
    let two = try #require(chiSquareSurvival(statistic, degreesOfFreedom: 2))
    #expect(abs(two - exp(-half)) <= 1e-12 * exp(-half))
    let four = try #require(chiSquareSurvival(statistic, degreesOfFreedom: 4))
    #expect(abs(four - (1 + half) * exp(-half)) <= 1e-12 * (1 + half) * exp(-half))
  }

  /// erfc is the other closed form.
  @Test(arguments: [0.01, 0.5, 1, 3, 10, 50, 300])
  func `is a normal tail for one degree of freedom`(statistic: Double) throws {
    let expected = erfc((statistic / 2).squareRoot())
    let one = try #require(chiSquareSurvival(statistic, degreesOfFreedom: 1))
    #expect(abs(one - expected) <= 1e-11 * expected)
  }

  @Test func `has its limits`() {
    #expect(chiSquareSurvival(0, degreesOfFreedom: 3) == 1)
    #expect(chiSquareSurvival(.infinity, degreesOfFreedom: 3) == 0)
    #expect(chiSquareSurvival(1e6, degreesOfFreedom: 3) == 0)
    #expect(chiSquareSurvival(-1, degreesOfFreedom: 3) == nil)
    #expect(chiSquareSurvival(.nan, degreesOfFreedom: 3) == nil)
    #expect(chiSquareSurvival(1, degreesOfFreedom: 0) == nil)
  }
}
