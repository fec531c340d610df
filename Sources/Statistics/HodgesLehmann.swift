import Foundation

/// Where paired differences lie: the Hodges–Lehmann estimate, the median of all means of two of them
/// (each with itself included).
///
/// The interval inverts Wilcoxon's signed-rank test: of the M = n(n+1)/2 means in ascending order it
/// holds those from number k to M+1−k, with the largest k for which 1 − 2·P(W < k) reaches the
/// confidence. P is exact for up to 50 differences, beyond that normal with a correction for continuity.
/// It takes the differences for independent and symmetric around their centre; equal ones only make it
/// wider. Nil where no k will do: below 6 differences at 95 %, below 8 at 99 %.
///
/// Returns nil for no differences. Source: Hollander, Wolfe and Chicken, "Nonparametric statistical
/// methods", 3rd edition, 3.2 and 3.3.
///
/// - Precondition: all differences are finite.
package func hodgesLehmann(of differences: [Double], confidence: Double = 0.95) -> Estimate? {
  var means: [Double] = []
  means.reserveCapacity(differences.count * (differences.count + 1) / 2)
  for i in differences.indices {
    // Halved before the addition, so that two huge values do not overflow.
    for j in 0...i { means.append(differences[i] / 2 + differences[j] / 2) }
  }
  guard let value = median(of: means) else { return nil }
  let rank = signedRankBound(sampleCount: differences.count, confidence: confidence)
  guard let rank else { return Estimate(value: value, interval: nil) }
  means.sort()
  return Estimate(
    value: value, interval: Interval(low: means[rank - 1], high: means[means.count - rank]))
}

/// By which factor `values` differ from the `references` they are paired with: e^d for the
/// ``hodgesLehmann(of:confidence:)`` estimate d of the differences of their logarithms.
///
/// 1 means no difference, and swapping the two gives the reciprocal. Returns nil for no pairs, and if a
/// value is not positive, where a ratio has no meaning.
///
/// - Precondition: as many values as references.
package func hodgesLehmannRatio(
  of values: [Double], to references: [Double], confidence: Double = 0.95
) -> Estimate? {
  precondition(values.count == references.count, "values and references come in pairs")
  guard (values + references).allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
  let differences = zip(values, references).map { log($0) - log($1) }
  return hodgesLehmann(of: differences, confidence: confidence).map { estimate in
    Estimate(
      value: exp(estimate.value),
      interval: estimate.interval.map { Interval(low: exp($0.low), high: exp($0.high)) })
  }
}

/// The largest k ≥ 1 with 1 − 2·P(W < k) ≥ `confidence`, where W is Wilcoxon's signed-rank statistic of
/// so many values; nil if there is none.
func signedRankBound(sampleCount: Int, confidence: Double) -> Int? {
  guard sampleCount > 0, confidence < 1 else { return nil }
  let tail = (1 - confidence) / 2
  let n = Double(sampleCount)
  guard sampleCount <= 50 else {
    let deviation = (n * (n + 1) * (2 * n + 1) / 24).squareRoot()
    let bound = n * (n + 1) / 4 + 0.5 - normalHalfWidth(confidence: confidence) * deviation
    return bound >= 1 ? Int(bound) : nil
  }
  // How many of the 2^n subsets of the ranks 1…n have each sum; exact, for 2^50 < 2^53.
  var counts = [Double](repeating: 0, count: sampleCount * (sampleCount + 1) / 2 + 1)
  counts[0] = 1
  for rank in 1...sampleCount {
    for sum in stride(from: counts.count - 1, through: rank, by: -1) {
      counts[sum] += counts[sum - rank]
    }
  }
  let total = exp2(n)
  var below = 0.0
  var bound = 0
  for count in counts {
    below += count
    // A hair's breadth, because 1 − 0.95 is a little more than 0.05 and other confidences less.
    guard below / total <= tail * (1 + 1e-12) else { break }
    bound += 1
  }
  return bound > 0 ? bound : nil
}
