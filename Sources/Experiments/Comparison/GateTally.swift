internal import Foundation
internal import Statistics

/// What all comparisons of one kind say together.
package struct GateTally: Sendable {
  package let kind: GateTrial.Kind
  package private(set) var results: [GateTrial.Result] = []

  package init(_ kind: GateTrial.Kind) { self.kind = kind }

  package mutating func add(_ result: GateTrial.Result) { results.append(result) }

  private static let alarmLimit = 0.01
  private static let alarmBound = 0.03
  /// How many comparisons it takes until the bound can hold: 0 of 122 are at most 3 %.
  private static let boundedFrom = 200
  /// Whoever never says anything raises no false alarms.
  private static let leastPassed = 0.9
  private static let leastCaught = 0.95
  private static let indexLimitSeconds = 10.0
  private static let claimLimitSeconds = 300.0

  private func count(_ decision: SequentialGate.Decision) -> Int {
    results.count { $0.decision == decision }
  }

  /// Why it is not good enough; nil if it is.
  package var complaint: String? {
    guard !results.isEmpty else { return nil }
    let failed = Double(count(.failed)) / Double(results.count)
    if results.contains(where: { $0.broken != nil }) { return "a side could not be measured" }
    if kind == .aa {
      if failed > Self.alarmLimit { return "more than 1 % false alarms" }
      if results.count >= Self.boundedFrom, alarms.high > Self.alarmBound {
        return "the interval reaches beyond 3 %"
      }
      if Double(count(.passed)) < Self.leastPassed * Double(results.count) {
        return "fewer than 90 % passed"
      }
      return nil
    }
    if failed < Self.leastCaught { return "fewer than 95 % caught" }
    if kind == .droppedIndex {
      if !caught.allSatisfy(\.isByCosts) { return "not by counting" }
      if caught.contains(where: { $0.seconds >= Self.indexLimitSeconds }) {
        return "not within 10 s"
      }
    }
    if kind == .slowClaim, let seconds = medianSeconds, seconds > Self.claimLimitSeconds {
      return "the median takes longer than 5 minutes"
    }
    return nil
  }

  private var alarms: Interval {
    clopperPearsonInterval(successes: count(.failed), trials: results.count)
  }

  private var caught: [GateTrial.Result] { results.filter { $0.decision == .failed } }

  private var medianSeconds: Double? { median(of: caught.map(\.seconds)) }

  /// A line or two for people.
  package var summary: String {
    let (failed, passed, undecided) = (count(.failed), count(.passed), count(.undecided))
    let total = results.count
    var text: String
    if kind == .aa {
      text = String(
        format:
          "aa: %d of %d comparisons of equal sides failed: %.1f %% false alarms, 95 %% interval [%.2f %%, "
          + "%.2f %%]\n    %d passed, %d inconclusive; median %.1f s, %.0f blocks", failed, total,
        100 * Double(failed) / Double(total), alarms.low * 100, alarms.high * 100, passed,
        undecided, median(of: results.map(\.seconds)) ?? 0,
        median(of: results.map { Double($0.blocks) }) ?? 0)
    } else {
      text = "\(kind.rawValue): \(failed) of \(total) caught"
      if let seconds = medianSeconds, let slowest = caught.map(\.seconds).max() {
        text += String(format: "; median %.1f s, at most %.1f s", seconds, slowest)
      }
      if passed + undecided > 0 { text += "; \(passed) passed, \(undecided) inconclusive" }
    }
    if let complaint { text += "\n    NOT GOOD ENOUGH: \(complaint)" }
    return text
  }
}
