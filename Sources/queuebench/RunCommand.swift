internal import ArgumentParser
internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Reporting
internal import Results
internal import SQLite
internal import Scenarios

/// `queuebench run`
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a scenario and report what was measured.",
    discussion: """
      Results are written after each repeat to <results>/<run>/. Ctrl-C stops cleanly and keeps the \
      finished repeats; --resume goes on where a run stopped, with the seed, the repeats, the \
      --cell and the --quick that it began with. More --repeats may be added that way.
      """)

  @Argument(help: "The scenario's file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Option(help: "The directory that holds the runs.", completion: .directory)
  var results = "results"

  @Option(help: "The run's name; by default the scenario's name and the time.")
  var name: String?

  @Option(help: "Continue the run of that name: what it has measured is not measured again.")
  var resume: String?

  @Option(
    help: "Where the databases lie: on the disk to be measured. By default in the run's directory.",
    completion: .directory)
  var databases: String?

  @Option(help: "Overrides the scenario's number of repeats.")
  var repeats: Int?

  @Option(help: "Overrides the scenario's seed.")
  var seed: UInt64?

  @Option(help: "Only this cell (c01).")
  var cell: String?

  @Flag(help: "Shortens every phase to a glance; for trying a scenario out, not for results.")
  var quick = false

  @Flag(help: "Leaves the databases and operation logs of every repeat where they are.")
  var keepDatabases = false

  @Flag(help: "Does not run repeats again during which the machine was disturbed; only marks them.")
  var keepDisturbed = false

  @Flag(help: "Writes no report and draws no plots at the end.")
  var noPlots = false

  @Flag(help: "Measures although this program was not built for release.")
  var allowDebug = false

  func validate() throws {
    if let repeats, repeats < 1 { throw ValidationError("--repeats must be at least 1.") }
    if name != nil, resume != nil {
      throw ValidationError("--name names a new run and --resume an old one; give one of them.")
    }
  }

  func run() throws {
    try reportingErrors {
      guard Build.isRelease || allowDebug else {
        throw ValidationError(
          "This is a debug build, whose numbers mean nothing: build with -c release, or give "
            + "--allow-debug.")
      }
      let scenario = try adapted(Scenario.load(path: scenario))
      let interrupts = try InterruptMonitor()
      defer { interrupts.stop() }
      try perform(scenario, interrupts)
    }
  }

  /// The scenario as the options, or those of the run that goes on, change it.
  private func adapted(_ scenario: Scenario) throws -> Scenario {
    let begun = try resume.map { try RunSession.beginning(of: "\(results)/\($0)") }
    if let begun, let resume {
      if let seed, seed != begun.seed {
        throw InputError("--seed \(seed): \(resume) began with seed \(begun.seed); leave it out")
      }
      if quick, !begun.isQuick {
        throw InputError("--quick: \(resume) did not begin with it; leave it out")
      }
    }
    if let begun, let resume, let cell, cell != begun.cell {
      throw InputError("--cell \(cell): \(resume) did not begin with it; leave it out")
    }
    var scenario = scenario
    if let cell = begun?.cell ?? cell {
      guard let only = scenario.only(cell) else {
        throw InputError(
          "--cell \(cell): \(self.scenario) has the cells "
            + scenario.cells.map(\.id).joined(separator: ", "))
      }
      scenario = only
    }
    scenario = scenario.reseeded(begun?.seed ?? seed ?? scenario.seed)
    if begun?.isQuick ?? quick {
      scenario = scenario.shortened(
        measureMs: 300, warmupMs: 100, drainMs: 200, repeats: 1, maxDepth: 2000,
        maxPowerCuts: 20)
    }
    return scenario.shortened(repeats: repeats ?? begun?.repeats)
  }

  /// The command that continues a run as this one has begun it.
  private func resumeCommand(_ name: String) -> String {
    var words = ["queuebench", "run", scenario, "--results", results, "--resume", name]
    if let databases { words += ["--databases", databases] }
    if keepDatabases { words.append("--keep-databases") }
    if keepDisturbed { words.append("--keep-disturbed") }
    if noPlots { words.append("--no-plots") }
    if allowDebug { words.append("--allow-debug") }
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,")
    return words.map { word in
      !word.isEmpty && word.allSatisfy(plain.contains)
        ? word : "'\(word.replacing("'", with: #"'\''"#))'"
    }.joined(separator: " ")
  }

  private func perform(_ scenario: Scenario, _ interrupts: InterruptMonitor) throws {
    let session =
      try resume.map { try RunSession.resume("\(results)/\($0)", scenario: scenario) }
      ?? RunSession.begin(scenario, in: results, name: name, databases: databases ?? results)
    let console = RunConsole(scenario: scenario, directory: session.directory.path)
    console.begin(remaining: session.remaining)
    let orchestrator = Orchestrator(
      scenario: scenario, results: session.directory, run: session.name,
      executable: Build.executablePath,
      workDirectory: databases.map { "\($0)/\(session.name).databases" }
        ?? "\(session.directory.path)/databases",
      commit: session.commit, keepsDatabases: keepDatabases,
      repeatsDisturbed: !keepDisturbed, interrupts: interrupts,
      observer: console)
    let outcome = try orchestrator(skipping: session.done)
    try session.finish(outcome)
    let rows = try session.directory.rows().rows
    console.end(rows)
    if outcome == .interrupted {
      printError("interrupted; go on with: \(resumeCommand(session.name))")
      throw Outcome.interrupted.exitCode
    }
    let report = TargetReport(scenario: scenario, rows: rows)
    if !report.isEmpty { print("\n" + report.text) }
    if !noPlots {
      drawPlots(session.directory)
      writeReport(session.directory)
    }

    print(
      "Results: \(session.directory.path)/ (cells.csv, phases.csv, timeline.csv, manifest.json, …)")
    if let outcome = Outcome(of: rows) ?? Outcome(of: report) { throw outcome.exitCode }
  }

  /// Everything is stored by now: what goes wrong here costs pictures and nothing else.
  private func drawPlots(_ directory: RunDirectory) {
    do {
      let pictures = try RunPlots(directory).draw(explainsOmissions: false)
      print("Plots:   \(directory.plotsPath)/ (\(pictures.count) pictures)")
    } catch {
      printError("\(error) (queuebench plot \(directory.path))")
    }
  }

  private func writeReport(_ directory: RunDirectory) {
    do {
      print("Report:  \(try RunReport(directory).write())")
    } catch {
      printError("\(error) (queuebench report \(directory.path))")
    }
  }
}
