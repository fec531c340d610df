extension GateReport {
  /// The report as workflow commands, which GitHub shows beside the lines where expectations stand: an error
  /// for what was missed, a warning for what cannot be judged and for what one must know.
  ///
  /// Paths within `workspace` are given relative to it, since GitHub knows no others. Source:
  /// <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>.
  package func workflowCommands(workspace: String? = nil) -> String {
    let notes = warnings.map { Self.command("warning", [("title", title)], $0) }
    let problems = findings.filter { $0.outcome != .met }.map { finding in
      var properties: [(String, String)] = []
      if let source = finding.source {
        properties.append(("file", Self.relative(source.file, to: workspace)))
        if let line = source.line { properties.append(("line", String(line))) }
      }
      properties.append(("title", "\(finding.outcome.rawValue): \(finding.expectation)"))
      let measured = finding.measured.isEmpty ? "" : ": measured \(finding.measured)"
      let why = finding.explanation.isEmpty ? "" : "; \(finding.explanation)"
      return Self.command(
        finding.outcome == .missed ? "error" : "warning", properties,
        "\(finding.place)\(measured)\(why)")
    }
    return (notes + problems).map { $0 + "\n" }.joined()
  }

  private static func command(
    _ name: String, _ properties: [(String, String)], _ message: String
  ) -> String {
    let list = properties.map { "\($0.0)=\(property($0.1))" }.joined(separator: ",")
    return "::\(name) \(list)::\(data(message))"
  }

  private static func data(_ text: String) -> String { escaped(text, reference) }

  private static func property(_ text: String) -> String {
    escaped(text) { $0 == ":" ? "%3A" : $0 == "," ? "%2C" : reference($0) }
  }

  private static func reference(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "%": return "%25"
    case "\r": return "%0D"
    case "\n": return "%0A"
    default: return nil
    }
  }

  private static func relative(_ path: String, to workspace: String?) -> String {
    guard let workspace, !workspace.isEmpty else { return path }
    let prefix = workspace.hasSuffix("/") ? workspace : "\(workspace)/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }
}
