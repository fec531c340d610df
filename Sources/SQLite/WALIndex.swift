internal import CSQLite

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What the shared index of a write-ahead log says of it.
///
/// Read from the memory that SQLite has mapped already, so it costs no system call, and at once out of
/// date while others write. Source: "WAL-Index Format", <https://sqlite.org/walformat.html>.
public struct WALIndex: Hashable, Sendable {
  /// Committed frames (pages with a header) in the log.
  public let frames: Int
  /// How many of them, from the first on, have been copied into the database file.
  public let backfilledFrames: Int
  /// Changes whenever the log begins again at its start.
  public let generation: UInt32

  /// Frames that are yet to be copied into the database file.
  public var pendingFrames: Int { max(0, frames - backfilledFrames) }
}

extension Connection {
  /// The state of the database's write-ahead log; nil unless the database is in WAL mode and shared.
  ///
  /// Under `locking_mode=EXCLUSIVE` the index is private to the connection, and cannot be had either.
  public func walIndex() throws(SQLiteError) -> WALIndex? {
    // Both statements also make sure that the connection has read, and so mapped the index.
    guard try text(of: "PRAGMA journal_mode") == "wal",
      try text(of: "PRAGMA locking_mode") == "normal"
    else { return nil }
    return mappedWALIndex()
  }

  /// The same without the questions whether it can be had: only after ``walIndex()`` was not nil.
  func mappedWALIndex() -> WALIndex? {
    var facts = csqlite_wal_index()
    guard csqlite_read_wal_index(handle, &facts) == 1 else { return nil }
    return WALIndex(
      frames: Int(facts.frames), backfilledFrames: Int(facts.backfilled),
      generation: facts.generation)
  }

  private func text(of sql: String) throws(SQLiteError) -> String? {
    let statement = try cached(sql)
    defer { statement.reset() }
    return try statement.step() ? statement.text(0) : nil
  }
}

/// The shared index of another process's database, looked at from outside.
///
/// For a process that holds no connection to the database: closing the file would drop its locks.
package final class WALIndexView {
  private static let byteCount = 4096

  private let memory: UnsafeMutableRawPointer

  /// Maps the index; nil if there is none (yet): no write-ahead log, or nobody has the database open.
  package init?(databasePath: String) {
    let descriptor = open(databasePath + "-shm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var facts = stat()
    // A mapping beyond the end of the file would be fatal to touch.
    guard fstat(descriptor, &facts) == 0, facts.st_size >= Self.byteCount else { return nil }
    let address = mmap(nil, Self.byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
    guard let address, address != MAP_FAILED else { return nil }
    memory = address
  }

  deinit { munmap(memory, Self.byteCount) }

  /// The state of the log; nil while it cannot be told.
  package func read() -> WALIndex? {
    var facts = csqlite_wal_index()
    guard csqlite_parse_wal_index(memory, &facts) == 1 else { return nil }
    return WALIndex(
      frames: Int(facts.frames), backfilledFrames: Int(facts.backfilled),
      generation: facts.generation)
  }
}
