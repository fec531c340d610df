internal import QueueEngine

/// The SQL of metrics. Where a queue counts, none of it reads `task_queue` but by an index of the few rows
/// that it is about.
enum MetricsStatements {
  /// Tables and indexes by name, to know what can be asked how.
  static let names = """
    SELECT name FROM sqlite_schema WHERE type IN ('table', 'index')
      AND name IN ('queue_counters', 'ix_task_status_prio_time', 'ix_task_status_time',
        'ix_task_failed')
    """

  // MARK: How many there are

  /// Type, status or `all`, how many there are, how many there ever were, and of these: how many more
  /// attempts than one.
  static let counters = """
    SELECT type, status, SUM(count), SUM(ever), SUM(retries) FROM queue_counters
    GROUP BY type, status
    """
  /// The same by looking at every task.
  static let counted = "SELECT type, status, COUNT(*) FROM task_queue GROUP BY type, status"
  /// Those that are held, by type.
  static let held = """
    SELECT type, COUNT(*) FROM task_queue INDEXED BY ix_task_lease
    WHERE status = 'processing' GROUP BY type
    """
  /// The classes of processing times of all that was ever completed: type, class, how many, milliseconds.
  static let processingTimes = """
    SELECT type, up_to_ms, ever, busy_ms FROM queue_counters WHERE status = 'completed'
    """

  // MARK: The past

  /// What has ended since a minute: type, status, class, how many, how many of them retried, how many more
  /// attempts than one, milliseconds. Parameter: the minute.
  static let history = """
    SELECT c.type, c.status, c.up_to_ms, c.ever - coalesce(h.ever, c.ever),
      c.retried - coalesce(h.retried, c.retried), c.retries - coalesce(h.retries, c.retries),
      c.busy_ms - coalesce(h.busy_ms, c.busy_ms)
    FROM queue_counters AS c LEFT JOIN task_history AS h
      ON h.type = c.type AND h.status = c.status AND h.up_to_ms = c.up_to_ms
      AND h.minute = (SELECT MIN(m.minute) FROM task_history AS m WHERE m.type = c.type
        AND m.status = c.status AND m.up_to_ms = c.up_to_ms AND m.minute >= ?1)
    WHERE c.status <> 'all'
    """
  /// The same by looking at every task, row by row: type, status, attempts, milliseconds. Parameter: the
  /// moment.
  static let endedSince = """
    SELECT type, status, attempts, CASE WHEN status = 'completed' THEN
      CAST(round((julianday(finished_at_utc) - julianday(processing_started_utc))
        * 86400000.0) AS INTEGER) END
    FROM task_queue
    WHERE finished_at_utc >= ?1 AND status <> 'queued' AND status <> 'processing'
    """

  // MARK: Waiting

  /// When the task that has waited longest became due, by the index of `fifo` and `lifo`: one look per
  /// lane.
  static let oldestByTime = """
    SELECT MIN((SELECT MIN(t.run_after_utc) FROM task_queue AS t INDEXED BY ix_task_status_time
      WHERE t.status = 'queued' AND t.lane = l.lane)) FROM task_lanes AS l
    """
  /// The same by the index of `priority`: two looks per lane and priority that occurs.
  static let oldestByPriority = """
    WITH RECURSIVE steps (lane, priority) AS (
      SELECT l.lane, (SELECT MIN(t.priority) FROM task_queue AS t
          INDEXED BY ix_task_status_prio_time WHERE t.status = 'queued' AND t.lane = l.lane)
        FROM task_lanes AS l
      UNION ALL
      SELECT s.lane, (SELECT MIN(t.priority) FROM task_queue AS t
          INDEXED BY ix_task_status_prio_time
          WHERE t.status = 'queued' AND t.lane = s.lane AND t.priority > s.priority)
        FROM steps AS s WHERE s.priority IS NOT NULL)
    SELECT MIN((SELECT MIN(t.run_after_utc) FROM task_queue AS t
        INDEXED BY ix_task_status_prio_time
        WHERE t.status = 'queued' AND t.lane = s.lane AND t.priority = s.priority))
      FROM steps AS s WHERE s.priority IS NOT NULL
    """
  /// The same by looking at every task, for queues that know no order in time.
  static let oldestByScan = """
    SELECT MIN(run_after_utc) FROM task_queue WHERE status = 'queued' AND lane IS NOT NULL
    """
  /// The same for tasks that no claim has placed yet; those that are not due are later than now.
  static let oldestUnplaced = """
    SELECT MIN(run_after_utc) FROM task_queue INDEXED BY ix_task_delayed
    WHERE status = 'queued' AND lane IS NULL
    """

  // MARK: Workers and leases

  /// Who holds tasks: worker, how many, since when the one that is held longest, and the first end of a
  /// lease.
  static let holders = """
    SELECT coalesce(locked_by, ''), COUNT(*), MIN(processing_started_utc), MIN(lease_until_utc)
    FROM task_queue INDEXED BY ix_task_lease
    WHERE status = 'processing' GROUP BY locked_by
    """
  /// Tasks that are held, the first ones to have been enqueued first. Parameter: how many at most.
  static let running = """
    SELECT \(QueueTask.columns) FROM task_queue WHERE id IN (
      SELECT id FROM task_queue INDEXED BY ix_task_lease WHERE status = 'processing'
      ORDER BY id LIMIT ?1)
    ORDER BY id
    """
  /// Leases that have run out. Parameter: the moment.
  static let expiredLeases = """
    SELECT COUNT(*) FROM task_queue INDEXED BY ix_task_lease
    WHERE status = 'processing' AND lease_until_utc <= ?1
    """

  // MARK: Failures

  /// Tasks that have failed for good, the latest first, by the index of queues that count. Parameter: how
  /// many at most.
  static let failures = """
    SELECT \(QueueTask.columns) FROM task_queue INDEXED BY ix_task_failed
    WHERE status IN ('failed', 'dead_letter') ORDER BY finished_at_utc DESC LIMIT ?1
    """
  /// The same among the tasks that were enqueued last. Parameters: how many failed ones at most, and among
  /// how many tasks.
  static let failuresOfLate = """
    SELECT \(QueueTask.columns) FROM task_queue
    WHERE id > (SELECT max(id) FROM task_queue) - ?2 AND status IN ('failed', 'dead_letter')
    ORDER BY finished_at_utc DESC LIMIT ?1
    """
  /// How many tasks were ever added, where nobody counts.
  static let lastNumber = "SELECT seq FROM sqlite_sequence WHERE name = 'task_queue'"
}
