internal import SQLite

/// The SQL of reading.
private enum ReadStatements {
  /// Parameter: id.
  static let task = """
    SELECT id, type, payload, priority, compatibility, status, attempts, max_attempts,
      run_after_utc, lease_until_utc, processing_started_utc, finished_at_utc, locked_by,
      error_message, result, idempotency_key, created_at_utc
    FROM task_queue WHERE id = ?1
    """
  static let counts = "SELECT status, COUNT(*) FROM task_queue GROUP BY status"
  /// The same where the queue counts; `all` are those of every status.
  static let counted = """
    SELECT status, SUM(count) FROM queue_counters GROUP BY status
    UNION ALL
    SELECT 'processing', COUNT(*) FROM task_queue INDEXED BY ix_task_lease
    WHERE status = 'processing'
    """
}

extension SQLiteQueueStore {
  public func task(_ id: TaskID) throws -> QueueTask? {
    do {
      let row = try connection.cached(ReadStatements.task)
      defer { row.reset() }
      row.bind(id.rawValue, at: 1)
      guard try row.step() else { return nil }
      return QueueTask(
        id: TaskID(rawValue: row.int64(0)), type: row.text(1) ?? "", payload: row.text(2) ?? "",
        priority: Int(row.int64(3)), compatibility: row.text(4) ?? "{}",
        status: row.text(5).flatMap(TaskStatus.init(rawValue:)) ?? .queued,
        attempts: Int(row.int64(6)), maxAttempts: Int(row.int64(7)),
        runAfter: row.text(8).flatMap(Timestamp.init),
        leaseUntil: row.text(9).flatMap(Timestamp.init),
        processingStarted: row.text(10).flatMap(Timestamp.init),
        finishedAt: row.text(11).flatMap(Timestamp.init), lockedBy: row.text(12),
        errorMessage: row.text(13), result: row.text(14), idempotencyKey: row.text(15),
        createdAt: row.text(16).flatMap(Timestamp.init))
    } catch {
      throw QueueError(error)
    }
  }

  public func counts() throws -> [TaskStatus: Int] {
    do {
      let rows = try connection.cached(
        counter == nil ? ReadStatements.counts : ReadStatements.counted)
      defer { rows.reset() }
      var counts = Dictionary(uniqueKeysWithValues: TaskStatus.allCases.map { ($0, 0) })
      var total: Int?
      while try rows.step() {
        let count = Int(rows.int64(1))
        if let status = rows.text(0).flatMap(TaskStatus.init(rawValue:)) {
          counts[status] = count
        } else if counter != nil, rows.text(0) == "all" {
          total = count
        }
      }
      if let total { counts[.queued] = total - counts.values.reduce(0, +) }
      return counts
    } catch {
      throw QueueError(error)
    }
  }
}
