public import Logging
public import QueueEngine
public import QueueWorker
public import SQLite

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How a worker process works: everything that can be said without writing code.
///
/// ``EffectiveConfiguration/load(file:flags:environment:workerID:)`` makes it from files, the
/// environment and flags. Values made in code are checked by whom they are handed to: `Worker` and
/// the store.
public struct WorkerConfiguration: Sendable, Hashable {
  /// The queue's file.
  public var databasePath: String
  /// Stored in `locked_by`; each worker of a queue should have one of its own.
  public var workerID: String
  /// How many handlers run at once, at most.
  public var concurrency = 1
  /// The order in which tasks are taken.
  public var strategy = ClaimStrategy.priority
  /// The types of task to take; nil for all that there are handlers for.
  public var types: Set<String>?
  /// What the worker is capable of, for the `compatibility` of tasks.
  public var capabilities = Capabilities()
  /// How long others wait before they take a task of a worker that has died.
  public var leaseDurationMs: Int64 = 30_000
  /// When failed tasks are tried again.
  public var retryPolicy = RetryPolicy.standard
  /// How long handlers may go on after a shutdown has begun.
  public var shutdownGraceMs: Int64 = 20_000
  /// How long a cancelled handler may take to return before its task is given back without it.
  public var cancellationGraceMs: Int64 = 1000
  /// PRAGMAs that differ from those of `SQLiteStoreOptions.safePragmas`, each once.
  public var pragmas: [PragmaSetting] = []
  /// What to do while another process holds the write lock.
  public var busyPolicy = BusyPolicy.standard
  /// Who moves the write-ahead log back into the database, and when.
  public var checkpointPolicy = SQLiteStoreOptions.safeCheckpointPolicy
  /// The least important messages that are logged.
  public var logLevel = Logger.Level.warning
  /// Whether what happens to tasks is logged to the queue's file, too; costs rows per task.
  public var logsToDatabase = false

  /// The defaults of everything else.
  public init(databasePath: String, workerID: String = Self.hostAndProcess) {
    self.databasePath = databasePath
    self.workerID = workerID
  }

  /// Options for a `Worker`; the logger gets the configured level.
  public func workerOptions(
    logger: Logger = Logger(label: "queue-worker")
  ) -> WorkerOptions {
    var logger = logger
    logger.logLevel = logLevel
    return WorkerOptions(
      workerID: workerID, concurrency: concurrency, strategy: strategy,
      capabilities: capabilities, leaseDurationMs: leaseDurationMs, retryPolicy: retryPolicy,
      shutdownGraceMs: shutdownGraceMs, cancellationGraceMs: cancellationGraceMs, logger: logger)
  }

  /// Options for a `SQLiteQueueStore`, which will have the index of the configured strategy.
  public func storeOptions(createsFile: Bool = true) -> SQLiteStoreOptions {
    SQLiteStoreOptions(
      pragmas: pragmas, busyPolicy: busyPolicy, checkpointPolicy: checkpointPolicy,
      strategies: [strategy], createsFile: createsFile)
  }

  /// Who claims, for those who claim without a `Worker`.
  public var claimant: Claimant {
    Claimant(workerID: workerID, strategy: strategy, types: types, capabilities: capabilities)
  }

  /// `host-4711`: unlike that of every other process that runs.
  public static var hostAndProcess: String {
    var name = [CChar](repeating: 0, count: 256)
    let hasName = gethostname(&name, 255) == 0
    let bytes = name.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }
    let host = hasName && !bytes.isEmpty ? String(decoding: bytes, as: UTF8.self) : "worker"
    return "\(host)-\(getpid())"
  }

  /// The queue of a user who names none: `$XDG_DATA_HOME/taskqueue/queue.db` or
  /// `~/.local/share/taskqueue/queue.db`, on macOS
  /// `~/Library/Application Support/taskqueue/queue.db`; nil without a home directory.
  ///
  /// Never in a directory for temporary files, which systems empty. A relative `XDG_DATA_HOME` is
  /// ignored, as <https://specifications.freedesktop.org/basedir-spec/latest/> demands.
  public static func defaultDatabasePath(environment: [String: String]) -> String? {
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    #if os(macOS)
      let data = home.map { $0 + "/Library/Application Support" }
    #else
      let named = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      let data = named ?? home.map { $0 + "/.local/share" }
    #endif
    return data.map { $0 + "/taskqueue/queue.db" }
  }
}
