internal import CSQLite

/// A prepared statement.
///
/// Bind every parameter, ``step()`` until it returns false (or call ``run()``), read columns while a
/// row stands, then ``reset()``. A statement belongs to its connection's thread.
/// Source: <https://sqlite.org/c3ref/stmt.html>.
public final class Statement {
  /// The statement's text.
  public let sql: String
  private let handle: OpaquePointer

  /// Takes over a prepared statement; it is finalised with this object.
  ///
  /// It holds no reference to its ``Connection``, which caches statements: `sqlite3_close_v2`
  /// keeps what a surviving statement needs.
  init(sql: String, handle: OpaquePointer) {
    self.sql = sql
    self.handle = handle
  }

  deinit { sqlite3_finalize(handle) }

  // MARK: Binding (indexes from 1)

  /// Binds an integer.
  @inline(__always)
  public func bind(_ value: Int64, at index: Int32) {
    sqlite3_bind_int64(handle, index, value)
  }

  /// Binds a floating-point number.
  @inline(__always)
  public func bind(_ value: Double, at index: Int32) {
    sqlite3_bind_double(handle, index, value)
  }

  /// Binds NULL.
  @inline(__always)
  public func bindNull(at index: Int32) {
    sqlite3_bind_null(handle, index)
  }

  /// Binds text; SQLite takes its own copy, the only one that is made.
  ///
  /// Throws `SQLITE_TOOBIG` for text over SQLite's length limit.
  @inline(__always)
  public func bind(_ text: String, at index: Int32) throws(SQLiteError) {
    var text = text
    let code = text.withUTF8 { utf8 -> Int32 in
      // An empty buffer may have no base address, which SQLite would take for NULL.
      guard let base = utf8.baseAddress else { return sqlite3_bind_text(handle, index, "", 0, nil) }
      return base.withMemoryRebound(to: CChar.self, capacity: utf8.count) {
        sqlite3_bind_text64(
          handle, index, $0, UInt64(utf8.count), Self.transient, UInt8(SQLITE_UTF8))
      }
    }
    guard code == SQLITE_OK else { throw failure(code) }
  }

  /// Binds text, or NULL for nil.
  public func bind(_ text: String?, at index: Int32) throws(SQLiteError) {
    if let text { try bind(text, at: index) } else { bindNull(at: index) }
  }

  /// Binds UTF-8 text without copying it: `bytes` must stay as they are until ``reset()``.
  @inline(__always)
  public func bind(borrowing bytes: UnsafeRawBufferPointer, at index: Int32) {
    guard let base = bytes.baseAddress else {
      // SQLite takes a null pointer for NULL, whatever the length.
      sqlite3_bind_text(handle, index, "", 0, Self.transient)
      return
    }
    sqlite3_bind_text64(
      handle, index, base.assumingMemoryBound(to: CChar.self), UInt64(bytes.count), nil,
      UInt8(SQLITE_UTF8))
  }

  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  // MARK: Running

  /// Runs to the next row; true if a row stands, false at the end.
  ///
  /// On an error the statement is reset, so that it holds no lock, and the error is thrown.
  @inline(__always)
  public func step() throws(SQLiteError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_DONE { return false }
    if code == SQLITE_ROW { return true }
    throw failure(code)
  }

  private func failure(_ code: Int32) -> SQLiteError {
    let error = SQLiteError(code, on: sqlite3_db_handle(handle), sql: sql)
    sqlite3_reset(handle)
    return error
  }

  /// Makes the statement ready for the next run and gives up its locks; bindings stay.
  @inline(__always)
  public func reset() {
    sqlite3_reset(handle)
  }

  /// Runs to the end, past any rows, and resets.
  ///
  /// Rows must be passed rather than dropped: a `RETURNING` statement that is reset after its first
  /// row may leave work undone.
  @inline(__always)
  public func run() throws(SQLiteError) {
    while try step() {}
    sqlite3_reset(handle)
  }

  // MARK: Columns of the standing row (indexes from 0)

  /// A column as an integer; 0 for NULL.
  @inline(__always)
  public func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  /// A column as a floating-point number; 0 for NULL.
  @inline(__always)
  public func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  /// Whether a column is NULL.
  @inline(__always)
  public func isNull(_ column: Int32) -> Bool {
    sqlite3_column_type(handle, column) == SQLITE_NULL
  }

  /// A column as text, copied once; invalid UTF-8 is repaired; nil for NULL.
  @inline(__always)
  public func text(_ column: Int32) -> String? {
    guard let bytes = sqlite3_column_text(handle, column) else { return nil }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  /// Calls `body` with a text column's bytes, which are valid only inside; empty for NULL.
  @inline(__always)
  public func withText<R>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    let bytes = sqlite3_column_text(handle, column)
    let count = Int(sqlite3_column_bytes(handle, column))
    return body(UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
  }

  /// The number of columns.
  public var columnCount: Int32 { sqlite3_column_count(handle) }

  /// The name of a column.
  public func columnName(_ column: Int32) -> String {
    sqlite3_column_name(handle, column).map { String(cString: $0) } ?? ""
  }

  // MARK: Work done

  /// Virtual-machine operations since this counter was last taken: a noise-free measure of work.
  public func takeVMSteps() -> Int64 {
    Int64(sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_VM_STEP, 1))
  }
}

@available(*, unavailable)
extension Statement: Sendable {}
