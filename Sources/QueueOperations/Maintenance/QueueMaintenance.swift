internal import Platform
internal import QueueEngine
internal import SQLite

/// How a checkpoint deals with those who use the log.
public enum CheckpointMode: String, Sendable, Hashable, CaseIterable {
  /// Copies what can be copied without waiting for readers.
  case passive
  /// Waits for writers, and copies the whole log unless a reader of an older snapshot stands in the way.
  case full
  /// As ``full``, and waits for readers until the log can begin anew.
  case restart
  /// As ``restart``, and gives the log's disk space back.
  case truncate
}

/// What came of a checkpoint.
public struct CheckpointReport: Hashable, Sendable {
  /// How it was to be done.
  public let mode: CheckpointMode
  /// Whether others stood in the way, so that it has not done all that its mode promises.
  public let isBusy: Bool
  /// Frames in the log afterwards; nil if the queue has no log.
  public let walFrames: Int?
  /// How many of them are in the database file.
  public let checkpointedFrames: Int
}

/// What ``QueueMaintenance/optimize(full:)`` has done.
public struct OptimizeReport: Hashable, Sendable {
  /// How long the statistics took, in milliseconds.
  public let analyzeMs: Int64
  /// How long the rewriting took, in milliseconds; nil if it was not asked for.
  public let vacuumMs: Int64?
  /// Length of the database before and after, in bytes, free pages included.
  public let bytesBefore: Int64
  /// The same afterwards.
  public let bytesAfter: Int64
}

/// Looks after a queue's file.
///
/// Calls block; asynchronous code calls them on a thread of its own. All throw `QueueError`; `busy` if the
/// write lock was not to be had within the time of the busy policy.
public struct QueueMaintenance: Sendable {
  let database: QueueDatabase

  /// Maintenance of a queue.
  public init(_ database: QueueDatabase) { self.database = database }

  // MARK: Checkpoints

  /// Moves the write-ahead log into the database file.
  ///
  /// On a SQLite with the WAL-reset bug the copying is done under the write lock in every mode, because only
  /// then the log cannot begin anew meanwhile: writers wait for it.
  public func checkpoint(mode: CheckpointMode = .passive) throws -> CheckpointReport {
    guard try database.hasWriteAheadLog() else {
      return CheckpointReport(mode: mode, isBusy: false, walFrames: nil, checkpointedFrames: 0)
    }
    if !SQLiteLibrary.knownBugs.isEmpty {
      let report = try checkpointUnderLock(mode)
      // The rest is short now, only what has been written since, and these modes hold the write lock while they
      // copy it.
      if mode == .passive || mode == .full || report.isBusy { return report }
    }
    return try database.withConnection {
      (connection: Connection) throws(SQLiteError) -> CheckpointReport in
      let row = try connection.prepare("PRAGMA wal_checkpoint(\(mode.rawValue.uppercased()))")
      defer { row.reset() }
      _ = try row.step()
      let frames = Int(row.int64(1))
      return CheckpointReport(
        mode: mode, isBusy: row.int64(0) != 0, walFrames: frames < 0 ? nil : frames,
        checkpointedFrames: max(0, Int(row.int64(2))))
    }
  }

  private func checkpointUnderLock(_ mode: CheckpointMode) throws -> CheckpointReport {
    let copier = try database.ownConnection()
    // A connection that has read nothing yet does not know that there is a log.
    _ = try translated { () throws(SQLiteError) in
      try MaintenanceQuery.integer("PRAGMA user_version", on: copier)
    }
    let result = try database.write {
      (_: Connection) throws(SQLiteError) -> CheckpointResult in
      try copier.checkpointPassively()
    }
    return CheckpointReport(
      mode: mode, isBusy: result.isBusy || (mode != .passive && result.isBlockedByReader),
      walFrames: result.walFrames, checkpointedFrames: result.backfilledFrames)
  }

  // MARK: Statistics and space

  /// Updates what SQLite's planner knows of the indexes, from some hundred rows of each: milliseconds under the
  /// write lock. The engine's own statements name their indexes and do not depend on it.
  public func analyze() throws {
    try database.withConnection { (connection: Connection) throws(SQLiteError) -> Void in
      try connection.prepare("PRAGMA analysis_limit = 400").run()
      try connection.autocommit { () throws(SQLiteError) in try connection.prepare("ANALYZE").run()
      }
    }
  }

  /// Writes the whole file anew without its free pages.
  ///
  /// Holds the write lock from beginning to end, some seconds per gigabyte, and needs that much room twice
  /// over: a matter for quiet hours. In WAL mode the file becomes shorter with the next whole checkpoint.
  public func vacuum() throws {
    try database.withConnection { (connection: Connection) throws(SQLiteError) -> Void in
      try connection.autocommit { () throws(SQLiteError) in try connection.prepare("VACUUM").run() }
    }
  }

