public import QueueEngine
internal import SQLite

/// Looks tasks up by what they are, and changes many of them at once.
///
/// A listing goes by the tasks' ids. Where the filter names neither held tasks only nor an
/// idempotency key, tasks are read one after the other until enough were found, which keeps nobody
/// from writing but takes time where few in a long queue fit. Changes are made by a few hundred per
/// transaction.
public struct TaskListing: Sendable {
  private let database: QueueDatabase

  /// How many tasks one transaction changes: some 2 ms of work.
  private static let changesPerTransaction = 200

  /// The tasks of a queue.
  public init(database: QueueDatabase) { self.database = database }

  // MARK: Looking

  /// Tasks that fit, by their ids.
  ///
  /// - Parameters:
  ///   - filter: which ones.
  ///   - order: the order of their ids.
  ///   - last: the last task of the page before, which need not be there any more; nil for the
  ///     first page.
  ///   - limit: how many at most.
  /// - Returns: the tasks.
  /// - Throws: `QueueError`, with `invalidArgument` if the limit is negative.
  public func tasks(
    matching filter: TaskFilter = TaskFilter(), order: TaskOrder = .oldestFirst,
    after last: TaskID? = nil, limit: Int = 100
  ) throws -> [QueueTask] {
    try Self.check(limit, "limit")
    var conditions = TaskConditions(filter)
    if let last {
      conditions.add(order == .oldestFirst ? "id > " : "id < ", integer: last.rawValue)
    }
    let limitName = conditions.parameter(integer: Int64(limit))
    let sql = """
      SELECT \(QueueTask.columns) FROM \(conditions.table) WHERE \(conditions.text)
      ORDER BY id \(order == .oldestFirst ? "ASC" : "DESC") LIMIT \(limitName)
      """
    return try database.read { [conditions] (connection) throws(SQLiteError) -> [QueueTask] in
      let rows = try connection.cached(sql)
      defer { rows.reset() }
      try conditions.bind(to: rows)
      var tasks: [QueueTask] = []
      while try rows.step() { tasks.append(QueueTask(row: rows)) }
      return tasks
    }
  }

  /// How many tasks fit; counting ends at `atMost`.
  ///
  /// Throws `QueueError`, with `invalidArgument` if the bound is negative.
  public func count(
    matching filter: TaskFilter = TaskFilter(), atMost bound: Int = 10_000
  ) throws -> Int {
    try Self.check(bound, "the bound of the count")
    var conditions = TaskConditions(filter)
    let boundName = conditions.parameter(integer: Int64(bound))
    let sql = """
      SELECT COUNT(*) FROM
        (SELECT 1 FROM \(conditions.table) WHERE \(conditions.text) LIMIT \(boundName))
      """
    return try database.read { [conditions] (connection) throws(SQLiteError) -> Int in
      let row = try connection.cached(sql)
      defer { row.reset() }
      try conditions.bind(to: row)
      _ = try row.step()
      return Int(row.int64(0))
    }
  }

  // MARK: Retrying

  /// Queues final tasks anew, to be claimed at once: what they ended with is forgotten, their
  /// idempotency keys stay theirs.
  ///
  /// Idle workers are woken.
  ///
  /// - Parameters:
  ///   - ids: the tasks. Those that do not exist, wait or are held are left alone.
  ///   - attempts: how many attempts they get.
  ///   - now: when they become due.
  /// - Returns: those that were queued, in ascending order.
  /// - Throws: `QueueError`, with `invalidArgument` if they would get no attempt; what was
  ///   changed before that stays so.
  @discardableResult
  public func retry(
    ids: [TaskID], attempts: RetryAttempts = .remaining, now: Timestamp = .now()
  ) throws -> [TaskID] {
    let change = try Change.retry(attempts, now: now)
    let filter = TaskFilter(statuses: Self.finalStatuses)
    let ids = Set(ids).sorted()
    var queued: [TaskID] = []
    for start in stride(from: 0, to: ids.count, by: Self.changesPerTransaction) {
      let end = min(start + Self.changesPerTransaction, ids.count)
      queued += try apply(change, to: Array(ids[start..<end]), filter)
    }
    return queued.sorted()
  }

  /// Queues final tasks anew that fit; see ``retry(ids:attempts:now:)``.
  ///
  /// - Parameters:
  ///   - filter: which ones. Without statuses those that are `failed` or in `dead_letter`; tasks
  ///     that are completed or cancelled must be asked for.
  ///   - attempts: how many attempts they get.
  ///   - limit: how many at most, beginning with the oldest.
  ///   - now: when they become due.
  /// - Returns: how many were queued.
  /// - Throws: as ``retry(ids:attempts:now:)``.
  @discardableResult
  public func retry(
    matching filter: TaskFilter, attempts: RetryAttempts = .remaining, limit: Int = .max,
    now: Timestamp = .now()
  ) throws -> Int {
    try Self.check(limit, "limit")
    var filter = filter
    filter.statuses = (filter.statuses ?? [.failed, .deadLetter]).intersection(Self.finalStatuses)
    return try applyInBatches(try Change.retry(attempts, now: now), filter, limit: limit)
  }

  // MARK: Cancelling

