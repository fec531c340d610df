import Foundation

/// The number that a standard normal variable stays below with the given probability (0 < p < 1).
///
/// By bisection on the complementary error function: as exact as that is, and fast enough for the few
/// quantiles that a report needs.
func normalQuantile(_ probability: Double) -> Double {
  precondition(probability > 0 && probability < 1, "a quantile lies between 0 and 1")
  // Beyond 39 the probability of the tail is no Double any more.
  var low = -39.0
  var high = 39.0
  while true {
    let middle = low / 2 + high / 2
    guard middle > low, middle < high else { return middle }
    if erfc(-middle / 2.0.squareRoot()) / 2 < probability { low = middle } else { high = middle }
  }
}

/// How many standard deviations to either side hold a normal variable with the given confidence.
func normalHalfWidth(confidence: Double) -> Double {
  normalQuantile(0.5 + confidence / 2)
}
