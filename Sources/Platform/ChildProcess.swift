#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform
import Synchronization

/// A child process that is always reaped, and never signalled after that.
///
/// A process id is only ours until the child has been reaped; afterwards the kernel may give it to
/// a stranger. So reaping and signalling happen under one lock, and the state knows the id only
/// while the child is unreaped. An instance that is released while its child runs kills it with
/// SIGKILL and reaps it: no zombie and no stray process is left.
///
/// Waiting uses a pidfd, which becomes readable at the very moment the child ends: no polling, no
/// SIGCHLD handler, and one `poll` can watch many children, a deadline and an interrupt. Where there
/// is none (macOS, Linux before 5.3, some sandboxes), the waits look every 2 ms.
package final class ChildProcess: Sendable {
  /// The process id; of no use for signalling, which is ``kill(signal:)``'s job.
  package let pid: Int32
  /// What is named in errors and lists of children, for example `consumer 3`.
  package let name: String

  /// Readable once the child has ended; nil where the system has no such descriptor.
  ///
  /// Lives as long as the instance does, so that no other thread can be polling a number that now
  /// means another file.
  let exitDescriptor: Int32?

  private enum State {
    case unreaped
    case reaped(ExitStatus)
  }

  private let state = Mutex(State.unreaped)

  /// Takes charge of a child that this process has just spawned and not waited for.
  init(pid: Int32, name: String) {
    self.pid = pid
    self.name = name
    let descriptor = cplatform_pidfd_open(pid)
    exitDescriptor = descriptor >= 0 ? descriptor : nil
  }

  deinit {
    if kill(signal: SIGKILL) { _ = wait() }
    if let exitDescriptor { close(exitDescriptor) }
  }

  /// Sends the signal unless the child has been reaped; returns whether it was sent.
  @discardableResult
  package func kill(signal: Int32) -> Bool {
    state.withLock { state in
      guard case .unreaped = state else { return false }
      return sendSignal(pid, signal) == 0
    }
  }

  /// Sends the signal to all of the process group that the child leads, unless the child has been
  /// reaped; returns whether it was sent.
  ///
  /// Only for a child that was started with a group of its own: see ``RepeatedCommand``.
  @discardableResult
  package func killGroup(signal: Int32) -> Bool {
    state.withLock { state in
      guard case .unreaped = state else { return false }
      return sendSignal(-pid, signal) == 0
    }
  }

  /// Waits until nobody is left in the process group of a child that has been reaped, and kills those who
  /// are at that moment of the monotonic clock.
  ///
  /// The kernel gives the number to no other process as long as anybody is in the group. A new group
  /// could have it only if all numbers there are had been given within the 10 ms between two looks.
  static func endGroup(_ group: Int32, killAtNs: UInt64) {
    while sendSignal(-group, 0) == 0 {
      let nowNs = MonotonicClock.nowNs()
      if nowNs >= killAtNs {
        _ = sendSignal(-group, SIGKILL)
        return
      }
      MonotonicClock.sleep(untilNs: min(killAtNs, nowNs + 10_000_000))
    }
  }

  /// The status if the child has ended, else nil; never blocks.
  package func poll() -> ExitStatus? {
    state.withLock { state in
      if case .reaped(let status) = state { return status }
      var waitStatus: Int32 = 0
      var usage = rusage()
      var result: Int32
      repeat {
        result = wait4(pid, &waitStatus, WNOHANG, &usage)
      } while result < 0 && errno == EINTR
      if result == 0 { return nil }
      let status =
        result == pid
        ? ExitStatus(waitStatus: waitStatus, usage: usage)
        : ExitStatus(reason: .unknown, usage: .zero)
      state = .reaped(status)
      return status
    }
  }

  /// Blocks until the child has ended.
  @discardableResult
  package func wait() -> ExitStatus {
    while true {
      // Without a deadline there is no way to get nil but a spurious one: look again.
      if let status = wait(untilNs: .max) { return status }
    }
  }

  /// Blocks until the child has ended or the monotonic deadline is reached, then nil.
  package func wait(untilNs deadlineNs: UInt64) -> ExitStatus? {
    while true {
      if let status = poll() { return status }
      if MonotonicClock.nowNs() >= deadlineNs { return nil }
      if let exitDescriptor {
        var descriptor = pollfd(fd: exitDescriptor, events: Int16(POLLIN), revents: 0)
        _ = cplatform_poll_until(&descriptor, 1, deadlineNs)
      } else {
        MonotonicClock.sleep(untilNs: ChildProcess.nextLookNs(deadlineNs: deadlineNs))
      }
    }
  }

  /// When to look again at a child without an exit descriptor.
  static func nextLookNs(deadlineNs: UInt64) -> UInt64 {
    min(deadlineNs, MonotonicClock.nowNs() + 2_000_000)
  }
}

/// `kill(2)`, which the method of the same name hides.
private func sendSignal(_ pid: Int32, _ signal: Int32) -> Int32 {
  kill(pid, signal)
}
