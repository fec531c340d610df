internal import SQLite

/// The SQL of enqueueing. Parameters, for each row: type, priority, payload, compatibility, max
/// attempts, run after, created at, lane, lottery distance, idempotency key.
enum EnqueueStatements {
  /// How many parameters a row has.
  static let parametersPerRow: Int32 = 10
  /// How many rows of a batch one statement inserts.
  ///
  /// Opening the table, its indexes and the sequence of ids costs a third of an insert. More rows save
  /// little of what is left, and would have small batches go without.
  static let rowsPerStatement = 25

  private static let columns = """
    INSERT INTO task_queue (type, priority, payload, compatibility, max_attempts, run_after_utc,
      created_at_utc, lane, lottery_key, idempotency_key) VALUES
    """
  private static let onConflict =
    "ON CONFLICT (idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING"

  private static func row(_ row: Int, hasLottery: Bool) -> String {
    func parameter(_ number: Int) -> String { "?\(row * Int(parametersPerRow) + number)" }
    let plain = (1...8).map(parameter).joined(separator: ", ")
    // The lottery's position is read where the row is written, under the same lock.
    let key =
      hasLottery
      ? """
      (SELECT lottery_position FROM task_lanes WHERE lane = \(parameter(8))) + \(parameter(9))
      """ : "NULL"
    return "(\(plain), \(key), \(parameter(10)))"
  }

  static func insert(rows: Int = 1, hasLottery: Bool, hasKey: Bool) -> String {
    let values = (0..<rows).map { row($0, hasLottery: hasLottery) }.joined(separator: ",\n  ")
    return [columns, values, hasKey ? onConflict : ""].joined(separator: "\n")
  }

  /// Parameter: idempotency key.
  static let findByKey = "SELECT id FROM task_queue WHERE idempotency_key = ?1"
}

/// The lane whose type and compatibility are bound to a row's parameters.
struct BoundLane: Equatable {
  /// 0 for none.
  var id: Int64 = 0
  /// Lanes that were made in a transaction that did not happen may come back as others.
  var generation = 0
}

extension SQLiteQueueStore {
  public func enqueue(_ task: NewTask, now: Timestamp) throws -> EnqueueReceipt {
    try task.validate()
    // One statement is a transaction by itself, unless its lane or its key needs a second one.
    if task.idempotencyKey == nil,
      lanes.knownLane(type: task.type, compatibility: task.compatibility) != nil
    {
      return try countedAutocommit { () throws(SQLiteError) in try insert(task, now: now) }
    }
    return try transaction { () throws(SQLiteError) in try insert(task, now: now) }
  }

  public func enqueue(_ tasks: [NewTask], now: Timestamp) throws -> [EnqueueReceipt] {
    for (index, task) in tasks.enumerated() { try task.validate(at: index) }
    return try transaction { () throws(SQLiteError) in
      var receipts: [EnqueueReceipt] = []
      receipts.reserveCapacity(tasks.count)
      var rest = tasks[...]
      while !rest.isEmpty {
        let chunk = rest.prefix(EnqueueStatements.rowsPerStatement)
        if chunk.count == EnqueueStatements.rowsPerStatement,
          chunk.allSatisfy({ $0.idempotencyKey == nil })
        {
          receipts += try insertMany(chunk, now: now)
        } else {
          for task in chunk { receipts.append(try insert(task, now: now)) }
        }
        rest = rest.dropFirst(chunk.count)
      }
      return receipts
    }
  }

  /// Inserts as many tasks as one statement takes, none of which has a key.
  private func insertMany(
    _ tasks: ArraySlice<NewTask>, now: Timestamp
  ) throws(SQLiteError) -> [EnqueueReceipt] {
    let statement = try statementForMany()
    for (row, task) in tasks.enumerated() {
      try bind(
        task, to: statement, after: Int32(row) * EnqueueStatements.parametersPerRow,
        boundLane: &manyBoundLanes[row], now)
    }
    try statement.run()
    if let counter {
      for task in tasks { counter.noteAdded(type: task.type) }
    }
    // One statement under the write lock: the ids follow each other.
    let last = connection.lastInsertedID
    return ((last - Int64(tasks.count) + 1)...last).map {
      EnqueueReceipt(id: TaskID(rawValue: $0), isNew: true)
    }
  }

