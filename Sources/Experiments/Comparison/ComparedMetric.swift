internal import Foundation
package import Results

/// A number that two sides are compared by, and which way it gets worse.
package struct ComparedMetric: Hashable, Sendable {
  package let metric: Metric
  /// Whether more of it is worse, as of everything but what one wants to have a lot of.
  package let isMoreWorse: Bool
  /// What may be worse of it without being a failure, as a share; nil for what all others may.
  package let margin: Double?

  /// Of what more is better.
  private static let wanted: Set<String> = [
    "throughput_per_s", "achieved_ratio", "offered_per_s", "fairness_jain",
  ]

  package init(_ metric: Metric, margin: Double? = nil) {
    self.metric = metric
    self.margin = margin
    isMoreWorse = !Self.wanted.contains(metric.columnName)
  }

  /// What a comparison looks at unless it is told otherwise.
  ///
  /// The service time that a tenth of the operations stays below is that of those with which nothing interfered,
  /// so it says what the code itself takes: in blocks of 100 to 200 ms on two cores of a virtual machine, most
  /// runs of one program differ by 2 % in it (the median absolute deviation, scaled), where medians of saturated
  /// processes differ by 10 to 20 % and means by 20 to 30 %.
  ///
  /// Throughput and the longest operation say how processes get along with each other, and depend on how they
  /// happen to meet: two runs differ by 15 to 25 % in the one and by a third in the other. But a policy that has
  /// somebody starve makes the longest enqueue several times as long. So these have margins of their own, which a
  /// sound program passes as early as the others; a p99 is no better than the maximum in a block of a thousand
  /// operations.
  package static let standard: [ComparedMetric] =
    MeasuredOperation.allCases.map { ComparedMetric(.quietService($0)) }
    + [
      ComparedMetric(.throughput, margin: 0.3),
      ComparedMetric(.maximumLatency(.enqueue), margin: 1),
    ]

  /// The metric of that name: that of a column of cells.csv, or as it stands in targets (`claim.p95`,
  /// `throughput`); nil if there is none.
  package init?(named name: String, margin: Double? = nil) {
    let base = name.replacing(".", with: "_")
    guard let metric = ["", "_us", "_per_s"].lazy.compactMap({ Metric.named(base + $0) }).first
    else { return nil }
    self.init(metric, margin: margin)
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
