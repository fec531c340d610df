/// What a connection does when another one holds the lock it needs.
///
/// Every policy but ``sqlite(timeoutMs:)`` retries at once on its first callback: `BEGIN IMMEDIATE`
/// takes its snapshot before the write lock, so a commit in between looks like a busy database
/// although the lock is free.
public enum BusyPolicy: Hashable, Sendable, Codable {
  /// SQLite's own `busy_timeout`, delay for delay, without the first immediate retry.
  case sqlite(timeoutMs: Int)
  /// The delays of SQLite's `busy_timeout` after one immediate retry.
  case timeout(timeoutMs: Int)
  /// A constant delay between attempts.
  case fixed(delayUs: Int, timeoutMs: Int)
  /// Delays that double from `initialUs` to `maxUs`, each drawn uniformly from its upper half
  /// ("equal jitter"), so that waiters do not march in step.
  case backoff(initialUs: Int, maxUs: Int, timeoutMs: Int)
  /// Waiters sleep until a process that has committed wakes them, and one that has waited for long gets
  /// the next turn; see `LockHandoff`. Where the file it needs beside the database cannot be used, as
  /// ``fixed(delayUs:timeoutMs:)`` with 1 ms.
  case handoff(timeoutMs: Int)

  /// What connections do unless told otherwise.
  ///
  /// Of all policies the one with the smallest maximum and the fairest shares, at no less throughput than
  /// SQLite's own (`scenarios/contention.yaml` shows it). With growing delays those who have waited for
  /// long ask most seldom, and starve.
  public static let standard = BusyPolicy.handoff(timeoutMs: 5000)

  /// How long an operation waits in all before it fails, in milliseconds.
  public var timeoutMs: Int {
    switch self {
    case .sqlite(let timeoutMs), .timeout(let timeoutMs), .fixed(_, let timeoutMs),
      .backoff(_, _, let timeoutMs), .handoff(let timeoutMs):
      return timeoutMs
    }
  }
}

extension BusyPolicy: CustomStringConvertible {
  /// `backoff(initial=100us,max=20ms,timeout=5s)`: a label for tables and CSV.
  public var description: String {
    switch self {
    case .sqlite(let timeoutMs): return "sqlite(timeout=\(timeoutMs)ms)"
    case .timeout(let timeoutMs): return "timeout(timeout=\(timeoutMs)ms)"
    case .fixed(let delayUs, let timeoutMs):
      return "fixed(delay=\(delayUs)us,timeout=\(timeoutMs)ms)"
    case .backoff(let initialUs, let maxUs, let timeoutMs):
      return "backoff(initial=\(initialUs)us,max=\(maxUs)us,timeout=\(timeoutMs)ms)"
    case .handoff(let timeoutMs): return "handoff(timeout=\(timeoutMs)ms)"
    }
  }
}
