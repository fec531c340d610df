internal import SQLite

/// What lies in the queue when a repeat is over, and whether SQLite finds the file sound.
package struct FinalState: Sendable {
  /// The statuses that the check tells apart.
  package enum Status: UInt8, Sendable {
    /// No such row.
    case absent = 0
    /// Waiting or held.
    case open
    case completed
    /// `failed`, `dead_letter` or `cancelled`.
    case ended
  }

  /// A row, in 16 bytes.
  struct Row: Sendable {
    /// `run_after_utc` as a number that sorts as the text does.
    fileprivate(set) var runAfter: Int64 = 0
    fileprivate(set) var priority: Int32 = 0
    fileprivate var attempts: UInt16 = 0
    fileprivate(set) var status = Status.absent
    fileprivate var flags: UInt8 = 0

    fileprivate static let keyBit: UInt8 = 1
    fileprivate static let attemptsBit: UInt8 = 2
    fileprivate static let delayedBit: UInt8 = 4

    /// Whether ``runAfter`` and ``priority`` say where the task stands in line.
    var hasKey: Bool { flags & Self.keyBit != 0 }
    /// Whether the task was not to run at once when it was made.
    var isDelayed: Bool { flags & Self.delayedBit != 0 }
    /// How often it was claimed; nil if that was not read.
    var knownAttempts: Int? { flags & Self.attemptsBit != 0 ? Int(attempts) : nil }
  }

  /// By task id; index 0 is unused.
  private var rows = SparseTable(blank: Row())
  /// The number of rows.
  package private(set) var taskCount = 0
  private var openCount = 0
  /// What `PRAGMA integrity_check` says; `["ok"]` for a sound file.
  package let integrity: [String]

  /// A state from its parts.
  package init(statuses: [TaskEntry], integrity: [String]) {
    self.integrity = integrity
    for entry in statuses { put(entry.row, for: entry.id) }
  }

  /// What a row says of its task.
  package struct TaskEntry: Sendable {
    package let id: Int64
    fileprivate let row: Row

    /// A row of which only the status is known.
    package init(id: Int64, status: Status) {
      self.id = id
      var row = Row()
      row.status = status
      self.row = row
    }

    /// A whole row; `runAfter` on any scale on which later is more.
    package init(
      id: Int64, status: Status, priority: Int, runAfter: Int64, isDelayed: Bool, attempts: Int
    ) {
      self.id = id
      var row = Row()
      row.status = status
      row.attempts = UInt16(clamping: attempts)
      row.flags = Row.attemptsBit | (isDelayed ? Row.delayedBit : 0)
      if let exact = Int32(exactly: priority) {
        row.priority = exact
        row.runAfter = runAfter
        row.flags |= Row.keyBit
      }
      self.row = row
    }
  }

  /// The ids of rows that no queue of ours gives out; see ``isPlausible(_:behind:)``.
  package private(set) var outlyingIDs: [Int64] = []

  /// Whether an id can belong to a queue of which `count - 1` ids are known.
  ///
  /// Ids are given out one after the other from 1. One that lies more than 2^24 (more than the logs
  /// of a repeat have room for) beyond all others is damage, and no reason to reserve memory.
  static func isPlausible(_ id: Int64, behind count: Int) -> Bool {
    id > 0 && id < Int64(count) + (1 << 24)
  }

  /// Reads the state from a database that no other process uses any more.
  ///
  /// Throws `SQLiteError` if the tasks cannot be read; a damaged file may do that.
  package static func read(databasePath: String) throws -> FinalState {
    let connection = try Connection(
      path: databasePath, mode: .readWrite, busyPolicy: .standard)
    var integrity: [String] = []
    let check = try connection.prepare("PRAGMA integrity_check(20)")
    while try check.step() { integrity.append(check.text(0) ?? "") }
    check.reset()

    var state = FinalState(statuses: [], integrity: integrity)
    // A retry moves run_after_utc, but the history knows of retries.
    let statement = try connection.prepare(
      """
      SELECT id, CASE status WHEN 'queued' THEN 1 WHEN 'processing' THEN 1
        WHEN 'completed' THEN 2 ELSE 3 END, priority, attempts, run_after_utc,
        run_after_utc > created_at_utc FROM task_queue
      """)
    while try statement.step() {
      let status = Status(rawValue: UInt8(truncatingIfNeeded: statement.int64(1))) ?? .ended
      var row = Row()
      row.status = status
      row.attempts = UInt16(clamping: statement.int64(3))
      row.flags = Row.attemptsBit | (statement.int64(5) != 0 ? Row.delayedBit : 0)
      if let priority = Int32(exactly: statement.int64(2)),
        let runAfter = statement.withText(4, sortableTime)
      {
        row.priority = priority
        row.runAfter = runAfter
        row.flags |= Row.keyBit
      }
      state.put(row, for: statement.int64(0))
    }
    statement.reset()
    return state
  }

  /// The digits of `2026-11-21 12:00:00.123` as one number, which sorts as the text does; nil for
  /// times in any other form.
  private static func sortableTime(_ text: UnsafeRawBufferPointer) -> Int64? {
    guard text.count == 23 else { return nil }
    var number: Int64 = 0
    for (position, byte) in text.enumerated() {
      switch position {
      case 4, 7, 10, 13, 16, 19: continue
      default:
        guard (0x30...0x39).contains(byte) else { return nil }
        number = number * 10 + Int64(byte - 0x30)
      }
    }
    return number
  }

  private mutating func put(_ row: Row, for id: Int64) {
    taskCount += 1
    if row.status == .open { openCount += 1 }
    guard Self.isPlausible(id, behind: max(1, rows.count)) else {
      return outlyingIDs.append(id)
    }
    rows.update(Int(id)) { $0 = row }
  }

  /// Whether any task waits or is held.
  package var hasOpenTasks: Bool { openCount > 0 }

  /// One more than the highest id.
  var rowLimit: Int { rows.count }

  /// The row of a task, whose id must not be negative.
  @inline(__always)
  func row(_ id: Int) -> Row { rows[id] }

  /// The status of a task.
  package func status(of id: Int64) -> Status {
    guard id > 0, id < Int64(rows.count) else { return .absent }
    return rows[Int(id)].status
  }

  /// How often a task was claimed; 0 for one that is not there.
  package func attempts(of id: Int64) -> Int {
    guard id > 0, id < Int64(rows.count) else { return 0 }
    return rows[Int(id)].knownAttempts ?? 0
  }
}
