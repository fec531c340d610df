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
  private let format: PlotFormat

  private static let sideLegendWidth = 290
  private static let axisWidth = 62
  private static let axisHeight = 44
  private static let titleHeight = 26

  /// The layout of `panels`; `extraEntries` stand in the legend beside those of the lines.
  init(
    panels: Panels, lines: LineSet, format: PlotFormat,
    extraEntries: [PlotPage.LegendEntry] = []
  ) {
    self.extraEntries = extraEntries
    self.format = format
    let count = panels.panels.count
    let width = format.bodyWidth
    let isPhone = format == .phone
    let hasSideLegends = !panels.sharesLegend && !isPhone
    let columns =
      isPhone || !panels.sharesLegend || count <= 1 ? 1 : count == 2 || count == 4 ? 2 : 3
    let right = hasSideLegends ? width - Self.sideLegendWidth : width
    let panelWidth = right / columns
    let plotHeight =
      isPhone
      ? (count <= 1 ? 260 : 190)
      : count <= 1 ? 330 : columns == 2 ? 250 : columns == 1 ? 190 : 200
    let titleHeight = count > 1 ? Self.titleHeight : 6
    // Beneath its panel where there is no room beside it.
    let ownLegend =
      panels.sharesLegend || !isPhone
      ? 0
      : panels.panels.map { PlotPage.legendHeight(lines.legend(of: $0.cells), width: width) }
        .max() ?? 0
    let rowHeight = titleHeight + plotHeight + Self.axisHeight + ownLegend
    frames = (0..<count).map { index in
      let left = format.margin + index % columns * panelWidth
      let top = format.headHeight + index / columns * rowHeight + titleHeight
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
        legend, heading: panels.sharesLegend ? lines.legendHeading : "", x: format.margin,
        y: format.headHeight + panelsHeight, width: format.bodyWidth)
    }
    guard !panels.sharesLegend else { return }
    for (panel, frame) in zip(panels.panels, frames) {
      let legend = lines.legend(of: panel.cells)
      if format == .phone {
        page.addLegend(
          legend, heading: lines.legendHeading, x: format.margin,
          y: frame.bottom + Self.axisHeight, width: format.bodyWidth)
      } else {
        page.addLegend(
          legend, heading: lines.legendHeading, x: frame.right + 20, y: frame.top,
          width: Self.sideLegendWidth - 20)
      }
    }
  }
}
