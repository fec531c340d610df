import QueueEngine
import SQLite
import TestSupport

/// The queues that have to pass this suite; everything else in it knows nothing of where tasks lie.
///
/// A store for another database is added here.
extension QueueKind {
  static let all: [QueueKind] = [
    sqlite("sqlite", SQLiteStoreOptions(busyPolicy: .handoff(timeoutMs: 60_000))),
    sqlite("sqlite, every strategy", every),
    sqlite("sqlite, deferred transactions", deferred),
    sqlite("sqlite, no write combining", every, TaskQueueOptions(writeCombining: false)),
  ]

  /// How long a loaded machine may keep one waiting for a lock before a test fails.
  private static let patient = BusyPolicy.backoff(initialUs: 20, maxUs: 1000, timeoutMs: 60_000)

  /// Hundreds of files are made; the machine need not wait for its disk.
  private static let quick = [PragmaSetting(.synchronous, "OFF")!]

  private static let every = SQLiteStoreOptions(
    pragmas: quick, busyPolicy: patient, strategies: Set(ClaimStrategy.allCases))

  private static let deferred = SQLiteStoreOptions(
    pragmas: quick, busyPolicy: patient, transactionMode: .deferred,
    strategies: Set(ClaimStrategy.allCases))

  private static func sqlite(
    _ name: String, _ options: SQLiteStoreOptions,
    _ queueOptions: TaskQueueOptions = TaskQueueOptions()
  ) -> QueueKind {
    QueueKind(
      name: name, strategies: ClaimStrategy.allCases.filter(options.strategies.contains),
      options: queueOptions
    ) { name, seed in
      try SQLiteQueueStore(
        path: TemporaryDirectory.path(name), options: options, random: SeededGenerator(seed: seed))
    }
  }
}
