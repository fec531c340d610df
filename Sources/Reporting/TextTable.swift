/// A table for a terminal or a log: aligned columns, a rule under the headings, colours on request.
///
/// If the width does not suffice, the columns that matter least are left out first.
package struct TextTable: Equatable, Sendable {
  /// On which side the texts of a column begin.
  package enum Alignment: Sendable {
    case left
    case right
  }

  /// What a text means; a colour on a terminal, nothing elsewhere.
  package enum Emphasis: Sendable {
    case none
    case good
    case doubtful
    case bad

    fileprivate var ansiCode: String {
      switch self {
      case .none: return ""
      case .good: return "32"
      case .doubtful: return "33"
      case .bad: return "1;31"
      }
    }
  }

  /// A column.
  package struct Column: Equatable, Sendable {
    /// The heading.
    package let title: String
    /// A heading above it that neighbours share; empty for none.
    package let group: String
    /// On which side its texts begin.
    package let alignment: Alignment
    /// Its place in the order in which columns are left out: the highest first, 0 never.
    package let dropOrder: Int

    /// A column under `title`.
    package init(
      _ title: String, group: String = "", alignment: Alignment = .left, dropOrder: Int = 0
    ) {
      self.title = title
      self.group = group
      self.alignment = alignment
      self.dropOrder = dropOrder
    }
  }

  /// A text in a row.
  package struct Cell: Equatable, Sendable, ExpressibleByStringInterpolation {
    /// The text; line breaks become blanks.
    package let text: String
    /// What it means.
    package let emphasis: Emphasis

    /// A text with a meaning.
    package init(_ text: String, emphasis: Emphasis = .none) {
      self.text = singleLine(text)
      self.emphasis = emphasis
    }

    /// A text without a meaning.
    package init(stringLiteral text: String) { self.init(text) }
  }

  /// The columns.
  package let columns: [Column]
  /// The rows; missing cells are empty, cells too many are left out.
  package let rows: [[Cell]]

  private static let gap = 2
  private static let narrowestColumn = 6

  /// A table of `rows` under `columns`.
  package init(columns: [Column], rows: [[Cell]]) {
    self.columns = columns
    self.rows = rows.map { row in
      columns.indices.map { $0 < row.count ? row[$0] : "" }
    }
  }

  /// A table of plain texts.
  package init(titles: [String], rows: [[String]]) {
    self.init(columns: titles.map { Column($0) }, rows: rows.map { $0.map { Cell($0) } })
  }

  private func widths() -> [Int] {
    var widths = columns.indices.map { index in
      max(columns[index].title.count, rows.map { $0[index].text.count }.max() ?? 0)
    }
    for group in groups {
      let missing = columns[group.lowerBound].group.count - Self.total(Array(widths[group]))
      widths[group.upperBound - 1] += max(0, missing)
    }
    return widths
  }

  /// The neighbours that share a heading.
  private var groups: [Range<Int>] {
    var groups: [Range<Int>] = []
    while (groups.last?.upperBound ?? 0) < columns.count {
      let start = groups.last?.upperBound ?? 0
      let end = columns[start...].firstIndex { $0.group != columns[start].group }
      groups.append(start..<(end ?? columns.count))
    }
    return groups
  }

  private static func total(_ widths: [Int]) -> Int {
    widths.reduce(0, +) + gap * max(0, widths.count - 1)
  }

  /// The table with as many columns as `width` has room for, and the titles of the others.
  ///
  /// A column that may not be left out stays even if there is no room.
  package func fitted(to width: Int) -> (table: TextTable, dropped: [String]) {
    var kept = Array(columns.indices)
    let widths = widths()
    var dropped: [Int] = []
    while Self.total(kept.map { widths[$0] }) > width,
      let last = kept.max(by: { columns[$0].dropOrder < columns[$1].dropOrder }),
      columns[last].dropOrder > 0
    {
      kept.removeAll { $0 == last }
      dropped.append(last)
    }
    let table = TextTable(
      columns: kept.map { columns[$0] }, rows: rows.map { row in kept.map { row[$0] } })
    let titles = dropped.sorted().map { index in
      let column = columns[index]
      return column.group.isEmpty ? column.title : "\(column.group) \(column.title)"
    }
    return (table, titles)
  }

  /// The table as text, each line with its end.
  ///
  /// With a `width`, columns are left out as ``fitted(to:)`` does, and what is still too long is
  /// shortened. `colours` asks for ANSI escape sequences.
  package func text(width: Int? = nil, colours: Bool = false) -> String {
    let table = width.map { fitted(to: $0).table } ?? self
    var widths = table.widths()
    if let width {
      while Self.total(widths) > width,
        let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
        widths[widest] > Self.narrowestColumn
      {
        widths[widest] -= 1
      }
    }
    var lines: [String] = []
    if table.columns.contains(where: { !$0.group.isEmpty }) {
      lines.append(table.groupLine(widths: widths))
    }
    lines.append(
      table.line(of: table.columns.map { Cell($0.title) }, widths: widths, colours: false))
    lines.append(String(repeating: "─", count: Self.total(widths)))
    lines += table.rows.map { table.line(of: $0, widths: widths, colours: colours) }
    return lines.map { $0 + "\n" }.joined()
  }

  private func line(of cells: [Cell], widths: [Int], colours: Bool) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      let text = shortened(cell.text, to: widths[index])
      let padding = String(repeating: " ", count: widths[index] - text.count)
      let isColoured = colours && cell.emphasis != .none
      let shown = isColoured ? "\u{1B}[\(cell.emphasis.ansiCode)m\(text)\u{1B}[0m" : text
      line += index == 0 ? "" : String(repeating: " ", count: Self.gap)
      line += columns[index].alignment == .left ? shown + padding : padding + shown
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  /// The shared headings, each drawn over the whole width of its columns.
  private func groupLine(widths: [Int]) -> String {
    var line = ""
    for range in groups {
      let group = columns[range.lowerBound].group
      let width = Self.total(Array(widths[range]))
      line += range.lowerBound == 0 ? "" : String(repeating: " ", count: Self.gap)
      if group.isEmpty {
        line += String(repeating: " ", count: width)
      } else {
        let title = shortened(group, to: max(1, width))
        let rest = max(0, width - title.count)
        let left = rest / 2
        func rule(_ length: Int) -> String { String(repeating: "─", count: max(0, length - 1)) }
        line += rule(left) + (left > 0 ? " " : "") + title
        line += (rest - left > 0 ? " " : "") + rule(rest - left)
      }
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
