import Foundation
import Results
import Testing

@testable import Reporting

/// The blocks of a data file as fields, without comments.
private func blocks(of plot: Plot) -> [[[Substring]]] {
  plot.data.split(separator: "\n\n\n").map { block in
    block.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
  }
}

private func plot(_ name: String, of run: SampleRun) throws -> Plot {
  try #require(
    PlotSet(RunRecord(rows: run.rows, manifest: run.manifest)).plots.first { $0.name == name })
}

@Suite("Data of the plots")
struct PlotDataTests {
  @Test func `latency has a block per cell and a row per percentile`() throws {
    let plot = try plot("latency-claim", of: .typical)
    let blocks = blocks(of: plot)
    #expect(blocks.count == 12)
    // DELETE has too few samples for p99.9: its lines end at p99.
    #expect(blocks[0].map { $0[1] } == ["50", "90", "95", "99"])
    #expect(blocks[6].map { $0[1] } == ["50", "90", "95", "99", "99.9"])
    #expect(blocks[6].map { $0[0] } == ["2", "10", "20", "100", "1000"])
    let summary = try #require(summaries(of: SampleRun.typical.rows).first { $0.cell == "c07" })
    let median = try #require(summary.spread(of: .latency(.claim, .p95))?.median)
    let written = try #require(Double(blocks[6][2][2]))
    #expect(abs(written / median - 1) < 1e-6)
    #expect(plot.data.contains("# c07 WAL, NORMAL, processes 2\n"))
  }

  @Test func `twelve cells make two panels with one legend`() throws {
    let script = try plot("latency-claim", of: .typical).script
    #expect(script.split(separator: "\n").filter { $0.hasPrefix("plot ") }.count == 2)
    #expect(script.contains("'journal_mode = WAL'"))
    #expect(script.components(separatedBy: "'NORMAL, processes 8' at").count == 2)
  }

  @Test func `lines over processes skip what has no value and show invalid repeats apart`() throws {
    let blocks = blocks(of: try plot("throughput-vs-processes", of: .troubled))
      .filter { $0[0][4] != "law" }
    // DELETE, WAL without its invalid cell, OFF without the refused one, four invalid repeats.
    #expect(
      blocks.map { $0.map { $0[4] } } == [
        ["c01", "c02", "c03"], ["c04", "c06"], ["c08", "c09"], ["c02", "c05", "c05", "c05"],
      ])
  }

  @Test func `BUSY is per thousand operations`() throws {
    let blocks = blocks(of: try plot("busy-vs-processes", of: .oneRepeat))
    let rate = try #require(SampleRun.oneRepeat.rows[0].busyRetryRate)
    let written = try #require(Double(blocks[0][0][1]))
    #expect(abs(written - rate * 1000) < 1e-5)
  }

  @Test func `a single number of processes makes bars`() throws {
    let plot = try plot("throughput-vs-processes", of: .oneAxis)
    #expect(plot.script.contains("boxxyerror"))
    #expect(plot.script.contains("'NORMAL' 1"))
    #expect(blocks(of: plot)[0].count == 4)
  }

  @Test func `cells of one line never share a number of processes`() throws {
    let blocks = blocks(of: try plot("throughput-vs-processes", of: .producersByConsumers))
      .filter { $0[0][4] != "law" }
    #expect(blocks.map { $0.map { $0[4] } } == [["c01", "c02", "c03"], ["c04", "c05", "c06"]])
  }

  @Test func `the matrix compares with the baseline`() throws {
    var manifest = SampleRun.typical.manifest
    manifest.baselineCell = "c07"
    let plots = PlotSet(RunRecord(rows: SampleRun.typical.rows, manifest: manifest)).plots
    let matrix = try #require(plots.first { $0.name == "matrix" })
    #expect(matrix.script.contains("framed baseline c07"))
    let row = try #require(matrix.data.split(separator: "\n").first { $0.hasSuffix(" c07") })
    #expect(row.hasPrefix("0 1 0 "))
    #expect(row.contains("\"×1.00\""))
  }

  @Test func `the matrix says what has no value`() throws {
    let matrix = try plot("matrix", of: .troubled)
    let lines = matrix.data.split(separator: "\n")
    #expect(lines.contains { $0.hasSuffix(" c05") && $0.contains("NaN \"{/:Bold INVALID}\"") })
    #expect(lines.contains { $0.hasSuffix(" c07") && $0.contains("NaN \"{/:Bold refused}\"") })
    #expect(lines.contains { $0.hasSuffix(" c02") && $0.contains("\"✗ INVALID\"") })
  }

  @Test func `no axes give no matrix but a reason`() {
    let plots = PlotSet(RunRecord(rows: SampleRun.noAxes.rows, manifest: nil))
    let matrix = plots.skipped.first { $0.name == "matrix" }
    #expect(matrix?.reason.contains("no axis") == true)
  }

  @Test func `no rows give no plots but reasons`() {
    let plots = PlotSet(RunRecord(rows: [], manifest: nil))
    #expect(plots.plots.isEmpty)
    #expect(plots.skipped.count == 13)
  }

  @Test func `what is left out stands in every footer`() {
    for plot in PlotSet(RunRecord(rows: SampleRun.troubled.rows, manifest: nil)).plots {
      #expect(
        plot.script.contains(
          "left out: c02 INVALID in repeat 2; c05 INVALID in repeat 1, 2, 3; c07 refused; "
            + "c09 failed"))
    }
  }
}

@Suite("Ticks")
struct TicksTests {
  @Test func `a logarithmic axis ends at 1, 2 or 5`() throws {
    let narrow = try #require(Ticks(logarithmicOver: [30, 400]))
    #expect(narrow.low == 20 && narrow.high == 500)
    #expect(narrow.labelled == [20, 50, 100, 200, 500])
    let wide = try #require(Ticks(logarithmicOver: [30, 40_000]))
    #expect(wide.labelled == [100, 1000, 10_000])
    #expect(Ticks(logarithmicOver: []) == nil)
    #expect(Ticks(logarithmicOver: [0, 1]) == nil)
  }

  @Test func `a linear axis begins at zero`() {
    #expect(Ticks(linearOver: [7, 93]).labelled == [0, 20, 40, 60, 80])
    #expect(Ticks(linearOver: [0, 0]).high == 1)
    #expect(Ticks(linearOver: []).high == 1)
  }
}
