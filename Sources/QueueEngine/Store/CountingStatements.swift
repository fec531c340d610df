/// The SQL of `queue_counters` and `task_history`; what they mean is explained at ``Schema``.
package enum CountingStatements {
  // MARK: Expressions

  /// Whether a row of `task_queue` has ended.
  static func isFinal(_ row: String) -> String {
    "(\(row).status <> 'queued' AND \(row).status <> 'processing')"
  }

  /// How long a row was worked on in the attempt that has ended it, in milliseconds; NULL if its times
  /// cannot be read.
  private static func processingMs(_ row: String) -> String {
    """
    CAST(round((julianday(\(row).finished_at_utc) - julianday(\(row).processing_started_utc))
      * 86400000.0) AS INTEGER)
    """
  }

  /// The class of processing times that a row is counted in; 0 for all that is not completed, and where the
  /// time is not known.
  static func upTo(_ row: String) -> String {
    """
    (CASE WHEN \(row).status = 'completed' THEN coalesce((SELECT MIN(b.up_to_ms)
      FROM processing_time_bounds AS b WHERE b.up_to_ms >= \(processingMs(row))), 0) ELSE 0 END)
    """
  }

  /// What a row adds to `busy_ms`.
  static func busyMs(_ row: String) -> String {
    """
    (CASE WHEN \(row).status = 'completed' THEN max(coalesce(\(processingMs(row)), 0), 0)
      ELSE 0 END)
    """
  }

  /// What the engine's statements say of a task that they may have ended: its type, status, number of
  /// attempts and, if it is completed, processing time.
  static let returning = """
    RETURNING type, status, attempts, CASE WHEN status = 'completed'
      THEN \(processingMs("task_queue")) END
    """

  // MARK: Counting

  /// Counts tasks that were added. Parameters: type, how many.
  static let countAdded = """
    UPDATE queue_counters SET count = count + ?2, ever = ever + ?2
    WHERE type = ?1 AND status = 'all' AND up_to_ms = 0
    """
  /// Counts the first ones of their type. Parameters: type, how many.
  static let countFirstAdded = """
    INSERT INTO queue_counters (type, status, up_to_ms, count, ever) VALUES (?1, 'all', 0, ?2, ?2)
    """
  /// Counts tasks that have ended. Parameters: type, status, class, how many, how many of them took more
  /// than one attempt, how many attempts more, milliseconds.
  static let countEnded = """
    UPDATE queue_counters SET count = count + ?4, ever = ever + ?4, retried = retried + ?5,
      retries = retries + ?6, busy_ms = busy_ms + ?7
    WHERE type = ?1 AND status = ?2 AND up_to_ms = ?3
    """
  /// Counts the first ones of their kind. Parameters: as ``countEnded``.
  static let countFirstEnded = """
    INSERT INTO queue_counters (type, status, up_to_ms, count, ever, retried, retries, busy_ms)
    VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7)
    """

  /// Notes where a counter stands before its first change in a minute. Parameters: type, status, class,
  /// minute.
  static let noteHistory = noteHistory(
    type: "?1", status: "?2", upTo: "?3", minute: "?4", when: "1")

  static func noteHistory(
    type: String, status: String, upTo: String, minute: String, when condition: String
  ) -> String {
    // An entry of a later minute, of a clock that was ahead, is as good: what counts is the order.
    """
    INSERT INTO task_history (type, status, up_to_ms, minute, ever, retried, retries, busy_ms)
      SELECT k.type, k.status, k.up_to_ms, k.minute, coalesce(c.ever, 0), coalesce(c.retried, 0),
        coalesce(c.retries, 0), coalesce(c.busy_ms, 0)
      FROM (SELECT \(type) AS type, \(status) AS status, \(upTo) AS up_to_ms, \(minute) AS minute
        WHERE \(condition)) AS k
      LEFT JOIN queue_counters AS c
        ON c.type = k.type AND c.status = k.status AND c.up_to_ms = k.up_to_ms
      WHERE NOT EXISTS (SELECT 1 FROM task_history AS h WHERE h.type = k.type
        AND h.status = k.status AND h.up_to_ms = k.up_to_ms AND h.minute >= k.minute)
    """
  }

  /// Thins the history of one counter out. Parameters: type, status, class, then moments as minutes:
  /// before which there is one entry per ten minutes, before which one per hour, before which none, and
  /// after which an entry must be that of a wrong clock.
  static let thinHistory = """
    DELETE FROM task_history WHERE type = ?1 AND status = ?2 AND up_to_ms = ?3 AND (
      minute < ?6 OR minute > ?7
      OR (minute < ?4 AND EXISTS (SELECT 1 FROM task_history AS e
        WHERE e.type = ?1 AND e.status = ?2 AND e.up_to_ms = ?3
          AND e.minute >= substr(task_history.minute, 1, 15) AND e.minute < task_history.minute))
      OR (minute < ?5 AND EXISTS (SELECT 1 FROM task_history AS e
        WHERE e.type = ?1 AND e.status = ?2 AND e.up_to_ms = ?3
          AND e.minute >= substr(task_history.minute, 1, 13) AND e.minute < task_history.minute)))
    """

  // MARK: Checking

  /// Sets every `count` by looking at every task; a script, for a transaction.
  package static let recount = """
    UPDATE queue_counters SET count = 0;
    INSERT INTO queue_counters (type, status, up_to_ms, count)
      SELECT type, 'all', 0, COUNT(*) FROM task_queue WHERE 1 GROUP BY type
      ON CONFLICT (type, status, up_to_ms) DO UPDATE SET count = excluded.count;
    INSERT INTO queue_counters (type, status, up_to_ms, count)
      SELECT t.type, t.status, \(upTo("t")) AS class, COUNT(*) FROM task_queue AS t
      WHERE \(isFinal("t")) GROUP BY t.type, t.status, class
      ON CONFLICT (type, status, up_to_ms) DO UPDATE SET count = excluded.count;
    """

  /// The counters that are wrong: type, status, class, what they say and what is so.
  package static let differences = """
    SELECT type, status, up_to_ms, SUM(counted), SUM(actual) FROM (
      SELECT type, status, up_to_ms, count AS counted, 0 AS actual FROM queue_counters
      UNION ALL
      SELECT type, 'all', 0, 0, COUNT(*) FROM task_queue GROUP BY type
      UNION ALL
      SELECT t.type, t.status, \(upTo("t")) AS class, 0, COUNT(*) FROM task_queue AS t
        WHERE \(isFinal("t")) GROUP BY t.type, t.status, class)
    GROUP BY type, status, up_to_ms HAVING SUM(counted) <> SUM(actual)
    ORDER BY type, status, up_to_ms
    """
}
