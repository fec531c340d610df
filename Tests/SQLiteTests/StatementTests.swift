import TestSupport
import Testing

@testable import SQLite

/// Statements against values of all kinds.
@Suite(.temporaryDirectory)
struct StatementTests {
  @Test(
    arguments: [
      "", "a", "fifteen bytes..", "sixteen bytes...", "ä€😀", "nul\0inside", "\0", "\0\0",
      "e\u{301}", String(repeating: "x", count: 4096), String(repeating: "ü", count: 1_500_000),
    ])
  func `Text comes back byte for byte`(text: String) throws {
    let connection = try open()
    try connection.execute(script: "CREATE TABLE t (v TEXT)")
    let insert = try connection.prepare("INSERT INTO t VALUES (?1)")
    try insert.bind(text, at: 1)
    try insert.run()
    let select = try connection.prepare("SELECT v, typeof(v), length(CAST(v AS BLOB)) FROM t")
    #expect(try select.step())
    #expect(select.text(0).map { Array($0.utf8) } == Array(text.utf8))
    #expect(select.text(1) == "text")
    #expect(select.int64(2) == Int64(text.utf8.count))
    #expect(select.withText(0) { Array($0) } == Array(text.utf8))
    #expect(try !select.step())
  }

  @Test(
    arguments: [0, 1, -1, 127, 128, .max, .min, 1 << 47, -(1 << 31)] as [Int64])
  func `Integers come back`(value: Int64) throws {
    let select = try open().prepare("SELECT ?1, typeof(?1)")
    select.bind(value, at: 1)
    #expect(try select.step())
    #expect(select.int64(0) == value)
    #expect(select.text(1) == "integer")
    #expect(!select.isNull(0))
  }

  @Test(
    arguments: [
      0, -0.0, 1.5, .pi, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
    ])
  func `Floating-point numbers come back`(value: Double) throws {
    let select = try open().prepare("SELECT ?1, typeof(?1)")
    select.bind(value, at: 1)
    #expect(try select.step())
    #expect(select.double(0) == value)
    #expect(select.text(1) == "real")
  }

  @Test func `Not-a-number becomes NULL`() throws {
    let select = try open().prepare("SELECT ?1")
    select.bind(Double.nan, at: 1)
    #expect(try select.step())
    #expect(select.isNull(0))
  }

  @Test func `NULL reads as nil, zero and no bytes`() throws {
    let select = try open().prepare("SELECT ?1, ?2")
    select.bindNull(at: 1)
    try select.bind(nil as String?, at: 2)
    #expect(try select.step())
    for column in [0, 1] as [Int32] {
      #expect(select.isNull(column))
      #expect(select.text(column) == nil)
      #expect(select.int64(column) == 0)
      #expect(select.double(column) == 0)
      #expect(select.withText(column) { $0.count } == 0)
    }
  }

  @Test(
    arguments: [
      ("x'ff'", "\u{fffd}"), ("x'61ff62'", "a\u{fffd}b"), ("x'c3'", "\u{fffd}"),
      ("x''", ""), ("x'00'", "\0"),
    ])
  func `Invalid UTF-8 from a blob is repaired`(blob: String, expected: String) throws {
    let select = try open().prepare("SELECT \(blob)")
    #expect(try select.step())
    #expect(!select.isNull(0))
    // SQLite has no address for an empty blob, which reads as nil.
    #expect((select.text(0) ?? "") == expected)
  }

  @Test func `Bytes are borrowed while the statement runs`() throws {
    let connection = try open()
    try connection.execute(script: "CREATE TABLE t (v TEXT)")
    let insert = try connection.prepare("INSERT INTO t VALUES (?1)")
    var bytes = Array("first".utf8)
    for text in ["first", "again"] {
      bytes = Array(text.utf8)
      try bytes.withUnsafeBytes { buffer throws in
        insert.bind(borrowing: buffer, at: 1)
        try insert.run()
      }
    }
    #expect(try connection.scalar("SELECT group_concat(v) FROM t") == "first,again")
    #expect(try connection.scalar("SELECT group_concat(DISTINCT typeof(v)) FROM t") == "text")
  }

  @Test func `An empty borrowed buffer is empty text, not NULL`() throws {
    let select = try open().prepare("SELECT typeof(?1)")
    select.bind(borrowing: UnsafeRawBufferPointer(start: nil, count: 0), at: 1)
    #expect(try select.step())
    #expect(select.text(0) == "text")
  }

  @Test func `Bindings survive a reset and can be replaced`() throws {
    let select = try open().prepare("SELECT ?1 + ?2")
    select.bind(1 as Int64, at: 1)
    select.bind(2 as Int64, at: 2)
    #expect(try select.step())
    #expect(select.int64(0) == 3)
    select.reset()
    select.bind(40 as Int64, at: 2)
    #expect(try select.step())
    #expect(select.int64(0) == 41)
  }

