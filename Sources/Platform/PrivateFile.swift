#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Files that only their owner may read, unless he decides otherwise.
package enum PrivateFile {
  /// Makes an empty file that is private to the user; leaves one that is there as it is.
  ///
  /// Never opens it where that can be avoided: in a process that uses a database, closing any descriptor of its file
  /// drops SQLite's locks. What goes wrong is left to whoever opens the file to report.
  package static func make(_ path: String) {
    #if canImport(Darwin)
      let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if descriptor >= 0 { close(descriptor) }
    #else
      _ = mknod(path, S_IFREG | 0o600, 0)
    #endif
  }

  /// The permissions to read and write that a file has, for files that belong to it; those of a private one if there
  /// is none.
  package static func permissions(of path: String) -> UInt32 {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return 0o600 }
    return UInt32(facts.st_mode & 0o666)
  }
}
