internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Reporting
internal import Results
internal import SQLite
internal import Scenarios

/// `queuebench tune`
struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune", abstract: "Find the settings for a load that a durability class allows.",
    discussion: """
      The load is that of the scenario's baseline cell. Its axes, if it has any, are what is searched; else \
      everything that matters and that the class allows. Candidates are screened by successive halving, the \
      best race on common blocks, and the best three and the default are measured again on fresh blocks, \
      which alone decide, after each of them has stood some hundred power cuts on paper. Then each change is taken back, and what made no difference is left out.

      Everything is stored in <results>/tune-<scenario>-<time>/ as it is measured, with tune.json, \
      recommendation.md and plots. Ctrl-C keeps it and prints the best so far.

      Exit codes: 0 fine, 3 if the default cannot be measured, 4 if tasks were lost under a configuration \
      (whatever the answer), 5 if the answer is unconfirmed, 64 if the budget is too small for any \
      conclusion, 65 for a scenario that cannot be tuned, 130 interrupted.
      """)

  @Argument(help: "The scenario's file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Option(
    help: ArgumentHelp(
      "What must survive: process (crashes of processes; a power cut may lose the latest commits) or power.",
      valueName: "class"))
  var durability: DurabilityWord

  @Option(
    name: .customLong("for"),
    help: "What to optimise: p99 (of the slowest kind of operation) or throughput.")
  var objective: TuningObjective

  @Option(help: "How long it may take: 90s, 10m, 1h.")
  var budget = TimeBudget(seconds: 600)

  @Option(help: "The directory that holds the runs.", completion: .directory)
  var results = "results"

  @Option(help: "The run's name; by default tune, the scenario's name and the time.")
  var name: String?

  @Option(
    help: "Where the databases lie: on the disk to be measured. By default in the run's directory.",
    completion: .directory)
  var databases: String?

  @Option(help: "Overrides the scenario's seed.")
  var seed: UInt64?

  @Option(help: "Power cuts, on paper, that who is to be confirmed must stand; 0 for none.")
  var powerCuts = 300

  @Flag(help: "Lets blocks count during which the machine was disturbed.")
  var keepDisturbed = false

  @Flag(help: "Draws no plots at the end.")
  var noPlots = false

  @Flag(help: "Measures although this program was not built for release.")
  var allowDebug = false

  func run() throws {
    try reportingErrors {
      guard Build.isRelease || allowDebug else {
        throw ValidationError(
          "This is a debug build, whose numbers mean nothing: build with -c release, or give "
            + "--allow-debug.")
      }
      var scenario = try Scenario.load(path: scenario)
      if let seed { scenario = scenario.reseeded(seed) }
      let session = try TuneSession(
        scenario, durability: durability.durability, objective: objective, budget: budget)
      if let missing = session.missingBudget {
        throw ValidationError(
          "--budget \(TimeBudget.text(budget.seconds)) is too small for any conclusion on "
            + "\(session.space.configurations.count) configurations of \(scenario.name): at least "
            + "\(TimeBudget.text(missing.seconds)) is needed.")
      }
      let interrupts = try InterruptMonitor()
      defer { interrupts.stop() }
      announce(session)
      do {
        let (record, directory) = try session.run(
          results: results, name: name, databases: databases, keepsDisturbed: keepDisturbed,
          powerCuts: powerCuts, interrupts: interrupts, onEvent: TuneConsole(session.space).show)
        try finish(record, directory)
      } catch let failure as TuningRun.Failure where failure.isInvalid {
        printError("\(failure)")
        throw Outcome.historyInvalid.exitCode
      }
    }
  }

  private func announce(_ session: TuneSession) {
    let space = session.space
    print("\(session.scenario.name): \(session.scenario.question)")
    print("durability \(durability.rawValue): \(durability.durability.promise)")
    print(
      "\(space.configurations.count) configurations of \(space.axisNames.joined(separator: ", ")); "
        + "left out: \(space.forbidden.count) outside of the class or impossible, "
        + "\(space.duplicates.count) that are the same as others")
    var reasons: [String: Int] = [:]
    for omission in space.forbidden { reasons[omission.reason, default: 0] += 1 }
    for (reason, count) in reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      print("  left out: \(reason) (\(count))")
    }
    for note in space.notes { print("  \(note)") }
    print("default: \(space.standard.cell.summary)")
  }

  private func finish(_ record: TuningRecord, _ directory: RunDirectory) throws {
    let report = TuningReport(record)
    let environment = ProcessInfo.processInfo.environment
    print(
      "\n"
        + report.text(
          width: Terminal.columns(of: 1, environment: environment),
          colours: Terminal.wantsColour(1, environment: environment)), terminator: "")
    var pictures: [String] = []
    if !noPlots {
      do {
        pictures = try RunPlots(directory).draw(explainsOmissions: false)
          .filter { $0.hasSuffix("/pareto.svg") }
      } catch {
        printError("\(error) (queuebench plot \(directory.path))")
      }
    }
    let path = "\(directory.path)/recommendation.md"
    do {
      try Data(report.markdown(pictures: pictures.map { _ in "plots/pareto.svg" }).utf8)
        .write(to: URL(fileURLWithPath: path))
    } catch {
      throw SystemError(
        operation: "write", subject: path, code: Int32((error as NSError).code))
    }
    print("Results: \(directory.path)/ (tune.json, recommendation.md, cells.csv, …)")
    if record.isInterrupted { throw Outcome.interrupted.exitCode }
    if !record.invalid.isEmpty { throw Outcome.historyInvalid.exitCode }
    if record.recommendation?.isConfirmed != true { throw Outcome.inconclusive.exitCode }
  }
}

/// Says how a tuner goes on, a line for each block.
struct TuneConsole {
  private let space: TuningSpace

  init(_ space: TuningSpace) { self.space = space }

  func show(_ event: TuningRun.Event) {
    switch event {
    case .stageBegan(let stage, let count):
      print("\(stage): \(count) configuration\(count == 1 ? "" : "s") in the first block")
    case .blockEnded(let block, let seconds, let best):
      let time = String(format: "%5.0f s", seconds)
      if let disturbance = block.disturbance {
        print("\(time)  block \(block.number) is void: \(disturbance)")
      } else {
        print(
          "\(time)  block \(block.number), \(block.cells.count) run\(block.cells.count == 1 ? "" : "s"); "
            + "best so far: \(best ?? "–")")
      }
    case .dropped(let drop):
      let words = space.configurations.first { $0.cell.id == drop.cell }?.cell.summary ?? ""
      print("         out: \(drop.cell) \(words): \(drop.reason)")
    }
  }
}
