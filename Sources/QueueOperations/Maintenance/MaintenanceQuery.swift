internal import QueueEngine
internal import SQLite

/// Small questions that maintenance asks a database.
enum MaintenanceQuery {
  /// The first column of the first row; 0 if there is none.
  static func integer(_ sql: String, on connection: Connection) throws(SQLiteError) -> Int64 {
    let statement = try connection.prepare(sql)
    defer { statement.reset() }
    return try statement.step() ? statement.int64(0) : 0
  }

  /// The first column of every row.
  static func texts(_ sql: String, on connection: Connection) throws(SQLiteError) -> [String] {
    let statement = try connection.prepare(sql)
    defer { statement.reset() }
    var texts: [String] = []
    while try statement.step() { texts.append(statement.text(0) ?? "") }
    return texts
  }

  /// How many rows the tables have; reads every page of them.
  static func rowCounts(on connection: Connection) throws(SQLiteError) -> QueueRowCounts {
    QueueRowCounts(
      tasks: Int(try integer("SELECT COUNT(*) FROM task_queue", on: connection)),
      lanes: Int(try integer("SELECT COUNT(*) FROM task_lanes", on: connection)),
      workers: Int(try integer("SELECT COUNT(*) FROM workers", on: connection)),
      logs: Int(try integer("SELECT COUNT(*) FROM task_logs", on: connection)))
  }

  /// What is wrong with a database; empty if nothing is. At most `limit` lines.
  static func problems(
    quick: Bool, limit: Int, on connection: Connection
  ) throws(SQLiteError) -> [String] {
    let check = quick ? "quick_check" : "integrity_check"
    var problems = try texts("PRAGMA \(check)(\(limit))", on: connection).filter { $0 != "ok" }
    let orphans = try connection.prepare("PRAGMA foreign_key_check")
    defer { orphans.reset() }
    while problems.count < limit, try orphans.step() {
      let row = orphans.isNull(1) ? "a row" : "row \(orphans.int64(1))"
      problems.append(
        "\(row) of \(orphans.text(0) ?? "?") refers to a row of \(orphans.text(2) ?? "?") that is missing"
      )
    }
    return problems
  }
}

extension QueueDatabase {
  /// A connection of its own, for what takes long: nobody who shares the database has to wait for it.
  ///
  /// Not the last one to the file while the database is open, so that closing it is no checkpoint.
  func ownConnection() throws -> Connection {
    do throws(SQLiteError) {
      return try Connection(path: filePath, mode: .readWrite, busyPolicy: busyPolicy)
    } catch {
      throw QueueError(error)
    }
  }

  /// Whether the queue has a write-ahead log, so that readers and writers do not wait for each other.
  func hasWriteAheadLog() throws -> Bool {
    try withConnection { (connection: Connection) throws(SQLiteError) -> Bool in
      try connection.value(of: .journalMode) == "WAL"
    }
  }
}

extension QueueMaintenance {
  /// Runs `body`, and says what went wrong in the queue's words.
  func translated<R>(_ body: () throws(SQLiteError) -> R) throws -> R {
    do { return try body() } catch { throw QueueError(error) }
  }
}
