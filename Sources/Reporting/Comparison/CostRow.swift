import Results
import Scenarios
import Statistics

/// A cost of an operation that is counted, not timed: what the same work takes does not vary.
package struct CostRow: Sendable {
  /// What the counts of two runs say.
  enum Outcome: String, Sendable {
    case better
    case worse
    case same
    /// The counts of the repeats overlap: something in them varies after all.
    case unclear = "overlapping"
  }

  let cell: RunComparison.Pair
  /// As targets name it (`vm_steps.claim`).
  let name: String
  let a: Spread
  let b: Spread
  let outcome: Outcome

  /// The costs that both runs have of these cells, by what they count.
  static func all(of pairs: [RunComparison.Pair]) -> [CostRow] {
    TargetMetric.all.filter(\.isCost).flatMap { target -> [CostRow] in
      guard let metric = Metric.named(target.column) else { return [] }
      return pairs.compactMap { CostRow(target.name, Samples(metric, $0), $0) }
    }
  }

  init?(_ name: String, _ samples: Samples, _ pair: RunComparison.Pair) {
    guard let a = Spread(of: samples.a), let b = Spread(of: samples.b) else { return nil }
    (self.name, cell, self.a, self.b) = (name, pair, a, b)
    if a.range == b.range {
      outcome = .same
    } else if b.range.low > a.range.high {
      outcome = .worse
    } else if b.range.high < a.range.low {
      outcome = .better
    } else {
      outcome = .unclear
    }
  }

  static func text(_ spread: Spread) -> String {
    spread.range.low == spread.range.high
      ? plainNumber(spread.median)
      : "\(plainNumber(spread.median)) (\(plainNumber(spread.range.low)) to "
        + "\(plainNumber(spread.range.high)))"
  }
}
