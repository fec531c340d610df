internal import Foundation
package import Results

/// A number that two sides are compared by, and which way it gets worse.
package struct ComparedMetric: Hashable, Sendable {
  package let metric: Metric
  /// Whether more of it is worse, as of everything but what one wants to have a lot of.
  package let isMoreWorse: Bool

  /// Of what more is better.
  private static let wanted: Set<String> = [
    "throughput_per_s", "achieved_ratio", "offered_per_s", "fairness_jain",
  ]

  package init(_ metric: Metric) {
    self.metric = metric
    isMoreWorse = !Self.wanted.contains(metric.columnName)
  }

  /// What a comparison looks at unless it is told otherwise.
  ///
  /// Means, because each of them is made of thousands of operations in the shortest block; a p99 is made of the
  /// hundredth part of those, and is three times as noisy.
  package static let standard: [ComparedMetric] = [
    ComparedMetric(.throughput), ComparedMetric(.meanLatency(.claim)),
    ComparedMetric(.meanLatency(.enqueue)),
  ]

  /// The metric of that name: that of a column of cells.csv, or as it stands in targets (`claim.p95`,
  /// `throughput`); nil if there is none.
  package init?(named name: String) {
    let base = name.replacing(".", with: "_")
    guard let metric = ["", "_us", "_per_s"].lazy.compactMap({ Metric.named(base + $0) }).first
    else { return nil }
    self.init(metric)
  }

  /// The name of its column.
  package var name: String { metric.columnName }

  /// ln(head / base), turned so that more is worse; nil if a side has no value.
  ///
  /// Two zeros do not differ, and a zero against something is infinitely far from it: gates only
  /// look at the sign.
  package func difference(base: RepeatResult, head: RepeatResult) -> Double? {
    guard let base = metric.value(in: base), let head = metric.value(in: head), base >= 0,
      head >= 0
    else { return nil }
    if base == head { return 0 }
    let logarithm = base == 0 ? Double.infinity : head == 0 ? -.infinity : log(head / base)
    return isMoreWorse ? logarithm : -logarithm
  }
}
