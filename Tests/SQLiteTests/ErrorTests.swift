import Foundation
import TestSupport
import Testing

@testable import SQLite

/// Errors carry SQLite's extended code and their place, and leave nothing locked.
@Suite(.temporaryDirectory)
struct ErrorTests {
  struct Violation: Sendable, CustomTestStringConvertible {
    let sql: String
    let code: Int32
    let name: String
    var testDescription: String { name }
  }

  @Test(
    arguments: [
      Violation(sql: "INSERT INTO t (u) VALUES (1)", code: 2067, name: "SQLITE_CONSTRAINT_UNIQUE"),
      Violation(
        sql: "INSERT INTO t (id) VALUES (1)", code: 1555, name: "SQLITE_CONSTRAINT_PRIMARYKEY"),
      Violation(sql: "INSERT INTO t (c) VALUES (-1)", code: 275, name: "SQLITE_CONSTRAINT_CHECK"),
      Violation(sql: "UPDATE t SET n = NULL", code: 1299, name: "SQLITE_CONSTRAINT_NOTNULL"),
      Violation(
        sql: "INSERT INTO t (f) VALUES (99)", code: 787, name: "SQLITE_CONSTRAINT_FOREIGNKEY"),
      Violation(sql: "INSERT INTO t (id) VALUES ('x')", code: 20, name: "SQLITE_MISMATCH"),
    ])
  func `Violations have extended codes and hold no lock`(violation: Violation) throws {
    let connection = try open()
    try connection.execute(
      script: """
        PRAGMA foreign_keys = ON;
        CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE, c CHECK (c > 0), n NOT NULL DEFAULT 0,
          f REFERENCES t (id));
        INSERT INTO t (id, u) VALUES (1, 1);
        """)
    let statement = try connection.prepare(violation.sql)
    for _ in 0..<2 {
      let error = try sqliteError { try statement.run() }
      #expect(error.code.rawValue == violation.code)
      #expect(error.code.primary.rawValue == violation.code & 0xff)
      #expect(error.code.description == violation.name)
      #expect(error.sql == violation.sql)
      #expect(error.path.hasSuffix("test.db"))
      #expect(!error.isRetryable)
      #expect(error.description.contains(violation.name))
      #expect(error.description.contains(violation.sql))
    }
    #expect(!connection.isInTransaction)
    let other = try open()
    try other.transaction(.immediate) { () throws(SQLiteError) in
      try other.execute(script: "UPDATE t SET u = 2")
    }
  }

  @Test func `An error in the SQL names it`() throws {
    let error = try sqliteError { _ = try open().prepare("SELEKT 1") }
    #expect(error.code == .error)
    #expect(error.sql == "SELEKT 1")
    #expect(error.message.contains("SELEKT"))
  }

  @Test(arguments: [0, -1, 3] as [Int32])
  func `A parameter that does not exist is an error`(index: Int32) throws {
    let statement = try open().prepare("SELECT ?1, ?2")
    let error = try sqliteError { try statement.bind("x", at: index) }
    #expect(error.code.rawValue == 25)
    #expect(error.code.description == "SQLITE_RANGE")
  }

  @Test func `Text over the limit is an error`() throws {
    let connection = try open()
    let statement = try connection.prepare("SELECT length(zeroblob(?1))")
    statement.bind(2_000_000_000 as Int64, at: 1)
    #expect(try sqliteError { try statement.run() }.code == .tooBig)
    statement.bind(8 as Int64, at: 1)
    #expect(try statement.step())
    #expect(statement.int64(0) == 8)
  }

  @Test(arguments: [4, 100, 512, 10_000])
  func `A file that is no database is reported at the first statement`(size: Int) throws {
    let path = TemporaryDirectory.path("test.db")
    try Data(repeating: 0x41, count: size).write(to: URL(filePath: path))
    let connection = try open(wal: false)
    let error = try sqliteError { _ = try connection.scalar("SELECT * FROM sqlite_schema") }
    #expect(error.code == .notADatabase)
    #expect(error.path.hasSuffix("test.db"))
    #expect(!error.isRetryable)
  }

  @Test func `A missing directory cannot be opened`() throws {
    let error = try sqliteError { _ = try open("missing/test.db", wal: false) }
    #expect(error.code.primary == .cannotOpen)
    #expect(error.path.hasSuffix("missing/test.db"))
    #expect(error.sql == nil)
  }

