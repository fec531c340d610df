import Foundation
import Recording
import Results
import Testing
import Verification

@testable import Reporting

/// The blocks of a data file by their titles, each as rows of fields.
private func blocks(of plot: Plot) -> [(title: Substring, rows: [[Substring]])] {
  plot.data.split(separator: "\n\n\n").map { block in
    let lines = block.split(separator: "\n").drop { $0.hasPrefix("# ") && !$0.contains("\n# ") }
    let titles = block.split(separator: "\n").filter { $0.hasPrefix("# ") }
    return (
      titles.last?.dropFirst(2) ?? "",
      lines.filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
    )
  }
}

private func plot(
  _ name: String, _ record: RunRecord, format: PlotFormat = .file
) throws -> Plot {
  try #require(PlotSet(record, format: format).plots.first { $0.name == name })
}

private func reason(_ name: String, _ record: RunRecord) -> String? {
  PlotSet(record).skipped.first { $0.name == name }?.reason
}

@Suite("Plots of phases, rates, time, fairness and leases")
struct PlotSetTests {
  private static let rates = SampleRecord.rates.record
  private static let scaling = SampleRecord.scaling.record
  private static let leases = SampleRecord.leases.record

  @Test func `stacked phases end where their sum does`() throws {
    let plot = try plot("phases", Self.scaling)
    let bars = blocks(of: plot).filter { $0.title.hasPrefix("claim near p50") }
    #expect(bars.map(\.title) == ["lock_wait", "execute", "commit"].map { "claim near p50 \($0)" })
    // Each part begins where the one before it ends.
    for (before, after) in zip(bars, bars.dropFirst()) {
      #expect(before.rows.map { $0[2] } == after.rows.map { $0[1] })
    }
    let means = PhaseMeans(Self.scaling.phases)
    let total = try #require(means.total(.median, .claim, "c08"))
    let end = try #require(bars.last?.rows.last.flatMap { Double($0[2]) })
    #expect(abs(end * 1000 / total - 1) < 1e-6)
  }

  @Test func `a bar far beyond the others is cut off and says its value`() throws {
    let plot = try plot("phases", Self.rates)
    let cut = try #require(blocks(of: plot).first { $0.title == "enqueue near p50 cut off" })
    #expect(cut.rows.count == 1)
    #expect(cut.rows[0][2].hasPrefix("\"▸"))
  }

