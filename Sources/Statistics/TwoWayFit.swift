/// What each of several things is worth if they were measured in blocks of which none has all of them.
///
/// Every value is taken for the sum of what its thing is worth and of how its block was; both are fitted by least
/// squares, in turns until nothing changes. So things are comparable that never met in a block, as long as a
/// chain of blocks joins them. Only differences between results have a meaning, and those between things that
/// no chain joins have none.
///
/// Values of which some are missing; each block maps things to values. Source: Yates, "Incomplete randomized
/// blocks", Annals of Eugenics 7, 1936.
package func twoWayFit<Key: Hashable>(_ blocks: [[Key: Double]]) -> [Key: Double] {
  var worth: [Key: Double] = [:]
  var level = [Double](repeating: 0, count: blocks.count)
  for _ in 0..<200 {
    var sums: [Key: (sum: Double, count: Double)] = [:]
    for (index, block) in blocks.enumerated() {
      for (key, value) in block {
        let before = sums[key] ?? (0, 0)
        sums[key] = (before.sum + value - level[index], before.count + 1)
      }
    }
    worth = sums.mapValues { $0.sum / $0.count }
    var change = 0.0
    for (index, block) in blocks.enumerated() where !block.isEmpty {
      // In a fixed order: sums in another order differ in their last bits.
      let rest = block.map { $0.value - (worth[$0.key] ?? 0) }.sorted().reduce(0, +)
      let updated = rest / Double(block.count)
      change = max(change, abs(updated - level[index]))
      level[index] = updated
    }
    if change < 1e-9 { break }
  }
  // Relative to the mean block, so that the results are of the size of the values.
  let filled = blocks.indices.filter { !blocks[$0].isEmpty }
  let shift = filled.reduce(0) { $0 + level[$1] } / Double(max(1, filled.count))
  return worth.mapValues { $0 + shift }
}
