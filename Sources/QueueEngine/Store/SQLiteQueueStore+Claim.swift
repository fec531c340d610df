internal import SQLite

extension SQLiteQueueStore {
  public func claim(
    as claimant: Claimant, limit: Int, leaseDurationMs: Int64, now: @autoclosure () -> Timestamp
  ) throws -> [ClaimedTask] {
    try Limits.checkClaim(limit: limit, leaseDurationMs: leaseDurationMs)
    let plan = try plan(for: claimant)
    // An idle worker looks first, so that its polls never take the write lock. Within a transaction
    // the lock is there already.
    let seat = plan.wasEmpty ? plan.seat : nil
    if plan.wasEmpty, !isInGroup, seat?.expectsTask != true, try !mayFindTask(plan, now: now()) {
      return []
    }
    var tasks: [ClaimedTask] = []
    var isMoreDue = true
    if dutyRounds != nil { dutyRounds = nil }
    while tasks.count < limit, isMoreDue {
      // Each round is a transaction of its own: however much has become due, nobody waits long.
      let before = tasks.count
      let roundsBefore = dutyRounds
      do {
        isMoreDue = try transaction { () throws(SQLiteError) in
          tasks.removeSubrange(before...)
          // Run again, a deferred transaction meets the same tasks.
          dutyRounds = roundsBefore
          let now = now()
          let leaseUntil = now.adding(milliseconds: leaseDurationMs)
          let isMoreDue = try seeToDuties(plan, now: now)
          if limit > 1, canTakeMany(plan) {
            tasks += try takeMany(
              plan, limit: limit - tasks.count, leaseUntil: leaseUntil, now: now)
            return isMoreDue
          }
          while tasks.count < limit,
            let task = try take(plan, leaseUntil: leaseUntil, now: now)
          {
            tasks.append(task)
          }
          return isMoreDue
        }
      } catch {
        tasks.removeSubrange(before...)
        // What earlier rounds have claimed is claimed; the caller must get to know it. Within a
        // larger transaction nothing is.
        guard !tasks.isEmpty, !isInGroup else { throw error }
        break
      }
    }
    plan.wasEmpty = tasks.isEmpty
    // Not before: a worker that could not look, and leaves, has to pass the ring on.
    seat?.forgetRing()
    return tasks
  }

  public func mayClaim(as claimant: Claimant, now: Timestamp) throws -> Bool {
    let plan = try plan(for: claimant)
    return try !plan.wasEmpty || plan.seat?.expectsTask == true || mayFindTask(plan, now: now)
  }

  func plan(for claimant: Claimant) throws -> ClaimPlan {
    if let plan = lastPlan, plan.claimant == claimant { return plan }
    if let plan = plans[claimant] {
      lastPlan = plan
      return plan
    }
    try claimant.validate()
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
      // Workers are few; whoever makes up a claimant per call must not fill the memory.
      if plans.count >= 64 { plans.removeAll() }
      plans[claimant] = plan
      lastPlan = plan
      return plan
    } catch let error as SQLiteError {
      throw QueueError(error)
    }
  }

  /// Looks, without the write lock, whether a claim would have anything to do.
  func mayFindTask(_ plan: ClaimPlan, now: Timestamp) throws -> Bool {
    do {
      let duties = try readDuties(now: now)
      if duties.newestLane > lanes.newestID || duties.hasExpiredLeases || duties.hasDueTasks {
        return true
      }
      plan.update(from: lanes)
      return try plan.hasReadyTask()
    } catch {
      throw QueueError(error)
    }
  }

  @inline(__always)
  private func take(
    _ plan: ClaimPlan, leaseUntil: Timestamp, now: Timestamp
  ) throws(SQLiteError) -> ClaimedTask? {
    let statement =
      plan.claimant.strategy == .weightedRandom
      ? try drawWinner(plan) : try plan.takeStatement()
    guard let statement else { return nil }
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
      idempotencyKey: statement.text(6), leaseUntil: leaseUntil)
    while try statement.step() {}
    return task
  }
}
