import CPlatform

/// The clock of all latencies: raw `CLOCK_MONOTONIC` nanoseconds.
///
/// Readings of different processes on one host compare; they mean nothing on another host or after
/// a reboot. One reading costs about 20 ns, less than `ContinuousClock.now` with its conversions.
package enum MonotonicClock {
  /// Nanoseconds since an arbitrary point in the past.
  @inlinable
  package static func nowNs() -> UInt64 {
    cplatform_monotonic_ns()
  }

  /// Blocks the thread until the clock has reached `deadlineNs`; returns at once if it has.
  ///
  /// Signals do not end the sleep. To be woken early, wait on a ``SharedWord32`` instead.
  package static func sleep(untilNs deadlineNs: UInt64) {
    // The call can only fail on an invalid clock or time value, and ours are valid.
    _ = cplatform_sleep_until(min(deadlineNs, longestNs))
  }

  /// The largest time that fits the system's signed seconds with room to add: some 292 years.
  private static let longestNs = UInt64(Int64.max)
}
