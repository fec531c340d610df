internal import Foundation
internal import Platform
internal import QueueEngine
package import Results
internal import SQLite
package import Scenarios

/// Counts what the queue's operations cost in a cell: VM steps, statements, pages written, syncs, plans.
///
/// One connection goes through a fixed sequence of operations on a database in memory, so that nothing of
/// the machine gets into the numbers: no other process, no background checkpoint, no clock (the times that
/// are stored are made up) and no chance (seeded, also SQL's `random()`). What depends on several processes
/// meeting (waiting, shared transactions) is not in it; that is what loads are measured for.
package struct CostProfiler {
  /// Why a cell has no profile.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private let directory: String
  private let seed: UInt64
  private let beginning: Timestamp

  /// - Parameters:
  ///   - directory: where the databases lie if there is no room in memory; it must exist.
  ///   - seed: fixes the mix of tasks and the lottery; that of the scenario.
  package init(directory: String, seed: UInt64) {
    self.init(directory: directory, seed: seed, beginning: Self.defaultBeginning)
  }

  /// `beginning` is when the first task is enqueued.
  init(directory: String, seed: UInt64, beginning: Timestamp) {
    self.directory = directory
    self.seed = seed
    self.beginning = beginning
  }

  /// The SQLite that this process counts with.
  package static var sqlite: SQLiteBuild {
    SQLiteBuild(
      version: SQLiteLibrary.version, sourceID: SQLiteLibrary.sourceID,
      options: SQLiteLibrary.compileOptions)
  }

  /// Any moment will do.
  private static let defaultBeginning = Timestamp(millisecondsSinceEpoch: 1_767_225_600_000)
  /// So many tasks lie in the queue at least, so that a scan costs visibly more than a search.
  private static let leastDepth = 1000
  /// So many at most, so that it stays quick.
  private static let largestDepth = 10_000
  /// So many tasks go through the queue, if their batches are small.
  private static let measuredTasks = 200
  /// The payloads of all tasks that lie in the queue; large ones are fewer.
  private static let payloadBudgetBytes = 32 << 20
  /// So many batches at least.
  private static let leastRounds = 10
  /// What is only done once is left out of the numbers.
  fileprivate static let warmUpRounds = 3
  /// Each claim of `order_by_random` sorts the whole queue.
  private static let sortingTasks = 20

  /// The profile of a cell; takes a fraction of a second.
  ///
  /// Throws `CancellationError` once `isCancelled` says so, and ``Failure`` if the queue does not work with
  /// these settings: an index that a claim needs is missing, SQLite refuses a PRAGMA.
  package func profile(
    of settings: CellSettings, isCancelled: () -> Bool = { false }
  ) throws -> CostProfile {
    try profile(of: settings, isCancelled: isCancelled, inspect: { _ in })
  }

  /// The same; `inspect` may change the database before it is used.
  func profile(
    of settings: CellSettings, isCancelled: () -> Bool = { false },
    inspect: (_ databasePath: String) throws -> Void
  ) throws -> CostProfile {
    let settings = Self.profiled(settings)
    let place = try LogDirectory(
      fallback: directory, neededBytes: Self.neededBytes(settings))
    defer { place.remove() }
    let path = "\(place.path)/queue.db"
    do {
      let templates = DatabaseTemplates(
        directory: place.path, seed: seed, clock: { [beginning] in beginning })
      try templates.makeDatabase(for: settings, at: path, isCancelled: isCancelled)
      try inspect(path)
      var sequence = try OperationSequence(settings, path: path, seed: seed, beginning: beginning)
      return try sequence.run(
        rounds: Self.rounds(settings), settingsHash: settingsHash(settings),
        isCancelled: isCancelled)
    } catch let error as QueueError {
      throw Failure(description: "\(error)")
    } catch let error as SQLiteError {
      throw Failure(description: "\(error)")
    } catch let error as PragmaMismatch {
      throw Failure(description: "\(error)")
    } catch let error as SystemError {
      throw Failure(description: "\(error)")
    }
  }

  /// The settings as far as they decide the costs of an operation.
  static func profiled(_ settings: CellSettings) -> CellSettings {
    var profiled = CellSettings.standard
    // Checkpoints have a cost of their own, which falls on whoever does them.
    profiled.pragmas = PragmaList(
      settings.pragmas.settings.filter {
        ![.walAutocheckpoint, .busyTimeout].contains($0.pragma)
      })
    profiled.checkpointPolicy = .none
    profiled.busyPolicy = .timeout(timeoutMs: 5000)
    profiled.strategy = settings.strategy
    profiled.transactionMode = settings.transactionMode
    profiled.depth = min(
      max(settings.depth, leastDepth), largestDepth, tasks(within: settings))
    profiled.payloadBytes = settings.payloadBytes
    profiled.batchSize = settings.batchSize
    profiled.taskTypes = settings.taskTypes
    profiled.priorities = settings.priorities
    profiled.injectedFault = settings.injectedFault
    return profiled
  }

  /// How many tasks the budget has room for; some in any case.
  private static func tasks(within settings: CellSettings) -> Int {
    max(20, payloadBudgetBytes / max(1, settings.payloadBytes))
  }

  /// What the database, its template and the log take.
  private static func neededBytes(_ settings: CellSettings) -> UInt64 {
    let tasks = settings.depth + (rounds(settings) + warmUpRounds) * settings.batchSize
    // Several frames of the log for each task, whatever its size.
    return UInt64(tasks) * UInt64(4 * settings.payloadBytes + 40 * 1024) + 16 << 20
  }

  private static func rounds(_ settings: CellSettings) -> Int {
    func rounds(_ tasks: Int) -> Int { (tasks + settings.batchSize - 1) / settings.batchSize }
    if settings.strategy == .orderByRandom { return rounds(sortingTasks) }
    return max(leastRounds, rounds(min(measuredTasks, tasks(within: settings))))
  }

  private func settingsHash(_ settings: CellSettings) -> String {
    // A fault is what a profile is to show, not what it is one of.
    var settings = settings
    settings.injectedFault = nil
    let described = settings.described.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return scenarioFingerprint(of: (described + ["seed=\(seed)"]).joined(separator: ";"))
  }
}

