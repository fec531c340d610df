#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// When a task whose handler has failed is tried again.
///
/// How often is for the task to say: once its `maxAttempts` are used up it goes to `dead_letter`,
/// whatever the policy.
public enum RetryPolicy: Sendable, Hashable, Codable {
  /// Never: the first failure is permanent.
  case none
  /// After the same delay each time.
  case fixed(delayMs: Int64)
  /// After `stepMs`, twice that, three times that, and so on up to `maxMs`.
  case linear(stepMs: Int64, maxMs: Int64)
  /// After `initialMs`, and each time `factor` times as long as before, up to `maxMs`.
  ///
  /// `jitter`, from 0 to 1, is the share of each delay that chance decides on: with 0.5 a delay of 8 s
  /// is drawn uniformly from 4 s to 8 s, so that tasks that have failed together do not come back
  /// together.
  case exponential(initialMs: Int64, factor: Double = 2, maxMs: Int64, jitter: Double = 0)

  /// What workers do unless told otherwise: from a second to ten minutes, half of it by chance.
  public static let standard = exponential(
    initialMs: 1000, factor: 2, maxMs: 600_000, jitter: 0.5)

  /// How long to wait after the attempt with that number, counted from 1; nil for no other attempt.
  ///
  /// Depends on nothing but its arguments: one draw from the generator if there is jitter, none if not.
  public func delayMs(
    afterAttempt attempt: Int, using random: inout some RandomNumberGenerator
  ) -> Int64? {
    let attempt = max(1, attempt)
    switch self {
    case .none:
      return nil
    case .fixed(let delayMs):
      return delayMs
    case .linear(let stepMs, let maxMs):
      let (delayMs, hasOverflow) = stepMs.multipliedReportingOverflow(by: Int64(attempt))
      return hasOverflow ? maxMs : min(maxMs, delayMs)
    case .exponential(let initialMs, let factor, let maxMs, let jitter):
      let grownMs = Double(initialMs) * pow(factor, Double(attempt - 1))
      // Also where the power is infinite.
      let delayMs = grownMs < Double(maxMs) ? Int64(grownMs) : maxMs
      guard jitter > 0 else { return delayMs }
      // 53 random bits in [0, 1): the standard library may change how it draws numbers in a range.
      let unit = Double(random.next() >> 11) * 0x1p-53
      return delayMs - Int64(Double(delayMs) * jitter * unit)
    }
  }

  /// Refuses delays that are negative and factors that make no sense.
  func validate() throws(WorkerError) {
    switch self {
    case .none:
      break
    case .fixed(let delayMs):
      try check(0...Self.longestMs ~= delayMs, "delayMs must be from 0 to 100 years")
    case .linear(let stepMs, let maxMs):
      try check(0...Self.longestMs ~= stepMs, "stepMs must be from 0 to 100 years")
      try check(
        stepMs <= maxMs && maxMs <= Self.longestMs, "maxMs must be from stepMs to 100 years")
    case .exponential(let initialMs, let factor, let maxMs, let jitter):
      try check(0...Self.longestMs ~= initialMs, "initialMs must be from 0 to 100 years")
      try check(factor >= 1 && factor.isFinite, "factor must be a number of at least 1")
      try check(
        initialMs <= maxMs && maxMs <= Self.longestMs, "maxMs must be from initialMs to 100 years")
      try check(0...1 ~= jitter, "jitter must be from 0 to 1")
    }
  }

  private func check(_ isFine: Bool, _ rule: String) throws(WorkerError) {
    if !isFine { throw WorkerError(code: .invalidOption, message: "retry policy \(self): \(rule)") }
  }

  /// The end of what can be told from a slip of the keyboard.
  private static let longestMs: Int64 = 100 * 366 * 86_400_000
}
