internal import Foundation
internal import Platform

/// Where the operation logs of a repeat lie while it runs.
///
/// In memory if there is room: on the measured disk the dirty pages of the logs would be written back,
/// and with ext4's ordered journal an fsync of the database would wait for them.
enum LogDirectory {
  /// Where Linux keeps files in memory.
  private static let memoryPath = "/dev/shm"
  /// What must be free there: some sixteen million records.
  private static let neededBytes: UInt64 = 1 << 30

  /// Makes a directory of its own for one repeat and returns its path; the caller removes it.
  ///
  /// `fallback` is a directory on a disk, for where there is no room in memory.
  static func make(fallback: String) throws -> String {
    if let facts = try? FileSystemFacts.of(path: memoryPath), facts.kind == .memory,
      facts.availableBytes >= neededBytes
    {
      let path = "\(memoryPath)/queuebench-\(UUID().uuidString)"
      let isMade: Void? = try? FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700])
      if isMade != nil { return path }
    }
    let path = kept(in: fallback)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    return path
  }

  /// Moves the logs of a repeat to where its database lies, for somebody to look at.
  static func keep(_ path: String, in directory: String) {
    guard path != kept(in: directory) else { return }
    // Moving across file systems copies; a full disk costs the copy, not the results.
    try? FileManager.default.moveItem(atPath: path, toPath: kept(in: directory))
    try? FileManager.default.removeItem(atPath: path)
  }

  private static func kept(in directory: String) -> String { "\(directory)/logs" }
}