/// The operations that are counted: batch after batch is enqueued, claimed and completed.
private struct OperationSequence {
  private let settings: CellSettings
  private let store: SQLiteQueueStore
  private let claimant: Claimant
  private var mix: TaskMix
  private var now: Timestamp
  private var counts: [MeasuredOperation: Counts] = [:]

  private struct Counts {
    var tasks = 0
    var pages = 0
    var syncs = 0
    /// By the statements' text on one line, since line breaks make no other statement.
    var uses: [String: (sql: String, runs: Int, vmSteps: Int)] = [:]
  }

  init(_ settings: CellSettings, path: String, seed: UInt64, beginning: Timestamp) throws {
    self.settings = settings
    var options = settings.storeOptions(createsFile: false)
    options.wakesWorkers = false
    options.vfs = try CountingVFS.register()
    store = try SQLiteQueueStore(
      path: path, options: options, random: SeededGenerator(seed: Seeds.ofProcess(1, repeat: seed)))
    try store.connection.makeRandomRepeatable(seed: seed)
    claimant = Claimant(workerID: "consumer-1", strategy: settings.strategy)
    mix = TaskMix(settings, seed: Seeds.ofProcess(0, repeat: seed))
    now = beginning
  }

  mutating func run(
    rounds: Int, settingsHash: String, isCancelled: () -> Bool
  ) throws -> CostProfile {
    store.connection.setStatementCounting(true)
    for round in 0..<CostProfiler.warmUpRounds + rounds {
      if isCancelled() { throw CancellationError() }
      if round == CostProfiler.warmUpRounds { counts.removeAll() }
      try enqueue()
      try complete(claim())
    }
    store.connection.setStatementCounting(false)
    return CostProfile(
      settingsHash: settingsHash,
      sqlite: CostProfiler.sqlite, enqueue: try costs(of: .enqueue), claim: try costs(of: .claim),
      complete: try costs(of: .complete))
  }

  // The calls are those of the roles.

  private mutating func enqueue() throws {
    let tasks = (0..<settings.batchSize).map { _ in mix.next() }
    try count(.enqueue, tasks: tasks.count) { store, now in
      if tasks.count > 1 {
        _ = try store.enqueue(tasks, now: now)
      } else {
        _ = try store.enqueue(tasks[0], now: now)
      }
    }
  }

  private mutating func claim() throws -> [ClaimedTask] {
    let (limit, leaseDurationMs) = (settings.batchSize, Int64(settings.leaseDurationMs))
    let claimant = claimant
    return try count(.claim, tasks: limit) { store, now in
      let tasks = try store.claim(
        as: claimant, limit: limit, leaseDurationMs: leaseDurationMs, now: now)
      guard tasks.count == limit else {
        throw CostProfiler.Failure(
          description: "a claim of \(limit) got \(tasks.count) although there were more")
      }
      return tasks
    }
  }

  private mutating func complete(_ tasks: [ClaimedTask]) throws {
    try count(.complete, tasks: tasks.count) { store, now in
      let answers: [Acknowledgement]
      if tasks.count > 1 {
        answers = try store.complete(tasks.map { (fence: $0.fence, result: nil) }, now: now)
      } else {
        answers = [try store.complete(tasks[0].fence, result: nil, now: now)]
      }
      guard answers.allSatisfy({ $0 == .accepted }) else {
        throw CostProfiler.Failure(description: "a completion was refused")
      }
    }
  }

  /// Runs one operation a moment after the last one and adds up what it cost.
  private mutating func count<R>(
    _ operation: MeasuredOperation, tasks: Int,
    _ body: (_ store: SQLiteQueueStore, _ now: Timestamp) throws -> R
  ) rethrows -> R {
    now = now.adding(milliseconds: 1)
    store.resetMeter()
    let result = try body(store, now)
    let cost = store.meteredCost
    var counts = counts[operation, default: Counts()]
    counts.tasks += tasks
    counts.pages += Int(cost.pagesWritten)
    counts.syncs += Int(cost.syncs)
    for use in store.connection.takeStatementUses() {
      let line = use.sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      let sum = counts.uses[line] ?? (use.sql, 0, 0)
      counts.uses[line] = (sum.sql, sum.runs + use.runs, sum.vmSteps + Int(use.vmSteps))
    }
    self.counts[operation] = counts
    return result
  }

  private func costs(of operation: MeasuredOperation) throws -> OperationCosts {
    let counts = counts[operation, default: Counts()]
    let statements = try counts.uses.map { line, use in
      OperationCosts.Statement(
        sql: line, runs: use.runs, vmSteps: use.vmSteps,
        plan: try store.connection.queryPlan(of: use.sql))
    }
    return OperationCosts(
      tasks: counts.tasks, walFrames: counts.pages, fsyncs: counts.syncs,
      statements: statements.sorted { $0.sql < $1.sql })
  }
}
