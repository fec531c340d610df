package import Statistics

/// A measured value over the repeats of a cell.
package struct Spread: Equatable, Sendable {
  /// The median over the repeats.
  package let median: Double
  /// The 95 % order-statistic interval of the median; nil for fewer than 6 repeats.
  package let interval: Interval?
  /// The smallest and the largest value.
  package let range: Interval
  /// How many repeats had the value.
  package let count: Int

  /// The spread of `values`; nil for none.
  package init?(of values: [Double]) {
    guard let median = Statistics.median(of: values), let low = values.min(),
      let high = values.max()
    else { return nil }
    self.median = median
    self.range = Interval(low: low, high: high)
    self.count = values.count
    interval = orderStatisticInterval(of: values)
  }

  /// What an error bar shows: the interval, or the range where there are too few repeats for one.
  package var bar: Interval { interval ?? range }
}
