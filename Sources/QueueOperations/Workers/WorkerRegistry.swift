public import QueueEngine
internal import SQLite

/// Who works on a queue, and who has fallen silent: the table `workers`.
///
/// A worker says that it lives by heartbeats, see ``HeartbeatService``. One that sends none for
/// long is stale, and what it holds can be given back before its leases run out. A worker that was
/// thought dead and is not loses nothing but its leases: what it has to say about their tasks is
/// refused.
///
/// Idle workers are woken for tasks that were given back.
public struct WorkerRegistry: Sendable {
  private let database: QueueDatabase

  /// How many tasks one transaction gives back: some 2 ms of work.
  private static let tasksPerTransaction: Int64 = 200

  /// The workers of a queue.
  public init(database: QueueDatabase) { self.database = database }

  // MARK: For workers

  /// Makes a worker known, or known anew with other capabilities; counts as a heartbeat.
  ///
  /// - Throws: `QueueError` with `invalidArgument` if the id is empty or longer than
  ///   `NewTask.nameByteLimit`; otherwise what the queue reports.
  public func register(
    _ workerID: String, capabilities: Capabilities = Capabilities(), now: Timestamp = .now()
  ) throws {
    try Self.check(workerID)
    try database.write { (connection) throws(SQLiteError) -> Void in
      let statement = try connection.cached(WorkerStatements.register)
      try statement.bind(workerID, at: 1)
      try statement.bind(capabilities.json, at: 2)
      try statement.bind(now.description, at: 3)
      try statement.run()
    }
  }

  /// Notes that a worker lives.
  ///
  /// - Parameters:
  ///   - workerID: the worker.
  ///   - capabilities: what it is capable of now: registers it if need be. Nil changes only the
  ///     heartbeat of a worker that is registered.
  ///   - now: the time of the heartbeat.
  /// - Returns: false if the worker is not registered, and nothing was changed.
  /// - Throws: as ``register(_:capabilities:now:)``.
  @discardableResult
  public func heartbeat(
    _ workerID: String, capabilities: Capabilities? = nil, now: Timestamp = .now()
  ) throws -> Bool {
    if let capabilities {
      try register(workerID, capabilities: capabilities, now: now)
      return true
    }
    try Self.check(workerID)
    return try database.write { (connection) throws(SQLiteError) -> Bool in
      let statement = try connection.cached(WorkerStatements.heartbeatOnly)
      try statement.bind(workerID, at: 1)
      try statement.bind(now.description, at: 2)
      try statement.run()
      return connection.changes == 1
    }
  }

  /// Forgets a worker that has ended in good order. What it still holds stays under its leases.
  ///
  /// - Returns: whether it was registered.
  /// - Throws: `QueueError`.
  @discardableResult
  public func forget(_ workerID: String) throws -> Bool {
    try database.write { (connection) throws(SQLiteError) -> Bool in
      let statement = try connection.cached(WorkerStatements.forget)
      try statement.bind(workerID, at: 1)
      try statement.run()
      return connection.changes == 1
    }
  }

  // MARK: For those who look

  /// All workers, the one whose heartbeat is the newest first.
  public func all() throws -> [RegisteredWorker] {
    try database.read { (connection) throws(SQLiteError) -> [RegisteredWorker] in
      try Self.workers(WorkerStatements.all, since: nil, on: connection)
    }
  }

  /// Workers whose last heartbeat is at most that old, the newest first.
  ///
  /// Throws `QueueError` with `invalidArgument` if the duration is negative.
  public func active(
    within duration: Duration = .seconds(60), now: Timestamp = .now()
  ) throws -> [RegisteredWorker] {
    let moment = try Self.moment(duration, before: now)
    return try database.read { (connection) throws(SQLiteError) -> [RegisteredWorker] in
      try Self.workers(WorkerStatements.active, since: moment, on: connection)
    }
  }

