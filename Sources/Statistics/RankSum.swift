import Foundation

/// By how much the values of one sample lie above those of another that is not paired with it: the
/// Hodges–Lehmann shift, the median of all differences between a value of the one and one of the other.
///
/// The interval inverts the Mann–Whitney test, exactly for up to ``exactRankSumLimit`` values together and
/// by the normal approximation beyond. It takes the values for independent; equal ones only make it wider.
/// Nil where the samples are too small for any: below 4 and 4 at 95 %. Returns nil if a sample is empty.
/// Source: Hollander, Wolfe and Chicken, "Nonparametric statistical methods", 3rd edition, 4.2 and 4.3.
///
/// - Precondition: all values are finite.
package func hodgesLehmannShift(
  of values: [Double], from references: [Double], confidence: Double = 0.95
) -> Estimate? {
  var differences: [Double] = []
  differences.reserveCapacity(values.count * references.count)
  for value in values {
    for reference in references { differences.append(value - reference) }
  }
  guard let shift = median(of: differences) else { return nil }
  let rank = rankSumBound(values.count, references.count, confidence: confidence)
  guard let rank else { return Estimate(value: shift, interval: nil) }
  differences.sort()
  return Estimate(
    value: shift,
    interval: Interval(
      low: differences[rank - 1], high: differences[differences.count - rank]))
}

/// By which factor the values of one sample differ from those of another that is not paired with it: e^d for
/// the ``hodgesLehmannShift(of:from:confidence:)`` d of their logarithms.
///
/// Returns nil if a sample is empty or a value is not positive, where a ratio has no meaning.
package func hodgesLehmannShiftRatio(
  of values: [Double], to references: [Double], confidence: Double = 0.95
) -> Estimate? {
  guard (values + references).allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
  return hodgesLehmannShift(
    of: values.map { log($0) }, from: references.map { log($0) }, confidence: confidence
  ).map { estimate in
    Estimate(
      value: exp(estimate.value),
      interval: estimate.interval.map { Interval(low: exp($0.low), high: exp($0.high)) })
  }
}

/// How likely two samples of the same kind are to differ as much in their ranks: the two-sided p-value of the
/// Mann–Whitney (Wilcoxon rank-sum) test; nil if a sample is empty.
///
/// Exact, equal values included, for up to ``exactRankSumLimit`` values together; beyond, normal with the
/// corrections for ties and continuity.
package func mannWhitneyPValue(_ values: [Double], _ references: [Double]) -> Double? {
  guard !values.isEmpty, !references.isEmpty else { return nil }
  let ranks = doubledMidranks(values + references)
  let count = values.count
  let observed = ranks[..<count].reduce(0, +)
  // Twice the mean rank sum, because ranks are doubled.
  let expected = count * (ranks.count + 1)
  let distance = abs(observed - expected)
  guard ranks.count > exactRankSumLimit else {
    let ways = subsetSums(of: ranks, size: count)
    let total = ways.reduce(0, +)
    let extreme = ways.indices.reduce(0.0) {
      abs($1 - expected) >= distance ? $0 + ways[$1] : $0
    }
    return min(1, extreme / total)
  }
  let n = Double(ranks.count)
  let ties = Dictionary(grouping: ranks) { $0 }.values.map { Double($0.count) }
  let correction = ties.reduce(0) { $0 + $1 * ($1 * $1 - 1) } / (n * (n - 1))
  let variance = Double(count * references.count) / 12 * (n + 1 - correction)
  guard variance > 0 else { return 1 }
  let z = max(0, Double(distance) / 2 - 0.5) / variance.squareRoot()
  return min(1, erfc(z / 2.0.squareRoot()))
}

/// Up to how many values of both samples together probabilities are exact.
let exactRankSumLimit = 60

/// Twice the rank of each value from 1; equal values share the mean of their ranks.
func doubledMidranks(_ values: [Double]) -> [Int] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Int](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start
    while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
    for place in start...end { ranks[order[place]] = start + end + 2 }
    start = end + 1
  }
  return ranks
}

/// How many subsets of that size have each sum.
private func subsetSums(of ranks: [Int], size: Int) -> [Double] {
  let total = ranks.reduce(0, +)
  var ways = [[Double]](repeating: [Double](repeating: 0, count: total + 1), count: size + 1)
  ways[0][0] = 1
  for rank in ranks {
    for chosen in stride(from: size, to: 0, by: -1) {
      for sum in stride(from: total, through: rank, by: -1) {
        ways[chosen][sum] += ways[chosen - 1][sum - rank]
      }
    }
  }
  return ways[size]
}

/// The largest k ≥ 1 with 1 − 2·P(U < k) ≥ `confidence`, where U is the Mann–Whitney statistic of samples of
/// these sizes without equal values; nil if there is none.
func rankSumBound(_ first: Int, _ second: Int, confidence: Double) -> Int? {
  guard first > 0, second > 0, confidence < 1 else { return nil }
  let tail = (1 - confidence) / 2
  guard first + second > exactRankSumLimit else {
    let ways = subsetSums(of: (1...(first + second)).map { $0 }, size: first)
    let total = ways.reduce(0, +)
    // The smallest possible rank sum is that of U = 0.
    let smallest = first * (first + 1) / 2
    var below = 0.0
    var bound = 0
    while smallest + bound < ways.count {
      below += ways[smallest + bound]
      // A hair's breadth, because 1 − 0.95 is a little more than 0.05 and other confidences less.
      guard below / total <= tail * (1 + 1e-12) else { break }
      bound += 1
    }
    return bound > 0 ? bound : nil
  }
  let product = Double(first * second)
  let deviation = (product * Double(first + second + 1) / 12).squareRoot()
  let bound = product / 2 + 0.5 - normalHalfWidth(confidence: confidence) * deviation
  return bound >= 1 ? Int(bound) : nil
}