  @Test func `latency over the rate runs through the rates and rings what is saturated`() throws {
    let plot = try plot("latency-vs-rate", Self.rates)
    let p99 = blocks(of: plot).filter { $0.title.hasSuffix("claim_p99_us") }
    #expect(
      p99.map { $0.rows.map { $0[0] } } == [["670", "2000", "4000"], ["670", "2000", "4000"]])
    let saturated = blocks(of: plot).filter { $0.title == "saturated" }
    #expect(saturated.count == 3)
    #expect(saturated.allSatisfy { $0.rows.allSatisfy { $0[4] == "c07" } })
    #expect(plot.script.contains("saturated: the rate was not reached"))
    #expect(reason("latency-vs-rate", Self.scaling)?.contains("no axis varies the rate") == true)
  }

  @Test func `the timeline shows the baseline first, and the repeat of median throughput`() throws {
    let plot = try plot("timeline", Self.scaling)
    let columns = blocks(of: plot)
    #expect(columns.count == 6)
    #expect(columns[0].title.hasPrefix("c01 repeat "))
    #expect(columns[0].rows.count == 75)
    let subject = PlotSubject(Self.scaling, format: .file)
    let typical = try #require(
      subject.typicalRepeat(
        of: subject.cells[0], among: Set(Self.scaling.timeline.map(\.key))))
    #expect(columns[0].title == "c01 repeat \(typical.repeatNumber)")
    let ordered = subject.cells[0].usable.compactMap(\.throughputPerSecond).sorted()
    #expect([ordered[2], ordered[3]].contains(typical.throughputPerSecond))
    // The window before the measurement and the one behind it are shaded.
    #expect(plot.script.contains("rectangle from -0.5,graph 0 to 0,graph 1"))
    #expect(plot.script.contains("rectangle from 6,graph 0 to 7,graph 1"))
  }

  @Test func `a telephone gets the cells that tell most, one beneath another`() throws {
    let plot = try plot("timeline", Self.scaling, format: .phone)
    #expect(blocks(of: plot).count == 3)
    #expect(plot.script.contains("set terminal svg size 400,"))
    for plot in PlotSet(Self.rates, format: .phone).plots {
      let lefts = plot.script.split(separator: "\n").filter { $0.hasPrefix("set lmargin") }
      #expect(Set(lefts).count == 1, "\(plot.name) has panels side by side")
    }
  }

  @Test func `a Lorenz curve begins at 0 and ends at 1 below the diagonal`() throws {
    var result = Self.scaling.rows[6]
    result.consumerTasks = [30, 10, 60]
    let cell = try #require(summaries(of: [result]).first)
    let curve = try #require(lorenzCurve(of: cell))
    #expect(curve.map(\.tasks) == [0, 0.1, 0.4, 1])
    #expect(curve.map { ($0.consumers * 3).rounded() } == [0, 1, 2, 3])
    result.consumerTasks = [5]
    #expect(try lorenzCurve(of: #require(summaries(of: [result]).first)) == nil)
  }

  @Test func `leases are drawn at their lengths`() throws {
    let plot = try plot("lease", Self.leases)
    let lines = blocks(of: plot)
    #expect(lines[0].rows.map { $0[0] } == ["25", "100", "1000", "30000"])
    #expect(plot.script.contains("'25 ms' 25.0"))
    #expect(reason("lease", Self.rates) == "no axis varies the lease")
  }

  @Test func `where few leases ran out, the slowest takeover is drawn`() throws {
    var record = Self.leases
    #expect(try plot("lease", record).script.contains("sign of life to claim, p99"))
    let index = try #require(record.rows.firstIndex { $0.flow.reclaim.p99Us != nil })
    for row in record.rows.indices where record.rows[row].cell == record.rows[index].cell {
      record.rows[row].flow.reclaim.p99Us = nil
    }
    #expect(try plot("lease", record).script.contains("sign of life to claim, max"))
  }

  @Test(arguments: [
    ("25ms", 25.0), ("1s", 1000), ("2min", 120_000), ("500us", 0.5), ("1_000 ms", 1000),
  ])
  func `durations are read as scenarios write them`(label: String, ms: Double) {
    #expect(milliseconds(label) == ms)
  }

  @Test func `what is no duration is none`() {
    #expect(milliseconds("") == nil && milliseconds("10") == nil && milliseconds("x ms") == nil)
  }

  @Test func `service time is drawn where it differs, and the target where it applies`() throws {
    let enqueue = try plot("latency-enqueue", Self.rates)
    #expect(blocks(of: enqueue).contains { $0.title == "c01 service time" })
    let claim = try plot("latency-claim", Self.rates)
    #expect(!blocks(of: claim).contains { $0.title.contains("service time") })
    #expect(claim.script.contains("10000 with lines"))
    #expect(claim.script.contains("'target claim.p95 < 10ms'"))
    #expect(!enqueue.script.contains("target"))
  }

  @Test func `the lock bounds throughput, and the law is fitted to each line`() throws {
    let plot = try plot("throughput-vs-processes", Self.scaling)
    let bound = try #require(
      blocks(of: plot).first { $0.title == "WAL: bound by the write lock" })
    let cell = try #require(summaries(of: Self.scaling.rows).first)
    let ratios = cell.usable.compactMap { result in
      result.lock.utilisation.flatMap { used in result.throughputPerSecond.map { $0 / used } }
    }.sorted()
    let written = try #require(Double(bound.rows[0][1]))
    #expect(abs(written / ((ratios[2] + ratios[3]) / 2) - 1) < 1e-6)
    #expect(plot.notes.count == 4)
    #expect(plot.notes[0].hasPrefix("WAL: λ ") && plot.notes[0].contains("bootstrap"))
  }

  @Test func `boxes are hatched where noise could explain the difference`() throws {
    let plot = try plot("matrix", Self.rates)
    let noise = try #require(blocks(of: plot).first { $0.title == "may be noise" })
    #expect(noise.rows.map { $0.last } == ["c05"])
    // Three repeats say nothing of noise, so nothing is hatched.
    let few = PlotSet(SampleRecord.fewRepeats.record).plots.first { $0.name == "matrix" }
    #expect(few?.data.contains("may be noise") == false)
  }

  @Test func `a damaged interval log costs its picture only`() {
    var record = Self.rates
    for key in record.claimLogs.keys { record.claimLogs[key] = "what is this" }
    #expect(reason("latency-over-time", record)?.contains("-claim.hlog: line 1") == true)
    record.claimLogs = [:]
    #expect(reason("latency-over-time", record)?.contains("holds no interval log") == true)
  }
}