  /// Workers whose last heartbeat is older than that, the oldest first.
  ///
  /// Throws `QueueError` with `invalidArgument` if the duration is negative.
  public func stale(
    after duration: Duration = .seconds(300), now: Timestamp = .now()
  ) throws -> [RegisteredWorker] {
    let moment = try Self.moment(duration, before: now)
    return try database.read { (connection) throws(SQLiteError) -> [RegisteredWorker] in
      try Self.workers(WorkerStatements.stale, since: moment, on: connection)
    }
  }

  /// All workers, how they are and what they hold, the one whose heartbeat is the newest first.
  public func summary(
    thresholds: WorkerThresholds = WorkerThresholds(), now: Timestamp = .now()
  ) throws -> [WorkerSummary] {
    let activeSince = try Self.moment(thresholds.activeWithin, before: now)
    let staleBefore = try Self.moment(thresholds.staleAfter, before: now)
    return try database.read { (connection) throws(SQLiteError) -> [WorkerSummary] in
      let held = try Self.heldTasks(on: connection)
      return try Self.workers(WorkerStatements.all, since: nil, on: connection).map { worker in
        let liveness: WorkerLiveness
        if let heartbeat = worker.lastHeartbeat {
          liveness = heartbeat < staleBefore ? .stale : heartbeat >= activeSince ? .active : .late
        } else {
          liveness = .unknown
        }
        return WorkerSummary(
          worker: worker,
          silenceMs: worker.lastHeartbeat.map {
            now.millisecondsSinceEpoch - $0.millisecondsSinceEpoch
          },
          liveness: liveness, heldTasks: held[worker.id] ?? 0)
      }
    }
  }

  /// What a worker holds and has done within that time, whether it is registered or not.
  ///
  /// Reads every task and every entry of the task log once; that keeps nobody from writing, but
  /// takes a while in a long queue.
  ///
  /// Throws `QueueError` with `invalidArgument` if the duration is negative.
  public func stats(
    of workerID: String, window: Duration = .seconds(86_400), now: Timestamp = .now()
  ) throws -> WorkerStats {
    let since = try Self.moment(window, before: now).description
    return try database.read { (connection) throws(SQLiteError) -> WorkerStats in
      let worker = try connection.cached(WorkerStatements.one)
      defer { worker.reset() }
      try worker.bind(workerID, at: 1)
      let lastHeartbeat: Timestamp? =
        try worker.step() ? worker.text(2).flatMap(Timestamp.init) : nil
      let tasks = try connection.cached(WorkerStatements.finished)
      defer { tasks.reset() }
      try tasks.bind(workerID, at: 1)
      try tasks.bind(since, at: 2)
      _ = try tasks.step()
      let retries = try connection.cached(WorkerStatements.retried)
      defer { retries.reset() }
      try retries.bind(workerID, at: 1)
      try retries.bind(since, at: 2)
      _ = try retries.step()
      return WorkerStats(
        workerID: workerID, lastHeartbeat: lastHeartbeat, heldTasks: Int(tasks.int64(0)),
        completed: Int(tasks.int64(1)), failed: Int(tasks.int64(2)),
        retried: Int(retries.int64(0)))
    }
  }

  // MARK: Stale workers

  /// Gives back what stale workers hold, by the rules for leases that have run out: the attempts
  /// count, and tasks that have used up theirs go to `dead_letter`.
  ///
  /// Whether a worker is stale is looked at in the transaction that takes its tasks: leases of a
  /// worker that has sent a heartbeat by then are left alone, and so are those of workers that are
  /// not registered. A few hundred tasks per transaction.
  ///
  /// Throws `QueueError`, with `invalidArgument` if the duration is negative; what was given back
  /// before that stays so.
  @discardableResult
  public func reclaim(
    staleAfter duration: Duration = .seconds(300), now: Timestamp = .now()
  ) throws -> ReclaimResult {
    let moment = try Self.moment(duration, before: now).description
    var result = ReclaimResult()
    while true {
      let part = try database.write { (connection) throws(SQLiteError) -> ReclaimResult in
        try Self.reclaim(before: moment, now: now, on: connection)
      }
      result.requeued += part.requeued
      result.deadLettered += part.deadLettered
      if part.requeued > 0 { database.wakeWorkers() }
      if part.total < Self.tasksPerTransaction { return result }
    }
  }

