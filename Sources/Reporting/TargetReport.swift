package import Results
package import Scenarios
internal import Statistics
internal import Verification

/// How the cells of a run stand to targets.
package struct TargetReport: Sendable {
  /// A cell that targets may be about.
  package struct TargetCell: Equatable, Sendable {
    /// Its name (`c01`).
    package let id: String
    /// Its value on every axis of the run.
    package let axisValues: [Scenarios.AxisValue]

    /// `c01 synchronous=FULL`
    var place: String { ([id] + axisValues.map(\.description)).joined(separator: " ") }
  }

  /// One target at one cell.
  struct Line: Sendable {
    let target: Target
    let cell: TargetCell
    /// The value over the repeats that decide, in the base unit of the metric; nil if none has it.
    let spread: Spread?
    let outcome: GateReport.Outcome
    /// Why it was missed or cannot be judged.
    let explanation: String

    /// The median with the bar that decides.
    var measured: String {
      guard let spread else { return "" }
      let text = target.metric.text
      let bar = spread.bar
      return bar.low == bar.high
        ? text(spread.median) : "\(text(spread.median)) (\(text(bar.low)) to \(text(bar.high)))"
    }
  }

  let lines: [Line]
  private let file: String?

  /// Holds the targets of `scenario` against the rows of its run.
  package init(scenario: Scenario, rows: [RepeatResult]) {
    self.init(
      targets: scenario.targets, of: scenario.file, cells: Self.cells(of: scenario), rows: rows)
  }

  /// Holds `targets`, which stand in `file`, against the rows of a run with these cells.
  package init(targets: [Target], of file: String?, cells: [TargetCell], rows: [RepeatResult]) {
    let byCell = Dictionary(uniqueKeysWithValues: summaries(of: rows).map { ($0.cell, $0) })
    self.file = file
    lines = targets.flatMap { target in
      cells.filter { target.applies(to: $0.axisValues) }.map { cell in
        Judge(target: target, summary: byCell[cell.id]).line(at: cell)
      }
    }
  }

  /// The cells of a scenario.
  package static func cells(of scenario: Scenario) -> [TargetCell] {
    scenario.cells.map { TargetCell(id: $0.id, axisValues: $0.axisValues) }
  }

  /// The cells that a run has rows of, as an experiment makes them, and those of its scenario that it was
  /// still to measure.
  package static func cells(of record: RunRecord) -> [TargetCell] {
    var cells = summaries(of: record.rows).map { summary in
      TargetCell(
        id: summary.cell,
        axisValues: summary.axes.map { Scenarios.AxisValue(name: $0.name, label: $0.label) })
    }
    guard let scenario = record.scenario(), scenario.axisNames == record.manifest?.axisNames,
      record.manifest?.settings.keys.sorted() == scenario.cells.map(\.id).sorted()
    else { return cells }
    let measured = Set(cells.map(\.id))
    cells += Self.cells(of: scenario).filter { !measured.contains($0.id) }
    return cells.sorted { $0.id < $1.id }
  }

  /// Whether there was nothing to hold against the run.
  package var isEmpty: Bool { lines.isEmpty }

  /// Whether a measured value is on the wrong side of a limit.
  package var hasMissed: Bool { lines.contains { $0.outcome == .missed } }

  /// Whether a value was not measured, from too few samples, or too scattered to say.
  package var hasInconclusive: Bool { lines.contains { $0.outcome == .inconclusive } }

  /// A finding for each target and cell.
  package var findings: [GateReport.Finding] {
    lines.map { line in
      GateReport.Finding(
        place: line.cell.place, expectation: line.target.text, measured: line.measured,
        outcome: line.outcome, explanation: line.explanation,
        source: file.map { GateReport.SourcePlace(file: $0, line: line.target.line) },
        quantity: line.spread.map { spread in
          GateReport.Quantity(
            value: spread.median, low: spread.bar.low, high: spread.bar.high,
            unit: line.target.metric.dimension.unitName)
        })
    }
  }

  /// A table with a line for each target and cell, and what has to be known of it.
  package var text: String { GateReport(title: "", findings: findings).text }
}

/// Holds one target against one cell.
///
/// A number with noise decides only if its whole bar does, which is the 95 % order-statistic interval of the
/// median, or the range where there are too few repeats for one. A count has no noise: it must hold in every
/// repeat.
private struct Judge {
  let target: Target
  /// Nil for a cell without any row.
  let summary: CellSummary?

  private typealias Ruling = (outcome: GateReport.Outcome, explanation: String)

