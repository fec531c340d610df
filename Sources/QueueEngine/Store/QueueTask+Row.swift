package import SQLite

extension QueueTask {
  /// The columns of `task_queue` that ``init(row:)`` reads, in its order.
  package static let columns = """
    id, type, payload, priority, compatibility, status, attempts, max_attempts, run_after_utc,
    lease_until_utc, processing_started_utc, finished_at_utc, locked_by, error_message, result,
    idempotency_key, created_at_utc
    """

  /// The task in the standing row of a statement that selects ``columns``.
  package init(row: Statement) {
    self.init(
      id: TaskID(rawValue: row.int64(0)), type: row.text(1) ?? "", payload: row.text(2) ?? "",
      priority: Int(row.int64(3)), compatibility: row.text(4) ?? "{}",
      status: row.text(5).flatMap(TaskStatus.init(rawValue:)) ?? .queued,
      attempts: Int(row.int64(6)), maxAttempts: Int(row.int64(7)),
      runAfter: row.text(8).flatMap(Timestamp.init),
      leaseUntil: row.text(9).flatMap(Timestamp.init),
      processingStarted: row.text(10).flatMap(Timestamp.init),
      finishedAt: row.text(11).flatMap(Timestamp.init), lockedBy: row.text(12),
      errorMessage: row.text(13), result: row.text(14), idempotencyKey: row.text(15),
      createdAt: row.text(16).flatMap(Timestamp.init))
  }
}
