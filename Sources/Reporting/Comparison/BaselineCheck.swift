import Foundation
import Results
import Statistics
internal import Verification

/// A run against an earlier one of the same scenario: is anything worse than a margin allows?
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
    _ run: StoredRun, against baseline: StoredRun, margin: Double, costsOnly: Bool = false
  ) throws(ComparisonRefusal) {
    let differences = RunDifferences(baseline, run)
    try Self.refuse(run, baseline, differences, costsOnly: costsOnly)
    let matching = CellMatching(baseline, run)
    guard !matching.pairs.isEmpty else {
      throw ComparisonRefusal(description: "\(baseline.path): has no cell of \(run.path)")
    }
    let costs = Self.costFindings(matching.pairs, run, baseline)
    var findings = costs.findings
    if costsOnly, findings.isEmpty {
      findings = [
        GateReport.Finding(
          place: "all cells", expectation: "costs no higher than in \(baseline.path)", measured: "",
          outcome: .inconclusive,
          explanation: costs.warning ?? "the runs have no costs that both of them counted")
      ]
    }
    if !costsOnly { findings += Self.timings(matching.pairs, baseline, margin: margin) }
    findings += matching.onlyInA.map { name in
      GateReport.Finding(
        place: name, expectation: "no worse than \(baseline.path)", measured: "",
        outcome: .inconclusive, explanation: "only the baseline has measured this cell")
    }
    self.findings = findings
    warnings =
      (costsOnly ? [] : differences.warnings(of: matching.pairs))
      + [costs.warning].compactMap(\.self)
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

  // MARK: Costs

  private static func costFindings(
    _ pairs: [RunComparison.Pair], _ run: StoredRun, _ baseline: StoredRun
  ) -> (findings: [GateReport.Finding], warning: String?) {
    let rows = CostRow.all(of: pairs)
    let versions = [baseline.manifest.sqliteVersion, run.manifest.sqliteVersion]
    guard versions[0] == versions[1] else {
      return (
        [], "costs are not compared: SQLite \(versions[0]) counts otherwise than \(versions[1])"
      )
    }
    let findings = rows.map { row in
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
        place: "\(row.cell.b.cell) \(row.cell.name)",
        expectation: "\(row.name) no higher than in \(baseline.path)",
        measured: CostRow.text(row.b), outcome: outcome,
        explanation: outcome == .met ? "" : explanation,
        quantity: GateReport.Quantity(
          value: row.b.median, low: row.b.range.low, high: row.b.range.high, unit: "count"))
    }
    return (findings, nil)
  }

  // MARK: Timings

  /// A metric of a cell on its way to a finding.
  private struct Candidate {
    let metric: ComparedMetric
    /// Where it was measured; nil for all cells together.
    let pair: RunComparison.Pair?
    let estimate: Estimate
    /// What the estimate may reach: a ratio, or a difference of shares.
    let limit: Double
    /// How likely a run that is worse by just the margin is to look so different.
    let p: Double?
    let count: Int

    var isBeyond: Bool {
      metric.isHigherBetter ? estimate.value < limit : estimate.value > limit
    }

    /// Whether the whole interval keeps to the margin.
    var isWithin: Bool {
      guard let interval = estimate.interval else { return false }
      return metric.isHigherBetter ? interval.low >= limit : interval.high <= limit
    }
  }

  private static func timings(
    _ pairs: [RunComparison.Pair], _ baseline: StoredRun, margin: Double
  ) -> [GateReport.Finding] {
    var candidates: [Candidate] = []
    var findings: [GateReport.Finding] = []
    for pair in pairs where !pair.a.usable.isEmpty {
      guard !pair.b.usable.isEmpty else {
        findings.append(unmeasured(pair, baseline))
        continue
      }
      for metric in ComparedMetric.standard {
        let samples = Samples(metric.metric, pair)
        guard !samples.isPartial else {
          findings.append(
            finding(
              metric, pair, baseline, margin, .inconclusive, "some repeats lack samples for it"))
          continue
        }
        guard let estimate = samples.estimate(isShare: metric.isShare) else { continue }
        candidates.append(candidate(metric, pair, samples, estimate, margin))
      }
    }
    candidates = together(pairs, margin) + candidates
    let tested = candidates.indices.filter { candidates[$0].p != nil }
    let adjusted = Dictionary(
      uniqueKeysWithValues: zip(tested, holmAdjusted(tested.map { candidates[$0].p ?? 1 })))
    findings += candidates.enumerated().map { index, candidate in
      judged(candidate, adjustedP: adjusted[index], baseline, margin)
    }
    return findings
  }

  /// One factor for all cells of each metric: what is a little worse everywhere shows there first.
  private static func together(_ pairs: [RunComparison.Pair], _ margin: Double) -> [Candidate] {
    ComparedMetric.standard.compactMap { metric in
      let samples = pairs.map { Samples(metric.metric, $0) }
        .filter { !$0.isPartial && !$0.a.isEmpty && !$0.b.isEmpty }
      guard let row = RunComparison.Row(of: metric, inAll: samples) else { return nil }
      let limit = metric.isHigherBetter ? 1 / (1 + margin) : 1 + margin
      return Candidate(
        metric: metric, pair: nil, estimate: row.estimate, limit: limit,
        p: stratifiedPValue(of: samples.compactMap(\.stratum), shift: log(limit)),
        count: samples.map { min($0.a.count, $0.b.count) }.min() ?? 0)
    }
  }

  private static func candidate(
    _ metric: ComparedMetric, _ pair: RunComparison.Pair, _ samples: Samples, _ estimate: Estimate,
    _ margin: Double
  ) -> Candidate {
    let limit: Double
    let allowed: [Double]
    if metric.isShare {
      let room = max(smallestShareMargin, margin * (median(of: samples.a) ?? 0))
      limit = metric.isHigherBetter ? -room : room
      allowed = samples.a.map { $0 + limit }
    } else {
      limit = metric.isHigherBetter ? 1 / (1 + margin) : 1 + margin
      allowed = samples.a.map { $0 * limit }
    }
    return Candidate(
      metric: metric, pair: pair, estimate: estimate, limit: limit,
      p: estimate.interval == nil ? nil : mannWhitneyPValue(samples.b, allowed),
      count: min(samples.a.count, samples.b.count))
  }

  private static func judged(
    _ candidate: Candidate, adjustedP: Double?, _ baseline: StoredRun, _ margin: Double
  ) -> GateReport.Finding {
    let outcome: GateReport.Outcome
    let explanation: String
    if candidate.isWithin {
      (outcome, explanation) = (.met, "")
    } else if let p = adjustedP, p < RunComparison.level, candidate.isBeyond {
      outcome = .missed
      explanation =
        "worse than the margin with \(p < 0.001 ? "p < 0.001" : "p = \(fixed(p, decimals: 3))") among all "
        + "comparisons"
    } else if candidate.estimate.interval == nil {
      outcome = .inconclusive
      explanation =
        "\(candidate.count) repeats on a side are too few for an interval; measure at least 4"
    } else {
      outcome = .inconclusive
      explanation =
        candidate.isBeyond
        ? "it may be worse than the margin, but not beyond chance; measure more repeats"
        : "its interval reaches beyond the margin; measure more repeats"
    }
    return finding(
      candidate.metric, candidate.pair, baseline, margin, outcome, explanation,
      estimate: candidate.estimate)
  }

  private static func unmeasured(
    _ pair: RunComparison.Pair, _ baseline: StoredRun
  ) -> GateReport.Finding {
    let state =
      pair.b.invalid.isEmpty ? "the cell is \(pair.b.status.rawValue)" : "every repeat is invalid"
    return GateReport.Finding(
      place: "\(pair.b.cell) \(pair.name)", expectation: "no worse than \(baseline.path)",
      measured: "", outcome: .inconclusive,
      explanation: pair.b.detail.isEmpty ? state : "\(state): \(pair.b.detail)")
  }

  private static func finding(
    _ metric: ComparedMetric, _ pair: RunComparison.Pair?, _ baseline: StoredRun, _ margin: Double,
    _ outcome: GateReport.Outcome, _ explanation: String, estimate: Estimate? = nil
  ) -> GateReport.Finding {
    let isShare = metric.isShare
    func text(_ estimate: Estimate) -> String {
      let change = changeText(estimate.value, isShare: isShare, isDelta: true)
      guard let interval = estimate.interval else { return change }
      let ends = [interval.low, interval.high].map {
        changeText($0, isShare: isShare, isDelta: false)
      }
      return "\(change) (\(ends[0]) to \(ends[1]))"
    }
    return GateReport.Finding(
      place: pair.map { "\($0.b.cell) \($0.name)" } ?? "all cells",
      expectation: "\(metric.name) within \(PlotData.number(margin * 100)) % of \(baseline.path)",
      measured: estimate.map(text) ?? "", outcome: outcome, explanation: explanation,
      quantity: estimate.map {
        GateReport.Quantity(
          value: $0.value, low: $0.interval?.low, high: $0.interval?.high,
          unit: isShare ? "share" : "ratio")
      })
  }
}
