#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform
import Synchronization

/// Turns SIGINT and SIGTERM into a count that waits can watch, so that a run can be ended cleanly.
///
/// The handler only touches lock-free words and makes two async-signal-safe system calls (futex wake,
/// write). One monitor per process at a time, because dispositions are per process. A signal that was
/// ignored when the monitor was made stays ignored, as for a background job of a shell script.
///
/// `Sendable`: all state is in atomic words.
package final class InterruptMonitor: Sendable {
  /// Rung by each signal: pass its `readDescriptor` to a poll.
  package let doorbell: Doorbell

  /// Starts to count; the count begins at 0.
  ///
  /// Fails with `EBUSY` if this process already has a monitor.
  package init() throws(SystemError) {
    // The property is set last: an instance whose `init` threw must not run `deinit`, which would
    // take away the handlers of the monitor that is there already.
    let bell = try Doorbell()
    let failure = cplatform_interrupts_install(bell.writeDescriptor)
    guard failure == 0 else {
      throw SystemError(
        operation: "install", subject: "the handler of SIGINT and SIGTERM", code: failure)
    }
    doorbell = bell
  }

  deinit {
    stop()
  }

  /// Puts the former dispositions back; the count stays readable. Further calls do nothing.
  ///
  /// The end of the monitor's life does the same, but may come as early as its last use: a `defer`
  /// with this call keeps it for the length of the run.
  package func stop() {
    if isStopped.exchange(true, ordering: .acquiringAndReleasing) { return }
    cplatform_interrupts_restore()
  }

  private let isStopped = Atomic(false)

  /// How many of the two signals have arrived: 1 asks for a clean end, more for a quick one.
  package var count: UInt32 { cplatform_load_acquire_u32(cplatform_interrupts_word()) }

  /// True once a signal has arrived.
  package var isInterrupted: Bool { count > 0 }

  /// The latest of the signals, nil before the first.
  package var lastSignal: Int32? {
    let signal = cplatform_interrupts_last_signal()
    return signal == 0 ? nil : signal
  }

  /// Blocks until the count differs from `seen` or the deadline is reached; returns the count.
  package func wait(whileCountIs seen: UInt32, untilNs deadlineNs: UInt64) -> UInt32 {
    while true {
      let current = count
      if current != seen { return current }
      let result = cplatform_futex_wait(cplatform_interrupts_word(), seen, deadlineNs)
      if result == ETIMEDOUT { return count }
    }
  }
}
