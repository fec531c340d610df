/// The formats in which a comparison is shown.
package enum ComparisonFormat: String, CaseIterable, Sendable {
  /// For a terminal or a log.
  case text
  /// For a pull request.
  case markdown
  /// For programs.
  case json
}

extension RunComparison {
  /// The comparison in a format, each line with its end; `width` and `colours` are for `text`.
  package func rendered(
    as format: ComparisonFormat, width: Int? = nil, colours: Bool = false
  ) -> String {
    switch format {
    case .text: return text(width: width, colours: colours)
    case .markdown: return markdown
    case .json: return json
    }
  }
}
