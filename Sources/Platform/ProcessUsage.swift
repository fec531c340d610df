#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What a process has used since it began, all its threads together: subtract two snapshots.
///
/// What the system does not tell is nil.
package struct ProcessUsage: Equatable, Sendable {
  /// Time on a processor.
  package var runningNs: UInt64?
  /// Time in which it was able to run and waited for a processor.
  package var runnableNs: UInt64?
  /// How often it gave its processor up.
  package var voluntarySwitches: UInt64?
  /// How often its processor was taken from it.
  package var involuntarySwitches: UInt64?
  /// Page faults that needed no disk.
  package var minorFaults: UInt64?
  /// Page faults that read from a disk.
  package var majorFaults: UInt64?
  /// Bytes that it caused to be read from a disk.
  package var readBytes: UInt64?
  /// Bytes that it caused to be written to a disk.
  package var writtenBytes: UInt64?

  /// Nothing known.
  package init() {}

  /// The usage of a running process; nil if there is none of that id, or no `/proc`.
  ///
  /// A thread that ends takes its numbers with it, so of processes whose threads come and go only the
  /// faults and bytes are complete. Source: proc_pid_stat(5), proc_pid_io(5),
  /// <https://docs.kernel.org/scheduler/sched-stats.html>.
  package static func of(pid: Int32) -> ProcessUsage? {
    let directory = "/proc/\(pid)"
    guard let stat = SmallFile.read("\(directory)/stat") else { return nil }
    var usage = ProcessUsage()
    usage.addFaults(procStat: stat)
    usage.addBytes(procIO: SmallFile.read("\(directory)/io") ?? "")
    for thread in threads(of: directory) {
      usage.addTimes(schedstat: SmallFile.read("\(thread)/schedstat") ?? "")
      usage.addSwitches(status: SmallFile.read("\(thread)/status") ?? "")
    }
    return usage
  }

  /// Time that this process, all its threads together, has spent on a processor.
  package static func ownRunningNs() -> UInt64 {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
    #else
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #endif
    func ns(_ time: timeval) -> UInt64 {
      UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_usec) * 1000
    }
    return ns(usage.ru_utime) + ns(usage.ru_stime)
  }

  private static func threads(of directory: String) -> [String] {
    guard let stream = opendir("\(directory)/task") else { return [] }
    defer { closedir(stream) }
    var threads: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if UInt64(name) != nil { threads.append("\(directory)/task/\(name)") }
    }
    return threads
  }

  // MARK: Parsing

  /// `/proc/<pid>/stat`; the second field is the name in parentheses, which may hold anything.
  mutating func addFaults(procStat: String) {
    guard let nameEnd = procStat.lastIndex(of: ")") else { return }
    let fields = procStat[nameEnd...].split(separator: " ")
    // `)`, state, ppid, pgrp, session, tty, tpgid, flags, minflt, cminflt, majflt
    guard fields.count > 10 else { return }
    minorFaults = UInt64(fields[8])
    majorFaults = UInt64(fields[10])
  }

  mutating func addBytes(procIO: String) {
    for line in procIO.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":")
      guard parts.count == 2 else { continue }
      let value = UInt64(SmallFile.trimmingBlanks(parts[1]))
      switch parts[0] {
      case "read_bytes": readBytes = value
      case "write_bytes": writtenBytes = value
      default: break
      }
    }
  }

  /// Running, runnable, both in ns, and the number of time slices.
  mutating func addTimes(schedstat: String) {
    let fields = schedstat.split { $0 == " " || $0.isNewline }
    guard fields.count >= 2, let running = UInt64(fields[0]), let runnable = UInt64(fields[1])
    else { return }
    runningNs = (runningNs ?? 0) &+ running
    runnableNs = (runnableNs ?? 0) &+ runnable
  }

  mutating func addSwitches(status: String) {
    for line in status.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":")
      guard parts.count == 2, let value = UInt64(SmallFile.trimmingBlanks(parts[1])) else {
        continue
      }
      switch parts[0] {
      case "voluntary_ctxt_switches": voluntarySwitches = (voluntarySwitches ?? 0) &+ value
      case "nonvoluntary_ctxt_switches": involuntarySwitches = (involuntarySwitches ?? 0) &+ value
      default: break
      }
    }
  }

  // MARK: Arithmetic

  /// What has been added since an earlier snapshot; what one of the two does not know is nil.
  package func since(_ earlier: ProcessUsage) -> ProcessUsage {
    combined(with: earlier) { $0 > $1 ? $0 - $1 : 0 }
  }

  /// The usage of two processes together.
  package static func + (left: ProcessUsage, right: ProcessUsage) -> ProcessUsage {
    left.combined(with: right) { $0 &+ $1 }
  }

  private func combined(
    with other: ProcessUsage, _ combine: (UInt64, UInt64) -> UInt64
  ) -> ProcessUsage {
    var result = ProcessUsage()
    for path in Self.counters {
      if let own = self[keyPath: path], let theirs = other[keyPath: path] {
        result[keyPath: path] = combine(own, theirs)
      }
    }
    return result
  }

  private static let counters: [any WritableKeyPath<ProcessUsage, UInt64?> & Sendable] = [
    \.runningNs, \.runnableNs, \.voluntarySwitches, \.involuntarySwitches, \.minorFaults,
    \.majorFaults, \.readBytes, \.writtenBytes,
  ]
}
