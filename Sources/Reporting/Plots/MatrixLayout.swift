import Results

/// Which axis of a heat map runs where, and how large its boxes are.
struct MatrixLayout {
  /// The axis from left to right.
  let columns: PlotSubject.Axis
  /// The axis from top to bottom; nil if there is but one.
  let rows: PlotSubject.Axis?
  /// A heat map for each combination of the further axes.
  let panels: [Panels.Panel]
  /// The areas of the heat maps.
  let frames: [PlotPage.Frame]
  /// The height of all of it, with the line below that names the axes.
  let bodyHeight: Int

  private let boxWidth: Int
  private static let longestColumnLabel = 26
  private static let longestRowLabel = 44
  private static let narrowestBox = 62
  private static let tickHeight = 26
  private static let captionHeight = 28

  init(subject: PlotSubject) {
    var chosen = subject.axes.enumerated()
      .sorted { ($1.element.labels.count, $0.offset) < ($0.element.labels.count, $1.offset) }
      .prefix(2).map(\.element)
    let format = subject.format
    let available = format.bodyWidth
    if let first = chosen.first {
      let needed = max(Self.narrowestBox, Self.labelWidth(first, Self.longestColumnLabel))
      // More columns, or longer labels, than the page is wide: they become rows.
      if first.labels.count * needed > available - 120 {
        // On a telephone there is room for one column; the other axis makes panels then.
        chosen =
          format == .phone || chosen.count == 1
          ? [Self.nothing, chosen.last ?? first] : [chosen[1], first]
      }
    }
    let panelAxes = subject.axes.filter { !chosen.contains($0) }
    columns = chosen.first ?? Self.nothing
    rows = chosen.count == 2 ? chosen[1] : nil
    panels = Panels.grouped(subject.cells, by: panelAxes)

    let labelWidth = rows.map { Self.labelWidth($0, Self.longestRowLabel) + 6 } ?? 0
    let columnCount = max(1, columns.labels.count)
    let boxes =
      max(Self.narrowestBox, Self.labelWidth(columns, Self.longestColumnLabel)) * columnCount
    // Where panels are narrow, it is their titles that need room.
    let title =
      format == .phone ? panels.map { PlotPage.textWidth($0.title) + 10 }.max() ?? 0 : 0
    let needed = max(boxes, title) + labelWidth + 16
    let across = panels.count == 1 ? 1 : max(1, min(panels.count, min(3, available / needed)))
    let panelWidth = available / across
    boxWidth = min(230, max(20, (panelWidth - labelWidth - 16) / columnCount))
    let boxHeight = (rows?.labels.count ?? 1) > 12 ? 38 : 44
    let titleHeight = panels.count > 1 ? 30 : 4
    let height = boxHeight * max(1, rows?.labels.count ?? 1)
    let rowHeight = titleHeight + height + Self.tickHeight
    let width = boxWidth * columnCount
    frames = panels.indices.map { index in
      let left = format.margin + index % across * panelWidth + labelWidth
      let top = format.headHeight + index / across * rowHeight + titleHeight
      return PlotPage.Frame(left: left, top: top, right: left + width, bottom: top + height)
    }
    bodyHeight = (panels.count + across - 1) / across * rowHeight + Self.captionHeight
  }

  private static let nothing = PlotSubject.Axis(name: "", labels: [""])

  private static func labelWidth(_ axis: PlotSubject.Axis, _ longest: Int) -> Int {
    axis.labels.map { PlotPage.textWidth(shortened($0, to: longest)) + 10 }.max() ?? 0
  }

  /// The size of the texts in the boxes.
  var fontSize: Int { boxWidth < 74 ? 10 : 12 }

  /// The labels of the rows.
  var rowLabels: [String] { rows?.labels ?? [""] }

  /// The column and row of a cell.
  func place(of cell: CellSummary) -> [Int] {
    let column = columns.labels.firstIndex(of: PlotSubject.label(of: cell, on: columns.name))
    let row = rows.flatMap { $0.labels.firstIndex(of: PlotSubject.label(of: cell, on: $0.name)) }
    return [column ?? 0, row ?? 0]
  }

  /// The ticks of the columns as gnuplot's list.
  var columnTicks: String { Self.ticks(columns.labels, Self.longestColumnLabel) }

  /// The ticks of the rows as gnuplot's list.
  var rowTicks: String { Self.ticks(rowLabels, Self.longestRowLabel) }

  private static func ticks(_ labels: [String], _ longest: Int) -> String {
    let marks = labels.enumerated().map { index, label in
      "\(PlotPage.quotedTick(shortened(label, to: longest))) \(index)"
    }
    return "(\(marks.joined(separator: ", ")))"
  }

  /// What runs where, in words.
  var axesText: String {
    let across = columns.name.isEmpty ? nil : "across: \(columns.name)"
    return [across, rows.map { "down: \($0.name)" }].compactMap(\.self).joined(separator: "   ")
  }
}
