internal import Foundation
package import Results
internal import Statistics

/// A number that two sides are compared by, and which way it gets worse.
package struct ComparedMetric: Hashable, Sendable {
  package let metric: Metric
  /// Whether more of it is worse, as of everything but what one wants to have a lot of.
  package let isMoreWorse: Bool
  /// What may be worse of it without being a failure, as a share; nil for what all others may.
  package let margin: Double?

  /// Of what more is better.
  private static let wanted: Set<String> = [
    "throughput_per_s", "achieved_ratio", "offered_per_s", "fairness_jain", "slowest_worker_share",
  ]
  /// Of what neither more nor less is worse: it is best near 1, or says something about the machine.
  private static let neutral: Set<String> = [
    "littles_law_ratio", "phase_sum_ratio", "steady_from_s", "steal_share",
  ]

  /// Whether it says which of two sides is worse; what the control probes measure does not, for one.
  package var hasWorseSide: Bool { !Self.neutral.contains(name) && !name.hasPrefix("probe_") }

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
  /// The rest say how processes get along with each other, and depend on how they happen to meet: two runs differ
  /// by 5 to 14 % in the median claim, by 15 to 25 % in throughput and by 40 to 50 % in the longest operation. But
  /// whoever waits longer for the lock has a longer longest claim, and a policy that has somebody starve makes
  /// that several times as long. So these have margins of their own, which a sound program passes nearly as early
  /// as the others (7 gates take 14 blocks in the median, the first 5 of them 10); a p99 is no better than the
  /// maximum in a block of a thousand operations.
  package static let standard: [ComparedMetric] =
    MeasuredOperation.allCases.map { ComparedMetric(.quietService($0)) }
    + [
      ComparedMetric(.throughput, margin: 0.3),
      ComparedMetric(.latency(.claim, .p50), margin: 0.25),
      ComparedMetric(.maximumLatency(.enqueue), margin: 1),
      ComparedMetric(.maximumLatency(.claim), margin: 1),
    ]

  /// What nobody looks at unless asked: a sentence for whoever has passed.
  package static let standardGaps =
    "not looked at: p99 of anything, waits of completions, processor time, memory and size of the files"

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

  /// ln(head / base), turned so that more is worse; nil if a side has no value for another reason than that it
  /// was too slow for one.
  ///
  /// Two zeros do not differ, and a zero against something is infinitely far from it: gates only
  /// look at the sign. A side that did too few operations for a percentile that the other has is infinitely
  /// worse: if such blocks were left out, the slowest would not count.
  package func difference(base: RepeatResult, head: RepeatResult) -> Double? {
    switch (value(in: base), value(in: head)) {
    case (let base?, let head?):
      if base == head { return 0 }
      let logarithm = base == 0 ? Double.infinity : head == 0 ? -.infinity : log(head / base)
      return isMoreWorse ? logarithm : -logarithm
    case (_?, nil): return hasTooFewSamples(head) ? .infinity : nil
    case (nil, _?): return hasTooFewSamples(base) ? -.infinity : nil
    case (nil, nil): return nil
    }
  }

  /// Its value in a block; nil if there is none.
  func value(in result: RepeatResult) -> Double? {
    metric.value(in: result).flatMap { $0 >= 0 ? $0 : nil }
  }

  /// Whether a block had too few operations for it.
  private func hasTooFewSamples(_ result: RepeatResult) -> Bool {
    guard let operation, let quantile else { return false }
    return result[operation].count < minimumSampleCount(forQuantile: max(quantile, 1 - quantile))
  }

  /// The operation that it is about; nil if it is not about one.
  var operation: MeasuredOperation? {
    MeasuredOperation.allCases.first { name.hasPrefix("\($0.rawValue)_") }
  }

  /// The quantile that it is; nil if it is none.
  private var quantile: Double? {
    if name.contains("_p10_") { return 0.1 }
    return Percentile.allCases.first { name.contains("_\($0.rawValue)_") }?.quantile
  }
}
