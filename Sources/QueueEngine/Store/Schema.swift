/// The tables, indexes, triggers and views of a queue, as documented for those who write SQL.
///
/// Two columns are the engine's own:
/// - `lane` says which pair of type and compatibility a *ready* task belongs to; NULL while it is
///   delayed, held or final. A claim looks only into the lanes that its worker can serve, so that
///   nothing else that lies in the queue is in its way.
/// - `lottery_key` orders the tasks of a lane for `weighted_random`; see ``Lottery``.
///
/// Rows that other programs insert need to know neither: `lane` starts at -1, and a trigger gives
/// such rows their lane. A claim by hand that leaves `attempts` alone has it raised, so that an older
/// fence does not fit. Times in ISO 8601 (`2026-11-21T12:00:00+01:00`) are brought into the form in which
/// text compares like time. The engine knows lanes itself and runs without triggers, which would cost a
/// batched enqueue a third of its speed.
///
/// Every write evaluates the CHECK and the generated columns, so they are written for speed: `IN` with
/// six words would build a b-tree each time, and the payload is parsed only if it can hold the key at
/// all (literally, or in an escaped spelling).
enum Schema {
  /// Marks the file as a queue: "QBNC" in ASCII.
  static let applicationID: Int32 = 0x5142_4e43

  /// The version that this program reads and writes; each migration leads to the next one.
  static var version: Int { migrations.count }

  /// Scripts that lead from each version to the next; a new file starts at 0.
  ///
  /// The second one adds nothing: from then on engines keep ``enableCounting``'s tables where they are, and
  /// older ones, which would not, refuse the file.
  static let migrations = [createQueue, ""]

