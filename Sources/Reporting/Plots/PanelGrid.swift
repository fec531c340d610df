/// Places for panels that stand in rows of the same height.
struct PanelGrid {
  /// The plotting areas, row by row.
  let frames: [PlotPage.Frame]
  /// The height of all of it.
  let height: Int

  /// Room for the numbers of an axis beside a panel.
  static let axisWidth = 62

  /// A grid of `count` panels, `columns` in each row, below `top` pixels from the head.
  init(
    count: Int, columns: Int, plotHeight: Int, format: PlotFormat, top: Int = 0,
    titleHeight: Int = 26, axisHeight: Int = 44, labelWidth: Int = PanelGrid.axisWidth
  ) {
    let columns = max(1, columns)
    let panelWidth = format.bodyWidth / columns
    let rowHeight = titleHeight + plotHeight + axisHeight
    frames = (0..<count).map { index in
      let left = format.margin + index % columns * panelWidth
      let top = format.headHeight + top + index / columns * rowHeight + titleHeight
      return PlotPage.Frame(
        left: left + labelWidth, top: top, right: left + panelWidth - 12, bottom: top + plotHeight)
    }
    height = (count + columns - 1) / columns * rowHeight
  }
}

extension PlotPage {
  /// An axis label in the quiet colour.
  static func axisLabel(_ axis: String, _ text: String) -> String {
    let offset = axis == "x" ? "offset 0,0.7 " : ""
    return "set \(axis)label \(quoted(text)) \(offset)noenhanced textcolor rgb '\(quietColour)'"
  }

  /// A plot command of some curves; an empty one if there is none.
  static func plot(_ curves: [String]) -> String {
    "plot " + (curves.isEmpty ? "NaN notitle" : curves.joined(separator: ", \\\n  "))
  }
}
