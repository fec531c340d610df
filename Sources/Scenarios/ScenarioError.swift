/// One thing that is wrong with a scenario file: where it stands, what it is and what helps.
package struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as the user named it.
  package let file: String
  /// The line in that file, from 1; nil if the file could not be read at all.
  package let line: Int?
  /// The character of that line, from 1; nil where the line says enough.
  package let column: Int?
  /// The place inside the document, as in `axes.synchronous[1]`; empty for the document itself.
  package let path: String
  /// What is wrong and what would be right, in one line.
  package let message: String
  /// The word that the user probably meant.
  package let suggestion: String?

  package init(
    file: String, line: Int?, column: Int? = nil, path: String, message: String,
    suggestion: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.path = path
    self.message = message
    self.suggestion = suggestion
  }

  /// `scenarios/x.yaml:12: axes.sychronous: unknown axis, did you mean "synchronous"?`
  package var description: String {
    var text = file
    if let line { text += ":\(line)" + (column.map { ":\($0)" } ?? "") }
    if !path.isEmpty { text += ": \(path)" }
    text += ": \(message)"
    if let suggestion { text += ", did you mean \"\(suggestion)\"?" }
    return text
  }
}

/// Everything that is wrong with a scenario file, in the order of its lines; never empty.
package struct ScenarioErrors: Error, Hashable, Sendable, CustomStringConvertible {
  /// The single errors.
  package let errors: [ScenarioError]

  /// One line per error.
  package var description: String {
    errors.map(\.description).joined(separator: "\n")
  }
}

/// Collects the errors of one file, so that a user sees all of them at once.
final class Diagnostics {
  let file: String
  private var collected: [ScenarioError] = []
  /// The file's text, for finding columns in it.
  var sourceText = ""

  init(file: String) {
    self.file = file
  }

  var isEmpty: Bool { collected.isEmpty }
  var count: Int { collected.count }

  /// All errors so far, by line; errors of one line stay in the order of their discovery.
  ///
  /// An alias is read once per use, so that the same error can turn up more than once: it is
  /// listed once.
  var errors: ScenarioErrors {
    var seen: Set<ScenarioError> = []
    let unique = collected.filter { seen.insert($0).inserted }
    let sorted = unique.enumerated().sorted {
      ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
    }
    return ScenarioErrors(errors: sorted.map(\.element))
  }

  func report(
    _ message: String, at path: String, line: Int?, column: Int? = nil, suggestion: String? = nil
  ) {
    collected.append(
      ScenarioError(
        file: file, line: line, column: column, path: path, message: message,
        suggestion: suggestion))
  }

  func report(
    _ message: String, at node: SourceNode, column: Int? = nil, suggestion: String? = nil
  ) {
    report(message, at: node.path, line: node.line, column: column, suggestion: suggestion)
  }
}

/// Text from a file as it is shown in a message: quoted, on one line, and short.
func quoted(_ text: some StringProtocol) -> String {
  let limit = 40
  var shown = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    let isPrintable = scalar.value >= 0x20 && scalar.value != 0x7F && scalar != "\u{FEFF}"
    shown.unicodeScalars.append(isPrintable && !scalar.properties.isWhitespace ? scalar : " ")
  }
  return "\"\(shown)\(text.unicodeScalars.count > limit ? "…" : "")\""
}
