internal import SQLite

/// Keeps `queue_counters` and `task_history` in step with what one connection does.
///
/// What a transaction changes is collected while it is under way and written before it commits, a
/// statement per counter, however many tasks it was about. A transaction that is rolled back leaves
/// nothing, here as in the file.
final class TaskCounter {
  private struct Key: Hashable {
    let type: ExactText
    let status: TaskStatus
    let upToMs: Int64
  }

  private struct Added {
    let type: ExactText
    var count: Int64
  }

  private struct Ended {
    let key: Key
    var count: Int64 = 0
    var retried: Int64 = 0
    var retries: Int64 = 0
    var busyMs: Int64 = 0
    /// When the last one was.
    var moment: Timestamp
  }

  private let connection: Connection
  private var added: [Added] = []
  private var addedPlaces: [ExactText: Int] = [:]
  private var ended: [Ended] = []
  private var endedPlaces: [Key: Int] = [:]
  /// The last minute for which a counter's history has its entry, as far as this connection knows.
  private var notedMinutes: [Key: Int64] = [:]
  /// The same of the transaction under way.
  private var newlyNoted: [(key: Key, minute: Int64)] = []
  private var countAdded: Statement?
  private var countEnded: Statement?

  /// Beyond that types are so many that remembering them takes more than asking again.
  private static let mostKeys = 10_000

  init(connection: Connection) { self.connection = connection }

  // MARK: Collecting

  /// A task was added.
  @inline(__always)
  func noteAdded(type: String) {
    // Those of one type mostly come together.
    if let last = added.indices.last, added[last].type == ExactText(type) {
      added[last].count += 1
    } else {
      noteAddedApart(ExactText(type))
    }
  }

  private func noteAddedApart(_ type: ExactText) {
    if let place = addedPlaces[type] {
      added[place].count += 1
    } else {
      addedPlaces[type] = added.count
      added.append(Added(type: type, count: 1))
    }
  }

  /// Notes the ends among the rows of a statement with ``CountingStatements/returning``; runs it to its end
  /// and returns how many rows there were.
  func noteEnds(of statement: Statement, now: Timestamp) throws(SQLiteError) -> Int {
    defer { statement.reset() }
    var rows = 0
    while try statement.step() {
      rows += 1
      guard let status = statement.text(1).flatMap(TaskStatus.init(rawValue:)), status.isFinal
      else { continue }
      let retries = max(0, statement.int64(2) - 1)
      let isTimed = status == .completed && !statement.isNull(3)
      let ms = isTimed ? statement.int64(3) : 0
      let key = Key(
        type: ExactText(statement.text(0) ?? ""), status: status,
        upToMs: isTimed ? ProcessingTimeBounds.bound(of: ms) : 0)
      let place = place(of: key, now: now)
      ended[place].count += 1
      ended[place].retries += retries
      if retries > 0 { ended[place].retried += 1 }
      ended[place].busyMs += max(0, ms)
      ended[place].moment = now
    }
    return rows
  }

  private func place(of key: Key, now: Timestamp) -> Int {
    if let last = ended.indices.last, ended[last].key == key { return last }
    if let place = endedPlaces[key] { return place }
    endedPlaces[key] = ended.count
    ended.append(Ended(key: key, moment: now))
    return ended.count - 1
  }

  // MARK: Writing

  /// Writes what was collected; within the transaction, before it commits.
  @inline(__always)
  func write() throws(SQLiteError) {
    for change in added { try write(change) }
    for change in ended { try write(change) }
  }

  private func statement(
    _ slot: inout Statement?, _ sql: String
  ) throws(SQLiteError) -> Statement {
    if let statement = slot { return statement }
    let statement = try connection.prepare(sql)
    slot = statement
    return statement
  }

  private func write(_ change: Added) throws(SQLiteError) {
    let update = try statement(&countAdded, CountingStatements.countAdded)
    try update.bind(change.type.text, at: 1)
    update.bind(change.count, at: 2)
    try update.run()
    guard connection.changes == 0 else { return }
    let insert = try connection.cached(CountingStatements.countFirstAdded)
    try insert.bind(change.type.text, at: 1)
    insert.bind(change.count, at: 2)
    try insert.run()
  }

  private func write(_ change: Ended) throws(SQLiteError) {
    try noteHistory(of: change.key, at: change.moment)
    let update = try statement(&countEnded, CountingStatements.countEnded)
    try bind(change, to: update)
    try update.run()
    guard connection.changes == 0 else { return }
    let insert = try connection.cached(CountingStatements.countFirstEnded)
    try bind(change, to: insert)
    try insert.run()
  }

  private func bind(_ change: Ended, to statement: Statement) throws(SQLiteError) {
    try bind(change.key, to: statement)
    statement.bind(change.count, at: 4)
    statement.bind(change.retried, at: 5)
    statement.bind(change.retries, at: 6)
    statement.bind(change.busyMs, at: 7)
  }

