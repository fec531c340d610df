import Foundation
import Testing

@testable import Statistics

@Suite("Hodges–Lehmann estimate")
struct HodgesLehmannTests {
  @Test func `agrees with the example of Hollander and Wolfe`() throws {
    // Hamilton depression scale before and after; their interval has 96 %, the next narrower 94.5 %.
    let before = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    let after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    let estimate = try #require(hodgesLehmann(of: zip(before, after).map { $1 - $0 }))
    #expect(abs(estimate.value - -0.46) < 1e-12)
    #expect(abs(try #require(estimate.interval).low - -0.786) < 1e-12)
    #expect(abs(try #require(estimate.interval).high - -0.010) < 1e-12)
  }

  /// The two-sided 5 % critical values of the signed-rank test, as in every table; one more is the bound.
  @Test(
    arguments: [
      (6, 0), (7, 2), (8, 3), (9, 5), (10, 8), (11, 10), (12, 13), (15, 25), (20, 52), (25, 89),
      (50, 434),
    ])
  func `takes the ranks of the published table`(count: Int, critical: Int) {
    #expect(signedRankBound(sampleCount: count, confidence: 0.95) == critical + 1)
  }

  @Test(arguments: [(7, nil), (8, 1), (9, 2), (10, 4), (20, 38)] as [(Int, Int?)])
  func `takes the ranks of the published table at 99 percent`(count: Int, bound: Int?) {
    #expect(signedRankBound(sampleCount: count, confidence: 0.99) == bound)
  }

  @Test func `is normal for many values without a jump`() throws {
    let bounds = try (45...55).map {
      try #require(signedRankBound(sampleCount: $0, confidence: 0.95))
    }
    // From table values: 343 + 1 for 45, 434 + 1 for 50; differences grow by about one.
    #expect(bounds[0] == 344)
    let steps = zip(bounds.dropFirst(), bounds).map { $0 - $1 }
    for (earlier, later) in zip(steps, steps.dropFirst()) {
      #expect((-1...2).contains(later - earlier))
    }
  }

  @Test(arguments: 0...5)
  func `needs six differences for an interval`(count: Int) {
    let estimate = hodgesLehmann(of: [Double](repeating: 3, count: count))
    #expect(estimate == (count == 0 ? nil : Estimate(value: 3, interval: nil)))
    #expect(signedRankBound(sampleCount: 50, confidence: 1) == nil)
  }

  @Test(arguments: [6, 11, 60])
  func `holds the true centre as often as promised`(count: Int) throws {
    var noise = NormalGenerator(seed: UInt64(count))
    var hits = 0
    for _ in 0..<1000 {
      let interval = try #require(
        hodgesLehmann(of: (0..<count).map { _ in 2 + noise.next() })?.interval)
      if interval.low <= 2, 2 <= interval.high { hits += 1 }
    }
    // At least 95 % less 3 standard deviations; of 6 values the interval has 96.9 %.
    #expect((930...(count == 6 ? 986 : 975)).contains(hits), "\(hits) of 1000, \(count) values")
  }

  @Test func `ratios are those of the pairs`() throws {
    let references = [1.0, 10, 100, 1000, 5, 50, 500]
    let estimate = try #require(
      hodgesLehmannRatio(of: references.map { $0 * 1.1 }, to: references))
    #expect(abs(estimate.value - 1.1) < 1e-12)
    let values = [1.3, 9, 140, 1200, 4, 80, 650]
    let ratio = try #require(hodgesLehmannRatio(of: values, to: references))
    let inverse = try #require(hodgesLehmannRatio(of: references, to: values))
    #expect(abs(ratio.value * inverse.value - 1) < 1e-12)
    #expect(
      abs(try #require(ratio.interval).low * (try #require(inverse.interval)).high - 1) < 1e-12)
  }

  @Test(arguments: [0, -1, .infinity, .nan] as [Double])
  func `a ratio needs positive numbers`(bad: Double) {
    #expect(hodgesLehmannRatio(of: [1, bad], to: [1, 1]) == nil)
    #expect(hodgesLehmannRatio(of: [1, 1], to: [1, bad]) == nil)
    #expect(hodgesLehmannRatio(of: [], to: []) == nil)
  }
}
