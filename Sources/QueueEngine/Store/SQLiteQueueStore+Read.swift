internal import SQLite

/// The SQL of reading.
private enum ReadStatements {
  /// Parameter: id.
  static let task = "SELECT \(QueueTask.columns) FROM task_queue WHERE id = ?1"
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
      return try row.step() ? QueueTask(row: row) : nil
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