  @Test func `A cached statement is compiled once, a prepared one each time`() throws {
    let connection = try open()
    let sql = "SELECT 1"
    #expect(try connection.cached(sql) === connection.cached(sql))
    #expect(try connection.cached(sql) !== connection.cached("SELECT 2"))
    #expect(try connection.prepare(sql) !== connection.prepare(sql))
  }

  @Test func `A cached statement survives a change of the schema`() throws {
    let connection = try open()
    try connection.execute(script: "CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    let select = try connection.cached("SELECT * FROM t")
    #expect(try select.step())
    #expect(select.columnCount == 1)
    select.reset()
    let other = try open()
    try other.execute(script: "ALTER TABLE t ADD COLUMN b DEFAULT 2")
    #expect(try select.step())
    #expect(select.columnCount == 2)
    #expect(select.columnName(1) == "b")
    #expect(select.int64(1) == 2)
  }

  @Test func `Column names and counts are the statement's`() throws {
    let connection = try open()
    let select = try connection.prepare("SELECT 1 AS one, 2 AS \"zwei ä\"")
    #expect(select.columnCount == 2)
    #expect(select.columnName(0) == "one")
    #expect(select.columnName(1) == "zwei ä")
    #expect(select.columnName(9) == "")
    #expect(try connection.prepare("CREATE TABLE t (a)").columnCount == 0)
  }

  @Test func `Running passes every row of a RETURNING statement`() throws {
    let connection = try open()
    try connection.execute(script: "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)")
    let update = try connection.prepare("UPDATE t SET a = a + 1 RETURNING a")
    try update.run()
    #expect(connection.changes == 3)
    #expect(try connection.scalar("SELECT sum(a) FROM t") == "9")
  }

  @Test func `Inserted ids and changes belong to the outer statement`() throws {
    let connection = try open()
    try connection.execute(
      script: """
        CREATE TABLE t (id INTEGER PRIMARY KEY);
        CREATE TABLE log (id INTEGER PRIMARY KEY);
        INSERT INTO log VALUES (100);
        CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NULL); END;
        """)
    try connection.prepare("INSERT INTO t VALUES (7)").run()
    #expect(connection.lastInsertedID == 7)
    #expect(connection.changes == 1)
    #expect(try connection.scalar("SELECT max(id) FROM log") == "101")
  }

  @Test func `Work is counted in steps and taken once`() throws {
    let connection = try open()
    try connection.execute(script: "CREATE TABLE t (a)")
    func steps(rows: Int) throws -> Int64 {
      let select = try connection.prepare(
        """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
        SELECT count(*) FROM n
        """)
      try select.run()
      let steps = select.takeVMSteps()
      #expect(select.takeVMSteps() == 0)
      return steps
    }
    let few = try steps(rows: 10)
    let many = try steps(rows: 1000)
    #expect(few > 10)
    #expect(many > few * 20)
    #expect(try steps(rows: 1000) == many)
  }

  @Test func `Statements outlive their connection`() throws {
    let select = try { () throws -> Statement in
      let connection = try open()
      try connection.execute(script: "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)")
      _ = try connection.cached("SELECT 1")
      return try connection.prepare("SELECT a FROM t ORDER BY a")
    }()
    #expect(try select.step())
    #expect(select.int64(0) == 1)
    #expect(try select.step())
    #expect(select.int64(0) == 2)
    #expect(try !select.step())
    let again = try open()
    #expect(try again.scalar("SELECT count(*) FROM t") == "2")
  }

  @Test func `A statement that outlives its connection can still fail`() throws {
    try open().execute(script: "CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)")
    let insert = try { () throws -> Statement in
      try open(busyPolicy: .timeout(timeoutMs: 60_000)).prepare("INSERT INTO t VALUES (1)")
    }()
    #expect(try sqliteError { try insert.run() }.code.rawValue == 2067)
    let other = try open()
    try other.begin(.immediate)
    // The busy handler went with the connection: no waiting, and no call into freed memory.
    #expect(try sqliteError { try insert.run() }.code == .busy)
    other.rollBack()
  }

  @Test func `SQL without a statement is an error`() throws {
    let connection = try open()
    for sql in ["", "   ", "-- only a comment"] {
      let error = try sqliteError { _ = try connection.prepare(sql) }
      #expect(error.code == .error)
      #expect(error.sql == sql)
    }
  }

  @Test(arguments: ["SELECT 1; SELECT 2", "SELECT 1; DROP TABLE t", "SELECT 1\0, 2"])
  func `A second statement is refused, not silently dropped`(sql: String) throws {
    let connection = try open()
    try connection.execute(script: "CREATE TABLE t (a)")
    #expect(throws: SQLiteError.self) { try connection.prepare(sql) }
  }
}