  /// Writes a compact copy into a new file, private to the user; keeps no writer waiting in WAL mode.
  ///
  /// - Throws: `QueueError`: `invalidArgument` if there is such a file.
  public func vacuum(into path: String) throws {
    guard FileMove.facts(path) == nil else {
      throw QueueError(code: .invalidArgument, message: "\(path): the file exists already")
    }
    let partial = "\(path).\(MonotonicClock.nowNs())\(BackupName.partialEnding)"
    // SQLite takes an empty file, and leaves its permissions as they are.
    PrivateFile.make(partial)
    do {
      let connection = try database.ownConnection()
      do throws(SQLiteError) {
        let statement = try connection.prepare("VACUUM INTO ?1")
        try statement.bind(partial, at: 1)
        try statement.run()
      } catch {
        throw QueueError(error)
      }
      try FileMove.syncFile(partial)
      try FileMove.publish(partial, as: path)
      try FileMove.syncDirectory(FileMove.directory(of: path))
    } catch {
      QueueBackup.removeDatabase(partial)
      throw error
    }
  }

  /// Gives free pages back to the file system, in short transactions.
  ///
  /// - Parameter pages: How many at most; nil for all.
  /// - Returns: How many pages shorter the file is.
  /// - Throws: `QueueError`: `invalidArgument` unless the file was made with `auto_vacuum=INCREMENTAL`.
  @discardableResult
  public func incrementalVacuum(pages: Int? = nil) throws -> Int {
    let mode = try integer("PRAGMA auto_vacuum")
    guard mode == 2, pages ?? 1 > 0 else {
      throw QueueError(
        code: .invalidArgument,
        message: mode == 2
          ? "pages must be at least 1, and is \(pages ?? 0)"
          : """
          \(database.path): free pages can be given back bit by bit only in a file with \
          auto_vacuum=INCREMENTAL; use vacuum
          """)
    }
    var freed = 0
    while freed < pages ?? .max {
      let batch = min(Self.pagesPerBatch, (pages ?? .max) - freed)
      let startNs = MonotonicClock.nowNs()
      let removed = try database.withConnection {
        (connection: Connection) throws(SQLiteError) -> Int in
        let before = try MaintenanceQuery.integer("PRAGMA freelist_count", on: connection)
        try connection.autocommit { () throws(SQLiteError) in
          try connection.prepare("PRAGMA incremental_vacuum(\(batch))").run()
        }
        return Int(before - (try MaintenanceQuery.integer("PRAGMA freelist_count", on: connection)))
      }
      // Others may free pages at the same time.
      if removed <= 0 { break }
      freed += removed
      // Others get as much time as they have waited for, up to a few milliseconds.
      let nowNs = MonotonicClock.nowNs()
      MonotonicClock.sleep(untilNs: nowNs + min(nowNs - startNs, 4_000_000))
    }
    return freed
  }

  private static let pagesPerBatch = 64

  /// Updates the statistics, and with `full` also writes the file anew and moves the log into it.
  public func optimize(full: Bool = false) throws -> OptimizeReport {
    let bytesBefore = try databaseBytes()
    let startNs = MonotonicClock.nowNs()
    try analyze()
    let analyzedNs = MonotonicClock.nowNs()
    if full {
      try vacuum()
      _ = try checkpoint(mode: .truncate)
    }
    let endNs = MonotonicClock.nowNs()
    return OptimizeReport(
      analyzeMs: Int64((analyzedNs - startNs) / 1_000_000),
      vacuumMs: full ? Int64((endNs - analyzedNs) / 1_000_000) : nil, bytesBefore: bytesBefore,
      bytesAfter: try databaseBytes())
  }

  private func databaseBytes() throws -> Int64 {
    try integer("PRAGMA page_count") * integer("PRAGMA page_size")
  }

  func integer(_ sql: String) throws -> Int64 {
    try database.withConnection { (connection: Connection) throws(SQLiteError) -> Int64 in
      try MaintenanceQuery.integer(sql, on: connection)
    }
  }

  // MARK: Looking

  /// What is wrong with the file; empty if nothing is.
  ///
  /// Reads a snapshot of all of it, through a connection of its own: writers do not wait in WAL mode, but the
  /// log grows meanwhile.
  ///
  /// - Parameters:
  ///   - quick: Leaves out the comparison of indexes with their tables.
  ///   - limit: How many lines at most.
  /// - Returns: A line for each fault.
  /// - Throws: `QueueError` if the file cannot be read for another reason than damage.
  public func integrityCheck(quick: Bool = false, limit: Int = 100) throws -> [String] {
    guard limit > 0 else {
      throw QueueError(code: .invalidArgument, message: "limit must be at least 1, and is \(limit)")
    }
    let connection = try database.ownConnection()
    do throws(SQLiteError) {
      return try MaintenanceQuery.problems(quick: quick, limit: limit, on: connection)
    } catch {
      // A file too damaged to be checked is what was asked about.
      let failure = QueueError(error)
      guard failure.code == .corrupt || failure.code == .notAQueue else { throw failure }
      return [failure.message]
    }
  }
}