@Suite("Heat map")
struct HeatMapTests {
  /// A log with one interval for each list of latencies in µs.
  private func log(_ windows: [[Int]]) -> HistogramLog {
    HistogramLog(
      startMsSinceEpoch: 0,
      intervals: windows.enumerated().map { index, latencies in
        var histogram = LatencyHistogram()
        for latency in latencies { histogram.record(UInt64(latency * 1000)) }
        return HistogramLog.Interval(
          tag: nil, startMs: index * 100, lengthMs: 100, histogram: histogram)
      })
  }

  @Test func `all claims of a moment are in its boxes`() throws {
    let windows = log([[100, 5000, 5000, 5000], [100, 100, 100]])
    let map = try #require(HeatMap(windows, mostColumns: 10))
    #expect(map.lowUs <= 100 && map.highUs > 5000 && map.endSeconds == 0.2)
    let boxes = map.rows.map { $0.compactMap(Double.init) }
    // 100 µs in both windows in different colours, 5 ms in the first.
    #expect(map.rows.count == 3)
    #expect(boxes.allSatisfy { $0[2] < $0[3] })
    #expect(map.rows.map { [$0[0], $0[1]] } == [["0", "0.1"], ["0.1", "0.2"], ["0", "0.1"]])
    #expect(map.rows[1][4] == Palette.sequential[7].number)
  }

  @Test func `neighbours of one colour are one box`() throws {
    let map = try #require(HeatMap(log([[100], [100], [100]]), mostColumns: 10))
    #expect(map.rows.map { [$0[0], $0[1]] } == [["0", "0.3"]])
  }

  @Test func `windows are merged to the columns there are`() throws {
    let map = try #require(
      HeatMap(log((0..<100).map { [100 + 50 * $0] }), mostColumns: 10))
    #expect(Set(map.rows.map { $0[0] }).count <= 10)
  }

  @Test func `a log without claims has no map`() {
    #expect(HeatMap(log([[], []]), mostColumns: 10) == nil)
  }
}

@Suite("Colours")
struct PaletteTests {
  @Test func `no two colours are alike, or a page could not tell them apart`() {
    #expect(Set(Palette.all.map(\.components)).count == Palette.all.count)
    #expect(Set(Palette.all.map(\.name)).count == Palette.all.count)
  }

  /// The relative luminance of `#rrggbb`. Source: WCAG 2.2.
  private func luminance(_ colour: String) -> Double {
    let parts = PaletteColour(name: "", light: colour, dark: "").components.map { part in
      let share = Double(part) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  private func contrast(_ one: String, _ other: String) -> Double {
    let (low, high) = (
      min(luminance(one), luminance(other)), max(luminance(one), luminance(other))
    )
    return (high + 0.05) / (low + 0.05)
  }

  @Test func `text can be read on light and on dark pages`() {
    for colour in [Palette.text, Palette.quiet, Palette.bad] {
      #expect(contrast(colour.light, "#ffffff") >= 4.5, "\(colour.name)")
      #expect(contrast(colour.dark, Palette.paper.dark) >= 4.5, "\(colour.name)")
    }
    for (index, box) in Palette.diverging.enumerated() {
      let text = index == 0 ? Palette.brightText : Palette.boxText
      #expect(contrast(text.light, box.light) >= 4, "\(box.name)")
      #expect(contrast(text.dark, box.dark) >= 4, "\(box.name)")
    }
  }

  @Test func `lines stand out from dark pages`() {
    for colour in Palette.series {
      #expect(contrast(colour.dark, Palette.paper.dark) >= 4.5, "\(colour.name)")
    }
  }
}
