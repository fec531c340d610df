internal import Platform
public import QueueEngine
internal import SQLite

extension QueueMaintenance {
  /// Removes what the rules no longer keep, beside the work of others.
  ///
  /// What is to go is looked for in read transactions of some thousand rows. It is removed in write transactions
  /// that end after a fifth of a millisecond, or when half of `holdLimitMs` has passed, whatever is left of their
  /// batch, and that are made smaller when one was held for too long; one task with a long log takes several.
  /// Between two of them the lock is free for four times as long as it was held. With the index `ix_task_finished` on `finished_at_utc` only finished tasks
  /// are looked at; without it all tasks are, in the order of their ids.
  ///
  /// May be stopped and called again at any time.
  ///
  /// - Parameters:
  ///   - policy: What stays.
  ///   - holdLimitMs: How long the write lock may be held at a time, in milliseconds, 1 at least.
  ///   - now: What ages are counted from.
  ///   - goesOn: Asked after every transaction whether to go on.
  /// - Returns: What has been removed, and for how long the write lock was held.
  /// - Throws: `QueueError`: `invalidArgument`, `busy`; what has been removed until then stays removed.
  public func prune(
    _ policy: Retention, holdLimitMs: Int = 4, now: Timestamp = .now(),
    goingOnIf goesOn: () -> Bool = { true }
  ) throws -> RetentionReport {
    try policy.validate()
    guard (1...60_000).contains(holdLimitMs) else {
      throw QueueError(
        code: .invalidArgument,
        message: "holdLimitMs must be from 1 to 60000, and is \(holdLimitMs)")
    }
    let run = RetentionRun(
      database: database, policy: policy, holdLimitNs: UInt64(holdLimitMs) * 1_000_000, now: now)
    return try run.carryOut(while: goesOn)
  }
}

/// One call of ``QueueMaintenance/prune(_:holdLimitMs:now:goingOnIf:)``.
///
/// Not Sendable: one thread carries it out.
final class RetentionRun {
  /// The index that finished tasks can be found by.
  static let finishedIndex = "ix_task_finished"
  /// How many rows one read transaction looks at.
  private static let rowsPerLook = 2000
  /// How many rows one write transaction removes at most.
  private static let batchLimits = 1...4096
  /// How many log entries of a task are removed between two looks at the clock.
  private static let logsPerStatement: Int64 = 50
  private static let shortestPauseNs: UInt64 = 500_000
  /// How long a transaction is meant to take, whatever it may: a claim takes about half of that, and has to wait for it
  /// whenever they meet. With 2 ms, and as long a pause, the p99 of claims is that of the waits.
  private static let aimNs: UInt64 = 200_000
  /// How many times as long as it was held the lock is free.
  private static let pauseFactor: UInt64 = 4

  /// A task that is to go, and what must still be true of it then.
  private struct Victim {
    let id: Int64
    let status: String
    let finishedAt: String
  }

  /// The newest task that is one too many.
  private enum Boundary {
    case none
    case finished(at: String, id: Int64)
    case id(Int64)
  }

  private let database: QueueDatabase
  private let policy: Retention
  private let holdLimitNs: UInt64
  /// By status, the moment before which a task must have ended to go.
  private let cutoffs: [String: String]
  private let logCutoff: String?
  private let finals = Set(TaskStatus.allCases.filter(\.isFinal).map(\.rawValue))
  private var batchSize = 64
  private var report = RetentionReport()

  init(database: QueueDatabase, policy: Retention, holdLimitNs: UInt64, now: Timestamp) {
    self.database = database
    self.policy = policy
    self.holdLimitNs = holdLimitNs
    cutoffs = Dictionary(
      uniqueKeysWithValues: policy.tasksForMs.map {
        ($0.key.rawValue, now.adding(milliseconds: -$0.value).description)
      })
    logCutoff = policy.logsForMs.map { now.adding(milliseconds: -$0).description }
  }

  func carryOut(while goesOn: () -> Bool) throws -> RetentionReport {
    report.isComplete = try pruneTasks(while: goesOn) && pruneLogs(while: goesOn)
    return report
  }

  // MARK: Tasks

  private func pruneTasks(while goesOn: () -> Bool) throws -> Bool {
    guard !cutoffs.isEmpty || policy.tasksAtMost != nil else { return true }
    let hasIndex = try reading { (connection: Connection) throws(SQLiteError) -> Bool in
      try MaintenanceQuery.integer(
        """
        SELECT EXISTS (SELECT 1 FROM sqlite_schema
          WHERE type = 'index' AND name = '\(Self.finishedIndex)')
        """, on: connection) == 1
    }
    let boundary = try boundary(hasIndex: hasIndex)
    let newest = try newest("SELECT MAX(id) FROM task_queue")
    let lastMoment = lastMoment(boundary)
    var cursor = (finishedAt: "", id: Int64.min)
    while true {
      let seen = try look(after: cursor, upTo: newest, hasIndex: hasIndex)
      guard let last = seen.last else { return true }
      cursor = (last.finishedAt, last.id)
      var victims = seen.filter { isOver($0, boundary) }[...]
      while !victims.isEmpty {
        let removed = try remove(tasks: victims.prefix(batchSize))
        victims = victims.dropFirst(removed)
        if !goesOn() { return false }
      }
      // In the order of their ends: all that follow stay.
      if hasIndex, last.finishedAt > lastMoment { return true }
    }
  }

