/// How likely paired differences are to be as large in their sum if each of them could as well have had the
/// other sign: the one-sided sign-flip test against "not greater than 0".
///
/// Exact up to ``exactSignFlipLimit`` differences, where all 2^n signs are tried; beyond that over 100,000
/// random ones, the data counted among them, so that the p-value is never 0. For "not less than 0" negate
/// the differences; for two sides double the smaller p-value. Returns nil for no differences. Source: Pitman,
/// "Significance tests which may be applied to samples from any populations", Journal of the Royal
/// Statistical Society Supplement 4, 1937.
///
/// - Precondition: all differences are finite.
package func signFlipPValue(
  of differences: [Double], using generator: inout some RandomNumberGenerator
) -> Double? {
  guard !differences.isEmpty else { return nil }
  let observed = differences.reduce(0, +)
  // Sums in another order differ in their last bits; those count as equal.
  let tolerance = 1e-9 * differences.reduce(0) { $0 + $1.magnitude }
  guard differences.count > exactSignFlipLimit else {
    var asLarge = 0
    // In Gray code, one sign changes at a time.
    var signs: UInt64 = 0
    var sum = observed
    let total = UInt64(1) << UInt64(differences.count)
    for step in 1...total {
      if sum >= observed - tolerance { asLarge += 1 }
      let index = step.trailingZeroBitCount
      guard index < differences.count else { break }
      signs ^= 1 << UInt64(index)
      sum += (signs >> UInt64(index)) & 1 == 1 ? -2 * differences[index] : 2 * differences[index]
    }
    return Double(asLarge) / Double(total)
  }
  let draws = 100_000
  var asLarge = 1
  for _ in 0..<draws {
    var sum = 0.0
    var bits: UInt64 = 0
    for (index, difference) in differences.enumerated() {
      if index.isMultiple(of: 64) { bits = generator.next() }
      sum += bits & 1 == 1 ? difference : -difference
      bits >>= 1
    }
    if sum >= observed - tolerance { asLarge += 1 }
  }
  return Double(asLarge) / Double(draws + 1)
}

/// Up to how many differences all signs are tried: about a million.
let exactSignFlipLimit = 20
