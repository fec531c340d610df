import Foundation
import Recording
import Results

/// Claims over time and latency as a heat map, of one repeat of the baseline: what a line of percentiles
/// hides, such as two humps or a stripe at each checkpoint.
func heatPlot(subject: PlotSubject) -> PlotOutcome {
  let name = "latency-over-time"
  let logs = subject.record.claimLogs
  let cells = subject.byInterest(subject.cells)
  let repeats = cells.lazy.compactMap { cell in
    subject.typicalRepeat(of: cell, among: Set(logs.keys)).map { (cell: cell, result: $0) }
  }
  guard let chosen = repeats.first, let text = logs[chosen.result.key] else {
    return .skipped(name, "hist/ holds no interval log (.hlog) of the claims of a usable repeat")
  }
  let log: HistogramLog
  do {
    log = try HistogramLog(text: text)
  } catch {
    return .skipped(
      name, "hist/\(chosen.cell.cell)-r\(chosen.result.repeatNumber)-claim.hlog: \(error)")
  }
  let isPhone = subject.format == .phone
  guard let map = HeatMap(log, mostColumns: isPhone ? 45 : 80),
    let ticks = Ticks(logarithmicOver: [map.lowUs, map.highUs])
  else {
    return .skipped(name, "the interval log of \(chosen.cell.cell) holds no claims")
  }
  let legend = HeatMap.levels.enumerated().map { index, level in
    PlotPage.LegendEntry(
      label: level.title, style: LineStyle(fill: Palette.sequential[index]), sample: .box)
  }
  let legendHeight = PlotPage.legendHeight(legend, width: subject.format.bodyWidth) + 10
  let grid = PanelGrid(
    count: 1, columns: 1, plotHeight: isPhone ? 230 : 300, format: subject.format, titleHeight: 8)
  let caption =
    subject.axes.isEmpty ? "" : " (\(PlotSubject.caption(of: chosen.cell, on: subject.axes)))"
  var page = PlotPage(
    name: name, title: "Claim latency over time",
    subtitle:
      "\(chosen.cell.cell)\(caption), repeat \(chosen.result.repeatNumber); colour: share of the "
      + "claims of that moment", subject: subject, bodyHeight: grid.height + legendHeight)
  var data = PlotData(columns: "from_s to_s from_us to_us colour")
  let block = data.addBlock("claims", rows: map.rows)
  page.addPanel(
    grid.frames[0], title: "",
    commands: [
      "set logscale y", "set xrange [0:\(PlotData.number(map.endSeconds))]",
      "set xtics \(Ticks(linearOver: [map.endSeconds], labels: isPhone ? 4 : 8).gnuplotList(plainNumber))",
      "set yrange [\(ticks.low):\(ticks.high)]",
      "set ytics \(ticks.gnuplotList(latencyTickText))",
      PlotPage.axisLabel("x", "seconds since the log began"),
      "plot '\(name).dat' index \(block) using 1:3:1:2:3:4:5 with boxxyerror fs solid noborder "
        + "lc rgb variable notitle",
    ])
  page.addLegend(
    legend, heading: "share of the claims", x: subject.format.margin,
    y: subject.format.headHeight + grid.height, width: subject.format.bodyWidth)
  return .plot(Plot(page, data: data))
}

/// How many claims fell into each stretch of time and of latency.
struct HeatMap {
  /// A step of the colours: shares up to `most`.
  struct Level: Sendable {
    let most: Double
    let title: String
  }

  /// As many as the palette has colours.
  static let levels = [
    Level(most: 0.0003, title: "≤ 0.03 %"), Level(most: 0.001, title: "≤ 0.1 %"),
    Level(most: 0.003, title: "≤ 0.3 %"), Level(most: 0.01, title: "≤ 1 %"),
    Level(most: 0.03, title: "≤ 3 %"), Level(most: 0.1, title: "≤ 10 %"),
    Level(most: 0.3, title: "≤ 30 %"), Level(most: 1, title: "more"),
  ]
  private static let binsPerDecade = 10.0

  /// Rows of a data file: neighbours of one colour in one row, so that pictures stay small.
  let rows: [[String]]
  let lowUs: Double
  let highUs: Double
  let endSeconds: Double

  /// The map of `log` with at most `mostColumns` stretches of time; nil if it holds nothing.
  init?(_ log: HistogramLog, mostColumns: Int) {
    let intervals = log.intervals.filter { $0.histogram.count > 0 }
    guard let end = intervals.map({ $0.startMs + max(1, $0.lengthMs) }).max() else { return nil }
    let shortest = intervals.map { max(1, $0.lengthMs) }.min() ?? 1
    let merged = max(1, Int((Double(end) / Double(shortest * mostColumns)).rounded(.up)))
    let stretchMs = shortest * merged
    let columns = Dictionary(grouping: intervals) { $0.startMs / stretchMs }
    let lows = intervals.compactMap { $0.histogram.value(atQuantile: 0) }.map { max(1, $0) }
    let highs = intervals.map { max(1, $0.histogram.maxNs) }
    func bin(_ ns: UInt64) -> Int { Int((log10(Double(ns)) * Self.binsPerDecade).rounded(.down)) }
    func edgeNs(_ bin: Int) -> Double { pow(10, Double(bin) / Self.binsPerDecade) }
    let first = bin(lows.min() ?? 1)
    let last = bin(highs.max() ?? 1)
    lowUs = edgeNs(first) / 1000
    highUs = edgeNs(last + 1) / 1000
    endSeconds = Double(end) / 1000

    var levels: [Int: [Int: Int]] = [:]
    for (column, intervals) in columns {
      let total = intervals.reduce(0) { $0 + $1.histogram.count }
      var below: UInt64 = 0
      for bin in first...last {
        let edge = UInt64(edgeNs(bin + 1)) - 1
        let through = intervals.reduce(0) { $0 + $1.histogram.count(atOrBelow: edge) }
        if through > below {
          let share = Double(through - below) / Double(total)
          levels[bin, default: [:]][column] = Self.levels.firstIndex { share <= $0.most } ?? 0
        }
        below = max(below, through)
      }
    }
    let stretch = Double(stretchMs) / 1000
    rows = levels.keys.sorted().flatMap { bin -> [[String]] in
      var rows: [[String]] = []
      var run: (from: Int, to: Int, level: Int)?
      func finish() {
        guard let run else { return }
        rows.append([
          PlotData.number(Double(run.from) * stretch), PlotData.number(Double(run.to) * stretch),
          PlotData.number(edgeNs(bin) / 1000), PlotData.number(edgeNs(bin + 1) / 1000),
          Palette.sequential[run.level].number,
        ])
      }
      for (column, level) in (levels[bin] ?? [:]).sorted(by: { $0.key < $1.key }) {
        if let last = run, last.to == column, last.level == level {
          run = (last.from, column + 1, level)
        } else {
          finish()
          run = (column, column + 1, level)
        }
      }
      finish()
      return rows
    }
  }
}
