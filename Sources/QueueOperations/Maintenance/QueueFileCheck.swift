public import QueueEngine
internal import SQLite

/// How many rows the tables of a queue have.
public struct QueueRowCounts: Hashable, Sendable {
  /// Tasks of every status.
  public let tasks: Int
  /// Pairs of type and compatibility that have occurred.
  public let lanes: Int
  /// Registered workers.
  public let workers: Int
  /// Entries of the task log.
  public let logs: Int

  /// Counts from their parts.
  public init(tasks: Int, lanes: Int, workers: Int, logs: Int) {
    self.tasks = tasks
    self.lanes = lanes
    self.workers = workers
    self.logs = logs
  }
}

/// What a look at a backup has found.
public struct BackupCheck: Hashable, Sendable {
  /// The file.
  public let path: String
  /// What is wrong with it, in words; empty if it can be restored.
  public let problems: [String]
  /// The kind of the first problem: `corrupt`, `notAQueue`, `schemaTooNew`, `readOnly`; nil if there is none.
  public let reason: QueueError.Code?
  /// The version of its schema; nil if it cannot be read.
  public let schemaVersion: Int?
  /// Its rows; nil if they cannot be counted.
  public let rows: QueueRowCounts?

  /// Whether it can be restored.
  public var isValid: Bool { problems.isEmpty }
}

/// Looks at files that are, or should be, queues.
enum QueueFileCheck {
  /// What a queue of this program says of itself.
  struct Identity: Hashable {
    let applicationID: Int64
    let schemaVersion: Int

    static func read(from connection: Connection) throws(SQLiteError) -> Identity {
      Identity(
        applicationID: try MaintenanceQuery.integer("PRAGMA application_id", on: connection),
        schemaVersion: Int(try MaintenanceQuery.integer("PRAGMA user_version", on: connection)))
    }
  }

  /// How much of a file is read.
  enum Depth {
    /// What it says of itself, and its tables.
    case header
    /// Its rows, too.
    case rows
    /// Every page and every row.
    case everything
  }

  /// Looks at a file that nobody writes to.
  ///
  /// - Parameters:
  ///   - path: the file; a backup of ours has nothing beside it, and a look leaves nothing there.
  ///   - own: what it is compared with; nil compares nothing.
  ///   - depth: how much of it to read.
  /// - Returns: what was found; nothing is thrown.
  static func check(
    _ path: String, against own: Identity?, depth: Depth = .everything
  ) -> BackupCheck {
    guard let facts = FileMove.facts(path), facts.isRegular else {
      return finding(path, "there is no such file", .readOnly)
    }
    do throws(SQLiteError) {
      let connection = try Connection(
        path: path, mode: .readOnly, busyPolicy: .timeout(timeoutMs: 5000))
      return try check(connection, path: path, against: own, depth: depth)
    } catch {
      return finding(path, error.description, QueueError(error).code)
    }
  }

  /// Looks through a connection that is open.
  static func check(
    _ connection: Connection, path: String, against own: Identity?, depth: Depth = .everything
  ) throws(SQLiteError) -> BackupCheck {
    try connection.prepare("PRAGMA cell_size_check = ON").run()
    let identity = try Identity.read(from: connection)
    let version = identity.schemaVersion
    if let own, identity.applicationID != own.applicationID {
      return finding(
        path, "a database of another program (application_id \(identity.applicationID))",
        .notAQueue, version)
    }
    if let own, version > own.schemaVersion {
      return finding(
        path,
        "schema version \(version), and this program knows versions up to \(own.schemaVersion)",
        .schemaTooNew, version)
    }
    let tables = try MaintenanceQuery.texts(
      """
      SELECT name FROM sqlite_schema WHERE type = 'table'
        AND name IN ('task_queue', 'task_lanes', 'workers', 'task_logs')
      """, on: connection)
    guard tables.count == 4 else {
      return finding(path, "not all tables of a queue are there", .notAQueue, version)
    }
    let problems =
      try depth == .everything
      ? MaintenanceQuery.problems(quick: false, limit: 100, on: connection) : []
    return BackupCheck(
      path: path, problems: problems, reason: problems.isEmpty ? nil : .corrupt,
      schemaVersion: version,
      rows: try depth == .header ? nil : MaintenanceQuery.rowCounts(on: connection))
  }

  private static func finding(
    _ path: String, _ problem: String, _ reason: QueueError.Code, _ version: Int? = nil
  ) -> BackupCheck {
    BackupCheck(
      path: path, problems: [problem], reason: reason, schemaVersion: version, rows: nil)
  }
}

extension BackupCheck {
  /// The error that says why the file is of no use; nil if it is.
  func error(doing what: String) -> QueueError? {
    guard let first = problems.first else { return nil }
    let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
    return QueueError(
      code: reason ?? .corrupt, message: "\(path): cannot \(what): \(first)\(more)")
  }
}
