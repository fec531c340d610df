internal import QueueEngine
internal import SQLite

/// Tasks of the past, as a queue that has been in operation for long has them.
enum FinishedTasks {
  /// How long ago the last of them ended, in ms: a month.
  static let ageMs: Int64 = 30 * 86_400_000
  /// How long after one the next one ended, in ms.
  private static let apartMs: Int64 = 10
  private static let tasksPerTransaction = 10_000

  /// Inserts that many completed tasks, the oldest first.
  ///
  /// Their rows are as the engine leaves those of tasks that it has completed: one in ten after a retry, half of them
  /// with a result. By SQL, as no call of the engine makes a task of the past.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - mix: What kinds of tasks.
  ///   - now: The moment that is a month after the end of the last one.
  ///   - connection: The queue, which nobody else is at.
  ///   - isCancelled: Asked now and then.
  /// - Throws: `SQLiteError`, or `CancellationError`.
  static func insert(
    _ count: Int, of mix: inout TaskMix, endedBefore now: Timestamp, on connection: Connection,
    _ isCancelled: () -> Bool
  ) throws {
    let insert = try connection.prepare(
      """
      INSERT INTO task_queue (type, priority, payload, status, attempts, run_after_utc, reserved_at_utc,
        processing_started_utc, finished_at_utc, locked_by, result, created_at_utc, lane)
      VALUES (?1, ?2, ?3, 'completed', ?4, ?5, ?6, ?6, ?7, 'worker-of-the-past', ?8, ?5, NULL)
      """)
    var done = 0
    while done < count {
      if isCancelled() { throw CancellationError() }
      try connection.begin(.immediate)
      let end = min(count, done + tasksPerTransaction)
      for number in done..<end {
        let task = mix.next()
        let finishedAt = now.adding(milliseconds: -ageMs - Int64(count - 1 - number) * apartMs)
        try insert.bind(task.type, at: 1)
        insert.bind(Int64(task.priority), at: 2)
        try insert.bind(task.payload, at: 3)
        insert.bind(Int64(number % 10 == 9 ? 2 : 1), at: 4)
        try insert.bind(finishedAt.adding(milliseconds: -500).description, at: 5)
        try insert.bind(finishedAt.adding(milliseconds: -20).description, at: 6)
        try insert.bind(finishedAt.description, at: 7)
        if number.isMultiple(of: 2) {
          try insert.bind(#"{"done":true,"number":\#(number)}"#, at: 8)
        } else {
          insert.bindNull(at: 8)
        }
        try insert.run()
      }
      try connection.commit()
      done = end
    }
  }
}
