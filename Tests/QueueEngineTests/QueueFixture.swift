import QueueEngine
import SQLite
import TestSupport
import Testing

/// An arbitrary fixed moment that tests count from.
let start = Timestamp("2026-11-21 12:00:00.000")!

/// The moment `ms` milliseconds after ``start``.
func at(_ ms: Int64) -> Timestamp { start.adding(milliseconds: ms) }

/// The strategies whose claims do not grow with the queue.
let flatStrategies: [ClaimStrategy] = [.fifo, .lifo, .priority, .weightedRandom]

/// Options that enable every strategy and neither wait for locks nor for the disk.
func options(
  _ strategies: Set<ClaimStrategy> = Set(ClaimStrategy.allCases),
  busyPolicy: BusyPolicy = .timeout(timeoutMs: 0), mode: TransactionMode = .immediate
) -> SQLiteStoreOptions {
  // A checkpoint in the background holds the lock for moments, and nobody here waits for it.
  SQLiteStoreOptions(
    pragmas: [PragmaSetting(.synchronous, "OFF")!], busyPolicy: busyPolicy,
    checkpointPolicy: .none, transactionMode: mode, strategies: strategies)
}

/// Opens the running test's queue.
func openQueue(
  _ name: String = "queue.db", _ options: SQLiteStoreOptions = options(), seed: UInt64 = 1
) throws -> SQLiteQueueStore {
  try SQLiteQueueStore(
    path: TemporaryDirectory.path(name), options: options, random: SeededGenerator(seed: seed))
}

/// Opens the running test's queue as a program that knows nothing of the engine does.
func openByHand(_ name: String = "queue.db") throws -> Connection {
  try Connection(
    path: TemporaryDirectory.path(name), mode: .readWrite, busyPolicy: .timeout(timeoutMs: 0))
}

extension Connection {
  /// Every row of a query, its columns as text.
  func rows(_ sql: String, _ parameters: String...) throws -> [[String?]] {
    let statement = try prepare(sql)
    defer { statement.reset() }
    for (index, parameter) in parameters.enumerated() {
      try statement.bind(parameter, at: Int32(index + 1))
    }
    var rows: [[String?]] = []
    while try statement.step() {
      rows.append((0..<statement.columnCount).map { statement.text($0) })
    }
    return rows
  }

  /// The first column of the first row.
  func scalar(_ sql: String) throws -> String? { try rows(sql).first?.first ?? nil }
}

extension SQLiteQueueStore {
  /// Claims the next task for a worker that serves everything.
  func claim(
    _ strategy: ClaimStrategy, worker: String = "w", types: Set<String>? = nil,
    now: Timestamp = start, leaseMs: Int64 = 60_000
  ) throws -> ClaimedTask? {
    try claim(
      as: Claimant(workerID: worker, strategy: strategy, types: types),
      leaseDurationMs: leaseMs, now: now)
  }

  /// Claims until nothing is left, at most 10,000 tasks.
  func drain(
    _ strategy: ClaimStrategy, types: Set<String>? = nil, now: Timestamp = start
  ) throws -> [ClaimedTask] {
    var tasks: [ClaimedTask] = []
    while tasks.count < 10_000, let task = try claim(strategy, types: types, now: now) {
      tasks.append(task)
    }
    return tasks
  }
}

/// What `body` throws, which must be a ``QueueError``.
func queueError(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) throws -> QueueError {
  try #require(throws: QueueError.self, sourceLocation: sourceLocation) { try body() }
}
