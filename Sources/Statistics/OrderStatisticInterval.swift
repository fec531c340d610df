import Foundation

/// A closed interval of measured values.
package struct Interval: Equatable, Sendable {
  /// The lower end.
  package let low: Double
  /// The upper end.
  package let high: Double

  /// An interval from `low` to `high`.
  package init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }
}

/// The confidence interval of the median whose ends are two of the values themselves.
///
/// It makes no assumption about the distribution: with R independent values in ascending order, the
/// true median lies in [x(j), x(R+1−j)] with probability 1 − 2·P(Bin(R, ½) < j). Returns nil when
/// there are too few values for any such interval (fewer than 6 at 95 %).
package func orderStatisticInterval(
  of values: [Double], confidence: Double = 0.95
) -> Interval? {
  guard let rank = lowerRank(sampleCount: values.count, confidence: confidence) else { return nil }
  let sorted = values.sorted()
  return Interval(low: sorted[rank - 1], high: sorted[sorted.count - rank])
}

/// The largest 1-based rank j with 1 − 2·P(Bin(sampleCount, ½) < j) ≥ `confidence`; nil if none.
func lowerRank(sampleCount: Int, confidence: Double) -> Int? {
  guard sampleCount > 0, confidence < 1 else { return nil }
  // Logarithms, because 2^−R leaves the range of Double beyond about a thousand values.
  var logProbability = -Double(sampleCount) * log(2)
  var below = 0.0
  var rank = 0
  while 2 * (rank + 1) <= sampleCount {
    below += exp(logProbability)
    guard 1 - 2 * below >= confidence else { break }
    logProbability += log(Double(sampleCount - rank) / Double(rank + 1))
    rank += 1
  }
  return rank > 0 ? rank : nil
}
