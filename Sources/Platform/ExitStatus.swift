#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// How a child process ended, and what it used.
package struct ExitStatus: Equatable, Sendable, CustomStringConvertible {
  /// The way in which a process can end.
  package enum Reason: Equatable, Sendable {
    /// It returned from `main` or called `exit` with this code.
    case exited(code: Int32)
    /// A signal ended it.
    case signaled(signal: Int32, dumpedCore: Bool)
    /// Somebody else in this process has collected the status (a stray `wait(-1)`).
    case unknown
  }

  package let reason: Reason
  /// What the process used over its life; all zero when the reason is unknown.
  package let usage: ResourceUsage

  /// True for exit code 0.
  package var isSuccess: Bool { reason == .exited(code: 0) }

  /// Makes a status from its parts.
  package init(reason: Reason, usage: ResourceUsage) {
    self.reason = reason
    self.usage = usage
  }

  /// Decodes what `wait4` returned.
  init(waitStatus: Int32, usage: rusage) {
    if cplatform_wait_status_exited(waitStatus) != 0 {
      self.reason = .exited(code: cplatform_wait_status_exit_code(waitStatus))
    } else {
      self.reason = .signaled(
        signal: cplatform_wait_status_signal(waitStatus),
        dumpedCore: cplatform_wait_status_dumped_core(waitStatus) != 0)
    }
    self.usage = ResourceUsage(usage)
  }

  package var description: String {
    switch reason {
    case .exited(let code): "exit code \(code)"
    case .signaled(let signal, let dumpedCore):
      "signal \(signal) (\(String(cString: strsignal(signal))))\(dumpedCore ? ", core dumped" : "")"
    case .unknown: "unknown exit status"
    }
  }
}

/// What a finished process used, its own finished children included.
package struct ResourceUsage: Equatable, Sendable {
  package let userUs: UInt64
  package let systemUs: UInt64
  /// Peak resident memory.
  ///
  /// On Linux never less than the parent's own peak at the time of the spawn: the child shares the
  /// parent's memory until it executes, and the kernel carries that peak over.
  package let maxRssKiB: UInt64
  /// Context switches because the process blocked.
  package let voluntarySwitches: UInt64
  /// Context switches because the CPU was given to somebody else.
  package let involuntarySwitches: UInt64
  package let minorFaults: UInt64
  package let majorFaults: UInt64
  /// 512-byte blocks read from the device, so not from the page cache.
  package let blocksIn: UInt64
  /// 512-byte blocks written to the device.
  package let blocksOut: UInt64

  /// No use at all.
  package static let zero = ResourceUsage(rusage())

  init(_ usage: rusage) {
    func microseconds(_ time: timeval) -> UInt64 {
      UInt64(max(0, time.tv_sec)) * 1_000_000 + UInt64(max(0, time.tv_usec))
    }
    userUs = microseconds(usage.ru_utime)
    systemUs = microseconds(usage.ru_stime)
    #if canImport(Darwin)
      maxRssKiB = UInt64(max(0, usage.ru_maxrss)) / 1024
    #else
      maxRssKiB = UInt64(max(0, usage.ru_maxrss))
    #endif
    voluntarySwitches = UInt64(max(0, usage.ru_nvcsw))
    involuntarySwitches = UInt64(max(0, usage.ru_nivcsw))
    minorFaults = UInt64(max(0, usage.ru_minflt))
    majorFaults = UInt64(max(0, usage.ru_majflt))
    blocksIn = UInt64(max(0, usage.ru_inblock))
    blocksOut = UInt64(max(0, usage.ru_oublock))
  }

  /// The use of this process so far: the harness's own share of the CPU.
  package static func ofThisProcess() -> ResourceUsage {
    #if canImport(Darwin)
      of(RUSAGE_SELF)
    #else
      of(__rusage_who_t(RUSAGE_SELF.rawValue))
    #endif
  }

  /// The use of all children that have ended and were waited for.
  package static func ofFinishedChildren() -> ResourceUsage {
    #if canImport(Darwin)
      of(RUSAGE_CHILDREN)
    #else
      of(__rusage_who_t(RUSAGE_CHILDREN.rawValue))
    #endif
  }

  #if canImport(Darwin)
    private typealias Whose = Int32
  #else
    private typealias Whose = __rusage_who_t
  #endif

  private static func of(_ whose: Whose) -> ResourceUsage {
    var usage = rusage()
    getrusage(whose, &usage)
    return ResourceUsage(usage)
  }
}
