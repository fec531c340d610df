import CPlatform
package import Platform

/// Waits for due times precisely, and gives up at once when the run is to stop.
///
/// A sleeping thread comes back late, and that would be counted as latency of the queue: by 110 µs on
/// two virtual cores, by 25 µs once the kernel's timer slack is off. So the pacer switches the slack of
/// its thread off, sleeps until shortly before the time and spins for the rest: by 30 ns. The sleep is a
/// wait on the stop flag, so that a change of the flag ends it.
package struct Pacer: Sendable {
  /// How a wait has ended.
  package enum Outcome: Equatable, Sendable {
    /// The time has come; this long ago.
    case due(latenessNs: UInt64)
    /// The flag no longer has its running value.
    case stopped
  }

  /// For how long before the time the pacer spins instead of sleeping: CPU time for precision.
  package let spinNs: UInt64
  private let stopFlag: SharedWord32
  private let runningValue: UInt32

  /// The default for ``spinNs``.
  package static let defaultSpinNs: UInt64 = 60_000

  /// The waits go on while the flag has the value `runningValue`; whoever changes it must wake it.
  package init(
    stopFlag: SharedWord32, runningValue: UInt32 = 0, spinNs: UInt64 = defaultSpinNs
  ) {
    self.stopFlag = stopFlag
    self.runningValue = runningValue
    self.spinNs = spinNs
  }

  /// Blocks until the monotonic clock has reached `dueNs` or the flag changes.
  ///
  /// A time in the past returns at once with how late it is already, which is how an overloaded
  /// process catches up with its schedule. The flag is looked at first in every case.
  package func wait(untilNs dueNs: UInt64) -> Outcome {
    let wakeNs = dueNs > spinNs ? dueNs - spinNs : 0
    while true {
      if stopFlag.loadRelaxed() != runningValue { return .stopped }
      let nowNs = MonotonicClock.nowNs()
      if nowNs >= dueNs { return .due(latenessNs: nowNs - dueNs) }
      if nowNs < wakeNs {
        // A property of the thread, and cheap enough (0.1 µs) to set whenever there is time to sleep.
        cplatform_make_sleeps_exact()
        _ = stopFlag.wait(whileEqualTo: runningValue, untilNs: wakeNs)
      } else {
        cplatform_cpu_pause()
      }
    }
  }
}
