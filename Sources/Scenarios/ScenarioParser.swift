internal import Wording

/// Reads a scenario from its YAML tree.
///
/// Goes on after an error, so that all of them are reported together; only the matrix waits until
/// `settings` and `axes` are right, because it would repeat their errors in other words.
struct ScenarioParser {
  let diagnostics: Diagnostics

  private static let keys = [
    "name", "question", "seed", "repeats", "warmup", "measure", "drain", "max_cells",
    "power_cuts", "settings",
    "axes", "exclude", "include", "baseline", "targets",
  ]

  private var reader: SettingReader { SettingReader(diagnostics: diagnostics) }

  /// The scenario, or nil after reporting at least one error.
  func scenario(from root: SourceNode, sourceText: String) -> Scenario? {
    guard let list = root.entries("a map with name, question, settings, axes, …", diagnostics)
    else { return nil }
    for entry in list where !Self.keys.contains(entry.key) { reportUnknown(entry) }
    let entries = Dictionary(list.map { ($0.key, $0) }) { first, _ in first }
    let name = required("name", entries, root).flatMap(self.name)
    let question = required("question", entries, root).flatMap(self.question)
    let seed = value(entries["seed"], default: 1, read: self.seed)
    let repeats = value(entries["repeats"], default: 3) { reader.integer($0, 1...1_000) }
    let warmupMs = value(entries["warmup"], default: 500) { reader.durationMs($0, minimumMs: 0) }
    let measureMs = value(entries["measure"], default: 2_000) {
      reader.durationMs($0, minimumMs: 1)
    }
    let drainMs = value(entries["drain"], default: 1_000) { reader.durationMs($0, minimumMs: 0) }
    let maxCells = value(entries["max_cells"], default: 64) { reader.integer($0, 1...10_000) }
    let powerCuts = value(entries["power_cuts"], default: 0) { reader.integer($0, 0...1_000_000) }
    let names = MatrixReader(diagnostics: diagnostics, measureMs: measureMs).matrix(
      of: entries, maxCells: maxCells ?? 10_000)
    let targets = TargetReader(diagnostics: diagnostics).targets(
      entries["targets"]?.value, cells: names?.cells, axisNames: names?.axisNames)

    guard diagnostics.isEmpty, let name, let question, let seed, let repeats, let warmupMs,
      let measureMs, let drainMs, let maxCells, let powerCuts, let names
    else { return nil }
    return Scenario(
      file: diagnostics.file, name: name, question: question, seed: seed, repeats: repeats,
      warmupMs: warmupMs, measureMs: measureMs, drainMs: drainMs, powerCuts: powerCuts,
      maxCells: maxCells,
      cells: names.cells, axisNames: names.axisNames, baselineIndex: names.baselineIndex,
      targets: targets, sourceText: sourceText)
  }

  private func reportUnknown(_ entry: SourceEntry) {
    if Setting.named(entry.key) != nil {
      diagnostics.report(
        "unknown key; a setting belongs under settings or axes", at: entry.path, line: entry.line)
    } else {
      diagnostics.report(
        "unknown key", at: entry.path, line: entry.line,
        suggestion: Suggestion.nearest(to: entry.key, among: Self.keys))
    }
  }

  private func required(
    _ key: String, _ entries: [String: SourceEntry], _ root: SourceNode
  ) -> SourceNode? {
    if let entry = entries[key] { return entry.value }
    diagnostics.report("missing", at: key, line: root.line)
    return nil
  }

  /// The default if the key is missing; nil if its value is wrong.
  private func value<Value>(
    _ entry: SourceEntry?, default standard: Value, read: (SourceNode) -> Value?
  ) -> Value? {
    entry.map { read($0.value) } ?? standard
  }

  private func name(_ node: SourceNode) -> String? {
    guard let text = node.text("a name such as wal-or-delete", diagnostics) else { return nil }
    let isPlain = text.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
    }
    // The name becomes part of a directory's name.
    guard isPlain, (1...64).contains(text.utf8.count) else {
      diagnostics.report(
        "must be 1 to 64 of a-z, 0-9 and '-', not \(quoted(text))", at: node)
      return nil
    }
    return text
  }

  private func question(_ node: SourceNode) -> String? {
    let expected = "one sentence"
    guard let text = node.text(expected, diagnostics) else { return nil }
    let trimmed = text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline)
    guard trimmed.count == 1, trimmed[0].contains(where: { !$0.isWhitespace }),
      trimmed[0].count <= 300
    else {
      diagnostics.report("must be \(expected) on one line, at most 300 characters", at: node)
      return nil
    }
    return String(trimmed[0])
  }

  private func seed(_ node: SourceNode) -> UInt64? {
    let expected = "an integer from 0 to \(UInt64.max)"
    guard let text = node.text(expected, diagnostics) else { return nil }
    guard text.utf8.allSatisfy({ (48...57).contains($0) }), let seed = UInt64(text) else {
      diagnostics.report("must be \(expected), not \(quoted(text))", at: node)
      return nil
    }
    return seed
  }
}
