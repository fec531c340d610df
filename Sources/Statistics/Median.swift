/// The median: the middle value, or the mean of the two middle values.
///
/// Returns nil for no values. NaN is not a measurement and must not be among the values.
package func median(of values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  if sorted.count.isMultiple(of: 2) {
    // Halved before the addition, so that two huge values do not overflow.
    return sorted[middle - 1] / 2 + sorted[middle] / 2
  }
  return sorted[middle]
}
