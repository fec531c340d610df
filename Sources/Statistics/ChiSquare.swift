import Foundation

/// The probability that a chi-square variable of that many degrees of freedom exceeds `statistic`.
///
/// Nil unless there is at least one degree of freedom and the statistic is a number that is not negative.
/// To about 14 digits; underflows to 0 beyond 1e-308.
package func chiSquareSurvival(_ statistic: Double, degreesOfFreedom: Int) -> Double? {
  guard degreesOfFreedom >= 1, statistic >= 0 else { return nil }
  return upperIncompleteGamma(Double(degreesOfFreedom) / 2, statistic / 2)
}

/// The regularised upper incomplete gamma function Q(a, x) for a > 0 and x ≥ 0.
///
/// A series for P = 1 − Q where that is small, Lentz's continued fraction for Q elsewhere, so that
/// neither is lost in a difference. Source: Press et al., "Numerical Recipes", section 6.2; NIST DLMF
/// 8.7.1 and 8.9.2.
func upperIncompleteGamma(_ a: Double, _ x: Double) -> Double {
  if x == 0 { return 1 }
  if x == .infinity { return 0 }
  let factor = exp(a * log(x) - x - logGamma(a))
  // Terms needed grow with √a; the limit is never met for statistics of this program.
  let maxTerms = 10_000
  if x < a + 1 {
    var term = 1 / a
    var sum = term
    for n in 1...maxTerms {
      term *= x / (a + Double(n))
      sum += term
      if term < sum * 1e-16 { break }
    }
    return 1 - factor * sum
  }
  let tiny = Double.leastNormalMagnitude / Double.ulpOfOne
  var b = x + 1 - a
  var c = 1 / tiny
  var d = 1 / b
  var fraction = d
  for n in 1...maxTerms {
    let numerator = -Double(n) * (Double(n) - a)
    b += 2
    d = numerator * d + b
    if abs(d) < tiny { d = tiny }
    c = b + numerator / c
    if abs(c) < tiny { c = tiny }
    d = 1 / d
    let change = c * d
    fraction *= change
    if abs(change - 1) < 1e-16 { break }
  }
  return factor * fraction
}

/// ln Γ(a) for a > 0; `lgamma` stores a sign in a global variable, which threads would share.
private func logGamma(_ a: Double) -> Double {
  var sign: Int32 = 0
  return lgamma_r(a, &sign)
}
