/// P-values as they may be compared with one level when several questions are asked at once, in the order
/// given: of m values the smallest is multiplied by m, the next by m − 1 and so on, none becomes smaller than
/// the one before it, and none exceeds 1.
///
/// Keeps the chance of any false alarm below the level, whatever the dependence between the questions.
/// Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
/// Statistics 6, 1979.
///
/// - Precondition: all values lie between 0 and 1.
package func holmAdjusted(_ pValues: [Double]) -> [Double] {
  precondition(pValues.allSatisfy { (0...1).contains($0) }, "a p-value lies between 0 and 1")
  var adjusted = pValues
  var largest = 0.0
  let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
  for (rank, index) in order.enumerated() {
    largest = max(largest, min(1, pValues[index] * Double(pValues.count - rank)))
    adjusted[index] = largest
  }
  return adjusted
}
