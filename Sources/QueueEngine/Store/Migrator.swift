internal import SQLite

/// Brings a file to the schema of this program.
struct Migrator {
  let connection: Connection

  /// Makes or migrates the tables, enables strategies and counting; does not write if nothing is missing.
  func migrate(enabling strategies: Set<ClaimStrategy>, counting: Bool) throws {
    let missing = try ClaimStrategy.allCases.filter { strategies.contains($0) }
      .filter { try !isEnabled($0) }
    let beginsCounting = try counting && !countsTasks()
    if try version() == Schema.version, missing.isEmpty, !beginsCounting { return }
    try connection.transaction(.immediate) { () throws(SQLiteError) in
      // Another process may have been here between the look and the lock.
      let current = try version()
      for script in Schema.migrations.dropFirst(current) { try connection.execute(script: script) }
      try connection.execute(
        script: """
          PRAGMA application_id = \(Schema.applicationID);
          PRAGMA user_version = \(max(current, Schema.version));
          """)
      for strategy in missing where try !isEnabled(strategy) {
        try connection.execute(script: Schema.enable(strategy))
      }
      if beginsCounting, try !countsTasks() {
        try connection.execute(script: Schema.enableCounting)
      }
    }
  }

  /// Whether a queue counts its tasks.
  func countsTasks() throws(SQLiteError) -> Bool {
    let statement = try connection.cached(
      "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)")
    defer { statement.reset() }
    try statement.bind(Schema.counterTable, at: 1)
    return try statement.step() && statement.int64(0) == 1
  }

  /// Whether a queue has the index of a strategy.
  func isEnabled(_ strategy: ClaimStrategy) throws(SQLiteError) -> Bool {
    let statement = try connection.cached(
      "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1)")
    defer { statement.reset() }
    try statement.bind(Schema.readyIndex(for: strategy).name, at: 1)
    return try statement.step() && statement.int64(0) == 1
  }

  /// Throws if the file was made by another program, or by a newer version of this one.
  func refuseForeignFile() throws {
    // One snapshot: another process may be making the queue right now.
    var version = 0
    var applicationID: Int64 = 0
    var tables: Int64 = 0
    try connection.transaction(.deferred) { () throws(SQLiteError) in
      version = try self.version()
      applicationID = try integer("PRAGMA application_id")
      tables = try integer("SELECT COUNT(*) FROM sqlite_schema")
    }
    guard version <= Schema.version else {
      throw QueueError(
        code: .schemaTooNew,
        message: """
          \(connection.path): the queue has schema version \(version), and this program knows \
          versions up to \(Schema.version); use the program that made it, or a newer one
          """)
    }
    guard applicationID == Int64(Schema.applicationID) || (version == 0 && tables == 0) else {
      throw QueueError(
        code: .notAQueue,
        message: """
          \(connection.path): a database of another program (application_id \(applicationID), \
          \(tables) tables and indexes); name a file of its own for the queue
          """)
    }
  }

  private func version() throws(SQLiteError) -> Int {
    Int(try integer("PRAGMA user_version"))
  }

  private func integer(_ sql: String) throws(SQLiteError) -> Int64 {
    let statement = try connection.prepare(sql)
    defer { statement.reset() }
    return try statement.step() ? statement.int64(0) : 0
  }
}
