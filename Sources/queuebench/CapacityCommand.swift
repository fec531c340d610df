internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Reporting
internal import Results
internal import Scenarios

/// `queuebench capacity`
struct CapacityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capacity",
    abstract: "Find the highest rate that a queue sustains under an objective, and what limits it.",
    discussion: """
      Probes the settings of a scenario's baseline cell (or --cell) with random arrivals at one rate \
      after the other, each on a fresh database. A probe passes if the objective holds, 99 % of what \
      was due is enqueued in time and the backlog does not grow. The answer is confirmed: 5 of 5 pass \
      at the rate, and at least 4 of 5 fail a quarter above it, each the majority of up to seven fresh \
      probes. Where probes differ a lot, that is tried up to a tenth below it and two fifths above it. \
      The interval is that of the minutes of the search. --times shows what other minutes say, and with \
      --in-turn what chance alone does to the answer.

      --scale processes measures how closed-loop throughput depends on the number of processes, \
      instead of a capacity, or beside it if --slo is given.

      Exit codes: 0 found and confirmed; 2 the objective cannot be met, or --times spread too far; \
      5 inconclusive: not confirmed, out of time, or the objective still holds at the highest rate \
      that can be offered.
      """)

  enum Scale: String, ExpressibleByArgument, CaseIterable { case processes }

  @Argument(help: "The scenario's file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Option(
    help:
      "What has to hold, such as 'claim.p99 < 10ms, busy_error_rate < 1%'; by default the targets.")
  var slo: String?

  @Option(help: "The cell whose settings are used; by default the baseline.")
  var cell: String?

  @Option(help: "Repeats the whole search so often and prints how far the answers differ.")
  var times = 1

  @Flag(
    help:
      "Has the searches of --times take turns, probe by probe, so that all see the same minutes.")
  var inTurn = false

  @Option(help: "The most that --times may differ: (max − min) / median.")
  var mostSpread = "10%"

  @Option(help: "How long it may take at most, such as 5m or 90s.")
  var budget: TimeSpan?

  @Option(
    help:
      "How long a probe measures at least, such as 3s; much shorter ones miss what checkpoints cost."
  )
  var probe = TimeSpan(ms: 3000)

  @Option(help: "Varies this in a closed loop and fits the scalability law.")
  var scale: Scale?

  @Option(help: "The numbers of processes for --scale, half of them producers.")
  var processes = "2,4,8,16"

  @Option(help: "How often --scale measures each number of processes.")
  var repeats = 8

  @Option(help: "Overrides the scenario's seed.")
  var seed: UInt64?

  @Option(help: "The directory that holds the runs.", completion: .directory)
  var results = "results"

  @Option(help: "The run's name; by default capacity, the scenario's name and the time.")
  var name: String?

  @Option(
    help: "Where the databases lie: on the disk to be measured. By default in the run's directory.",
    completion: .directory)
  var databases: String?

  @Flag(help: "Counts probes during which the machine was disturbed.")
  var keepDisturbed = false

  @Flag(help: "Draws no plots.")
  var noPlots = false

  @Flag(help: "Measures although this program was not built for release.")
  var allowDebug = false

  func validate() throws {
    guard times >= 1, times <= 100 else { throw ValidationError("--times must be 1 to 100.") }
    guard repeats >= 1, repeats <= 100 else { throw ValidationError("--repeats must be 1 to 100.") }
    if scale != nil, slo == nil, times > 1 {
      throw ValidationError("--times repeats a search: give its --slo beside --scale.")
    }
    _ = try probeMs()
    _ = try budgetSeconds()
    _ = try spreadLimit()
    _ = try processCounts()
  }

  func run() throws {
    try reportingErrors {
      guard Build.isRelease || allowDebug else {
        throw ValidationError(
          "This is a debug build, whose numbers mean nothing: build with -c release, or give "
            + "--allow-debug.")
      }
      var scenario = try Scenario.load(path: scenario)
      scenario = scenario.reseeded(seed ?? scenario.seed)
      let cell = try chosenCell(scenario)
      let objectives = try self.objectives(scenario, cell)
      let plan = try checkedPlan(searches: searches)
      let interrupts = try InterruptMonitor()
      defer { interrupts.stop() }
      try perform(scenario, cell, objectives, plan, interrupts)
    }
  }

  /// How many searches there are to be.
  private var searches: Int { scale != nil && slo == nil ? 0 : times }

  // MARK: Options

  private func chosenCell(_ scenario: Scenario) throws -> Cell {
    let chosen: Cell
    if let cell {
      guard let found = scenario.cells.first(where: { $0.id == cell }) else {
        throw InputError(
          "--cell \(cell): the scenario has the cells \(scenario.cells.map(\.id).joined(separator: ", "))"
        )
      }
      chosen = found
    } else {
      chosen = scenario.baselineCell
    }
    if let refusal = chosen.refusal { throw InputError("\(chosen.id): \(refusal)") }
    guard chosen.settings.producers > 0 else {
      throw InputError("\(chosen.id): nobody offers tasks (producers: 0)")
    }
    guard chosen.settings.instrumentation else {
      throw InputError("\(chosen.id): measures nothing (instrumentation: off)")
    }
    return chosen
  }

  private func objectives(_ scenario: Scenario, _ cell: Cell) throws -> CapacityObjectives {
    let targets: [Target]
    if searches == 0 {
      targets = []
    } else if let slo {
      targets = try Self.parse(slo)
    } else {
      targets = scenario.targets.filter { $0.applies(to: cell) }
      guard !targets.isEmpty else {
        throw ValidationError(
          "\(scenario.file) has no targets for \(cell.id): give --slo, such as 'claim.p99 < 10ms'.")
      }
    }
    do {
      return try CapacityObjectives(targets, settings: cell.settings)
    } catch {
      guard slo == nil else { throw ValidationError("--slo: \(error)") }
      throw InputError("\(scenario.file): \(error)")
    }
  }

  private static func parse(_ text: String) throws -> [Target] {
    do {
      return try TargetList.parse(text)
    } catch {
      throw ValidationError("--slo: \(error)")
    }
  }

  private func checkedPlan(searches: Int) throws -> CapacityExperiment.Plan {
    var plan = CapacityExperiment.Plan()
    plan.probeMs = try probeMs()
    // Short probes are for trying things out; then the rest is short as well.
    plan.warmupMs = min(plan.warmupMs, plan.probeMs)
    plan.longestProbeMs = max(plan.probeMs, min(plan.longestProbeMs, 20 * plan.probeMs))
    plan.searches = searches
    plan.searchesTakeTurns = inTurn
    plan.keepsDisturbed = keepDisturbed
    plan.budgetSeconds = try budgetSeconds()
    if scale != nil {
      plan.scaleSeconds = plan.scaleSeconds(
        repeats: repeats, counts: try processCounts().count)
    }
    if let budget = plan.budgetSeconds {
      let needed = (searches > 0 ? plan.leastSeconds : 0) + plan.scaleSeconds
      if budget < needed {
        throw ValidationError(
          "--budget \(self.budget?.description ?? ""): too small for any conclusion, which takes at least "
            + "\(Int(needed.rounded(.up))) s.")
      }
    }
    return plan
  }

  private func probeMs() throws -> Int {
    // Whether the backlog grows takes two looks at it, a tenth of a second apart.
    guard (200...60_000).contains(probe.ms) else {
      throw ValidationError("--probe must be 200ms to 60s.")
    }
    return probe.ms
  }

  private func budgetSeconds() throws -> Double? {
    guard budget?.ms != 0 else { throw ValidationError("--budget must not be 0.") }
    return budget.map { Double($0.ms) / 1000 }
  }

  private func spreadLimit() throws -> Double {
    guard mostSpread.hasSuffix("%"), let percent = Double(mostSpread.dropLast()), percent >= 0
    else { throw ValidationError("--most-spread must be a share such as 10%.") }
    return percent / 100
  }

  private func processCounts() throws -> [Int] {
    let counts = processes.split(separator: ",", omittingEmptySubsequences: false)
      .map { Int($0.trimmingCharacters(in: .whitespaces)) }
    let numbers = counts.compactMap { $0 }
    guard numbers.count == counts.count, Set(numbers).count == numbers.count, numbers.count >= 3,
      numbers.allSatisfy({ (2...256).contains($0) && $0.isMultiple(of: 2) })
    else {
      throw ValidationError(
        "--processes must be at least three different even numbers from 2 to 256, such as 2,4,8.")
    }
    return numbers
  }

  // MARK: Run

  private func perform(
    _ scenario: Scenario, _ cell: Cell, _ objectives: CapacityObjectives,
    _ plan: CapacityExperiment.Plan, _ interrupts: InterruptMonitor
  ) throws {
    let session = try RunSession.begin(
      scenario, in: results, name: name, databases: databases ?? results,
      experiment: .init(
        name: "capacity", axisNames: ["rate"] + (scale == nil ? [] : ["processes"])))
    let work =
      databases.map { "\($0)/\(session.name).databases" } ?? "\(session.directory.path)/databases"
    let runner = try BlockRunner(
      executable: Build.executablePath, directory: work,
      times: PhaseTimes(warmupMs: plan.warmupMs, measureMs: plan.probeMs, drainMs: plan.drainMs),
      seed: scenario.seed, interrupts: interrupts, run: session.name, commit: session.commit)
    let series = try BlockSeries(runner: runner, probing: work, seed: scenario.seed)
    announce(scenario, cell, objectives, session.directory.path)

    let experiment = CapacityExperiment(
      record: CapacityRecord(
        scenario: scenario.name, cell: cell.id, objectives: objectives.targets.map(\.text),
        latency: objectives.latency),
      settings: cell.settings, objectives: objectives, plan: plan,
      hasProcessesAxis: scale != nil,
      measure: { cells, times in try series.measure(cells, times: times) },
      store: { findings, cell in try session.directory.store(findings, of: cell) },
      save: { record in try session.directory.write(record) },
      onEvent: Self.show)
    var end = CapacityExperiment.End.finished
    let cores = MachineFacts.current()
    if searches > 0 {
      end = try experiment(cores: Double(cores.coresUsable ?? cores.coresOnline))
    }
    if scale != nil, end == .finished {
      end = try experiment.scale(
        processes: try processCounts(), repeats: repeats, seed: scenario.seed)
    }
    if end == .finished { try session.finish(.finished) }
    try report(experiment.record, end, session)
  }

  private func announce(
    _ scenario: Scenario, _ cell: Cell, _ objectives: CapacityObjectives, _ path: String
  ) {
    print("\(scenario.name): \(scenario.question)")
    let settings = cell.settings
    let summary = cell.summary.isEmpty ? "" : " \(cell.summary)"
    print(
      "\(cell.id)\(summary): \(settings.producers) producers, \(settings.consumers) consumers → "
        + "\(path)/")
    if !objectives.targets.isEmpty {
      print("objective: \(objectives.targets.map(\.text).joined(separator: ", "))")
    }
  }

  private static func show(_ event: CapacityExperiment.Event) {
    switch event {
    case .peak(let peak, let enqueued):
      print("closed loop: \(Int(peak.rounded())) tasks/s")
      // Not a contradiction if a rate above this is sustained.
      if let enqueued, enqueued > 1.1 * peak {
        print(
          "  while producers enqueue \(Int(enqueued.rounded())) tasks/s: they never pause, and take the "
            + "write lock from the consumers; at a rate the queue may finish more")
      }
    case .probed(let probe):
      let verdict = probe.passed ? "passes" : "fails: \(probe.violations.joined(separator: "; "))"
      print(
        "  \(probe.purpose.rawValue)  \(probe.cell) r\(probe.repeatNumber)  \(probe.rateText)/s  \(verdict)"
      )
    case .void(let reason): print("  void: \(reason)")
    case .searched(let record): print(record.text, terminator: "")
    }
  }

  private func report(
    _ record: CapacityRecord, _ end: CapacityExperiment.End, _ session: RunSession
  ) throws {
    print(
      "\n"
        + record.text(
          width: Terminal.columns(of: 1, environment: ProcessInfo.processInfo.environment)),
      terminator: "")
    if !noPlots { drawPlots(session.directory) }
    print("Results: \(session.directory.path)/ (capacity.json, cells.csv, timeline.csv, …)")
    switch end {
    case .finished: break
    case .interrupted:
      printError("interrupted; what was measured is kept")
      throw Outcome.interrupted.exitCode
    case .outOfTime, .budgetTooSmall, .tooFewSamples:
      printError("inconclusive: \(end.reason ?? "")")
      throw Outcome.inconclusive.exitCode
    case .failed(let detail):
      printError("a probe could not run: \(detail)")
      throw Outcome.cellFailed.exitCode
    case .invalid(let detail):
      printError("the history of a probe is INVALID: \(detail)")
      throw Outcome.historyInvalid.exitCode
    }
    if record.searches.contains(where: { $0.outcome == .impossible }) {
      throw Outcome.targetMissed.exitCode
    }
    if let spread = record.spread, spread > (try spreadLimit()) {
      throw Outcome.targetMissed.exitCode
    }
    if record.searches.contains(where: { $0.outcome != .confirmed }) {
      throw Outcome.inconclusive.exitCode
    }
  }

  private func drawPlots(_ directory: RunDirectory) {
    do {
      let plots = try CapacityPlots(RunRecord(reading: directory))
      let pictures = try Gnuplot().draw(plots.plots, in: directory.plotsPath)
      print("Plots:   \(pictures.joined(separator: ", "))")
    } catch {
      printError("\(error)")
    }
  }
}

extension CapacityProbe {
  fileprivate var rateText: String {
    rate == rate.rounded() ? String(Int(rate)) : String(format: "%g", rate)
  }
}
