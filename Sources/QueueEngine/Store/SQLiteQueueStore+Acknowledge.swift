internal import SQLite

/// The SQL of acknowledgements. `?1` is the id and `?2` the attempt of the fence.
enum AcknowledgeStatements {
  private static let held = "WHERE id = ?1 AND attempts = ?2 AND status = 'processing'"

  /// Parameters: fence, now, result.
  static let complete = EndStatement(
    """
    UPDATE task_queue SET status = 'completed', finished_at_utc = ?3, result = ?4,
      lease_until_utc = NULL \(held)
    """)
  /// Completes tasks without a result that are held in the same attempt. Parameters: ids as a JSON
  /// array, attempt, now.
  static let completeAll = EndStatement(
    """
    UPDATE task_queue SET status = 'completed', finished_at_utc = ?3, result = NULL,
      lease_until_utc = NULL
    WHERE id IN (SELECT value FROM json_each(?1)) AND attempts = ?2 AND status = 'processing'
    """)
  /// Whether that very attempt has completed the task already. Parameters: fence.
  static let isCompleted =
    "SELECT 1 FROM task_queue WHERE id = ?1 AND attempts = ?2 AND status = 'completed'"
  /// Parameters: fence, now, run after, message.
  static let failRetryably = EndStatement(
    """
    UPDATE task_queue SET
      status = CASE WHEN attempts >= max_attempts THEN 'dead_letter' ELSE 'queued' END,
      finished_at_utc = CASE WHEN attempts >= max_attempts THEN ?3 END,
      locked_by = CASE WHEN attempts >= max_attempts THEN locked_by END,
      run_after_utc = ?4, error_message = ?5, lease_until_utc = NULL, lane = NULL \(held)
    """)
  /// Parameters: fence, now, message.
  static let failPermanently = EndStatement(
    """
    UPDATE task_queue SET status = 'failed', finished_at_utc = ?3, error_message = ?4,
      lease_until_utc = NULL \(held)
    """)
  /// Parameters: fence.
  static let release = """
    UPDATE task_queue SET status = 'queued', max_attempts = max_attempts + 1, locked_by = NULL,
      lease_until_utc = NULL, lane = NULL \(held)
    """
  /// Parameters: fence, lease end.
  static let extend = "UPDATE task_queue SET lease_until_utc = ?3 \(held)"
  /// Parameters: id, now, whether held tasks are taken back, too.
  static let cancel = EndStatement(
    """
    UPDATE task_queue SET status = 'cancelled', finished_at_utc = ?2, lease_until_utc = NULL
    WHERE id = ?1 AND (status = 'queued' OR (status = 'processing' AND ?3))
    """)
}

extension SQLiteQueueStore {
  public func complete(
    _ fence: Fence, result: String?, now: Timestamp
  ) throws -> Acknowledgement {
    try Limits.checkResult(result)
    return try countedAutocommit { () throws(SQLiteError) in
      try completeOne(fence, result: result, now: now)
    }
  }

  public func complete(
    _ completions: [(fence: Fence, result: String?)], now: Timestamp
  ) throws -> [Acknowledgement] {
    for (index, (_, result)) in completions.enumerated() {
      try Limits.checkResult(result, at: index)
    }
    return try transaction { () throws(SQLiteError) in
      if try completeAlike(completions, now: now) {
        return Array(repeating: .accepted, count: completions.count)
      }
      var answers: [Acknowledgement] = []
      answers.reserveCapacity(completions.count)
      for (fence, result) in completions {
        answers.append(try completeOne(fence, result: result, now: now))
      }
      return answers
    }
  }

  /// Completes tasks by one statement if they are alike, as most batches are: different tasks, all in
  /// the same attempt and without results. False if that left some for ``completeOne(_:result:now:)``,
  /// which may be asked about those that are completed, too.
  private func completeAlike(
    _ completions: [(fence: Fence, result: String?)], now: Timestamp
  ) throws(SQLiteError) -> Bool {
    guard completions.count > 1, let attempt = completions.first?.fence.attempt,
      completions.allSatisfy({ $0.result == nil && $0.fence.attempt == attempt })
    else { return false }
    let statement = try connection.cached(ending(AcknowledgeStatements.completeAll))
    try statement.bind(Self.jsonArray(completions.map(\.fence.id.rawValue)), at: 1)
    statement.bind(Int64(attempt), at: 2)
    statement.bind(borrowing: nowText.text(now), at: 3)
    return try runEnding(statement, now: now) == completions.count
  }

