extension GateReport {
  /// The report for a pull request: what fails in sight, what is met folded away.
  package var markdown: String {
    var text = "### \(outcome.sign) \(MarkdownText.plain(title)): \(countsText)\n\n"
    text += MarkdownText.warnings(warnings)
    let open = findings.filter { $0.outcome != .met }
    if !open.isEmpty {
      text += MarkdownText.table(
        titles: ["", "expected", "where", "measured", "why"],
        rows: open.map { Self.row($0) + [MarkdownText.plain($0.explanation)] })
      text += "\n"
    }
    let met = findings.filter { $0.outcome == .met }
    if !met.isEmpty {
      let table = MarkdownText.table(
        titles: ["", "expected", "where", "measured"], rows: met.map(Self.row))
      text += MarkdownText.details("\(met.count) met", table)
    }
    return text
  }

  private static func row(_ finding: Finding) -> [String] {
    [
      finding.outcome.sign, MarkdownText.code(finding.expectation),
      MarkdownText.plain(finding.place),
      finding.measured.isEmpty ? "–" : MarkdownText.plain(finding.measured),
    ]
  }
}

extension GateReport.Outcome {
  /// How it stands in Markdown.
  var sign: String {
    switch self {
    case .met: return "✅"
    case .missed: return "❌"
    case .inconclusive: return "❔"
    }
  }
}
