/// The SQL of the table `workers`, and of what workers hold.
enum WorkerStatements {
  /// The heartbeat in the form in which text compares like time, whoever has written it; NULL if it
  /// is no time: such a worker is neither active nor stale.
  private static let heartbeat = """
    CASE WHEN heartbeat_utc GLOB '*[TtZz+]*'
        THEN strftime('%Y-%m-%d %H:%M:%f', heartbeat_utc)
      WHEN julianday(heartbeat_utc) IS NOT NULL THEN heartbeat_utc END
    """
  private static let columns = "worker_id, capabilities, \(heartbeat)"
  /// Parameter: the moment before which a heartbeat makes a worker stale.
  private static let isStale = "\(heartbeat) < ?1"

  /// Parameters: worker, capabilities, now.
  static let register = """
    INSERT INTO workers (worker_id, capabilities, heartbeat_utc) VALUES (?1, ?2, ?3)
    ON CONFLICT (worker_id) DO UPDATE SET
      capabilities = excluded.capabilities, heartbeat_utc = excluded.heartbeat_utc
    """
  /// Parameters: worker, now.
  static let heartbeatOnly = "UPDATE workers SET heartbeat_utc = ?2 WHERE worker_id = ?1"
  /// Parameter: worker.
  static let forget = "DELETE FROM workers WHERE worker_id = ?1"

  static let all = "SELECT \(columns) FROM workers ORDER BY \(heartbeat) DESC, worker_id"
  /// Parameter: moment.
  static let active = """
    SELECT \(columns) FROM workers WHERE \(heartbeat) >= ?1 ORDER BY \(heartbeat) DESC, worker_id
    """
  /// Parameter: moment.
  static let stale = """
    SELECT \(columns) FROM workers WHERE \(isStale) ORDER BY \(heartbeat), worker_id
    """
  /// Parameter: worker.
  static let one = "SELECT \(columns) FROM workers WHERE worker_id = ?1"

  /// How many tasks each worker holds.
  static let held = """
    SELECT locked_by, COUNT(*) FROM task_queue INDEXED BY ix_task_lease
    WHERE status = 'processing' GROUP BY locked_by
    """
  /// Parameters: worker, moment.
  static let finished = """
    SELECT
      (SELECT COUNT(*) FROM task_queue INDEXED BY ix_task_lease
        WHERE status = 'processing' AND locked_by = ?1),
      COUNT(*) FILTER (WHERE status = 'completed'),
      COUNT(*) FILTER (WHERE status IN ('failed', 'dead_letter'))
    FROM task_queue WHERE locked_by = ?1 AND finished_at_utc >= ?2
    """
  /// Parameters: worker, moment.
  static let retried = """
    SELECT COUNT(*) FROM task_logs
    WHERE at_utc >= ?2 AND CASE WHEN json_valid(details) THEN
      json_extract(details, '$.event') = 'retry' AND json_extract(details, '$.worker') = ?1 END
    """

  /// Tasks that stale workers hold. Parameters: moment, limit.
  static let heldByStale = """
    SELECT id FROM task_queue INDEXED BY ix_task_lease
    WHERE status = 'processing'
      AND locked_by IN (SELECT worker_id FROM workers WHERE \(isStale))
    LIMIT ?2
    """
  /// What the engine does with a lease that has run out, for tasks that have attempts left; a claim
  /// gives them their lane. Parameter: ids as a JSON array.
  static let requeue = """
    UPDATE task_queue SET status = 'queued', locked_by = NULL, lease_until_utc = NULL, lane = NULL
    WHERE id IN (SELECT value FROM json_each(?1)) AND attempts < max_attempts
    """
  /// The same for those that have none. Parameters: ids as a JSON array, now.
  static let bury = """
    UPDATE task_queue SET status = 'dead_letter', finished_at_utc = ?2, lease_until_utc = NULL,
      error_message = coalesce(error_message, 'the worker of the last attempt fell silent')
    WHERE id IN (SELECT value FROM json_each(?1)) AND attempts >= max_attempts
    """

  /// Forgets stale workers that hold nothing. Parameter: moment.
  static let forgetStale = """
    DELETE FROM workers WHERE \(isStale) AND worker_id NOT IN (
      SELECT locked_by FROM task_queue INDEXED BY ix_task_lease
      WHERE status = 'processing' AND locked_by IS NOT NULL)
    """
}
