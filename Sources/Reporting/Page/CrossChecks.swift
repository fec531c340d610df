import Results
import Statistics
internal import Verification

/// What can be checked about the measurement itself, with numbers that were counted independently.
struct CrossChecks {
  private let subject: ReportSubject

  init(_ subject: ReportSubject) { self.subject = subject }

  /// A check with the band in which it passes.
  private struct Check: Sendable {
    let title: String
    let metric: Metric
    let text: @Sendable (Double) -> String
    let passes: @Sendable (Double) -> Bool
    let meaning: String
  }

  private static let checks: [Check] = [
    Check(
      title: "achieved / offered", metric: .achievedRatio, text: { fixed($0, decimals: 3) },
      passes: { $0 >= 0.99 },
      meaning:
        "Tasks enqueued relative to those that were due. Below 0.99 the cell is saturated, and "
        + "its latencies are those of an overloaded queue."),
    Check(
      title: "late start p99, ms", metric: .latency(of: .lag, .p99),
      text: { threeDigits($0 / 1000) }, passes: { $0 <= 1000 },
      meaning:
        "How late operations began. Response times include it; above 1 ms the load generator "
        + "itself, or a queue that is too slow for the rate, shapes the tail."),
    Check(
      title: "Little's law", metric: .littlesLaw, text: { fixed($0, decimals: 3) },
      passes: { (0.98...1.02).contains($0) },
      meaning:
        "Tasks in the queue over time by counting alone (L·T), relative to the time that each task "
        + "was in it by its own records (Σ W). Both are the same area, in a steady state or not: beyond "
        + "2 % something was counted twice or not at all."),
    Check(
      title: "Σ phases / total", metric: .phaseSum, text: { fixed($0, decimals: 3) },
      passes: { (0.98...1.02).contains($0) },
      meaning:
        "The parts of operations relative to the whole. Above 1, waiting, holding the lock or "
        + "checkpoints were counted twice; what nobody measured counts as executing."),
    Check(
      title: "write lock used, %", metric: .lockUtilisation, text: { percent($0) },
      passes: { $0 <= 1.01 },
      meaning:
        "Share of the time in which an operation held the write lock. Near 100 % the lock is what "
        + "limits the cell; above it the measurement is wrong."),
    Check(
      title: "harness CPU, %", metric: .harnessCPUShare, text: { percent($0) },
      passes: { $0 <= 0.1 },
      meaning:
        "Processor time that the harness itself took while it measured. Above 10 % of a processor "
        + "it competes with what it measures."),
    Check(
      title: "steal, %", metric: .stealShare, text: { percent($0) }, passes: { $0 <= 0.02 },
      meaning:
        "Processor time that the host gave to others. Above 2 % tails may be the neighbours'."),
  ]

  /// The table and what it means; empty if nothing was checked.
  var html: String {
    let cells = subject.measured
    let checks = Self.checks.filter { check in
      cells.contains { $0.spread(of: check.metric) != nil }
    }
    let hasSteadyStates = cells.contains { $0.usable.contains { $0.steadyState != nil } }
    guard !checks.isEmpty || hasSteadyStates else { return "" }
    var columns = checks.map { HTMLTable.Column(title: $0.title) }
    if hasSteadyStates { columns.append(HTMLTable.Column(title: "steady state", isNumeric: false)) }
    let table = HTMLTable(
      caption: "Cross-checks (\(subject.spreadWords)); ✗ fails",
      columns: subject.nameColumns + columns, headingCount: 1,
      rows: cells.map { cell in
        subject.names(cell) + checks.map { entry(of: $0, cell) }
          + (hasSteadyStates ? [Self.steadyState(of: cell)] : [])
      })
    var meanings = checks.map { ($0.title, $0.meaning) }
    if hasSteadyStates {
      meanings.append(
        (
          "steady state",
          "How throughput went in each repeat: flat; warm-up, steady only after a beginning; slowdown, "
            + "it fell to the end; no-steady-state. Nothing is trimmed silently."
        ))
    }
    return table.html + definitionList(meanings)
  }

  private func entry(of check: Check, _ cell: CellSummary) -> HTMLTable.Cell {
    let spread = cell.spread(of: check.metric)
    guard let median = spread?.median, !check.passes(median) else {
      return subject.cell(spread, check.text)
    }
    return subject.cell(spread, { "✗ \(check.text($0))" }, mark: .bad).withPlainDetail(
      spread, check.text)
  }

  private static func steadyState(of cell: CellSummary) -> HTMLTable.Cell {
    let states = cell.usable.compactMap(\.steadyState)
    guard !states.isEmpty else { return HTMLTable.Cell(text: "–") }
    let words = SteadyState.Label.allCases.compactMap { state -> String? in
      let count = states.count { $0 == state }
      return count == 0
        ? nil : count == states.count ? state.rawValue : "\(count) \(state.rawValue)"
    }
    let isUnsteady = states.contains { $0 == .slowdown || $0 == SteadyState.Label.none }
    return HTMLTable.Cell(
      text: (isUnsteady ? "✗ " : "") + words.joined(separator: ", "),
      mark: isUnsteady ? .bad : nil)
  }
}

extension HTMLTable.Cell {
  /// The same with an interval that does not repeat the mark.
  fileprivate func withPlainDetail(
    _ spread: Spread?, _ text: (Double) -> String
  ) -> HTMLTable.Cell {
    guard let spread, spread.count > 1 else { return self }
    let bar = spread.bar
    return HTMLTable.Cell(
      text: self.text, detail: "\(text(bar.low))–\(text(bar.high))", isRange: isRange,
      mark: mark)
  }
}

extension Metric {
  /// The parts of operations relative to the whole.
  static let phaseSum = Metric.named("phase_sum_ratio") ?? .littlesLaw
}