  private static let createQueue = """
    CREATE TABLE task_queue (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      type TEXT NOT NULL,
      priority INTEGER NOT NULL DEFAULT 100,
      payload TEXT NOT NULL DEFAULT '{}',
      compatibility TEXT NOT NULL DEFAULT '{}',
      status TEXT NOT NULL DEFAULT 'queued' CHECK (
        status = 'queued' OR status = 'processing' OR status = 'completed' OR status = 'failed'
        OR status = 'dead_letter' OR status = 'cancelled'),
      attempts INTEGER NOT NULL DEFAULT 0,
      max_attempts INTEGER NOT NULL DEFAULT 5,
      run_after_utc TEXT NOT NULL DEFAULT (datetime('now')),
      lease_until_utc TEXT,
      reserved_at_utc TEXT,
      processing_started_utc TEXT,
      finished_at_utc TEXT,
      locked_by TEXT,
      error_message TEXT,
      result TEXT,
      idempotency_key TEXT,
      created_at_utc TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
      lane INTEGER DEFAULT -1,
      lottery_key REAL,
      region TEXT GENERATED ALWAYS AS (
        CASE WHEN compatibility <> '{}' AND json_valid(compatibility)
        THEN json_extract(compatibility, '$.region') END),
      format TEXT GENERATED ALWAYS AS (
        CASE WHEN (instr(payload, '"format"') OR instr(payload, '\\u')) AND json_valid(payload)
        THEN json_extract(payload, '$.format') END)
    );
    CREATE UNIQUE INDEX uq_task_idempotency ON task_queue (idempotency_key)
      WHERE idempotency_key IS NOT NULL;
    CREATE INDEX ix_task_delayed ON task_queue (run_after_utc)
      WHERE status = 'queued' AND lane IS NULL;
    CREATE INDEX ix_task_lease ON task_queue (lease_until_utc)
      WHERE status = 'processing';

    CREATE TABLE task_lanes (
      lane INTEGER PRIMARY KEY,
      type TEXT NOT NULL,
      compatibility TEXT NOT NULL,
      lottery_position REAL NOT NULL DEFAULT 0.0,
      UNIQUE (type, compatibility)
    );

    CREATE TABLE workers (
      worker_id TEXT PRIMARY KEY,
      capabilities TEXT NOT NULL DEFAULT '{}',
      heartbeat_utc TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
    );
    CREATE TABLE task_logs (
      log_id INTEGER PRIMARY KEY AUTOINCREMENT,
      task_id INTEGER NOT NULL REFERENCES task_queue (id) ON DELETE CASCADE,
      at_utc TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
      level TEXT NOT NULL DEFAULT 'INFO',
      message TEXT,
      details TEXT
    );
    CREATE INDEX ix_task_logs_task ON task_logs (task_id, at_utc);

    CREATE TRIGGER tr_task_place AFTER INSERT ON task_queue
    WHEN NEW.lane = -1
    BEGIN
      UPDATE task_queue SET run_after_utc =
          coalesce(strftime('%Y-%m-%d %H:%M:%f', run_after_utc), run_after_utc)
        WHERE id = NEW.id AND run_after_utc GLOB '*[TtZz+]*';
      INSERT OR IGNORE INTO task_lanes (type, compatibility)
        SELECT type, compatibility FROM task_queue WHERE id = NEW.id AND status = 'queued'
          AND run_after_utc <= strftime('%Y-%m-%d %H:%M:%f', 'now');
      UPDATE task_queue SET lane = CASE WHEN status = 'queued'
          AND run_after_utc <= strftime('%Y-%m-%d %H:%M:%f', 'now')
        THEN (SELECT lane FROM task_lanes
          WHERE type = NEW.type AND compatibility = NEW.compatibility) END
        WHERE id = NEW.id;
    END;
    CREATE TRIGGER tr_task_fence AFTER UPDATE OF status ON task_queue
    WHEN NEW.status = 'processing' AND NEW.attempts = OLD.attempts
      AND (OLD.status = 'queued' OR NEW.locked_by IS NOT OLD.locked_by)
    BEGIN
      UPDATE task_queue SET attempts = attempts + 1 WHERE id = NEW.id;
    END;
    CREATE TRIGGER tr_task_replace
      AFTER UPDATE OF type, compatibility, run_after_utc ON task_queue
    WHEN NEW.lane IS NOT NULL
    BEGIN
      UPDATE task_queue SET lane = NULL WHERE id = NEW.id;
    END;
    CREATE TRIGGER tr_task_times AFTER UPDATE OF run_after_utc, lease_until_utc ON task_queue
    WHEN (NEW.run_after_utc GLOB '*[TtZz+]*' AND julianday(NEW.run_after_utc) IS NOT NULL)
      OR (NEW.lease_until_utc GLOB '*[TtZz+]*' AND julianday(NEW.lease_until_utc) IS NOT NULL)
    BEGIN
      UPDATE task_queue SET
          run_after_utc =
            coalesce(strftime('%Y-%m-%d %H:%M:%f', run_after_utc), run_after_utc),
          lease_until_utc =
            coalesce(strftime('%Y-%m-%d %H:%M:%f', lease_until_utc), lease_until_utc)
        WHERE id = NEW.id;
    END;

    CREATE VIEW v_queue_status_summary AS
      SELECT status, COUNT(*) AS task_count, MIN(created_at_utc) AS oldest_created_utc,
        MAX(created_at_utc) AS newest_created_utc, MAX(finished_at_utc) AS last_finished_utc
      FROM task_queue GROUP BY status;
    CREATE VIEW v_queue_type_summary AS
      SELECT type, status, COUNT(*) AS task_count, AVG(priority) AS avg_priority
      FROM task_queue GROUP BY type, status;
    CREATE VIEW v_worker_status AS
      SELECT w.worker_id, w.capabilities, w.heartbeat_utc,
        (julianday('now') - julianday(w.heartbeat_utc)) * 86400.0 AS seconds_since_heartbeat,
        (SELECT COUNT(*) FROM task_queue INDEXED BY ix_task_lease
          WHERE status = 'processing' AND locked_by = w.worker_id) AS active_tasks
      FROM workers AS w;
    CREATE VIEW v_task_performance AS
      SELECT type, COUNT(*) AS finished_tasks,
        AVG((julianday(finished_at_utc) - julianday(processing_started_utc)) * 86400.0)
          AS avg_processing_seconds,
        MIN((julianday(finished_at_utc) - julianday(processing_started_utc)) * 86400.0)
          AS min_processing_seconds,
        MAX((julianday(finished_at_utc) - julianday(processing_started_utc)) * 86400.0)
          AS max_processing_seconds,
        AVG(attempts) AS avg_attempts, MAX(attempts) AS max_attempts_used
      FROM task_queue
      WHERE finished_at_utc IS NOT NULL AND processing_started_utc IS NOT NULL
      GROUP BY type;
    CREATE VIEW v_recent_failures AS
      SELECT id, type, status, attempts, max_attempts, error_message, finished_at_utc, locked_by
      FROM task_queue WHERE status IN ('failed', 'dead_letter')
      ORDER BY finished_at_utc DESC LIMIT 100;
    """

  /// The index that a strategy claims by.
  static func readyIndex(for strategy: ClaimStrategy) -> (name: String, columns: String) {
    switch strategy {
    case .priority: return ("ix_task_status_prio_time", "lane, priority, run_after_utc")
    case .fifo, .lifo, .orderByRandom: return ("ix_task_status_time", "lane, run_after_utc")
    case .weightedRandom: return ("ix_task_status_lottery", "lane, lottery_key")
    }
  }

  /// What makes a strategy usable in a queue; may be run again.
  static func enable(_ strategy: ClaimStrategy) -> String {
    let index = readyIndex(for: strategy)
    return """
      CREATE INDEX IF NOT EXISTS \(index.name) ON task_queue (\(index.columns))
        WHERE status = 'queued' AND lane IS NOT NULL;
      """
  }
}
