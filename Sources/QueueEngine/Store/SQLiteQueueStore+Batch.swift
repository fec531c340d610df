internal import SQLite

/// Claims and completions of many tasks by one statement each, at about half of the cost of one by one.
extension SQLiteQueueStore {
  /// How many lanes a batch is merged from at most, a statement each; beyond, tasks are taken singly.
  private static let mergedLanes = 64

  /// Whether ``takeMany(_:limit:leaseUntil:now:)`` can do what single picks would.
  func canTakeMany(_ plan: ClaimPlan) -> Bool {
    // Drawing from a shuffled heap is what `order_by_random` is there to show.
    plan.claimant.strategy != .orderByRandom && plan.served.count <= Self.mergedLanes
  }

  /// Takes the next tasks in the order in which single picks would take them.
  func takeMany(
    _ plan: ClaimPlan, limit: Int, leaseUntil: Timestamp, now: Timestamp
  ) throws(SQLiteError) -> [ClaimedTask] {
    var picked = try pick(plan, limit: limit)
    while case .keyless(let lane) = picked {
      try giveKeys(lane: lane)
      picked = try pick(plan, limit: limit)
    }
    guard case .tasks(let picks) = picked, !picks.isEmpty else { return [] }
    let take = try connection.cached(ClaimStatements.takeAll)
    try take.bind(plan.claimant.workerID, at: 1)
    take.bind(borrowing: untilText.text(leaseUntil), at: 2)
    take.bind(borrowing: nowText.text(now), at: 3)
    try take.bind(Self.jsonArray(picks.map(\.id)), at: 4)
    try take.run()
    if plan.claimant.strategy == .weightedRandom, let last = picks.last {
      try advanceLottery(plan, by: last.rank.distance)
    }
    return picks.map { pick in
      ClaimedTask(
        fence: Fence(id: TaskID(rawValue: pick.id), attempt: pick.attempts + 1), type: pick.type,
        payload: pick.payload, priority: pick.priority, maxAttempts: pick.maxAttempts,
        idempotencyKey: pick.idempotencyKey, leaseUntil: leaseUntil)
    }
  }

  /// A ready task as it lies in the queue.
  private struct ReadyTask {
    let id: Int64
    let attempts: Int
    let type: String
    let priority: Int
    let maxAttempts: Int
    let payload: String
    let idempotencyKey: String?
    let rank: Rank
  }

  /// Where a task stands among those of other lanes.
  private struct Rank {
    let strategy: ClaimStrategy
    let id: Int64
    let priority: Int64
    let runAfter: String
    /// How far the task's key lies behind the position of its lane's lottery.
    let distance: Double

    func precedes(_ other: Rank) -> Bool {
      switch strategy {
      case .priority:
        return (priority, runAfter, id) < (other.priority, other.runAfter, other.id)
      case .fifo: return (runAfter, id) < (other.runAfter, other.id)
      case .lifo: return (runAfter, id) > (other.runAfter, other.id)
      case .weightedRandom: return (distance, id) < (other.distance, other.id)
      case .orderByRandom: return false
      }
    }
  }

  /// The first task of a lane that has not been picked yet.
  private struct Head {
    let rows: Statement
    let position: Double
    var rank: Rank
  }

  private enum Picked {
    case tasks([ReadyTask])
    /// A task of that lane has no lottery key yet.
    case keyless(lane: Int64)
  }

  /// Merges the lanes of a plan.
  ///
  /// For `weighted_random` that is exact, too: each pick moves all lanes on by the same distance, so
  /// that successive picks come in the order of their distances at the beginning.
  private func pick(_ plan: ClaimPlan, limit: Int) throws(SQLiteError) -> Picked {
    let strategy = plan.claimant.strategy
    let positions = strategy == .weightedRandom ? try lotteryPositions(plan) : [:]
    var heads: [Head] = []
    defer { for head in heads { head.rows.reset() } }
    for (index, lane) in plan.served.enumerated() {
      let rows = try plan.readyTasks(index)
      rows.bind(lane, at: 1)
      rows.bind(Int64(limit), at: 2)
      guard try rows.step() else {
        rows.reset()
        continue
      }
      let position = positions[lane] ?? 0
      heads.append(Head(rows: rows, position: position, rank: rank(rows, strategy, position)))
      // Tasks without a key come first in their lane.
      if strategy == .weightedRandom, rows.isNull(7) { return .keyless(lane: lane) }
    }
    var picks: [ReadyTask] = []
    while picks.count < limit, var best = heads.indices.first {
      for index in heads.indices.dropFirst()
      where heads[index].rank.precedes(heads[best].rank) { best = index }
      let rows = heads[best].rows
      picks.append(
        ReadyTask(
          id: rows.int64(0), attempts: Int(rows.int64(1)), type: rows.text(2) ?? "",
          priority: Int(rows.int64(3)), maxAttempts: Int(rows.int64(4)),
          payload: rows.text(5) ?? "", idempotencyKey: rows.text(8), rank: heads[best].rank))
      if try rows.step() {
        heads[best].rank = rank(rows, strategy, heads[best].position)
      } else {
        rows.reset()
        heads.remove(at: best)
      }
    }
    return .tasks(picks)
  }

  private func rank(_ rows: Statement, _ strategy: ClaimStrategy, _ position: Double) -> Rank {
    Rank(
      strategy: strategy, id: rows.int64(0), priority: rows.int64(3),
      runAfter: strategy == .weightedRandom ? "" : rows.text(6) ?? "",
      distance: strategy == .weightedRandom ? rows.double(7) - position : 0)
  }

  /// Integers as JSON.
  static func jsonArray(_ values: [Int64]) -> String {
    var text = "["
    text.reserveCapacity(values.count * 8 + 2)
    for (index, value) in values.enumerated() {
      if index > 0 { text.append(",") }
      text.append(String(value))
    }
    text.append("]")
    return text
  }
}
