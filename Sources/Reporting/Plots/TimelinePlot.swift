import Results

/// How a repeat went over time: tasks per second, claim latency, depth, write-ahead log and checkpoints,
/// window by window; a column for each of a few cells.
func timelinePlot(subject: PlotSubject) -> PlotOutcome {
  let name = "timeline"
  let keys = Set(subject.record.timeline.map(\.key))
  let candidates = subject.cells.compactMap { cell in
    subject.typicalRepeat(of: cell, among: keys).map { (cell: cell, result: $0) }
  }
  guard !candidates.isEmpty else {
    return .skipped(name, "timeline.csv holds no windows of a repeat that may be shown")
  }
  let isPhone = subject.format == .phone
  let order = subject.byInterest(candidates.map(\.cell)).prefix(isPhone ? 3 : 6)
  let byKey = Dictionary(grouping: subject.record.timeline, by: \.key)
  let columns = order.compactMap { cell -> TimelineColumn? in
    candidates.first { $0.cell.cell == cell.cell }.flatMap { candidate in
      TimelineColumn(
        cell: cell, result: candidate.result,
        rows: (byKey[candidate.result.key] ?? []).sorted { $0.startSeconds < $1.startSeconds })
    }
  }
  let quantities = TimelineQuantity.all(for: columns)
  let across = isPhone ? 1 : min(3, columns.count)
  let plotHeight = 84
  let (titleHeight, axisHeight, captionHeight) = (24, 26, 32)
  let rowHeight = titleHeight + plotHeight + axisHeight
  let groupHeight = captionHeight + rowHeight * quantities.count
  let groups = (columns.count + across - 1) / across

  var legend = quantities.flatMap { quantity in
    quantity.curves.map {
      PlotPage.LegendEntry(label: $0.label, style: LineStyle(fill: $0.colour), sample: .line)
    }
  }
  if columns.contains(where: \.hasCheckpoints) {
    legend.append(
      PlotPage.LegendEntry(
        label: "checkpoint at work", style: LineStyle(fill: Palette.series[4]), sample: .box))
  }
  legend.append(
    PlotPage.LegendEntry(
      label: "warm-up and drain", style: LineStyle(fill: Palette.shade), sample: .box))
  if columns.contains(where: { $0.steadyFromSeconds != nil }) {
    legend.append(
      PlotPage.LegendEntry(
        label: "steady from here", style: LineStyle(serviceColour: Palette.text.light),
        sample: .line))
  }
  let width = subject.format.bodyWidth
  let footHeight = 24 + PlotPage.legendHeight(legend, width: width) + 8
  var page = PlotPage(
    name: name, title: "Timeline of a repeat",
    subtitle: "of each cell the repeat of median throughput"
      + (columns.count < candidates.count
        ? "; \(columns.count) of \(candidates.count) cells: baseline, extremes, what is not steady"
        : ""),
    subject: subject, bodyHeight: groups * groupHeight + footHeight)
  var data = PlotData(
    columns: "middle_s " + quantities.flatMap { $0.curves.map(\.column) }.joined(separator: " ")
      + " checkpoint_share")
  let panelWidth = width / across
  for (index, column) in columns.enumerated() {
    let left = subject.format.margin + index % across * panelWidth
    let top = subject.format.headHeight + index / across * groupHeight
    let caption = PlotSubject.caption(of: column.cell, on: subject.axes)
    page.addText(
      "\(column.cell.cell)  \(caption == column.cell.cell ? "" : caption)", x: left,
      y: top + captionHeight - 10, size: 12, maximumWidth: panelWidth - 8)
    let block = data.addBlock(
      "\(column.cell.cell) repeat \(column.result.repeatNumber)",
      rows: column.data(of: quantities))
    var field = 2
    for (row, quantity) in quantities.enumerated() {
      let plotTop = top + captionHeight + row * rowHeight + titleHeight
      page.addPanel(
        PlotPage.Frame(
          left: left + PanelGrid.axisWidth - 8, top: plotTop, right: left + panelWidth - 14,
          bottom: plotTop + plotHeight),
        title: quantity.title,
        commands: column.commands(
          for: quantity, columns: columns, source: "'\(name).dat' index \(block)",
          firstField: field, checkpointField: 2 + quantities.map(\.curves.count).reduce(0, +)))
      field += quantity.curves.count
    }
  }
  let foot = subject.format.headHeight + groups * groupHeight
  page.addText(
    "across: seconds since the measurement began", x: subject.format.margin, y: foot + 10,
    colour: PlotPage.quietColour)
  page.addLegend(legend, heading: "", x: subject.format.margin, y: foot + 8, width: width)
  return .plot(Plot(page, data: data))
}

