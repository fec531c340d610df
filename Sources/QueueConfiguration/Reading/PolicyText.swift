internal import QueueWorker
internal import SQLite

/// The policies by the names that a configuration gives them, with the parameters that they have when
/// only the name is given.
enum PolicyText {
  /// Retry policies; `fixed` has no standard delay.
  static let retryNames = ["none", "fixed", "linear", "exponential"]

  /// Without parameters.
  static let standardLinear = RetryPolicy.linear(stepMs: 1000, maxMs: 600_000)

  /// Busy policies, as benchmarks name them.
  static let busy: KeyValuePairs<String, BusyPolicy> = [
    "sqlite": .sqlite(timeoutMs: 5_000),
    "timeout": .timeout(timeoutMs: 5_000),
    "fixed": .fixed(delayUs: 1_000, timeoutMs: 5_000),
    "backoff": .backoff(initialUs: 100, maxUs: 20_000, timeoutMs: 5_000),
    "handoff": .handoff(timeoutMs: 5_000),
  ]

  /// Checkpoint policies: SQLite's own number of pages for those on a connection's own thread, and twice
  /// as many for those in the background.
  static let checkpoint: KeyValuePairs<String, CheckpointPolicy> = [
    "auto": .auto(pages: 1000), "deferred": .deferred(pages: 1000),
    "dedicated": .dedicated(pages: 2000), "gated": .gated(pages: 2000),
    "pinned": .pinned(pages: 2000), "none": .none,
  ]

  /// The same policy from another number of pages.
  static func policy(_ policy: CheckpointPolicy, pages: Int) -> CheckpointPolicy {
    switch policy {
    case .auto: return .auto(pages: pages)
    case .deferred: return .deferred(pages: pages)
    case .dedicated: return .dedicated(pages: pages)
    case .gated: return .gated(pages: pages)
    case .pinned: return .pinned(pages: pages)
    case .none: return .none
    }
  }
}
