public import SQLite

/// How a SQLite queue is opened.
public struct SQLiteStoreOptions: Sendable, Hashable {
  /// PRAGMAs to set and read back; those of ``safePragmas`` that are not named are added.
  public var pragmas: [PragmaSetting]
  /// What to do while another process holds the write lock.
  public var busyPolicy: BusyPolicy
  /// Who moves the write-ahead log back into the database, and when; see ``effectiveCheckpointPolicy``.
  public var checkpointPolicy: CheckpointPolicy
  /// How transactions of more than one statement begin.
  public var transactionMode: TransactionMode
  /// The strategies that claims will use; each costs an index.
  public var strategies: Set<ClaimStrategy>
  /// Whether to make the file if there is none.
  public var createsFile: Bool
  /// Whether idle workers of all processes are woken by what this store commits, and its own by them,
  /// through a small file beside the database (`<database>-wake`).
  public var wakesWorkers: Bool
  /// Whether to make the queue count its tasks if it does not: counts and statistics then take no look at
  /// tasks, whatever their number, and every enqueue and every end of a task costs a little more. A queue
  /// that counts goes on counting, whoever opens it. Where there are many tasks already, the first count
  /// holds the write lock for some seconds per million.
  public var countsTasks: Bool
  /// The VFS that the file is opened with, for measuring; nil is SQLite's default.
  package var vfs: String?

  /// Options; the defaults lose nothing when a process dies.
  public init(
    pragmas: [PragmaSetting] = [], busyPolicy: BusyPolicy = .standard,
    checkpointPolicy: CheckpointPolicy = Self.safeCheckpointPolicy,
    transactionMode: TransactionMode = .immediate, strategies: Set<ClaimStrategy> = [.priority],
    createsFile: Bool = true, wakesWorkers: Bool = true, countsTasks: Bool = false
  ) {
    self.pragmas = pragmas
    self.busyPolicy = busyPolicy
    self.checkpointPolicy = checkpointPolicy
    self.transactionMode = transactionMode
    self.strategies = strategies
    self.createsFile = createsFile
    self.wakesWorkers = wakesWorkers
    self.countsTasks = countsTasks
  }

  /// The PRAGMAs of the documented queue, but for those that corrupted files within seconds on SQLite
  /// before 3.51.3 (the WAL-reset bug): `mmap_size`, and `wal_autocheckpoint`, in whose place there is
  /// ``safeCheckpointPolicy``.
  public static let safePragmas: [PragmaSetting] = [
    (.journalMode, "WAL"), (.synchronous, "NORMAL"), (.mmapSize, "0"), (.cacheSize, "-20000"),
    (.tempStore, "MEMORY"), (.foreignKeys, "ON"),
  ].compactMap { PragmaSetting($0, $1) }

  /// Immune to the WAL-reset bug, out of the way of claims, and keeps the log near 8 MB of pages of
  /// 4 KB unless a slow reader holds it up. `scenarios/checkpoints.yaml` shows what others cost.
  public static let safeCheckpointPolicy = CheckpointPolicy.pinned(pages: 2000)

  /// The PRAGMAs that are set: ``pragmas``, and ``safePragmas`` for the rest.
  public var effectivePragmas: [PragmaSetting] {
    pragmas
      + Self.safePragmas.filter { safe in !pragmas.contains { $0.pragma == safe.pragma } }
  }

  /// The checkpoint policy that is followed.
  ///
  /// A `wal_autocheckpoint` among the ``pragmas`` asks for SQLite's own checkpoints. There is nothing to
  /// do without a log, and no way for a background thread where one connection locks the file for
  /// itself.
  public var effectiveCheckpointPolicy: CheckpointPolicy {
    func value(_ pragma: Pragma) -> String? {
      effectivePragmas.last { $0.pragma == pragma }?.value.uppercased()
    }
    if let pages = value(.walAutocheckpoint).flatMap({ Int($0) }) {
      return pages > 0 ? .auto(pages: pages) : .none
    }
    if value(.journalMode) != "WAL" || value(.lockingMode) == "EXCLUSIVE" {
      return .auto(pages: 1000)
    }
    return checkpointPolicy
  }
}

