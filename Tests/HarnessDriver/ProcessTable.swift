internal import Foundation

/// What /proc says of other processes.
package struct ProcessEntry: Sendable, Hashable {
  package let pid: Int32
  package let parentPid: Int32
  /// The command line, program first.
  package let arguments: [String]

  /// All processes that have not ended; zombies count as ended.
  package static func all() -> [ProcessEntry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.compactMap { read($0) }
  }

  /// The children of the harness with that process id that play a role, such as `consumer-1`.
  package static func roles(of pid: Int32) -> [ProcessEntry] {
    all().filter { $0.parentPid == pid && $0.role != nil }
  }

  /// Whether the process has not ended.
  package static func isAlive(_ pid: Int32) -> Bool { read(pid) != nil }

  /// `consumer-1` for a child of the harness; nil for anything else.
  package var role: String? {
    guard arguments.count == 3, arguments[1] == "role" else { return nil }
    return URL(fileURLWithPath: arguments[2]).deletingPathExtension().lastPathComponent
  }

  private static func read(_ pid: Int32) -> ProcessEntry? {
    guard let status = FileManager.default.contents(atPath: "/proc/\(pid)/stat"),
      let commandLine = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")
    else { return nil }
    // The name in parentheses may contain anything; what follows the last one does not.
    let text = String(decoding: status, as: UTF8.self)
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 1, fields[0] != "Z", fields[0] != "X", let parent = Int32(fields[1])
    else { return nil }
    let arguments = commandLine.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    return ProcessEntry(pid: pid, parentPid: parent, arguments: arguments)
  }
}