  @Test func `A directory cannot be opened as a file`() throws {
    try FileManager.default.createDirectory(
      atPath: TemporaryDirectory.path("directory"), withIntermediateDirectories: true)
    let error = try sqliteError {
      _ = try open("directory", wal: false).scalar("SELECT * FROM sqlite_schema")
    }
    #expect(error.code.primary == .cannotOpen)
  }

  @Test(arguments: [Connection.OpenMode.readWrite, .readOnly])
  func `Only creating makes a file`(mode: Connection.OpenMode) throws {
    let error = try sqliteError { _ = try open(mode: mode, wal: false) }
    #expect(error.code.primary == .cannotOpen)
    #expect(!FileManager.default.fileExists(atPath: TemporaryDirectory.path("test.db")))
  }

  @Test(arguments: [true, false])
  func `A read-only connection reads and refuses to write`(wal: Bool) throws {
    let writer = try open(wal: wal)
    try writer.execute(script: "CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    let reader = try open(mode: .readOnly, wal: false)
    #expect(try reader.scalar("SELECT a FROM t") == "1")
    let error = try sqliteError { try reader.execute(script: "INSERT INTO t VALUES (2)") }
    #expect(error.code.primary == .readOnly)
    #expect(!error.isRetryable)
    try writer.execute(script: "INSERT INTO t VALUES (3)")
    #expect(try reader.scalar("SELECT count(*) FROM t") == "2")
  }

  @Test func `A damaged file is reported as such`() throws {
    let path = TemporaryDirectory.path("test.db")
    try {
      let connection = try open(wal: false)
      try connection.execute(
        script: """
          CREATE TABLE t (a);
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
          INSERT INTO t SELECT hex(zeroblob(200)) FROM n;
          """)
    }()
    let file = try FileHandle(forUpdating: URL(filePath: path))
    try file.seek(toOffset: 4096)
    try file.write(contentsOf: Data(repeating: 0xff, count: 16 * 4096))
    try file.close()
    let connection = try open(wal: false)
    let select = try connection.prepare("SELECT sum(length(a)) FROM t")
    let error = try sqliteError { _ = try select.step() }
    #expect(error.code.primary == .corrupt)
    #expect(error.description.contains("SQLITE_CORRUPT"))
    #expect(error.path.hasSuffix("test.db"))
    // No lock is left.
    try open(wal: false).transaction(.immediate) { () throws(SQLiteError) in }
  }

  @Test(arguments: TransactionMode.allCases)
  func `A full disk ends the transaction and leaves no lock`(mode: TransactionMode) throws {
    let connection = try open()
    try connection.execute(script: "CREATE TABLE t (a); PRAGMA max_page_count = 20")
    var inserted = 0
    let error = try sqliteError {
      try connection.transaction(mode) { () throws(SQLiteError) in
        let insert = try connection.cached("INSERT INTO t VALUES (zeroblob(2000))")
        while inserted < 1000 {
          try insert.run()
          inserted += 1
        }
      }
    }
    #expect(error.code == .full)
    #expect(!error.isRetryable)
    #expect((1..<1000).contains(inserted))
    #expect(!connection.isInTransaction)
    #expect(try connection.scalar("SELECT count(*) FROM t") == "0")
    try open().execute(script: "INSERT INTO t VALUES (1)")
    try connection.execute(script: "INSERT INTO t VALUES (2)")
    #expect(try connection.scalar("SELECT count(*) FROM t") == "2")
  }

  @Test(
    arguments: [
      (5, "SQLITE_BUSY", true), (5 | 1 << 8, "SQLITE_BUSY_RECOVERY", true),
      (5 | 2 << 8, "SQLITE_BUSY_SNAPSHOT", true), (5 | 3 << 8, "SQLITE_BUSY_TIMEOUT", true),
      (6, "SQLITE_LOCKED", false), (11, "SQLITE_CORRUPT", false),
      (13, "SQLITE_FULL", false), (5 | 77 << 8, "SQLITE_BUSY(19717)", true),
      (99, "SQLITE_99", false), (0, "SQLITE_OK", false),
    ] as [(Int32, String, Bool)])
  func `Codes have names and families`(raw: Int32, name: String, isBusy: Bool) {
    let code = ResultCode(rawValue: raw)
    #expect(code.description == name)
    #expect(code.isBusy == isBusy)
    #expect(code.primary.primary == code.primary)
  }
}
