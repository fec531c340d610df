import Histogram

/// Latencies of one kind of operation in nanoseconds, every value to three significant digits or to two.
///
/// Histograms of several processes or repeats are merged by adding their buckets; percentiles must
/// never be averaged. Which quantiles may be shown for how many samples is for the caller to decide.
package struct LatencyHistogram: Sendable {
  /// How exact values are.
  package enum Precision: Sendable {
    /// To 0.1 %, in some 200 KB.
    case threeDigits
    /// To 1 %, in some 30 KB: for many histograms of few values each.
    case twoDigits
  }

  private var histogram: Histogram<UInt64>
  private var sumNs: UInt64 = 0

  /// Values that ``record(_:)`` could not take.
  package private(set) var rejectedCount: UInt64 = 0

  /// Makes an empty histogram, which grows if a value is beyond ten seconds.
  ///
  /// Not with the first values: growing costs a hundred times as much as what it saves.
  package init(_ precision: Precision = .threeDigits) {
    histogram = Histogram(
      highestTrackableValue: 10_000_000_000,
      numberOfSignificantValueDigits: precision == .threeDigits ? .three : .two)
    histogram.autoResize = true
  }

  /// Records a latency; returns false if it was rejected.
  ///
  /// Rejected, and counted, is what would make the sum of all values exceed 2^63 ns (292 years): only
  /// damaged input does that, and sums must not overflow for it.
  @discardableResult
  package mutating func record(_ latencyNs: UInt64) -> Bool {
    guard fits(latencyNs), histogram.record(latencyNs) else {
      rejectedCount += 1
      return false
    }
    sumNs += latencyNs
    return true
  }

  /// A range of values that the histogram does not tell apart, with how many there are.
  package struct Bucket: Hashable, Sendable {
    /// The largest value of the range.
    package let highestNs: UInt64
    package let count: UInt64

    package init(highestNs: UInt64, count: UInt64) {
      self.highestNs = highestNs
      self.count = count
    }
  }

  /// The ranges that hold values, in ascending order.
  package var buckets: [Bucket] {
    histogram.recordedValues().map { Bucket(highestNs: $0.value, count: $0.count) }
  }

  /// Buckets of more values are not real, and with too many the library's walk over the percentiles never
  /// comes to an end: its steps become smaller than what a Double near 100 can tell apart.
  private static let countLimit: UInt64 = 1 << 48

  /// Records the values of a bucket of another histogram; returns false, and counts them all as rejected,
  /// if their sum is beyond what ``record(_:)`` allows or the histogram would hold more than 2^48.
  ///
  /// The maximum becomes the largest value of the bucket, and the mean takes all of its values for the one
  /// in the middle: to three digits, they are the same.
  @discardableResult
  package mutating func record(_ bucket: Bucket) -> Bool {
    guard bucket.count > 0 else { return true }
    guard bucket.highestNs <= UInt64(Int64.max), bucket.count <= Self.countLimit,
      count + bucket.count <= Self.countLimit
    else {
      rejectedCount &+= bucket.count
      return false
    }
    let middleNs = min(histogram.medianEquivalentForValue(bucket.highestNs), bucket.highestNs)
    let (bucketSumNs, overflow) = middleNs.multipliedReportingOverflow(by: bucket.count)
    guard !overflow, fits(bucketSumNs), histogram.record(bucket.highestNs, count: bucket.count)
    else {
      rejectedCount &+= bucket.count
      return false
    }
    sumNs += bucketSumNs
    return true
  }

  /// Adds the values of another histogram; returns false, and counts them all as rejected, if their sum
  /// is beyond what ``record(_:)`` allows.
  @discardableResult
  package mutating func merge(_ other: LatencyHistogram) -> Bool {
    rejectedCount += other.rejectedCount
    guard fits(other.sumNs) else {
      rejectedCount += other.count
      return false
    }
    histogram.add(other.histogram)
    sumNs += other.sumNs
    return true
  }

  /// How many values have been recorded.
  package var count: UInt64 { histogram.totalCount }

  /// The largest value, exactly; 0 if there is none.
  package var maxNs: UInt64 { histogram.maxRecorded }

  /// The mean, exactly; 0 if there are no values.
  package var meanNs: Double { count == 0 ? 0 : Double(sumNs) / Double(count) }

  /// The value that the share `quantile` (0…1) of all values does not exceed, to three digits; nil if
  /// there are no values or the quantile is not in 0…1.
  package func value(atQuantile quantile: Double) -> UInt64? {
    guard count > 0, (0...1).contains(quantile) else { return nil }
    return histogram.valueAtPercentile(quantile * 100)
  }

  /// How many values do not exceed the given one, to the resolution of the histogram.
  package func count(atOrBelow valueNs: UInt64) -> UInt64 {
    count == 0 ? 0 : histogram.count(within: 0...min(valueNs, max(1, maxNs)))
  }

  /// The percentile distribution in the format of the HdrHistogram tools, in µs.
  package func hgrmText() -> String {
    var text = ""
    histogram.outputPercentileDistribution(to: &text, outputValueUnitScalingRatio: 1000)
    return text
  }

  private func fits(_ valueNs: UInt64) -> Bool {
    let (sum, overflow) = sumNs.addingReportingOverflow(valueNs)
    return !overflow && sum <= UInt64(Int64.max)
  }
}
