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
      must not fail; a claim without its index, a claim that takes 10 % longer and SQLite's own busy policy \
      must. Fails with 2 if more than 1 % of 200 equal comparisons failed (or the upper end of the 95 % \
      interval lies above 3 %), if a fault was found in fewer than 95 % of its comparisons, or too late: the \
      index in 10 s, the slower claim in 5 minutes.
      """)

  @Argument(help: "The scenario's file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario = "scenarios/ab.yaml"

  @Option(help: "Comparisons of equal sides.")
  var comparisons = 200

  @Option(help: "Comparisons of each fault.")
  var faults = 20

  @Option(help: "Tries only this: aa, dropped-index, slow-claim or busy-policy.")
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

/// What all comparisons of one kind say together.
struct GateTally {
  let kind: GateTrial.Kind
  private(set) var results: [GateTrial.Result] = []

  init(_ kind: GateTrial.Kind) { self.kind = kind }

  mutating func add(_ result: GateTrial.Result) { results.append(result) }

  private static let alarmLimit = 0.01
  private static let alarmBound = 0.03
  /// How many comparisons it takes until the bound can hold: 0 of 122 are at most 3 %.
  private static let boundedFrom = 200
  private static let leastCaught = 0.95
  private static let indexLimitSeconds = 10.0
  private static let claimLimitSeconds = 300.0

  private func count(_ decision: SequentialGate.Decision) -> Int {
    results.count { $0.decision == decision }
  }

  /// Why it is not good enough; nil if it is.
  var complaint: String? {
    guard !results.isEmpty else { return nil }
    let failed = Double(count(.failed)) / Double(results.count)
    if results.contains(where: { $0.broken != nil }) { return "a side could not be measured" }
    if kind == .aa {
      if failed > Self.alarmLimit { return "more than 1 % false alarms" }
      if results.count >= Self.boundedFrom, alarms.high > Self.alarmBound {
        return "the interval reaches beyond 3 %"
      }
      return nil
    }
    if failed < Self.leastCaught { return "fewer than 95 % caught" }
    if kind == .droppedIndex {
      if !caught.allSatisfy(\.isByCosts) { return "not by counting" }
      if caught.contains(where: { $0.seconds >= Self.indexLimitSeconds }) {
        return "not within 10 s"
      }
    }
    if kind == .slowClaim, let seconds = medianSeconds, seconds > Self.claimLimitSeconds {
      return "the median takes longer than 5 minutes"
    }
    return nil
  }

  private var alarms: Interval {
    clopperPearsonInterval(successes: count(.failed), trials: results.count)
  }

  private var caught: [GateTrial.Result] { results.filter { $0.decision == .failed } }

  private var medianSeconds: Double? { median(of: caught.map(\.seconds)) }

  /// A line or two for people.
  var summary: String {
    let (failed, passed, undecided) = (count(.failed), count(.passed), count(.undecided))
    let total = results.count
    var text: String
    if kind == .aa {
      text = String(
        format: "aa: %d of %d comparisons of equal sides failed: %.1f %% false alarms, 95 %% interval [%.2f %%, "
          + "%.2f %%]\n    %d passed, %d inconclusive; median %.1f s, %.0f blocks", failed, total,
        100 * Double(failed) / Double(total), alarms.low * 100, alarms.high * 100, passed,
        undecided, median(of: results.map(\.seconds)) ?? 0,
        median(of: results.map { Double($0.blocks) }) ?? 0)
    } else {
      text = "\(kind.rawValue): \(failed) of \(total) caught"
      if let seconds = medianSeconds, let slowest = caught.map(\.seconds).max() {
        text += String(format: "; median %.1f s, at most %.1f s", seconds, slowest)
      }
      if passed + undecided > 0 { text += "; \(passed) passed, \(undecided) inconclusive" }
    }
    if let complaint { text += "\n    NOT GOOD ENOUGH: \(complaint)" }
    return text
  }
}
