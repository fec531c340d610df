internal import CSQLite
internal import Platform

/// One connection to a database file.
///
/// A connection and its statements are used by one thread at a time: it is opened with
/// `SQLITE_OPEN_NOMUTEX` and is not Sendable. Never open, read or close the database file by other
/// means in a process that holds a connection: closing any descriptor of it drops SQLite's locks.
public final class Connection {
  /// How to open a file.
  public enum OpenMode: Sendable {
    /// Read and write; the file must exist.
    case readWrite
    /// Read and write; the file is made if there is none, private to the user. Who wants to share it changes its
    /// permissions before anybody else opens it: SQLite and the queue give theirs to the files beside it.
    case create
    /// Read only.
    case readOnly
  }

  /// The path as given.
  public let path: String
  let handle: OpaquePointer
  private(set) var busyHandler: BusyHandler
  private var statements: [String: Statement] = [:]
  var transactionStatements = TransactionStatements()
  /// Who looks after the write-ahead log; nil while SQLite's own checkpoints do. Set by
  /// ``use(_:)``.
  public internal(set) var checkpointer: Checkpointer?
  var commitWatch: CommitWatch?
  var statementCounter: StatementCounter?
  var compilationWatch: CompilationWatch?

  /// Opens a database.
  ///
  /// The busy policy is in force from the first statement on. SQLite reads the file only when a
  /// statement needs it: a file that is not a database is reported then.
  ///
  /// - Parameters:
  ///   - path: The file; `:memory:` and the empty path are databases of this connection alone.
  ///   - mode: How to open it.
  ///   - busyPolicy: What to do while another connection holds a lock.
  ///   - checkpointer: What all connections of this process to the file share, see ``use(_:)``; nil is
  ///     SQLite's own checkpoints every 1000 pages.
  ///   - vfs: The name of the VFS; nil is SQLite's default.
  /// - Throws: ``SQLiteError`` if the file cannot be opened.
  public init(
    path: String, mode: OpenMode = .create, busyPolicy: BusyPolicy,
    checkpointer: Checkpointer? = nil, vfs: String? = nil
  ) throws(SQLiteError) {
    var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    switch mode {
    case .readWrite: flags |= SQLITE_OPEN_READWRITE
    case .create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .readOnly: flags |= SQLITE_OPEN_READONLY
    }
    var made: PrivateFile.Made?
    if case .create = mode, !path.isEmpty, path != ":memory:", !path.hasPrefix("file:"),
      sqlite3_vfs_find(vfs) != nil
    {
      made = PrivateFile.make(path)
    }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, flags, vfs)
    guard let opened, code == SQLITE_OK else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      // A path that SQLite finds too long, no more descriptors: an empty file would be all that is left of it.
      made?.removeIfUntouched()
      throw SQLiteError(
        code: ResultCode(rawValue: code), message: message, path: path)
    }
    self.path = path
    handle = opened
    busyHandler = BusyHandler(policy: busyPolicy, databasePath: Self.filePath(of: handle))
    busyHandler.install(on: handle)
    if let checkpointer { try use(checkpointer) }
  }

  deinit {
    // `close_v2` lets statements that somebody still holds be finalised later; they must not call
    // into what goes with us.
    sqlite3_busy_handler(handle, nil, nil)
    if commitWatch != nil { sqlite3_wal_hook(handle, nil, nil) }
    if statementCounter != nil { sqlite3_trace_v2(handle, 0, nil, nil) }
    if compilationWatch != nil { sqlite3_set_authorizer(handle, nil, nil) }
    sqlite3_close_v2(handle)
  }

  // MARK: Busy handling

  /// What a connection does while another one holds the lock it needs.
  public var busyPolicy: BusyPolicy {
    get { busyHandler.policy }
    set {
      let handler = BusyHandler(policy: newValue, databasePath: filePath)
      handler.counters = busyHandler.counters
      busyHandler = handler
      handler.install(on: handle)
    }
  }

  /// What waiting for locks has cost since ``resetBusyCounters()``.
  public var busyCounters: BusyCounters { busyHandler.counters }

  /// Starts counting afresh: call it before an operation, read ``busyCounters`` after it.
  @inline(__always)
  public func resetBusyCounters() { busyHandler.counters = BusyCounters() }

  /// Turns the triggers of the schema on or off for this connection; they are on at first.
  ///
  /// Source: `SQLITE_DBCONFIG_ENABLE_TRIGGER`, <https://sqlite.org/c3ref/c_dbconfig_defensive.html>.
  public func setTriggersEnabled(_ isEnabled: Bool) {
    csqlite_set_triggers_enabled(handle, isEnabled ? 1 : 0)
  }

  // MARK: Statements

  /// Compiles a statement that will be used many times.
  ///
  /// The text must hold exactly one: SQLite itself would silently leave out what follows the first.
  public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    var prepared: OpaquePointer?
    var rest = 0
    var text = sql
    let code = text.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) { text -> Int32 in
        var tail: UnsafePointer<CChar>?
        let code = sqlite3_prepare_v3(
          handle, text.baseAddress, Int32(text.count), UInt32(SQLITE_PREPARE_PERSISTENT),
          &prepared, &tail)
        if let base = text.baseAddress, let tail {
          let unread = text[(tail - base)...]
          rest = unread.count { !Self.isIgnorable($0) }
        }
        return code
      }
    }
    guard code == SQLITE_OK else { throw SQLiteError(code, on: handle, sql: sql) }
    guard let prepared else {
      throw SQLiteError(code: .error, message: "no statement in the SQL", sql: sql, path: path)
    }
    let statement = Statement(sql: sql, handle: prepared)
    guard rest == 0 else {
      throw SQLiteError(
        code: .error, message: "more than one statement in the SQL; run a script with execute",
        sql: sql, path: path)
    }
    return statement
  }

  /// Whether a character behind a statement means nothing: white space or a semicolon.
  private static func isIgnorable(_ character: CChar) -> Bool {
    [0x09, 0x0A, 0x0D, 0x20, 0x3B].contains(character)
  }

  /// The statement of that text, compiled at its first use and kept while the connection lives.
  public func cached(_ sql: String) throws(SQLiteError) -> Statement {
    if let statement = statements[sql] { return statement }
    let statement = try prepare(sql)
    statements[sql] = statement
    return statement
  }

  /// The absolute path of the file without symbolic links, which is the same for every process; nil
  /// for a database that has none.
  public var filePath: String? { Self.filePath(of: handle) }

  private static func filePath(of handle: OpaquePointer) -> String? {
    guard let name = sqlite3_db_filename(handle, "main"), name.pointee != 0 else { return nil }
    return String(cString: name)
  }

  /// Runs every statement of a script, such as a schema.
  public func execute(script: String) throws(SQLiteError) {
    let code = sqlite3_exec(handle, script, nil, nil, nil)
    guard code == SQLITE_OK else { throw SQLiteError(code, on: handle, sql: script) }
  }

  /// The row id of the last successful INSERT.
  @inline(__always)
  public var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }

  /// Rows changed by the last INSERT, UPDATE or DELETE, triggers not counted.
  @inline(__always)
  public var changes: Int { Int(sqlite3_changes64(handle)) }

  /// How many pages this connection has written: frames of the log in WAL mode, pages of the database
  /// file otherwise.
  ///
  /// Wraps around: what one operation has written is the difference of two readings with `&-`. A page
  /// that left the cache in the middle of a large transaction and was changed again counts twice, though
  /// SQLite may write it over the same frame. Source: `SQLITE_DBSTATUS_CACHE_WRITE`,
  /// <https://sqlite.org/c3ref/c_dbstatus_options.html>.
  public var pagesWritten: UInt32 {
    var current: Int32 = 0
    var highest: Int32 = 0
    sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_WRITE, &current, &highest, 0)
    return UInt32(bitPattern: current)
  }

  /// Whether a transaction is open.
  public var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }
}

@available(*, unavailable)
extension Connection: Sendable {}
