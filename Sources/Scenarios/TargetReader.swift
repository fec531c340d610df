import Yams
internal import Wording

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
      guard item.isMap else { return target(item, cells: []) }
      return mapTarget(item) { pattern($0, cells: cells, axisNames: axisNames) }
    }
  }

  /// The targets of a file of their own, for a run with such cells.
  func targets(_ node: SourceNode, ofRunWith cells: [[AxisValue]]) -> [Target] {
    guard let items = node.items("a list of targets", diagnostics) else { return [] }
    return items.compactMap { item in
      guard item.isMap else { return target(item, cells: []) }
      return mapTarget(item) { pattern($0, ofRunWith: cells) }
    }
  }

  private func mapTarget(
    _ node: SourceNode, pattern: (SourceEntry) -> [AxisValue]?
  ) -> Target? {
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
    return target(expect.value, cells: entries.first { $0.key == "cells" }.flatMap(pattern) ?? [])
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

  /// Axes and labels as the run has them: an experiment has axes that are no settings.
  private func pattern(
    _ entry: SourceEntry, ofRunWith cells: [[AxisValue]]
  ) -> [AxisValue]? {
    guard let entries = entry.value.entries("a map of axes to values", diagnostics) else {
      return nil
    }
    guard !entries.isEmpty else {
      diagnostics.report("names no axis", at: entry.path, line: entry.line)
      return nil
    }
    var axes: [String] = []
    for value in cells.joined() where !axes.contains(value.name) { axes.append(value.name) }
    let values = entries.compactMap { value(of: $0, axes: axes, cells: cells) }
    guard values.count == entries.count else { return nil }
    if !cells.contains(where: { cell in values.allSatisfy(cell.contains) }) {
      diagnostics.report("matches no cell", at: entry.path, line: entry.line)
    }
    return values
  }

  private func value(
    of entry: SourceEntry, axes: [String], cells: [[AxisValue]]
  ) -> AxisValue? {
    guard axes.contains(entry.key) else {
      let known = axes.isEmpty ? "; it has none" : "; it has \(axes.joined(separator: ", "))"
      diagnostics.report(
        "not an axis of this run\(known)", at: entry.path, line: entry.line,
        suggestion: Suggestion.nearest(to: entry.key, among: axes))
      return nil
    }
    var labels: [String] = []
    for value in cells.joined() where value.name == entry.key && !labels.contains(value.label) {
      labels.append(value.label)
    }
    var candidates: [String] = []
    if case .scalar(let scalar) = entry.value.node { candidates.append(scalar.string) }
    if let setting = Setting.named(entry.key) {
      // As a scenario would have it, where 1000ms is 1s; what is wrong with it is said below.
      let reader = SettingReader(diagnostics: Diagnostics(file: diagnostics.file))
      if let value = reader.value(of: setting, from: entry.value) { candidates.append(value.label) }
    }
    if let label = candidates.first(where: labels.contains) {
      return AxisValue(name: entry.key, label: label)
    }
    diagnostics.report(
      "no cell of this run has \(entry.value.kind); it has \(labels.joined(separator: ", "))",
      at: entry.path, line: entry.line,
      suggestion: candidates.first.flatMap { Suggestion.nearest(to: $0, among: labels) })
    return nil
  }

  private func target(_ node: SourceNode, cells: [AxisValue]) -> Target? {
    let expected = "an expression such as claim.p95 < 10ms"
    guard let text = node.text(expected, diagnostics) else { return nil }
    do {
      return Target(try TargetExpression(text), cells: cells, text: text, line: node.line)
    } catch {
      let column = diagnostics.column(of: error.column, in: text, at: node)
      diagnostics.report(
        (column == nil ? "column \(error.column): " : "") + error.message, at: node, column: column,
        suggestion: error.suggestion)
      return nil
    }
  }
}
