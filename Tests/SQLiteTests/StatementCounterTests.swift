import TestSupport
import Testing

@testable import SQLite

@Suite(.temporaryDirectory) struct StatementCounterTests {
  private func table() throws -> Connection {
    let connection = try open()
    try connection.execute(
      script: """
        CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER);
        CREATE INDEX ix_a ON t (a);
        CREATE TABLE log (id INTEGER PRIMARY KEY, at INTEGER);
        INSERT INTO t (a, b) VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8);
        """)
    return connection
  }

  private func use(_ sql: String, of connection: Connection) throws -> StatementUse {
    _ = connection.takeStatementUses()
    try connection.prepare(sql).run()
    let uses = connection.takeStatementUses()
    try #require(uses.map(\.sql) == [sql])
    return uses[0]
  }

  @Test func everyStatementThatRunsIsCounted() throws {
    let connection = try table()
    let early = try connection.prepare("SELECT a FROM t")
    try early.run()
    connection.setStatementCounting(true)
    // What ran before is nobody's.
    #expect(connection.takeStatementUses().isEmpty)
    try connection.transaction(.immediate) { () throws(SQLiteError) in
      for _ in 0..<3 { try connection.prepare("UPDATE t SET b = b + 1 WHERE id = 1").run() }
      // Reset in the middle.
      _ = try early.step()
      early.reset()
    }
    let uses = connection.takeStatementUses()
    #expect(
      uses.map(\.sql) == [
        "BEGIN IMMEDIATE", "COMMIT", "SELECT a FROM t", "UPDATE t SET b = b + 1 WHERE id = 1",
      ])
    #expect(uses.map(\.runs) == [1, 1, 1, 3])
    #expect(uses.allSatisfy { $0.vmSteps > 0 })
    #expect(uses[2].vmSteps < 20)
    #expect(connection.takeStatementUses().isEmpty)
    connection.setStatementCounting(false)
    try early.run()
    #expect(connection.takeStatementUses().isEmpty)
  }

  @Test func stepsOfTriggersBelongToTheirStatement() throws {
    let connection = try table()
    connection.setStatementCounting(true)
    let insert = "INSERT INTO t (a, b) VALUES (9, 9)"
    let plain = try use(insert, of: connection)
    try connection.execute(
      script: """
        CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log (at) VALUES (NEW.a); END
        """)
    let triggering = try use(insert, of: connection)
    #expect(triggering.runs == 1)
    #expect(triggering.vmSteps > plain.vmSteps + 5)
    connection.setTriggersEnabled(false)
    #expect(try use(insert, of: connection).vmSteps == plain.vmSteps)
  }

  @Test func aScanTakesMoreStepsThanASearch() throws {
    let connection = try table()
    connection.setStatementCounting(true)
    let sql = "SELECT b FROM t WHERE a = 7"
    let search = try use(sql, of: connection)
    try connection.execute(script: "DROP INDEX ix_a")
    #expect(try use(sql, of: connection).vmSteps > search.vmSteps + 8)
  }

  @Test func aStatementMayOutliveItsConnection() throws {
    var connection: Connection? = try table()
    connection?.setStatementCounting(true)
    let statement = try #require(try connection?.prepare("SELECT a FROM t"))
    #expect(try statement.step())
    connection = nil
    statement.reset()
  }

  @Test func plansShowWhatIsRead() throws {
    let connection = try table()
    #expect(
      try connection.queryPlan(of: "SELECT b FROM t WHERE a = ?1")
        == ["SEARCH t USING INDEX ix_a (a=?)"])
    #expect(
      try connection.queryPlan(of: "UPDATE t SET b = 1 WHERE id = (SELECT MAX(a) FROM t)")
        == [
          "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)", "SCALAR SUBQUERY 1",
          "  SEARCH t USING COVERING INDEX ix_a",
        ])
    #expect(try connection.queryPlan(of: "INSERT INTO t (a) VALUES (?1)").isEmpty)
    #expect(try connection.queryPlan(of: "BEGIN IMMEDIATE").isEmpty)
    try connection.execute(script: "DROP INDEX ix_a")
    #expect(try connection.queryPlan(of: "SELECT b FROM t WHERE a = ?1") == ["SCAN t"])
    let error = try sqliteError {
      _ = try connection.queryPlan(of: "SELECT b FROM t INDEXED BY ix_a")
    }
    #expect(error.description.contains("no such index: ix_a"))
  }

  @Test func addressesAreLeftOut() {
    #expect(
      Connection.withoutAddresses("SCAN SUBQUERY 0x55D0AB12 AS x") == "SCAN SUBQUERY subquery AS x")
    #expect(Connection.withoutAddresses("SEARCH 0xyz (a=?)") == "SEARCH 0xyz (a=?)")
  }

  @Test func randomNumbersCanBeRepeated() throws {
    func numbers(seed: UInt64?) throws -> [String?] {
      let connection = try open("random.db")
      if let seed { try connection.makeRandomRepeatable(seed: seed) }
      return try (0..<3).map { _ in try connection.scalar("SELECT random()") }
    }
    #expect(try numbers(seed: 1) == numbers(seed: 1))
    #expect(try numbers(seed: 1) != numbers(seed: 2))
    #expect(try numbers(seed: nil) != numbers(seed: nil))
  }
}
