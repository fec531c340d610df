import Foundation

/// The interval of a probability of which `successes` of `trials` are known, by Clopper and Pearson: it holds
/// the truth with at least the given confidence, whatever that is.
///
/// Each end is where the count that was seen, or a more extreme one, has half of the remaining probability.
/// 0 successes of 200 give 0 to 0.0183. Source: Clopper and Pearson, "The use of confidence or fiducial
/// limits illustrated in the case of the binomial", Biometrika 26, 1934.
///
/// - Precondition: at least one trial, and no more successes than trials.
package func clopperPearsonInterval(
  successes: Int, trials: Int, confidence: Double = 0.95
) -> Interval {
  precondition(trials > 0 && (0...trials).contains(successes), "successes are some of the trials")
  let tail = (1 - confidence) / 2
  /// Where a function that falls with the probability passes `tail`.
  func crossing(_ probability: (Double) -> Double) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if probability(middle) > tail { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
  let high =
    successes == trials
    ? 1 : crossing { binomialAtMost(successes, trials: trials, probability: $0) }
  let low =
    successes == 0
    ? 0
    : 1 - crossing { binomialAtMost(trials - successes, trials: trials, probability: $0) }
  return Interval(low: low, high: high)
}

/// P(Bin(trials, probability) ≤ count).
package func binomialAtMost(_ count: Int, trials: Int, probability: Double) -> Double {
  guard count >= 0 else { return 0 }
  guard count < trials, probability > 0 else { return 1 }
  guard probability < 1 else { return 0 }
  // Logarithms, because the first terms may be too small for a Double.
  let odds = log(probability) - log1p(-probability)
  var logTerm = Double(trials) * log1p(-probability)
  var sum = exp(logTerm)
  for k in 1..<max(1, count + 1) {
    logTerm += log(Double(trials - k + 1) / Double(k)) + odds
    sum += exp(logTerm)
  }
  return min(1, sum)
}
