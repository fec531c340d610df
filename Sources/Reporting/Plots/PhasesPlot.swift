import Results
import Statistics

/// Where the time of an operation goes, near its median and near its 99th percentile: stacked bars per
/// cell. Means of operations of about the same latency add up, which percentiles of phases do not.
func phasesPlot(subject: PlotSubject) -> PlotOutcome {
  let name = "phases"
  let usable = Set(subject.cells.flatMap(\.usable).map(\.key))
  let rows = subject.record.phases.filter { usable.contains($0.key) }
  let means = PhaseMeans(rows)
  let cells = subject.cells.filter { means.cells.contains($0.cell) }
  let shown = subject.chosen(cells, most: 16)
  guard !shown.isEmpty else {
    return .skipped(name, "phases.csv holds no phases of operations that may be shown")
  }
  let operations = [MeasuredOperation.claim, .enqueue, .complete].filter { operation in
    shown.contains { cell in
      PhaseNearness.allCases.contains { means.total($0, operation, cell.cell) != nil }
    }
  }
  guard !operations.isEmpty else {
    return .skipped(name, "phases.csv holds no phases near the median or the 99th percentile")
  }
  let isPhone = subject.format == .phone
  let captions = shown.map {
    shortened(PlotSubject.caption(of: $0, on: subject.axes), to: isPhone ? 20 : 26)
  }
  let labelWidth = (captions.map(PlotPage.textWidth).max() ?? 0) + 12
  let panels = operations.flatMap { operation in PhaseNearness.allCases.map { (operation, $0) } }
  let grid = PanelGrid(
    count: panels.count, columns: isPhone ? 1 : 2, plotHeight: shown.count * 20 + 6,
    format: subject.format, axisHeight: 30, labelWidth: labelWidth)
  let legend = OperationPhase.parts.map {
    PlotPage.LegendEntry(label: $0.caption, style: LineStyle(fill: $0.colour), sample: .box)
  }
  let legendHeight = PlotPage.legendHeight(legend, width: subject.format.bodyWidth) + 10
  var page = PlotPage(
    name: name, title: "Where the time goes: phases near the median and near the p99",
    subtitle: "means of operations of about that latency, \(subject.repeatsText(withBars: false))"
      + (shown.count < cells.count ? "; \(shown.count) of \(cells.count) cells" : ""),
    subject: subject, bodyHeight: grid.height + legendHeight)
  var data = PlotData(columns: "row from_us to_us")
  let labels = captions.enumerated().map { "\(PlotPage.quotedTick($0.element)) \($0.offset)" }
  for ((operation, nearness), frame) in zip(panels, grid.frames) {
    let totals = shown.compactMap { means.total(nearness, operation, $0.cell) }
    // One cell that is far off, such as a saturated one, must not make all others look like nothing.
    let typical = (median(of: totals) ?? 0) * 6
    let longest = totals.filter { $0 <= typical }.max() ?? totals.max() ?? 1
    let hasCut = totals.contains { $0 > longest }
    let unit = LatencyUnit(forUs: longest)
    let extent = longest / unit.microseconds * (hasCut ? 1.04 : 1)
    let ticks = Ticks(linearOver: [extent], labels: isPhone || labelWidth > 150 ? 3 : 5)
    var curves: [String] = []
    for (index, phase) in OperationPhase.parts.enumerated() {
      let bars = shown.enumerated().compactMap { row, cell -> [String]? in
        func mean(_ phase: OperationPhase) -> Double {
          (means[nearness, operation, phase, cell.cell] ?? 0) / unit.microseconds
        }
        let start = OperationPhase.parts[..<index].map(mean).reduce(0, +)
        let length = mean(phase)
        guard length > 0, start < extent else { return nil }
        return ["\(row)", PlotData.number(start), PlotData.number(min(extent, start + length))]
      }
      guard !bars.isEmpty else { continue }
      let block = data.addBlock(
        "\(operation.rawValue) \(nearness.title) \(phase.rawValue)", rows: bars)
      curves.append(
        "'\(name).dat' index \(block) using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror "
          + "fs solid noborder lc rgb '\(phase.colour.light)' notitle")
    }
    let cut = shown.enumerated().compactMap { row, cell -> [String]? in
      guard let total = means.total(nearness, operation, cell.cell), total > longest else {
        return nil
      }
      return ["\(row)", PlotData.number(extent), PlotData.string("▸ \(latencyText(us: total))")]
    }
    if !cut.isEmpty {
      let block = data.addBlock("\(operation.rawValue) \(nearness.title) cut off", rows: cut)
      curves.append(
        "'\(name).dat' index \(block) using 2:1:3 with labels left offset 0.3,0 noenhanced "
          + "font 'sans-serif,10' tc rgb '\(Palette.text.light)' notitle")
    }
    page.addPanel(
      frame, title: "\(operation.rawValue), \(nearness.title), \(unit.rawValue)",
      commands: [
        "unset grid", "set grid xtics lc rgb '\(Palette.grid.light)' lw 0.6 dt solid",
        "set xrange [0:\(PlotData.number(ticks.high * (hasCut ? 1.35 : 1)))]",
        "set xtics \(ticks.gnuplotList(plainNumber))",
        "set yrange [\(Double(shown.count) - 0.4):-0.6]",
        "set ytics (\(labels.joined(separator: ", "))) noenhanced",
        PlotPage.plot(curves),
      ])
  }
  page.addLegend(
    legend, heading: "phase, from left to right", x: subject.format.margin,
    y: subject.format.headHeight + grid.height, width: subject.format.bodyWidth)
  return .plot(Plot(page, data: data))
}