  /// Takes tasks back that fit.
  ///
  /// - Parameters:
  ///   - filter: which ones; final ones are left alone.
  ///   - evenIfHeld: whether to take them from workers, too, which then lose their leases.
  ///   - limit: how many at most, beginning with the oldest.
  ///   - now: when that was.
  /// - Returns: how many were taken back.
  /// - Throws: `QueueError`; what was changed before that stays so.
  @discardableResult
  public func cancel(
    matching filter: TaskFilter, evenIfHeld: Bool = false, limit: Int = .max,
    now: Timestamp = .now()
  ) throws -> Int {
    try Self.check(limit, "limit")
    let open: Set<TaskStatus> = evenIfHeld ? [.queued, .processing] : [.queued]
    var filter = filter
    filter.statuses = (filter.statuses ?? open).intersection(open)
    return try applyInBatches(.cancel(now: now), filter, limit: limit)
  }

  // MARK: Changes

  private static let finalStatuses = Set(TaskStatus.allCases.filter(\.isFinal))

  /// What is done to tasks.
  private enum Change {
    /// `further` is how many attempts they get, 0 for those that are left.
    case queue(further: Int64, now: Timestamp)
    case cancel(now: Timestamp)

    static func retry(_ attempts: RetryAttempts, now: Timestamp) throws -> Change {
      switch attempts {
      case .remaining: return .queue(further: 0, now: now)
      case .further(let count):
        guard (1...Int(Int32.max)).contains(count) else {
          throw QueueError(
            code: .invalidArgument,
            message: "a task that is to be tried again needs at least 1 attempt, not \(count)")
        }
        return .queue(further: Int64(count), now: now)
      }
    }

    /// What follows SET; adds its parameters to the conditions.
    func assignments(_ conditions: inout TaskConditions) -> String {
      switch self {
      case .queue(let further, let now):
        let furtherName = conditions.parameter(integer: further)
        let nowName = conditions.parameter(now)
        return """
          status = 'queued', run_after_utc = \(nowName), locked_by = NULL, lease_until_utc = NULL,
          finished_at_utc = NULL, error_message = NULL, result = NULL, lane = NULL,
          max_attempts = CASE WHEN \(furtherName) > 0 THEN attempts + \(furtherName)
            ELSE max(max_attempts, attempts + 1) END
          """
      case .cancel(let now):
        let nowName = conditions.parameter(now)
        return """
          status = 'cancelled', finished_at_utc = \(nowName),
          lease_until_utc = NULL, lane = NULL
          """
      }
    }
  }

  /// Looks for tasks without the write lock, and changes by the hundreds those that still fit then.
  ///
  /// Tasks that are enqueued meanwhile are no concern of it: otherwise busy producers could keep it from ever
  /// ending.
  private func applyInBatches(_ change: Change, _ filter: TaskFilter, limit: Int) throws -> Int {
    var last: TaskID?
    var changedCount = 0
    // What no task can be is not looked for in all of them.
    if filter.statuses?.isEmpty == true { return 0 }
    let newest = try database.read { (connection) throws(SQLiteError) -> Int64 in
      try MaintenanceQuery.integer("SELECT MAX(id) FROM task_queue", on: connection)
    }
    while changedCount < limit {
      let ids = try ids(
        matching: filter, after: last, upTo: newest,
        limit: min(limit - changedCount, Self.changesPerTransaction))
      guard let greatest = ids.last else { break }
      last = greatest
      changedCount += try apply(change, to: ids, filter).count
    }
    return changedCount
  }

  private func ids(
    matching filter: TaskFilter, after last: TaskID?, upTo newest: Int64, limit: Int
  ) throws -> [TaskID] {
    var conditions = TaskConditions(filter)
    conditions.add("id <= ", integer: newest)
    if let last { conditions.add("id > ", integer: last.rawValue) }
    let limitName = conditions.parameter(integer: Int64(limit))
    let sql = """
      SELECT id FROM \(conditions.table) WHERE \(conditions.text) ORDER BY id LIMIT \(limitName)
      """
    return try database.read { [conditions] (connection) throws(SQLiteError) -> [TaskID] in
      let rows = try connection.cached(sql)
      defer { rows.reset() }
      try conditions.bind(to: rows)
      var ids: [TaskID] = []
      while try rows.step() { ids.append(TaskID(rawValue: rows.int64(0))) }
      return ids
    }
  }

  /// Changes those of some tasks that fit, and returns which these were.
  private func apply(_ change: Change, to ids: [TaskID], _ filter: TaskFilter) throws -> [TaskID] {
    var conditions = TaskConditions(filter)
    conditions.add("id IN (SELECT value FROM json_each(", ids: ids, "))")
    let assignments = change.assignments(&conditions)
    // By their ids: no index of what is asked would be quicker.
    let sql = """
      UPDATE task_queue NOT INDEXED SET \(assignments) WHERE \(conditions.text) RETURNING id
      """
    let changed = try database.write {
      [conditions] (connection) throws(SQLiteError) -> [TaskID] in
      let rows = try connection.cached(sql)
      defer { rows.reset() }
      try conditions.bind(to: rows)
      var changed: [TaskID] = []
      while try rows.step() { changed.append(TaskID(rawValue: rows.int64(0))) }
      return changed
    }
    if case .queue = change, !changed.isEmpty { database.wakeWorkers() }
    return changed
  }

  private static func check(_ limit: Int, _ name: String) throws {
    guard limit >= 0 else {
      throw QueueError(
        code: .invalidArgument, message: "\(name) must not be negative, as \(limit) is")
    }
  }
}
