import Results

/// Latency against throughput of what a tuner measured: what one pays in one for the other, and for which
/// promise about losses.
///
/// Filled points ran long enough to be compared, and the line joins those than which nothing is better in both;
/// crosses ran in the screening only, so that the luckiest of them look better than they are.
func paretoPlot(_ tuning: TuningRecord, subject: PlotSubject) -> PlotOutcome {
  let name = "pareto"
  func place(_ configuration: TuningRecord.Configuration) -> (p99: Double, throughput: Double)? {
    guard let p99 = configuration.p99Us, let throughput = configuration.throughputPerSecond,
      p99 > 0, throughput > 0
    else { return nil }
    return (p99, throughput)
  }
  let measured = tuning.configurations.filter { place($0) != nil }
  guard !measured.isEmpty, let xTicks = Ticks(logarithmicOver: measured.compactMap { place($0)?.p99 })
  else { return .skipped(name, "no p99 was measured") }
  let yTicks = Ticks(linearOver: measured.compactMap { place($0)?.throughput })
  let compared = measured.filter { $0.fullRuns >= TuningRecord.fewestRunsToCompare }
  let classes = [("power", "survives a power cut", 0), ("process", "survives crashes", 1)]
  let screenedStyle = LineStyle(invalidColour: Palette.hatch.light)
  let chosenStyle = LineStyle(ringColour: Palette.bad.light)
  let standardStyle = LineStyle(ringColour: Palette.text.light)

  let isPhone = subject.format == .phone
  var legend: [PlotPage.LegendEntry] = []
  var curves: [String] = []
  var data = PlotData(columns: "p99_us throughput_per_s cell")
  func rows(_ configurations: [TuningRecord.Configuration]) -> [[String]] {
    configurations.compactMap { configuration in
      place(configuration).map {
        [PlotData.number($0.p99), PlotData.number($0.throughput), configuration.cell]
      }
    }
  }
  func add(
    _ title: String, _ configurations: [TuningRecord.Configuration], _ style: LineStyle,
    size: Double, lineWidth: Double = 1
  ) {
    let rows = rows(configurations)
    guard !rows.isEmpty else { return }
    let block = data.addBlock(title, rows: rows)
    curves.append(
      "'\(name).dat' index \(block) using 1:2 with points pt \(style.point) ps \(size) "
        + "lw \(lineWidth) lc rgb '\(style.colour)' notitle")
    legend.append(PlotPage.LegendEntry(label: title, style: style, sample: .point))
  }
  let pareto = tuning.paretoSet
  if pareto.count > 1 {
    let block = data.addBlock(
      "Pareto set", rows: rows(pareto.sorted { ($0.p99Us ?? 0) < ($1.p99Us ?? 0) }))
    curves.append(
      "'\(name).dat' index \(block) using 1:2 with lines lw 1.2 dt solid lc rgb '\(Palette.axis.light)' "
        + "notitle")
  }
  add(
    "screened only", measured.filter { $0.fullRuns < TuningRecord.fewestRunsToCompare },
    screenedStyle, size: 0.5)
  for (durability, title, index) in classes {
    add(
      title, compared.filter { $0.durability == durability },
      LineStyle(colourIndex: index, shapeIndex: index), size: 0.9)
  }
  add(
    "default", measured.filter { $0.cell == tuning.standard?.cell }, standardStyle, size: 1.6,
    lineWidth: 1.4)
  if let recommendation = tuning.recommendation, recommendation.cell != tuning.standard?.cell {
    add(
      recommendation.isConfirmed ? "recommended" : "best so far, unconfirmed",
      measured.filter { $0.cell == recommendation.cell }, chosenStyle, size: 1.6, lineWidth: 1.8)
  }
  let grid = PanelGrid(
    count: 1, columns: 1, plotHeight: isPhone ? 260 : 340, format: subject.format, titleHeight: 8)
  let legendHeight = PlotPage.legendHeight(legend, width: subject.format.bodyWidth) + 10
  var page = PlotPage(
    name: name, title: "Latency against throughput",
    subtitle: "means over blocks; up and to the left is better; the line joins the Pareto set",
    subject: subject, bodyHeight: grid.height + legendHeight)
  page.addPanel(
    grid.frames[0], title: "",
    commands: [
      "set logscale x", "set xrange [\(xTicks.low):\(xTicks.high)]",
      "set xtics \(xTicks.sparse(isPhone ? 4 : 8).gnuplotList(latencyTickText))",
      PlotPage.axisLabel("x", "p99 of the slowest kind of operation"),
      "set yrange [0:\(yTicks.high)]", "set ytics \(yTicks.gnuplotList(plainNumber))",
      "set label 1000 'tasks/s' at graph 0.01, graph 0.97 left noenhanced "
        + "tc rgb '\(PlotPage.quietColour)'",
      PlotPage.plot(curves),
    ])
  page.addLegend(
    legend, heading: "configurations", x: subject.format.margin,
    y: subject.format.headHeight + grid.height, width: subject.format.bodyWidth)
  return .plot(Plot(page, data: data))
}
