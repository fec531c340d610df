import Results
import Statistics

/// What a lease costs, against its length: how often tasks are delivered again, how much work is done for nothing,
/// and how long after its holder's last sign of life a lost task is taken over.
func leasePlot(subject: PlotSubject) -> PlotOutcome {
  let name = "lease"
  let axisName = "lease"
  guard let axis = subject.axes.first(where: { $0.name == axisName }) else {
    return .skipped(name, "no axis varies the lease")
  }
  func lease(_ cell: CellSummary) -> Double? {
    milliseconds(PlotSubject.label(of: cell, on: axis.name))
  }
  let cells = subject.cells.filter { lease($0) != nil }
  guard let xTicks = Ticks(at: cells.compactMap(lease)) else {
    return .skipped(name, "the labels of the axis lease are no durations")
  }
  // The reclaim latency counts from the end of the lease, and that from the last sign of life.
  typealias Quantity = (title: String, metric: Metric, factor: Double, addsLease: Bool)
  let takeover: Quantity
  // The tail where it is known of every cell in which a task was taken over; few are where processes rarely die.
  func count(_ metric: Metric) -> Int { cells.count { $0.spread(of: metric) != nil } }
  if count(.latency(of: .reclaim, .p99)) == count(.maximum(of: .reclaim)) {
    takeover = ("sign of life to claim, p99", .latency(of: .reclaim, .p99), 1, true)
  } else {
    takeover = ("sign of life to claim, max", .maximum(of: .reclaim), 1, true)
  }
  let quantities: [Quantity] = [
    ("delivered again, % of claims", .redeliveryRate, 100, false),
    ("work wasted, % of claims", .wastedWorkRate, 100, false),
    takeover,
  ]
  let shown = quantities.filter { count($0.metric) > 0 }
  guard !shown.isEmpty else { return .skipped(name, "no redelivery was counted") }
  let panels = Panels(of: cells, axes: subject.axes.filter { $0.name != axisName })
  let lines = LineSet(of: panels)
  let legend = lines.legend(of: panels.panels.flatMap(\.cells))
  let isPhone = subject.format == .phone
  let grid = PanelGrid(
    count: shown.count * panels.panels.count, columns: isPhone ? 1 : shown.count,
    plotHeight: isPhone ? 190 : 250, format: subject.format,
    titleHeight: panels.panels.count > 1 ? 50 : 26)
  let legendHeight = PlotPage.legendHeight(legend, width: subject.format.bodyWidth) + 10
  var page = PlotPage(
    name: name, title: "Leases: repeated deliveries and how fast a lost task is taken over",
    subtitle: subject.repeatsText(withBars: true) + "; lower is better", subject: subject,
    bodyHeight: grid.height + legendHeight)
  var data = PlotData(columns: "lease_ms value low high cell")
  var frames = grid.frames.makeIterator()
  for panel in panels.panels {
    for quantity in shown {
      guard let frame = frames.next() else { break }
      if isPhone || quantity.metric == shown.first?.metric {
        page.addText(
          panel.title, x: subject.format.margin, y: frame.top - 32, size: 12,
          maximumWidth: subject.format.bodyWidth)
      }
      func shift(_ cell: CellSummary) -> Double {
        quantity.addsLease ? (lease(cell) ?? 0) * 1000 : 0
      }
      let values = cells.flatMap { cell -> [Double] in
        guard let spread = cell.spread(of: quantity.metric) else { return [] }
        return [spread.median, spread.bar.high].map { $0 * quantity.factor + shift(cell) }
      }
      let isLatency = quantity.addsLease
      let logarithmic = isLatency ? Ticks(logarithmicOver: values.filter { $0 > 0 }) : nil
      let yTicks = logarithmic ?? Ticks(linearOver: values)
      var curves: [String] = []
      for group in Panels.grouped(panel.cells, by: panels.lineAxes) {
        guard let first = group.cells.first else { continue }
        let style = lines.style(of: first)
        let rows = group.cells.sorted { (lease($0) ?? 0) < (lease($1) ?? 0) }
          .compactMap { cell -> [String]? in
            guard let spread = cell.spread(of: quantity.metric) else { return nil }
            let values = [spread.median, spread.bar.low, spread.bar.high]
            return [PlotData.number(lease(cell))]
              + values.map { PlotData.number($0 * quantity.factor + shift(cell)) } + [cell.cell]
          }
        guard !rows.isEmpty else { continue }
        let source =
          "'\(name).dat' index \(data.addBlock("\(first.cell) \(quantity.title)", rows: rows))"
        if group.cells.contains(where: { $0.usable.count > 1 }) {
          curves.append(
            "\(source) using 1:3:(0):($4-$3) with vectors \(PlotPage.errorBar) "
              + "lc rgb '\(style.colour)' notitle")
        }
        curves.append("\(source) using 1:2 with linespoints \(style.gnuplot) notitle")
      }
      page.addPanel(
        frame, title: quantity.title,
        commands: [
          "unset logscale", "set logscale x",
          logarithmic == nil ? "unset logscale y" : "set logscale y",
          "set xrange [\(xTicks.low):\(xTicks.high)]",
          "set xtics \(xTicks.gnuplotList { latencyTickText(us: $0 * 1000) })",
          PlotPage.axisLabel("x", "lease"),
          "set yrange [\(yTicks.low):\(yTicks.high)]",
          "set ytics \(yTicks.gnuplotList(isLatency ? latencyTickText : plainNumber))",
          PlotPage.plot(curves),
        ])
    }
  }
  page.addLegend(
    legend, heading: lines.legendHeading, x: subject.format.margin,
    y: subject.format.headHeight + grid.height, width: subject.format.bodyWidth)
  return .plot(Plot(page, data: data))
}

/// A duration as scenarios write it (`250ms`, `1s`); nil if it is none.
func milliseconds(_ label: String) -> Double? {
  let number = label.prefix { $0.isNumber || $0 == "." || $0 == "_" }
  let factors = ["us": 0.001, "ms": 1, "s": 1000, "min": 60_000]
  guard let value = Double(number.filter { $0 != "_" }),
    let factor = factors[
      label.dropFirst(number.count).trimmingPrefix(while: \.isWhitespace).lowercased()]
  else { return nil }
  return value * factor
}
