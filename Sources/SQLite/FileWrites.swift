internal import CShimVFS

/// What the calling thread has written and synced through ``CountingVFS`` since it began.
///
/// What one operation has cost is the difference of two readings around it, on the thread that ran it.
/// Writes and syncs of shared memory (the index of the log), of temporary files and of directories are not
/// counted: SQLite syncs the directory of a new rollback journal inside of the journal's first sync.
public struct FileWrites: Hashable, Sendable {
  /// What was done to one kind of file.
  public struct Counts: Hashable, Sendable {
    /// Times that the file was to be made durable (fsync or fdatasync).
    public var syncs: UInt64 = 0
    /// Writes. A frame of the log is two of them: its header and its page.
    public var writes: UInt64 = 0
    /// Bytes of these writes.
    public var bytes: UInt64 = 0

    /// Counts from their parts.
    public init(syncs: UInt64 = 0, writes: UInt64 = 0, bytes: UInt64 = 0) {
      self.syncs = syncs
      self.writes = writes
      self.bytes = bytes
    }

    /// What was added since `earlier`.
    public static func - (later: Self, earlier: Self) -> Self {
      Self(
        syncs: later.syncs &- earlier.syncs, writes: later.writes &- earlier.writes,
        bytes: later.bytes &- earlier.bytes)
    }
  }

  /// The database file: checkpoints, and commits with a rollback journal.
  public var database: Counts
  /// The write-ahead log.
  public var wal: Counts
  /// The rollback journal.
  public var journal: Counts

  /// Counts from their parts.
  public init(database: Counts = Counts(), wal: Counts = Counts(), journal: Counts = Counts()) {
    self.database = database
    self.wal = wal
    self.journal = journal
  }

  /// The counts of the calling thread. All zero unless ``CountingVFS`` is in use.
  public static var current: FileWrites {
    let counts = shim_vfs_current()
    return FileWrites(
      database: Counts(
        syncs: counts.database_syncs, writes: counts.database_writes, bytes: counts.database_bytes),
      wal: Counts(syncs: counts.wal_syncs, writes: counts.wal_writes, bytes: counts.wal_bytes),
      journal: Counts(
        syncs: counts.journal_syncs, writes: counts.journal_writes, bytes: counts.journal_bytes))
  }

  /// All syncs.
  public var syncs: UInt64 { database.syncs + wal.syncs + journal.syncs }

  /// What was added since `earlier`.
  public static func - (later: Self, earlier: Self) -> Self {
    Self(
      database: later.database - earlier.database, wal: later.wal - earlier.wal,
      journal: later.journal - earlier.journal)
  }
}

/// A VFS that passes everything on to SQLite's default one, counts writes and syncs per thread
/// (``FileWrites``), and looks at the clock where locks are taken and given back (``TransactionTimes``).
///
/// Connections do not use it unless they are told to, by name or by ``makeDefault()``.
/// Source: <https://sqlite.org/vfs.html>.
public enum CountingVFS {
  /// Registers it, and returns its name for ``Connection``'s `vfs`; may be called again.
  public static func register() throws(SQLiteError) -> String {
    try register(makeDefault: false)
    return String(cString: shim_vfs_name())
  }

  /// Has every connection that is opened from now on use it, unless the connection names another.
  ///
  /// To be called once, when a process starts that wants to know what it writes.
  public static func makeDefault() throws(SQLiteError) { try register(makeDefault: true) }

  private static func register(makeDefault: Bool) throws(SQLiteError) {
    let code = shim_vfs_register(makeDefault ? 1 : 0)
    guard code == 0 else {
      throw SQLiteError(
        code: ResultCode(rawValue: code), message: "the counting VFS cannot be registered", path: ""
      )
    }
  }
}