  @inline(__always)
  private func completeOne(
    _ fence: Fence, result: String?, now: Timestamp
  ) throws(SQLiteError) -> Acknowledgement {
    let statement = try statement(&completeStatement, ending(AcknowledgeStatements.complete))
    bind(fence, to: statement)
    statement.bind(borrowing: nowText.text(now), at: 3)
    try statement.bind(result, at: 4)
    if try runEnding(statement, now: now) == 1 { return .accepted }
    // A repeated acknowledgement, after a commit whose answer got lost, is as good as the first.
    let check = try connection.cached(AcknowledgeStatements.isCompleted)
    defer { check.reset() }
    bind(fence, to: check)
    return try check.step() ? .accepted : .leaseLost
  }

  public func fail(
    _ fence: Fence, _ failure: TaskFailure, now: Timestamp
  ) throws -> Acknowledgement {
    switch failure {
    case .retry(let runAfter, let message):
      return try end(fence, AcknowledgeStatements.failRetryably, now: now) {
        (statement) throws(SQLiteError) in
        noteArrival(dueAt: runAfter, now: now)
        statement.bind(borrowing: nowText.text(now), at: 3)
        statement.bind(borrowing: untilText.text(runAfter), at: 4)
        try statement.bind(message, at: 5)
      }
    case .permanent(let message):
      return try end(fence, AcknowledgeStatements.failPermanently, now: now) {
        (statement) throws(SQLiteError) in
        statement.bind(borrowing: nowText.text(now), at: 3)
        try statement.bind(message, at: 4)
      }
    }
  }

  public func release(_ fence: Fence, now: Timestamp) throws -> Acknowledgement {
    try autocommit { () throws(SQLiteError) in
      let statement = try connection.cached(AcknowledgeStatements.release)
      bind(fence, to: statement)
      noteArrival(dueAt: now, now: now)
      try statement.run()
      return connection.changes == 1 ? .accepted : .leaseLost
    }
  }

  public func extend(
    _ fences: [Fence], leaseDurationMs: Int64, now: @autoclosure () -> Timestamp
  ) throws -> [Acknowledgement] {
    try Limits.checkLease(durationMs: leaseDurationMs)
    return try transaction { () throws(SQLiteError) in
      let leaseUntil = now().adding(milliseconds: leaseDurationMs)
      let statement = try connection.cached(AcknowledgeStatements.extend)
      var answers: [Acknowledgement] = []
      answers.reserveCapacity(fences.count)
      for fence in fences {
        bind(fence, to: statement)
        statement.bind(borrowing: untilText.text(leaseUntil), at: 3)
        try statement.run()
        answers.append(connection.changes == 1 ? .accepted : .leaseLost)
      }
      return answers
    }
  }

  public func cancel(_ id: TaskID, evenIfHeld: Bool, now: Timestamp) throws -> Bool {
    try countedAutocommit { () throws(SQLiteError) in
      let statement = try connection.cached(ending(AcknowledgeStatements.cancel))
      statement.bind(id.rawValue, at: 1)
      statement.bind(borrowing: nowText.text(now), at: 2)
      statement.bind(evenIfHeld ? 1 : 0 as Int64, at: 3)
      return try runEnding(statement, now: now) == 1
    }
  }

  private func end(
    _ fence: Fence, _ ending: EndStatement, now: Timestamp,
    bindRest: (Statement) throws(SQLiteError) -> Void
  ) throws -> Acknowledgement {
    try countedAutocommit { () throws(SQLiteError) in
      let statement = try connection.cached(self.ending(ending))
      bind(fence, to: statement)
      try bindRest(statement)
      return try runEnding(statement, now: now) == 1 ? .accepted : .leaseLost
    }
  }

  @inline(__always)
  private func bind(_ fence: Fence, to statement: Statement) {
    statement.bind(fence.id.rawValue, at: 1)
    statement.bind(Int64(fence.attempt), at: 2)
  }
}
