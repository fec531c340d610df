#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Files that others may read at any time: a reader finds the old content or the new one, never a part.
enum ReplacedFile {
  /// Writes beside the path, and gives that the path's name; what was there before is gone.
  ///
  /// The file beside it ends in `.tmp`, so that nobody takes it for the real one, and is removed if anything
  /// fails.
  static func write(_ text: String, to path: String) throws {
    try PathFacts.requireDirectory(around: path)
    if PathFacts.of(path) == .directory {
      throw CommandFailure(.cannotCreate, "\(path): a directory; name a file in it")
    }
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("\(temporary): cannot be made", errno) }
    var isInPlace = false
    defer { if !isInPlace { unlink(temporary) } }
    do {
      defer { close(descriptor) }
      var text = text
      try text.withUTF8 { bytes in
        var rest = UnsafeRawBufferPointer(bytes)
        while let start = rest.baseAddress, !rest.isEmpty {
          let count = Self.write(descriptor, start, rest.count)
          guard count >= 0 else {
            if errno == EINTR { continue }
            throw failure("\(temporary): cannot be written", errno)
          }
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
      }
    }
    guard rename(temporary, path) == 0 else {
      throw failure("\(path): cannot be replaced", errno)
    }
    isInPlace = true
  }

  /// Refuses a path that is the queue's own, or its log's.
  static func refuse(_ path: String, ifOneOf database: String) throws {
    for own in [database, database + "-wal", database + "-shm"] where isSame(path, own) {
      throw CommandFailure(.usage, "\(path): the queue's own file; name another one")
    }
  }

  private static func isSame(_ path: String, _ other: String) -> Bool {
    var (facts, others) = (stat(), stat())
    return stat(path, &facts) == 0 && stat(other, &others) == 0
      && facts.st_dev == others.st_dev && facts.st_ino == others.st_ino
  }

  private static func write(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
    // writev, because plain `write` means a function of our own.
    var vector = iovec(iov_base: UnsafeMutableRawPointer(mutating: start), iov_len: count)
    return writev(descriptor, &vector, 1)
  }

  private static func failure(_ what: String, _ number: Int32) -> CommandFailure {
    CommandFailure(Outcome(errorNumber: number), "\(what): \(String(cString: strerror(number)))")
  }
}
