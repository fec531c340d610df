import Results
import Statistics
internal import Verification

extension BaselineCheck {
  /// What is counted may not grow, and plans may not change.
  static func costFindings(
    _ pairs: [RunComparison.Pair], _ run: StoredRun, _ baseline: StoredRun
  ) -> [GateReport.Finding] {
    let counted = CountedCosts(of: pairs, baseline, run, names: .baseline)
    if let obstacle = counted.obstacle {
      return [
        inconclusive(
          "all cells", noDearer, "\(obstacle); measure the baseline anew",
          measured: "not comparable")
      ]
    }
    return counted.rows.map(finding)
      + counted.plans.map { finding($0, baseline: baseline, run: run) }
      + counted.gaps.flatMap(findings)
  }

  private static func finding(_ row: CostRow) -> GateReport.Finding {
    let outcome: GateReport.Outcome
    var explanation = ""
    switch row.outcome {
    case .same, .better: outcome = .met
    case .worse:
      outcome = .missed
      explanation =
        "it was \(CostRow.text(row.a)): the same work takes more steps, whatever the machine"
    case .unclear:
      outcome = row.b.range.high <= row.a.range.high ? .met : .inconclusive
      explanation = "it was \(CostRow.text(row.a)), and the repeats of both overlap"
    }
    return GateReport.Finding(
      place: place(row.cell), expectation: "\(row.name) no higher than in the baseline",
      measured: CostRow.text(row.b), outcome: outcome,
      explanation: outcome == .met ? "" : explanation,
      quantity: GateReport.Quantity(
        value: row.b.median, low: row.b.range.low, high: row.b.range.high, unit: "count"))
  }

  private static func finding(
    _ row: PlanRow, baseline: StoredRun, run: StoredRun
  ) -> GateReport.Finding {
    GateReport.Finding(
      place: place(row.cell), expectation: "query plans as in the baseline",
      measured: PlanRow.text(row.b), outcome: row.isChanged ? .missed : .met,
      explanation: row.isChanged
        ? "they were \(PlanRow.text(row.a)); diff \(baseline.path)/plans/\(row.cell.a.cell).txt "
          + "\(run.path)/plans/\(row.cell.b.cell).txt shows what SQLite does otherwise"
        : "")
  }

  private static func findings(_ gap: CountedCosts.Gap) -> [GateReport.Finding] {
    [("the baseline", gap.inA), ("the run", gap.inB)].filter { !$0.1.isEmpty }.map {
      name, lacking in
      let warning = gap.cell.b.usable.first?.warnings.first { $0.contains("could not be counted") }
      return inconclusive(
        place(gap.cell), noDearer,
        "\(name) has not counted \(lacking.joined(separator: ", "))"
          + (gap.inB.isEmpty ? "" : warning.map { ": \($0)" } ?? ""))
    }
  }
}
