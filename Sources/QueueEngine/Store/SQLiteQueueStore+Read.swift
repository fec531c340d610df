internal import SQLite

/// The SQL of reading.
private enum ReadStatements {
  /// Parameter: id.
  static let task = "SELECT \(QueueTask.columns) FROM task_queue WHERE id = ?1"
  static let counts = "SELECT status, COUNT(*) FROM task_queue GROUP BY status"
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
      let rows = try connection.cached(ReadStatements.counts)
      defer { rows.reset() }
      var counts = Dictionary(uniqueKeysWithValues: TaskStatus.allCases.map { ($0, 0) })
      while try rows.step() {
        if let status = rows.text(0).flatMap(TaskStatus.init(rawValue:)) {
          counts[status] = Int(rows.int64(1))
        }
      }
      return counts
    } catch {
      throw QueueError(error)
    }
  }
}
