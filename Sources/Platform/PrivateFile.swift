#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Files that only their owner may read, unless he decides otherwise.
package enum PrivateFile {
  /// A file that was made here and now, and by nobody else.
  package struct Made: Equatable, Sendable {
    package let path: String
    private let device: UInt64
    private let inode: UInt64

    fileprivate init?(_ path: String) {
      guard let facts = PrivateFile.facts(of: path) else { return nil }
      self.path = path
      device = UInt64(truncatingIfNeeded: facts.st_dev)
      inode = UInt64(truncatingIfNeeded: facts.st_ino)
    }

    /// Removes the file if it still is the one that was made, and empty; for who could not use it at all.
    ///
    /// Whoever found the file there and has written to it keeps it. Who has opened it in the same moment and not
    /// yet written would go on with a file without a name, which no look from outside can tell; so call this at
    /// once, and not for a file that has been used.
    package func removeIfUntouched() {
      guard let now = Made(path), now == self, PrivateFile.facts(of: path)?.st_size == 0 else {
        return
      }
      unlink(path)
    }
  }

  /// Makes an empty file that is private to the user, and returns what was made; leaves one that is there as it is,
  /// and returns nil.
  ///
  /// Never opens it where that can be avoided: in a process that uses a database, closing any descriptor of its file
  /// drops SQLite's locks. What goes wrong is left to whoever opens the file to report.
  @discardableResult
  package static func make(_ path: String) -> Made? {
    #if canImport(Darwin)
      let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { return nil }
      close(descriptor)
    #else
      guard mknod(path, S_IFREG | 0o600, 0) == 0 else { return nil }
    #endif
    return Made(path)
  }

  /// What the system knows of the very file at `path`, not of one that it links to.
  private static func facts(of path: String) -> stat? {
    var facts = stat()
    return lstat(path, &facts) == 0 ? facts : nil
  }

  /// The permissions to read and write that a file has, for files that belong to it; those of a private one if there
  /// is none.
  package static func permissions(of path: String) -> UInt32 {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return 0o600 }
    return UInt32(facts.st_mode & 0o666)
  }
}
