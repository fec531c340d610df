import Results

/// How the cells of a picture are spread over panels, so that no panel holds more lines than the
/// eye can follow.
struct Panels {
  /// A part of the picture with its own axes.
  struct Panel {
    /// What the cells of the panel have in common; empty for the only panel.
    let title: String
    let cells: [CellSummary]
  }

  /// The panels; at least one.
  let panels: [Panel]
  /// The axes that tell the lines of one panel apart.
  let lineAxes: [PlotSubject.Axis]
  /// Whether the same lines return in each panel, so that one legend serves all.
  let sharesLegend: Bool

  static let mostLines = 6
  private static let mostPanels = 12
  // Axes beyond this number stay together in the lines; 2^8 ways to choose are tried in no time.
  private static let mostChoices = 8

  /// Spreads `cells`, whose lines differ in `axes`.
  ///
  /// Takes the fewest panels that leave at most six lines in each. If no choice of axes does that,
  /// the lines are spread six by six, in their order.
  init(of cells: [CellSummary], axes: [PlotSubject.Axis]) {
    func lineCount(_ cells: [CellSummary], _ axes: [PlotSubject.Axis]) -> Int {
      Set(cells.map { cell in axes.map { PlotSubject.label(of: cell, on: $0.name) } }).count
    }
    let choices = (0..<(1 << min(axes.count, Self.mostChoices))).map { bits in
      axes.indices.filter { $0 < Self.mostChoices && bits & (1 << $0) != 0 }.map { axes[$0] }
    }
    let splits = choices.map { panelAxes in
      let lineAxes = axes.filter { !panelAxes.contains($0) }
      let panels = Self.grouped(cells, by: panelAxes)
      let lines = panels.map { lineCount($0.cells, lineAxes) }.max() ?? 0
      return (panels: panels, lineAxes: lineAxes, lines: lines)
    }
    let fitting = splits.filter { $0.lines <= Self.mostLines && $0.panels.count <= Self.mostPanels }
    if let best = fitting.min(by: { $0.panels.count < $1.panels.count }) {
      panels = best.panels
      lineAxes = best.lineAxes
      sharesLegend = true
      return
    }
    lineAxes = axes
    sharesLegend = false
    let lines = Self.grouped(cells, by: axes)
    panels = stride(from: 0, to: lines.count, by: Self.mostLines).map { start in
      let chunk = lines[start..<min(start + Self.mostLines, lines.count)].flatMap(\.cells)
      let names = chunk.map(\.cell)
      return Panel(title: "\(names.first ?? "") to \(names.last ?? "")", cells: chunk)
    }
  }

  /// The cells with the same labels on `axes`, in the order of their first appearance.
  static func grouped(_ cells: [CellSummary], by axes: [PlotSubject.Axis]) -> [Panel] {
    var order: [[String]] = []
    var groups: [[String]: [CellSummary]] = [:]
    for cell in cells {
      let labels = axes.map { PlotSubject.label(of: cell, on: $0.name) }
      if groups[labels] == nil { order.append(labels) }
      groups[labels, default: []].append(cell)
    }
    return order.map { labels in
      let title = zip(axes, labels).map { "\($0.name) = \($1)" }.joined(separator: ", ")
      return Panel(title: title, cells: groups[labels] ?? [])
    }
  }
}
