extension GateReport {
  /// The report for a log: a table, then what has to be known or done.
  package var text: String { text() }

  /// The report for a terminal of that width; without one nothing is shortened.
  package func text(width: Int? = nil, colours: Bool = false) -> String {
    var parts: [String] = warnings.map { "⚠ \(singleLine($0))\n" }
    if findings.isEmpty {
      parts.append("\(countsText)\n")
    } else {
      let table = TextTable(
        columns: ["expected", "where", "measured", ""].map { TextTable.Column($0) },
        rows: ordered.map { finding in
          [
            TextTable.Cell(finding.expectation), TextTable.Cell(finding.place),
            TextTable.Cell(finding.measured.isEmpty ? "–" : finding.measured),
            TextTable.Cell(finding.outcome.word, emphasis: finding.outcome.emphasis),
          ]
        })
      parts.append(table.text(width: width, colours: colours))
    }
    parts += explanations.map { singleLine($0) + "\n" }
    if findings.count > 1 { parts.append("\(countsText)\n") }
    return parts.joined()
  }
}

extension GateReport {
  /// In long tables what fails comes first, because nobody would find it in the middle.
  private var ordered: [Finding] {
    guard findings.count > Self.shortTable else { return findings }
    return Outcome.worstFirst.flatMap { outcome in findings.filter { $0.outcome == outcome } }
  }

  private static let shortTable = 20

  /// Why findings are not met, each reason once with the first that it is given for.
  private var explanations: [String] {
    let open = ordered.filter { $0.outcome != .met && !$0.explanation.isEmpty }
    var order: [String] = []
    let alike = Dictionary(grouping: open, by: \.explanation)
    for finding in open where !order.contains(finding.explanation) {
      order.append(finding.explanation)
    }
    return order.compactMap { explanation in
      guard let same = alike[explanation], let first = same.first else { return nil }
      let more = same.count > 1 ? " (and \(same.count - 1) more)" : ""
      return "\(first.place): \(first.expectation)\(more): \(explanation)"
    }
  }
}

extension GateReport.Outcome {
  /// How it stands in tables: what fails is loud.
  var word: String { self == .missed ? "MISSED" : rawValue }

  var emphasis: TextTable.Emphasis {
    switch self {
    case .met: return .good
    case .missed: return .bad
    case .inconclusive: return .doubtful
    }
  }
}