  private func bind(_ key: Key, to statement: Statement) throws(SQLiteError) {
    try statement.bind(key.type.text, at: 1)
    try statement.bind(key.status.rawValue, at: 2)
    statement.bind(key.upToMs, at: 3)
  }

  /// Notes where a counter stands, once per minute.
  private func noteHistory(of key: Key, at moment: Timestamp) throws(SQLiteError) {
    let minute = moment.millisecondsSinceEpoch / 60_000
    let last = notedMinutes[key]
    if last == minute { return }
    // First of all, because an entry of a clock that was far ahead would stand in the way.
    if last.map({ $0 / 60 != minute / 60 }) ?? true { try thinHistory(of: key, now: moment) }
    let note = try connection.cached(CountingStatements.noteHistory)
    try bind(key, to: note)
    try note.bind(HistoryResolution.minute(moment), at: 4)
    try note.run()
    newlyNoted.append((key, minute))
  }

  /// Removes what need not be remembered any more; some hundred entries once per hour.
  private func thinHistory(of key: Key, now: Timestamp) throws(SQLiteError) {
    let thin = try connection.cached(CountingStatements.thinHistory)
    try self.bind(key, to: thin)
    func bind(_ ageMs: Int64, at index: Int32) throws(SQLiteError) {
      try thin.bind(HistoryResolution.minute(now.adding(milliseconds: -ageMs)), at: index)
    }
    // A span more each, so that one that a window begins in is never cut.
    try bind(HistoryResolution.minutesForMs + 1_200_000, at: 4)
    try bind(HistoryResolution.tenMinutesForMs + 7_200_000, at: 5)
    try bind(HistoryResolution.hoursForMs + 7_200_000, at: 6)
    try bind(-HistoryResolution.mostAheadMs, at: 7)
    try thin.run()
  }

  // MARK: Ends of transactions

  /// To be called when a transaction has committed.
  @inline(__always)
  func keepUncommitted() {
    if !newlyNoted.isEmpty { remember() }
    forgetUncommitted()
  }

  private func remember() {
    if notedMinutes.count > Self.mostKeys { notedMinutes.removeAll() }
    for (key, minute) in newlyNoted { notedMinutes[key] = minute }
  }

  /// To be called when a transaction was rolled back, or is about to begin anew.
  @inline(__always)
  func forgetUncommitted() {
    if !added.isEmpty {
      added.removeAll(keepingCapacity: true)
      addedPlaces.removeAll(keepingCapacity: true)
    }
    if !ended.isEmpty {
      ended.removeAll(keepingCapacity: true)
      endedPlaces.removeAll(keepingCapacity: true)
    }
    if !newlyNoted.isEmpty { newlyNoted.removeAll(keepingCapacity: true) }
  }
}

extension SQLiteQueueStore {
  /// Whether the queue counts its tasks, so that counts and the past take no look at them.
  public var countsTasks: Bool { counter != nil }

  /// Looks whether somebody has made the queue count since this store was opened.
  ///
  /// The change compiles every statement anew, so that it is asked after the first transaction that was not
  /// counted, and the counters are set right at once. Only a process that dies in between leaves them wrong.
  func lookForCounters() {
    connection.hasCompiledWrites = false
    do throws(SQLiteError) {
      guard counter == nil, try Migrator(connection: connection).countsTasks() else { return }
      try connection.transaction(.immediate) { () throws(SQLiteError) in
        try connection.execute(script: CountingStatements.recount)
      }
      counter = TaskCounter(connection: connection)
      // It was compiled for a queue that does not count.
      completeStatement = nil
      connection.endCompilationWatch()
    } catch {
      // What the caller wanted has happened; the next transaction asks again.
      connection.hasCompiledWrites = true
    }
  }

  /// Runs `body`, whose statement is a transaction by itself unless the queue counts what it does.
  @inline(__always)
  func countedAutocommit<R>(_ body: () throws(SQLiteError) -> R) throws -> R {
    counter == nil ? try autocommit(body) : try transaction(body)
  }

  /// Runs a statement that ends tasks, which ``ending(_:)`` has named, and counts them if the queue does;
  /// returns how many rows it has changed.
  @inline(__always)
  func runEnding(_ statement: Statement, now: Timestamp) throws(SQLiteError) -> Int {
    if let counter { return try counter.noteEnds(of: statement, now: now) }
    try statement.run()
    return connection.changes
  }

  /// The text of a statement that ends tasks, for this queue.
  @inline(__always)
  func ending(_ statement: EndStatement) -> String {
    counter == nil ? statement.plain : statement.counted
  }
}

/// A statement that ends tasks, for queues that count and for those that do not.
struct EndStatement {
  let plain: String
  let counted: String

  /// - Parameter sql: an UPDATE of `task_queue` that returns nothing.
  init(_ sql: String) {
    plain = sql
    counted = sql + "\n" + CountingStatements.returning
  }
}