/// A queue in a SQLite file, through one connection.
///
/// Used by one thread at a time; not Sendable.
public final class SQLiteQueueStore: QueueStore {
  /// The connection, for measuring; its triggers are off, so that rows of one's own must be inserted
  /// through another one.
  package let connection: Connection
  /// Does the checkpoints; its counters say whether a slow reader keeps the log from shrinking. Can be
  /// kept when a ``TaskQueue`` takes the store over. Nil for a database without a file.
  public var checkpointer: Checkpointer? { connection.checkpointer }
  /// The PRAGMAs that were asked for, as they read back.
  public let pragmas: [PragmaSetting]
  private let options: SQLiteStoreOptions
  /// Why its PRAGMAs or checkpoints are unsafe on the SQLite that runs; nil if they are not.
  public var hazard: String? { options.hazard }
  let transactionMode: TransactionMode
  let lanes: LaneDirectory
  /// How claimants that have been here claim, and the one who was here last.
  var plans: [Claimant: ClaimPlan] = [:]
  var lastPlan: ClaimPlan?
  /// Whether the present call is part of a larger transaction.
  private(set) var isInGroup = false
  /// What has gone wrong in it: SQLite may have ended the transaction already, so that the calls that
  /// follow would each be one of their own.
  private var groupFailure: QueueError?
  let isLotteryEnabled: Bool
  /// Counts what this connection does; nil if the queue does not count.
  var counter: TaskCounter?
  /// Where idle workers sleep; nil if nobody is to be woken.
  let board: WakeBoard?
  /// What the transaction under way has made ready.
  var arrivals = Arrivals()
  /// What had been written when the present call began.
  private var meterStart = (
    pages: UInt32(0), writes: FileWrites.current, times: TransactionTimes.settled()
  )
  /// The full rounds of duties of the present claim; nil before the first.
  var dutyRounds: DutyRounds?
  var plainInsert: Statement?
  var plainBoundLane = BoundLane()
  var manyInsert: Statement?
  var manyBoundLanes = Array(
    repeating: BoundLane(), count: EnqueueStatements.rowsPerStatement)
  var dutiesStatement: Statement?
  var completeStatement: Statement?
  var random: any RandomNumberGenerator

  /// Text buffers for timestamps, bound without copying.
  let nowText = TimestampBuffer()
  let untilText = TimestampBuffer()

  /// Opens a queue, making or migrating its tables where needed.
  ///
  /// - Parameters:
  ///   - path: the database file.
  ///   - options: how to open it.
  ///   - random: the source of the lottery's draws.
  /// - Throws: ``QueueError``; `PragmaMismatch` if a PRAGMA reads back otherwise than asked.
  public init(
    path: String, options: SQLiteStoreOptions = SQLiteStoreOptions(),
    random: any RandomNumberGenerator = SystemRandomNumberGenerator()
  ) throws {
    do {
      connection = try Connection(
        path: path, mode: options.createsFile ? .create : .readWrite,
        busyPolicy: options.busyPolicy, vfs: options.vfs)
      try Migrator(connection: connection).refuseForeignFile()
      pragmas = try connection.apply(options.effectivePragmas)
      if let filePath = connection.filePath {
        let isSynced = !options.effectivePragmas.contains {
          $0.pragma == .synchronous && ["OFF", "0"].contains($0.value.uppercased())
        }
        try connection.use(
          Checkpointer(
            path: filePath, policy: options.effectiveCheckpointPolicy,
            busyPolicy: options.busyPolicy, syncs: isSynced))
      }
      try Migrator(connection: connection)
        .migrate(enabling: options.strategies, counting: options.countsTasks)
      connection.setTriggersEnabled(false)
      isLotteryEnabled = try Migrator(connection: connection).isEnabled(.weightedRandom)
      counter =
        try Migrator(connection: connection).countsTasks()
        ? TaskCounter(connection: connection) : nil
      board = options.wakesWorkers ? try WakeBoard(databasePath: connection.filePath) : nil
    } catch let error as SQLiteError {
      throw QueueError(error)
    }
    self.options = options
    transactionMode = options.transactionMode
    lanes = LaneDirectory(connection: connection)
    self.random = random
    if counter == nil { connection.watchCompilations(writingTo: "task_queue") }
  }

  /// The statement in a slot, compiled at its first use: for hot paths, which should not look SQL up.
  @inline(__always)
  func statement(_ slot: inout Statement?, _ sql: String) throws(SQLiteError) -> Statement {
    if let statement = slot { return statement }
    let statement = try connection.prepare(sql)
    slot = statement
    return statement
  }

  /// Runs `body`, whose statement is a transaction by itself unless one is under way.
  @inline(__always)
  func autocommit<R>(_ body: () throws(SQLiteError) -> R) throws -> R {
    if isInGroup { return try transaction(body) }
    do {
      let result = try connection.autocommit(body)
      if !arrivals.isEmpty { ring() }
      if connection.hasCompiledWrites { lookForCounters() }
      return result
    } catch {
      arrivals.removeAll()
      throw QueueError(error)
    }
  }

