internal import Foundation
internal import Results
internal import Statistics

extension ComparisonGates.Place {
  /// In words, what the gate allows: `claim_p50_us at most 25 % more`, `throughput_per_s at most 23.08 % less`.
  package var expectation: String {
    // Half as much is as bad as twice as much, so that a margin of 30 % is the 1.3th part.
    let share = metric.isMoreWorse ? gate.margin : gate.margin / (1 + gate.margin)
    return "\(metric.name) at most \(percentText(share)) \(metric.isMoreWorse ? "more" : "less")"
  }

  /// head / base with its interval: `×1.032 [1.010, 1.061], 12 blocks`.
  package var measured: String {
    let blocks =
      "\(gate.count) block\(gate.count == 1 ? "" : "s")"
      + (missing > 0 ? ", \(missing) without a value" : "")
    guard let ratio else { return differences.isEmpty ? "no values" : "no ratio, \(blocks)" }
    let interval = ratio.interval.map { String(format: " [%.3f, %.3f]", $0.low, $0.high) } ?? ""
    return String(format: "×%.3f", ratio.value) + interval + ", \(blocks)"
  }

  /// One sentence for whoever has to act.
  package var explanation: String {
    let worse = differences.count { $0 > log1p(gate.margin) }
    let counted = "worse than the margin in \(worse) of \(gate.count) blocks"
    switch gate.decision {
    case .failed: return counted
    case .passed: return ""
    case .undecided:
      guard gate.count > 0 else {
        return "no block has a value on both sides; give a longer --block, or other --metrics"
      }
      return counted + ", which is not enough to tell; give it a larger budget or margin"
    }
  }
}

/// `5 %`, `2.5 %`
func percentText(_ share: Double) -> String {
  let text = String(format: "%.2f", share * 100)
  let trimmed = text.contains(".") ? text.trimmingSuffix("0").trimmingSuffix(".") : text
  return "\(trimmed) %"
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> String {
    var text = self[...]
    while text.last == character { text = text.dropLast() }
    return String(text)
  }
}
