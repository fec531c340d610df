internal import SQLite

/// The SQL of enqueueing. Parameters: type, priority, payload, compatibility, max attempts, run
/// after, created at, lane, lottery distance, idempotency key.
enum EnqueueStatements {
  private static let columns = """
    INSERT INTO task_queue (type, priority, payload, compatibility, max_attempts, run_after_utc,
      created_at_utc, lane, lottery_key, idempotency_key)
    """
  private static let values = "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, ?10)"
  /// The lottery's position is read where the row is written, under the same lock.
  private static let lotteryValues = """
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
      (SELECT lottery_position FROM task_lanes WHERE lane = ?8) + ?9, ?10)
    """
  private static let onConflict =
    "ON CONFLICT (idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING"

  static func insert(hasLottery: Bool, hasKey: Bool) -> String {
    [columns, hasLottery ? lotteryValues : values, hasKey ? onConflict : ""]
      .joined(separator: "\n")
  }

  /// Parameter: idempotency key.
  static let findByKey = "SELECT id FROM task_queue WHERE idempotency_key = ?1"
}

extension SQLiteQueueStore {
  public func enqueue(_ task: NewTask, now: Timestamp) throws -> EnqueueReceipt {
    try task.validate()
    // One statement is a transaction by itself, unless its lane or its key needs a second one.
    if task.idempotencyKey == nil,
      lanes.knownLane(type: task.type, compatibility: task.compatibility) != nil
    {
      return try autocommit { () throws(SQLiteError) in try insert(task, now: now) }
    }
    return try transaction { () throws(SQLiteError) in try insert(task, now: now) }
  }

  public func enqueue(_ tasks: [NewTask], now: Timestamp) throws -> [EnqueueReceipt] {
    for (index, task) in tasks.enumerated() { try task.validate(at: index) }
    return try transaction { () throws(SQLiteError) in
      var receipts: [EnqueueReceipt] = []
      receipts.reserveCapacity(tasks.count)
      for task in tasks { receipts.append(try insert(task, now: now)) }
      return receipts
    }
  }

  @inline(__always)
  private func insert(_ task: NewTask, now: Timestamp) throws(SQLiteError) -> EnqueueReceipt {
    let isReady = task.runAfter.map { $0 <= now } ?? true
    let statement = try insertStatement(hasKey: task.idempotencyKey != nil)
    try statement.bind(task.type, at: 1)
    statement.bind(Int64(task.priority), at: 2)
    try statement.bind(task.payload, at: 3)
    try statement.bind(task.compatibility, at: 4)
    statement.bind(Int64(task.maxAttempts), at: 5)
    statement.bind(borrowing: untilText.text(task.runAfter ?? now), at: 6)
    statement.bind(borrowing: nowText.text(now), at: 7)
    if isReady {
      let lane = try lanes.lane(type: task.type, compatibility: task.compatibility)
      statement.bind(lane, at: 8)
      noteArrival(lane: lane)
    } else {
      statement.bindNull(at: 8)
      noteArrival(dueAt: task.runAfter ?? now, now: now)
    }
    if isLotteryEnabled {
      statement.bind(Lottery.distance(priority: task.priority, using: &random), at: 9)
    }
    guard let key = task.idempotencyKey else {
      try statement.run()
      return EnqueueReceipt(id: TaskID(rawValue: connection.lastInsertedID), isNew: true)
    }
    try statement.bind(key, at: 10)
    try statement.run()
    if connection.changes == 1 {
      return EnqueueReceipt(id: TaskID(rawValue: connection.lastInsertedID), isNew: true)
    }
    let find = try connection.cached(EnqueueStatements.findByKey)
    defer { find.reset() }
    try find.bind(key, at: 1)
    _ = try find.step()
    return EnqueueReceipt(id: TaskID(rawValue: find.int64(0)), isNew: false)
  }

  private func insertStatement(hasKey: Bool) throws(SQLiteError) -> Statement {
    if !hasKey, let plainInsert { return plainInsert }
    let statement = try connection.cached(
      EnqueueStatements.insert(hasLottery: isLotteryEnabled, hasKey: hasKey))
    if !hasKey { plainInsert = statement }
    return statement
  }
}
