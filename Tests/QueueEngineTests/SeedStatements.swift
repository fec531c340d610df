import Testing

extension SeedStatementTests {
  /// A statement with the parameters its document shows.
  struct Documented: Sendable, CustomTestStringConvertible {
    let sql: String
    let parameters: [String]
    init(_ sql: String, _ parameters: String...) {
      self.sql = sql
      self.parameters = parameters
    }
    var testDescription: String { sql.split(separator: "\n").joined(separator: " ") }
  }

  static let quickStart = [
    Documented(
      """
      INSERT INTO task_queue (type, payload, priority)
      VALUES (?, ?, ?)
      """, "video_processing", #"{"video_id": "abc123"}"#, "50"),
    Documented(
      "INSERT INTO task_queue (type, payload, priority) VALUES (?, ?, ?)", "test", "{}", "100"),
    Documented(
      """
      SELECT * FROM task_queue
      WHERE status = 'queued'
      ORDER BY priority ASC
      """),
    Documented("SELECT * FROM task_queue"),
    Documented(
      """
      SELECT * FROM task_queue
      WHERE status = 'queued'
        AND run_after_utc <= datetime('now')
      ORDER BY priority ASC, run_after_utc ASC
      LIMIT 1
      """),
    Documented(
      """
      UPDATE task_queue
      SET status = 'processing',
          locked_by = ?,
          lease_until_utc = datetime('now', '+5 minutes'),
          reserved_at_utc = datetime('now')
      WHERE id = ?
      """, "worker-01", "1"),
    Documented(
      """
      UPDATE task_queue
      SET status = 'completed',
          finished_at_utc = datetime('now')
      WHERE id = ?
      """, "1"),
    Documented(
      """
      SELECT status, COUNT(*) as count
      FROM task_queue
      GROUP BY status
      """),
    Documented(
      """
      SELECT * FROM task_queue
      ORDER BY created_at_utc DESC
      LIMIT 10
      """),
    Documented(
      """
      DELETE FROM task_queue
      WHERE status = 'completed'
        AND finished_at_utc < datetime('now', '-7 days')
      """),
    Documented(
      """
      UPDATE task_queue
      SET status = 'queued',
          locked_by = NULL,
          lease_until_utc = NULL,
          run_after_utc = datetime('now'),
          error_message = NULL
      WHERE id = ?
      """, "1"),
    Documented(
      """
      SELECT * FROM task_queue
      WHERE status = 'queued'
      ORDER BY priority ASC
      LIMIT 1
      """),
    Documented(
      """
      UPDATE task_queue
      SET status = 'processing',
          locked_by = ?,
          lease_until_utc = datetime('now', '+5 minutes')
      WHERE id = ?
      """, "worker-01", "1"),
    Documented("INSERT INTO task_queue (type, payload) VALUES (?, ?)", "job", "{}"),
    Documented("SELECT * FROM task_queue WHERE status = 'queued'"),
    Documented("SELECT * FROM task_queue WHERE status = 'queued' LIMIT 1"),
    Documented("UPDATE task_queue SET status = 'processing' WHERE id = ?", "1"),
    Documented("UPDATE task_queue SET status = 'completed' WHERE id = ?", "1"),
    Documented("SELECT status, COUNT(*) FROM task_queue GROUP BY status;"),
    Documented(
      "SELECT * FROM task_queue WHERE status = 'failed' ORDER BY finished_at_utc DESC LIMIT 10;"),
    Documented("SELECT priority, COUNT(*) FROM task_queue GROUP BY priority ORDER BY priority;"),
    Documented(
      """
      SELECT AVG(JULIANDAY(finished_at_utc) - JULIANDAY(processing_started_utc)) * 86400 AS avg_seconds
      FROM task_queue WHERE status = 'completed';
      """),
    Documented(
      """
      SELECT * FROM task_queue 
      WHERE status = 'processing' 
        AND processing_started_utc < datetime('now', '-10 minutes');
      """),
  ]

  static let integration = [
    Documented(
      """
      INSERT INTO task_queue (type, payload, priority, max_attempts)
      VALUES (?, ?, ?, ?)
      """, "user_action", #"{"user_id": "u", "action": "a"}"#, "10", "1"),
    Documented(
      """
      SELECT * FROM task_queue
      WHERE status = 'queued'
        AND type = 'video_processing'
        AND run_after_utc <= datetime('now')
      ORDER BY priority ASC, run_after_utc ASC
      LIMIT 1
      """),
    Documented(
      """
      UPDATE task_queue
      SET status = 'processing',
          locked_by = ?,
          lease_until_utc = datetime('now', '+10 minutes'),
          processing_started_utc = datetime('now')
      WHERE id = ?
      """, "worker-video-01", "1"),
    Documented(
      """
      UPDATE task_queue
      SET status = 'queued',
          attempts = attempts + 1,
          locked_by = NULL,
          lease_until_utc = NULL,
          run_after_utc = datetime('now', ? || ' minutes'),
          error_message = ?
      WHERE id = ?
      """, "4", "timeout", "1"),
    Documented(
      """
      UPDATE task_queue
      SET status = 'failed',
          finished_at_utc = datetime('now'),
          error_message = ?
      WHERE id = ?
      """, "no", "1"),
    Documented(
      """
      SELECT * FROM task_queue
      WHERE status = 'queued'
        AND type = 'user_action'
      ORDER BY run_after_utc DESC, id DESC  -- LIFO (newest first)
      LIMIT 1
      """),
    Documented(
      """
      INSERT INTO task_queue (type, payload, priority, run_after_utc, idempotency_key)
      VALUES (?, ?, ?, ?, ?)
      """, "scheduled_task", #"{"task": "daily_backup"}"#, "10", "2026-11-21 13:00:00.123456",
      "scheduled:daily_backup:2026-11-21T13:00:00.123456"),
    Documented(
      """
      SELECT * FROM task_queue
      WHERE status = 'queued'
        AND type = ?
      ORDER BY RANDOM()  -- Weighted random (future: add priority weights)
      LIMIT 1
      """, "load_balanced_task"),
    Documented(
      """
      SELECT 
          status,
          COUNT(*) as count,
          AVG(JULIANDAY(finished_at_utc) - JULIANDAY(processing_started_utc)) * 86400 as avg_duration_sec
      FROM task_queue
      WHERE created_at_utc > datetime('now', '-1 hour')
      GROUP BY status
      """),
    Documented(
      """
      SELECT COUNT(*) as stuck_count
      FROM task_queue
      WHERE status = 'processing'
        AND processing_started_utc < datetime('now', '-10 minutes')
      """),
    Documented(
      """
      INSERT INTO task_queue (type, payload, idempotency_key)
      VALUES (?, ?, ?)
      """, "t", "{}", "t:1"),
    Documented(
      """
      SELECT 
          COUNT(*) FILTER (WHERE status = 'failed') * 100.0 / COUNT(*) as failure_rate
      FROM task_queue
      WHERE created_at_utc > datetime('now', '-1 hour')
      """),
  ]

  static let module =
    [
      Documented(
        "INSERT INTO task_queue (type, payload, priority) VALUES (?, ?, ?)",
        "video_processing", #"{"format": "mp4"}"#, "50"),
      Documented("SELECT * FROM task_queue WHERE status = ?", "queued"),
      Documented(
        "SELECT id, type, priority, payload, compatibility, status, attempts, region, format FROM task_queue"
      ),
      Documented("SELECT worker_id, capabilities, heartbeat_utc FROM workers"),
      Documented("SELECT log_id, task_id, at_utc, level, message, details FROM task_logs"),
      Documented(
        "INSERT INTO task_logs (task_id, level, message, details) VALUES (?, ?, ?, ?)", "1",
        "INFO", "Task started", "{}"),
      Documented(
        """
        INSERT INTO workers (worker_id, capabilities) VALUES (?, ?)
        ON CONFLICT (worker_id) DO UPDATE SET heartbeat_utc = datetime('now')
        """, "worker-1", #"{"cpu": 8, "gpu": true}"#),
    ]
    + [
      "v_queue_status_summary", "v_queue_type_summary", "v_worker_status", "v_task_performance",
      "v_recent_failures",
    ].map { Documented("SELECT * FROM \($0)") }
}