/// Near which percentile of the whole operation the means of its phases are taken.
enum PhaseNearness: CaseIterable {
  case median
  case tail

  var title: String { self == .median ? "near p50" : "near p99" }

  func meanUs(_ row: PhaseRow) -> Double? {
    self == .median ? row.meanNearP50Us : row.meanNearP99Us
  }
}

/// The means of phases over the repeats of each cell.
struct PhaseMeans {
  private struct Key: Hashable {
    let cell: String
    let operation: MeasuredOperation
    let phase: OperationPhase
  }

  private let rows: [Key: [PhaseRow]]
  /// The cells that have any.
  let cells: Set<String>

  init(_ rows: [PhaseRow]) {
    self.rows = Dictionary(grouping: rows) {
      Key(cell: $0.cell, operation: $0.operation, phase: $0.phase)
    }
    cells = Set(rows.map(\.cell))
  }

  /// The median over the repeats, in microseconds.
  subscript(
    nearness: PhaseNearness, operation: MeasuredOperation, phase: OperationPhase, cell: String
  ) -> Double? {
    means(nearness, operation, phase, cell)?.median
  }

  /// The same with its spread.
  func means(
    _ nearness: PhaseNearness, _ operation: MeasuredOperation, _ phase: OperationPhase,
    _ cell: String
  ) -> Spread? {
    let rows = rows[Key(cell: cell, operation: operation, phase: phase)] ?? []
    return Spread(of: rows.compactMap(nearness.meanUs))
  }

  /// All parts together.
  func total(
    _ nearness: PhaseNearness, _ operation: MeasuredOperation, _ cell: String
  ) -> Double? {
    let parts = OperationPhase.parts.compactMap { self[nearness, operation, $0, cell] }
    return parts.isEmpty ? nil : parts.reduce(0, +)
  }

  /// The share of all response time over the repeats.
  func shares(
    _ operation: MeasuredOperation, _ phase: OperationPhase, _ cell: String
  ) -> Spread? {
    let rows = rows[Key(cell: cell, operation: operation, phase: phase)] ?? []
    return Spread(of: rows.compactMap(\.share))
  }
}

extension OperationPhase {
  /// As a reader calls it.
  var caption: String {
    switch self {
    case .response: return "response"
    case .service: return "service"
    case .lag: return "late start"
    case .lockWait: return "waiting for the lock"
    case .execute: return "executing"
    case .commit: return "committing"
    case .checkpoint: return "checkpoint"
    case .handler: return "asleep in the handler"
    }
  }

  fileprivate var colour: PaletteColour {
    switch self {
    case .lag: return Palette.series[3]
    case .lockWait, .handler: return Palette.series[4]
    case .execute, .service: return Palette.series[0]
    case .commit: return Palette.series[2]
    case .checkpoint: return Palette.series[1]
    case .response: return Palette.series[6]
    }
  }
}
