import Foundation
import Results
import Statistics

extension RunComparison {
  /// By which factor B differs from A in every cell and metric, with intervals; nil if nothing has a ratio.
  ///
  /// A panel for each metric, cells from top to bottom, all on one logarithmic scale.
  package var forestPlot: Plot? {
    let name = "compare"
    let shown = rows.filter { !$0.metric.isShare && $0.estimate.value > 0 }
    let panels = metrics.filter { metric in shown.contains { $0.metric == metric } }
    guard !panels.isEmpty else { return nil }
    let names = names
    var cells = pairs.map { names[$0.name] ?? $0.name }.filter { cell in
      shown.contains { $0.name(names) == cell }
    }
    if let together = shown.first(where: { $0.cell == nil }) {
      cells.insert(together.name(names), at: 0)
    }
    let layout = ForestLayout(labels: cells, panelCount: panels.count)
    let legend = Self.legendEntries(shown)
    let legendHeight = PlotPage.legendHeight(legend, width: layout.format.bodyWidth) + 10
    var page = PlotPage(
      name: name, title: "B relative to A, with 95 % intervals",
      subtitle: "left of 1 is less, right of it more; dashed: 5 % less and more", notes: plotNotes,
      origin: origin, format: layout.format, bodyHeight: layout.height + legendHeight)
    var data = PlotData(columns: "row ratio low high cell")
    let ticks = Self.ticks(shown)
    for (metric, frame) in zip(panels, layout.frames) {
      var curves: [String] = []
      for outcome in Outcome.allCases {
        let own = shown.filter { $0.metric == metric && $0.outcome == outcome }
        guard !own.isEmpty else { continue }
        let index = data.addBlock(
          "\(metric.name) \(outcome.rawValue)",
          rows: own.map {
            Self.fields($0, name: $0.name(names), row: cells.firstIndex(of: $0.name(names)) ?? 0)
          })
        let source = "'\(name).dat' index \(index)"
        let colour = outcome.colour.light
        curves.append(
          "\(source) using 3:1:($4-$3):(0) with vectors \(PlotPage.errorBar) lc rgb '\(colour)' notitle"
        )
        curves.append(
          "\(source) using 2:1 with points pt \(outcome.point) ps 0.75 lw 1.5 lc rgb '\(colour)' notitle"
        )
      }
      let isLabelled = layout.isAtLeft(frame)
      page.addPanel(
        frame,
        title: metric.isHigherBetter ? "\(metric.name) (better →)" : "(← better) \(metric.name)",
        commands: [
          "set logscale x", "set xrange [\(ticks.low):\(ticks.high)]",
          "set xtics \(ticks.gnuplotList(Self.tickText))",
          "set yrange [\(cells.count).5:0.5]",
          "set ytics \(Self.rowTicks(isLabelled ? layout.labels : cells.map { _ in "" }))",
          "unset arrow",
        ] + Self.referenceLines(ticks) + [PlotPage.plot(curves), "unset arrow"])
    }
    page.addLegend(
      legend, heading: "results, by Mann and Whitney's test adjusted over everything shown",
      x: layout.format.margin, y: layout.format.headHeight + layout.height,
      width: layout.format.bodyWidth)
    return Plot(page, data: data)
  }

  private static func fields(_ row: Row, name: String, row index: Int) -> [String] {
    let interval = row.estimate.interval
    return [
      "\(index + 1)", PlotData.number(row.estimate.value),
      // Without an interval the bar has no length.
      PlotData.number(interval?.low ?? row.estimate.value),
      PlotData.number(interval?.high ?? row.estimate.value),
      PlotData.string(name),
    ]
  }

  private static func tickText(_ ratio: Double) -> String {
    ratio >= 1
      ? PlotData.number(ratio)
      : ratio < 0.095 ? String(format: "%.2g", ratio) : String(format: "%.2f", ratio)
  }

  /// 1 and what is 5 % less and more, where they are on the scale.
  private static func referenceLines(_ ticks: Ticks) -> [String] {
    // Different widths: gnuplot joins neighbours of one colour and width into one path.
    [(1.0, "dt solid lw 1.1"), (1 / 1.05, "dt (4,4) lw 0.8"), (1.05, "dt (4,4) lw 0.82")]
      .map { value, style in
        "set arrow from first \(PlotData.number(value)), graph 0 to first \(PlotData.number(value)), graph 1 "
          + "nohead back \(style) lc rgb '\(Palette.quiet.light)'"
      }
  }

