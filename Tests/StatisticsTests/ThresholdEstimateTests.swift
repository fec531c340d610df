import Foundation
import TestSupport
import Testing

@testable import Statistics

@Suite("Thresholds of trials that pass or fail")
struct ThresholdEstimateTests {
  /// Trials around `threshold`, at places that have nothing to do with their results.
  static func estimate(
    threshold: Double, width: Double, trials: Int, seed: UInt64
  ) -> ThresholdEstimate {
    var random = SeededGenerator(seed: seed)
    var estimate = ThresholdEstimate(range: (threshold - 1)...(threshold + 1.2))
    for _ in 0..<trials {
      let x = threshold + Double.random(in: -0.2...0.2, using: &random)
      let passes = 1 / (1 + exp((x - threshold) / width))
      estimate.add(x: x, passed: Double.random(in: 0..<1, using: &random) < passes)
    }
    return estimate
  }

  @Test(arguments: [0.01, 0.03, 0.08])
  func `the interval holds the threshold as often as it promises`(width: Double) {
    var covered = 0
    var errors: [Double] = []
    for seed in 1...40 {
      let found = Self.estimate(threshold: 9, width: width, trials: 40, seed: UInt64(seed)).threshold
      errors.append(abs(found.value - 9))
      if let interval = found.interval, interval.low <= 9, 9 <= interval.high { covered += 1 }
    }
    // 38 are expected; 34 or fewer have a chance of 1 in 25 with independent trials.
    #expect(covered >= 34, "\(covered) of 40")
    errors.sort()
    #expect(errors[20] < 0.02 + width / 2)
  }

  @Test func `without trials, everything in the range is as likely`() {
    let estimate = ThresholdEstimate(range: 0...1)
    #expect(abs(estimate.quantile(0.5) - 0.5) < 0.01)
    #expect(abs(estimate.quantile(0.25) - 0.25) < 0.01)
  }

  @Test func `one freak far away changes next to nothing`() throws {
    var estimate = Self.estimate(threshold: 9, width: 0.02, trials: 40, seed: 3)
    let before = estimate.threshold.value
    estimate.add(x: 8.2, passed: false)
    #expect(abs(estimate.threshold.value - before) < 0.01)
  }

  @Test func `gradual transitions are told from sharp ones`() {
    let sharp = Self.estimate(threshold: 9, width: 0.005, trials: 80, seed: 1).width
    let gradual = Self.estimate(threshold: 9, width: 0.09, trials: 80, seed: 1).width
    #expect(sharp < 0.025)
    #expect(gradual > 0.05)
  }
}
