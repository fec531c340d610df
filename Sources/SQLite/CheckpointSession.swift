internal import CSQLite
internal import Platform

/// The connections of a background thread that does checkpoints, and how it uses them.
///
/// Not Sendable: opened, used and closed on that thread.
final class CheckpointSession {
  /// What it is made from.
  struct Settings: Sendable {
    let path: String
    let policy: CheckpointPolicy
    let busyPolicy: BusyPolicy
    let syncs: Bool
    let vfs: String?
  }

  /// How few frames are left to be copied under the write lock: with the sync, well under a millisecond.
  static let shortRestFrames = 100
  /// How many times the bulk is copied beside the writers before the write lock slows them down.
  private static let mostRounds = 16
  /// How many rounds without progress, and how long after each, until a reader counts as a slow one.
  ///
  /// Every transaction is a reader for its own time, and so is, for a moment, everybody who tries to get
  /// the write lock. On a busy machine that moment takes as long as he has to wait for a CPU.
  private static let mostStalls = 6
  private static let stallNs: UInt64 = 500_000
  /// The same while the write lock is held, where nobody new can get in the way.
  private static let mostGatedStalls = 4
  private static let gatedStallNs: UInt64 = 100_000

  private let settings: Settings
  /// The one that copies.
  private let copier: Connection
  /// The one that holds the write lock meanwhile; ``CheckpointPolicy/gated(pages:)`` and `pinned`.
  private let gate: Connection?
  /// Two that hold a read snapshot in turn; ``CheckpointPolicy/pinned(pages:)``.
  private let pins: [Connection]

  init(_ settings: Settings) throws(SQLiteError) {
    self.settings = settings
    copier = try Self.open(settings)
    switch settings.policy {
    case .pinned:
      gate = try Self.open(settings)
      pins = [try Self.open(settings), try Self.open(settings)]
    case .gated:
      gate = try Self.open(settings)
      pins = []
    case .auto, .deferred, .dedicated, .none:
      gate = nil
      pins = []
    }
  }

  private static func open(_ settings: Settings) throws(SQLiteError) -> Connection {
    let connection = try Connection(
      path: settings.path, mode: .readWrite, busyPolicy: settings.busyPolicy, vfs: settings.vfs)
    sqlite3_wal_autocheckpoint(connection.handle, 0)
    if !settings.syncs { try connection.prepare("PRAGMA synchronous = OFF").run() }
    return connection
  }

  /// The state of the log; nil if there is none.
  func index() throws(SQLiteError) -> WALIndex? { try copier.walIndex() }

  /// Does what the policy says with the log as it is.
  ///
  /// `goOn` is asked between the rounds of a long one, and says whether to go on.
  func checkpoint(while goOn: () -> Bool) throws(SQLiteError) -> CheckpointOutcome {
    guard let index = try index(), index.pendingFrames > 0 else { return .nothingToDo }
    switch settings.policy {
    case .pinned: return try copyPinned(while: goOn)
    case .gated: return try copyGated()
    case .auto, .deferred, .dedicated, .none: return outcome(of: try copier.checkpointPassively())
    }
  }

  private func outcome(of result: CheckpointResult) -> CheckpointOutcome {
    if result.isBusy { return .busy }
    return result.isBlockedByReader ? .blockedByReader : .complete
  }

  // MARK: Under the write lock

  /// Copies what is left while nobody can write, so that the next writer may begin the log anew.
  ///
  /// `afterGate` is run when the write lock is held.
  private func copyGated(
    afterGate: () -> Void = {}
  ) throws(SQLiteError) -> CheckpointOutcome {
    guard let gate else { return .nothingToDo }
    try gate.begin(.immediate)
    defer { gate.rollBack() }
    afterGate()
    for _ in 0..<Self.mostGatedStalls {
      let result = try copier.checkpointPassively()
      if !result.isBlockedByReader { return outcome(of: result) }
      MonotonicClock.sleep(untilNs: MonotonicClock.nowNs() + Self.gatedStallNs)
    }
    return outcome(of: try copier.checkpointPassively())
  }

