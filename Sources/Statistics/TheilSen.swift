/// The Theil–Sen slope of `y` over `x`: the median of the slopes of all pairs of points.
///
/// One point in four may be anything without spoiling it. The interval holds the slopes between two
/// ranks that lie z·√Var S apart around the middle, where S is Kendall's statistic, with
/// Var S = (n(n−1)(2n+5) − Σ t(t−1)(2t+5)) / 18 over the groups of t equal values, of x and of y. It is
/// for errors that are independent of each other, and nil for so few points that those ranks do not
/// exist. Source: Sen, "Estimates of the regression coefficient based on Kendall's tau", Journal of the
/// American Statistical Association 63, 1968; ties as in Kendall, "Rank correlation methods", 1970.
///
/// Returns nil without two different `x`. Takes time and memory in the square of the number of points.
///
/// - Precondition: as many `y` as `x`, all finite.
package func theilSenSlope(
  x: [Double], y: [Double], confidence: Double = 0.95
) -> Estimate? {
  precondition(x.count == y.count, "a point has two coordinates")
  var slopes: [Double] = []
  slopes.reserveCapacity(x.count * max(0, x.count - 1) / 2)
  for i in x.indices {
    for j in 0..<i where x[i] != x[j] { slopes.append((y[i] - y[j]) / (x[i] - x[j])) }
  }
  guard let value = median(of: slopes) else { return nil }
  slopes.sort()
  let deviation = kendallVariance(x: x, y: y).squareRoot()
  let spread = normalHalfWidth(confidence: confidence) * deviation
  // Half a rank more, as a correction for continuity.
  let rank = Int(((Double(slopes.count) - spread + 1) / 2).rounded(.down))
  guard rank > 0 else { return Estimate(value: value, interval: nil) }
  return Estimate(
    value: value, interval: Interval(low: slopes[rank - 1], high: slopes[slopes.count - rank]))
}

/// The variance of Kendall's S if `x` and `y` have nothing to do with each other.
func kendallVariance(x: [Double], y: [Double]) -> Double {
  let n = Double(x.count)
  guard n > 1 else { return 0 }
  let x = tieSizes(x)
  let y = tieSizes(y)
  func sum(_ ties: [Double], _ term: (Double) -> Double) -> Double {
    ties.reduce(0) { $0 + term($1) }
  }
  let outer = { (t: Double) in t * (t - 1) * (2 * t + 5) }
  let triples = { (t: Double) in t * (t - 1) * (t - 2) }
  let pairs = { (t: Double) in t * (t - 1) }
  var variance = (outer(n) - sum(x, outer) - sum(y, outer)) / 18
  variance += sum(x, pairs) * sum(y, pairs) / (2 * n * (n - 1))
  if n > 2 { variance += sum(x, triples) * sum(y, triples) / (9 * n * (n - 1) * (n - 2)) }
  return max(0, variance)
}

/// How many values there are of each one that occurs more than once.
private func tieSizes(_ values: [Double]) -> [Double] {
  Dictionary(grouping: values) { $0 }.values.map { Double($0.count) }.filter { $0 > 1 }
}
