import Foundation
import Results
import Statistics

/// Latency by percentile, a line per cell; the tail gets the room that it deserves.
func latencyPlot(of operation: MeasuredOperation, subject: PlotSubject) -> PlotOutcome {
  let name = "latency-\(operation.rawValue)"
  func medians(_ cell: CellSummary) -> [(percentile: Percentile, spread: Spread)] {
    Percentile.allCases.compactMap { percentile in
      cell.spread(of: .latency(operation, percentile))
        .flatMap { $0.median > 0 ? (percentile, $0) : nil }
    }
  }
  let points = subject.cells.flatMap(medians)
  guard let ticks = Ticks(logarithmicOver: points.map(\.spread.median)) else {
    return .skipped(name, "no latency of \(operation.rawValue) was measured")
  }

  let panels = Panels(of: subject.cells, axes: subject.axes)
  let lines = LineSet(of: panels)
  let layout = PanelLayout(panels: panels, lines: lines)
  var page = PlotPage(
    name: name, title: "\(operation.rawValue.capitalized) latency by percentile",
    subtitle: "\(subject.repeatsText(withBars: false)); both axes logarithmic, lower is better",
    footer: subject.footer, bodyHeight: layout.bodyHeight)
  var data = PlotData(columns: "1/(1-quantile) percentile median_us low_us high_us")
  let highest = points.map(\.percentile.quantile).max() ?? 0.99
  let shown = Percentile.allCases.filter { $0.quantile <= max(highest, 0.9) }
  let marks = shown.map { "'\(percentText($0))' \(PlotData.number(tailScale($0)))" }
  var commands = [
    "set logscale xy",
    "set xrange [1.8:\(PlotData.number(tailScale(shown.last ?? .p999) * 1.12))]",
    "set xtics (\(marks.joined(separator: ", ")))",
    "set xlabel 'percentile' offset 0,0.7 textcolor rgb '\(PlotPage.quietColour)'",
    "set yrange [\(ticks.low):\(ticks.high)]",
    "set ytics \(ticks.gnuplotList(tickText))",
  ]
  for (panel, frame) in zip(panels.panels, layout.frames) {
    let curves = panel.cells.compactMap { cell -> String? in
      let rows = medians(cell).map { point in
        [
          PlotData.number(tailScale(point.percentile)), percentText(point.percentile),
          PlotData.number(point.spread.median), PlotData.number(point.spread.bar.low),
          PlotData.number(point.spread.bar.high),
        ]
      }
      guard !rows.isEmpty else { return nil }
      let caption = PlotSubject.caption(of: cell, on: subject.axes)
      let index = data.addBlock("\(cell.cell) \(caption)", rows: rows)
      return "'\(name).dat' index \(index) using 1:3 with linespoints "
        + lines.style(of: cell).gnuplot + " title \(PlotPage.quoted(caption)) noenhanced"
    }
    commands.append("plot " + (curves.isEmpty ? "NaN" : curves.joined(separator: ", \\\n  ")))
    page.addPanel(frame, title: panel.title, commands: commands)
    commands = []
  }
  layout.addLegends(to: &page, panels: panels, lines: lines)
  return .plot(Plot(name: name, script: page.script, data: data.text))
}

/// Where a percentile lies on the axis: 10 for 90 %, 100 for 99 %.
private func tailScale(_ percentile: Percentile) -> Double {
  // Rounded, because 1 − 0.999 is not exact and data files are read by people.
  (1 / (1 - percentile.quantile) * 1e6).rounded() / 1e6
}

private func percentText(_ percentile: Percentile) -> String {
  PlotData.number(percentile.quantile * 100)
}

private func tickText(us value: Double) -> String {
  let unit = LatencyUnit(forUs: value)
  return "\(PlotData.number(value / unit.microseconds)) \(unit.rawValue)"
}
