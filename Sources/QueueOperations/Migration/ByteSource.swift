#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Where lines come from.
public enum LineSource: Sendable, Hashable {
  /// A file or a named pipe.
  case file(String)
  /// The standard input of this process.
  case standardInput

  var name: String {
    switch self {
    case .file(let path): return path
    case .standardInput: return "standard input"
    }
  }
}

/// What tells whether a file has been written to or replaced, as far as the file system knows.
struct FileStamp: Equatable {
  let device: UInt64
  let inode: UInt64
  let byteCount: Int64
  let modifiedSeconds: Int
  let modifiedNs: Int

  init(_ facts: stat) {
    device = UInt64(truncatingIfNeeded: facts.st_dev)
    inode = UInt64(truncatingIfNeeded: facts.st_ino)
    byteCount = Int64(facts.st_size)
    #if canImport(Glibc)
      modifiedSeconds = Int(facts.st_mtim.tv_sec)
      modifiedNs = Int(facts.st_mtim.tv_nsec)
    #else
      modifiedSeconds = Int(facts.st_mtimespec.tv_sec)
      modifiedNs = Int(facts.st_mtimespec.tv_nsec)
    #endif
  }
}

/// Bytes from a file, a pipe or a terminal, in pieces.
///
/// Not Sendable.
final class ByteSource {
  let name: String
  private let path: String?
  private var descriptor: Int32
  private var isOwned: Bool
  /// Where reading has begun; what came before is not ours.
  private var start: off_t = 0
  /// The FNV-1a hash of the bytes read since the beginning.
  private(set) var digest = StableHash()

  /// - Parameters:
  ///   - source: what to read.
  ///   - databasePath: a queue that this process has open: it is refused, because closing its file
  ///     would drop SQLite's locks. One that is not named is recognised by what lies beside it while
  ///     it is in use.
  /// - Throws: ``MigrationError`` if it cannot be opened.
  init(_ source: LineSource, neverOpening databasePath: String? = nil) throws {
    name = source.name
    if case .file(let path) = source, Self.isQueue(path, databasePath) {
      throw MigrationError(.file, "is a queue in use, and no file of lines", path: path)
    }
    switch source {
    case .standardInput:
      path = nil
      descriptor = 0
      isOwned = false
    case .file(let path):
      self.path = path
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      isOwned = true
      if descriptor < 0 {
        throw MigrationError(.file, "cannot be opened: \(Self.cause(errno))", path: path)
      }
    }
  }

  private static func isQueue(_ path: String, _ databasePath: String?) -> Bool {
    guard let facts = FileMove.facts(path) else { return false }
    if let databasePath {
      for suffix in ["", "-shm", "-wal", "-wake"]
      where FileMove.facts(databasePath + suffix)?.isSameFile(as: facts) == true { return true }
    }
    let resolved = FileMove.resolved(path)
    return FileMove.facts(resolved + "-wake") != nil || FileMove.facts(resolved + "-shm") != nil
  }

  deinit { if isOwned, descriptor >= 0 { close(descriptor) } }

  /// Reads up to as many bytes as the buffer has; 0 at the end.
  func read(into buffer: inout [UInt8]) throws -> Int {
    let count = try fill(&buffer)
    buffer.withUnsafeBytes {
      digest.add(UnsafeRawBufferPointer(rebasing: $0[..<count]))
    }
    return count
  }

  private func fill(_ buffer: inout [UInt8]) throws -> Int {
    while true {
      let count = buffer.withUnsafeMutableBytes { bytes in
        // readv, because plain `read` means the method above here.
        var vector = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
        return readv(descriptor, &vector, 1)
      }
      if count >= 0 { return count }
      guard errno == EINTR else {
        throw MigrationError(.file, "cannot be read: \(Self.cause(errno))", path: name)
      }
    }
  }

  /// Whether a read would find bytes, or the end, at once; files always do.
  var isReady: Bool {
    var descriptors = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&descriptors, 1, 0) != 0
  }

  // MARK: Reading twice

  /// Begins anew at the first byte.
  func rewind() throws {
    guard lseek(descriptor, start, SEEK_SET) == start else {
      throw MigrationError(.file, "cannot be read twice: \(Self.cause(errno))", path: name)
    }
    digest = StableHash()
  }

  /// Makes a source that can be read once one that can be read twice, by way of a file without a
  /// name in the directory for temporary files. What is read once stays as it is otherwise.
  func makeRewindable() throws {
    if try facts(of: descriptor).st_mode & S_IFMT == S_IFREG {
      start = max(0, lseek(descriptor, 0, SEEK_CUR))
      return
    }
    let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(directory)/taskqueue-lines-XXXXXX".utf8CString)
    let copy = mkstemp(&template)
    guard copy >= 0 else {
      throw MigrationError(
        .file, "no room for a copy in \(directory): \(Self.cause(errno))", path: name)
    }
    unlink(template)
    _ = fcntl(copy, F_SETFD, FD_CLOEXEC)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    do {
      while true {
        let count = try fill(&buffer)
        if count == 0 { break }
        try Self.writeAll(buffer[..<count], to: copy, path: directory)
      }
    } catch {
      close(copy)
      throw error
    }
    if isOwned { close(descriptor) }
    descriptor = copy
    isOwned = true
    start = 0
    try rewind()
  }

  /// What the file system says of the file that is being read.
  func stamp() throws -> FileStamp { FileStamp(try facts(of: descriptor)) }

  /// Refuses to go on with a file that has been written to or replaced since.
  func requireUnchanged(since stamp: FileStamp) throws {
    var isSame = try self.stamp() == stamp
    if let path, stamp.byteCount > 0, isSame {
      var facts = stat()
      // A pipe that was copied has no path of its own any more.
      if stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG {
        isSame = FileStamp(facts) == stamp
      }
    }
    guard isSame else { throw changed() }
  }

  func changed() -> MigrationError {
    MigrationError(
      .sourceChanged,
      """
      the file was changed or replaced meanwhile; stop what writes to it, and work with a copy
      """, path: name)
  }

  private func facts(of descriptor: Int32) throws -> stat {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else {
      throw MigrationError(.file, "cannot be looked at: \(Self.cause(errno))", path: name)
    }
    return facts
  }

  // MARK: Writing

  /// Writes all bytes to a descriptor.
  static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw MigrationError(.file, "cannot be written: \(cause(errno))", path: path)
      }
      rest = rest.dropFirst(count)
    }
  }

  static func cause(_ number: Int32) -> String { String(cString: strerror(number)) }
}

/// The 64-bit FNV-1a hash: the same in every process and release, no defence against malice.
///
/// Source: <http://www.isthe.com/chongo/tech/comp/fnv/>.
struct StableHash: Equatable {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var hash = value
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    value = hash
  }

  /// Adds text and its end, so that "ab", "c" is another sequence than "a", "bc"; nil is not "".
  mutating func add(_ text: String?) {
    guard var text else { return add(byte: 0xfe) }
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    add(byte: 0xff)
  }

  private mutating func add(byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }
}
