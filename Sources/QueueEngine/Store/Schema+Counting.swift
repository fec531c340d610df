/// What makes a queue count its tasks, for those who enable it.
///
/// `queue_counters` holds, for each type, how many tasks there are (`status = 'all'`) and how many of them
/// are in each final status; those that wait or are held are the rest, so that a claim changes no counter
/// and a completion only one. Completed tasks are counted by the class of their processing time. `count`
/// is how many there are now. `ever` only grows: how many were added, and how many have ended so, whatever
/// became of them since; `retried`, `retries` and `busy_ms` say of these how many took more than one
/// attempt, how many attempts more, and how long completed ones were worked on.
///
/// `task_history` holds what a counter that only grows stood at before its first change in a minute. What
/// has happened since a moment is the difference between now and the first such entry from then on. So the
/// past takes no look at tasks, and nothing happens to it when they are removed.
///
/// Such a queue also has an index of the tasks that have failed for good, so that the latest of them are found
/// without a look at others. Only those who fail write to it.
///
/// Engines count themselves, by one statement per counter and transaction; triggers count what is written
/// by hand. (`REPLACE` does not call them for the row that goes, unless `recursive_triggers` is on.)
extension Schema {
  /// The table that says whether a queue counts.
  static let counterTable = "queue_counters"

  /// Makes a queue count what there is already and all that follows; within a transaction.
  static let enableCounting = """
    CREATE TABLE processing_time_bounds (up_to_ms INTEGER PRIMARY KEY);
    INSERT INTO processing_time_bounds VALUES
      \(ProcessingTimeBounds.all.map { "(\($0))" }.joined(separator: ", "));
    CREATE TABLE queue_counters (
      type TEXT NOT NULL,
      status TEXT NOT NULL,
      up_to_ms INTEGER NOT NULL,
      count INTEGER NOT NULL DEFAULT 0,
      ever INTEGER NOT NULL DEFAULT 0,
      retried INTEGER NOT NULL DEFAULT 0,
      retries INTEGER NOT NULL DEFAULT 0,
      busy_ms INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (type, status, up_to_ms)
    ) WITHOUT ROWID;
    CREATE TABLE task_history (
      type TEXT NOT NULL,
      status TEXT NOT NULL,
      up_to_ms INTEGER NOT NULL,
      minute TEXT NOT NULL,
      ever INTEGER NOT NULL,
      retried INTEGER NOT NULL,
      retries INTEGER NOT NULL,
      busy_ms INTEGER NOT NULL,
      PRIMARY KEY (type, status, up_to_ms, minute)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS ix_task_failed ON task_queue (finished_at_utc)
      WHERE status IN ('failed', 'dead_letter');
    \(CountingStatements.recount)
    UPDATE queue_counters SET ever = count WHERE status = 'all';

    CREATE TRIGGER tr_count_insert AFTER INSERT ON task_queue
    BEGIN
      INSERT INTO queue_counters (type, status, up_to_ms, count, ever)
        VALUES (NEW.type, 'all', 0, 1, 1)
        ON CONFLICT (type, status, up_to_ms) DO UPDATE SET count = count + 1, ever = ever + 1;
      INSERT INTO queue_counters (type, status, up_to_ms, count)
        SELECT NEW.type, NEW.status, \(CountingStatements.upTo("NEW")), 1
        WHERE \(CountingStatements.isFinal("NEW"))
        ON CONFLICT (type, status, up_to_ms) DO UPDATE SET count = count + 1;
    END;
    CREATE TRIGGER tr_count_delete AFTER DELETE ON task_queue
    BEGIN
      UPDATE queue_counters SET count = count - 1
        WHERE type = OLD.type AND status = 'all' AND up_to_ms = 0;
      \(leaveEnd)
    END;
    CREATE TRIGGER tr_count_update
      AFTER UPDATE OF type, status, processing_started_utc, finished_at_utc ON task_queue
    WHEN \(CountingStatements.isFinal("OLD")) OR \(CountingStatements.isFinal("NEW"))
      OR OLD.type <> NEW.type
    BEGIN
      UPDATE queue_counters SET count = count - 1
        WHERE OLD.type <> NEW.type AND type = OLD.type AND status = 'all' AND up_to_ms = 0;
      INSERT INTO queue_counters (type, status, up_to_ms, count)
        SELECT NEW.type, 'all', 0, 1 WHERE OLD.type <> NEW.type
        ON CONFLICT (type, status, up_to_ms) DO UPDATE SET count = count + 1;
      \(leaveEnd)
      \(noteEnd);
      INSERT INTO queue_counters (type, status, up_to_ms, count, ever, retried, retries, busy_ms)
        SELECT NEW.type, NEW.status, \(CountingStatements.upTo("NEW")), 1, s.ends,
          s.ends * (NEW.attempts > 1), s.ends * max(NEW.attempts - 1, 0),
          s.ends * \(CountingStatements.busyMs("NEW"))
        FROM (SELECT NOT \(CountingStatements.isFinal("OLD")) AS ends) AS s
        WHERE \(CountingStatements.isFinal("NEW"))
        ON CONFLICT (type, status, up_to_ms) DO UPDATE SET count = count + 1,
          ever = ever + excluded.ever, retried = retried + excluded.retried,
          retries = retries + excluded.retries, busy_ms = busy_ms + excluded.busy_ms;
    END;
    """

  private static let leaveEnd = """
    UPDATE queue_counters SET count = count - 1
        WHERE \(CountingStatements.isFinal("OLD")) AND type = OLD.type AND status = OLD.status
          AND up_to_ms = \(CountingStatements.upTo("OLD"));
    """

  private static let noteEnd = CountingStatements.noteHistory(
    type: "NEW.type", status: "NEW.status", upTo: CountingStatements.upTo("NEW"),
    minute: endMinute,
    when: "\(CountingStatements.isFinal("NEW")) AND NOT \(CountingStatements.isFinal("OLD"))")

  /// The minute in which a task has ended; a moment that is still to come is not believed.
  private static let endMinute = """
    strftime('%Y-%m-%d %H:%M', CASE WHEN julianday(NEW.finished_at_utc) <= julianday('now')
        THEN NEW.finished_at_utc ELSE 'now' END)
    """
}
