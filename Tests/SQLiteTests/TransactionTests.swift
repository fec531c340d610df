import TestSupport
import Testing

@testable import SQLite

/// Transactions begin, end and are run again as they should.
@Suite(.temporaryDirectory)
struct TransactionTests {
  /// Two connections to a table with one row.
  private func pair(
    busyPolicy: BusyPolicy = .timeout(timeoutMs: 10_000)
  ) throws -> (first: Connection, second: Connection) {
    let first = try open(busyPolicy: busyPolicy)
    try first.execute(script: "CREATE TABLE t (a); INSERT INTO t VALUES (0)")
    return (first, try open())
  }

  private func increment(_ connection: Connection) throws(SQLiteError) {
    try connection.cached("UPDATE t SET a = a + 1").run()
  }

  private func read(_ connection: Connection) throws(SQLiteError) -> Int64 {
    let select = try connection.cached("SELECT a FROM t")
    defer { select.reset() }
    return try select.step() ? select.int64(0) : -1
  }

  @Test(arguments: TransactionMode.allCases)
  func `A transaction commits and returns`(mode: TransactionMode) throws {
    let (first, second) = try pair()
    let value = try first.transaction(mode) { () throws(SQLiteError) -> Int64 in
      #expect(first.isInTransaction)
      try increment(first)
      return try read(first)
    }
    #expect(value == 1)
    #expect(!first.isInTransaction)
    #expect(try read(second) == 1)
  }

  @Test(arguments: TransactionMode.allCases)
  func `An error rolls back and gives up the lock`(mode: TransactionMode) throws {
    let (first, second) = try pair()
    let thrown = SQLiteError(code: .error, message: "by the body", path: "")
    for _ in 0..<2 {
      let error = try sqliteError {
        try first.transaction(mode) { () throws(SQLiteError) in
          try increment(first)
          throw thrown
        }
      }
      #expect(error == thrown)
      #expect(!first.isInTransaction)
    }
    #expect(try read(first) == 0)
    try increment(second)
    #expect(try read(first) == 1)
    #expect(first.busyCounters == BusyCounters())
  }

  @Test func `Immediate takes the write lock at once, deferred at the first write`() throws {
    let (first, second) = try pair()
    try first.begin(.immediate)
    #expect(try sqliteError { try increment(second) }.code == .busy)
    try first.commit()
    try first.begin(.deferred)
    try increment(second)
    #expect(try read(first) == 1)
    try increment(second)
    #expect(try read(first) == 1)
    let error = try sqliteError { try increment(first) }
    #expect(error.code == .busySnapshot)
    #expect(error.code.description == "SQLITE_BUSY_SNAPSHOT")
    #expect(error.isRetryable)
    first.rollBack()
    #expect(try read(first) == 2)
  }

  @Test(arguments: [1, 2, 3, 5])
  func `A lost snapshot is run again and counted`(losses: Int) throws {
    let (first, second) = try pair()
    var runs = 0
    let seen = try first.transaction(.deferred) { () throws(SQLiteError) -> Int64 in
      runs += 1
      let seen = try read(first)
      if runs <= losses { try increment(second) }
      try increment(first)
      return seen
    }
    #expect(runs == losses + 1)
    #expect(seen == Int64(losses))
    #expect(try read(second) == Int64(losses) + 1)
    #expect(first.busyCounters.restarts == UInt32(losses))
    #expect(first.busyCounters.callbacks >= UInt32(losses))
  }

  @Test func `The first restart does not wait`() throws {
    let (first, second) = try pair(busyPolicy: .fixed(delayUs: 3_000_000, timeoutMs: 3_600_000))
    var runs = 0
    try first.transaction(.deferred) { () throws(SQLiteError) in
      runs += 1
      _ = try read(first)
      if runs == 1 { try increment(second) }
      try increment(first)
    }
    #expect(runs == 2)
    #expect(first.busyCounters.sleptNs == 0)
  }

  @Test func `Only what is run again counts as a restart`() throws {
    let (first, second) = try pair(busyPolicy: .timeout(timeoutMs: 0))
    var runs = 0
    let error = try sqliteError {
      try first.transaction(.deferred) { () throws(SQLiteError) in
        runs += 1
        _ = try read(first)
        try increment(second)
        try increment(first)
      }
    }
    #expect(error.code == .busySnapshot)
    #expect(runs == 1)
    #expect(first.busyCounters.restarts == 0)
  }

