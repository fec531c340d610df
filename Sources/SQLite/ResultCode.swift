internal import CSQLite

/// A result code of SQLite: primary (`SQLITE_BUSY`) or extended (`SQLITE_BUSY_SNAPSHOT`).
///
/// Source: <https://sqlite.org/rescode.html>.
public struct ResultCode: RawRepresentable, Hashable, Sendable {
  /// The code as SQLite returns it with extended result codes turned on.
  public let rawValue: Int32

  /// A code from its number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The primary code: the low byte of an extended one.
  public var primary: ResultCode { ResultCode(rawValue: rawValue & 0xff) }

  /// The operation was successful.
  public static let ok = ResultCode(rawValue: 0)
  /// A generic error: mostly an error in the SQL.
  public static let error = ResultCode(rawValue: 1)
  /// Another connection holds a lock that this operation needs.
  public static let busy = ResultCode(rawValue: 5)
  /// A conflict within the same connection or a shared cache.
  public static let locked = ResultCode(rawValue: 6)
  /// Memory could not be had.
  public static let noMemory = ResultCode(rawValue: 7)
  /// The database cannot be written to.
  public static let readOnly = ResultCode(rawValue: 8)
  /// The operation was interrupted by `sqlite3_interrupt`.
  public static let interrupt = ResultCode(rawValue: 9)
  /// The operating system reported an error.
  public static let ioError = ResultCode(rawValue: 10)
  /// The database file is malformed.
  public static let corrupt = ResultCode(rawValue: 11)
  /// The disk is full.
  public static let full = ResultCode(rawValue: 13)
  /// The file cannot be opened.
  public static let cannotOpen = ResultCode(rawValue: 14)
  /// The schema changed while a statement ran.
  public static let schema = ResultCode(rawValue: 17)
  /// A string or blob is larger than SQLite's limit.
  public static let tooBig = ResultCode(rawValue: 18)
  /// A constraint was violated.
  public static let constraint = ResultCode(rawValue: 19)
  /// The file is not a database.
  public static let notADatabase = ResultCode(rawValue: 26)
  /// A step has a row ready.
  static let row = ResultCode(rawValue: 100)
  /// A step has finished.
  static let done = ResultCode(rawValue: 101)

  /// A file ended before what was to be read from it.
  public static let ioErrorShortRead = ResultCode(rawValue: 10 | (2 << 8))
  /// Another process is recovering the WAL.
  public static let busyRecovery = ResultCode(rawValue: 5 | (1 << 8))
  /// A read transaction could not become a write transaction, because somebody else has committed
  /// since it began; only running the whole transaction again can help.
  public static let busySnapshot = ResultCode(rawValue: 5 | (2 << 8))
  /// A blocking lock on the WAL timed out.
  public static let busyTimeout = ResultCode(rawValue: 5 | (3 << 8))

  /// Whether another connection stood in the way, so that the operation may succeed later.
  public var isBusy: Bool { primary == .busy }
}

extension ResultCode: CustomStringConvertible {
  /// SQLite's own name of the code, such as `SQLITE_BUSY_SNAPSHOT`.
  public var description: String {
    if let name = Self.names[rawValue] { return name }
    if let name = Self.names[primary.rawValue] { return "\(name)(\(rawValue))" }
    return "SQLITE_\(rawValue)"
  }

  private static let names: [Int32: String] = [
    0: "SQLITE_OK", 1: "SQLITE_ERROR", 2: "SQLITE_INTERNAL", 3: "SQLITE_PERM", 4: "SQLITE_ABORT",
    5: "SQLITE_BUSY", 6: "SQLITE_LOCKED", 7: "SQLITE_NOMEM", 8: "SQLITE_READONLY",
    9: "SQLITE_INTERRUPT", 10: "SQLITE_IOERR", 11: "SQLITE_CORRUPT", 12: "SQLITE_NOTFOUND",
    13: "SQLITE_FULL", 14: "SQLITE_CANTOPEN", 15: "SQLITE_PROTOCOL", 17: "SQLITE_SCHEMA",
    18: "SQLITE_TOOBIG", 19: "SQLITE_CONSTRAINT", 20: "SQLITE_MISMATCH", 21: "SQLITE_MISUSE",
    22: "SQLITE_NOLFS", 23: "SQLITE_AUTH", 25: "SQLITE_RANGE", 26: "SQLITE_NOTADB",
    100: "SQLITE_ROW", 101: "SQLITE_DONE",
    261: "SQLITE_BUSY_RECOVERY", 517: "SQLITE_BUSY_SNAPSHOT", 773: "SQLITE_BUSY_TIMEOUT",
    262: "SQLITE_LOCKED_SHAREDCACHE", 264: "SQLITE_READONLY_RECOVERY",
    520: "SQLITE_READONLY_CANTLOCK", 776: "SQLITE_READONLY_ROLLBACK",
    1032: "SQLITE_READONLY_DBMOVED", 1288: "SQLITE_READONLY_CANTINIT",
    1544: "SQLITE_READONLY_DIRECTORY", 266: "SQLITE_IOERR_READ", 522: "SQLITE_IOERR_SHORT_READ",
    778: "SQLITE_IOERR_WRITE", 1034: "SQLITE_IOERR_FSYNC", 1546: "SQLITE_IOERR_TRUNCATE",
    3850: "SQLITE_IOERR_LOCK", 4618: "SQLITE_IOERR_SHMOPEN", 4874: "SQLITE_IOERR_SHMSIZE",
    5130: "SQLITE_IOERR_SHMLOCK", 5386: "SQLITE_IOERR_SHMMAP", 267: "SQLITE_CORRUPT_VTAB",
    779: "SQLITE_CORRUPT_INDEX", 270: "SQLITE_CANTOPEN_NOTEMPDIR", 526: "SQLITE_CANTOPEN_ISDIR",
    275: "SQLITE_CONSTRAINT_CHECK", 787: "SQLITE_CONSTRAINT_FOREIGNKEY",
    1299: "SQLITE_CONSTRAINT_NOTNULL", 1555: "SQLITE_CONSTRAINT_PRIMARYKEY",
    2067: "SQLITE_CONSTRAINT_UNIQUE",
  ]
}
