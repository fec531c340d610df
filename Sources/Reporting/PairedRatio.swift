import Foundation
import Results
import Statistics

/// How a metric of one cell relates to that of another, over the repeats that both have.
///
/// Repeats run in blocks: every cell once in random order, then every cell again, each block with a seed of
/// its own. So the repeats with the same number are compared with each other, and what the machine did
/// meanwhile cancels out to a part.
struct PairedRatio: Equatable {
  /// The median of the ratios.
  let median: Double
  /// The 95 % order-statistic interval of the median; nil for fewer than 6 pairs.
  let interval: Interval?
  /// The smallest and the largest ratio.
  let range: Interval
  /// How many pairs there were.
  let count: Int

  /// The ratio of `metric` in `cell` to that in `other`; nil if no repeat has both, or is not positive.
  init?(of metric: Metric, in cell: CellSummary, to other: CellSummary) {
    let others = Dictionary(
      other.usable.map { ($0.repeatNumber, metric.value(in: $0)) }, uniquingKeysWith: { $1 })
    // Logarithms, so that a half and the double are as far from 1.
    let logs = cell.usable.compactMap { result -> Double? in
      guard let value = metric.value(in: result),
        let reference = others[result.repeatNumber] ?? nil,
        value > 0, reference > 0
      else { return nil }
      return log(value / reference)
    }
    guard let spread = Spread(of: logs) else { return nil }
    func exponential(_ interval: Interval) -> Interval {
      Interval(low: exp(interval.low), high: exp(interval.high))
    }
    median = exp(spread.median)
    interval = spread.interval.map(exponential)
    range = exponential(spread.range)
    count = spread.count
  }

  /// What is shown behind the median: the interval, or the range where there are too few pairs.
  var bar: Interval { interval ?? range }

  /// Whether there is a difference beyond noise; nil where there are too few pairs to say.
  var isDifference: Bool? { interval.map { $0.low > 1 || $0.high < 1 } }
}
