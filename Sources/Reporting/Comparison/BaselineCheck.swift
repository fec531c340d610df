import Foundation
import Results
import Statistics
internal import Verification

/// A run against an earlier one of the same scenario: is anything worse than a margin allows?
///
/// What is absent is never met: a number that only one of the two has, a cell that no longer runs, repeats that
/// broke off. All of that is inconclusive, with its reason.
package struct BaselineCheck: Sendable {
  /// One finding for each metric and cell, the counted costs first.
  package let findings: [GateReport.Finding]
  /// What one must know to believe them.
  package let warnings: [String]

  /// A share may always grow by this much: of a baseline of 0 there is no percentage.
  static let smallestShareMargin = 0.001

  /// Holds `run` against `baseline`; `margin` is how much worse than the baseline it may be (0.05 for 5 %).
  ///
  /// With `costsOnly` nothing that depends on the machine is looked at. Throws why the two cannot be compared:
  /// another scenario, another machine, or a baseline that is none.
  package init(
    _ run: StoredRun, against baseline: StoredRun, margin: Double,
    metrics: [ComparedMetric] = ComparedMetric.standard, costsOnly: Bool = false
  ) throws(ComparisonRefusal) {
    let differences = RunDifferences(baseline, run, names: .baseline)
    try Self.refuse(run, baseline, differences, costsOnly: costsOnly)
    let matching = CellMatching(baseline, run)
    guard !matching.pairs.isEmpty else {
      throw ComparisonRefusal(description: "\(baseline.path): has no cell of \(run.path)")
    }
    let measured = matching.pairs.filter { !$0.a.usable.isEmpty && !$0.b.usable.isEmpty }
    var findings = Self.costFindings(measured, run, baseline)
    var notes: [String] = []
    if !costsOnly {
      let timings = Self.timings(measured, metrics, margin: margin)
      findings += timings.findings
      notes += timings.notes
    }
    findings += matching.pairs.compactMap { Self.gap(in: $0, costsOnly: costsOnly) }
    findings += matching.onlyInA.map { name in
      Self.inconclusive(name, Self.anything, "only the baseline has measured this cell")
    }
    if findings.isEmpty {
      findings = [
        Self.inconclusive(
          "all cells", costsOnly ? Self.noDearer : Self.anything,
          "the runs have no \(costsOnly ? "costs" : "numbers") that both of them "
            + (costsOnly ? "counted" : "measured"))
      ]
    }
    self.findings = findings
    warnings =
      (costsOnly ? [] : differences.warnings(of: matching.pairs)) + notes
      + matching.pairs.filter(Self.isRefused).map {
        "\($0.b.cell) \($0.name): both runs refused this cell"
      }
      + matching.onlyInB.map { "\($0): the baseline has not measured this cell" }
  }

  private static func refuse(
    _ run: StoredRun, _ baseline: StoredRun, _ differences: RunDifferences, costsOnly: Bool
  ) throws(ComparisonRefusal) {
    guard run.manifest.scenarioFingerprint == baseline.manifest.scenarioFingerprint else {
      throw ComparisonRefusal(
        description:
          "\(baseline.path): measured another scenario (\(baseline.manifest.scenarioName), "
          + "\(baseline.manifest.scenarioFingerprint)) than \(run.path) (\(run.manifest.scenarioName), "
          + "\(run.manifest.scenarioFingerprint)); `queuebench compare` holds different scenarios side by side"
      )
    }
    guard run.isQuick == baseline.isQuick || costsOnly else {
      throw ComparisonRefusal(
        description:
          "\(run.isQuick ? run.path : baseline.path): was shortened with --quick and the other "
          + "was not, so their timings cannot be compared")
    }
    guard baseline.isFinished else {
      throw ComparisonRefusal(
        description: "\(baseline.path): is not finished, so it is no baseline")
    }
    guard !baseline.isInvalid else {
      throw ComparisonRefusal(
        description: "\(baseline.path): has an invalid history, so it is no baseline")
    }
    guard differences.machine.isEmpty || costsOnly else {
      throw ComparisonRefusal(
        description: "\(baseline.path): was measured on another machine "
          + "(\(differences.machine.joined(separator: "; "))); --costs-only compares what is counted and does "
          + "not depend on the machine")
    }
  }

  // MARK: Cells

  static let anything = "no worse than the baseline"
  static let noDearer = "costs no higher than in the baseline"

  static func inconclusive(
    _ place: String, _ expectation: String, _ explanation: String, measured: String = ""
  ) -> GateReport.Finding {
    GateReport.Finding(
      place: place, expectation: expectation, measured: measured, outcome: .inconclusive,
      explanation: explanation)
  }

  /// `c03 synchronous=FULL`
  static func place(_ pair: RunComparison.Pair) -> String { "\(pair.b.cell) \(pair.name)" }

  /// Whether a cell was impossible then and is so now, so that there is nothing to compare.
  private static func isRefused(_ pair: RunComparison.Pair) -> Bool {
    pair.a.usable.isEmpty && pair.b.usable.isEmpty && pair.a.status == .refused
      && pair.b.status == .refused
  }

  /// What is missing of a cell as a whole; nil if nothing is.
  private static func gap(
    in pair: RunComparison.Pair, costsOnly: Bool
  ) -> GateReport.Finding? {
    if isRefused(pair) { return nil }
    if pair.b.usable.isEmpty { return inconclusive(place(pair), anything, state(of: pair.b)) }
    if pair.a.usable.isEmpty {
      return inconclusive(
        place(pair), anything,
        "the baseline has no usable repeat of it to compare with: \(state(of: pair.a))")
    }
    // Counts are the same in every repeat.
    let lost = pair.b.unmeasured + pair.b.invalid
    guard !costsOnly, let first = lost.first else { return nil }
    return inconclusive(
      place(pair), "every repeat is measured",
      "\(lost.count) \(first.status == .measured ? "are invalid" : first.status.rawValue)"
        + (first.detail.isEmpty ? "" : " (\(first.detail))")
        + ", and those that are left may be the easier ones",
      measured: "\(pair.b.usable.count) of \(pair.b.usable.count + lost.count) repeats")
  }

  private static func state(of cell: CellSummary) -> String {
    let state =
      cell.invalid.isEmpty ? "the cell is \(cell.status.rawValue)" : "every repeat is invalid"
    return cell.detail.isEmpty ? state : "\(state): \(cell.detail)"
  }
}
