import Testing

@testable import Recording

@Suite struct LatencyHistogramTests {
  /// 1 µs, 2 µs, … 10 ms.
  private func ramp() -> LatencyHistogram {
    var histogram = LatencyHistogram()
    for microseconds in 1...10_000 { histogram.record(UInt64(microseconds) * 1000) }
    return histogram
  }

  @Test func anEmptyHistogramHasNoQuantiles() {
    let histogram = LatencyHistogram()
    #expect(histogram.count == 0)
    #expect(histogram.maxNs == 0)
    #expect(histogram.meanNs == 0)
    #expect(histogram.value(atQuantile: 0.5) == nil)
    #expect(histogram.count(atOrBelow: 100) == 0)
    #expect(histogram.hgrmText().contains("Total count    =            0"))
  }

  @Test(arguments: [0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1])
  func quantilesAreGoodToThreeDigits(quantile: Double) throws {
    let value = Double(try #require(ramp().value(atQuantile: quantile)))
    let exact = quantile * 10_000_000
    #expect(abs(value - exact) <= exact * 0.001 + 1)
  }

  @Test(arguments: [-0.1, 1.1, .nan, .infinity])
  func aQuantileOutsideIsNil(quantile: Double) {
    #expect(ramp().value(atQuantile: quantile) == nil)
  }

  @Test func maximumAndMeanAreExact() {
    var histogram = LatencyHistogram()
    for value in [1_000_003, 2_000_007, 9_999_999_999] as [UInt64] { histogram.record(value) }
    #expect(histogram.maxNs == 9_999_999_999)
    #expect(histogram.meanNs == Double(1_000_003 + 2_000_007 + 9_999_999_999) / 3)
    #expect(histogram.value(atQuantile: 1) == 9_999_999_999)
  }

  @Test func mergingEqualsRecordingTogether() {
    var together = LatencyHistogram()
    var parts = [LatencyHistogram(), LatencyHistogram(), LatencyHistogram()]
    for index in 0..<3_000 {
      let value = UInt64(index * index) * 37
      together.record(value)
      parts[index % 3].record(value)
    }
    var merged = LatencyHistogram()
    let areAllMerged = parts.map { merged.merge($0) }
    #expect(areAllMerged == [true, true, true])
    #expect(merged.count == together.count)
    #expect(merged.maxNs == together.maxNs)
    #expect(merged.meanNs == together.meanNs)
    #expect(merged.hgrmText() == together.hgrmText())
  }

  @Test func isRebuiltFromItsBuckets() {
    var histogram = ramp()
    histogram.record(0)
    let buckets = histogram.buckets
    #expect(buckets.map(\.highestNs) == buckets.map(\.highestNs).sorted())
    #expect(buckets.reduce(0) { $0 + $1.count } == 10_001)
    #expect(buckets.first == .init(highestNs: 0, count: 1))
    var rebuilt = LatencyHistogram()
    for bucket in buckets {
      let isRecorded = rebuilt.record(bucket)
      #expect(isRecorded)
    }
    #expect(rebuilt.buckets == buckets)
    #expect(rebuilt.value(atQuantile: 0.99) == histogram.value(atQuantile: 0.99))
    #expect(abs(rebuilt.meanNs - histogram.meanNs) < histogram.meanNs / 1000)
    #expect(rebuilt.maxNs == buckets.last?.highestNs)
  }

  @Test(
    arguments: [
      (UInt64(Int64.max), 2), (1 << 40, 1 << 40), (0, .max), (UInt64.max, 1),
    ] as [(UInt64, UInt64)])
  func absurdBucketsAreRejected(highestNs: UInt64, count: UInt64) {
    var histogram = ramp()
    let isRecorded = histogram.record(.init(highestNs: highestNs, count: count))
    #expect(!isRecorded)
    #expect(histogram.count == 10_000)
    #expect(histogram.rejectedCount == count)
  }

  @Test func countsBelowALimit() {
    let histogram = ramp()
    #expect(histogram.count(atOrBelow: 1_000) == 1)
    #expect(histogram.count(atOrBelow: 10_000_000) == 10_000)
    #expect(histogram.count(atOrBelow: .max) == 10_000)
    #expect(histogram.count(atOrBelow: 0) == 0)
  }

  @Test func absurdValuesAreRejectedAndCounted() {
    var histogram = LatencyHistogram()
    let areRecorded = [UInt64.max, UInt64(Int64.max), 1].map { histogram.record($0) }
    #expect(areRecorded == [false, true, false])
    #expect(histogram.rejectedCount == 2)
    #expect(histogram.count == 1)
    #expect(histogram.maxNs == UInt64(Int64.max))
    _ = histogram.hgrmText()
    var other = LatencyHistogram()
    other.record(5)
    let isMerged = other.merge(histogram)
    #expect(!isMerged)
    #expect(other.count == 1)
    #expect(other.rejectedCount == 3)
  }

  @Test func theTextIsThePercentileFormatInMicroseconds() throws {
    var histogram = LatencyHistogram()
    for value in [1_000, 2_000, 2_000, 4_000] as [UInt64] { histogram.record(value) }
    let lines = histogram.hgrmText().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "       Value     Percentile TotalCount 1/(1-Percentile)")
    #expect(lines[1] == "")
    #expect(lines[2] == "       1.000 0.000000000000          1           1.00")
    let last = try #require(lines.last { $0.contains("1.000000000000") })
    #expect(last.split(separator: " ") == ["4.001", "1.000000000000", "4"])
    #expect(lines.contains { $0.hasPrefix("#[Mean    =        2.250, StdDeviation   =") })
    #expect(lines.contains { $0.hasPrefix("#[Max     =") && $0.contains("Total count    =") })
    #expect(lines.contains { $0.hasPrefix("#[Buckets =") && $0.contains("SubBuckets     =") })
  }

  @Test func theTextsPercentilesRiseAndEndWithAllValues() throws {
    let rows = ramp().hgrmText().split(separator: "\n").dropFirst().filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: " ").compactMap { Double($0) } }
    #expect(rows.count > 50)
    for (earlier, later) in zip(rows, rows.dropFirst()) {
      #expect(earlier[0] <= later[0])
      #expect(earlier[1] < later[1])
      #expect(earlier[2] <= later[2])
    }
    #expect(rows.last?[2] == 10_000)
  }
}