/// A line of the timeline.
struct TimelineCurve {
  let label: String
  /// The name of its column in the data file.
  let column: String
  let colour: PaletteColour
  let value: (TimelineRow) -> Double?
}

/// What one panel of the timeline shows.
private struct TimelineQuantity {
  let title: String
  let isLogarithmic: Bool
  /// Whether all cells have the same scale, so that they can be compared.
  let isCommonScale: Bool
  let showsCheckpoints: Bool
  let curves: [TimelineCurve]

  /// What the windows of `columns` suffice for.
  static func all(for columns: [TimelineColumn]) -> [TimelineQuantity] {
    let measured = columns.flatMap(\.rows).filter { $0.stage == .measure }
    func count(_ path: KeyPath<LatencySummary, Double?>) -> Int {
      measured.count { $0.claim[keyPath: path] != nil }
    }
    // The highest percentile that most windows have samples enough for.
    let tails: [(String, KeyPath<LatencySummary, Double?>)] = [
      ("p99", \.p99Us), ("p95", \.p95Us), ("p90", \.p90Us), ("max", \.maxUs),
    ]
    let tail = tails.first { 2 * count($0.1) > measured.count } ?? tails[3]
    var quantities = [
      TimelineQuantity(
        title: "tasks per second", isLogarithmic: false, isCommonScale: true,
        showsCheckpoints: false,
        curves: [
          TimelineCurve(
            label: "enqueued", column: "enqueued_per_s", colour: Palette.series[5],
            value: { $0.perSecond($0.enqueued) }),
          TimelineCurve(
            label: "completed", column: "completed_per_s", colour: Palette.series[0],
            value: { $0.perSecond($0.completed) }),
        ]),
      TimelineQuantity(
        title: "claim latency per window", isLogarithmic: true, isCommonScale: true,
        showsCheckpoints: false,
        curves: [
          TimelineCurve(
            label: "claim p50", column: "claim_p50_us", colour: Palette.series[3],
            value: { $0.claim.p50Us }),
          TimelineCurve(
            label: "claim \(tail.0)", column: "claim_\(tail.0)_us", colour: Palette.series[1],
            value: { $0.claim[keyPath: tail.1] }),
        ]),
      TimelineQuantity(
        title: "tasks in the queue", isLogarithmic: false, isCommonScale: false,
        showsCheckpoints: false,
        curves: [
          TimelineCurve(
            label: "tasks in the queue", column: "depth", colour: Palette.series[6],
            value: { Double($0.depth) })
        ]),
    ]
    if columns.flatMap(\.rows).contains(where: { $0.walFrames != nil }) {
      quantities.append(
        TimelineQuantity(
          title: "frames in the write-ahead log", isLogarithmic: false, isCommonScale: false,
          showsCheckpoints: true,
          curves: [
            TimelineCurve(
              label: "frames in the log", column: "wal_frames", colour: Palette.series[2],
              value: { $0.walFrames.map(Double.init) }),
            TimelineCurve(
              label: "of these copied back", column: "wal_backfilled_frames",
              colour: Palette.quiet, value: { $0.walBackfilledFrames.map(Double.init) }),
          ]))
    }
    return quantities.filter { quantity in
      columns.contains { column in
        column.rows.contains { row in quantity.curves.contains { $0.value(row) != nil } }
      }
    }
  }
}

/// A cell of the timeline with its repeat.
private struct TimelineColumn {
  let cell: CellSummary
  let result: RepeatResult
  let rows: [TimelineRow]

  var hasCheckpoints: Bool {
    rows.contains { $0.checkpoints > 0 || ($0.checkpointShare ?? 0) > 0 }
  }

  /// Where steady state begins, if not with the measurement.
  var steadyFromSeconds: Double? { result.steadyFromSeconds.flatMap { $0 > 0 ? $0 : nil } }

