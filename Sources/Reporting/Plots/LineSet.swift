import Results
internal import Verification

/// The lines of a picture: which cells form one, and how each looks wherever it appears.
struct LineSet {
  private let axes: [PlotSubject.Axis]
  private let styles: [[String]: LineStyle]

  /// The lines of `panels`.
  init(of panels: Panels) {
    axes = panels.lineAxes
    var styles: [[String]: LineStyle] = [:]
    var count = 0
    for panel in panels.panels {
      // Where each panel has lines of its own, its styles begin anew.
      if !panels.sharesLegend { count = 0 }
      for cell in panel.cells {
        let labels = panels.lineAxes.map { PlotSubject.label(of: cell, on: $0.name) }
        guard styles[labels] == nil else { continue }
        styles[labels] = Self.style(of: labels, axes: panels.lineAxes, index: count)
        count += 1
      }
    }
    self.styles = styles
  }

  private static func style(
    of labels: [String], axes: [PlotSubject.Axis], index: Int
  ) -> LineStyle {
    guard LineStyle.canCross(axes), let colour = axes[0].labels.firstIndex(of: labels[0]),
      let shape = axes[1].labels.firstIndex(of: labels[1])
    else { return LineStyle(index: index) }
    return LineStyle(colourIndex: colour, shapeIndex: shape)
  }

  /// How the line that a cell belongs to looks.
  func style(of cell: CellSummary) -> LineStyle {
    styles[axes.map { PlotSubject.label(of: cell, on: $0.name) }] ?? LineStyle(index: 0)
  }

  /// The entries of a legend for the lines of `cells`.
  func legend(of cells: [CellSummary]) -> [PlotPage.LegendEntry] {
    Panels.grouped(cells, by: axes).compactMap { group in
      guard let first = group.cells.first else { return nil }
      return PlotPage.LegendEntry(
        label: PlotSubject.caption(of: first, on: axes) + mark(of: group.cells),
        style: style(of: first))
    }
  }

  /// What a reader must know of a line besides its numbers.
  private func mark(of cells: [CellSummary]) -> String {
    let invalid = cells.filter { $0.verdict == .invalid }.map(\.cell)
    if !invalid.isEmpty {
      let names = invalid.prefix(3).joined(separator: ", ") + (invalid.count > 3 ? ", …" : "")
      return cells.count == 1 ? "  ✗ INVALID" : "  ✗ \(names) INVALID"
    }
    guard cells.allSatisfy({ $0.usable.isEmpty }), let status = cells.map(\.status).max() else {
      return ""
    }
    return "  (\(status.rawValue))"
  }

  /// What the labels of a legend are, for the line above it.
  var legendHeading: String {
    axes.isEmpty ? "cell" : axes.map(\.name).joined(separator: ", ")
  }
}
