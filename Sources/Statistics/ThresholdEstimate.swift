import Foundation

/// Where trials that pass at small values of x begin to fail: the threshold θ of
/// P(pass | x) = γ + (1 − 2γ) / (1 + exp((x − θ) / s)).
///
/// θ is where half of them fail and s how gradual that is; γ is the share of trials whose result has nothing to
/// do with x, so that one freak far from the threshold does not spoil the estimate. What is known is the
/// posterior over a grid of θ and s with flat priors for θ and ln s, where s is at least 0.02: with sharper ones
/// allowed, intervals were too narrow in simulated searches. Its 95 % interval is the estimate's.
/// Source: King-Smith et al., "Efficient and unbiased modifications of the QUEST threshold method", Vision
/// Research 34, 1994; the model with a rate of lapses as in Wichmann and Hill, "The psychometric function",
/// Perception & Psychophysics 63, 2001.
package struct ThresholdEstimate: Sendable {
  /// γ.
  package static let lapseRate = 0.02
  private static let step = 0.004
  private static let widths: [Double] = (0..<9).map { 0.02 * pow(1.45, Double($0)) }

  private let low: Double
  private let count: Int
  /// ln of the posterior, up to a constant; θ varies slowest.
  private var logs: [Double]

  /// Nothing is known but that θ lies in `range`.
  package init(range: ClosedRange<Double>) {
    low = range.lowerBound
    count = max(2, Int(((range.upperBound - range.lowerBound) / Self.step).rounded(.up)) + 1)
    logs = Array(repeating: 0, count: count * Self.widths.count)
  }

  /// Learns from one trial at `x`.
  package mutating func add(x: Double, passed: Bool) {
    for place in 0..<count {
      let distance = x - (low + Double(place) * Self.step)
      for (index, width) in Self.widths.enumerated() {
        let passes =
          Self.lapseRate + (1 - 2 * Self.lapseRate) / (1 + exp(min(distance / width, 700)))
        logs[place * Self.widths.count + index] += log(passed ? passes : 1 - passes)
      }
    }
  }

  /// The posterior of θ alone, which adds up to 1.
  private var thresholds: [Double] {
    let most = logs.max() ?? 0
    var sums = [Double](repeating: 0, count: count)
    for place in 0..<count {
      for index in Self.widths.indices {
        sums[place] += exp(logs[place * Self.widths.count + index] - most)
      }
    }
    let total = sums.reduce(0, +)
    return sums.map { $0 / total }
  }

  /// The value that θ is below with that probability.
  package func quantile(_ probability: Double) -> Double {
    var below = 0.0
    for (place, share) in thresholds.enumerated() {
      // Each place stands for the stretch around it.
      if below + share >= probability, share > 0 {
        let part = (probability - below) / share
        return low + (Double(place) - 0.5 + part) * Self.step
      }
      below += share
    }
    return low + Double(count - 1) * Self.step
  }

  /// The median of θ and its 95 % interval.
  package var threshold: Estimate {
    Estimate(
      value: quantile(0.5), interval: Interval(low: quantile(0.025), high: quantile(0.975)))
  }

  /// s, in the geometric mean.
  package var width: Double {
    let most = logs.max() ?? 0
    var sums = [Double](repeating: 0, count: Self.widths.count)
    for place in 0..<count {
      for index in sums.indices {
        sums[index] += exp(logs[place * Self.widths.count + index] - most)
      }
    }
    let total = sums.reduce(0, +)
    return exp(zip(Self.widths, sums).reduce(0) { $0 + log($1.0) * $1.1 / total })
  }
}
