import Results
import Statistics
internal import Verification

/// A quantity as a horizontal bar per cell, with its value beside it.
func barsPlot(_ quantity: ProcessesQuantity, subject: PlotSubject) -> PlotOutcome {
  let name = quantity.plotName
  let cells = subject.cells
  let (barHeight, axisHeight) = (cells.count > 20 ? 19 : 24, 36)
  let plotHeight = cells.count * barHeight + 10
  let headingHeight = subject.axes.isEmpty ? 0 : 14
  let longestLabel = subject.format == .phone ? 22 : 46
  let captions = cells.map { cell in
    shortened(PlotSubject.caption(of: cell, on: subject.axes), to: longestLabel)
  }
  let labelWidth = captions.map(PlotPage.textWidth).max() ?? 0
  let highs = cells.compactMap { quantity.spread(in: $0)?.bar.high }
  // Room for the number beside the longest bar.
  let ticks = Ticks(linearOver: highs.map { $0 * 1.1 })
  let processes = cells.first.map { "\($0.producers) producers + \($0.consumers) consumers; " }

  var page = PlotPage(
    name: name, title: quantity.singleCountTitle,
    subtitle: (processes ?? "") + subject.repeatsText(withBars: true) + "; \(quantity.advice)",
    subject: subject, bodyHeight: headingHeight + plotHeight + axisHeight)
  var data = PlotData(columns: "row value low high text colour cell")
  let rows = cells.enumerated().map { row, cell -> [String] in
    let spread = quantity.spread(in: cell)
    return [
      "\(row)", PlotData.number(spread?.median), PlotData.number(spread?.bar.low),
      PlotData.number(spread?.bar.high), PlotData.string(text(of: cell, spread: spread)),
      (isDoubtful(cell) ? Palette.bad : Palette.text).number, cell.cell,
    ]
  }
  let block = data.addBlock("cells", rows: rows)
  let source = "'\(name).dat' index \(block)"
  let labels = captions.enumerated().map { "\(PlotPage.quotedTick($0.element)) \($0.offset)" }
  let hasBars = cells.contains { $0.usable.count > 1 }
  let bars =
    "\(source) using ($2/2):1:(0):2:($1-0.32):($1+0.32) with boxxyerror fs solid 0.85 noborder"
  var curves = ["\(bars) lc rgb '\(Palette.series[5].light)' notitle"]
  if hasBars {
    curves.append(
      "\(source) using 3:1:($4-$3):(0) with vectors \(PlotPage.errorBar) lc rgb '\(Palette.text.light)' notitle"
    )
  }
  // A cell without a value has its word at the foot of the axis.
  curves.append(
    "\(source) using (valid(4) ? $4 : 0):1:5:6 with labels left offset 0.6,0 noenhanced "
      + "font 'sans-serif,10' tc rgb variable notitle")
  page.addText(
    subject.axes.map(\.name).joined(separator: ", "), x: subject.format.margin,
    y: subject.format.headHeight + 4, colour: PlotPage.quietColour)
  let top = subject.format.headHeight + headingHeight
  page.addPanel(
    PlotPage.Frame(
      left: subject.format.margin + labelWidth + 14, top: top,
      right: subject.format.width - subject.format.margin - 20, bottom: top + plotHeight),
    title: "",
    commands: [
      "set xrange [0:\(ticks.high)]",
      "set xtics \(ticks.gnuplotList(plainNumber))",
      "set yrange [\(Double(cells.count) - 0.4):-0.6]",
      "set ytics (\(labels.joined(separator: ", "))) noenhanced",
      "unset grid", "set grid xtics lc rgb '\(Palette.grid.light)' lw 0.6 dt solid",
      "plot " + curves.joined(separator: ", \\\n  "),
    ])
  return .plot(Plot(page, data: data))
}

private func isDoubtful(_ cell: CellSummary) -> Bool {
  cell.verdict == .invalid || cell.status != .measured
}

/// The value of a cell, or what it has instead.
private func text(of cell: CellSummary, spread: Spread?) -> String {
  var words: [String] = []
  if let spread { words.append(threeDigits(spread.median)) }
  if cell.verdict == .invalid { words.append("✗ INVALID") }
  if cell.status != .measured { words.append(cell.status.rawValue) }
  return words.isEmpty ? "–" : words.joined(separator: "  ")
}
