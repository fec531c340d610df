import Foundation
import Results
import Scenarios
import Statistics

/// Latency by percentile, a line per cell; the tail gets the room that it deserves.
func latencyPlot(of operation: MeasuredOperation, subject: PlotSubject) -> PlotOutcome {
  let name = "latency-\(operation.rawValue)"
  func medians(
    _ cell: CellSummary, _ metric: (MeasuredOperation, Percentile) -> Metric,
    _ percentiles: [Percentile] = Percentile.allCases
  ) -> [PercentilePoint] {
    percentiles.compactMap { percentile in
      cell.spread(of: metric(operation, percentile))
        .flatMap { $0.median > 0 ? PercentilePoint(percentile: percentile, spread: $0) : nil }
    }
  }
  func responses(_ cell: CellSummary) -> [PercentilePoint] { medians(cell, Metric.latency) }
  /// Empty where it is all but the same as the response time.
  func services(_ cell: CellSummary) -> [PercentilePoint] {
    let points = medians(cell, Metric.service, [.p50, .p95, .p99])
    let differs = points.contains { point in
      responses(cell).contains {
        $0.percentile == point.percentile && abs($0.spread.median / point.spread.median - 1) > 0.05
      }
    }
    return differs ? points : []
  }
  let points = subject.cells.flatMap { responses($0) + services($0) }
  let values = points.map(\.spread.median)
  guard let smallest = values.min(), let largest = values.max() else {
    return .skipped(name, "no latency of \(operation.rawValue) was measured")
  }
  let limits = LatencyLimit.all(of: operation, in: subject)
  // A limit far from the data would leave no room for them.
  let shownLimits = limits.filter { $0.us > smallest / 10 && $0.us < largest * 10 }
  guard let ticks = Ticks(logarithmicOver: values + shownLimits.map(\.us)) else {
    return .skipped(name, "no latency of \(operation.rawValue) was measured")
  }

  let panels = Panels(of: subject.cells, axes: subject.axes)
  let lines = LineSet(of: panels)
  let hasServices = subject.cells.contains { !services($0).isEmpty }
  var extraEntries: [PlotPage.LegendEntry] = []
  if hasServices {
    extraEntries.append(
      PlotPage.LegendEntry(
        label: "thin: service time", style: LineStyle(serviceColour: Palette.quiet.light),
        sample: .line))
  }
  extraEntries += shownLimits.map {
    PlotPage.LegendEntry(
      label: "target \($0.text)", style: LineStyle(limitColour: Palette.bad.light), sample: .line)
  }
  let layout = PanelLayout(
    panels: panels, lines: lines, format: subject.format, extraEntries: extraEntries)
  var notes = [subject.repeatsText(withBars: false), "both axes logarithmic, lower is better"]
  if hasServices {
    notes.append("thin lines without the wait for a late start")
  }
  notes += limits.filter { !shownLimits.contains($0) }.map {
    "the target \($0.text) lies \($0.us > largest ? "above" : "below") the picture"
  }
  var page = PlotPage(
    name: name, title: "\(operation.rawValue.capitalized) latency by percentile",
    subtitle: notes.joined(separator: "; "), subject: subject, bodyHeight: layout.bodyHeight)
  var data = PlotData(columns: "1/(1-quantile) percentile median_us low_us high_us")
  let highest = points.map(\.percentile.quantile).max() ?? 0.99
  let shown = Percentile.allCases.filter { $0.quantile <= max(highest, 0.9) }
  let marks = shown.map { "'\($0.text)' \(PlotData.number($0.tailScale))" }
  var commands = [
    "set logscale xy",
    "set xrange [1.8:\(PlotData.number((shown.last ?? .p999).tailScale * 1.12))]",
    "set xtics (\(marks.joined(separator: ", ")))",
    "set xlabel 'percentile' offset 0,0.7 textcolor rgb '\(PlotPage.quietColour)'",
    "set yrange [\(ticks.low):\(ticks.high)]",
    "set ytics \(ticks.gnuplotList(latencyTickText))",
  ]
  for (panel, frame) in zip(panels.panels, layout.frames) {
    var curves = shownLimits.map { limit in
      "\(PlotData.number(limit.us)) with lines lw 1.2 dt (3,3) lc rgb '\(Palette.bad.light)' notitle"
    }
    for cell in panel.cells {
      let caption = PlotSubject.caption(of: cell, on: subject.axes)
      let style = lines.style(of: cell)
      let responses = responses(cell)
      guard !responses.isEmpty else { continue }
      let index = data.addBlock("\(cell.cell) \(caption)", rows: responses.map(\.row))
      let services = services(cell)
      if !services.isEmpty {
        let index = data.addBlock("\(cell.cell) service time", rows: services.map(\.row))
        curves.append(
          "'\(name).dat' index \(index) using 1:3 with lines lw 0.9 dt (6,3) "
            + "lc rgb '\(style.colour)' notitle")
      }
      curves.append(
        "'\(name).dat' index \(index) using 1:3 with linespoints \(style.gnuplot) title "
          + "\(PlotPage.quoted(caption)) noenhanced")
    }
    commands.append("plot " + (curves.isEmpty ? "NaN" : curves.joined(separator: ", \\\n  ")))
    page.addPanel(frame, title: panel.title, commands: commands)
    commands = []
  }
  layout.addLegends(to: &page, panels: panels, lines: lines)
  return .plot(Plot(page, data: data))
}

/// A percentile over the repeats of a cell.
private struct PercentilePoint {
  let percentile: Percentile
  let spread: Spread

  var row: [String] {
    [
      PlotData.number(percentile.tailScale), percentile.text, PlotData.number(spread.median),
      PlotData.number(spread.bar.low), PlotData.number(spread.bar.high),
    ]
  }
}

/// A limit that the scenario sets for a latency.
struct LatencyLimit: Equatable {
  /// As the scenario has it.
  let text: String
  /// The limit in microseconds.
  let us: Double

  /// The limits for the percentiles of an operation.
  static func all(of operation: MeasuredOperation, in subject: PlotSubject) -> [LatencyLimit] {
    let columns = Percentile.allCases.map { Metric.latency(operation, $0).columnName }
    return subject.targets.filter { columns.contains($0.metric.column) && $0.value > 0 }
      .map { LatencyLimit(text: $0.text, us: $0.value) }
  }
}

extension Percentile {
  /// Where it lies on an axis that spreads the tail: 10 for 90 %, 100 for 99 %.
  fileprivate var tailScale: Double {
    // Rounded, because 1 − 0.999 is not exact and data files are read by people.
    (1 / (1 - quantile) * 1e6).rounded() / 1e6
  }

  /// As people write it: `99.9`.
  var text: String { PlotData.number(quantile * 100) }
}

/// A latency on an axis, in a unit of its own.
func latencyTickText(us value: Double) -> String {
  let unit = LatencyUnit(forUs: value)
  return "\(PlotData.number(value / unit.microseconds)) \(unit.rawValue)"
}