  func line(at cell: TargetReport.TargetCell) -> TargetReport.Line {
    let values = rows.map { (row: $0, value: value(in: $0)) }
    var ruling = rule(on: values)
    if ruling.outcome == .met, let summary, let first = summary.unmeasured.first {
      ruling = (
        .inconclusive,
        "repeat \(Self.numbers(summary.unmeasured)) \(first.status.rawValue): \(first.detail)"
      )
    }
    return TargetReport.Line(
      target: target, cell: cell, spread: Spread(of: values.compactMap(\.value)),
      outcome: ruling.outcome, explanation: ruling.explanation)
  }

  private var count: TaskCount? { TaskCount(rawValue: target.metric.column) }

  private func value(in row: RepeatResult) -> Double? {
    if let count { return count.value(in: row).map(Double.init) }
    return Metric.named(target.metric.column)?.value(in: row)
  }

  /// The repeats that decide.
  private var rows: [RepeatResult] {
    guard let summary else { return [] }
    guard count?.isOfVerdict == true else { return summary.usable }
    // What was lost was lost, whatever else the repeat is good for.
    return summary.usable + summary.invalid + summary.unmeasured.filter { $0.verdict == .invalid }
  }

  private func rule(on values: [(row: RepeatResult, value: Double?)]) -> Ruling {
    guard let summary else { return (.inconclusive, "the run has not measured this cell") }
    guard count != nil || Metric.named(target.metric.column) != nil else {
      return (.inconclusive, "this run has no such measurement")
    }
    guard !values.isEmpty else { return (.inconclusive, Self.whyUnusable(summary)) }
    let missing = values.filter { $0.value == nil }.map(\.row)
    if target.metric.dimension == .count {
      let broken = values.filter { pair in
        pair.value.map { !target.comparison.holds($0, target.value) } ?? false
      }
      if let first = broken.first, let value = first.value {
        let others = broken.count > 1 ? ", and \(broken.count - 1) more did not hold it" : ""
        let detail = first.row.detail.isEmpty ? "" : " (\(first.row.detail))"
        return (
          .missed,
          "repeat \(first.row.repeatNumber) had \(plainNumber(value))\(detail)\(others)"
        )
      }
    }
    guard missing.isEmpty else {
      guard missing.count < values.count || target.metric.dimension == .latency else {
        return (.inconclusive, "this run has no such measurement")
      }
      let isPercentile = target.metric.dimension == .latency
      return (
        .inconclusive,
        "repeat \(Self.numbers(missing)) has \(isPercentile ? "too few samples for it" : "no value of it")"
      )
    }
    guard target.metric.dimension != .count, let spread = Spread(of: values.compactMap(\.value))
    else { return (.met, "") }
    return rule(on: spread)
  }

  private func rule(on spread: Spread) -> Ruling {
    let bar = spread.bar
    let text = target.metric.text
    let limit = text(target.value)
    let kind =
      spread.interval != nil
      ? "95 % interval" : "range of \(spread.count) repeat\(spread.count == 1 ? "" : "s")"
    let shown = "the \(kind), \(text(bar.low)) to \(text(bar.high)),"
    switch target.comparison.holds(from: bar.low, to: bar.high, target.value) {
    case true: return (.met, "")
    case false: return (.missed, "\(shown) is on the wrong side of \(limit)")
    case nil: return (.inconclusive, "\(shown) holds the limit \(limit); more repeats narrow it")
    }
  }

  private static func whyUnusable(_ summary: CellSummary) -> String {
    let detail = summary.detail.isEmpty ? "" : ": \(summary.detail)"
    if !summary.invalid.isEmpty { return "every repeat is invalid\(detail)" }
    return "the cell \(summary.status == .refused ? "was refused" : "failed")\(detail)"
  }

  private static func numbers(_ rows: [RepeatResult]) -> String {
    rows.map { "\($0.repeatNumber)" }.joined(separator: ", ")
  }
}

extension TargetMetric {
  /// A value in base units, in a unit that reads well.
  func text(of value: Double) -> String {
    switch dimension {
    case .latency: return latencyText(us: value)
    case .share: return "\(threeDigits(value * 100)) %"
    case .rate: return "\(threeDigits(value)) tasks/s"
    case .count: return plainNumber(value)
    }
  }
}

extension TargetMetric.Dimension {
  /// The base unit in reports for programs.
  var unitName: String {
    switch self {
    case .latency: return "us"
    case .share: return "share"
    case .rate: return "1/s"
    case .count: return "count"
    }
  }
}
