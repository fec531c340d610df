internal import QueueEngine
internal import QueueOperations
internal import SQLite

/// What a queue holds at a moment, as `taskqueue top` shows it.
///
/// All that is known of where the numbers are from is in ``take(of:now:)``.
struct QueueSnapshot: Sendable {
  /// How many tasks of a type are in a status.
  struct Depth: Sendable, Hashable {
    let type: String
    let status: TaskStatus
    let count: Int
  }

  /// A worker that is registered or holds tasks.
  struct Worker: Sendable {
    let id: String
    /// Nil for one that is not registered.
    let liveness: WorkerLiveness?
    let silenceMs: Int64?
    let heldCount: Int
  }

  let takenAt: Timestamp
  let depths: [Depth]
  /// How many tasks have ever been enqueued.
  let enqueuedCount: Int64
  /// When the oldest task that is due became so; nil if none is.
  let oldestDue: Timestamp?
  let workers: [Worker]
  /// Tasks that are held, the first ones to have been enqueued first.
  let running: [QueueTask]
  /// Tasks that have failed for good, the latest first.
  let failures: [QueueTask]

  /// How many tasks are in a status.
  func count(_ status: TaskStatus) -> Int {
    depths.reduce(0) { $1.status == status ? $0 + $1.count : $0 }
  }

  // MARK: Taking

  /// How many held tasks are looked at.
  private static let runningLimit = 200
  private static let failureLimit = 50
  /// Failures are looked for among that many tasks that were enqueued last.
  private static let failureWindow: Int64 = 20_000

  /// Looks at a queue.
  ///
  /// Counts tasks by looking at each of them, which takes a while in a long queue and keeps nobody
  /// from writing.
  static func take(of database: QueueDatabase, now: Timestamp = .now()) throws -> QueueSnapshot {
    let figures = try database.read { (connection) throws(SQLiteError) -> Figures in
      try Figures(connection, now: now)
    }
    let listing = TaskListing(database: database)
    let running = try listing.tasks(
      matching: TaskFilter(statuses: [.processing]), limit: runningLimit)
    return QueueSnapshot(
      takenAt: now, depths: figures.depths, enqueuedCount: figures.enqueuedCount,
      oldestDue: figures.oldestDue, workers: try workers(of: database, running, now: now),
      running: running,
      failures: figures.failures.sorted { ($0.finishedAt ?? now) > ($1.finishedAt ?? now) })
  }

  private struct Figures {
    var depths: [Depth] = []
    var enqueuedCount: Int64 = 0
    var oldestDue: Timestamp?
    /// Among the tasks that were enqueued last: a listing would look for more of them in vain.
    var failures: [QueueTask] = []

    init(_ connection: Connection, now: Timestamp) throws(SQLiteError) {
      let counts = try connection.cached(
        "SELECT type, status, count(*) FROM task_queue GROUP BY type, status")
      defer { counts.reset() }
      while try counts.step() {
        guard let type = counts.text(0), let status = counts.text(1).flatMap(TaskStatus.init)
        else { continue }
        depths.append(Depth(type: type, status: status, count: Int(counts.int64(2))))
      }
      let last = try connection.cached("SELECT seq FROM sqlite_sequence WHERE name = 'task_queue'")
      defer { last.reset() }
      if try last.step() { enqueuedCount = last.int64(0) }
      let oldest = try connection.cached(
        """
        SELECT min(run_after_utc) FROM task_queue WHERE status = 'queued' AND run_after_utc <= ?1
        """)
      defer { oldest.reset() }
      try oldest.bind(now.description, at: 1)
      if try oldest.step() { oldestDue = oldest.text(0).flatMap(Timestamp.init) }
      let failed = try connection.cached(
        """
        SELECT \(QueueTask.columns) FROM task_queue
        WHERE id > ?1 AND status IN ('failed', 'dead_letter') ORDER BY id DESC LIMIT ?2
        """)
      defer { failed.reset() }
      failed.bind(enqueuedCount - QueueSnapshot.failureWindow, at: 1)
      failed.bind(Int64(QueueSnapshot.failureLimit), at: 2)
      while try failed.step() { failures.append(QueueTask(row: failed)) }
    }
  }

  private static func workers(
    of database: QueueDatabase, _ running: [QueueTask], now: Timestamp
  ) throws -> [Worker] {
    let registered = try WorkerRegistry(database: database).summary(now: now)
    var workers = registered.map {
      Worker(
        id: $0.id, liveness: $0.liveness, silenceMs: $0.silenceMs, heldCount: $0.heldTasks)
    }
    // Embedded workers need not register.
    let held = Dictionary(grouping: running.filter { $0.lockedBy != nil }) { $0.lockedBy ?? "" }
    let known = Set(workers.map(\.id))
    for (id, tasks) in held.sorted(by: { $0.key < $1.key }) where !known.contains(id) {
      workers.append(Worker(id: id, liveness: nil, silenceMs: nil, heldCount: tasks.count))
    }
    return workers
  }
}
