internal import ArgumentParser
internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Reporting
internal import Results
internal import SQLite
internal import Scenarios

/// `queuebench costs`
struct CostsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "costs",
    abstract: "Count what the operations of a scenario cost, and compare it with a baseline.",
    discussion: """
      Counted are VM steps, statements, WAL frames and fsyncs per task, and the query plans: no timing, so the \
      same on any machine, in a debug build and under load, as long as SQLite is the same. With --against, \
      anything that got dearer and any plan that has changed fails with 2; another SQLite, or a cell that only \
      one of the two has, is 5. A baseline holds the numbers of several builds of SQLite: --save adds those of \
      the one that runs, or replaces them. With both, the comparison comes first, and only what it finds no \
      fault with is saved: so gains are kept, and losses are not.
      """)

  @Argument(help: "The scenario's file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Option(
    help: "Writes the costs to this baseline; together with --against only if they are met.",
    completion: .file(extensions: ["json"]))
  var save: String?

  @Option(
    help: "Compares the costs with those of this baseline.", completion: .file(extensions: ["json"])
  )
  var against: String?

  @Flag(help: "Prints every statement with its plan, too.")
  var plans = false

  @OptionGroup var output: GateOutputOptions

  func validate() throws {
    if plans, against != nil {
      throw ValidationError(
        "--plans prints what is counted, --against what differs: give one of them.")
    }
  }

  func run() throws {
    try reportingErrors {
      let scenario = try Scenario.load(path: scenario)
      // Read before anything is counted or replaced.
      let baseline = try against.map { try read($0, of: scenario) }
      let saved = try save.map { path in
        CostBaseline.exists(at: path)
          ? try read(path, of: scenario) : CostBaseline(scenario: scenario.name)
      }
      let interrupts = try InterruptMonitor()
      defer { interrupts.stop() }
      let cells = try count(scenario, interrupts)
      for case (let label, .refused(let reason)) in cells.map({ ($0.label, $0.outcome) }) {
        printError("\(label): is not counted: \(reason)")
      }
      guard let baseline, let against else {
        try show(cells, of: scenario)
        if let save, let saved { try replace(saved, at: save, with: cells) }
        return
      }
      let report = CostReport(
        title: "costs \(self.scenario) against \(against)", cells: cells,
        build: CostProfiler.sqlite, baseline: baseline, path: against,
        saveCommand: "queuebench costs \(self.scenario) --save \(against)")
      let gate = report.gate
      if let save, gate.outcome != .met { printError("\(save): is left as it was") }
      try output.finish(with: gate)
      if let save, let saved { try replace(saved, at: save, with: cells) }
    }
  }

  /// The baseline at `path`, which must be there, and be of this scenario.
  private func read(_ path: String, of scenario: Scenario) throws -> CostBaseline {
    guard CostBaseline.exists(at: path) else {
      printError(
        "\(path): there is no baseline; make one from a commit that is known to be good: "
          + "queuebench costs \(self.scenario) --save \(path)")
      throw Outcome.inconclusive.exitCode
    }
    let baseline = try CostBaseline.read(from: path)
    guard baseline.scenario == scenario.name else {
      throw InputError(
        "\(path): scenario: holds the costs of \"\(baseline.scenario)\", not of \"\(scenario.name)\"; "
          + "give its own file to each scenario")
    }
    return baseline
  }

  private func count(
    _ scenario: Scenario, _ interrupts: InterruptMonitor
  ) throws -> [CostReport.Cell] {
    let directory = "\(FileManager.default.temporaryDirectory.path)/queuebench-costs-\(getpid())"
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let profiler = CostProfiler(directory: directory, seed: scenario.seed)
    return try scenario.cells.map { cell in
      let label = cell.summary.isEmpty ? cell.id : cell.summary
      if let refusal = cell.refusal {
        return CostReport.Cell(label: label, outcome: .refused(refusal))
      }
      do {
        let profile = try profiler.profile(
          of: cell.settings, isCancelled: { interrupts.isInterrupted })
        return CostReport.Cell(label: label, outcome: .counted(profile))
      } catch is CancellationError {
        printError("interrupted; nothing is saved or compared")
        throw Outcome.interrupted.exitCode
      } catch let failure as CostProfiler.Failure {
        return CostReport.Cell(label: label, outcome: .failed("\(failure)"))
      }
    }
  }

  /// Prints what was counted; fails if a cell could not be.
  private func show(_ cells: [CostReport.Cell], of scenario: Scenario) throws {
    let rows = zip(scenario.cells, cells).compactMap { cell, counted in
      counted.profile.map {
        CostTable.Row(cell: cell.id, axes: cell.axisValues.map(\.label), profile: $0)
      }
    }
    print(CostTable(axisNames: scenario.axisNames, rows: rows).text(), terminator: "")
    if plans {
      for cell in cells {
        if let profile = cell.profile { print("\n\(cell.label)\n\(profile.text)", terminator: "") }
      }
    }
    try failIfNotCounted(cells)
  }

  private func replace(
    _ baseline: CostBaseline, at path: String, with cells: [CostReport.Cell]
  ) throws {
    try failIfNotCounted(cells)
    var baseline = baseline
    var profiles: [String: CostProfile] = [:]
    for cell in cells { profiles[cell.label] = cell.profile }
    baseline.replace(profiles, of: CostProfiler.sqlite)
    try baseline.write(to: path)
    printError(
      "\(path): holds \(profiles.count) cells for SQLite \(CostProfiler.sqlite.version) now")
  }

  private func failIfNotCounted(_ cells: [CostReport.Cell]) throws {
    var hasFailed = false
    for case (let label, .failed(let reason)) in cells.map({ ($0.label, $0.outcome) }) {
      printError("\(label): cannot be counted: \(reason)")
      hasFailed = true
    }
    if hasFailed { throw Outcome.cellFailed.exitCode }
  }
}
