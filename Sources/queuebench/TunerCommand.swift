internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Reporting
internal import Results
internal import SQLite
internal import Scenarios
internal import Statistics

/// `queuebench tuner`
struct TunerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tuner",
    abstract: "Hold the tuner against measuring everything: is it as good, and how much sooner?",
    discussion: """
      For each scenario, every configuration of its axes is measured with all repeats; then the tuner gets a \
      fifth of that time for the same space. What it found and the three that the full matrix says are best \
      are measured again on fresh blocks. Fails with 2 if the tuner's choice is worse than any of them by more \
      than the margin or if it took longer, with 4 if tasks were lost, and with 5 if the interval holds the \
      margin. What was found of a scenario is printed at once, and stored as tuner.md in the run's directory.

      Without scenarios: scenarios/tune-default.yaml, tune-claims.yaml, tune-enqueues.yaml and \
      tune-payloads.yaml.
      """)

  @Argument(
    help: "The scenarios, whose axes are the spaces.", completion: .file(extensions: ["yaml"]))
  var scenarios: [String] = ["default", "claims", "enqueues", "payloads"].map {
    "scenarios/tune-\($0).yaml"
  }

  @Option(help: "The durability class: process or power.")
  var durability = DurabilityWord.process

  @Option(name: .customLong("for"), help: "What to optimise: p99 or throughput.")
  var objective = TuningObjective.throughput

  @Option(help: "Overrides the scenarios' repeats of each configuration in the full matrix.")
  var repeats: Int?

  @Option(help: "The share of the full matrix' time that the tuner gets: one of so many parts.")
  var part = 5.0

  @Option(help: "Fresh blocks in which both are measured again.")
  var blocks = 150

  @Option(help: "How much worse the tuner's choice may be, in percent.")
  var margin = 5.0

  @Option(help: "The directory that holds the runs.", completion: .directory)
  var results = "results"

  @Option(
    help: "Where the databases lie. By default in the directories of the runs.",
    completion: .directory)
  var databases: String?

  @Flag(help: "Lets blocks count during which the machine was disturbed.")
  var keepDisturbed = false

  @Flag(help: "Measures although this program was not built for release.")
  var allowDebug = false

  func validate() throws {
    guard repeats ?? 1 >= 1, part > 1, (10...1000).contains(blocks), margin > 0 else {
      throw ValidationError(
        "--repeats must be at least 1, --part more than 1, --blocks from 10 to 1000 and --margin positive."
      )
    }
  }

  func run() throws {
    try reportingErrors {
      guard Build.isRelease || allowDebug else {
        throw ValidationError(
          "This is a debug build, whose numbers mean nothing: build with -c release, or give "
            + "--allow-debug.")
      }
      // All are looked at before the first runs for minutes.
      let sessions = try scenarios.map { path in
        try session(Scenario.load(path: path).shortened(repeats: repeats))
      }
      let interrupts = try InterruptMonitor()
      defer { interrupts.stop() }
      var findings: [GateReport.Finding] = []
      var invalid: [String] = []
      do {
        for session in sessions {
          let result = try tryOut(session, interrupts)
          findings += result.findings
          invalid += result.invalid
        }
      } catch is CancellationError {
        printError("interrupted; what was measured is in \(results)/")
        try finish(findings, invalid, overruledBy: .interrupted)
      } catch {
        // What the scenarios before said stands.
        if !findings.isEmpty { try? finish(findings, invalid, overruledBy: .cellFailed) }
        throw error
      }
      try finish(findings, invalid, overruledBy: invalid.isEmpty ? nil : .historyInvalid)
    }
  }

  private func report(_ findings: [GateReport.Finding], _ invalid: [String]) -> GateReport {
    GateReport(
      title: "tuner: durability \(durability.rawValue), for \(objective.rawValue)",
      warnings: invalid.map { "INVALID: \($0)" }, findings: findings)
  }

  private func finish(
    _ findings: [GateReport.Finding], _ invalid: [String], overruledBy overrule: Outcome?
  ) throws {
    print()
    try GateOutputOptions.parse([]).finish(
      with: report(findings, invalid), overruledBy: overrule)
  }

  /// A session whose budget is what the full matrix is expected to allow; the real one is known later.
  private func session(_ scenario: Scenario) throws -> TuneSession {
    func session(_ seconds: Double) throws -> TuneSession {
      try TuneSession(
        scenario, durability: durability.durability, objective: objective,
        budget: TimeBudget(seconds: seconds))
    }
    let space = try session(1)
    let runs = Double(space.space.configurations.count * scenario.repeats)
    let expected = try session(runs * space.plan.secondsPerRun / part)
    if let missing = expected.missingBudget {
      throw ValidationError(
        "\(scenario.file): one of \(part) parts of \(scenario.repeats) repeats is about "
          + "\(TimeBudget.text(expected.plan.budgetSeconds)), but a tuner needs "
          + "\(TimeBudget.text(missing.seconds)): more --repeats are needed.")
    }
    return expected
  }

  /// Measures everything, tunes, and compares.
  private func tryOut(
    _ session: TuneSession, _ interrupts: InterruptMonitor
  ) throws -> (findings: [GateReport.Finding], invalid: [String]) {
    let (scenario, space) = (session.scenario, session.space)
    func words(_ index: Int) -> String { space.configurations[index].cell.summary }
    let runs = space.configurations.count * scenario.repeats
    print(
      "\(scenario.name): \(space.configurations.count) configurations × \(scenario.repeats) = \(runs) runs, "
        + "about \(TimeBudget.text(Double(runs) * session.plan.secondsPerRun))")
    let run = try RunSession.begin(
      scenario, in: results, name: nil, databases: databases ?? results,
      experiment: .init(name: "tuner", axisNames: space.axisNames))
    var manifest = try run.directory.manifest()
    manifest.baselineCell = space.standard.cell.id
    try run.directory.write(manifest)
    let runner = try BlockRunner(
      executable: Build.executablePath,
      directory: databases.map { "\($0)/\(run.name).databases" }
        ?? "\(run.directory.path)/databases",
      times: TuneSession.times(of: scenario), seed: scenario.seed, interrupts: interrupts,
      run: run.name, commit: run.commit)
    let series = try BlockSeries(
      runner: runner, probing: databases ?? run.directory.path, seed: scenario.seed)
    let retries = keepDisturbed ? 0 : 2
    let trial = TunerTrial(
      space: space, objective: objective, seed: scenario.seed,
      measure: { try series.measureUndisturbed($0, retries: retries) },
      store: { try run.directory.store($0, of: $1) })
    let factorial = try trial.factorial(repeats: scenario.repeats) { pass in
      print("  pass \(pass) of \(scenario.repeats)")
    }
    print(
      String(
        format: "  everything: %d runs in %.0f s; best %@", runs, factorial.seconds,
        words(factorial.best[0])))
    for other in factorial.best.dropFirst() { print("    nearly as good: \(words(other))") }
    for (configuration, reason) in factorial.omitted {
      print("    not judged: \(words(configuration)): \(reason)")
    }
    if trial.disturbedBlocks > 0 {
      print("    \(trial.disturbedBlocks) blocks count although the machine was disturbed")
    }
    // A little less, for what a last block takes longer than planned.
    let budget = TimeBudget(seconds: 0.95 * factorial.seconds / part)
    let tuning = try TuneSession(
      // Other blocks than those of the matrix.
      scenario.reseeded(scenario.seed &+ 1), durability: durability.durability,
      objective: objective, budget: budget
    ).run(
      results: results, name: nil, databases: databases, keepsDisturbed: keepDisturbed,
      interrupts: interrupts, onEvent: { _ in })
    guard !tuning.record.isInterrupted else { throw CancellationError() }
    let report = TuningReport(tuning.record)
    try Data(report.markdown(pictures: []).utf8).write(
      to: URL(fileURLWithPath: "\(tuning.directory.path)/recommendation.md"))
    let choice =
      space.configurations.firstIndex { $0.cell.id == tuning.record.recommendation?.cell }
      ?? space.search.standard
    print(
      String(
        format: "  tuner: %.0f s, 1/%.1f of that; chose %@%@", tuning.record.elapsedSeconds,
        factorial.seconds / tuning.record.elapsedSeconds, words(choice),
        tuning.record.recommendation?.isConfirmed == true ? "" : " (unconfirmed)"))
    let comparison = try trial.compare(choice: choice, best: factorial.best, blocks: blocks)
    let findings = findings(
      scenario, comparison, factorial: factorial, tunerSeconds: tuning.record.elapsedSeconds)
    for finding in findings {
      print("  \(finding.outcome.rawValue): \(finding.expectation): \(finding.measured)")
    }
    let lost = trial.invalid + tuning.record.invalid.map { "\($0.cell): \($0.reason)" }
    try Data(self.report(findings, lost).markdown.utf8).write(
      to: URL(fileURLWithPath: "\(run.directory.path)/tuner.md"))
    try run.finish(.finished)
    return (findings, lost)
  }

  private func findings(
    _ scenario: Scenario, _ comparison: TunerTrial.Comparison, factorial: TunerTrial.Factorial,
    tunerSeconds: Double
  ) -> [GateReport.Finding] {
    func finding(_ expectation: String, _ verdict: TunerVerdict) -> GateReport.Finding {
      GateReport.Finding(
        place: scenario.name, expectation: expectation, measured: verdict.measured,
        outcome: GateReport.Outcome(verdict.outcome), explanation: verdict.explanation)
    }
    return [
      finding(
        String(format: "at most %g %% worse than the best", margin),
        TunerVerdict(
          quality: comparison, margin: margin / 100,
          what: objective == .p99 ? "p99" : "time per task")),
      finding(
        String(format: "in at most 1/%g of the time", part),
        TunerVerdict(speed: tunerSeconds, of: factorial, part: part)),
    ]
  }
}

extension GateReport.Outcome {
  fileprivate init(_ outcome: TunerVerdict.Outcome) {
    switch outcome {
    case .met: self = .met
    case .missed: self = .missed
    case .inconclusive: self = .inconclusive
    }
  }
}
