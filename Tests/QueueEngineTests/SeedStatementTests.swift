import QueueEngine
import SQLite
import TestSupport
import Testing

/// Every SQL statement of the documents this queue started from runs unchanged.
@Suite(.temporaryDirectory)
struct SeedStatementTests {
  @Test(
    arguments: quickStart + integration + module,
    [Set<ClaimStrategy>([.priority]), Set(ClaimStrategy.allCases)])
  func `It runs`(documented: Documented, strategies: Set<ClaimStrategy>) throws {
    let queue = try openQueue("queue.db", options(strategies))
    try _ = queue.enqueue(
      [NewTask(type: "video_processing"), NewTask(type: "load_balanced_task")], now: .now())
    let hand = try openByHand()
    let statement = try hand.prepare(documented.sql)
    for (index, parameter) in documented.parameters.enumerated() {
      if let number = Int64(parameter) {
        statement.bind(number, at: Int32(index + 1))
      } else {
        try statement.bind(parameter, at: Int32(index + 1))
      }
    }
    try statement.run()
    if documented.sql.hasPrefix("INSERT INTO task_queue") {
      // The document reads it as `cursor.lastrowid`.
      #expect(hand.lastInsertedID == 3)
      #expect(hand.changes == 1)
    }
    if documented.sql.hasPrefix("UPDATE") { #expect(hand.changes == 1) }
    #expect(try hand.scalar("PRAGMA integrity_check") == "ok")
  }

  @Test func `A task inserted by hand is found by hand at once`() throws {
    _ = try openQueue()
    let hand = try openByHand()
    var isFound: [Bool] = []
    for _ in 0..<3 {
      try hand.execute(script: "INSERT INTO task_queue (type) VALUES ('job')")
      isFound.append(
        try !hand.rows(
          """
          SELECT * FROM task_queue
          WHERE status = 'queued'
            AND run_after_utc <= datetime('now')
          ORDER BY priority ASC, run_after_utc ASC
          LIMIT 1
          """
        ).isEmpty)
      try hand.execute(script: "DELETE FROM task_queue")
    }
    #expect(isFound == [true, true, true])
  }

  @Test(
    arguments: [
      ("task_queue", "ix_task_status_prio_time"), ("task_queue", "uq_task_idempotency"),
    ])
  func `Documented indexes exist`(table: String, index: String) throws {
    let queue = try openQueue("queue.db", options([.priority]))
    #expect(
      try queue.connection.rows(
        "SELECT tbl_name FROM sqlite_schema WHERE type = 'index' AND name = ?1", index)
        == [[table]])
  }

  @Test func `A repeated idempotency key is a unique violation`() throws {
    _ = try openQueue()
    let hand = try openByHand()
    let insert = try hand.prepare(
      "INSERT INTO task_queue (type, payload, idempotency_key) VALUES ('t', '{}', 'k')")
    try insert.run()
    let error = try #require(throws: SQLiteError.self) { try insert.run() }
    #expect(error.code.rawValue == 2067)
  }

  @Test func `Only documented statuses are taken`() throws {
    let queue = try openQueue()
    let hand = try openByHand()
    for status in TaskStatus.allCases {
      try hand.execute(
        script: "INSERT INTO task_queue (type, status) VALUES ('t', '\(status.rawValue)')")
    }
    #expect(try queue.counts().values.allSatisfy { $0 == 1 })
    let error = try #require(throws: SQLiteError.self) {
      try hand.execute(script: "INSERT INTO task_queue (type, status) VALUES ('t', 'done')")
    }
    #expect(error.code.rawValue == 275)
    #expect(try queue.drain(.priority, now: .now()).count == 1)
  }

  @Test func `Views tell what lies in the queue`() throws {
    let queue = try openQueue()
    try _ = queue.enqueue(
      [
        NewTask(type: "a", priority: 10), NewTask(type: "a", priority: 20),
        NewTask(type: "b", maxAttempts: 1), NewTask(type: "b"), NewTask(type: "b"),
      ], now: start)
    let hand = try openByHand()
    try hand.execute(script: "INSERT INTO workers (worker_id) VALUES ('w1'), ('w2')")
    let first = try #require(try queue.claim(.fifo, worker: "w1", now: at(1000)))
    try _ = queue.complete(first.fence, result: nil, now: at(3500))
    _ = try queue.claim(.fifo, worker: "w1", now: at(1000))
    let third = try #require(try queue.claim(.fifo, worker: "w2", now: at(1000)))
    try _ = queue.fail(third.fence, .retry(at: start, message: "dead"), now: at(2000))
    let fourth = try #require(try queue.claim(.fifo, worker: "w2", now: at(1000)))
    try _ = queue.fail(fourth.fence, .permanent(message: "failed"), now: at(4000))

    #expect(
      try hand.rows("SELECT status, task_count FROM v_queue_status_summary ORDER BY status")
        == [
          ["completed", "1"], ["dead_letter", "1"], ["failed", "1"], ["processing", "1"],
          ["queued", "1"],
        ])
    #expect(
      try hand.rows(
        "SELECT type, status, task_count, avg_priority FROM v_queue_type_summary WHERE type = 'a'"
      ) == [["a", "completed", "1", "10.0"], ["a", "processing", "1", "20.0"]])
    #expect(
      try hand.rows(
        """
        SELECT worker_id, active_tasks, abs(seconds_since_heartbeat) < 60
        FROM v_worker_status ORDER BY worker_id
        """) == [["w1", "1", "1"], ["w2", "0", "1"]])
    #expect(
      try hand.rows(
        """
        SELECT type, finished_tasks, round(avg_processing_seconds, 2),
          round(min_processing_seconds, 2), round(max_processing_seconds, 2), max_attempts_used
        FROM v_task_performance ORDER BY type
        """) == [["a", "1", "2.5", "2.5", "2.5", "1"], ["b", "2", "2.0", "1.0", "3.0", "1"]])
    #expect(
      try hand.rows("SELECT id, status, error_message, locked_by FROM v_recent_failures")
        == [["4", "failed", "failed", "w2"], ["3", "dead_letter", "dead", "w2"]])
  }

  @Test func `Generated columns say region and format`() throws {
    let queue = try openQueue()
    try _ = queue.enqueue(
      NewTask(
        type: "t", payload: #"{"format":"mp4"}"#, runAfter: at(5000),
        compatibility: #"{"region":"eu"}"#), now: start)
    let rows = try openByHand().rows("SELECT region, format, run_after_utc FROM task_queue")
    #expect(rows == [["eu", "mp4", "2026-11-21 12:00:05.000"]])
  }

  @Test func `Logs go with their task`() throws {
    let queue = try openQueue()
    let id = try queue.enqueue(NewTask(type: "t"), now: start).id
    try queue.connection.execute(
      script: "INSERT INTO task_logs (task_id, message) VALUES (\(id.rawValue), 'm')")
    #expect(throws: SQLiteError.self) {
      try queue.connection.execute(script: "INSERT INTO task_logs (task_id) VALUES (99)")
    }
    try queue.connection.execute(script: "DELETE FROM task_queue")
    #expect(try queue.connection.scalar("SELECT count(*) FROM task_logs") == "0")
  }
}
