internal import Platform

/// A table for people: aligned columns under their titles, cut to the width of a terminal.
///
/// Control characters in cells are shown, never sent.
struct Table {
  /// On which side the texts of a column begin.
  enum Alignment {
    case left
    case right
  }

  struct Column {
    let title: String
    let alignment: Alignment
    /// Whether its texts may be cut where the terminal is too narrow.
    let isCut: Bool
    /// Its place in the order in which columns are left out where that does not suffice: the highest
    /// first, 0 never.
    var dropOrder = 0

    /// Words: on the left.
    static func text(_ title: String) -> Column {
      Column(title: title, alignment: .left, isCut: false)
    }

    /// Numbers: on the right.
    static func number(_ title: String) -> Column {
      Column(title: title, alignment: .right, isCut: false)
    }

    /// Text of any length, such as a payload: cut first.
    static func long(_ title: String) -> Column {
      Column(title: title, alignment: .left, isCut: true)
    }

    /// The same, left out in that order where a terminal is too narrow.
    func dropped(_ order: Int) -> Column {
      var column = self
      column.dropOrder = order
      return column
    }
  }

  private let columns: [Column]
  private let rows: [[String]]

  private static let gap = 2
  /// Columns are not cut to less than that.
  private static let narrowest = 8
  /// Where nothing tells how wide a line may be, payloads of a megabyte are still of no use.
  private static let longestCell = 200

  /// A table; a nil cell is shown as `-`.
  init(_ columns: [Column], _ rows: [[String?]]) {
    self.columns = columns
    self.rows = rows.map { row in
      columns.indices.map { index in
        let cell = index < row.count ? row[index] : nil
        // Long before it is cut to the width, so that a megabyte is not escaped for nothing.
        return cell.map { Self.cut(escapingControls($0.prefix(1000)), to: Self.longestCell) } ?? "-"
      }
    }
  }

  /// Prints it, cut to the terminal if there is one.
  func print() throws { try write(text(width: Self.terminalWidth)) }

  /// The columns of the terminal that standard output leads to; nil if that is a file or a pipe.
  static var terminalWidth: Int? {
    guard Terminal.isTerminal(1) else { return nil }
    return Terminal.columns(of: 1, environment: ChildCommand.currentEnvironment())
  }

  /// Each line with its end.
  ///
  /// Where `width` does not suffice, long texts are cut, then columns left out, then all texts cut.
  func text(width: Int?) -> String {
    var widths = columns.indices.map { index in
      max(displayWidth(columns[index].title), rows.map { displayWidth($0[index]) }.max() ?? 0)
    }
    if let width {
      let least = zip(columns, widths).map { $0.isCut ? min($1, Self.narrowest) : $1 }
      if Self.total(least) > width,
        let last = columns.indices.max(by: { columns[$0].dropOrder < columns[$1].dropOrder }),
        columns[last].dropOrder > 0
      {
        return without(column: last).text(width: width)
      }
      Self.fit(&widths, columns, to: width)
    }
    let rule = String(repeating: "─", count: Self.total(widths))
    let lines = [line(columns.map(\.title), widths), rule] + rows.map { line($0, widths) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func without(column index: Int) -> Table {
    var columns = columns
    columns.remove(at: index)
    let rows = rows.map { row -> [String?] in
      var row = row
      row.remove(at: index)
      return row
    }
    return Table(columns, rows)
  }

  private static func total(_ widths: [Int]) -> Int {
    widths.reduce(0, +) + gap * max(0, widths.count - 1)
  }

  /// Takes from the widest columns that may be cut, then from the widest of all.
  private static func fit(_ widths: inout [Int], _ columns: [Column], to width: Int) {
    for isCut in [true, false] {
      while total(widths) > width,
        let widest = widths.indices.filter({ columns[$0].isCut == isCut })
          .max(by: { widths[$0] < widths[$1] }), widths[widest] > narrowest
      {
        widths[widest] -= 1
      }
    }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      let shown = Self.cut(cell, to: widths[index])
      let padding = String(repeating: " ", count: max(0, widths[index] - displayWidth(shown)))
      if index > 0 { line += String(repeating: " ", count: Self.gap) }
      line += columns[index].alignment == .left ? shown + padding : padding + shown
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  private static func cut(_ text: String, to width: Int) -> String {
    guard displayWidth(text) > width else { return text }
    var shown = ""
    var taken = 0
    for character in text {
      taken += displayWidth(character)
      if taken > width - 1 { break }
      shown.append(character)
    }
    return shown + "…"
  }
}

/// Names with their values, one a line: for one thing of which there is much to say.
struct FactList {
  private var facts: [(name: String, value: String)] = []

  /// Adds a fact; one without a value is left out.
  mutating func add(_ name: String, _ value: String?) {
    if let value { facts.append((name, escapingControls(value))) }
  }

  /// Prints them, with the values under each other.
  func print() throws {
    let width = facts.map(\.name.count).max() ?? 0
    let lines = facts.map { fact in
      fact.name + String(repeating: " ", count: width - fact.name.count + 2) + fact.value
    }
    try write(lines.map { $0 + "\n" }.joined())
  }
}
