import Results
import Statistics

extension RunComparison {
  /// The comparison for a pull request: what differs in sight, all else folded away by metric.
  package var markdown: String {
    var text = "### \(sign) \(MarkdownText.plain("\(a.path) → \(b.path)")): \(summary)\n\n"
    text += "A: \(MarkdownText.plain(a.origin)) · B: \(MarkdownText.plain(b.origin))\n\n"
    text += MarkdownText.warnings(warnings)
    let names = names
    let changed = rows.filter { $0.outcome == .worse || $0.outcome == .better }
    if !changed.isEmpty {
      text += MarkdownText.table(
        titles: ["", "metric"] + Self.titles, numeric: [3, 4, 5, 6, 7],
        rows: changed.map {
          [$0.outcome == .worse ? "❌ worse" : "✅ better", MarkdownText.code($0.metric.name)]
            + Self.columns($0, names)
        })
      text += "\n"
    }
    let changedCosts = costs.filter { $0.outcome != .same }
    if !changedCosts.isEmpty {
      text += MarkdownText.table(
        titles: ["", "cost", "cell", "A", "B"], numeric: [3, 4],
        rows: changedCosts.map { row in
          [
            row.outcome.rawValue, MarkdownText.code(row.name),
            MarkdownText.plain(names[row.cell.name] ?? row.cell.name), CostRow.text(row.a),
            CostRow.text(row.b),
          ]
        })
      text += "\n"
    }
    let changedPlans = plans.filter(\.isChanged)
    if !changedPlans.isEmpty {
      text += MarkdownText.table(
        titles: ["", "cell", "A", "B", "see"],
        rows: changedPlans.map { plan in
          [
            "query plans changed", MarkdownText.plain(names[plan.cell.name] ?? plan.cell.name),
            MarkdownText.code(PlanRow.text(plan.a)), MarkdownText.code(PlanRow.text(plan.b)),
            MarkdownText.code(plansHint(plan)),
          ]
        })
      text += "\n"
    }
    for metric in metrics {
      let own = rows.filter { $0.metric == metric }
      guard !own.isEmpty else { continue }
      text += MarkdownText.details(
        metric.title,
        MarkdownText.table(
          titles: Self.titles + ["result"], numeric: [1, 2, 3, 4, 5],
          rows: own.map { Self.columns($0, names) + [MarkdownText.plain($0.outcome.word)] }))
    }
    text += (onlyInA.map { "only in A: \($0)" } + onlyInB.map { "only in B: \($0)" })
      .map { "\n\(MarkdownText.plain($0))\n" }.joined()
    return text + "\n<sub>\(MarkdownText.plain(Self.legend))</sub>\n"
  }

  /// What a reader sees first; a changed plan is neither good nor bad by itself.
  private var sign: String {
    if count(.worse) > 0 || costs.contains(where: { $0.outcome == .worse }) { return "❌" }
    let isSilent = rows.allSatisfy { $0.outcome == .tooFew } && costs.isEmpty
    return isSilent || plans.contains(where: \.isChanged) ? "❔" : "✅"
  }

  private static let titles = ["cell", "A", "B", "B/A", "95 % interval", "p"]

  private static func columns(_ row: Row, _ names: [String: String]) -> [String] {
    [
      row.name(names), row.text(of: row.a), row.text(of: row.b), row.change, row.intervalText,
      pText(row.adjustedP),
    ].map(MarkdownText.plain)
  }
}
