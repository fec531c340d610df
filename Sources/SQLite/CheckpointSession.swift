internal import CSQLite

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

  /// How few frames are left to be copied under the write lock. With what the file system does for the
  /// sync, a few hundred microseconds.
  static let shortRestFrames = 100
  /// How many times the bulk is copied beside the writers before the write lock slows them down.
  private static let mostRounds = 16

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
    return outcome(of: try copier.checkpointPassively())
  }

  // MARK: Beside the writers

  /// Copies the bulk under pins, and the rest under the write lock.
  private func copyPinned(while goOn: () -> Bool) throws(SQLiteError) -> CheckpointOutcome {
    var current = 0
    defer { for pin in pins { pin.rollBack() } }
    guard let pinned = try pin(pins[0]) else {
      // Somebody else has copied all meanwhile.
      return .nothingToDo
    }
    var goal = pinned
    for _ in 0..<Self.mostRounds {
      let result = try copier.checkpointPassively()
      if result.isBusy { return .busy }
      // Our own pin is no obstacle up to `goal`; whoever stops it before is another reader. The write
      // lock would not help against him, and the writers would wait for the copying of all the rest.
      if result.backfilledFrames < goal.frames { return .blockedByReader }
      guard goOn() else { return .nothingToDo }
      guard let now = copier.mappedWALIndex() else { break }
      // Nobody has committed meanwhile: the log can begin anew as soon as the pin is pulled.
      if now.pendingFrames == 0 { return .complete }
      if now.pendingFrames <= Self.shortRestFrames { break }
      // The new pin is set before the old one is pulled, so that the log cannot begin anew in between.
      guard let next = try pin(pins[1 - current]) else { break }
      pins[current].rollBack()
      current = 1 - current
      goal = next
    }
    // A checkpoint syncs the database file only when it has copied the last frame: done before, it is
    // not done under the write lock, which then sees a short sync of little.
    if settings.syncs {
      let code = csqlite_sync_files(copier.handle)
      guard code == SQLITE_OK else {
        throw SQLiteError(
          code: ResultCode(rawValue: code), message: String(cString: sqlite3_errstr(code)),
          path: settings.path)
      }
    }
    // Under the write lock the log cannot begin anew, and the pin would only stop the copying at what it
    // has seen.
    return try copyGated { for pin in pins { pin.rollBack() } }
  }

  /// Opens a read snapshot that needs the log, so that no writer may begin the log anew before it ends.
  ///
  /// A reader that finds the whole log copied reads the database file only, and forbids nothing (read
  /// lock 0; `walTryBeginRead` in wal.c). That this one is no such reader is shown as follows. The count
  /// of copied frames only grows within one generation of the log, and so does the count of frames. If
  /// the generation is the same before and after the snapshot was opened, and not even after it all of
  /// the frames of before had been copied, then when it was opened not all had been copied.
  ///
  /// - Returns: the log before the snapshot, which sees at least its frames; nil if there is nothing to
  ///   copy, and then nothing is open.
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
