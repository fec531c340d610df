package import Results
package import Scenarios
internal import Statistics

/// How the cells of a run stand to the targets of its scenario.
package struct TargetReport: Sendable {
  /// One target at one cell.
  struct Line: Sendable {
    let target: Target
    let cell: Cell
    /// The median over the usable repeats in the base unit of the metric; nil if there is none.
    let measured: Double?

    /// The same with its interval.
    let spread: Spread?

    var holds: Bool? { measured.map { target.comparison.holds($0, target.value) } }
    /// Whether the target is met, in a word.
    var outcome: String { holds.map { $0 ? "met" : "MISSED" } ?? "inconclusive" }
  }

  let lines: [Line]

  /// Holds the targets of `scenario` against the rows of its run.
  package init(scenario: Scenario, rows: [RepeatResult]) {
    let byCell = Dictionary(uniqueKeysWithValues: summaries(of: rows).map { ($0.cell, $0) })
    lines = scenario.targets.flatMap { target in
      scenario.cells.filter { target.applies(to: $0) && $0.refusal == nil }.map { cell in
        let metric = Metric.named(target.metric.column)
        let spread = metric.flatMap { byCell[cell.id]?.spread(of: $0) }
        return Line(target: target, cell: cell, measured: spread?.median, spread: spread)
      }
    }
  }

  /// Whether the scenario has no targets.
  package var isEmpty: Bool { lines.isEmpty }

  /// Whether a measured value is on the wrong side of a limit.
  package var hasMissed: Bool { lines.contains { $0.holds == false } }

  /// Whether a value was not measured, or from too few samples.
  package var hasInconclusive: Bool { lines.contains { $0.holds == nil } }

  /// A table with a line for each target and cell.
  package var text: String {
    TextTable(
      titles: ["target", "cell", "measured", ""],
      rows: lines.map { line in
        [
          line.target.text, line.cell.id,
          line.measured.map { line.target.metric.text(of: $0) } ?? "too few samples",
          line.outcome,
        ]
      }
    ).text()
  }
}

extension TargetMetric {
  /// A value in base units, in a unit that reads well.
  func text(of value: Double) -> String {
    switch dimension {
    case .latency: return latencyText(us: value)
    case .share: return "\(threeDigits(value * 100)) %"
    case .rate: return "\(threeDigits(value)) tasks/s"
    }
  }
}
