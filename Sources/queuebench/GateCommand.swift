internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import Platform
internal import Scenarios
internal import Statistics

/// `queuebench gate`
struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Try comparisons out: false alarms between equal builds, and injected faults.",
    discussion: """
      Each comparison is a whole `queuebench ab` with its defaults, of this program with itself. Equal sides \
      must not fail; a claim without its index, a claim that takes 10 % longer, consumers that hold the write \
      lock longer by 10 µs, and SQLite's own busy policy must. Fails with 2 if more than 1 % of 200 equal \
      comparisons failed (or the upper end of the 95 % interval lies above 3 %) or fewer than 90 % of them \
      passed, if a fault was found in fewer than 95 % of its comparisons, or too late: the \
      index in 10 s, the slower claim in 5 minutes.
      """)

  @Argument(help: "The scenario's file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario = "scenarios/ab.yaml"

  @Option(help: "Comparisons of equal sides.")
  var comparisons = 200

  @Option(help: "Comparisons of each fault.")
  var faults = 20

  @Option(help: "Tries only this: aa, dropped-index, slow-claim, slow-lock or busy-policy.")
  var only: GateTrial.Kind?

  @OptionGroup var comparison: ComparisonOptions

  @Option(help: "How long each comparison may take at most.")
  var budget = TimeSpan(ms: 300_000)

  @Option(help: "Decides everything that is random.")
  var seed: UInt64 = 1

  @OptionGroup var options: TrialOptions

  func validate() throws {
    guard (1...100_000).contains(comparisons), (1...100_000).contains(faults) else {
      throw ValidationError("--comparisons and --faults must be at least 1.")
    }
  }

  func run() throws {
    try reportingErrors {
      try options.requireRelease()
      let trial = try makeTrial()
      let interrupts = try InterruptMonitor()
      defer { interrupts.stop() }
      let gate = GateTrial(
        plan: trial, executable: Build.executablePath, directory: options.workDirectory("gate"),
        interrupts: interrupts)
      var tallies: [GateTally] = []
      do {
        for kind in only.map({ [$0] }) ?? GateTrial.Kind.allCases {
          tallies.append(GateTally(kind))
          for number in 1...(kind == .aa ? comparisons : faults) {
            let result = try gate.compare(kind, number: number)
            tallies[tallies.count - 1].add(result)
            print(Self.line(kind, number, result))
          }
        }
      } catch is CancellationError {
        print("")
        for tally in tallies where !tally.results.isEmpty { print(tally.summary) }
        printError("interrupted")
        throw Outcome.interrupted.exitCode
      }
      print("")
      for tally in tallies { print(tally.summary) }
      if tallies.contains(where: { $0.complaint != nil }) { throw Outcome.targetMissed.exitCode }
    }
  }

  private func makeTrial() throws -> Comparison.Plan {
    let scenario = try Scenario.load(path: scenario)
    let cells = scenario.cells.filter { $0.refusal == nil }
      .map { ComparedCell(base: $0, head: $0) }
    guard !cells.isEmpty else { throw InputError("\(self.scenario): no cell can be run") }
    var plan = Comparison.Plan(cells: cells, seed: seed)
    try comparison.adapt(&plan)
    plan.budget = .seconds(Double(budget.ms) / 1000)
    if let complaint = plan.budgetComplaint { throw ValidationError("--budget: \(complaint).") }
    return plan
  }

  private static func line(_ kind: GateTrial.Kind, _ number: Int, _ result: GateTrial.Result)
    -> String
  {
    let decision: String
    switch result.decision {
    case .failed: decision = "failed"
    case .passed: decision = "passed"
    case .undecided: decision = result.broken == nil ? "inconclusive" : "broken off"
    }
    var line = String(
      format: "%@ %3d  %@ in %.1f s", kind.rawValue, number, decision, result.seconds)
    if result.isByCosts {
      line += " without timing"
    } else {
      line += ", \(result.blocks) blocks"
      if result.voidBlocks > 0 { line += " (\(result.voidBlocks) void)" }
    }
    let remark = result.broken ?? result.worst
    return remark.isEmpty ? line : "\(line)  \(remark)"
  }
}

extension GateTrial.Kind: ExpressibleByArgument {}
