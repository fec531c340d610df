/// Pieces of GitHub Flavored Markdown, with what texts may hold escaped.
///
/// Source: <https://github.github.com/gfm/>.
enum MarkdownText {
  /// A text of ours or a user's as plain words on one line.
  static func plain(_ text: String) -> String {
    escaped(singleLine(text)) { scalar in
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#": return "\\\(scalar)"
      case "<": return "&lt;"
      case ">": return "&gt;"
      case "&": return "&amp;"
      // Nobody is to be notified because of a label.
      case "@": return "&#64;"
      default: return nil
      }
    }
  }

  /// The same within a tag, where GitHub takes backslashes for what they are.
  static func html(_ text: String) -> String {
    escaped(singleLine(text)) { scalar in
      switch scalar {
      case "<": return "&lt;"
      case ">": return "&gt;"
      case "&": return "&amp;"
      case "\"": return "&quot;"
      case "@": return "&#64;"
      default: return nil
      }
    }
  }

  /// A text as code on one line.
  static func code(_ text: String) -> String {
    let line = singleLine(text)
    guard !line.isEmpty else { return "" }
    // The fence must be longer than any run of backticks within; blanks keep them apart.
    let longest = line.split { $0 != "`" }.map(\.count).max() ?? 0
    let fence = String(repeating: "`", count: longest + 1)
    let room = longest > 0 ? " " : ""
    // A table's row is split at bars before code is looked for.
    return fence + room + escaped(line) { $0 == "|" ? "\\|" : nil } + room + fence
  }

  /// A table of cells that are Markdown already; `numeric` columns stand to the right.
  static func table(titles: [String], numeric: Set<Int> = [], rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    let rule = titles.indices.map { numeric.contains($0) ? "---:" : "---" }
    return line(titles) + line(rule) + rows.map(line).joined()
  }

  /// Something that is folded away under a summary in plain words.
  static func details(_ summary: String, _ content: String) -> String {
    // The empty lines make GitHub read the content as Markdown.
    "<details><summary>\(html(summary))</summary>\n\n\(content)\n</details>\n"
  }

  /// What one must know, each in a line of a quotation.
  static func warnings(_ warnings: [String]) -> String {
    guard !warnings.isEmpty else { return "" }
    return warnings.map { "> ⚠️ \(plain($0))\n" }.joined(separator: ">\n") + "\n"
  }
}

/// A text with some of its characters replaced by what `escape` gives for them.
///
/// By Unicode scalars: a combining mark behind a comma makes one `Character` of the two.
func escaped(_ text: String, _ escape: (Unicode.Scalar) -> String?) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if let replacement = escape(scalar) {
      result.append(contentsOf: replacement.unicodeScalars)
    } else {
      result.append(scalar)
    }
  }
  return String(result)
}
