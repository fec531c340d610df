#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What a process keeps: what would grow if it leaked.
package struct ProcessSize: Equatable, Sendable {
  /// Memory of its own that is resident: without what it shares with others or maps from files.
  package let privateBytes: Int
  /// Open descriptors.
  package let descriptors: Int

  /// The size of a running process; nil if there is none of that id, or no `/proc`.
  ///
  /// Source: proc_pid_statm(5).
  package static func of(pid: Int32) -> ProcessSize? {
    guard let statm = SmallFile.firstLine("/proc/\(pid)/statm"),
      let stream = opendir("/proc/\(pid)/fd")
    else { return nil }
    defer { closedir(stream) }
    // size, resident, shared, …, in pages.
    let fields = statm.split(separator: " ").compactMap { Int($0) }
    guard fields.count >= 3 else { return nil }
    var descriptors = 0
    while let entry = readdir(stream) {
      // Not `.` and `..`.
      if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { descriptors += 1 }
    }
    return ProcessSize(
      privateBytes: max(0, fields[1] - fields[2]) * Int(sysconf(Int32(_SC_PAGESIZE))),
      descriptors: descriptors)
  }
}