  /// Runs `body` in one transaction of the mode that the options name, or as part of the one that is
  /// under way.
  func transaction<R>(_ body: () throws(SQLiteError) -> R) throws -> R {
    if isInGroup {
      if let groupFailure { throw groupFailure }
      do { return try body() } catch {
        let failure = QueueError(error)
        groupFailure = failure
        throw failure
      }
    }
    do {
      let result = try connection.transaction(transactionMode) { () throws(SQLiteError) in
        // A deferred transaction may be run again.
        forgetUncommitted()
        let result = try body()
        try counter?.write()
        return result
      }
      keepCommitted()
      return result
    } catch {
      forgetUncommitted()
      throw QueueError(error)
    }
  }

  private func keepCommitted() {
    lanes.keepUncommitted()
    counter?.keepUncommitted()
    if !arrivals.isEmpty { ring() }
    if connection.hasCompiledWrites { lookForCounters() }
  }

  private func forgetUncommitted() {
    lanes.forgetUncommitted()
    counter?.forgetUncommitted()
    arrivals.removeAll()
  }

  /// Takes the write lock at once, whatever mode the options name: it is taken for several callers.
  public func atomically(_ body: () throws -> Void) throws {
    precondition(!isInGroup, "a transaction within a transaction")
    do {
      try connection.begin(.immediate)
      isInGroup = true
      groupFailure = nil
      defer { isInGroup = false }
      do {
        try body()
        if let groupFailure { throw groupFailure }
        try counter?.write()
        try connection.commit()
        keepCommitted()
      } catch {
        connection.rollBack()
        forgetUncommitted()
        throw error
      }
    } catch let error as SQLiteError {
      throw QueueError(error)
    }
  }
}

// MARK: Metering

extension SQLiteQueueStore: MeteredStore {
  package func resetMeter() {
    connection.resetBusyCounters()
    meterStart = (connection.pagesWritten, FileWrites.current, TransactionTimes.settled())
  }

  package var meteredCost: OperationCost {
    let busy = connection.busyCounters
    let times = TransactionTimes.settled() - meterStart.times
    var cost = OperationCost()
    cost.busyCallbacks = busy.callbacks
    cost.busySleptNs = busy.sleptNs
    cost.lockWaitNs = times.lockWaitNs + busy.heldBackNs
    cost.lockHeldNs = times.lockHeldNs
    cost.commitNs = times.commitNs
    cost.checkpointNs = times.checkpointNs
    cost.pagesWritten = connection.pagesWritten &- meterStart.pages
    cost.syncs = UInt32(clamping: (FileWrites.current - meterStart.writes).syncs)
    return cost
  }
}

// MARK: Readers

extension SQLiteQueueStore {
  /// Readers have connections of their own, so that they hinder no writer. That is so in WAL mode only:
  /// with a rollback journal a commit waits for readers, and may time out. A connection that locks the
  /// file for itself, or a database in memory, leaves no room for others.
  public func readerFactory() -> () throws -> (any QueueReader)? {
    var options = options
    options.createsFile = false
    options.wakesWorkers = false
    options.checkpointPolicy = .none
    func reads(_ pragma: Pragma, _ value: String) -> Bool {
      pragmas.contains { $0.pragma == pragma && $0.value.uppercased() == value }
    }
    // The absolute path: the process may have another working directory by the time of the first read.
    guard reads(.journalMode, "WAL"), !reads(.lockingMode, "EXCLUSIVE"),
      let path = connection.filePath
    else { return { nil } }
    return { [options] in try SQLiteQueueStore(path: path, options: options) }
  }
}

@available(*, unavailable)
extension SQLiteQueueStore: Sendable {}

/// The 23 bytes of a timestamp's text at a fixed place, so that a statement can borrow them.
final class TimestampBuffer {
  private let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: Timestamp.textLength)
  private var current = Timestamp(millisecondsSinceEpoch: .min)

  init() { current.write(to: bytes) }

  deinit { bytes.deallocate() }

  /// The text of `timestamp`, valid until the next call.
  @inline(__always)
  func text(_ timestamp: Timestamp) -> UnsafeRawBufferPointer {
    if timestamp != current {
      timestamp.write(to: bytes)
      current = timestamp
    }
    return UnsafeRawBufferPointer(start: bytes, count: Timestamp.textLength)
  }
}
