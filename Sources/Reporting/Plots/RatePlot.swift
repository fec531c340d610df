import Results
import Statistics
internal import Verification

/// Latency against the offered rate: how near to its limit a queue may be driven.
///
/// A column of panels for each latency, and one for what was achieved of the rate. A row of them for each
/// six lines.
func ratePlot(subject: PlotSubject) -> PlotOutcome {
  if let capacity = subject.record.capacity, !capacity.probes.isEmpty {
    return capacityRatePlot(capacity, subject: subject)
  }
  let name = "latency-vs-rate"
  func rate(_ cell: CellSummary) -> Double? {
    cell.spread(of: .offered).flatMap { $0.median > 0 ? $0.median : nil }
  }
  let cells = subject.cells.filter { rate($0) != nil }
  let lineAxes = subject.axes.filter { $0.name != "rate" }
  let rates = cells.compactMap(rate)
  guard Panels.grouped(cells, by: lineAxes).contains(where: { $0.cells.count > 1 }),
    subject.axes.contains(where: { $0.name == "rate" }),
    let xTicks = Ticks(at: rates)
  else {
    return .skipped(name, "no axis varies the rate that producers are to offer")
  }
  let panels = Panels(of: cells, axes: lineAxes)
  let lines = LineSet(of: panels)
  let mostLines = panels.panels.map { Panels.grouped($0.cells, by: panels.lineAxes).count }.max()
  let percentiles: [Percentile] =
    (mostLines ?? 1) <= 2 ? [.p50, .p99, .p999] : (mostLines ?? 1) <= 4 ? [.p50, .p99] : [.p99]
  let kinds = RateQuantity.all(percentiles).filter { quantity in
    quantity.metrics.contains { metric in cells.contains { $0.spread(of: metric) != nil } }
  }
  guard !kinds.isEmpty else { return .skipped(name, "no latency was measured") }

  let hasSaturated = cells.contains { $0.verdict == .saturated }
  let saturatedStyle = LineStyle(ringColour: Palette.bad.light)
  var legend = lines.legend(of: panels.panels.flatMap(\.cells))
  if hasSaturated {
    legend.append(
      PlotPage.LegendEntry(
        label: "saturated: the rate was not reached", style: saturatedStyle, sample: .point))
  }
  let isPhone = subject.format == .phone
  let grid = PanelGrid(
    count: kinds.count * panels.panels.count, columns: isPhone ? 1 : kinds.count,
    plotHeight: isPhone ? 190 : 260, format: subject.format)
  let legendHeight = PlotPage.legendHeight(legend, width: subject.format.bodyWidth) + 10
  let percentileWords =
    percentiles.count == 1
    ? "p99"
    : percentiles.count == 2
      ? "upper lines p99, lower ones p50" : "three lines each: p50, p99 and p99.9"
  var page = PlotPage(
    name: name, title: "Latency against the offered rate",
    subtitle: "\(subject.repeatsText(withBars: false)); \(percentileWords); lower is better",
    subject: subject, bodyHeight: grid.height + legendHeight)
  var data = PlotData(columns: "offered_per_s value low high cell")
  var frames = grid.frames.makeIterator()
  for panel in panels.panels {
    for kind in kinds {
      guard let frame = frames.next() else { break }
      let values = cells.flatMap { cell in
        kind.metrics.compactMap { cell.spread(of: $0)?.median }.filter { $0 > 0 }
      }
      let yTicks =
        kind.isLatency
        ? Ticks(logarithmicOver: values) ?? Ticks(linearOver: values) : Ticks(linearOver: [1])
      var curves: [String] = kind.isLatency ? [] : ["1 with lines \(PlotPage.referenceLine)"]
      var saturated: [[String]] = []
      for group in Panels.grouped(panel.cells, by: panels.lineAxes) {
        guard let first = group.cells.first else { continue }
        let style = lines.style(of: first)
        for (index, metric) in kind.metrics.enumerated() {
          let rows = group.cells.sorted { (rate($0) ?? 0) < (rate($1) ?? 0) }
            .compactMap { cell -> [String]? in
              guard let spread = cell.spread(of: metric) else { return nil }
              let row = [
                PlotData.number(rate(cell)), PlotData.number(spread.median),
                PlotData.number(spread.bar.low), PlotData.number(spread.bar.high), cell.cell,
              ]
              if cell.verdict == .saturated { saturated.append(row) }
              return row
            }
          guard !rows.isEmpty else { continue }
          let block = data.addBlock("\(first.cell) \(metric.columnName)", rows: rows)
          // The p99 is what matters; the others accompany it.
          let isMain = kind.metrics.count == 1 || index == 1
          curves.append(
            "'\(name).dat' index \(block) using 1:2 with "
              + (isMain
                ? "linespoints \(style.gnuplot)"
                : "lines lw 1 dt \(index == 0 ? "solid" : "(2,3)") lc rgb '\(style.colour)'")
              + " notitle")
        }
      }
      if !saturated.isEmpty {
        let block = data.addBlock("saturated", rows: saturated)
        curves.append(
          "'\(name).dat' index \(block) using 1:2 with points pt \(saturatedStyle.point) ps 1.3 "
            + "lw 1.6 lc rgb '\(saturatedStyle.colour)' notitle")
      }
      let title = panel.title.isEmpty ? kind.title : "\(kind.title), \(panel.title)"
      page.addPanel(
        frame, title: title,
        commands: [
          "unset logscale", "set logscale x",
          kind.isLatency ? "set logscale y" : "unset logscale y",
          "set xrange [\(xTicks.low):\(xTicks.high)]",
          "set xtics \(xTicks.gnuplotList(plainNumber))",
          PlotPage.axisLabel("x", "tasks offered per second"),
          "set yrange [\(yTicks.low):\(kind.isLatency ? yTicks.high : 1.1)]",
          "set ytics \(kind.isLatency ? yTicks.gnuplotList(latencyTickText) : "(0, 0.5, 1)")",
          PlotPage.plot(curves),
        ])
    }
  }
  page.addLegend(
    legend, heading: lines.legendHeading, x: subject.format.margin,
    y: subject.format.headHeight + grid.height, width: subject.format.bodyWidth)
  return .plot(Plot(page, data: data))
}

/// What stands against the rate.
private struct RateQuantity {
  let title: String
  let metrics: [Metric]
  let isLatency: Bool

  static func all(_ percentiles: [Percentile]) -> [RateQuantity] {
    [
      RateQuantity(
        title: "claim", metrics: percentiles.map { .latency(.claim, $0) }, isLatency: true),
      RateQuantity(
        title: "end to end", metrics: percentiles.map { .latency(of: .endToEnd, $0) },
        isLatency: true),
      RateQuantity(title: "achieved / offered", metrics: [.achievedRatio], isLatency: false),
    ]
  }
}
