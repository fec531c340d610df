import Foundation

/// How many samples a quantile needs before it may be printed: n ≥ ln 0.025 / ln q.
///
/// With fewer, the chance that not one sample lies above the true quantile exceeds 2.5 %, and the
/// printed number would say more about luck than about the tail. Examples: 72 for p95, 368 for p99,
/// 3,688 for p99.9. A quantile of 0 or less needs one sample; 1 or more can never be estimated
/// (`Int.max`).
package func minimumSampleCount(forQuantile quantile: Double) -> Int {
  guard quantile > 0 else { return quantile.isNaN ? .max : 1 }
  guard quantile < 1 else { return .max }
  let count = (log(0.025) / log(quantile)).rounded(.up)
  return count < 1 ? 1 : Int(exactly: count) ?? .max
}
