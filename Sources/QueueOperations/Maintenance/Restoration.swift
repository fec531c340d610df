internal import Foundation
internal import Platform
internal import QueueEngine
internal import SQLite

/// Puts a backup in the place of a queue, step by step.
///
/// What is the queue after each step, should the process be killed there:
///
/// | step | the queue at its path is | beside it |
/// |---|---|---|
/// | ``copy()`` | the old one | a copy of the backup, `….restoring-<time>` |
/// | ``lock()`` | the old one, its log moved into it | the copy |
/// | ``keepOld()`` | the old one, under two names | the copy; `….before-<time>` |
/// | ``replace()`` | the new one | the old one, `….before-<time>` |
/// | ``verifyInPlace()`` | the new one, or the old one again if the new one is not whole | the same |
///
/// One name is moved over the other in one step, so there is always a queue at the path. A second name of the old
/// one that a killed restore has left is removed by the next one; until then nobody may open it under that name,
/// because SQLite would look for the log there. No log of the old one
/// can be left beside the new one, because the old one has none any more when it is replaced: a log beside a
/// database that it does not belong to would destroy it. The small files with which processes wake each other
/// (`-wake`, `-handoff`, `-checkpoint`) hold no tasks and stay.
///
/// Not Sendable: one thread takes the steps.
final class Restoration {
  private enum Old {
    /// Nobody has looked yet.
    case unknown
    case missing
    /// Locked through SQLite.
    case locked
    /// So damaged that SQLite cannot lock it; only the processes of this program are shut out.
    case damaged
  }

  /// The queue, without symbolic links.
  let live: String
  /// The copy of the backup on its way.
  let copyPath: String
  /// Where the old queue is kept.
  let keptPath: String
  private let backup: String
  private let replacesDamaged: Bool
  private let now: Timestamp
  private var old = Old.unknown
  /// Hold exclusive locks on the file that is replaced and on the one that replaces it.
  private var oldLock: Connection?
  private var newLock: Connection?
  private var board: SharedMemory?
  private var identity: QueueFileCheck.Identity?
  private(set) var rows: QueueRowCounts?
  private(set) var isReplaced = false

  /// Looks at names only.
  init(backup: String, live: String, replacesDamaged: Bool, now: Timestamp) {
    self.backup = FileMove.resolved(backup)
    self.live = FileMove.resolved(live)
    self.replacesDamaged = replacesDamaged
    self.now = now
    let stamp = BackupName.stamp(now)
    copyPath = Self.free("\(self.live).restoring-\(stamp)")
    keptPath = Self.free("\(self.live).before-\(stamp)")
  }

  private static func free(_ path: String) -> String {
    var candidate = path
    var number = 1
    while FileMove.facts(candidate) != nil {
      number += 1
      candidate = "\(path)-\(number)"
    }
    return candidate
  }

  /// Whether there was a queue, which is kept now.
  var hasOld: Bool { old == .locked || old == .damaged }

  // MARK: Steps

  /// Copies the backup beside the queue, verifies the copy, brings it to the schema of this program and makes
  /// it durable. The queue is not touched.
  func copy() throws {
    guard backup != live else {
      throw QueueError(
        code: .invalidArgument, message: "\(live): a queue cannot be restored from itself")
    }
    let check = QueueFileCheck.check(backup, against: nil)
    if let error = check.error(doing: "restore it") { throw error }
    do throws(SQLiteError) {
      let source = try Connection(
        path: backup, mode: .readOnly, busyPolicy: .timeout(timeoutMs: 5000))
      try source.backUp(to: copyPath)
      try QueueBackup.makeSingleFile(copyPath)
    } catch {
      throw QueueError(error)
    }
    try judgeCopy()
    let checked = QueueFileCheck.check(copyPath, against: identity)
    if let error = checked.error(doing: "use this copy of the backup") { throw error }
    guard checked.rows == check.rows else {
      throw QueueError(code: .corrupt, message: "\(copyPath): the copy differs from \(backup)")
    }
    rows = checked.rows
    if let facts = FileMove.facts(live) { try FileMove.adopt(facts, for: copyPath) }
    try FileMove.syncFile(copyPath)
  }