  /// The end of the last task that any rule wants gone.
  private func lastMoment(_ boundary: Boundary) -> String {
    let byAge = cutoffs.values.max() ?? ""
    if case .finished(let at, _) = boundary { return max(byAge, at) }
    return byAge
  }

  private func isOver(_ task: Victim, _ boundary: Boundary) -> Bool {
    guard finals.contains(task.status), !task.finishedAt.isEmpty else { return false }
    if let cutoff = cutoffs[task.status], task.finishedAt < cutoff { return true }
    switch boundary {
    case .none: return false
    case .finished(let at, let id): return (task.finishedAt, task.id) <= (at, id)
    case .id(let id): return task.id <= id
    }
  }

  /// Later tasks are the newer ones; without an index, those with higher ids.
  private func boundary(hasIndex: Bool) throws -> Boundary {
    guard let count = policy.tasksAtMost else { return .none }
    let sql =
      hasIndex
      ? """
      SELECT id, finished_at_utc FROM task_queue INDEXED BY \(Self.finishedIndex)
      WHERE finished_at_utc IS NOT NULL ORDER BY finished_at_utc DESC, id DESC LIMIT 1 OFFSET ?1
      """
      : """
      SELECT id, finished_at_utc FROM task_queue WHERE finished_at_utc IS NOT NULL
      ORDER BY id DESC LIMIT 1 OFFSET ?1
      """
    return try reading { (connection: Connection) throws(SQLiteError) -> Boundary in
      let row = try connection.cached(sql)
      defer { row.reset() }
      row.bind(Int64(count), at: 1)
      guard try row.step() else { return .none }
      return hasIndex ? .finished(at: row.text(1) ?? "", id: row.int64(0)) : .id(row.int64(0))
    }
  }

  private func look(
    after cursor: (finishedAt: String, id: Int64), upTo newest: Int64, hasIndex: Bool
  ) throws -> [Victim] {
    let sql =
      hasIndex
      ? """
      SELECT id, status, finished_at_utc FROM task_queue INDEXED BY \(Self.finishedIndex)
      WHERE finished_at_utc IS NOT NULL AND (finished_at_utc, id) > (?3, ?1) AND id <= ?4
      ORDER BY finished_at_utc, id LIMIT ?2
      """
      : """
      SELECT id, status, finished_at_utc FROM task_queue WHERE id > ?1 AND id <= ?4 ORDER BY id LIMIT ?2
      """
    return try reading { (connection: Connection) throws(SQLiteError) -> [Victim] in
      let rows = try connection.cached(sql)
      defer { rows.reset() }
      rows.bind(cursor.id, at: 1)
      rows.bind(Int64(Self.rowsPerLook), at: 2)
      rows.bind(newest, at: 4)
      if hasIndex { try rows.bind(cursor.finishedAt, at: 3) }
      var found: [Victim] = []
      while try rows.step() {
        found.append(
          Victim(
            id: rows.int64(0), status: rows.text(1) ?? "", finishedAt: rows.text(2) ?? ""))
      }
      return found
    }
  }

  /// Removes the first of the tasks, as many as there is time for; returns how many are dealt with.
  private func remove(tasks: ArraySlice<Victim>) throws -> Int {
    try writing {
      (connection: Connection, deadlineNs: UInt64) throws(SQLiteError) -> Removal in
      var removal = Removal()
      let logs = try connection.cached(
        """
        DELETE FROM task_logs WHERE log_id IN (
          SELECT log_id FROM task_logs INDEXED BY ix_task_logs_task WHERE task_id = ?1 LIMIT ?2)
        """)
      let task = try connection.cached(
        "DELETE FROM task_queue WHERE id = ?1 AND status = ?2 AND finished_at_utc = ?3")
      let isSame = try connection.cached(
        "SELECT 1 FROM task_queue WHERE id = ?1 AND status = ?2 AND finished_at_utc = ?3")
      for victim in tasks {
        // Somebody may have queued it again since the look.
        isSame.bind(victim.id, at: 1)
        try isSame.bind(victim.status, at: 2)
        try isSame.bind(victim.finishedAt, at: 3)
        let isStillThere = try isSame.step()
        isSame.reset()
        if isStillThere {
          logs.bind(victim.id, at: 1)
          logs.bind(Self.logsPerStatement, at: 2)
          var count = Int64.max
          while count >= Self.logsPerStatement {
            try logs.run()
            count = Int64(connection.changes)
            removal.logs += Int(count)
            // There may be more of them: the task itself goes when they are gone.
            if count > 0, MonotonicClock.nowNs() >= deadlineNs { return removal }
          }
          task.bind(victim.id, at: 1)
          try task.bind(victim.status, at: 2)
          try task.bind(victim.finishedAt, at: 3)
          try task.run()
          removal.tasks += connection.changes
        }
        removal.dealtWith += 1
        if MonotonicClock.nowNs() >= deadlineNs { break }
      }
      return removal
    }.dealtWith
  }

