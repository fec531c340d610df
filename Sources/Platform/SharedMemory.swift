#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
import CPlatform

/// A region of memory that this process and the children which inherit its descriptor all see.
///
/// It holds what processes tell each other while a run goes on: the barrier, the stop flag, live
/// counters. Access goes through ``SharedWord32`` and ``SharedWord64`` only, that is through atomic
/// operations. On Linux it is a sealed memfd; elsewhere an unlinked file.
///
/// `@unchecked Sendable`: all stored properties are constants; the mapping lives until `deinit`, which
/// cannot run while a word exists, as each word holds its region; and the memory itself is only
/// touched by atomic operations.
package final class SharedMemory: @unchecked Sendable {
  /// What a child inherits; close-on-exec, so only through an explicit
  /// ``ChildCommand/InheritedDescriptor``.
  package let descriptor: Int32
  package let byteCount: Int
  private let base: UnsafeMutableRawPointer

  /// Makes a region of zeros.
  package convenience init(byteCount: Int) throws(SystemError) {
    guard byteCount > 0 else {
      throw SystemError(
        operation: "share", subject: "\(byteCount) bytes of memory", code: EINVAL)
    }
    var descriptor = cplatform_anonymous_file("shared-words", byteCount)
    if descriptor == -ENOSYS {
      descriptor = try SharedMemory.openUnlinkedFile(byteCount: byteCount)
    }
    guard descriptor >= 0 else {
      throw SystemError(
        operation: "share", subject: "\(byteCount) bytes of memory", code: -descriptor)
    }
    do throws(SystemError) {
      try self.init(owning: descriptor, byteCount: byteCount)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Maps the region whose descriptor this process has inherited, and takes over the descriptor
  /// unless it fails.
  ///
  /// Fails with `EINVAL` if the file behind it is shorter than `byteCount`, because touching memory
  /// behind its end would be fatal.
  package convenience init(inheriting descriptor: Int32, byteCount: Int) throws(SystemError) {
    try self.init(owning: descriptor, byteCount: byteCount)
  }

  /// Maps a file that processes find by its path, and makes it, all zeros, if it is missing.
  ///
  /// `permissions` are those of a new file, whatever the umask. The file stays when the region is released.
  /// One that is shorter is extended, unless `refusesOtherSizes` is set: then a file that is not empty
  /// and of another size is somebody else's, stays as it is, and is an error (`EINVAL`).
  package convenience init(
    filePath: String, byteCount: Int, permissions: UInt32, refusesOtherSizes: Bool = false
  ) throws(SystemError) {
    let descriptor = open(filePath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode_t(permissions))
    guard descriptor >= 0 else { throw .last("open", filePath) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else {
      let failure = SystemError.last("inspect", filePath)
      close(descriptor)
      throw failure
    }
    guard !refusesOtherSizes || facts.st_size == 0 || facts.st_size == byteCount else {
      close(descriptor)
      throw SystemError(
        operation: "share \(byteCount) bytes through",
        subject: "\(filePath), which has \(facts.st_size)", code: EINVAL)
    }
    // As SQLite does with its own: who may use the database must be able to use what lies beside it.
    if facts.st_size == 0, facts.st_mode & 0o777 != mode_t(permissions) {
      _ = fchmod(descriptor, mode_t(permissions))
    }
    if facts.st_size < byteCount {
      // Real blocks: on a full disk that is an error here, and not a SIGBUS at the first store.
      let failure = cplatform_allocate_file(descriptor, 0, off_t(byteCount))
      guard failure == 0 else {
        close(descriptor)
        throw SystemError(operation: "extend", subject: filePath, code: failure)
      }
    }
    try self.init(owning: descriptor, byteCount: byteCount)
  }

  private init(owning descriptor: Int32, byteCount: Int) throws(SystemError) {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else {
      throw .last("inspect", "shared memory descriptor \(descriptor)")
    }
    guard byteCount > 0, facts.st_size >= byteCount else {
      throw SystemError(
        operation: "map \(byteCount) bytes of",
        subject: "shared memory descriptor \(descriptor), which has \(facts.st_size)", code: EINVAL)
    }
    #if os(Linux)
      let flags = MAP_SHARED | MAP_POPULATE
    #else
      let flags = MAP_SHARED
    #endif
    let address = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, descriptor, 0)
    guard let address, address != MAP_FAILED else {
      throw .last("map", "shared memory descriptor \(descriptor)")
    }
    // A grandchild that is started without naming the descriptor must not get it.
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    self.descriptor = descriptor
    self.byteCount = byteCount
    base = address
  }

  deinit {
    munmap(base, byteCount)
    close(descriptor)
  }

  /// The 32-bit word at a byte offset that is a multiple of 4 and inside the region, else `EINVAL`.
  package func word32(at offset: Int) throws(SystemError) -> SharedWord32 {
    SharedWord32(region: self, address: try address(at: offset, size: 4))
  }

  /// The 64-bit word at a byte offset that is a multiple of 8 and inside the region, else `EINVAL`.
  package func word64(at offset: Int) throws(SystemError) -> SharedWord64 {
    SharedWord64(region: self, address: try address(at: offset, size: 8))
  }

  private func address(at offset: Int, size: Int) throws(SystemError) -> UnsafeMutableRawPointer {
    guard offset >= 0, offset % size == 0, offset <= byteCount - size else {
      throw SystemError(
        operation: "use",
        subject: "a \(size)-byte word at offset \(offset) of \(byteCount) shared bytes",
        code: EINVAL)
    }
    return base + offset
  }

  private static func openUnlinkedFile(byteCount: Int) throws(SystemError) -> Int32 {
    var template = Array("/tmp/shared-words-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .last("create a file in", "/tmp") }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    guard ftruncate(descriptor, off_t(byteCount)) == 0 else {
      let failure = SystemError.last("extend", "the file for shared memory")
      close(descriptor)
      throw failure
    }
    return descriptor
  }
}
