internal import Foundation
internal import Platform
internal import QueueEngine
internal import Recording
internal import SQLite
internal import Scenarios
package import Statistics

/// Measures the engine against a C program that executes the same statements by hand.
///
/// Blocks of both run in turn, each in a process of its own on a fresh copy of the same database, and
/// which one goes first alternates: what the machine does meanwhile hits both alike. Each block gives a
/// ratio of medians per operation; the result is the median of the ratios with its interval.
package struct FloorComparison {
  /// What is compared.
  package struct Plan: Sendable {
    /// The values of `PRAGMA synchronous`.
    package var synchronous = ["NORMAL", "FULL"]
    /// Pairs of blocks for each of them.
    package var blocks = 31
    /// Counted operations of each kind in a block at `NORMAL`; `FULL` runs a fifth of them.
    package var operations = 3000
    /// Tasks per transaction.
    package var batch = 1
    package var payloadBytes = 256

    package init() {}
  }

  /// A line of the comparison.
  package struct Line: Sendable {
    package let synchronous: String
    /// `enqueue`, `claim` or `complete`.
    package let operation: String
    /// Medians over all blocks, in µs per transaction.
    package let engineUs: Double
    package let floorUs: Double
    /// Engine over floor: the median over the blocks, and its interval (nil below 6 blocks).
    package let ratio: Double
    package let interval: Interval?
  }

  /// What recording costs.
  package struct Recording: Sendable {
    /// Two clock readings and one appended record, in ns.
    package let nsPerOperation: Double
    /// As a share of the engine's median operation at NORMAL, by operation.
    package let shares: [(operation: String, share: Double)]
  }

  /// The outcome.
  package struct Report: Sendable {
    package let lines: [Line]
    package let recording: Recording?
  }

  private let plan: Plan
  private let executable: String
  private let floorExecutable: String
  private let directory: String

  /// - Parameters:
  ///   - plan: what is compared.
  ///   - executable: this program.
  ///   - floorExecutable: the C program.
  ///   - directory: for databases; made, and removed afterwards.
  package init(plan: Plan, executable: String, floorExecutable: String, directory: String) {
    self.plan = plan
    self.executable = executable
    self.floorExecutable = floorExecutable
    self.directory = directory
  }

  private static let operations = ["enqueue", "claim", "complete"]

  /// Runs all blocks; `onBlock` is told how many of how many are done.
  package func callAsFunction(onBlock: (Int, Int) -> Void) throws -> Report {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try writeStatements()
    let lane = try makeTemplate()

    var lines: [Line] = []
    var normal: [Line] = []
    let total = plan.synchronous.count * plan.blocks
    for (index, synchronous) in plan.synchronous.enumerated() {
      var pairs: [(engine: FloorSample, floor: FloorSample)] = []
      for block in 0..<plan.blocks {
        pairs.append(try runPair(synchronous, lane: lane, engineFirst: block % 2 == 0))
        onBlock(index * plan.blocks + block + 1, total)
      }
      let compared = compare(pairs, synchronous)
      if synchronous == "NORMAL" { normal = compared }
      lines += compared
    }
    return Report(lines: lines, recording: try recording(against: normal))
  }

  // MARK: Preparation

  private var templatePath: String { "\(directory)/template.db" }
  private var statementsPath: String { "\(directory)/statements" }

  private func writeStatements() throws {
    var bytes = Data()
    for (name, sql) in PlainStatements.all { bytes.append(Data("\(name)\0\(sql)\0".utf8)) }
    try bytes.write(to: URL(fileURLWithPath: statementsPath))
  }

  /// Makes the database that every block starts from; returns the lane of its tasks.
  private func makeTemplate() throws -> Int64 {
    let store = try SQLiteQueueStore(
      path: templatePath, options: SQLiteStoreOptions(wakesWorkers: false))
    // One task through its whole life makes the lane and warms nothing else.
    _ = try store.enqueue(NewTask(type: "task"), now: .now())
    guard
      let task = try store.claim(
        as: Claimant(workerID: "floor"), leaseDurationMs: 30_000, now: .now())
    else { throw FloorError("\(templatePath): the first task could not be claimed") }
    _ = try store.complete(task.fence, result: nil, now: .now())
    let lane = try store.connection.prepare("SELECT MAX(lane) FROM task_lanes")
    defer { lane.reset() }
    _ = try lane.step()
    return lane.int64(0)
  }

  // MARK: Blocks

  private func runPair(
    _ synchronous: String, lane: Int64, engineFirst: Bool
  ) throws -> (engine: FloorSample, floor: FloorSample) {
    let isFull = synchronous != "NORMAL" && synchronous != "OFF"
    let count = max(plan.batch, (isFull ? plan.operations / 5 : plan.operations))
    let operations = count / plan.batch * plan.batch
    let warmup = max(operations / 10 / plan.batch, 1) * plan.batch
    func block(_ name: String) throws -> FloorBlock {
      let path = "\(directory)/\(name).db"
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: path + suffix)
      }
      try FileManager.default.copyItem(atPath: templatePath, toPath: path)
      // With SQLite's own checkpoints on both sides: the floor has no others.
      var pragmas = SQLiteStoreOptions.safePragmas
      if let auto = PragmaSetting(.walAutocheckpoint, "1000") { pragmas.append(auto) }
      if let setting = PragmaSetting(.synchronous, synchronous) { pragmas.append(setting) }
      return FloorBlock(
        databasePath: path, outputPath: "\(directory)/\(name).out", pragmas: PragmaList(pragmas),
        operations: operations, warmup: warmup, batch: plan.batch,
        payloadBytes: plan.payloadBytes)
    }
    if engineFirst {
      let engine = try runEngine(block("engine"))
      return (engine, try runFloor(block("floor"), lane: lane))
    }
    let floor = try runFloor(block("floor"), lane: lane)
    return (try runEngine(block("engine")), floor)
  }

  private func runEngine(_ block: FloorBlock) throws -> FloorSample {
    let path = "\(directory)/engine.json"
    try JSONEncoder().encode(block).write(to: URL(fileURLWithPath: path))
    return try run(executable, [FloorProcess.argument, path], block)
  }

  private func runFloor(_ block: FloorBlock, lane: Int64) throws -> FloorSample {
    var arguments = [
      "--database", block.databasePath, "--statements", statementsPath, "--lane", "\(lane)",
      "--operations", "\(block.operations)", "--warmup", "\(block.warmup)", "--batch",
      "\(block.batch)", "--payload-bytes", "\(block.payloadBytes)", "--output", block.outputPath,
    ]
    for setting in block.pragmas.settings { arguments += ["--pragma", setting.description] }
    return try run(floorExecutable, arguments, block)
  }

  private func run(
    _ executable: String, _ arguments: [String], _ block: FloorBlock
  ) throws -> FloorSample {
    let child = try ChildProcess.spawn(
      ChildCommand(
        executable: executable, arguments: arguments,
        environment: ChildCommand.currentEnvironment(), standardOutput: .null))
    let status = child.wait()
    guard status.isSuccess else { throw FloorError("\(executable): \(status)") }
    return try FloorSample.read(from: block.outputPath)
  }

  // MARK: Evaluation

  private func compare(
    _ pairs: [(engine: FloorSample, floor: FloorSample)], _ synchronous: String
  ) -> [Line] {
    Self.operations.enumerated().compactMap { index, operation in
      let engine = pairs.compactMap { median(of: $0.engine.all[index].map { Double($0) / 1000 }) }
      let floor = pairs.compactMap { median(of: $0.floor.all[index].map { Double($0) / 1000 }) }
      let ratios = zip(engine, floor).map { $0 / $1 }
      guard let engineUs = median(of: engine), let floorUs = median(of: floor),
        let ratio = median(of: ratios)
      else { return nil }
      return Line(
        synchronous: synchronous, operation: operation, engineUs: engineUs, floorUs: floorUs,
        ratio: ratio, interval: orderStatisticInterval(of: ratios))
    }
  }

  private func recording(against lines: [Line]) throws -> Recording? {
    guard !lines.isEmpty else { return nil }
    let cost = try RecordingCost.measure(path: "\(directory)/recording.log", batches: 50)
    return Recording(
      nsPerOperation: cost.nsPerOperation,
      shares: lines.map {
        ($0.operation, cost.nsPerOperation / 1000 / ($0.engineUs / Double(plan.batch)))
      })
  }
}
