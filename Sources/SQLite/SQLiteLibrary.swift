internal import CSQLite
internal import CShimVFS

/// The SQLite library that this process runs on.
public enum SQLiteLibrary {
  /// Its version, such as `3.40.1`.
  public static var version: String { String(cString: sqlite3_libversion()) }

  /// Date and hash of its source.
  public static var sourceID: String { String(cString: sqlite3_sourceid()) }

  /// The file that it was loaded from; nil if that cannot be told, as when it is part of the program.
  public static var path: String? { shim_vfs_library_path().map { String(cString: $0) } }

  /// Its compile-time options, without the `SQLITE_` prefix.
  public static var compileOptions: [String] {
    var options: [String] = []
    while let option = sqlite3_compileoption_get(Int32(options.count)) {
      options.append(String(cString: option))
    }
    return options
  }

  /// A bug of a range of versions that can touch a task queue.
  public struct KnownBug: Hashable, Sendable {
    /// A short name.
    public let name: String
    /// What happens, and how to stay clear of it.
    public let advice: String
  }

  /// The ``KnownBug/name`` of the bug that several checkpointing connections meet.
  static let walResetBugName = "WAL-reset"

  /// The known bugs of this library.
  public static var knownBugs: [KnownBug] {
    knownBugs(ofVersion: Int(sqlite3_libversion_number()))
  }

  /// The known bugs of a version such as `3.40.1`; none if it cannot be read.
  public static func knownBugs(ofVersion version: String) -> [KnownBug] {
    let parts = version.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard (2...4).contains(parts.count), !parts.contains(nil) else { return [] }
    let numbers: [Int] = parts.compactMap(\.self) + [0]
    guard numbers.allSatisfy({ (0..<1000).contains($0) }) else { return [] }
    return knownBugs(ofVersion: numbers[0] * 1_000_000 + numbers[1] * 1000 + numbers[2])
  }

  /// The known bugs of a version given as SQLite counts: 3.40.1 is 3040001.
  package static func knownBugs(ofVersion version: Int) -> [KnownBug] {
    let hasWalReset =
      (3_007_000...3_051_002).contains(version)
      && !(3_044_006..<3_045_000).contains(version)
      && !(3_050_007..<3_051_000).contains(version)
    guard hasWalReset else { return [] }
    return [
      KnownBug(
        name: walResetBugName,
        advice: """
          in WAL mode, several connections that checkpoint can lose commits or corrupt the file, \
          soonest with mmap_size > 0; keep mmap_size = 0 and let one connection checkpoint, or \
          use SQLite 3.51.3, 3.50.7 or 3.44.6 (https://sqlite.org/wal.html)
          """)
    ]
  }
}
