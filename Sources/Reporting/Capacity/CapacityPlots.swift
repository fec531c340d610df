internal import Results
internal import Statistics

/// The pictures of a search for the capacity: latency against rate, and throughput against processes.
package struct CapacityPlots: Sendable {
  /// Those that the run suffices for.
  package private(set) var plots: [Plot] = []

  /// The pictures of a run that has a capacity; none of one that has not.
  package init(_ record: RunRecord, format: PlotFormat = .file) {
    guard let capacity = record.capacity else { return }
    let subject = PlotSubject(record, format: format)
    if case .plot(let plot) = capacityRatePlot(capacity, subject: subject) { plots.append(plot) }
    guard capacity.scale != nil else { return }
    if case .plot(let plot) = processesPlot(
      .throughput, subject: PlotSubject(record.closedLoop, format: format))
    {
      plots.append(plot)
    }
  }
}

extension RunRecord {
  /// The repeats of the closed loop alone: what the number of processes can be compared by, where other cells
  /// were offered tasks at rates.
  var closedLoop: RunRecord {
    var copy = self
    copy.rows = rows.filter { row in
      row.axes.contains(AxisValue(name: "rate", label: "closed"))
    }
    copy.capacity = nil
    return copy
  }
}

/// Latency against rate with the objective's limit, the capacity with its interval, and the knee; below it, what
/// was achieved of the rate.
func capacityRatePlot(_ record: CapacityRecord, subject: PlotSubject) -> PlotOutcome {
  let name = "latency-vs-rate"
  let probes = record.probes.filter { $0.p50Us != nil || $0.p99Us != nil }
  let latencies = probes.flatMap { [$0.p50Us, $0.p99Us, $0.p999Us].compactMap { $0 } }
    .filter { $0 > 0 }
  let limits = record.latencyLimitsUs.filter { $0.value > 0 }.sorted { $0.key < $1.key }
  guard let xTicks = Ticks(logarithmicOver: probes.map(\.rate)),
    let yTicks = Ticks(logarithmicOver: latencies + limits.map(\.value))
  else { return .skipped(name, "no latency was measured at a rate") }

  let shade = LineStyle(fill: Palette.sequential[1])
  let capacityStyle = LineStyle(index: 0)
  let limitStyle = LineStyle(limitColour: Palette.bad.light)
  let kneeStyle = LineStyle(serviceColour: Palette.quiet.light)
  let failedStyle = LineStyle(invalidColour: Palette.bad.light)
  let lines: [(label: String, style: LineStyle, value: (CapacityCurvePoint) -> Double?)] = [
    ("p50", LineStyle(index: 2), \.p50Us), ("p99", LineStyle(index: 1), \.p99Us),
    ("p99.9", LineStyle(index: 3), \.p999Us),
  ]
  let found = found(record)
  var legend = lines.map { PlotPage.LegendEntry(label: $0.label, style: $0.style) }
  legend.append(.init(label: "p99 of a probe that fails", style: failedStyle, sample: .point))
  legend += limits.map {
    .init(
      label: "limit of \($0.key): \(latencyText(us: $0.value))", style: limitStyle, sample: .line)
  }
  if let found {
    legend.append(
      .init(label: "λ* = \(grouped(found.rate))/s", style: capacityStyle, sample: .line))
    legend.append(.init(label: "its interval", style: shade, sample: .box))
  }
  if let knee = record.knee {
    legend.append(.init(label: "knee, \(grouped(knee))/s", style: kneeStyle, sample: .line))
  }
  let achievedStyle = LineStyle(index: 5)
  let lockStyle = LineStyle(index: 4)
  legend.append(.init(label: "achieved / offered", style: achievedStyle))
  legend.append(.init(label: "time that the write lock is held", style: lockStyle))

  let isPhone = subject.format == .phone
  let grid = PanelGrid(
    count: 2, columns: isPhone ? 1 : 2, plotHeight: isPhone ? 200 : 300, format: subject.format)
  let legendHeight = PlotPage.legendHeight(legend, width: subject.format.bodyWidth) + 10
  var page = PlotPage(
    name: name, title: "Latency against the offered rate: \(record.latency.words)",
    subtitle: record.objectives.joined(separator: ", ")
      + "; each point a probe, lines their medians",
    notes: wrapped(record.limit?.words ?? "", to: 135), subject: subject,
    bodyHeight: grid.height + legendHeight)
  var data = PlotData(columns: "offered_per_s value")
  func block(_ title: String, _ rows: [(Double, Double?)]) -> Int {
    data.addBlock(
      title, rows: rows.map { [PlotData.number($0.0), PlotData.number($0.1)] })
  }
  /// What stands behind the points: the interval, and lines from the bottom to the top.
  func background(_ low: Double, _ high: Double) -> [String] {
    var curves: [String] = []
    if let found {
      let left = max(found.low, xTicks.low)
      let right = min(found.high, xTicks.high)
      let area = data.addBlock(
        "interval of the capacity",
        rows: [left, right].map {
          [PlotData.number($0), PlotData.number(low), PlotData.number(high)]
        })
      curves.append(
        "'\(name).dat' index \(area) using 1:2:3 with filledcurves fs solid noborder "
          + "fc rgb '\(shade.colour)' notitle")
      let line = block("capacity", [(found.rate, low), (found.rate, high)])
      curves.append(
        "'\(name).dat' index \(line) using 1:2 with lines \(stroke(capacityStyle)) notitle")
    }
    if let knee = record.knee {
      let line = block("knee", [(knee, low), (knee, high)])
      curves.append("'\(name).dat' index \(line) using 1:2 with lines \(stroke(kneeStyle)) notitle")
    }
    return curves
  }
  func xAxis(_ ticks: Ticks) -> [String] {
    [
      "unset logscale", "set logscale x", "set xrange [\(xTicks.low):\(xTicks.high)]",
      "set xtics \(ticks.gnuplotList(plainNumber))",
      PlotPage.axisLabel("x", "tasks offered per second"),
    ]
  }

  var curves = background(yTicks.low, yTicks.high)
  for limit in limits {
    let line = block(
      "limit of \(limit.key)", [(xTicks.low, limit.value), (xTicks.high, limit.value)])
    curves.append("'\(name).dat' index \(line) using 1:2 with lines \(stroke(limitStyle)) notitle")
  }
  let passed = block("p99 of probes that pass", probes.filter(\.passed).map { ($0.rate, $0.p99Us) })
  let failed = block(
    "p99 of probes that fail", probes.filter { !$0.passed }.map { ($0.rate, $0.p99Us) })
  curves.append(
    "'\(name).dat' index \(passed) using 1:2 with points pt 6 ps 0.4 lc rgb '\(lines[1].style.colour)' notitle"
  )
  curves.append(
    "'\(name).dat' index \(failed) using 1:2 with points pt 2 ps 0.5 lc rgb '\(failedStyle.colour)' notitle"
  )
  for line in lines where record.curve.contains(where: { line.value($0) != nil }) {
    let rows = record.curve.filter { line.value($0) != nil }.map { ($0.rate, line.value($0)) }
    let index = block("\(line.label), medians", rows)
    curves.append(
      "'\(name).dat' index \(index) using 1:2 with linespoints \(line.style.gnuplot) notitle")
  }
  let xLabels = xTicks.sparse(isPhone ? 5 : 7)
  page.addPanel(
    grid.frames[0], title: record.latency.words,
    commands: xAxis(xLabels) + [
      "set logscale y", "set yrange [\(yTicks.low):\(yTicks.high)]",
      "set ytics \(yTicks.gnuplotList(latencyTickText))", PlotPage.plot(curves),
    ])

  let achieved = block("achieved, medians", record.curve.map { ($0.rate, $0.achieved) })
  let lock = block("write lock", record.curve.filter { $0.lock != nil }.map { ($0.rate, $0.lock) })
  page.addPanel(
    grid.frames[1], title: "achieved / offered, and the write lock",
    commands: xAxis(xLabels) + [
      "unset logscale y", "set yrange [0:1.1]", "set ytics (0, 0.25, 0.5, 0.75, 1)",
      PlotPage.plot(
        background(0, 1.1) + [
          "'\(name).dat' index \(achieved) using 1:2 with linespoints \(achievedStyle.gnuplot) notitle",
          "'\(name).dat' index \(lock) using 1:2 with linespoints \(lockStyle.gnuplot) notitle",
        ]),
    ])
  page.addLegend(
    legend, heading: "", x: subject.format.margin, y: subject.format.headHeight + grid.height,
    width: subject.format.bodyWidth)
  return .plot(Plot(page, data: data))
}

/// The capacity with the interval around all that the searches say; nil if none found one.
private func found(_ record: CapacityRecord) -> (rate: Double, low: Double, high: Double)? {
  guard let rate = record.rate else { return nil }
  let searches = record.searches.filter(\.foundRate)
  let low = median(of: searches.compactMap(\.low)) ?? rate
  let high = median(of: searches.compactMap(\.high)) ?? rate
  return (rate, min(low, rate), max(high, rate))
}

/// A line without points.
private func stroke(_ style: LineStyle) -> String {
  "lw 1.4 lc rgb '\(style.colour)' dt \(style.dash)"
}

/// `text` in lines of at most `count` characters, broken between words.
private func wrapped(_ text: String, to count: Int) -> [String] {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let line = lines.last, line.count + word.count < count {
      lines[lines.count - 1] = "\(line) \(word)"
    } else {
      lines.append(String(word))
    }
  }
  return lines
}
