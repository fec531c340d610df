internal import SQLite

/// How much room a queue takes.
public struct QueueFileStatistics: Hashable, Sendable {
  /// A table or an index.
  public struct Part: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// The table that it belongs to; its own name for a table.
    public let table: String
    /// Whether it is an index.
    public let isIndex: Bool
    /// How many pages it has.
    public let pages: Int
    /// Bytes of these pages.
    public let bytes: Int64
  }

  /// Bytes of a page.
  public let pageSize: Int
  /// Pages of the database, free ones included.
  public let pageCount: Int
  /// Pages that nothing is in: room that is used again, and that a vacuum gives back.
  public let freePages: Int
  /// Length of the database file, in bytes; what is in the log may not be in it yet.
  public let fileBytes: Int64
  /// Length of the write-ahead log, in bytes; 0 if there is none. It does not shrink when it begins anew.
  public let walBytes: Int64
  /// Rows by table.
  public let rows: QueueRowCounts
  /// Tables and indexes, the largest first; nil if it was not asked for, or if SQLite was built without `dbstat`.
  public let parts: [Part]?

  /// Bytes of the database file and its log.
  public var totalBytes: Int64 { fileBytes + walBytes }
}

extension QueueMaintenance {
  /// How much room the queue takes.
  ///
  /// Counting the rows reads every page of the tables, in a snapshot: no writer waits in WAL mode.
  ///
  /// - Parameter parts: Whether to look into every page for the sizes of tables and indexes, too.
  /// - Returns: The numbers, all of one moment but for the lengths of the files.
  /// - Throws: `QueueError`.
  public func statistics(parts: Bool = true) throws -> QueueFileStatistics {
    let path = database.filePath
    let hasParts = parts && SQLiteLibrary.compileOptions.contains("ENABLE_DBSTAT_VTAB")
    let connection = try database.ownConnection()
    return try translated { () throws(SQLiteError) -> QueueFileStatistics in
      try connection.transaction(.deferred) { () throws(SQLiteError) -> QueueFileStatistics in
        QueueFileStatistics(
          pageSize: Int(try MaintenanceQuery.integer("PRAGMA page_size", on: connection)),
          pageCount: Int(try MaintenanceQuery.integer("PRAGMA page_count", on: connection)),
          freePages: Int(try MaintenanceQuery.integer("PRAGMA freelist_count", on: connection)),
          fileBytes: FileMove.facts(path)?.byteCount ?? 0,
          walBytes: FileMove.facts(path + "-wal")?.byteCount ?? 0,
          rows: try MaintenanceQuery.rowCounts(on: connection),
          parts: try hasParts ? Self.parts(on: connection) : nil)
      }
    }
  }

  private static func parts(
    on connection: Connection
  ) throws(SQLiteError) -> [QueueFileStatistics.Part] {
    let rows = try connection.prepare(
      """
      SELECT s.name, coalesce(m.tbl_name, s.name), m.type IS 'index', COUNT(*), SUM(s.pgsize)
      FROM dbstat AS s LEFT JOIN sqlite_schema AS m ON m.name = s.name
      GROUP BY s.name ORDER BY 5 DESC, 1
      """)
    defer { rows.reset() }
    var parts: [QueueFileStatistics.Part] = []
    while try rows.step() {
      parts.append(
        QueueFileStatistics.Part(
          name: rows.text(0) ?? "", table: rows.text(1) ?? "", isIndex: rows.int64(2) != 0,
          pages: Int(rows.int64(3)), bytes: rows.int64(4)))
    }
    return parts
  }
}
