import Foundation

/// Two samples that were taken under the same conditions, as one of several such pairs.
package struct Stratum: Equatable, Sendable {
  /// The sample that is asked about.
  package let values: [Double]
  /// The sample that it is held against.
  package let references: [Double]

  package init(values: [Double], references: [Double]) {
    self.values = values
    self.references = references
  }
}

/// By how much values lie above references in all strata alike, whatever the strata differ in.
///
/// Inverts van Elteren's test: the estimate is the shift under which its statistic is nearest to 0, and the
/// interval holds the shifts that it does not reject. The statistic is taken for normal, which suits from 8
/// values on each side over all strata; below that there is no interval. Strata without values on both sides say
/// nothing. Returns nil if none has any. Source: van Elteren, "On the combination of independent two-sample
/// tests of Wilcoxon", Bulletin of the International Statistical Institute 37, 1960.
///
/// - Precondition: all values are finite.
package func stratifiedShift(of strata: [Stratum], confidence: Double = 0.95) -> Estimate? {
  let strata = strata.filter(\.saysAnything)
  var low = Double.infinity
  var high = -Double.infinity
  for stratum in strata {
    guard let least = stratum.values.min(), let most = stratum.values.max(),
      let first = stratum.references.min(), let last = stratum.references.max()
    else { continue }
    low = min(low, least - last)
    high = max(high, most - first)
  }
  guard low <= high else { return nil }
  /// Where the statistic falls to `level`; it never rises with the shift.
  func crossing(_ level: Double) -> Double {
    var (left, right) = (low - 1, high + 1)
    for _ in 0..<80 {
      let middle = left / 2 + right / 2
      if vanElterenScore(strata, shift: middle) > level { left = middle } else { right = middle }
    }
    return left / 2 + right / 2
  }
  // Between the two the statistic is 0, if it ever is.
  let value = crossing(1e-9) / 2 + crossing(-1e-9) / 2
  let enough = [strata.map(\.values.count), strata.map(\.references.count)].allSatisfy {
    $0.reduce(0, +) >= smallestStratifiedSample
  }
  guard enough else { return Estimate(value: value, interval: nil) }
  let halfWidth = normalHalfWidth(confidence: confidence)
  return Estimate(
    value: value, interval: Interval(low: crossing(halfWidth), high: crossing(-halfWidth)))
}

/// How likely strata without any difference are to show as much of one: the two-sided p-value of van Elteren's
/// test of values less `shift` against references; nil if there are too few values for it.
package func stratifiedPValue(of strata: [Stratum], shift: Double = 0) -> Double? {
  let strata = strata.filter(\.saysAnything)
  guard strata.reduce(0, { $0 + $1.values.count }) >= smallestStratifiedSample,
    strata.reduce(0, { $0 + $1.references.count }) >= smallestStratifiedSample
  else { return nil }
  return min(1, erfc(abs(vanElterenScore(strata, shift: shift)) / 2.0.squareRoot()))
}

private let smallestStratifiedSample = 8

extension Stratum {
  fileprivate var saysAnything: Bool { !values.isEmpty && !references.isEmpty }
}

/// Van Elteren's statistic, standard normal if values less the shift are like the references.
private func vanElterenScore(_ strata: [Stratum], shift: Double) -> Double {
  var sum = 0.0
  var variance = 0.0
  for stratum in strata {
    let ranks = doubledMidranks(stratum.values.map { $0 - shift } + stratum.references)
    let count = stratum.values.count
    let n = Double(ranks.count)
    let weight = 1 / (n + 1)
    // Twice the rank sum, less twice its mean.
    let excess = Double(ranks[..<count].reduce(0, +) - count * (ranks.count + 1))
    sum += weight * excess / 2
    let ties = Dictionary(grouping: ranks) { $0 }.values.map { Double($0.count) }
    let correction = ties.reduce(0) { $0 + $1 * ($1 * $1 - 1) } / (n * (n - 1))
    variance +=
      weight * weight * Double(count * stratum.references.count) / 12 * (n + 1 - correction)
  }
  return variance > 0 ? sum / variance.squareRoot() : 0
}
