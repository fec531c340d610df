public import QueueEngine
internal import SQLite

/// The SQL of reading the task log and of keeping it short.
private enum TaskLogStatements {
  /// Parameters: task, number before which to begin, level or NULL, limit.
  static let ofTask = """
    SELECT \(TaskLog.columns) FROM task_logs INDEXED BY ix_task_logs_task
    WHERE task_id = ?1 AND log_id < ?2 AND (?3 IS NULL OR upper(level) = ?3)
    ORDER BY log_id DESC LIMIT ?4
    """
  /// Parameters: number before which to begin, level or NULL, limit.
  static let recent = """
    SELECT \(TaskLog.columns) FROM task_logs
    WHERE log_id < ?1 AND (?2 IS NULL OR upper(level) = ?2) ORDER BY log_id DESC LIMIT ?3
    """
  /// Parameters: number after which to begin, moment, limit.
  static let olderThan = """
    SELECT log_id FROM task_logs NOT INDEXED WHERE log_id > ?1 AND at_utc < ?2
    ORDER BY log_id LIMIT ?3
    """
  /// Parameters: numbers as a JSON array, moment.
  static let delete = """
    DELETE FROM task_logs WHERE log_id IN (SELECT value FROM json_each(?1)) AND at_utc < ?2
    """
}

extension TaskLogger {
  /// How many entries one transaction deletes: some 2 ms of work.
  private static let deletionsPerTransaction: Int64 = 500

  /// Entries about a task, the newest first.
  ///
  /// What waits is written before, so that everything that was logged through this logger is there.
  ///
  /// - Parameters:
  ///   - taskID: the task; of one that does not exist there are none.
  ///   - level: those of that level only; nil for all.
  ///   - limit: how many at most.
  ///   - id: those before that entry only, for the next page; nil begins with the newest.
  /// - Returns: the entries.
  /// - Throws: `QueueError`.
  public func entries(
    of taskID: TaskID, level: TaskLogLevel? = nil, limit: Int = 100, before id: Int64? = nil
  ) throws -> [TaskLog] {
    try Self.check(limit: limit)
    writeForReader()
    return try database.read { (connection) throws(SQLiteError) -> [TaskLog] in
      let rows = try connection.cached(TaskLogStatements.ofTask)
      defer { rows.reset() }
      rows.bind(taskID.rawValue, at: 1)
      rows.bind(id ?? Int64.max, at: 2)
      try rows.bind(level?.rawValue, at: 3)
      rows.bind(Int64(limit), at: 4)
      return try Self.read(rows)
    }
  }

  /// The newest entries about any task, the newest first; for parameters and errors see
  /// ``entries(of:level:limit:before:)``.
  public func recent(
    limit: Int = 100, level: TaskLogLevel? = nil, before id: Int64? = nil
  ) throws -> [TaskLog] {
    try Self.check(limit: limit)
    writeForReader()
    return try database.read { (connection) throws(SQLiteError) -> [TaskLog] in
      let rows = try connection.cached(TaskLogStatements.recent)
      defer { rows.reset() }
      rows.bind(id ?? Int64.max, at: 1)
      try rows.bind(level?.rawValue, at: 2)
      rows.bind(Int64(limit), at: 3)
      return try Self.read(rows)
    }
  }

  /// Deletes entries that are older than that many days.
  ///
  /// Looks for them without keeping anybody from writing, and deletes them by a few hundred per
  /// transaction.
  ///
  /// - Parameters:
  ///   - days: how old entries may become, in days of 24 hours; 0 deletes all up to now.
  ///   - now: what age is counted from.
  /// - Returns: how many were deleted.
  /// - Throws: `QueueError`; what was deleted before that stays so.
  @discardableResult
  public func deleteOld(olderThanDays days: Int = 30, now: Timestamp = .now()) throws -> Int {
    guard (0...Self.mostDays).contains(days) else {
      throw QueueError(
        code: .invalidArgument,
        message: "days must be from 0 to \(Self.mostDays), not \(days)")
    }
    let moment = now.adding(milliseconds: -Int64(days) * 86_400_000).description
    var last: Int64 = 0
    var deletedCount = 0
    while true {
      let ids = try idsOfEntries(after: last, olderThan: moment)
      guard let greatest = ids.last else { return deletedCount }
      last = greatest
      let list = "[" + ids.map { "\($0)" }.joined(separator: ",") + "]"
      deletedCount += try database.write { (connection) throws(SQLiteError) -> Int in
        let statement = try connection.cached(TaskLogStatements.delete)
        try statement.bind(list, at: 1)
        try statement.bind(moment, at: 2)
        try statement.run()
        return connection.changes
      }
    }
  }

  /// A thousand years: none of ours is older.
  private static let mostDays = 365_000

  private func idsOfEntries(after last: Int64, olderThan moment: String) throws -> [Int64] {
    try database.read { (connection) throws(SQLiteError) -> [Int64] in
      let rows = try connection.cached(TaskLogStatements.olderThan)
      defer { rows.reset() }
      rows.bind(last, at: 1)
      try rows.bind(moment, at: 2)
      rows.bind(Self.deletionsPerTransaction, at: 3)
      var ids: [Int64] = []
      while try rows.step() { ids.append(rows.int64(0)) }
      return ids
    }
  }

  private static func read(_ rows: Statement) throws(SQLiteError) -> [TaskLog] {
    var entries: [TaskLog] = []
    while try rows.step() { entries.append(TaskLog(row: rows)) }
    return entries
  }

  private static func check(limit: Int) throws {
    guard limit >= 0 else {
      throw QueueError(
        code: .invalidArgument, message: "limit must not be negative, as \(limit) is")
    }
  }
}