  // MARK: Beside the writers

  /// Copies the bulk under pins, and the rest under the write lock.
  private func copyPinned(while goOn: () -> Bool) throws(SQLiteError) -> CheckpointOutcome {
    defer { for pin in pins { pin.rollBack() } }
    // Otherwise somebody else has copied all meanwhile.
    guard try pin(pins[0]) != nil else { return .nothingToDo }
    var current = 0
    var stalls = 0
    var hasSynced = !settings.syncs
    var copied = 0
    var pending = Int.max
    for _ in 0..<Self.mostRounds {
      let result = try copier.checkpointPassively()
      if result.isBusy { return .busy }
      guard goOn() else { return .nothingToDo }
      guard let index = copier.mappedWALIndex() else { break }
      // Nobody has committed meanwhile: the log can begin anew as soon as the pin is pulled.
      if index.pendingFrames == 0 { return .complete }
      if index.backfilledFrames == copied {
        // The write lock would not help against a slow reader, and the writers would wait for the copying
        // of all the rest.
        stalls += 1
        if stalls == Self.mostStalls { return .blockedByReader }
        MonotonicClock.sleep(untilNs: MonotonicClock.nowNs() + Self.stallNs)
      } else {
        copied = index.backfilledFrames
        // It is short, or gets no shorter against these writers.
        if index.pendingFrames <= Self.shortRestFrames || index.pendingFrames > pending / 4 * 3 {
          if hasSynced { break }
          try syncFiles()
          hasSynced = true
        }
        pending = index.pendingFrames
      }
      // The new pin is set before the old one is pulled, so that the log cannot begin anew in between.
      guard try pin(pins[1 - current]) != nil else { break }
      pins[current].rollBack()
      current = 1 - current
    }
    // Under the write lock the log cannot begin anew, and the pin would only stop the copying at what it
    // has seen.
    return try copyGated { for pin in pins { pin.rollBack() } }
  }

  /// Makes durable what has been copied so far.
  ///
  /// A checkpoint syncs the database file only when it has copied the last frame. Done before, that is a
  /// short sync of little, which matters to those who wait for the write lock.
  private func syncFiles() throws(SQLiteError) {
    let code = csqlite_sync_files(copier.handle)
    guard code == SQLITE_OK else {
      throw SQLiteError(
        code: ResultCode(rawValue: code), message: String(cString: sqlite3_errstr(code)),
        path: settings.path)
    }
  }

  /// Opens a read snapshot that needs the log, so that no writer may begin the log anew before it ends.
  ///
  /// A reader that finds the whole log copied reads the database file only, and forbids nothing (read
  /// lock 0; `walTryBeginRead` in wal.c). That this one is no such reader is shown as follows. The count
  /// of copied frames only grows within one generation of the log, and so does the count of frames. If
  /// the generation is the same before and after the snapshot was opened, and not even after it all of
  /// the frames of before had been copied, then when it was opened not all had been copied.
  ///
  /// - Returns: the log before the snapshot was opened; nil if there is nothing to copy, and then nothing
  ///   is open.
  func pin(_ pin: Connection) throws(SQLiteError) -> WALIndex? {
    guard let before = try pin.walIndex(), before.pendingFrames > 0 else { return nil }
    try pin.begin(.deferred)
    do throws(SQLiteError) {
      let read = try pin.cached("SELECT 1 FROM sqlite_schema LIMIT 1")
      _ = try read.step()
      read.reset()
    } catch {
      pin.rollBack()
      throw error
    }
    if let after = pin.mappedWALIndex(), after.generation == before.generation,
      after.backfilledFrames < before.frames
    {
      return before
    }
    pin.rollBack()
    return nil
  }

  /// The connections that ``pin(_:)`` is for.
  var pinConnections: [Connection] { pins }
}