  /// Has the engine decide whether it is a queue and not too new, as it decides for every file.
  private func judgeCopy() throws {
    let pragmas = [PragmaSetting(.journalMode, "DELETE"), PragmaSetting(.synchronous, "FULL")]
    let store = try SQLiteQueueStore(
      path: copyPath,
      options: SQLiteStoreOptions(
        pragmas: pragmas.compactMap(\.self), busyPolicy: .timeout(timeoutMs: 5000),
        strategies: [], createsFile: false, wakesWorkers: false))
    do throws(SQLiteError) {
      identity = try QueueFileCheck.Identity.read(from: store.connection)
    } catch {
      throw QueueError(error)
    }
  }

  /// Shuts everybody out: from the queue, and from the copy that will be at its path.
  func lock() throws {
    newLock = try exclusively(copyPath)
    guard FileMove.facts(live) != nil else {
      old = .missing
      return
    }
    try lockBoard()
    if replacesDamaged { keepLogs() }
    var isForeign = false
    do throws(SQLiteError) {
      let connection = try Connection(
        path: live, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 1000))
      isForeign = try isOfAnotherProgram(connection)
      if !isForeign {
        try lockOld(connection)
        oldLock = connection
        old = .locked
      }
    } catch {
      switch error.code.primary {
      case .busy, .locked: throw inUse(underlying: error)
      case .corrupt, .notADatabase:
        guard replacesDamaged else {
          throw QueueError(
            code: .corrupt,
            message: """
              \(live): this cannot be read as a database. If it is the damaged queue, stop everything that \
              uses it and say that a damaged file is to be replaced; it will be kept
              """, underlying: error)
        }
        old = .damaged
      default: throw QueueError(error)
      }
    }
    if isForeign {
      throw QueueError(
        code: .notAQueue, message: "\(live): a database of another program; it is not replaced")
    }
    if old == .locked { forgetLogs() }
  }

  /// Gives the logs of what may be damaged a second name, under which they are kept: SQLite removes a log that it
  /// can make nothing of.
  private func keepLogs() {
    for suffix in Self.logSuffixes where FileMove.facts(live + suffix) != nil {
      try? FileMove.addName(keptPath + suffix, to: live + suffix)
    }
  }

  private func forgetLogs() {
    for suffix in Self.logSuffixes { FileMove.remove(keptPath + suffix) }
  }

  private static let logSuffixes = ["-wal", "-journal"]

  /// Asked before anything is changed; as every first look it plays back what a killed process has left.
  private func isOfAnotherProgram(_ connection: Connection) throws(SQLiteError) -> Bool {
    let tables = try MaintenanceQuery.integer("SELECT COUNT(*) FROM sqlite_schema", on: connection)
    let found = try MaintenanceQuery.integer("PRAGMA application_id", on: connection)
    return tables > 0 && found != identity?.applicationID
  }

  /// In WAL mode every process that has the file open holds a shared lock, so leaving that mode shows that
  /// there is none. What was in the log is in the file then.
  private func lockOld(_ connection: Connection) throws(SQLiteError) {
    _ = try MaintenanceQuery.texts("PRAGMA journal_mode = DELETE", on: connection)
    try connection.prepare("BEGIN EXCLUSIVE").run()
    // Somebody may have come in between the two, and begun a log again.
    guard try MaintenanceQuery.texts("PRAGMA journal_mode", on: connection).first != "wal" else {
      throw SQLiteError(code: .busy, message: "somebody has just opened it", path: live)
    }
  }

  /// Processes of this program hold a lock on the file with which they wake each other, also while SQLite holds
  /// none for them, as with a rollback journal between two transactions.
  private func lockBoard() throws {
    let path = live + "-wake"
    guard let facts = FileMove.facts(path), facts.isRegular, facts.byteCount >= 8 else { return }
    var isTaken = false
    do throws(SystemError) {
      let memory = try SharedMemory(
        filePath: path, byteCount: Int(facts.byteCount),
        permissions: PrivateFile.permissions(of: live))
      isTaken = try !memory.lock(.exclusive, byte: 0)
      board = memory
    } catch {
      // Where there are no such locks, SQLite's have to do; a damaged queue has none.
      if replacesDamaged {
        throw QueueError(
          code: .storage, message: "cannot tell whether \(live) is in use: \(error)",
          underlying: error)
      }
    }
    if isTaken { throw inUse(underlying: nil) }
  }

  private func inUse(underlying: (any Error)?) -> QueueError {
    QueueError(
      code: .busy,
      message: """
        \(live): somebody has the queue open; stop its workers and everything else that uses it, and try again
        """, underlying: underlying)
  }

  private func exclusively(_ path: String) throws -> Connection {
    do throws(SQLiteError) {
      let connection = try Connection(
        path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 1000))
      try connection.prepare("BEGIN EXCLUSIVE").run()
      return connection
    } catch {
      throw QueueError(error)
    }
  }

  /// Gives the old queue a second name, and clears the way of what belongs to it.
  func keepOld() throws {
    if hasOld { try FileMove.addName(keptPath, to: live) }
    for suffix in Self.logSuffixes where FileMove.facts(live + suffix) != nil {
      if old == .locked || FileMove.facts(keptPath + suffix) != nil {
        // Void, because its content is in the file and nobody can begin another one; or kept already.
        FileMove.remove(live + suffix)
      } else {
        // Perhaps all that is left of the last tasks.
        try FileMove.replace(keptPath + suffix, with: live + suffix)
      }
    }
    FileMove.remove(live + "-shm")
    try FileMove.syncDirectory(FileMove.directory(of: live))
  }

  /// Moves the copy over the old queue.
  func replace() throws {
    if old == .missing {
      // Somebody may have made a queue meanwhile.
      try FileMove.publish(copyPath, as: live)
    } else {
      try FileMove.replace(live, with: copyPath)
    }
    isReplaced = true
    try FileMove.syncDirectory(FileMove.directory(of: live))
  }

  /// Reads all of the new queue at its path, while still nobody else can; the old one comes back if it is not
  /// what it should be.
  func verifyInPlace() throws {
    do {
      guard let newLock else { return }
      let check: BackupCheck
      do throws(SQLiteError) {
        check = try QueueFileCheck.check(newLock, path: live, against: identity)
      } catch {
        throw QueueError(error)
      }
      if let error = check.error(doing: "use the restored queue") { throw error }
      guard check.rows == rows else {
        throw QueueError(code: .corrupt, message: "\(live): rows are missing after the restore")
      }
    } catch {
      do {
        try undo()
      } catch let second {
        let kept = hasOld ? "; the old queue is \(keptPath)" : ""
        throw QueueError(
          code: .storage,
          message: "\(live) cannot be used (\(error)), nor put back (\(second))\(kept)",
          underlying: error)
      }
      throw error
    }
  }

  /// Undoes ``replace()`` and ``keepOld()``.
  func undo() throws {
    if isReplaced { try putBack() }
    if old != .locked { putBackLogs() }
    removeAliases()
  }

  private func putBack() throws {
    if hasOld {
      try FileMove.replace(live, with: keptPath)
    } else {
      FileMove.remove(live)
    }
    isReplaced = false
    try FileMove.syncDirectory(FileMove.directory(of: live))
  }

  /// Gives back what was moved out of the way.
  private func putBackLogs() {
    for suffix in Self.logSuffixes where FileMove.facts(keptPath + suffix) != nil {
      if FileMove.facts(live + suffix) == nil {
        try? FileMove.replace(live + suffix, with: keptPath + suffix)
      } else {
        FileMove.remove(keptPath + suffix)
      }
    }
  }

  // MARK: All of it

  /// Takes all steps; if one fails, the queue is what it was.
  func run() throws {
    do {
      removeLeftovers()
      try copy()
      try lock()
      removeAliases()
      try keepOld()
      try replace()
      try verifyInPlace()
      letGo()
    } catch {
      // Nobody else can use it yet.
      try? undo()
      letGo()
      if !isReplaced {
        QueueBackup.removeDatabase(copyPath)
      }
      throw error
    }
  }

  /// Gives the locks back.
  func letGo() {
    oldLock = nil
    newLock = nil
    board = nil
  }

  /// Copies that nobody has touched for an hour: of restores that were killed.
  private func removeLeftovers() {
    let limit = now.adding(milliseconds: -3_600_000)
    for path in neighbours("restoring") {
      guard let facts = FileMove.facts(path), facts.modified < limit else { continue }
      FileMove.remove(path)
    }
  }

  /// Second names of the queue as it is: of restores that were killed before they replaced it.
  private func removeAliases() {
    guard let facts = FileMove.facts(live) else { return }
    for path in neighbours("before") {
      if FileMove.facts(path)?.isSameFile(as: facts) == true { FileMove.remove(path) }
    }
  }

  private func neighbours(_ word: String) -> [String] {
    let directory = FileMove.directory(of: live)
    let name = live.split(separator: "/").last.map(String.init) ?? live
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { $0.hasPrefix("\(name).\(word)-") }.map { "\(directory)/\($0)" }
  }
}
