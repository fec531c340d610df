/// Jain's fairness index of what each worker got: (Σx)² / (n·Σx²).
///
/// 1 means equal shares, 1/n that one worker got everything. Returns nil for no workers and when
/// nobody got anything, where fairness has no meaning. Counts must not be negative.
package func jainIndex(of counts: [Int]) -> Double? {
  let sum = counts.reduce(0.0) { $0 + Double($1) }
  let sumOfSquares = counts.reduce(0.0) { $0 + Double($1) * Double($1) }
  guard sumOfSquares > 0 else { return nil }
  return sum * sum / (Double(counts.count) * sumOfSquares)
}
