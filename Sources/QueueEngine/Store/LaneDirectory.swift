internal import SQLite

/// What this connection knows of the lanes, the pairs of type and compatibility that occur.
///
/// Lanes are only ever added, so knowledge never goes stale, except for lanes that were made in a
/// transaction that did not commit: another process may then give their ids to other pairs.
final class LaneDirectory {
  /// One pair of type and compatibility.
  struct Lane {
    let id: Int64
    let type: String
    let compatibility: String
  }

  private let connection: Connection
  /// Every lane up to ``newestID``, in the order in which they were made.
  private(set) var lanes: [Lane] = []
  /// The id up to which ``lanes`` is complete.
  private(set) var newestID: Int64 = 0
  /// Lanes by type and compatibility; can be ahead of ``lanes``.
  private var known: [ExactText: [ExactText: Int64]] = [:]
  /// Raised when everything known had to be dropped.
  private(set) var generation = 0
  private var hasUncommitted = false
  private var last: Lane?

  init(connection: Connection) { self.connection = connection }

  /// The lane of a pair that this connection has met before; nil otherwise.
  @inline(__always)
  func knownLane(type: String, compatibility: String) -> Int64? {
    let (exactType, exactCompatibility) = (ExactText(type), ExactText(compatibility))
    if let last, ExactText(last.type) == exactType,
      ExactText(last.compatibility) == exactCompatibility
    {
      return last.id
    }
    guard let id = known[exactType]?[exactCompatibility] else { return nil }
    last = Lane(id: id, type: type, compatibility: compatibility)
    return id
  }

  /// The lane of a pair, made if there is none; only inside of a write transaction.
  func lane(type: String, compatibility: String) throws(SQLiteError) -> Int64 {
    if let id = knownLane(type: type, compatibility: compatibility) { return id }
    let add = try connection.cached(ClaimStatements.addLane)
    try add.bind(type, at: 1)
    try add.bind(compatibility, at: 2)
    try add.run()
    let find = try connection.cached(ClaimStatements.findLane)
    defer { find.reset() }
    try find.bind(type, at: 1)
    try find.bind(compatibility, at: 2)
    _ = try find.step()
    let id = find.int64(0)
    known[ExactText(type), default: [:]][ExactText(compatibility)] = id
    hasUncommitted = true
    return id
  }

  /// To be called when a transaction has committed.
  @inline(__always)
  func keepUncommitted() { hasUncommitted = false }

  /// To be called when a transaction was rolled back: the lanes it made do not exist.
  func forgetUncommitted() {
    guard hasUncommitted else { return }
    hasUncommitted = false
    lanes.removeAll()
    known.removeAll()
    last = nil
    newestID = 0
    generation += 1
  }

  /// Reads the lanes that were made since the last look.
  func readNewLanes() throws(SQLiteError) {
    let statement = try connection.cached(ClaimStatements.lanesAfter)
    defer { statement.reset() }
    statement.bind(newestID, at: 1)
    while try statement.step() {
      let lane = Lane(
        id: statement.int64(0), type: statement.text(1) ?? "",
        compatibility: statement.text(2) ?? "")
      lanes.append(lane)
      known[ExactText(lane.type), default: [:]][ExactText(lane.compatibility)] = lane.id
      newestID = max(newestID, lane.id)
    }
  }
}

/// A text by its bytes, as SQLite compares it: for `String`, `é` is the same in one scalar and in two.
struct ExactText: Hashable {
  let text: String

  @inline(__always)
  init(_ text: String) { self.text = text }

  @inline(__always)
  static func == (one: ExactText, other: ExactText) -> Bool {
    one.text.utf8.elementsEqual(other.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
