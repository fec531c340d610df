/// What so many comparisons can show: each must stand out among all of them.
struct ComparisonPower {
  /// How many comparisons Holm's adjustment is over.
  let tests: Int

  /// The smallest adjusted p-value that so many repeats on each side can have.
  private func smallestP(_ repeats: Int) -> Double {
    2 / Self.binomial(2 * repeats, repeats) * Double(max(1, tests))
  }

  /// How many repeats on each side it takes for a difference to stand out, at least 4: fewer have no interval.
  var repeatsNeeded: Int { (4...60).first { smallestP($0) < RunComparison.level } ?? 60 }

  /// Says so if the fewest repeats that were compared cannot show any difference; nil if they can.
  func note(ofRepeats fewest: Int?) -> String? {
    guard let fewest, smallestP(fewest) >= RunComparison.level else { return nil }
    return
      "\(tests) comparisons of \(fewest) repeats can hardly show a difference in a single cell, because each "
      + "must stand out among all of them: look at all cells together, measure \(repeatsNeeded) repeats, or name "
      + "fewer --metrics"
  }

  /// What helps where a difference did not stand out.
  func advice(havingRepeats repeats: Int) -> String {
    repeats < repeatsNeeded
      ? "; measure at least \(repeatsNeeded) repeats, or name fewer --metrics"
      : "; measure more repeats"
  }

  private static func binomial(_ n: Int, _ k: Int) -> Double {
    (0..<k).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
  }
}
