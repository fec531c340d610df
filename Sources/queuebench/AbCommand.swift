internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Reporting
internal import Results
internal import Scenarios
internal import Verification

/// `queuebench ab`
struct AbCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ab",
    abstract: "Compare two builds, or two settings of one, block by block on one machine.",
    discussion: """
      Runs base and head in turn, in short blocks of random order, each pair with the same tasks at the same \
      times, and decides after every block: fails (2) as soon as something is worse by more than the margin, \
      passes as soon as nothing is, and ends with 5 if the budget is used up before. The rates of errors \
      hold although it looks after every block. Before, what operations cost is counted on both sides (VM \
      steps, statements, WAL frames, fsyncs, query plans): with equal settings, anything dearer fails at once.

        queuebench ab scenarios/ab.yaml --base ../before/queuebench
        queuebench ab scenarios/ab.yaml --head-set synchronous=FULL --margin 10%

      A command with arguments is split by /bin/sh; it must hand standard input and output through \
      (docker run -i …), and see the directory of --databases under the same path.
      """)

  @Argument(help: "The scenario's file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Option(
    help: ArgumentHelp("The program that was; by default this one.", valueName: "command"))
  var base: String?

  @Option(help: ArgumentHelp("The program that is; by default this one.", valueName: "command"))
  var head: String?

  @Option(
    help: ArgumentHelp(
      "A setting of all cells of base, as in a scenario; may be repeated.", valueName: "name=value")
  )
  var baseSet: [String] = []

  @Option(
    help: ArgumentHelp("A setting of all cells of head; may be repeated.", valueName: "name=value"))
  var headSet: [String] = []

  @OptionGroup var options: ComparisonOptions

  @Option(help: "How long it may take at most. (default: 5m)")
  var budget: TimeSpan?

  @Option(help: "How many blocks may count at most, instead of a budget; void ones do not.")
  var blocks: Int?

  @Flag(help: "Does not count what operations cost before it measures.")
  var noCosts = false

  @Option(help: "Overrides the scenario's seed.")
  var seed: UInt64?

  @Option(help: "The directory that holds the results.", completion: .directory)
  var results = "results"

  @Option(help: "The name of its results; by default made of the scenario's name and the time.")
  var name: String?

  @Option(
    help: "Where the databases lie: on the disk to be measured. By default beside the results.",
    completion: .directory)
  var databases: String?

  @Flag(help: "Measures although a program was not built for release.")
  var allowDebug = false

  @OptionGroup var output: GateOutputOptions

  func validate() throws {
    guard base != nil || head != nil || !baseSet.isEmpty || !headSet.isEmpty else {
      throw ValidationError(
        "Nothing differs: give another program with --base or --head, or a setting with --base-set or "
          + "--head-set.")
    }
    for (option, command) in [("--base", base), ("--head", head)] where command?.isEmpty == true {
      throw ValidationError("\(option) must not be empty.")
    }
    if budget != nil, blocks != nil {
      throw ValidationError("--budget and --blocks both say when to give up; give one of them.")
    }
    if let blocks, blocks < 1 { throw ValidationError("--blocks must be at least 1.") }
  }

  func run() throws {
    try reportingErrors {
      let (baseSettings, headSettings) = (
        try overrides(baseSet, "--base-set"), try overrides(headSet, "--head-set")
      )
      var scenario = try Scenario.load(path: scenario)
      if let seed { scenario = scenario.reseeded(seed) }
      let plan = try plan(scenario, base: baseSettings, head: headSettings)
      guard Build.isRelease || allowDebug else {
        throw ValidationError(
          "This is a debug build, whose numbers mean nothing: build with -c release, or give "
            + "--allow-debug.")
      }
      let interrupts = try InterruptMonitor()
      defer { interrupts.stop() }
      try perform(scenario, plan, interrupts)
    }
  }

  // MARK: The plan

  private func overrides(_ texts: [String], _ option: String) throws -> [SettingOverride] {
    do {
      return try texts.map { try SettingOverride($0, option: option) }
    } catch let errors as ScenarioErrors {
      throw ValidationError("\(errors)")
    }
  }

  private func plan(
    _ scenario: Scenario, base: [SettingOverride], head: [SettingOverride]
  ) throws -> Comparison.Plan {
    for (option, overrides) in [("--base-set", base), ("--head-set", head)] {
      for override in overrides {
        if let axis = scenario.axisNames.first(where: { override.overlaps(axis: $0) }) {
          throw ValidationError(
            "\(option) \(override): \(axis) is an axis of the scenario, which sets it already.")
        }
      }
    }
    var cells: [ComparedCell] = []
    for cell in scenario.cells where cell.refusal == nil {
      let sides = [base, head].map { cell.overridden(by: $0, measureMs: options.block.ms) }
      for (side, option) in zip(sides, ["--base-set", "--head-set"]) {
        if let refusal = side.refusal {
          throw ValidationError("\(option): \(cell.id) cannot be run: \(refusal).")
        }
      }
      cells.append(ComparedCell(base: sides[0], head: sides[1]))
    }
    guard !cells.isEmpty else { throw InputError("\(self.scenario): no cell can be run") }
    if self.base == self.head, cells.allSatisfy({ $0.base.settings == $0.head.settings }) {
      throw ValidationError("Nothing differs: both sides have the same program and settings.")
    }
    var plan = Comparison.Plan(cells: cells, seed: scenario.seed)
    try options.adapt(&plan)
    plan.countsCosts = !noCosts
    plan.budget =
      blocks.map { .blocks($0) } ?? .seconds(Double((budget ?? TimeSpan(ms: 300_000)).ms) / 1000)
    if let complaint = plan.budgetComplaint {
      throw ValidationError("\(blocks == nil ? "--budget" : "--blocks"): \(complaint).")
    }
    return plan
  }

  // MARK: Running

  private func perform(
    _ scenario: Scenario, _ plan: Comparison.Plan, _ interrupts: InterruptMonitor
  ) throws {
    // The sides come first: without them there is nothing to be stored.
    let sides = try start(plan, interrupts)
    try requireRelease(sides)
    let session = try RunSession.begin(
      scenario, in: results, name: name, databases: databases ?? results,
      experiment: .init(name: "ab", axisNames: scenario.axisNames + [ComparisonRecord.sideAxis]))
    var record = try ComparisonRecord(session.directory, run: session.name, cells: plan.cells)
    let console = ComparisonConsole(plan: plan)
    console.begin(sides)
    do {
      let outcome = try Comparison(plan: plan, sides: sides)() { block in
        try record.store(block)
        console.show(block)
      }
      sides.finish()
      try session.finish(.finished)
      console.end(outcome, directory: session.directory.path)
      try output.finish(
        with: ComparisonConsole.report(outcome, plan: plan, scenario: scenario, sides: sides),
        overruledBy: overrule(outcome), at: outcome.broken?.place,
        because: outcome.broken?.detail)
    } catch is CancellationError {
      printError("interrupted; what was measured is in \(session.directory.path)")
      throw Outcome.interrupted.exitCode
    }
  }

  private func start(
    _ plan: Comparison.Plan, _ interrupts: InterruptMonitor
  ) throws -> ComparedSides {
    do {
      return try ComparedSides(
        base: base, head: head, executable: Build.executablePath,
        directory: "\(databases ?? results)/ab-\(ProcessInfo.processInfo.processIdentifier).work",
        seed: plan.seed, interrupts: interrupts)
    } catch let error as BlockClient.NotRunnable {
      throw InputError("\(error)")
    } catch is CancellationError {
      printError("interrupted before anything was measured")
      throw Outcome.interrupted.exitCode
    }
  }

  /// What is worse than anything that was compared: lost tasks, or a side that could not be measured.
  private func overrule(_ outcome: Comparison.Outcome) -> Outcome? {
    guard let broken = outcome.broken else { return nil }
    printError("\(broken.place): \(broken.detail)")
    return broken.isInvalid ? .historyInvalid : .cellFailed
  }

  private func requireRelease(_ sides: ComparedSides) throws {
    for side in [sides.base, sides.head]
    where side.greeting.buildMode != "release" && !allowDebug {
      throw InputError(
        "\(side.name) (\(side.command)): is a \(side.greeting.buildMode) build, whose numbers mean nothing: "
          + "build it with -c release, or give --allow-debug")
    }
  }
}
