internal import SQLite

/// What a claim sees to before it picks, so that no daemon is needed: leases that have run out, delayed
/// tasks that have become due, lanes that other processes have made.
extension SQLiteQueueStore {
  /// How many expired leases and how many due tasks one transaction sees to at most.
  ///
  /// Some 2 ms of work. Where more than that become due within one claim, they are placed in the order in
  /// which they became due, and a claim in between may take one before a better one is placed.
  private static let dutiesPerTransaction = 256

  struct Duties {
    let newestLane: Int64
    let hasExpiredLeases: Bool
    let hasDueTasks: Bool
  }

  @inline(__always)
  func readDuties(now: Timestamp) throws(SQLiteError) -> Duties {
    let statement = try statement(&dutiesStatement, ClaimStatements.duties)
    defer { statement.reset() }
    statement.bind(borrowing: nowText.text(now), at: 1)
    _ = try statement.step()
    return Duties(
      newestLane: statement.int64(0), hasExpiredLeases: statement.int64(1) != 0,
      hasDueTasks: statement.int64(2) != 0)
  }

  /// Does what is due; true if some of it is left for another transaction.
  @inline(__always)
  func seeToDuties(_ plan: ClaimPlan, now: Timestamp) throws(SQLiteError) -> Bool {
    let duties = try readDuties(now: now)
    var isMoreDue = false
    if duties.hasExpiredLeases {
      let limit = Self.dutiesPerTransaction
      isMoreDue =
        try reclaimExpired(endedUntil: now, now: now, limit: limit).total == limit
    }
    if duties.hasDueTasks { isMoreDue = try placeDue(now: now) || isMoreDue }
    if duties.newestLane > lanes.newestID || duties.hasExpiredLeases || duties.hasDueTasks {
      try lanes.readNewLanes()
    }
    plan.update(from: lanes)
    return isMoreDue
  }

  private struct Displaced {
    let id: Int64
    let type: String
    let compatibility: String
    let priority: Int
    let isExhausted: Bool
  }

  /// Within a transaction.
  func reclaimExpired(
    endedUntil cutoff: Timestamp, now: Timestamp, limit: Int
  ) throws(SQLiteError) -> ReclaimedLeases {
    let tasks = try displaced(ClaimStatements.expiredLeases, now: cutoff, limit: limit)
    var reclaimed = ReclaimedLeases()
    for task in tasks {
      if task.isExhausted {
        let bury = try connection.cached(ending(ClaimStatements.bury))
        bury.bind(task.id, at: 1)
        bury.bind(borrowing: nowText.text(now), at: 2)
        _ = try runEnding(bury, now: now)
        reclaimed.buried += 1
      } else {
        try makeReady(task)
        reclaimed.requeued += 1
      }
    }
    return reclaimed
  }

  private func placeDue(now: Timestamp) throws(SQLiteError) -> Bool {
    let tasks = try displaced(
      ClaimStatements.dueTasks, now: now, limit: Self.dutiesPerTransaction)
    for task in tasks { try makeReady(task) }
    return tasks.count == Self.dutiesPerTransaction
  }

  private func displaced(
    _ sql: String, now: Timestamp, limit: Int
  ) throws(SQLiteError) -> [Displaced] {
    let statement = try connection.cached(sql)
    defer { statement.reset() }
    statement.bind(borrowing: nowText.text(now), at: 1)
    statement.bind(Int64(limit), at: 2)
    var tasks: [Displaced] = []
    while try statement.step() {
      tasks.append(
        Displaced(
          id: statement.int64(0), type: statement.text(1) ?? "",
          compatibility: statement.text(2) ?? "{}", priority: Int(statement.int64(3)),
          isExhausted: statement.int64(4) != 0))
    }
    if tasks.count == limit {
      var rounds = dutyRounds ?? DutyRounds()
      defer { dutyRounds = rounds }
      guard !rounds.isStuck(tasks.map(\.id), of: sql) else {
        throw SQLiteError(
          code: .corrupt,
          message: "an index of due tasks contradicts its table; REINDEX repairs it",
          sql: sql, path: connection.path)
      }
    }
    return tasks
  }

  private func makeReady(_ task: Displaced) throws(SQLiteError) {
    let lane = try lanes.lane(type: task.type, compatibility: task.compatibility)
    let statement = try connection.cached(ClaimStatements.makeReady)
    statement.bind(task.id, at: 1)
    statement.bind(lane, at: 2)
    if isLotteryEnabled {
      statement.bind(try lotteryKey(priority: task.priority, lane: lane), at: 3)
    } else {
      statement.bindNull(at: 3)
    }
    try statement.run()
  }
}

/// Notices rounds of duties that do not get on: tasks are done with after one, unless an index names what its table
/// does not hold.
struct DutyRounds {
  private var last: [String: (ids: [Int64], repeats: Int)] = [:]
  /// Leases of a millisecond may run out again and again meanwhile.
  private static let mostRepeats = 16

  /// Whether a full round of a kind has been about these tasks too often.
  mutating func isStuck(_ ids: [Int64], of sql: String) -> Bool {
    let repeats = last[sql].map { $0.ids == ids ? $0.repeats + 1 : 0 } ?? 0
    last[sql] = (ids, repeats)
    return repeats > Self.mostRepeats
  }
}
