extension GateReport {
  /// The report for a terminal or a log: a table, then what has to be known or done.
  package var text: String {
    var parts: [String] = warnings.map { "⚠ \($0)\n" }
    if findings.isEmpty {
      parts.append("nothing was expected\n")
    } else {
      let table = TextTable(
        titles: ["expected", "where", "measured", ""],
        rows: findings.map { [$0.expectation, $0.place, $0.measured, $0.outcome.word] })
      parts.append(table.text())
    }
    parts += findings.filter { $0.outcome != .met && !$0.explanation.isEmpty }
      .map { "\($0.place): \($0.expectation): \($0.explanation)\n" }
    return parts.joined()
  }
}

extension GateReport.Outcome {
  /// How it stands in tables: what fails is loud.
  var word: String { self == .missed ? "MISSED" : rawValue }
}
