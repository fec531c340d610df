internal import Wording

/// Reading of `faults`.
extension SettingReader {
  /// `none`, one kind by its name, or a map of kinds to their parameters.
  func faults(_ node: SourceNode) -> FaultPlan? {
    let kinds = FaultPlan.Kind.allCases.map(\.rawValue)
    let expected =
      "none, \(Self.list(kinds)), or a map of these to parameters such as {kill: {every: 200ms}}"
    guard node.isMap else {
      guard let text = node.text(expected, diagnostics) else { return nil }
      if text == "none" { return FaultPlan.none }
      guard let kind = kind(text, at: node.path, node.line) else { return nil }
      if kind == .command {
        diagnostics.report(
          "a command needs a line to run, as in {command: {run: \"taskqueue backup\"}}", at: node)
        return nil
      }
      return FaultPlan([.standard(kind)])
    }
    guard let entries = node.entries(expected, diagnostics) else { return nil }
    var faults: [FaultPlan.Fault] = []
    for entry in entries {
      guard let kind = kind(entry.key, at: entry.path, entry.line),
        let fault = fault(.standard(kind), entry.value)
      else { continue }
      faults.append(fault)
    }
    return faults.count == entries.count ? FaultPlan(faults) : nil
  }

  private func kind(_ text: String, at path: String, _ line: Int?) -> FaultPlan.Kind? {
    if let kind = FaultPlan.Kind(rawValue: text) { return kind }
    let kinds = FaultPlan.Kind.allCases.map(\.rawValue)
    diagnostics.report(
      "must be none, \(Self.list(kinds)), not \(quoted(text))", at: path, line: line,
      suggestion: Suggestion.nearest(to: text, among: kinds))
    return nil
  }

  private func fault(_ standard: FaultPlan.Fault, _ node: SourceNode) -> FaultPlan.Fault? {
    let names = standard.parameters
    guard let entries = node.entries("a map with \(Self.list(names))", diagnostics) else {
      return nil
    }
    var fault = standard
    var isFine = true
    for entry in entries {
      guard names.contains(entry.key) else {
        diagnostics.report(
          "unknown parameter", at: entry.path, line: entry.line,
          suggestion: Suggestion.nearest(to: entry.key, among: names))
        isFine = false
        continue
      }
      if entry.key == "run" {
        fault.commandLine = commandLine(entry.value)
        isFine = isFine && fault.commandLine != nil
        continue
      }
      guard let ms = durationMs(entry.value, minimumMs: entry.key == "at" ? 0 : 1) else {
        isFine = false
        continue
      }
      switch entry.key {
      case "every": fault.everyMs = ms
      case "for": fault.forMs = ms
      case "at": fault.atMs = ms
      default: fault.byMs = ms
      }
    }
    guard isFine else { return nil }
    if fault.kind == .command, fault.commandLine == nil {
      diagnostics.report("missing", at: "\(node.path).run", line: node.line)
      return nil
    }
    if let atMs = fault.atMs, atMs >= fault.everyMs {
      diagnostics.report(
        "at (\(DurationText.label(us: atMs * 1000))) must be less than every "
          + "(\(DurationText.label(us: fault.everyMs * 1000)))", at: node)
      return nil
    }
    // One of a kind at a time: what is on cannot be switched on.
    guard fault.forMs < fault.everyMs else {
      diagnostics.report(
        "for (\(DurationText.label(us: fault.forMs * 1000))) must be shorter than every "
          + "(\(DurationText.label(us: fault.everyMs * 1000)))", at: node)
      return nil
    }
    return fault
  }

  private func commandLine(_ node: SourceNode) -> String? {
    let expected = "a command line for /bin/sh such as \"taskqueue backup\""
    guard let text = node.text(expected, diagnostics) else { return nil }
    // The shell would see the text up to a NUL alone.
    guard text.contains(where: { !$0.isWhitespace }), !text.utf8.contains(0) else {
      diagnostics.report("must be \(expected), not \(quoted(text))", at: node)
      return nil
    }
    return text
  }
}
