internal import SQLite

/// The lanes that a claimant can serve and the statements that take from them.
final class ClaimPlan {
  let claimant: Claimant
  /// Whether the last claim found nothing, so that the next one looks before it takes the lock. The
  /// first claim looks, too.
  var wasEmpty = true
  /// Where the claimant has waited last.
  weak var seat: SQLiteWorkerSeat?
  private let connection: Connection
  private var considered = 0
  private var generation = 0
  /// The lanes that are served.
  private(set) var served: [Int64] = []
  /// The lanes that are served, as bits for the wake board.
  private(set) var servedMask: UInt64 = 0
  /// The lanes that are served, as a JSON array.
  private(set) var servedJSON = "[]"
  private let fromLane: Statement
  private let fromLanes: Statement
  private let isAnyReady: Statement
  private var readyTasks: [Statement] = []

  init(claimant: Claimant, connection: Connection) throws(SQLiteError) {
    self.claimant = claimant
    self.connection = connection
    fromLane = try connection.cached(ClaimStatements.takeFromLane(claimant.strategy))
    fromLanes = try connection.cached(ClaimStatements.takeFromLanes(claimant.strategy))
    isAnyReady = try connection.cached(ClaimStatements.isAnyReady(claimant.strategy))
  }

  /// Judges the lanes that were made since the last look; each is judged once.
  ///
  /// To be called before every use: another plan of the connection may have met new lanes.
  @inline(__always)
  func update(from directory: LaneDirectory) {
    if generation != directory.generation {
      generation = directory.generation
      considered = 0
      served.removeAll()
      servedMask = 0
    }
    guard considered < directory.lanes.count else { return }
    for lane in directory.lanes[considered...]
    where claimant.types?.contains(lane.type) ?? true
      && claimant.capabilities.meet(compatibility: lane.compatibility)
    {
      served.append(lane.id)
      servedMask |= WakeBoard.laneBit(lane.id)
    }
    considered = directory.lanes.count
    servedJSON = "[" + served.map(String.init).joined(separator: ",") + "]"
  }

  /// Whether a task of the served lanes is ready; never waits for the write lock, and in WAL mode hinders
  /// no writer.
  func hasReadyTask() throws(SQLiteError) -> Bool {
    defer { isAnyReady.reset() }
    try isAnyReady.bind(servedJSON, at: 1)
    return try isAnyReady.step() && isAnyReady.int64(0) == 1
  }

  /// The statement that takes the next task, with its lanes bound at 4; nil if no lane is served.
  @inline(__always)
  func takeStatement() throws(SQLiteError) -> Statement? {
    if served.count == 1 {
      fromLane.bind(served[0], at: 4)
      return fromLane
    }
    guard !served.isEmpty else { return nil }
    try fromLanes.bind(servedJSON, at: 4)
    return fromLanes
  }

  /// A statement for the ready tasks of one of the lanes; each index has its own, to be read side by
  /// side.
  func readyTasks(_ index: Int) throws(SQLiteError) -> Statement {
    while readyTasks.count <= index {
      readyTasks.append(try connection.prepare(ClaimStatements.ready(claimant.strategy)))
    }
    return readyTasks[index]
  }
}
