import Results

/// Where the panels and legends of a picture lie.
///
/// With one legend for all, panels stand in rows of up to three above it. Where each panel has
/// lines of its own, they stand one beneath the other, each with its legend on the right.
struct PanelLayout {
  /// The plotting areas, one for each panel.
  let frames: [PlotPage.Frame]
  /// The height of panels and legends together.
  let bodyHeight: Int

  private let panelsHeight: Int
  private let extraEntries: [PlotPage.LegendEntry]

  private static let sideLegendWidth = 290
  private static let axisWidth = 62
  private static let axisHeight = 44
  private static let titleHeight = 26

  /// The layout of `panels`; `extraEntries` stand in the legend beside those of the lines.
  init(panels: Panels, lines: LineSet, extraEntries: [PlotPage.LegendEntry] = []) {
    self.extraEntries = extraEntries
    let count = panels.panels.count
    let width = PlotPage.width - 2 * PlotPage.margin
    let columns = !panels.sharesLegend ? 1 : count <= 1 ? 1 : count == 2 || count == 4 ? 2 : 3
    let right = panels.sharesLegend ? width : width - Self.sideLegendWidth
    let panelWidth = right / columns
    let plotHeight = count <= 1 ? 330 : columns == 2 ? 250 : columns == 1 ? 190 : 200
    let titleHeight = count > 1 ? Self.titleHeight : 6
    let rowHeight = titleHeight + plotHeight + Self.axisHeight
    frames = (0..<count).map { index in
      let left = PlotPage.margin + index % columns * panelWidth
      let top = PlotPage.headHeight + index / columns * rowHeight + titleHeight
      return PlotPage.Frame(
        left: left + Self.axisWidth, top: top, right: left + panelWidth - 10,
        bottom: top + plotHeight)
    }
    panelsHeight = (count + columns - 1) / columns * rowHeight
    let legend = Self.legend(of: panels, lines: lines) + extraEntries
    bodyHeight =
      panelsHeight + (legend.isEmpty ? 0 : PlotPage.legendHeight(legend, width: width) + 10)
  }

  /// The legend that serves all panels; empty where each has its own.
  private static func legend(of panels: Panels, lines: LineSet) -> [PlotPage.LegendEntry] {
    panels.sharesLegend ? lines.legend(of: panels.panels.flatMap(\.cells)) : []
  }

  /// Puts the legends on the page.
  func addLegends(to page: inout PlotPage, panels: Panels, lines: LineSet) {
    let legend = Self.legend(of: panels, lines: lines) + extraEntries
    if !legend.isEmpty {
      page.addLegend(
        legend, heading: panels.sharesLegend ? lines.legendHeading : "", x: PlotPage.margin,
        y: PlotPage.headHeight + panelsHeight, width: PlotPage.width - 2 * PlotPage.margin)
    }
    guard !panels.sharesLegend else { return }
    for (panel, frame) in zip(panels.panels, frames) {
      page.addLegend(
        lines.legend(of: panel.cells), heading: lines.legendHeading, x: frame.right + 20,
        y: frame.top, width: Self.sideLegendWidth - 20)
    }
  }
}
