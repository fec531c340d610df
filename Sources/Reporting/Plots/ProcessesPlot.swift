import Foundation
import Results
import Statistics
internal import Verification

/// A quantity against the number of processes, a line per combination of the other axes; bars per
/// cell if all cells have the same number.
func processesPlot(_ quantity: ProcessesQuantity, subject: PlotSubject) -> PlotOutcome {
  let values = subject.cells.flatMap { $0.usable + $0.invalid }.compactMap(quantity.value(in:))
  guard !values.isEmpty else {
    return .skipped(quantity.plotName, "nothing was measured")
  }
  let counts = Set(subject.cells.map(processCount))
  guard counts.count > 1 else { return barsPlot(quantity, subject: subject) }
  return .plot(linesPlot(quantity, subject: subject, values: values, counts: counts.sorted()))
}

private func processCount(of cell: CellSummary) -> Int { cell.producers + cell.consumers }

/// The axes that tell lines apart, which are those that do not merely say how many processes ran.
///
/// If cells of one line would still have the same number of processes (1 + 3 and 3 + 1), such axes
/// come back until they have not.
private func lineAxes(of subject: PlotSubject) -> [PlotSubject.Axis] {
  var dropped = subject.axes.filter { axis in
    if ["processes", "producers", "consumers"].contains(axis.name) { return true }
    let groups = Panels.grouped(subject.cells, by: [axis])
    let splits = groups.map { group in Set(group.cells.map { [$0.producers, $0.consumers] }) }
    return splits.allSatisfy { $0.count == 1 } && Set(splits).count > 1
  }
  while true {
    let axes = subject.axes.filter { !dropped.contains($0) }
    let isClear = Panels.grouped(subject.cells, by: axes).allSatisfy { line in
      Set(line.cells.map(processCount)).count == line.cells.count
    }
    if isClear || dropped.isEmpty { return axes }
    dropped.removeFirst()
  }
}

private let invalidStyle = LineStyle(invalidColour: Palette.bad.light)

private func linesPlot(
  _ quantity: ProcessesQuantity, subject: PlotSubject, values: [Double], counts: [Int]
) -> Plot {
  let name = quantity.plotName
  let panels = Panels(of: subject.cells, axes: lineAxes(of: subject))
  let lines = LineSet(of: panels)
  var extraEntries: [PlotPage.LegendEntry] = []
  if subject.cells.contains(where: { !$0.invalid.isEmpty }) {
    extraEntries.append(
      PlotPage.LegendEntry(label: "INVALID repeat", style: invalidStyle, sample: .point))
  }
  // A bound far above what was reached bounds nothing, and would press the data to the ground.
  let bounds = subject.cells.compactMap(quantity.lockBound(in:))
    .filter { $0 < 2 * (values.max() ?? 0) }
  if !bounds.isEmpty {
    extraEntries.append(
      PlotPage.LegendEntry(
        label: "bound by the write lock", style: LineStyle(serviceColour: Palette.quiet.light),
        sample: .line))
  }
  let laws = scalabilityLaws(quantity, panels: panels, subject: subject)
  if !laws.isEmpty {
    extraEntries.append(
      PlotPage.LegendEntry(
        label: "fitted scalability law", style: LineStyle(fitColour: Palette.quiet.light),
        sample: .line))
  }
  let layout = PanelLayout(
    panels: panels, lines: lines, format: subject.format, extraEntries: extraEntries)
  let (smallest, largest) = (values.min() ?? 0, (values + bounds).max() ?? 0)
  let logarithmic =
    quantity.mayBeLogarithmic && smallest > 0 && largest / smallest > 20
    ? Ticks(logarithmicOver: values + bounds) : nil
  let ticks = logarithmic ?? Ticks(linearOver: values + bounds)
  var page = PlotPage(
    name: name, title: quantity.title,
    subtitle: subject.repeatsText(withBars: true) + "; \(quantity.advice)"
      + (logarithmic == nil ? "" : ", logarithmic"),
    notes: laws.isEmpty ? [] : laws.map(\.text) + ScalabilityCurve.explanation,
    subject: subject, bodyHeight: layout.bodyHeight)
  var data = PlotData(columns: "processes value low high cell")

  var commands = [
    "set logscale x 2",
    "set xrange [\(Double(counts.first ?? 1) / 1.2):\(Double(counts.last ?? 1) * 1.2)]",
    "set xtics (\(counts.map { "'\($0)' \($0)" }.joined(separator: ", ")))",
    "set xlabel 'processes (producers + consumers)' offset 0,0.7 textcolor rgb '\(PlotPage.quietColour)'",
    "set yrange [\(ticks.low):\(ticks.high)]",
    "set ytics \(ticks.gnuplotList(plainNumber))",
  ]
  if logarithmic != nil { commands.append("set logscale y") }
  for (panel, frame) in zip(panels.panels, layout.frames) {
    let groups = Panels.grouped(panel.cells, by: panels.lineAxes)
    var curves: [String] = []
    var invalid: [[String]] = []
    for (index, group) in groups.enumerated() {
      guard let first = group.cells.first else { continue }
      // Bars at the same count would hide each other, so lines stand a little apart.
      let shift = pow(2, 0.035 * (Double(index) - Double(groups.count - 1) / 2))
      invalid += invalidRows(of: group.cells, quantity: quantity, shift: shift)
      let (rows, hasBars) = rows(of: group.cells, quantity: quantity, shift: shift)
      guard !rows.isEmpty else { continue }
      let caption = PlotSubject.caption(of: first, on: panels.lineAxes)
      let block = data.addBlock(caption, rows: rows)
      let style = lines.style(of: first).gnuplot
      let bound = boundRows(of: group.cells, quantity: quantity, below: ticks.high)
      if !bound.isEmpty {
        let block = data.addBlock("\(caption): bound by the write lock", rows: bound)
        curves.append(
          "'\(name).dat' index \(block) using 1:2 with lines lw 0.9 dt (6,3) "
            + "lc rgb '\(lines.style(of: first).colour)' notitle")
      }
      if let law = laws.first(where: { $0.cells == group.cells.map(\.cell) }) {
        let block = data.addBlock(
          "\(caption): fitted scalability law",
          rows: law.rows(from: counts.first ?? 1, to: counts.last ?? 1))
        curves.append(
          "'\(name).dat' index \(block) using 1:2 with lines lw 1 dt (2,3) "
            + "lc rgb '\(lines.style(of: first).colour)' notitle")
      }
      let source = "'\(name).dat' index \(block)"
      if hasBars {
        // Arrows, because gnuplot's error bars are dashed like the line or erase what they cross.
        curves.append(
          "\(source) using 1:3:(0):($4-$3) with vectors \(PlotPage.errorBar) lc rgb "
            + "'\(lines.style(of: first).colour)' notitle")
      }
      curves.append(
        "\(source) using 1:2 with linespoints \(style) title "
          + "\(PlotPage.quoted(caption)) noenhanced")
    }
    if !invalid.isEmpty {
      let block = data.addBlock("INVALID repeats", rows: invalid)
      curves.append(
        "'\(name).dat' index \(block) using 1:2 with points pt \(invalidStyle.point) ps 1.1 lw 2 "
          + "lc rgb '\(invalidStyle.colour)' title 'INVALID repeat'")
    }
    commands.append("plot " + (curves.isEmpty ? "NaN" : curves.joined(separator: ", \\\n  ")))
    page.addPanel(frame, title: panel.title, commands: commands)
    commands = []
  }
  layout.addLegends(to: &page, panels: panels, lines: lines)
  return Plot(page, data: data)
}

