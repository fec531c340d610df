import Foundation
import Results
import Statistics
internal import Verification

extension BaselineCheck {
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

  /// Every metric of every cell, and of all cells together; cells without usable repeats are none of its own.
  static func timings(
    _ pairs: [RunComparison.Pair], _ metrics: [ComparedMetric], margin: Double
  ) -> (findings: [GateReport.Finding], notes: [String]) {
    var candidates: [Candidate] = []
    var findings: [GateReport.Finding] = []
    for pair in pairs {
      for metric in metrics {
        let samples = Samples(metric.metric, pair)
        if samples.a.isEmpty, samples.b.isEmpty, !metric.applies(to: pair) { continue }
        if let (outcome, explanation) = verdictWithoutTest(metric, samples) {
          findings.append(finding(metric, pair, margin, outcome, explanation))
        } else if let estimate = samples.estimate(isShare: metric.isShare) {
          candidates.append(candidate(metric, pair, samples, estimate, margin))
        } else {
          findings.append(
            finding(metric, pair, margin, .inconclusive, "negative values have no ratio"))
        }
      }
    }
    candidates = together(pairs, metrics, margin) + candidates
    let tested = candidates.indices.filter { candidates[$0].p != nil }
    let adjusted = Dictionary(
      uniqueKeysWithValues: zip(tested, holmAdjusted(tested.map { candidates[$0].p ?? 1 })))
    let power = ComparisonPower(tests: max(tested.count, candidates.count))
    findings += candidates.enumerated().map { index, candidate in
      judged(candidate, adjustedP: adjusted[index], margin, power)
    }
    let fewest = candidates.filter { $0.pair != nil }.map(\.count).min()
    return (findings, [power.note(ofRepeats: fewest)].compactMap(\.self))
  }

  /// What needs no statistics: numbers that are not there, and a standstill; nil for all else.
  private static func verdictWithoutTest(
    _ metric: ComparedMetric, _ samples: Samples
  ) -> (GateReport.Outcome, String)? {
    if samples.a.isEmpty, samples.b.isEmpty {
      return (
        .inconclusive,
        "neither run has enough samples for it; measure longer, or name other --metrics"
      )
    }
    if samples.b.isEmpty { return (.inconclusive, "the run lacks samples for it") }
    if samples.a.isEmpty { return (.inconclusive, "the baseline lacks samples for it") }
    if samples.isPartial {
      return (.inconclusive, "some repeats lack samples for it, others do not")
    }
    guard metric.isHigherBetter, samples.b.allSatisfy({ $0 == 0 }) else { return nil }
    if samples.a.allSatisfy({ $0 > 0 }) {
      return (.missed, "it is 0 in every repeat, and was not in any of the baseline's")
    }
    return samples.a.contains { $0 > 0 }
      ? nil : (.inconclusive, "it is 0 in the baseline, too, so that nothing was compared")
  }

  /// One factor for all cells of each metric: what is a little worse everywhere shows there first.
  private static func together(
    _ pairs: [RunComparison.Pair], _ metrics: [ComparedMetric], _ margin: Double
  ) -> [Candidate] {
    metrics.compactMap { metric in
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
    _ candidate: Candidate, adjustedP: Double?, _ margin: Double, _ power: ComparisonPower
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
        "\(candidate.count) repeats on a side are too few for an interval; measure \(power.repeatsNeeded)"
    } else {
      outcome = .inconclusive
      explanation =
        candidate.isBeyond
        ? "it may be worse than the margin, but not beyond chance"
          + power.advice(havingRepeats: candidate.count)
        : "its interval reaches beyond the margin; measure more repeats"
    }
    return finding(
      candidate.metric, candidate.pair, margin, outcome, explanation,
      estimate: candidate.estimate)
  }

  private static func finding(
    _ metric: ComparedMetric, _ pair: RunComparison.Pair?, _ margin: Double,
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
      place: pair.map(place) ?? "all cells",
      expectation: "\(metric.name) within \(PlotData.number(margin * 100)) % of the baseline",
      measured: estimate.map(text) ?? "", outcome: outcome, explanation: explanation,
      quantity: estimate.map {
        GateReport.Quantity(
          value: $0.value, low: $0.interval?.low, high: $0.interval?.high,
          unit: isShare ? "share" : "ratio")
      })
  }
}
