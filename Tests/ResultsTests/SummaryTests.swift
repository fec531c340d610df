import Statistics
import Testing

@testable import Results
import Verification

@Suite("summary.csv")
struct SummaryTests {
  @Test func `has exactly these columns`() {
    let metrics = Metric.all.map(\.columnName).flatMap { [$0, "\($0)_low", "\($0)_high"] }
    #expect(
      SummaryTable.header(axisNames: ["a"]) == [
        "schema_version", "run", "cell", "axis.a", "producers", "consumers", "repeats",
        "repeats_invalid",
      ] + metrics + ["status", "verdict", "detail"])
    #expect(Set(metrics).count == metrics.count)
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
