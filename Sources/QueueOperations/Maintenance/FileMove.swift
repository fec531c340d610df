#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import QueueEngine

/// Changes to the names of files, which last through a loss of power once their directory is synced.
///
/// Names only: opening and closing a database file would drop the locks that SQLite holds on it in this process.
enum FileMove {
  /// What is known of a file without opening it.
  struct Facts: Hashable {
    let device: UInt64
    let inode: UInt64
    let byteCount: Int64
    let isRegular: Bool
    let permissions: UInt32
    let user: UInt32
    let group: UInt32
    let modified: Timestamp

    /// Whether both are names of one file.
    func isSameFile(as other: Facts) -> Bool { device == other.device && inode == other.inode }
  }

  /// Nil if there is no such file. Symbolic links are followed.
  static func facts(_ path: String) -> Facts? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    #if canImport(Glibc)
      let seconds = Int64(facts.st_mtim.tv_sec)
    #else
      let seconds = Int64(facts.st_mtimespec.tv_sec)
    #endif
    return Facts(
      device: UInt64(truncatingIfNeeded: facts.st_dev),
      inode: UInt64(truncatingIfNeeded: facts.st_ino), byteCount: Int64(facts.st_size),
      isRegular: facts.st_mode & S_IFMT == S_IFREG, permissions: UInt32(facts.st_mode & 0o777),
      user: facts.st_uid, group: facts.st_gid,
      modified: Timestamp(millisecondsSinceEpoch: seconds * 1000))
  }

  /// The path without symbolic links; the path as it is if there is no such file.
  static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The directory that a path lies in.
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Gives a file another name; whatever had that name is gone.
  static func replace(_ target: String, with source: String) throws {
    guard rename(source, target) == 0 else { throw failure("rename \(source) to", target) }
  }

  /// Gives a file a second name; fails if that name is taken.
  static func addName(_ name: String, to path: String) throws {
    guard link(path, name) == 0 else { throw failure("link \(path) to", name) }
  }

  /// Gives a file a name that is free.
  static func publish(_ source: String, as target: String) throws {
    if link(source, target) == 0 {
      remove(source)
      return
    }
    let code = errno
    // Some file systems know no links; there a race of two for one name goes unnoticed.
    guard code == EPERM || code == ENOTSUP || code == ENOSYS || code == EMLINK,
      facts(target) == nil
    else { throw failure("link \(source) to", target, code) }
    try replace(target, with: source)
  }

  /// Removes a name, if there is one.
  static func remove(_ path: String) { _ = unlink(path) }

  /// Gives a file the permissions of another one, and its owner if this process may.
  static func adopt(_ facts: Facts, for path: String) throws {
    guard chmod(path, mode_t(facts.permissions)) == 0 else {
      throw failure("set the permissions of", path)
    }
    guard geteuid() == 0 else { return }
    guard chown(path, facts.user, facts.group) == 0 else { throw failure("set the owner of", path) }
  }

  /// Makes a file's content durable. Only for a file that nobody in this process has open as a database.
  static func syncFile(_ path: String) throws { try sync(path, O_RDONLY | O_CLOEXEC) }

  /// Makes the names in a directory durable.
  static func syncDirectory(_ path: String) throws {
    try sync(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
  }

  private static func sync(_ path: String, _ flags: Int32) throws {
    let descriptor = open(path, flags)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("sync", path) }
  }

  /// The error of the system call just made.
  private static func failure(
    _ operation: String, _ subject: String, _ number: Int32? = nil
  ) -> QueueError {
    let number = number ?? errno
    let code: QueueError.Code
    switch number {
    case ENOSPC, EDQUOT: code = .diskFull
    case EACCES, EPERM, EROFS, ENOENT, ENOTDIR: code = .readOnly
    case EEXIST: code = .invalidArgument
    default: code = .storage
    }
    return QueueError(
      code: code,
      message:
        "cannot \(operation) \(subject): \(String(cString: strerror(number))) (errno \(number))")
  }
}
