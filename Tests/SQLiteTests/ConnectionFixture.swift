import SQLite
import TestSupport
import Testing

/// Opens a connection to the running test's database.
func open(
  _ name: String = "test.db", mode: Connection.OpenMode = .create,
  busyPolicy: BusyPolicy = .timeout(timeoutMs: 0), wal: Bool = true
) throws -> Connection {
  let connection = try Connection(
    path: TemporaryDirectory.path(name), mode: mode, busyPolicy: busyPolicy)
  if wal { try connection.apply([try #require(PragmaSetting(.journalMode, "WAL"))]) }
  return connection
}

extension Connection {
  /// The first column of the first row as text; nil if there is none.
  func scalar(_ sql: String) throws -> String? {
    let statement = try prepare(sql)
    defer { statement.reset() }
    return try statement.step() ? statement.text(0) : nil
  }
}

/// What `body` throws, which must be a ``SQLiteError``.
func sqliteError(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) throws -> SQLiteError {
  try #require(throws: SQLiteError.self, sourceLocation: sourceLocation) { try body() }
}
