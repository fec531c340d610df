internal import Foundation
internal import Platform
internal import QueueEngine
internal import Recording
internal import SQLite
internal import Scenarios
package import Verification

/// Tries the checker out on histories whose faults are known.
///
/// The histories are simulated, see ``Simulation``; here, they become what a repeat leaves behind:
/// operation logs, and a database with the schema and the indexes of the engine. That is why this is no
/// part of `Verification`, which knows nothing of the engine.
package struct CheckerTrial {
  /// How long the checker took.
  package struct Measurement: Sendable {
    package let records: Int
    package let tasks: Int
    /// From opening the logs to the verdict, with reading the database.
    package let seconds: Double
    /// Of these, reading the logs.
    package let readingSeconds: Double
    /// Of these, reading the database and checking its integrity.
    package let databaseSeconds: Double
    /// The most memory that this process has ever used, with what making the history took.
    package let peakRSSBytes: UInt64
    package let judgement: Judgement
  }

  /// What the checker says about a fault.
  package struct Answer: Sendable {
    package let fault: SeededFault
    /// Whether the history has the fault at all; if not, the load gave it no occasion.
    package let isPlanted: Bool
    package let judgement: Judgement
    /// What it says about the same history without the fault.
    package let soundJudgement: Judgement

    /// Whether the checker is right about both.
    package var isCaught: Bool {
      isPlanted && judgement.counts[fault.finding] != nil && soundJudgement.verdict == .valid
    }
  }

  private let seed: UInt64
  private let directory: String

  /// - Parameters:
  ///   - seed: decides everything that is random.
  ///   - directory: made for logs and databases, and removed at the end.
  package init(seed: UInt64, directory: String) {
    self.seed = seed
    self.directory = directory
  }

  /// Judges a history of about that many records without a fault.
  package func measure(
    records: Int, order: SimulatedLoad.Order
  ) throws -> Measurement {
    var load = SimulatedLoad(records: records, order: order)
    load.producers = 4
    load.consumers = 4
    load.batchSize = 4
    load.leaseDurationMs = 200
    load.stalledPerMille = 1
    load.forgottenPerMille = 1
    load.prefilledCount = min(1000, records / 100)
    return try inDirectory { directory in
      let (logs, tasks, _) = try leaveBehind(load, in: directory)
      let startNs = MonotonicClock.nowNs()
      let (checker, recordCount) = try read(logs, for: load)
      let readNs = MonotonicClock.nowNs()
      let state = try FinalState.read(databasePath: "\(directory)/queue.db")
      let stateNs = MonotonicClock.nowNs()
      let judgement = checker.judge(against: state)
      _ = checker.lifetimes(in: 0..<UInt64.max)
      let endNs = MonotonicClock.nowNs()
      return Measurement(
        records: recordCount, tasks: tasks, seconds: Double(endNs - startNs) / 1e9,
        readingSeconds: Double(readNs - startNs) / 1e9,
        databaseSeconds: Double(stateNs - readNs) / 1e9,
        peakRSSBytes: ResourceUsage.ofThisProcess().maxRssKiB * 1024, judgement: judgement)
    }
  }

  /// Plants a fault in a history of about that many records, and judges it with and without.
  package func tryOut(_ fault: SeededFault, records: Int) throws -> Answer {
    let load = SimulatedLoad(records: records, fault: fault)
    let (judgement, isPlanted) = try judge(load)
    let (soundJudgement, _) = try judge(load.withoutFault)
    return Answer(
      fault: fault, isPlanted: isPlanted, judgement: judgement, soundJudgement: soundJudgement)
  }

  private func judge(_ load: SimulatedLoad) throws -> (Judgement, hasFault: Bool) {
    try inDirectory { directory in
      let (logs, _, hasFault) = try leaveBehind(load, in: directory)
      let (checker, _) = try read(logs, for: load)
      let state = try FinalState.read(databasePath: "\(directory)/queue.db")
      return (checker.judge(against: state), hasFault)
    }
  }

  private func inDirectory<R>(_ body: (String) throws -> R) throws -> R {
    try makeDirectory(directory, withParents: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try body(directory)
  }

  private func read(
    _ logs: [String], for load: SimulatedLoad
  ) throws -> (HistoryChecker, recordCount: Int) {
    var checker = load.checker
    var count = 0
    for path in logs {
      count += try OperationLogReader(path: path).tail { records in
        for record in records { checker.add(record) }
      }
    }
    return (checker, count)
  }

  // MARK: Making a history

  /// Writes the logs and the database of a load.
  private func leaveBehind(
    _ load: SimulatedLoad, in directory: String
  ) throws -> (logs: [String], tasks: Int, hasFault: Bool) {
    let paths = (0..<load.producers + load.consumers).map { "\(directory)/\($0).log" }
    let logs = try paths.enumerated().map { index, path in
      SimulatedLog(
        try OperationLogWriter(
          path: path,
          header: OperationLogHeader(
            role: index < load.producers ? "producer" : "consumer", processIndex: UInt32(index),
            pid: ProcessInfo.processInfo.processIdentifier, createdNs: MonotonicClock.nowNs())))
    }
    var generator = SeededGenerator(seed: seed)
    let outcome = try Simulation.run(load, random: { generator.next() }) { actor, record in
      try logs[actor].writer.append(record)
    }
    try write(outcome.rows, load.order, to: "\(directory)/queue.db")
    return (paths, outcome.rows.count, outcome.hasFault)
  }

  private final class SimulatedLog {
    var writer: OperationLogWriter

    init(_ writer: consuming OperationLogWriter) { self.writer = writer }
  }

  private func write(
    _ rows: [SimulatedRow], _ order: SimulatedLoad.Order, to path: String
  ) throws {
    let strategy: ClaimStrategy =
      switch order {
      case .fifo: .fifo
      case .lifo: .lifo
      case .priority: .priority
      case .weightedRandom: .weightedRandom
      }
    // Makes the tables; its connection must not write rows, as its triggers are off.
    _ = try SQLiteQueueStore(
      path: path,
      options: SQLiteStoreOptions(
        checkpointPolicy: .auto(pages: 1000), strategies: [strategy], wakesWorkers: false))
    let connection = try Connection(
      path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 1000))
    try connection.execute(
      script: """
        PRAGMA synchronous = OFF;
        INSERT INTO task_lanes (lane, type, compatibility) VALUES (1, 'simulated', '{}');
        """)
    let insert = try connection.prepare(
      """
      INSERT INTO task_queue (id, type, payload, status, priority, attempts, run_after_utc,
        created_at_utc, lease_until_utc, lane)
      VALUES (?1, 'simulated', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
      """)
    let payload = TaskMix.payload(byteCount: 128)
    try connection.transaction(.immediate) { () throws(SQLiteError) in
      for row in rows {
        let runAfter = Timestamp(millisecondsSinceEpoch: row.runAfterMs).description
        insert.bind(row.id, at: 1)
        try insert.bind(payload, at: 2)
        try insert.bind(row.status, at: 3)
        insert.bind(Int64(row.priority), at: 4)
        insert.bind(Int64(row.attempts), at: 5)
        try insert.bind(runAfter, at: 6)
        try insert.bind(
          row.createdMs == row.runAfterMs
            ? runAfter : Timestamp(millisecondsSinceEpoch: row.createdMs).description, at: 7)
        try insert.bind(row.status == "processing" ? runAfter : nil, at: 8)
        if row.status == "queued" { insert.bind(1 as Int64, at: 9) } else { insert.bindNull(at: 9) }
        try insert.run()
      }
    }
  }
}