  private static func rowTicks(_ labels: [String]) -> String {
    let marks = labels.enumerated().map { "\(PlotPage.quotedTick($0.element)) \($0.offset + 1)" }
    return "(\(marks.joined(separator: ", ")))"
  }

  /// A scale for all panels, at least wide enough for the margins.
  private static func ticks(_ rows: [Row]) -> Ticks {
    let ends = rows.flatMap { row in
      [row.estimate.value, row.estimate.interval?.low, row.estimate.interval?.high]
        .compactMap(\.self)
    }.filter { $0 > 0 }
    let furthest = max(1.12, ends.map { max($0, 1 / $0) }.max() ?? 1)
    return Ticks(ratiosUpTo: furthest)
  }

  private static func legendEntries(_ rows: [Row]) -> [PlotPage.LegendEntry] {
    Outcome.allCases.filter { outcome in rows.contains { $0.outcome == outcome } }.map { outcome in
      PlotPage.LegendEntry(
        label: outcome.rawValue,
        style: LineStyle(colour: outcome.colour, point: outcome.point), sample: .point)
    }
  }

  private var plotNotes: [String] { warnings.prefix(3).map { "note: \($0)" } }

  private var origin: [String] {
    let machine = ["cpu", "cores", "filesystem"].compactMap { key in
      b.manifest.machine[key].map { key == "cores" ? "\($0) cores" : $0 }
    }
    let counts = rows.flatMap { [$0.a?.count, $0.b?.count].compactMap(\.self) }
    let repeats = counts.min().flatMap { low in
      counts.max().map { low == $0 ? "\(low) repeats" : "\(low) to \($0) repeats" }
    }
    return [
      "A: run \(a.manifest.run) · \(a.origin) · seed \(a.manifest.seed)",
      "B: run \(b.manifest.run) · \(b.origin) · seed \(b.manifest.seed)",
      (machine + [repeats].compactMap(\.self)).joined(separator: " · "),
    ]
  }
}

extension RunComparison.Outcome {
  fileprivate var colour: PaletteColour {
    switch self {
    case .better: return Palette.series[0]
    case .worse: return Palette.series[1]
    case .unclear, .same, .tooFew: return Palette.quiet
    }
  }

  /// Filled where something was shown, so that it is seen without colours too.
  fileprivate var point: Int {
    switch self {
    case .better: return 11
    case .worse: return 9
    case .unclear: return 6
    case .same: return 4
    case .tooFew: return 2
    }
  }
}

/// Where the panels of a forest plot lie: in rows, with the cells' labels at the left of each row.
struct ForestLayout {
  let format = PlotFormat.file
  /// The labels, shortened to what has room.
  let labels: [String]
  let frames: [PlotPage.Frame]
  let height: Int

  private static let longestLabel = 38
  private static let rowHeight = 17
  private static let titleHeight = 30
  private static let tickHeight = 28
  private static let narrowestPanel = 200

  init(labels: [String], panelCount: Int) {
    self.labels = labels.map { shortened($0, to: Self.longestLabel) }
    let labelWidth = (self.labels.map(PlotPage.textWidth).max() ?? 0) + 14
    let available = format.bodyWidth - labelWidth
    let across = max(1, min(panelCount, min(3, available / Self.narrowestPanel)))
    let panelWidth = available / across
    let plotHeight = max(40, Self.rowHeight * labels.count)
    let blockHeight = Self.titleHeight + plotHeight + Self.tickHeight
    let (margin, head) = (format.margin, format.headHeight)
    frames = (0..<panelCount).map { index in
      let left = margin + labelWidth + index % across * panelWidth
      let top = head + index / across * blockHeight + Self.titleHeight
      return PlotPage.Frame(
        left: left, top: top, right: left + panelWidth - 22, bottom: top + plotHeight)
    }
    height = (panelCount + across - 1) / across * blockHeight
  }

  /// Whether the labels stand beside a panel.
  func isAtLeft(_ frame: PlotPage.Frame) -> Bool { frame.left == frames.first?.left }
}
