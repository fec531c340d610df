internal import Wording

/// Targets that stand apart from a scenario: on a command line, or in a file of their own.
package enum TargetList {
  /// What is wrong with a list of expressions.
  package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole text.
    package let text: String
    /// The character at which it goes wrong, from 1; one behind the last if something is missing.
    package let column: Int
    /// What is wrong and what would be right, in one line.
    package let message: String
    /// The word that the user probably meant.
    package let suggestion: String?

    /// The message, the text, and a `^` under the character.
    package var description: String {
      let line = String(
        text.map { $0.isNewline || $0.isWhitespace ? " " : $0 })
      let hint = suggestion.map { ", did you mean \"\($0)\"?" } ?? ""
      let caret = String(repeating: " ", count: max(0, column - 1)) + "^"
      return "\(message)\(hint)\n  \(line)\n  \(caret)"
    }
  }

  /// Parses expressions with commas between them: `claim.p99 < 10ms, busy_error_rate < 1%`.
  package static func parse(_ text: String) throws(Problem) -> [Target] {
    var targets: [Target] = []
    var offset = 0
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      do {
        let expression = try TargetExpression(part)
        targets.append(
          Target(expression, cells: [], text: trimmed(part), line: nil))
      } catch {
        throw Problem(
          text: text, column: offset + error.column, message: error.message,
          suggestion: error.suggestion)
      }
      offset += part.count + 1
    }
    return targets
  }

  private static func trimmed(_ part: Substring) -> String {
    let start = part.drop(while: \.isWhitespace)
    return String(
      start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.endIndex)])
  }

  // MARK: Files

  /// Reads a file with a list under `targets`; `cells` are those of the run that they are for.
  ///
  /// Throws why the file cannot be read, or everything that is wrong with it, cells that the run does not have
  /// included.
  package static func load(path: String, cells: [[AxisValue]]) throws(ScenarioErrors) -> [Target] {
    let diagnostics = Diagnostics(file: path)
    guard let bytes = Scenario.read(path, diagnostics),
      let text = YAMLSource.text(of: bytes, diagnostics)
    else { throw diagnostics.errors }
    return try parse(yaml: text, file: path, cells: cells)
  }

  /// Parses the text of such a file.
  package static func parse(
    yaml: String, file: String, cells: [[AxisValue]]
  ) throws(ScenarioErrors) -> [Target] {
    let diagnostics = Diagnostics(file: file)
    guard let root = YAMLSource.root(of: yaml, diagnostics) else { throw diagnostics.errors }
    let node = SourceNode(node: root, path: "")
    guard let entries = node.entries("a map with targets", diagnostics) else {
      throw diagnostics.errors
    }
    for entry in entries where entry.key != "targets" {
      diagnostics.report(
        "unknown key; a file of targets has targets alone", at: entry.path, line: entry.line,
        suggestion: Suggestion.nearest(to: entry.key, among: ["targets"]))
    }
    guard let list = entries.first(where: { $0.key == "targets" }) else {
      if diagnostics.isEmpty { diagnostics.report("missing", at: "targets", line: node.line) }
      throw diagnostics.errors
    }
    let targets = TargetReader(diagnostics: diagnostics).targets(list.value, ofRunWith: cells)
    if targets.isEmpty, diagnostics.isEmpty {
      diagnostics.report("the list is empty", at: "targets", line: list.line)
    }
    guard diagnostics.isEmpty else { throw diagnostics.errors }
    return targets
  }

  /// Fails if a target of a scenario is about cells that a run does not have: those of an experiment, which
  /// makes its own.
  package static func check(
    _ targets: [Target], of file: String, cells: [[AxisValue]]
  ) throws(ScenarioErrors) {
    let strange = targets.filter { target in !cells.contains(where: target.applies) }
    guard !strange.isEmpty else { return }
    throw ScenarioErrors(
      errors: strange.map {
        ScenarioError(
          file: file, line: $0.line, path: "targets",
          message: "\($0.text): no cell of the run has \($0.cellsText)")
      })
  }
}

extension Target {
  init(_ expression: TargetExpression, cells: [AxisValue], text: String, line: Int?) {
    self.init(
      cells: cells, metric: expression.metric, comparison: expression.comparison,
      value: expression.value, text: text, line: line)
  }
}
