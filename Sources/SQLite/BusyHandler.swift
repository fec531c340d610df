internal import CSQLite

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What waiting for locks cost a connection since the counters were last taken.
public struct BusyCounters: Hashable, Sendable {
  /// How often SQLite found the database busy and asked the policy what to do.
  public var callbacks: UInt32 = 0
  /// Time slept between attempts, in nanoseconds.
  public var sleptNs: UInt64 = 0
  /// Of ``sleptNs``, what passed before the first attempt, to let others go first.
  public var heldBackNs: UInt64 = 0
  /// Transactions that were run again as a whole (`SQLITE_BUSY_SNAPSHOT`).
  public var restarts: UInt32 = 0
}

/// Carries out a ``BusyPolicy`` for one connection and counts what it costs.
///
/// Not Sendable: SQLite calls it on the thread that uses the connection.
final class BusyHandler {
  let policy: BusyPolicy
  /// What waiters share under `handoff`; nil under the other policies, and where it cannot be had.
  let handoff: LockHandoff?
  var counters = BusyCounters()
  /// Whether the last wait for a lock ended without it.
  var hasGivenUp = false
  private var firstCallbackNs: UInt64 = 0
  /// State of a SplitMix64 generator for the jitter, seeded by clock and process id: neighbours must
  /// differ, nobody needs to repeat it.
  private var randomState: UInt64

  /// `databasePath` is nil for a database without a file, which no other process can hold.
  init(policy: BusyPolicy, databasePath: String?) {
    self.policy = policy
    if case .handoff = policy, let databasePath {
      handoff = try? LockHandoff(databasePath: databasePath)
    } else {
      handoff = nil
    }
    randomState = Self.monotonicNs() ^ (UInt64(getpid()) << 32)
  }

  /// Whether to try again for a lock after having been refused `count` times in this wait.
  func shouldRetry(after count: Int) -> Bool {
    if count == 0 { firstCallbackNs = Self.monotonicNs() }
    hasGivenUp = !shouldRetry(after: count, sinceNs: firstCallbackNs)
    return !hasGivenUp
  }

  /// Whether to run a whole transaction again, the first of which began at `sinceNs`.
  ///
  /// Its time limit is apart from that of the waits for locks inside of the transaction.
  func shouldRestart(after restarts: Int, sinceNs: UInt64) -> Bool {
    guard shouldRetry(after: restarts, sinceNs: sinceNs) else { return false }
    counters.restarts &+= 1
    return true
  }

  /// Lets a process that has waited for long go first; to be called before an attempt.
  @inline(__always)
  func yield() {
    guard let handoff, handoff.isClaimed else { return }
    let beforeNs = Self.monotonicNs()
    guard handoff.holdBack() else { return }
    counters.callbacks &+= 1
    let heldBackNs = Self.monotonicNs() - beforeNs
    counters.sleptNs &+= heldBackNs
    counters.heldBackNs &+= heldBackNs
  }

  private func shouldRetry(after count: Int, sinceNs: UInt64) -> Bool {
    counters.callbacks &+= 1
    guard let delayUs = delayUs(after: count, sinceNs: sinceNs) else { return false }
    if let handoff {
      let beforeNs = Self.monotonicNs()
      handoff.wait(after: count, waitedNs: beforeNs - sinceNs, leftNs: UInt64(delayUs) * 1000)
      counters.sleptNs &+= Self.monotonicNs() - beforeNs
    } else if delayUs > 0 {
      sleep(us: delayUs)
    }
    return true
  }

  /// The delay before attempt `count + 1`; nil if the time is up.
  func delayUs(after count: Int, sinceNs: UInt64) -> Int? {
    if case .sqlite(let timeoutMs) = policy {
      return Self.sqliteDelayMs(after: count, timeoutMs: timeoutMs).map { $0 * 1000 }
    }
    let elapsedUs = Int((Self.monotonicNs() - sinceNs) / 1000)
    let leftUs = Self.microseconds(ofMs: policy.timeoutMs) - elapsedUs
    guard leftUs > 0 else { return nil }
    guard count > 0 else { return 0 }
    switch policy {
    case .sqlite, .timeout:
      return min(leftUs, Self.delaysMs[min(count - 1, Self.delaysMs.count - 1)] * 1000)
    case .fixed(let delayUs, _):
      return min(leftUs, max(0, delayUs))
    case .handoff:
      return handoff == nil ? min(leftUs, 1000) : leftUs
    case .backoff(let initialUs, let maxUs, _):
      let ceiling = max(0, min(maxUs, initialUs << min(count - 1, 20)))
      let floor = ceiling / 2
      return min(leftUs, floor + Int(nextRandom() % UInt64(ceiling - floor + 1)))
    }
  }

  /// The schedule of `sqliteDefaultBusyCallback` in SQLite's main.c.
  private static let delaysMs = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100]

  /// A time limit in µs; one that does not fit is as good as none.
  private static func microseconds(ofMs milliseconds: Int) -> Int {
    let (product, hasOverflow) = milliseconds.multipliedReportingOverflow(by: 1000)
    return hasOverflow ? .max : product
  }

  /// SQLite's own delay, which counts the delays it asked for, not the time that has passed.
  static func sqliteDelayMs(after count: Int, timeoutMs: Int) -> Int? {
    let last = delaysMs.count - 1
    let delay = delaysMs[min(count, last)]
    let prior =
      delaysMs[..<min(count, last)].reduce(0, +) + max(0, count - last) * delaysMs[last]
    let allowed = min(delay, timeoutMs - prior)
    return allowed > 0 ? allowed : nil
  }

  private func sleep(us: Int) {
    let before = Self.monotonicNs()
    var request = timespec(tv_sec: us / 1_000_000, tv_nsec: (us % 1_000_000) * 1000)
    nanosleep(&request, nil)
    counters.sleptNs &+= Self.monotonicNs() - before
  }

  private func nextRandom() -> UInt64 {
    randomState &+= 0x9e37_79b9_7f4a_7c15
    var z = randomState
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  static func monotonicNs() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }

  /// Hands the connection's busy events to `self`; the connection must keep `self` alive.
  func install(on handle: OpaquePointer) {
    sqlite3_busy_handler(
      handle,
      { context, count in
        guard let context else { return 0 }
        let handler = Unmanaged<BusyHandler>.fromOpaque(context).takeUnretainedValue()
        return handler.shouldRetry(after: Int(count)) ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}
