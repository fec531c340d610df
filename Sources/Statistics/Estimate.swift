/// An estimated number and how well it is known.
package struct Estimate: Equatable, Sendable {
  /// The estimate itself.
  package let value: Double
  /// The confidence interval; nil if there are too few values for one.
  package let interval: Interval?

  package init(value: Double, interval: Interval?) {
    self.value = value
    self.interval = interval
  }
}
