#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Foundation
internal import Platform

/// Where the operation logs of one repeat lie while it runs.
///
/// In memory if there is room: on the measured disk the dirty pages of the logs would be written back,
/// and with ext4's ordered journal an fsync of the database would wait for them.
final class LogDirectory {
  /// Where Linux keeps files in memory.
  static let memoryPath = "/dev/shm"
  /// What must be free there: some sixteen million records.
  static let neededBytes: UInt64 = 1 << 30
  private static let prefix = "queuebench-logs-"

  let path: String
  /// Locked while its maker lives, whatever ends it; -1 on a disk, where the run's directory owns it.
  private let descriptor: Int32

  /// Makes a directory for one repeat, in `fallback` where there is no room in memory.
  ///
  /// Also removes what harnesses that were killed have left in memory.
  init(
    fallback: String, memoryPath: String = LogDirectory.memoryPath,
    neededBytes: UInt64 = LogDirectory.neededBytes
  ) throws(SystemError) {
    if let facts = try? FileSystemFacts.of(path: memoryPath), facts.kind == .memory {
      Self.removeOrphans(in: memoryPath)
      if facts.availableBytes >= neededBytes,
        let made = Self.makeLocked("\(memoryPath)/\(Self.prefix)\(UUID().uuidString)")
      {
        (path, descriptor) = made
        return
      }
    }
    path = Self.kept(in: fallback)
    descriptor = -1
    try makeDirectory(path)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Removes the logs.
  func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Moves the logs to where the repeat's database lies, for somebody to look at.
  func keep(in directory: String) {
    guard path != Self.kept(in: directory) else { return }
    // Moving across file systems copies; a full disk costs the copy, not the results.
    try? FileManager.default.moveItem(atPath: path, toPath: Self.kept(in: directory))
    remove()
  }

  private static func kept(in directory: String) -> String { "\(directory)/logs" }

  /// Makes a directory and locks it; nil if somebody took it for an orphan in between.
  private static func makeLocked(_ path: String) -> (String, Int32)? {
    guard mkdir(path, 0o700) == 0, let descriptor = lock(path) else { return nil }
    guard access(path, F_OK) == 0 else {
      close(descriptor)
      return nil
    }
    return (path, descriptor)
  }

  /// The descriptor of a directory that is now locked by us; nil if its owner lives.
  private static func lock(_ path: String) -> Int32? {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  private static func removeOrphans(in memoryPath: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: memoryPath)) ?? []
    for name in names where name.hasPrefix(prefix) {
      let path = "\(memoryPath)/\(name)"
      guard let descriptor = lock(path) else { continue }
      try? FileManager.default.removeItem(atPath: path)
      close(descriptor)
    }
  }
}