/// The rows of one line by number of processes; a cell without a value interrupts the line.
private func rows(
  of cells: [CellSummary], quantity: ProcessesQuantity, shift: Double
) -> (rows: [[String]], hasBars: Bool) {
  var rows: [[String]] = []
  var hasBars = false
  for cell in cells.sorted(by: { processCount(of: $0) < processCount(of: $1) }) {
    guard let spread = quantity.spread(in: cell) else {
      // Never two empty rows in turn: they would begin a new block.
      if rows.last?.isEmpty == false { rows.append([]) }
      continue
    }
    hasBars = hasBars || spread.count > 1
    rows.append([
      PlotData.number(Double(processCount(of: cell)) * shift), PlotData.number(spread.median),
      PlotData.number(spread.bar.low), PlotData.number(spread.bar.high), cell.cell,
    ])
  }
  if rows.last?.isEmpty == true { rows.removeLast() }
  return (rows, hasBars)
}

/// The rows of the bound that the write lock sets to a line, where it lies in the picture.
private func boundRows(
  of cells: [CellSummary], quantity: ProcessesQuantity, below limit: Double
) -> [[String]] {
  cells.sorted { processCount(of: $0) < processCount(of: $1) }.compactMap { cell in
    guard let bound = quantity.lockBound(in: cell), bound <= limit else { return nil }
    return [
      PlotData.number(Double(processCount(of: cell))), PlotData.number(bound), "NaN", "NaN",
      cell.cell,
    ]
  }
}

/// A row for each invalid repeat, with its own value.
private func invalidRows(
  of cells: [CellSummary], quantity: ProcessesQuantity, shift: Double
) -> [[String]] {
  cells.flatMap { cell in
    cell.invalid.compactMap(quantity.value(in:)).map { value in
      let place = Double(processCount(of: cell)) * shift
      return [PlotData.number(place), PlotData.number(value), "NaN", "NaN", cell.cell]
    }
  }
}

/// A number on an axis, with commas between the thousands.
func plainNumber(_ value: Double) -> String {
  value >= 1000 ? grouped(value) : PlotData.number(value)
}
