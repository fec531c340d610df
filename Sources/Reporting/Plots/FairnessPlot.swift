import Results

/// Lorenz curves of the tasks that the consumers got: the further below the diagonal, the less fair.
func fairnessPlot(subject: PlotSubject) -> PlotOutcome {
  let name = "fairness"
  let curves = Dictionary(
    subject.cells.compactMap { cell in lorenzCurve(of: cell).map { (cell.cell, $0) } },
    uniquingKeysWith: { $1 })
  let cells = subject.cells.filter { curves[$0.cell] != nil }
  guard !cells.isEmpty else {
    return .skipped(name, "no cell has two consumers or more of which tasks were counted")
  }
  let panels = Panels(of: cells, axes: subject.axes)
  let lines = LineSet(of: panels)
  let layout = PanelLayout(
    panels: panels, lines: lines, format: subject.format,
    extraEntries: [
      PlotPage.LegendEntry(
        label: "equal shares", style: LineStyle(serviceColour: Palette.quiet.light), sample: .line)
    ])
  var page = PlotPage(
    name: name, title: "Fairness: who gets the tasks",
    subtitle: "consumers from the slowest to the fastest, mean of the repeats; on the diagonal all "
      + "get the same", subject: subject, bodyHeight: layout.bodyHeight)
  var data = PlotData(columns: "consumers_percent tasks_percent")
  for (panel, frame) in zip(panels.panels, layout.frames) {
    var drawn = ["x with lines \(PlotPage.referenceLine)"]
    for cell in panel.cells {
      let points = (curves[cell.cell] ?? []).map {
        [PlotData.number($0.consumers * 100), PlotData.number($0.tasks * 100)]
      }
      let block = data.addBlock(
        "\(cell.cell) \(PlotSubject.caption(of: cell, on: subject.axes))", rows: points)
      drawn.append(
        "'\(name).dat' index \(block) using 1:2 with linespoints \(lines.style(of: cell).gnuplot) "
          + "notitle")
    }
    page.addPanel(
      frame, title: panel.title,
      commands: [
        "set xrange [0:100]", "set yrange [0:100]",
        "set xtics ('0' 0, '25' 25, '50' 50, '75' 75, '100' 100)",
        "set ytics ('0 %%' 0, '25 %%' 25, '50 %%' 50, '75 %%' 75, '100 %%' 100)",
        PlotPage.axisLabel("x", "% of the consumers; up: % of the tasks"),
        PlotPage.plot(drawn),
      ])
  }
  layout.addLegends(to: &page, panels: panels, lines: lines)
  return .plot(Plot(page, data: data))
}

/// The Lorenz curve of a cell: shares by rank, in the mean over its repeats; nil for fewer than two
/// consumers.
func lorenzCurve(of cell: CellSummary) -> [(consumers: Double, tasks: Double)]? {
  let repeats = cell.usable.map { $0.consumerTasks.sorted() }
    .filter { $0.count > 1 && $0.reduce(0, +) > 0 }
  guard let count = repeats.first?.count, repeats.allSatisfy({ $0.count == count }) else {
    return nil
  }
  var curve = [(consumers: 0.0, tasks: 0.0)]
  for rank in 1...count {
    let shares = repeats.map { tasks in
      Double(tasks[..<rank].reduce(0, +)) / Double(tasks.reduce(0, +))
    }
    curve.append(
      (Double(rank) / Double(count), shares.reduce(0, +) / Double(shares.count)))
  }
  return curve
}
