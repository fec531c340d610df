/// Reads the list of `targets`.
struct TargetReader {
  let diagnostics: Diagnostics

  /// The targets; those that are wrong are reported and left out.
  ///
  /// `cells` and `axisNames` are those of the scenario; nil if its matrix is wrong, so that the
  /// `cells` of a target cannot be checked.
  func targets(_ node: SourceNode?, cells: [Cell]?, axisNames: [String]?) -> [Target] {
    guard let node, let items = node.items("a list of targets", diagnostics) else { return [] }
    return items.compactMap { item in
      if item.isMap { return mapTarget(item, cells: cells, axisNames: axisNames) }
      return target(item, cells: [])
    }
  }

  private func mapTarget(_ node: SourceNode, cells: [Cell]?, axisNames: [String]?) -> Target? {
    guard let entries = node.entries("a map with cells and expect", diagnostics) else { return nil }
    let keys = ["cells", "expect"]
    for entry in entries where !keys.contains(entry.key) {
      diagnostics.report(
        "unknown key", at: entry.path, line: entry.line,
        suggestion: Suggestion.nearest(to: entry.key, among: keys))
    }
    guard let expect = entries.first(where: { $0.key == "expect" }) else {
      diagnostics.report("missing", at: "\(node.path).expect", line: node.line)
      return nil
    }
    let pattern = entries.first { $0.key == "cells" }.flatMap {
      self.pattern($0, cells: cells, axisNames: axisNames)
    }
    return target(expect.value, cells: pattern ?? [])
  }

  private func pattern(
    _ entry: SourceEntry, cells: [Cell]?, axisNames: [String]?
  ) -> [AxisValue]? {
    let allowed = axisNames.map { $0.compactMap(Setting.named) }
    let reader = PatternReader(diagnostics: diagnostics)
    guard let pattern = reader.entry(entry.value, allowed: allowed, line: entry.line) else {
      return nil
    }
    let values = PatternReader.axisValues(pattern)
    if let cells, !cells.contains(where: { $0.matches(values) }) {
      diagnostics.report("matches no cell", at: entry.path, line: entry.line)
    }
    return values
  }

  private func target(_ node: SourceNode, cells: [AxisValue]) -> Target? {
    let expected = "an expression such as claim.p95 < 10ms"
    guard let text = node.text(expected, diagnostics) else { return nil }
    do {
      let expression = try TargetExpression(text)
      return Target(
        cells: cells, metric: expression.metric, comparison: expression.comparison,
        value: expression.value, text: text)
    } catch {
      diagnostics.report(
        "column \(error.column): \(error.message)", at: node, suggestion: error.suggestion)
      return nil
    }
  }
}
