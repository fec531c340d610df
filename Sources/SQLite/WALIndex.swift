internal import CSQLite

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