  /// Binds a task to the parameters that follow `offset`, but for the idempotency key.
  ///
  /// `boundLane` is the lane whose type and compatibility are bound there already; tasks of one lane
  /// mostly follow each other, and two copies of text are a good part of the cost of a batch.
  @inline(__always)
  private func bind(
    _ task: NewTask, to statement: Statement, after offset: Int32, boundLane: inout BoundLane,
    _ now: Timestamp
  ) throws(SQLiteError) {
    if let runAfter = task.runAfter, runAfter > now {
      boundLane = BoundLane()
      try bindText(of: task, to: statement, after: offset)
      statement.bindNull(at: offset + 8)
      noteArrival(dueAt: runAfter, now: now)
    } else {
      let lane = try lanes.lane(type: task.type, compatibility: task.compatibility)
      let wanted = BoundLane(id: lane, generation: lanes.generation)
      if boundLane != wanted {
        boundLane = BoundLane()
        try bindText(of: task, to: statement, after: offset)
        statement.bind(lane, at: offset + 8)
        boundLane = wanted
      }
      noteArrival(lane: lane)
    }
    statement.bind(Int64(task.priority), at: offset + 2)
    try statement.bind(task.payload, at: offset + 3)
    statement.bind(Int64(task.maxAttempts), at: offset + 5)
    if let runAfter = task.runAfter {
      try statement.bind(runAfter.description, at: offset + 6)
    } else {
      statement.bind(borrowing: nowText.text(now), at: offset + 6)
    }
    statement.bind(borrowing: nowText.text(now), at: offset + 7)
    if isLotteryEnabled {
      statement.bind(
        Lottery.distance(priority: task.priority, using: &random), at: offset + 9)
    }
  }

  private func bindText(
    of task: NewTask, to statement: Statement, after offset: Int32
  ) throws(SQLiteError) {
    try statement.bind(task.type, at: offset + 1)
    try statement.bind(task.compatibility, at: offset + 4)
  }

  @inline(__always)
  private func insert(_ task: NewTask, now: Timestamp) throws(SQLiteError) -> EnqueueReceipt {
    let statement = try insertStatement(hasKey: task.idempotencyKey != nil)
    var boundLane = task.idempotencyKey == nil ? plainBoundLane : BoundLane()
    try bind(task, to: statement, after: 0, boundLane: &boundLane, now)
    if task.idempotencyKey == nil { plainBoundLane = boundLane }
    guard let key = task.idempotencyKey else {
      try statement.run()
      counter?.noteAdded(type: task.type)
      return EnqueueReceipt(id: TaskID(rawValue: connection.lastInsertedID), isNew: true)
    }
    try statement.bind(key, at: 10)
    try statement.run()
    if connection.changes == 1 {
      counter?.noteAdded(type: task.type)
      return EnqueueReceipt(id: TaskID(rawValue: connection.lastInsertedID), isNew: true)
    }
    let find = try connection.cached(EnqueueStatements.findByKey)
    defer { find.reset() }
    try find.bind(key, at: 1)
    _ = try find.step()
    return EnqueueReceipt(id: TaskID(rawValue: find.int64(0)), isNew: false)
  }

  private func statementForMany() throws(SQLiteError) -> Statement {
    if let manyInsert { return manyInsert }
    let statement = try connection.prepare(
      EnqueueStatements.insert(
        rows: EnqueueStatements.rowsPerStatement, hasLottery: isLotteryEnabled, hasKey: false))
    manyInsert = statement
    return statement
  }

  private func insertStatement(hasKey: Bool) throws(SQLiteError) -> Statement {
    if !hasKey, let plainInsert { return plainInsert }
    let statement = try connection.cached(
      EnqueueStatements.insert(hasLottery: isLotteryEnabled, hasKey: hasKey))
    if !hasKey { plainInsert = statement }
    return statement
  }
}
