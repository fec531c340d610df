internal import QueueEngine
internal import SQLite
internal import Synchronization

/// Entries of the task log that wait to be written, and their way into the table.
final class TaskLogBuffer: Sendable {
  struct Entry: Sendable {
    let taskID: TaskID
    let at: Timestamp
    let level: TaskLogLevel
    let message: String
    let details: String?
  }

  /// What has to be done after an entry was added.
  enum Consequence {
    case none
    /// It is the first one: the clock must run from now on.
    case startClock
    /// There is a batch.
    case wakeWriter
    /// Nobody else will write it.
    case flush
  }

  private struct State {
    var entries: [Entry] = []
    /// Tasks of entries that could not be written because there is no such task, one per entry.
    var missing: [TaskID] = []
    var droppedCount = 0
    var isClosed = false
  }

  /// Some 2 ms of work: other writers wait no longer than that.
  private static let entriesPerTransaction = 500

  /// A task that does not exist must not cost the other entries of the transaction, as a violated
  /// foreign key would, nor may the entry get in where foreign keys are turned off.
  private static let insertEntry = """
    INSERT INTO task_logs (task_id, at_utc, level, message, details)
    SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM task_queue WHERE id = ?1)
    """

  private let database: QueueDatabase
  private let options: TaskLogOptions
  private let state = Mutex(State())
  /// Held by the one who writes, so that entries stay in their order.
  private let writing = Mutex(())

  init(database: QueueDatabase, options: TaskLogOptions) {
    self.database = database
    self.options = options
  }

  /// How many entries were lost because too many waited.
  var droppedCount: Int { state.withLock { $0.droppedCount } }

  /// How many entries wait.
  var count: Int { state.withLock { $0.entries.count } }

  func append(_ entry: Entry) -> Consequence {
    state.withLock { state -> Consequence in
      guard state.entries.count < options.capacity else {
        state.droppedCount += 1
        return .none
      }
      state.entries.append(entry)
      if state.isClosed || options.batchSize == 1 { return .flush }
      if state.entries.count % options.batchSize == 0 { return .wakeWriter }
      return state.entries.count == 1 ? .startClock : .none
    }
  }

  /// From now on nobody writes but those who add.
  func close() { state.withLock { $0.isClosed = true } }

  /// Writes what waits now. Entries that could not be written go on waiting, but for those whose
  /// task does not exist.
  func flush() throws {
    try writing.withLock { _ in try writeEntries() }
    let missing = state.withLock { state in
      defer { state.missing = [] }
      return state.missing
    }
    if !missing.isEmpty { throw Self.error(missing: missing) }
  }

  private func writeEntries() throws {
    var left = count
    while left > 0 {
      let batchSize = min(left, Self.entriesPerTransaction)
      let batch = state.withLock { Array($0.entries.prefix(batchSize)) }
      let missing = try database.write { (connection) throws(SQLiteError) -> [TaskID] in
        try Self.insert(batch, on: connection)
      }
      state.withLock { state in
        state.entries.removeFirst(batchSize)
        state.missing += missing
      }
      left -= batchSize
    }
  }

  /// Returns the tasks that do not exist, one per entry.
  private static func insert(
    _ entries: [Entry], on connection: Connection
  ) throws(SQLiteError) -> [TaskID] {
    let statement = try connection.cached(insertEntry)
    defer { statement.reset() }
    var missing: [TaskID] = []
    for entry in entries {
      statement.bind(entry.taskID.rawValue, at: 1)
      try statement.bind(entry.at.description, at: 2)
      try statement.bind(entry.level.rawValue, at: 3)
      try statement.bind(entry.message, at: 4)
      try statement.bind(entry.details, at: 5)
      try statement.run()
      if connection.changes == 0 { missing.append(entry.taskID) }
    }
    return missing
  }

  private static func error(missing: [TaskID]) -> QueueError {
    let ids = Set(missing).sorted()
    let named = ids.prefix(10).map(\.description).joined(separator: ", ")
    let others = ids.count > 10 ? " and \(ids.count - 10) others" : ""
    return QueueError(
      code: .invalidArgument,
      message: "there is no task \(named)\(others): "
        + "\(missing.count) of the entries for the task log were dropped")
  }
}
