/// What must survive when things go wrong: a promise that PRAGMAs keep or break.
///
/// The classes in one place, for whoever chooses settings and for whoever tries out whether the promise
/// holds. Sources: <https://sqlite.org/pragma.html#pragma_synchronous>, <https://sqlite.org/wal.html>.
public enum DurabilityClass: String, CaseIterable, Sendable, Codable {
  /// Nothing that was acknowledged is lost when processes die. A power cut may lose the latest commits, but
  /// never corrupts the file.
  case process
  /// Nothing that was acknowledged is lost, not even at a power cut.
  case power

  /// What it promises, in a sentence.
  public var promise: String {
    switch self {
    case .process:
      return "nothing acknowledged is lost when processes die; a power cut may lose the latest "
        + "commits, but never corrupts the file"
    case .power: return "nothing acknowledged is lost, not even at a power cut"
    }
  }

  /// The settings that decide what survives, as they are in force on every connection.
  public struct Settings: Hashable, Sendable {
    /// In canonical form (`WAL`).
    public var journalMode: String
    /// In canonical form (`NORMAL`).
    public var synchronous: String
    /// Bytes of the file that are mapped into memory.
    public var mmapSize: Int
    /// Who checkpoints; without a meaning outside of WAL mode.
    public var checkpointPolicy: CheckpointPolicy

    /// Settings from their parts.
    public init(
      journalMode: String, synchronous: String, mmapSize: Int, checkpointPolicy: CheckpointPolicy
    ) {
      self.journalMode = journalMode
      self.synchronous = synchronous
      self.mmapSize = mmapSize
      self.checkpointPolicy = checkpointPolicy
    }
  }

  /// Whether several processes that all have these settings get what the class promises.
  public func allows(
    _ settings: Settings, bugs: [SQLiteLibrary.KnownBug] = SQLiteLibrary.knownBugs
  ) -> Bool {
    objection(to: settings, bugs: bugs) == nil
  }

  /// Why several processes that all have these settings do not get what the class promises; nil if they do.
  ///
  /// `bugs` are those of the SQLite that runs.
  public func objection(
    to settings: Settings, bugs: [SQLiteLibrary.KnownBug] = SQLiteLibrary.knownBugs
  ) -> String? {
    switch settings.journalMode {
    case "OFF":
      return "journal_mode OFF: a process that dies within a transaction leaves a corrupt file"
    case "MEMORY":
      return "journal_mode MEMORY: a process that dies while it commits leaves a corrupt file"
    default: break
    }
    if settings.synchronous == "OFF" {
      return "synchronous OFF: a power cut may corrupt the file"
    }
    if settings.journalMode == "WAL" {
      if settings.synchronous == "NORMAL", self == .power {
        return "synchronous NORMAL in WAL mode: a power cut loses the commits since the last checkpoint"
      }
      return walObjection(to: settings, bugs: bugs)
    }
    if settings.synchronous == "NORMAL" {
      return "synchronous NORMAL with a rollback journal: a power cut at the wrong moment may corrupt "
        + "the file"
    }
    if self == .power, settings.journalMode == "DELETE", settings.synchronous != "EXTRA" {
      return "journal_mode DELETE without synchronous EXTRA: a power cut may bring the deleted journal "
        + "back, which rolls the last commit back"
    }
    return nil
  }

  private func walObjection(
    to settings: Settings, bugs: [SQLiteLibrary.KnownBug]
  ) -> String? {
    guard bugs.contains(where: { $0.name == SQLiteLibrary.walResetBugName }) else { return nil }
    if !settings.checkpointPolicy.isImmuneToWALReset {
      return "checkpoint \(settings.checkpointPolicy): this SQLite has the WAL-reset bug, by which "
        + "several connections that checkpoint may lose commits or corrupt the file"
    }
    if settings.mmapSize > 0 {
      return "mmap_size above 0: with the WAL-reset bug of this SQLite it corrupted files within seconds"
    }
    return nil
  }

  /// The strongest class that holds for these settings; nil if none does.
  public static func strongest(
    for settings: Settings, bugs: [SQLiteLibrary.KnownBug] = SQLiteLibrary.knownBugs
  ) -> DurabilityClass? {
    [.power, .process].first { $0.allows(settings, bugs: bugs) }
  }
}
