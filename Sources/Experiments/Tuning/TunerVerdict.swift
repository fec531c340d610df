internal import Foundation
internal import Statistics

/// What a ``TunerTrial`` says of a tuner, in words.
package struct TunerVerdict: Sendable, Equatable {
  package enum Outcome: Sendable {
    case met, missed, inconclusive
  }

  package let measured: String
  package let outcome: Outcome
  /// Why it was missed or cannot be judged; empty if it was met.
  package let explanation: String

  /// Above this share of blocks that count although the machine was disturbed, nothing is concluded.
  private static let mostDisturbed = 0.25

  /// Whether the choice is at most `margin` (0.05) worse than the best; `what` is compared (`p99`).
  ///
  /// A choice that brings nothing in a block is no choice: what it lost there cannot be told from the others.
  package init(quality comparison: TunerTrial.Comparison, margin: Double, what: String) {
    guard case .measured(let loss) = comparison else {
      self.init("the same configuration, and there is no other", .met)
      return
    }
    let rivals = loss.rivals == 1 ? "the best" : "the worst of \(loss.rivals) comparisons"
    var text = "no pair was measured"
    if let estimate = loss.estimate {
      text = "\(what) " + String(format: "×%.3f", estimate.value)
      if let interval = estimate.interval {
        text += String(format: " [%.3f, %.3f]", interval.low, interval.high)
      }
      text += ", \(rivals), \(loss.pairs) of \(loss.blocks) blocks"
    }
    if loss.disturbed > 0 { text += " (\(loss.disturbed) disturbed)" }
    if let failure = loss.failures.first {
      let count = "the choice brought nothing in \(loss.failures.count) of \(loss.blocks) blocks"
      self.init(
        text, loss.failures.count * 2 >= loss.blocks ? .missed : .inconclusive,
        "\(count) (\(failure))")
      return
    }
    guard let interval = loss.estimate?.interval else {
      self.init(text, .inconclusive, "too few blocks without a failure for an interval")
      return
    }
    if Double(loss.disturbed) > Self.mostDisturbed * Double(loss.blocks) {
      self.init(text, .inconclusive, "the machine was disturbed in too many blocks")
    } else if interval.high <= 1 + margin {
      self.init(text, .met)
    } else if interval.low > 1 + margin {
      self.init(text, .missed, "the choice is worse by more than that")
    } else {
      self.init(
        text, .inconclusive, "the interval holds the limit: more --blocks may settle it")
    }
  }

  /// Whether the tuner took at most one of so many parts of the factorial's time.
  package init(speed seconds: Double, of factorial: TunerTrial.Factorial, part: Double) {
    let share = seconds / factorial.seconds
    self.init(
      String(
        format: "%.0f s of %.0f s (1/%.1f), %d configurations × %d runs", seconds,
        factorial.seconds, 1 / share, factorial.configurations, factorial.repeats),
      share <= 1 / part ? .met : .missed, share <= 1 / part ? "" : "it took longer")
  }

  private init(_ measured: String, _ outcome: Outcome, _ explanation: String = "") {
    self.measured = measured
    self.outcome = outcome
    self.explanation = explanation
  }
}
