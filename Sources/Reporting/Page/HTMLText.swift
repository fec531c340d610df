/// `text` as the content of an element or of a quoted attribute.
///
/// Control characters, which HTML does not allow, become the replacement character.
func escapedHTML(_ text: String) -> String {
  var result = ""
  result.reserveCapacity(text.utf8.count)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case "\n", "\t": result.unicodeScalars.append(scalar)
    case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
    default:
      let isControl = scalar.properties.generalCategory == .control
      result.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
    }
  }
  return result
}

/// A table of the report, which scrolls sideways within its own box where the page is narrow.
struct HTMLTable {
  /// A column with its heading.
  struct Column {
    let title: String
    /// A heading above it that neighbours share; empty for none.
    var group = ""
    /// Whether it holds numbers, which stand on the right.
    var isNumeric = true
  }

  /// What a cell of the table means.
  enum Mark: String {
    case good
    case doubtful
    case bad
  }

  /// A cell of the table.
  struct Cell {
    let text: String
    /// What stands small beneath it: an interval.
    var detail = ""
    /// Whether that is a range and no interval.
    var isRange = false
    var mark: Mark?
  }

  let caption: String
  let columns: [Column]
  /// How many columns at the left name the row.
  let headingCount: Int
  let rows: [[Cell]]

  /// The element.
  var html: String {
    let hasGroups = columns.contains { !$0.group.isEmpty }
    var html =
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(escapedHTML(caption))\">"
      + "<table><caption>\(escapedHTML(caption))</caption>\n<thead>"
    if hasGroups { html += "<tr>\(groupHeadings)</tr>\n" }
    html += "<tr>"
    for column in columns where !hasGroups || !column.group.isEmpty {
      html += "<th scope=\"col\"\(Self.attribute(column))>\(escapedHTML(column.title))</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    for row in rows {
      html += "<tr>"
      for (index, cell) in row.enumerated() {
        let column = index < columns.count ? columns[index] : Column(title: "")
        html +=
          index < headingCount
          ? "<th scope=\"row\"\(Self.attribute(column))>\(Self.content(cell))</th>"
          : "<td\(Self.attribute(column))>\(Self.content(cell))</td>"
      }
      html += "</tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  private static func attribute(_ column: Column) -> String {
    column.isNumeric ? "" : " class=\"text\""
  }

  private static func content(_ cell: Cell) -> String {
    var html = escapedHTML(cell.text)
    if let mark = cell.mark { html = "<span class=\"\(mark.rawValue)\">\(html)</span>" }
    return cell.detail.isEmpty
      ? html
      : html
        + "<small\(cell.isRange ? " class=\"range\"" : "")>\(escapedHTML(cell.detail))</small>"
  }

  /// The upper row of headings; a column without a group takes both rows.
  private var groupHeadings: String {
    var html = ""
    var index = 0
    while index < columns.count {
      let column = columns[index]
      if column.group.isEmpty {
        html +=
          "<th scope=\"col\" rowspan=\"2\"\(Self.attribute(column))>\(escapedHTML(column.title))</th>"
        index += 1
        continue
      }
      let count = columns[index...].prefix { $0.group == column.group }.count
      html +=
        "<th scope=\"colgroup\" colspan=\"\(count)\" class=\"group\">\(escapedHTML(column.group))</th>"
      index += count
    }
    return html
  }
}

/// An element with content that is HTML already.
func element(_ name: String, _ content: String, _ attributes: String = "") -> String {
  "<\(name)\(attributes.isEmpty ? "" : " " + attributes)>\(content)</\(name)>\n"
}

/// A paragraph of plain text.
func paragraph(_ text: String, cssClass: String = "") -> String {
  element("p", escapedHTML(text), cssClass.isEmpty ? "" : "class=\"\(cssClass)\"")
}

/// Something to be opened by those who want to know it.
func details(_ summary: String, _ content: String) -> String {
  "<details><summary>\(escapedHTML(summary))</summary>\n\(content)</details>\n"
}

/// Names with what belongs to them.
func definitionList(_ entries: [(String, String)]) -> String {
  guard !entries.isEmpty else { return "" }
  let items = entries.map { "<dt>\(escapedHTML($0.0))</dt><dd>\(escapedHTML($0.1))</dd>\n" }
  return "<dl>\n\(items.joined())</dl>\n"
}