  /// Forgets stale workers; those that hold tasks only if `force` is set, after these were given
  /// back as by ``reclaim(staleAfter:now:)``.
  ///
  /// Throws `QueueError`, with `invalidArgument` if the duration is negative.
  @discardableResult
  public func cleanup(
    staleAfter duration: Duration = .seconds(300), force: Bool = false, now: Timestamp = .now()
  ) throws -> WorkerCleanupResult {
    let moment = try Self.moment(duration, before: now).description
    let reclaimed = force ? try reclaim(staleAfter: duration, now: now) : ReclaimResult()
    let forgotten = try database.write { (connection) throws(SQLiteError) -> Int in
      let statement = try connection.cached(WorkerStatements.forgetStale)
      try statement.bind(moment, at: 1)
      try statement.run()
      return connection.changes
    }
    return WorkerCleanupResult(forgotten: forgotten, reclaimed: reclaimed)
  }

  private static func reclaim(
    before moment: String, now: Timestamp, on connection: Connection
  ) throws(SQLiteError) -> ReclaimResult {
    let held = try connection.cached(WorkerStatements.heldByStale)
    defer { held.reset() }
    try held.bind(moment, at: 1)
    held.bind(tasksPerTransaction, at: 2)
    var ids: [Int64] = []
    while try held.step() { ids.append(held.int64(0)) }
    var result = ReclaimResult()
    if ids.isEmpty { return result }
    let list = "[" + ids.map { "\($0)" }.joined(separator: ",") + "]"
    // Those without attempts first: what is queued then is not looked at again.
    let bury = try connection.cached(WorkerStatements.bury)
    try bury.bind(list, at: 1)
    try bury.bind(now.description, at: 2)
    try bury.run()
    result.deadLettered = connection.changes
    let requeue = try connection.cached(WorkerStatements.requeue)
    try requeue.bind(list, at: 1)
    try requeue.run()
    result.requeued = connection.changes
    return result
  }

  // MARK: Rows

  private static func workers(
    _ sql: String, since moment: Timestamp?, on connection: Connection
  ) throws(SQLiteError) -> [RegisteredWorker] {
    let rows = try connection.cached(sql)
    defer { rows.reset() }
    if let moment { try rows.bind(moment.description, at: 1) }
    var workers: [RegisteredWorker] = []
    while try rows.step() {
      workers.append(
        RegisteredWorker(
          id: rows.text(0) ?? "", capabilities: rows.text(1) ?? "{}",
          lastHeartbeat: rows.text(2).flatMap(Timestamp.init)))
    }
    return workers
  }

  private static func heldTasks(on connection: Connection) throws(SQLiteError) -> [String: Int] {
    let rows = try connection.cached(WorkerStatements.held)
    defer { rows.reset() }
    var held: [String: Int] = [:]
    while try rows.step() {
      if let worker = rows.text(0) { held[worker] = Int(rows.int64(1)) }
    }
    return held
  }

  // MARK: Arguments

  private static func check(_ workerID: String) throws {
    guard (1...NewTask.nameByteLimit).contains(workerID.utf8.count) else {
      throw QueueError(
        code: .invalidArgument,
        message: "a worker's id must have from 1 to \(NewTask.nameByteLimit) bytes, "
          + "not \(workerID.utf8.count)")
    }
  }

  private static func moment(_ duration: Duration, before now: Timestamp) throws -> Timestamp {
    guard duration >= .zero else {
      throw QueueError(
        code: .invalidArgument, message: "a duration must not be negative, as \(duration) is")
    }
    return now.adding(.zero - duration)
  }
}
