internal import Foundation
public import QueueEngine
internal import SQLite

/// Backups of a queue in a directory.
///
/// A backup is one file with nothing beside it, private to the user, and a queue like any other. It has the
/// state of one moment: that in which the copy began.
///
/// In WAL mode no writer waits for a copy. It holds a read snapshot for as long as it takes, so the log grows
/// meanwhile by what is written and shrinks afterwards. With a rollback journal every commit would wait for the
/// end of the copy, so such a queue is copied only where the caller allows that.
public struct QueueBackup: Sendable {
  /// How long after the last write an unfinished copy counts as left behind, in milliseconds: a day.
  static let partialLifeMs: Int64 = 86_400_000

  private let database: QueueDatabase
  /// Where the backups lie.
  public let directory: String

  /// Backups of `database` in `directory`, which must exist.
  public init(database: QueueDatabase, directory: String) {
    self.database = database
    self.directory = directory
  }

  // MARK: Making

  /// Copies the queue into a file of its own, verifies the copy and makes it durable.
  ///
  /// The file has its name only when all of that is done; whatever stops the copy leaves at most a hidden file
  /// that ends in `.partial`, which ``cleanup(keep:name:now:)`` removes after a day.
  ///
  /// - Parameters:
  ///   - name: What it is called: letters, digits, `-`, `_` and `.`, at most 64.
  ///   - writersMayWait: Whether a queue without a write-ahead log may be copied, though its writers wait for as
  ///     long as the copy takes, and fail where their busy policy does not wait for that long.
  ///   - now: The moment that it is called after.
  /// - Returns: The backup.
  /// - Throws: ``QueueError``: `invalidArgument` for a name that cannot be used or is taken, or a queue
  ///   without a write-ahead log; `corrupt` if the copy is not whole, which means that the queue is not;
  ///   `diskFull`, `readOnly`.
  @discardableResult
  public func create(
    name: String = "queue", writersMayWait: Bool = false, now: Timestamp = .now()
  ) throws -> BackupFile {
    guard BackupName.isValid(name) else {
      throw QueueError(
        code: .invalidArgument,
        message: """
          \(name.debugDescription) cannot name a backup; use letters, digits, "-", "_" and ".", 64 at most, \
          and no "." in front
          """)
    }
    if try !writersMayWait && !database.hasWriteAheadLog() {
      throw QueueError(
        code: .invalidArgument,
        message: """
          \(database.path): without a write-ahead log all writers wait while the queue is copied; allow that \
          (writersMayWait), or use journal_mode=WAL
          """)
    }
    let fileName = BackupName.fileName(name, now)
    let target = path(fileName)
    guard FileMove.facts(target) == nil else {
      throw QueueError(code: .invalidArgument, message: "\(target): there is such a backup already")
    }
    let partial = path(".\(fileName).\(UUID().uuidString)\(BackupName.partialEnding)")
    do {
      let rows = try copy(to: partial)
      let check = try verified(partial, rows)
      try FileMove.syncFile(partial)
      try FileMove.publish(partial, as: target)
      try FileMove.syncDirectory(directory)
      return BackupFile(
        path: target, name: name, createdAt: now,
        byteCount: FileMove.facts(target)?.byteCount ?? 0, schemaVersion: check.schemaVersion,
        taskCount: rows.tasks, problem: nil)
    } catch {
      Self.removeDatabase(partial)
      throw error
    }
  }

  /// Copies one snapshot, and returns how many rows it had.
  private func copy(to partial: String) throws -> QueueRowCounts {
    let source = try database.ownConnection()
    do throws(SQLiteError) {
      try source.begin(.deferred)
      defer { source.rollBack() }
      // The first statement takes the snapshot, and the copy is made within the same transaction.
      let rows = try MaintenanceQuery.rowCounts(on: source)
      try source.backUp(to: partial)
      return rows
    } catch {
      throw QueueError(error)
    }
  }

  /// Makes the copy a file without a log, and compares it with what was copied.
  private func verified(_ partial: String, _ rows: QueueRowCounts) throws -> BackupCheck {
    do throws(SQLiteError) {
      try Self.makeSingleFile(partial)
    } catch {
      throw QueueError(error)
    }
    let check = QueueFileCheck.check(partial, against: try identity())
    if let error = check.error(doing: "keep this copy") { throw error }
    guard check.rows == rows else {
      throw QueueError(
        code: .corrupt,
        message: "\(partial): the copy has other rows than the queue had: \(check), not \(rows)")
    }
    return check
  }

