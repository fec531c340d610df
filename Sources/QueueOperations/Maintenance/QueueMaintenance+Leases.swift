internal import Platform
public import QueueEngine

/// What became of tasks whose leases had run out.
public struct StaleLeaseReport: Hashable, Sendable {
  /// Tasks that are ready again.
  public internal(set) var requeued = 0
  /// Tasks that had no attempt left, and are in `dead_letter` now.
  public internal(set) var deadLettered = 0
  /// The longest transaction, the wait for its lock included, in microseconds.
  public internal(set) var longestHoldUs: Int64 = 0
}

extension QueueMaintenance {
  /// How many leases one transaction sees to: well under a millisecond of work.
  private static let leasesPerBatch = 64

  /// Ends leases that have run out, as every claim does: the task is ready again, or goes to `dead_letter` if it
  /// has no attempt left. Needed only where nobody claims. Idle workers are woken for what is
  /// ready again.
  ///
  /// - Parameters:
  ///   - expiredForMs: Leaves alone the leases that ended less than that long ago, in milliseconds.
  ///   - now: What time it is.
  /// - Returns: What became of the tasks.
  /// - Throws: `QueueError`; what was given back before that stays so.
  @discardableResult
  public func cleanupStaleLeases(
    expiredForMs: Int64 = 0, now: Timestamp = .now()
  ) throws -> StaleLeaseReport {
    guard expiredForMs >= 0 else {
      throw QueueError(
        code: .invalidArgument, message: "expiredForMs must not be negative, and is \(expiredForMs)"
      )
    }
    let cutoff = now.adding(milliseconds: -expiredForMs)
    var report = StaleLeaseReport()
    while true {
      let startNs = MonotonicClock.nowNs()
      let batch = try database.withStore { store in
        try store.reclaimExpiredLeases(
          endedUntil: cutoff, now: now, limit: Self.leasesPerBatch)
      }
      let tookNs = MonotonicClock.nowNs() - startNs
      report.requeued += batch.requeued
      report.deadLettered += batch.buried
      report.longestHoldUs = max(report.longestHoldUs, Int64(tookNs / 1000))
      if batch.total < Self.leasesPerBatch { return report }
      // Others get as much time as they have waited for, up to a few milliseconds.
      MonotonicClock.sleep(untilNs: MonotonicClock.nowNs() + min(tookNs, 4_000_000))
    }
  }
}
