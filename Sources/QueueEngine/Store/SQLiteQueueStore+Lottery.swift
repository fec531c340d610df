internal import SQLite

/// The claims of `weighted_random`; the method is explained at ``Lottery``.
extension SQLiteQueueStore {
  /// How many tasks without a key one pick gives a key at most.
  private static let keysPerPick: Int64 = 256

  /// Picks a task and moves the lottery on; returns the statement that takes it, nil if none is ready.
  func drawWinner(_ plan: ClaimPlan) throws(SQLiteError) -> Statement? {
    let draw = try connection.cached(ClaimStatements.drawWinner)
    while true {
      defer { draw.reset() }
      try draw.bind(plan.servedJSON, at: 1)
      guard try draw.step() else { return nil }
      if draw.isNull(1) {
        let lane = draw.int64(2)
        draw.reset()
        try giveKeys(lane: lane)
        continue
      }
      let id = draw.int64(0)
      let distance = draw.double(1)
      draw.reset()
      try advanceLottery(plan, by: distance)
      let take = try connection.cached(ClaimStatements.takePicked)
      take.bind(id, at: 4)
      return take
    }
  }

  /// Moves the lotteries of all lanes that a plan serves on.
  func advanceLottery(_ plan: ClaimPlan, by distance: Double) throws(SQLiteError) {
    let advance = try connection.cached(ClaimStatements.advanceLottery)
    advance.bind(distance, at: 1)
    try advance.bind(plan.servedJSON, at: 2)
    try advance.run()
  }

  /// Where the lotteries of the lanes that a plan serves stand.
  func lotteryPositions(_ plan: ClaimPlan) throws(SQLiteError) -> [Int64: Double] {
    let rows = try connection.cached(ClaimStatements.lotteryPositions)
    defer { rows.reset() }
    try rows.bind(plan.servedJSON, at: 1)
    var positions: [Int64: Double] = [:]
    while try rows.step() { positions[rows.int64(0)] = rows.double(1) }
    return positions
  }

  /// A fresh key for a task that becomes ready in a lane.
  func lotteryKey(priority: Int, lane: Int64) throws(SQLiteError) -> Double {
    let position = try connection.cached(ClaimStatements.lotteryPosition)
    defer { position.reset() }
    position.bind(lane, at: 1)
    let standing = try position.step() ? position.double(0) : 0
    return standing + Lottery.distance(priority: priority, using: &random)
  }

  /// Gives keys to ready tasks that have none: rows of other programs, and of connections that were
  /// open before the queue got this strategy. Fails if there are none: then the lottery itself has no place.
  func giveKeys(lane: Int64) throws(SQLiteError) {
    let keyless = try connection.cached(ClaimStatements.keylessTasks)
    keyless.bind(lane, at: 1)
    keyless.bind(Self.keysPerPick, at: 2)
    var tasks: [(id: Int64, priority: Int)] = []
    while try keyless.step() { tasks.append((keyless.int64(0), Int(keyless.int64(1)))) }
    keyless.reset()
    guard !tasks.isEmpty else {
      throw SQLiteError(
        code: .corrupt, message: "the lottery of lane \(lane) stands at no number",
        path: connection.path)
    }
    let set = try connection.cached(ClaimStatements.setLotteryKey)
    for task in tasks {
      set.bind(task.id, at: 1)
      set.bind(try lotteryKey(priority: task.priority, lane: lane), at: 2)
      try set.run()
    }
  }
}