  /// Ends the WAL mode that a copy inherits, so that reading it needs no files beside it.
  static func makeSingleFile(_ path: String) throws(SQLiteError) {
    let connection = try Connection(
      path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 5000))
    let mode = try MaintenanceQuery.texts("PRAGMA journal_mode = DELETE", on: connection).first
    guard mode == "delete" else {
      throw SQLiteError(
        code: .error, message: "the copy keeps journal mode \(mode ?? "?")", path: path)
    }
  }

  /// Removes a database of ours that nobody has open, with what SQLite may have left beside it.
  static func removeDatabase(_ path: String) {
    for suffix in ["", "-wal", "-shm", "-journal"] { FileMove.remove(path + suffix) }
  }

  private func identity() throws -> QueueFileCheck.Identity {
    try database.read {
      (connection: Connection) throws(SQLiteError) -> QueueFileCheck.Identity in
      try QueueFileCheck.Identity.read(from: connection)
    }
  }

  private func path(_ fileName: String) -> String { Self.path(fileName, in: directory) }

  private static func path(_ fileName: String, in directory: String) -> String {
    directory.hasSuffix("/") ? directory + fileName : "\(directory)/\(fileName)"
  }

  // MARK: Looking

  /// Reads every page and every row of a backup.
  ///
  /// - Throws: ``QueueError`` if the queue itself cannot be read; what is wrong with the backup is the result.
  public func verify(_ path: String) throws -> BackupCheck {
    QueueFileCheck.check(path, against: try identity())
  }

  /// The same without a queue to compare it with: for the time after the queue was lost.
  public static func verify(_ path: String) -> BackupCheck {
    QueueFileCheck.check(path, against: nil)
  }

  /// The backups in the directory, the newest first; other files are passed over.
  ///
  /// - Parameter counting: Whether to count the tasks of each, for which it has to be read as a whole.
  /// - Returns: The backups; what cannot be read says why.
  /// - Throws: ``QueueError`` if the directory or the queue cannot be read.
  public func list(counting: Bool = true) throws -> [BackupFile] {
    try Self.files(in: directory, against: try identity(), counting: counting)
  }

  /// The same without a queue to compare them with: for the time after the queue was lost.
  public static func list(in directory: String) throws -> [BackupFile] {
    try files(in: directory, against: nil, counting: true)
  }

  private static func files(
    in directory: String, against identity: QueueFileCheck.Identity?, counting: Bool
  ) throws -> [BackupFile] {
    try fileNames(in: directory).compactMap { fileName -> BackupFile? in
      let path = path(fileName, in: directory)
      guard let parsed = BackupName.parse(fileName), let facts = FileMove.facts(path),
        facts.isRegular
      else { return nil }
      let check = QueueFileCheck.check(
        path, against: identity, depth: counting ? .rows : .header)
      return BackupFile(
        path: path, name: parsed.name, createdAt: parsed.createdAt, byteCount: facts.byteCount,
        schemaVersion: check.schemaVersion, taskCount: check.rows?.tasks,
        problem: check.problems.first)
    }.sorted { ($0.createdAt, $0.path) > ($1.createdAt, $1.path) }
  }

  private static func fileNames(in directory: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: directory)
    } catch {
      throw QueueError(
        code: .readOnly, message: "\(directory): cannot list the backups", underlying: error)
    }
  }

  // MARK: Clearing

  /// Removes all backups but the newest ones, and unfinished copies that have been left behind.
  ///
  /// Backups that cannot be read neither count nor go: somebody should look at them.
  ///
  /// - Parameters:
  ///   - keep: How many to keep, 1 at least.
  ///   - name: Concerns those of that name only; nil concerns all.
  ///   - now: What the age of unfinished copies is counted from.
  /// - Returns: The paths of what was removed.
  /// - Throws: ``QueueError``, with `invalidArgument` if none is to be kept.
  @discardableResult
  public func cleanup(
    keep: Int, name: String? = nil, now: Timestamp = .now()
  ) throws -> [String] {
    guard keep >= 1 else {
      throw QueueError(
        code: .invalidArgument, message: "keep must be at least 1, and is \(keep)")
    }
    let readable = try list(counting: false).filter {
      $0.problem == nil && (name == nil || $0.name == name)
    }
    var removed = readable.dropFirst(keep).map(\.path)
    let oldest = now.adding(milliseconds: -Self.partialLifeMs)
    for fileName in try Self.fileNames(in: directory)
    where fileName.hasPrefix(".") && fileName.hasSuffix(BackupName.partialEnding) {
      guard let facts = FileMove.facts(path(fileName)), facts.modified < oldest else { continue }
      removed.append(path(fileName))
    }
    for path in removed { Self.removeDatabase(path) }
    if !removed.isEmpty { try FileMove.syncDirectory(directory) }
    return removed
  }
}
