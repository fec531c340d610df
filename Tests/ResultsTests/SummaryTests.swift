import Statistics
import Testing

@testable import Results
import Verification

@Suite("summary.csv")
struct SummaryTests {
  @Test func `has exactly these columns`() {
    #expect(
      SummaryTable.header(axisNames: ["a"]).joined(separator: ",") == """
        schema_version,run,cell,axis.a,producers,consumers,repeats,repeats_invalid,\
        throughput_per_s,throughput_per_s_low,throughput_per_s_high,\
        enqueue_p50_us,enqueue_p50_us_low,enqueue_p50_us_high,\
        enqueue_p95_us,enqueue_p95_us_low,enqueue_p95_us_high,\
        enqueue_p99_us,enqueue_p99_us_low,enqueue_p99_us_high,\
        enqueue_p999_us,enqueue_p999_us_low,enqueue_p999_us_high,\
        enqueue_max_us,enqueue_max_us_low,enqueue_max_us_high,\
        claim_p50_us,claim_p50_us_low,claim_p50_us_high,\
        claim_p95_us,claim_p95_us_low,claim_p95_us_high,\
        claim_p99_us,claim_p99_us_low,claim_p99_us_high,\
        claim_p999_us,claim_p999_us_low,claim_p999_us_high,\
        claim_max_us,claim_max_us_low,claim_max_us_high,\
        complete_p50_us,complete_p50_us_low,complete_p50_us_high,\
        complete_p95_us,complete_p95_us_low,complete_p95_us_high,\
        complete_p99_us,complete_p99_us_low,complete_p99_us_high,\
        complete_p999_us,complete_p999_us_low,complete_p999_us_high,\
        complete_max_us,complete_max_us_low,complete_max_us_high,\
        busy_retry_rate,busy_retry_rate_low,busy_retry_rate_high,\
        busy_error_rate,busy_error_rate_low,busy_error_rate_high,\
        fairness_jain,fairness_jain_low,fairness_jain_high,status,verdict,detail
        """)
  }

  private func rows(throughputs: [Double]) -> [RepeatResult] {
    throughputs.enumerated().map {
      sampleResult(repeatNumber: $0.offset + 1, throughput: $0.element)
    }
  }

  @Test func `five repeats give a median, six an interval too`() throws {
    let five = try #require(summaries(of: rows(throughputs: [5, 1, 4, 2, 3])).first)
    #expect(five.spread(of: .throughput)?.median == 3)
    #expect(five.spread(of: .throughput)?.interval == nil)
    #expect(five.spread(of: .throughput)?.bar == Interval(low: 1, high: 5))
    let six = try #require(summaries(of: rows(throughputs: [5, 1, 4, 2, 3, 6])).first)
    #expect(six.spread(of: .throughput)?.median == 3.5)
    #expect(six.spread(of: .throughput)?.interval == Interval(low: 1, high: 6))
    let header = SummaryTable.header(axisNames: ["journal_mode", "synchronous"])
    let place = try #require(header.firstIndex(of: "throughput_per_s"))
    #expect(SummaryTable.fields(of: five)[place..<place + 3] == ["3", "", ""])
    #expect(SummaryTable.fields(of: six)[place..<place + 3] == ["3.5", "1", "6"])
    #expect(SummaryTable.fields(of: six).count == header.count)
  }

  @Test func `an invalid repeat taints the verdict but not the numbers`() throws {
    var rows = rows(throughputs: [1, 2, 3])
    rows.append(sampleResult(repeatNumber: 4, throughput: 1e6, verdict: .invalid))
    rows[3].detail = "2 tasks lost"
    let summary = try #require(summaries(of: rows).first)
    #expect(summary.verdict == .invalid)
    #expect(summary.status == .measured)
    #expect(summary.spread(of: .throughput)?.median == 2)
    #expect(summary.usable.count == 3)
    #expect(summary.invalid.map(\.repeatNumber) == [4])
    #expect(summary.detail == "2 tasks lost")
  }

  @Test func `an unknown verdict is worse than valid and its numbers count`() throws {
    var rows = rows(throughputs: [1, 3])
    rows[0].verdict = .unknown
    let summary = try #require(summaries(of: rows).first)
    #expect(summary.verdict == .unknown)
    #expect(summary.spread(of: .throughput)?.median == 2)
  }

  @Test func `a refused cell has no numbers but its reason`() throws {
    let summary = try #require(summaries(of: [refusedResult()]).first)
    #expect(summary.status == .refused)
    #expect(summary.verdict == .unknown)
    #expect(Metric.all.allSatisfy { summary.spread(of: $0) == nil })
    #expect(summary.detail == refusedResult().detail)
  }

  @Test func `a repeat that ran again replaces its failure`() throws {
    var failed = sampleResult(throughput: 0)
    failed.status = .failed
    let summary = try #require(summaries(of: [failed, sampleResult(throughput: 9)]).first)
    #expect(summary.status == .measured)
    #expect(summary.spread(of: .throughput)?.count == 1)
  }

  @Test func `cells come in the order of their names`() {
    let rows = ["c10", "c02", "c01"].map { sampleResult(cell: $0) }
    #expect(summaries(of: rows).map(\.cell) == ["c01", "c02", "c10"])
  }
}