  @Test func `Immediate transactions are never run again`() throws {
    let (first, _) = try pair()
    var runs = 0
    _ = try sqliteError {
      try first.transaction(.immediate) { () throws(SQLiteError) in
        runs += 1
        throw SQLiteError(code: .busy, message: "by the body", path: "")
      }
    }
    #expect(runs == 1)
    #expect(first.busyCounters.restarts == 0)
  }

  @Test func `A deferred transaction waits for its time and no longer`() throws {
    // SQLite's schedule counts delays, so its end does not depend on the clock: 1 + 2 ms, refused
    // the third time. Restarting must not multiply that.
    let (first, second) = try pair(busyPolicy: .sqlite(timeoutMs: 3))
    try second.begin(.immediate)
    var runs = 0
    let error = try sqliteError {
      try first.transaction(.deferred) { () throws(SQLiteError) in
        runs += 1
        try increment(first)
      }
    }
    #expect(error.code == .busy)
    #expect(runs == 1)
    #expect(first.busyCounters.callbacks <= 4)
  }

  @Test func `A transaction inside of another fails without ending it`() throws {
    let (first, second) = try pair()
    try first.begin(.immediate)
    try increment(first)
    #expect(throws: SQLiteError.self) {
      try first.transaction(.immediate) { () throws(SQLiteError) in }
    }
    #expect(first.isInTransaction)
    if first.isInTransaction { try first.commit() }
    #expect(try read(second) == 1)
  }

  @Test func `Rolling back without a transaction does nothing`() throws {
    let (first, _) = try pair()
    first.rollBack()
    try first.begin(.deferred)
    first.rollBack()
    first.rollBack()
    #expect(!first.isInTransaction)
    #expect(try read(first) == 0)
  }

  @Test func `A commit that a reader blocks can be repeated`() throws {
    let writer = try open("rollback.db", wal: false)
    try writer.execute(script: "CREATE TABLE t (a); INSERT INTO t VALUES (0)")
    let reader = try open("rollback.db", wal: false)
    try reader.begin(.deferred)
    #expect(try read(reader) == 0)
    try writer.begin(.immediate)
    try increment(writer)
    #expect(try sqliteError { try writer.commit() }.code == .busy)
    #expect(writer.isInTransaction)
    reader.rollBack()
    try writer.commit()
    #expect(try read(reader) == 1)
  }

  @Test func `A commit that a reader blocks is rolled back by transaction`() throws {
    let writer = try open("rollback.db", wal: false)
    try writer.execute(script: "CREATE TABLE t (a); INSERT INTO t VALUES (0)")
    let reader = try open("rollback.db", wal: false)
    try reader.begin(.deferred)
    #expect(try read(reader) == 0)
    let error = try sqliteError {
      try writer.transaction(.immediate) { () throws(SQLiteError) in try increment(writer) }
    }
    #expect(error.code == .busy)
    #expect(!writer.isInTransaction)
    reader.rollBack()
    #expect(try read(writer) == 0)
  }

  @Test(arguments: TransactionMode.allCases)
  func `Threads that read and write lose no update`(mode: TransactionMode) throws {
    let path = TemporaryDirectory.path("test.db")
    try open().execute(script: "CREATE TABLE t (a); INSERT INTO t VALUES (0)")
    let restarts = try inParallel(3) { _ in
      let connection = try Connection(
        path: path, busyPolicy: .backoff(initialUs: 50, maxUs: 2000, timeoutMs: 60_000))
      for _ in 0..<100 {
        try connection.transaction(mode) { () throws(SQLiteError) in
          let select = try connection.cached("SELECT a FROM t")
          _ = try select.step()
          let value = select.int64(0)
          select.reset()
          let update = try connection.cached("UPDATE t SET a = ?1")
          update.bind(value + 1, at: 1)
          try update.run()
        }
      }
      return connection.busyCounters.restarts
    }
    #expect(try open().scalar("SELECT a FROM t") == "300")
    if mode == .immediate { #expect(restarts.allSatisfy { $0 == 0 }) }
  }
}
