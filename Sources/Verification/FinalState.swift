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

  /// Status by task id; ids start at 1, so index 0 is unused.
  package private(set) var statuses: [Status]
  /// The number of rows.
  package private(set) var taskCount = 0
  /// What `PRAGMA integrity_check` says; `["ok"]` for a sound file.
  package let integrity: [String]

  /// A state from its parts.
  package init(statuses: [TaskEntry], integrity: [String]) {
    self.integrity = integrity
    self.statuses = [.absent]
    for entry in statuses { put(entry.status, for: entry.id) }
  }

  /// A task's id and status.
  package struct TaskEntry: Sendable {
    package let id: Int64
    package let status: Status

    package init(id: Int64, status: Status) {
      self.id = id
      self.status = status
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
    let rows = try connection.prepare(
      """
      SELECT id, CASE status WHEN 'queued' THEN 1 WHEN 'processing' THEN 1
        WHEN 'completed' THEN 2 ELSE 3 END FROM task_queue
      """)
    while try rows.step() {
      let status = Status(rawValue: UInt8(truncatingIfNeeded: rows.int64(1))) ?? .ended
      state.put(status, for: rows.int64(0))
    }
    rows.reset()
    return state
  }

  private mutating func put(_ status: Status, for id: Int64) {
    taskCount += 1
    guard Self.isPlausible(id, behind: statuses.count) else { return outlyingIDs.append(id) }
    let index = Int(id)
    if index >= statuses.count {
      let missing = max(index + 1 - statuses.count, statuses.count)
      statuses.append(contentsOf: repeatElement(.absent, count: missing))
    }
    statuses[index] = status
  }

  /// Whether any task waits or is held.
  package var hasOpenTasks: Bool { statuses.contains(.open) }

  /// The status of a task.
  package func status(of id: Int64) -> Status {
    guard id > 0, id < Int64(statuses.count) else { return .absent }
    return statuses[Int(id)]
  }
}
