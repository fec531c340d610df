internal import CSQLite

/// What SQLite reported, and where.
public struct SQLiteError: Error, Hashable, Sendable {
  /// The extended result code.
  public let code: ResultCode
  /// SQLite's message, or ours where it has none.
  public let message: String
  /// The SQL that was being prepared or run; nil outside of a statement.
  public let sql: String?
  /// The database file.
  public let path: String

  /// An error from its parts.
  public init(code: ResultCode, message: String, sql: String? = nil, path: String) {
    self.code = code
    self.message = message
    self.sql = sql
    self.path = path
  }

  /// The error that `handle` reports for `code`.
  init(_ code: Int32, on handle: OpaquePointer?, sql: String?) {
    let code = ResultCode(rawValue: code)
    // After a misuse the handle still tells of an earlier call; then the code's own text is right.
    let isHandlesOwn = sqlite3_extended_errcode(handle) == code.rawValue
    self.init(
      code: code,
      message: String(
        cString: isHandlesOwn ? sqlite3_errmsg(handle) : sqlite3_errstr(code.rawValue)),
      sql: sql,
      path: sqlite3_db_filename(handle, "main").map { String(cString: $0) } ?? "")
  }

  /// Whether running the whole transaction again may succeed.
  public var isRetryable: Bool { code.isBusy || code.primary == .locked }
}

extension SQLiteError: CustomStringConvertible {
  /// `queue.db: SQLITE_BUSY: database is locked [BEGIN IMMEDIATE]`
  public var description: String {
    let place = sql.map { " [\($0.prefix(120))]" } ?? ""
    return "\(path): \(code): \(message)\(place)"
  }
}