  func data(of quantities: [TimelineQuantity]) -> [[String]] {
    rows.map { row in
      [PlotData.number(row.startSeconds + row.lengthSeconds / 2)]
        + quantities.flatMap { $0.curves.map { PlotData.number($0.value(row)) } }
        // A checkpoint that was too short to be seen is seen all the same.
        + [PlotData.number(max(row.checkpointShare ?? 0, row.checkpoints > 0 ? 0.02 : 0))]
    }
  }

  func commands(
    for quantity: TimelineQuantity, columns: [TimelineColumn], source: String, firstField: Int,
    checkpointField: Int
  ) -> [String] {
    let scaled = quantity.isCommonScale ? columns : [self]
    let values = scaled.flatMap(\.rows).flatMap { row in
      quantity.curves.compactMap { $0.value(row) }
    }
    let logarithmic =
      quantity.isLogarithmic ? Ticks(logarithmicOver: values.filter { $0 > 0 }) : nil
    let ticks = logarithmic ?? Ticks(linearOver: values, labels: 3)
    let (first, last) = (rows.first?.startSeconds ?? 0, rows.last.map(\.endSeconds) ?? 1)
    let xTicks = Ticks(linearOver: [last], labels: 4)
    var commands = [
      logarithmic == nil ? "unset logscale" : "unset logscale; set logscale y",
      "set xrange [\(PlotData.number(first)):\(PlotData.number(max(last, first + 0.001)))]",
      "set xtics \(xTicks.gnuplotList(plainNumber))",
      "set yrange [\(PlotData.number(ticks.low)):\(PlotData.number(ticks.high))]",
      values.isEmpty
        ? "unset ytics"
        : "set ytics \(ticks.sparse(3).gnuplotList(quantity.isLogarithmic ? latencyTickText : plainNumber))",
    ]
    for (index, shade) in shades.enumerated() {
      commands.append(
        "set object \(901 + index) rectangle from \(PlotData.number(shade.from)),graph 0 to "
          + "\(PlotData.number(shade.to)),graph 1 behind fs solid noborder "
          + "fc rgb '\(Palette.shade.light)'")
    }
    if let steadyFromSeconds {
      let place = PlotData.number(steadyFromSeconds)
      commands.append(
        "set arrow 901 from \(place),graph 0 to \(place),graph 1 nohead dt (6,3) lw 1 "
          + "lc rgb '\(Palette.text.light)'")
    }
    let isEmpty = rows.allSatisfy { row in quantity.curves.allSatisfy { $0.value(row) == nil } }
    if isEmpty {
      commands.append(
        "set label 901 \(PlotPage.quoted("none")) at graph 0.5,0.5 center noenhanced "
          + "tc rgb '\(PlotPage.quietColour)'")
    }
    var curves: [String] = []
    if quantity.showsCheckpoints, hasCheckpoints {
      let length = PlotData.number((rows.first?.lengthSeconds ?? 0.1) * 0.9)
      curves.append(
        "\(source) using 1:($\(checkpointField)*\(PlotData.number(ticks.high))):(\(length)) "
          + "with boxes fs solid noborder lc rgb '\(Palette.series[4].light)' notitle")
    }
    for (index, curve) in quantity.curves.enumerated() {
      // Alternating widths, because gnuplot joins neighbours that look alike.
      curves.append(
        "\(source) using 1:\(firstField + index) with lines lw \(index == 0 ? "1.3" : "1.5") "
          + "dt solid lc rgb '\(curve.colour.light)' notitle")
    }
    return commands + [PlotPage.plot(curves), "unset object", "unset arrow", "unset label 901"]
  }

  /// The stretches that are not measured.
  private var shades: [(from: Double, to: Double)] {
    [RepeatStage.warmUp, .drain].compactMap { stage in
      let windows = rows.filter { $0.stage == stage }
      guard let first = windows.first, let last = windows.last else { return nil }
      return (first.startSeconds, last.endSeconds)
    }
  }
}

extension TimelineRow {
  fileprivate var endSeconds: Double { startSeconds + lengthSeconds }

  fileprivate func perSecond(_ count: Int) -> Double? {
    lengthSeconds > 0 ? Double(count) / lengthSeconds : nil
  }
}
