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