  // MARK: Logs

  private func pruneLogs(while goesOn: () -> Bool) throws -> Bool {
    guard logCutoff != nil || policy.logsAtMost != nil else { return true }
    let boundary = try reading { [policy] (connection: Connection) throws(SQLiteError) -> Int64 in
      guard let count = policy.logsAtMost else { return .min }
      let row = try connection.cached(
        "SELECT log_id FROM task_logs ORDER BY log_id DESC LIMIT 1 OFFSET ?1")
      defer { row.reset() }
      row.bind(Int64(count), at: 1)
      return try row.step() ? row.int64(0) : .min
    }
    let newest = try newest("SELECT MAX(log_id) FROM task_logs")
    var cursor = Int64.min
    while true {
      let seen = try logs(after: cursor, upTo: newest)
      guard let last = seen.last else { return true }
      cursor = last.id
      var victims = seen.filter { entry in
        entry.id <= boundary || logCutoff.map { entry.at < $0 } ?? false
      }.map(\.id)[...]
      // Entries are written in the order of time: behind so many that stay, all do.
      if victims.isEmpty { return true }
      while !victims.isEmpty {
        let removed = try remove(logs: victims.prefix(batchSize))
        victims = victims.dropFirst(removed)
        if !goesOn() { return false }
      }
    }
  }

  private func logs(
    after cursor: Int64, upTo newest: Int64
  ) throws -> [(id: Int64, at: String)] {
    try reading { (connection: Connection) throws(SQLiteError) -> [(id: Int64, at: String)] in
      let rows = try connection.cached(
        """
        SELECT log_id, at_utc FROM task_logs WHERE log_id > ?1 AND log_id <= ?3
        ORDER BY log_id LIMIT ?2
        """)
      defer { rows.reset() }
      rows.bind(cursor, at: 1)
      rows.bind(Int64(Self.rowsPerLook), at: 2)
      rows.bind(newest, at: 3)
      var found: [(id: Int64, at: String)] = []
      while try rows.step() { found.append((rows.int64(0), rows.text(1) ?? "")) }
      return found
    }
  }

  private func remove(logs: ArraySlice<Int64>) throws -> Int {
    try writing {
      (connection: Connection, deadlineNs: UInt64) throws(SQLiteError) -> Removal in
      var removal = Removal()
      let statement = try connection.cached("DELETE FROM task_logs WHERE log_id = ?1")
      for id in logs {
        statement.bind(id, at: 1)
        try statement.run()
        removal.logs += connection.changes
        removal.dealtWith += 1
        if MonotonicClock.nowNs() >= deadlineNs { break }
      }
      return removal
    }.dealtWith
  }

  // MARK: Transactions

  private struct Removal {
    var tasks = 0
    var logs = 0
    /// Of those that were to go, how many need no further look.
    var dealtWith = 0
  }

  /// What comes later is no concern of this call: otherwise busy workers could keep it from ever ending.
  private func newest(_ sql: String) throws -> Int64 {
    try reading { (connection: Connection) throws(SQLiteError) -> Int64 in
      try MaintenanceQuery.integer(sql, on: connection)
    }
  }

  private func reading<R>(_ body: (Connection) throws(SQLiteError) -> R) throws -> R {
    try database.read(body)
  }

  /// Runs `body` under the write lock, with the moment at which it should come to its end; then measures,
  /// counts, learns, and leaves the lock to others for a while.
  private func writing(
    _ body: (Connection, UInt64) throws(SQLiteError) -> Removal
  ) throws -> Removal {
    var startNs: UInt64 = 0
    let limitNs = holdLimitNs
    let removal = try database.write { (connection: Connection) throws(SQLiteError) -> Removal in
      startNs = MonotonicClock.nowNs()
      return try body(connection, startNs + min(Self.aimNs, limitNs / 2))
    }
    let heldNs = MonotonicClock.nowNs() - startNs
    report.tasks += removal.tasks
    report.logs += removal.logs
    report.batches += 1
    report.longestHoldUs = max(report.longestHoldUs, Int64(heldNs / 1000))
    if heldNs > limitNs { report.holdsOverLimit += 1 }
    // The commit, too, is part of it.
    if heldNs > min(2 * Self.aimNs, limitNs) {
      batchSize = max(Self.batchLimits.lowerBound, batchSize / 2)
    } else if heldNs < Self.aimNs {
      batchSize = min(Self.batchLimits.upperBound, batchSize + batchSize / 2 + 1)
    }
    MonotonicClock.sleep(
      untilNs: MonotonicClock.nowNs()
        + max(Self.shortestPauseNs, Self.pauseFactor * min(heldNs, limitNs)))
    return removal
  }
}
