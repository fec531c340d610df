internal import SQLite

extension SQLiteQueueStore {
  /// How many expired leases and how many due tasks one claim sees to at most: enough that they
  /// never pile up (a claim takes one), few enough that no claim is slow.
  private static let dutiesPerClaim: Int64 = 16

  public func claim(
    as claimant: Claimant, leaseUntil: Timestamp, now: Timestamp
  ) throws -> ClaimedTask? {
    let plan = try plan(for: claimant)
    if plan.wasEmpty, try !mayFindTask(plan, now: now) { return nil }
    let task = try transaction { () throws(SQLiteError) in
      try doDuties(plan, now: now)
      return try take(plan, leaseUntil: leaseUntil, now: now)
    }
    plan.wasEmpty = task == nil
    return task
  }

  public func claim(
    as claimant: Claimant, limit: Int, leaseUntil: Timestamp, now: Timestamp
  ) throws -> [ClaimedTask] {
    let plan = try plan(for: claimant)
    if plan.wasEmpty, try !mayFindTask(plan, now: now) { return [] }
    let tasks = try transaction { () throws(SQLiteError) in
      try doDuties(plan, now: now)
      var tasks: [ClaimedTask] = []
      while tasks.count < limit, let task = try take(plan, leaseUntil: leaseUntil, now: now) {
        tasks.append(task)
      }
      return tasks
    }
    plan.wasEmpty = tasks.isEmpty
    return tasks
  }

  private func plan(for claimant: Claimant) throws -> ClaimPlan {
    if let plan, plan.claimant == claimant { return plan }
    do {
      let migrator = Migrator(connection: connection)
      guard try migrator.isEnabled(claimant.strategy) else {
        throw QueueError(
          code: .invalidArgument,
          message: """
            \(connection.path): the queue was made without strategy \(claimant.strategy.rawValue); \
            open it once with that strategy among its options
            """)
      }
      let plan = try ClaimPlan(claimant: claimant, connection: connection)
      plan.update(from: lanes)
      self.plan = plan
      return plan
    } catch let error as SQLiteError {
      throw QueueError(error)
    }
  }

  /// Looks, without the write lock, whether a claim would have anything to do.
  private func mayFindTask(_ plan: ClaimPlan, now: Timestamp) throws -> Bool {
    do {
      let duties = try readDuties(now: now)
      if duties.newestLane > lanes.newestID || duties.hasExpiredLeases || duties.hasDueTasks {
        return true
      }
      return try plan.hasReadyTask()
    } catch {
      throw QueueError(error)
    }
  }

  private struct Duties {
    let newestLane: Int64
    let hasExpiredLeases: Bool
    let hasDueTasks: Bool
  }

  @inline(__always)
  private func readDuties(now: Timestamp) throws(SQLiteError) -> Duties {
    let statement = try statement(&dutiesStatement, ClaimStatements.duties)
    defer { statement.reset() }
    statement.bind(borrowing: nowText.text(now), at: 1)
    _ = try statement.step()
    return Duties(
      newestLane: statement.int64(0), hasExpiredLeases: statement.int64(1) != 0,
      hasDueTasks: statement.int64(2) != 0)
  }

  /// Sees to what makes tasks claimable: leases that ran out, delayed tasks that are due, new lanes.
  @inline(__always)
  private func doDuties(_ plan: ClaimPlan, now: Timestamp) throws(SQLiteError) {
    let duties = try readDuties(now: now)
    if duties.hasExpiredLeases { try reclaimExpired(now: now) }
    if duties.hasDueTasks { try placeDue(now: now) }
    if duties.newestLane > lanes.newestID || duties.hasExpiredLeases || duties.hasDueTasks {
      try lanes.readNewLanes()
      plan.update(from: lanes)
    }
  }

  private struct Displaced {
    let id: Int64
    let type: String
    let compatibility: String
    let priority: Int
    let isExhausted: Bool
  }

  private func reclaimExpired(now: Timestamp) throws(SQLiteError) {
    for task in try displaced(ClaimStatements.expiredLeases, now: now, hasBudget: true) {
      if task.isExhausted {
        let bury = try connection.cached(ClaimStatements.bury)
        bury.bind(task.id, at: 1)
        bury.bind(borrowing: nowText.text(now), at: 2)
        try bury.run()
      } else {
        try makeReady(task)
      }
    }
  }

  private func placeDue(now: Timestamp) throws(SQLiteError) {
    for task in try displaced(ClaimStatements.dueTasks, now: now, hasBudget: false) {
      try makeReady(task)
    }
  }

  private func displaced(
    _ sql: String, now: Timestamp, hasBudget: Bool
  ) throws(SQLiteError) -> [Displaced] {
    let statement = try connection.cached(sql)
    defer { statement.reset() }
    statement.bind(borrowing: nowText.text(now), at: 1)
    statement.bind(Self.dutiesPerClaim, at: 2)
    var tasks: [Displaced] = []
    while try statement.step() {
      tasks.append(
        Displaced(
          id: statement.int64(0), type: statement.text(1) ?? "",
          compatibility: statement.text(2) ?? "{}", priority: Int(statement.int64(3)),
          isExhausted: hasBudget && statement.int64(4) != 0))
    }
    return tasks
  }

  private func makeReady(_ task: Displaced) throws(SQLiteError) {
    let lane = try lanes.lane(type: task.type, compatibility: task.compatibility)
    let statement = try connection.cached(ClaimStatements.makeReady)
    statement.bind(task.id, at: 1)
    statement.bind(lane, at: 2)
    if isLotteryEnabled {
      statement.bind(
        try lotteryPosition() + Lottery.distance(priority: task.priority, using: &random), at: 3)
    } else {
      statement.bindNull(at: 3)
    }
    try statement.run()
  }

  private func lotteryPosition() throws(SQLiteError) -> Double {
    let statement = try connection.cached(ClaimStatements.lotteryPosition)
    defer { statement.reset() }
    return try statement.step() ? statement.double(0) : 0
  }

  @inline(__always)
  private func take(
    _ plan: ClaimPlan, leaseUntil: Timestamp, now: Timestamp
  ) throws(SQLiteError) -> ClaimedTask? {
    guard let statement = try plan.takeStatement() else { return nil }
    defer { statement.reset() }
    try statement.bind(plan.claimant.workerID, at: 1)
    statement.bind(borrowing: untilText.text(leaseUntil), at: 2)
    statement.bind(borrowing: nowText.text(now), at: 3)
    guard try statement.step() else { return nil }
    let task = ClaimedTask(
      fence: Fence(
        id: TaskID(rawValue: statement.int64(0)), attempt: Int(statement.int64(1))),
      type: statement.text(2) ?? "", payload: statement.text(5) ?? "",
      priority: Int(statement.int64(3)), maxAttempts: Int(statement.int64(4)),
      leaseUntil: leaseUntil)
    let lotteryKey = statement.double(6)
    while try statement.step() {}
    if plan.claimant.strategy == .weightedRandom {
      let advance = try connection.cached(ClaimStatements.advanceLottery)
      advance.bind(lotteryKey, at: 1)
      try advance.run()
    }
    return task
  }

  @inline(__always)
  func statement(_ slot: inout Statement?, _ sql: String) throws(SQLiteError) -> Statement {
    if let statement = slot { return statement }
    let statement = try connection.prepare(sql)
    slot = statement
    return statement
  }
}
