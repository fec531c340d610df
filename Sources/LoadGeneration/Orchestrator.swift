internal import Foundation
package import Platform
package import Results
internal import SQLite
package import Scenarios
internal import Verification

/// How a run ended.
package enum RunOutcome: Sendable {
  /// Every repeat was dealt with.
  case finished
  /// The user stopped it; what was finished before is stored.
  case interrupted
}

/// Runs a scenario: every cell and repeat in the scenario's seeded order, each stored when it is over.
package final class Orchestrator {
  private let scenario: Scenario
  private let results: RunDirectory
  private let run: String
  private let executable: String
  private let workDirectory: String
  private let commit: String
  private let keepsDatabases: Bool
  private let repeatsDisturbed: Bool
  private let interrupts: InterruptMonitor
  private weak var observer: (any RunObserver)?
  private let templates: DatabaseTemplates
  /// What was counted of the cells that were here: a profile, or why there is none.
  private var costs: [String: Result<CostProfile, CostProfiler.Failure>] = [:]
  /// What power cuts cost with the cells that were here, or why that is not known.
  private var losses: [String: Result<PowerTrial.Finding, BlockRunner.Failure>] = [:]

  /// - Parameters:
  ///   - scenario: what to run.
  ///   - results: where results are stored.
  ///   - run: the run's name.
  ///   - executable: this program, which is spawned as every child.
  ///   - workDirectory: where databases lie while they are used: the disk that is measured.
  ///   - commit: what is measured, for the record.
  ///   - keepsDatabases: whether to leave the files of each repeat in the work directory.
  ///   - repeatsDisturbed: whether repeats run again during which the machine was disturbed.
  ///   - interrupts: ends the run when it counts a signal.
  ///   - observer: is told how it goes; not retained.
  package init(
    scenario: Scenario, results: RunDirectory, run: String, executable: String,
    workDirectory: String, commit: String, keepsDatabases: Bool,
    repeatsDisturbed: Bool = true, interrupts: InterruptMonitor,
    observer: any RunObserver
  ) {
    self.scenario = scenario
    self.results = results
    self.run = run
    self.executable = executable
    self.workDirectory = workDirectory
    self.commit = commit
    self.keepsDatabases = keepsDatabases
    self.repeatsDisturbed = repeatsDisturbed
    self.interrupts = interrupts
    self.observer = observer
    templates = DatabaseTemplates(directory: workDirectory, seed: scenario.seed)
  }

  /// Runs what is not in `done` yet, and returns when all is stored or the user interrupts.
  ///
  /// A repeat that cannot be run becomes a row that says why. Throws `ResultsError` if results cannot be
  /// stored and `SystemError` if the work directory cannot be used; what was stored before stays.
  package func callAsFunction(skipping done: Set<RepeatKey> = []) throws -> RunOutcome {
    try makeDirectory(workDirectory, withParents: true)
    defer {
      templates.removeAll()
      // Removed only if nothing was to be kept in it.
      rmdir(workDirectory)
    }
    try storeRefusals(skipping: done)
    let order = scenario.runOrder(seed: scenario.seed).filter {
      !done.contains(
        RepeatKey(cell: scenario.cells[$0.cellIndex].id, repeatNumber: $0.repeatNumber))
    }
    var conditions = try ConditionsMonitor(
      directory: workDirectory, repeats: order.count, retries: repeatsDisturbed)
    var forecast = Forecast(scenario: scenario, total: order.count)
    for (index, scheduled) in order.enumerated() {
      let cell = scenario.cells[scheduled.cellIndex]
      let progress = RunProgress(
        position: index + 1, total: order.count, cell: cell,
        repeatNumber: scheduled.repeatNumber, secondsLeft: forecast.secondsLeft)
      observer?.repeatBegan(progress)
      let beganNs = MonotonicClock.nowNs()
      guard let result = try measure(cell, progress, &conditions) else { return .interrupted }
      forecast.finishedOne(inNs: MonotonicClock.nowNs() - beganNs)
      observer?.repeatEnded(progress, result)
    }
    return .finished
  }

  private func storeRefusals(skipping done: Set<RepeatKey>) throws {
    for cell in scenario.cells {
      guard let reason = cell.refusal else { continue }
      observer?.cellRefused(cell, reason: reason)
      guard !done.contains(RepeatKey(cell: cell.id, repeatNumber: 1)) else { continue }
      var result = RepeatResult(
        run: run, cell: cell.id, repeatNumber: 1,
        axes: cell.axisValues.map { Results.AxisValue(name: $0.name, label: $0.label) },
        producers: cell.settings.producers, consumers: cell.settings.consumers, status: .refused,
        verdict: .unknown, detail: reason)
      result.commit = commit
      try results.appendRepeat(result)
    }
  }

  /// Runs and stores one repeat, again if the machine was disturbed; nil if the user interrupted it.
  private func measure(
    _ cell: Cell, _ progress: RunProgress, _ conditions: inout ConditionsMonitor
  ) throws -> RepeatResult? {
    /// What was measured on a disturbed machine: better than nothing, if nothing better comes.
    var disturbed: [RepeatFindings] = []
    do {
      let costs = try costs(of: cell)
      let loss = try powerLoss(of: cell)
      while true {
        let before = try conditions.probe()
        guard var findings = try runRepeat(cell, progress) else {
          try storeLast(of: disturbed, of: cell)
          return nil
        }
        let isMeasured = findings.result.status == .measured
        if isMeasured { findings.result.note(costs) }
        if let loss { findings.result.note(loss) }
        let after = isMeasured ? try conditions.probe() : before
        if conditions.judge(&findings.result, before: before, after: after) {
          disturbed.append(findings)
          observer?.repeatDisturbed(progress, findings.result)
          continue
        }
        if !isMeasured, let last = disturbed.last {
          try storeLast(of: disturbed, of: cell)
          return last.result
        }
        // Their rows stay in cells.csv, and give way to this one.
        for earlier in disturbed { try results.appendRepeat(earlier.result) }
        try results.store(findings, of: cell)
        return findings.result
      }
    } catch is CancellationError {
      return nil
    } catch let error where !(error is ResultsError) {
      try storeLast(of: disturbed, of: cell)
      throw error
    }
  }

  /// What the cell's operations cost by count. Done before its first repeat, while nothing else runs.
  private func costs(of cell: Cell) throws -> Result<CostProfile, CostProfiler.Failure> {
    if let known = costs[cell.id] { return known }
    let profiler = CostProfiler(directory: workDirectory, seed: scenario.seed)
    let counted: Result<CostProfile, CostProfiler.Failure>
    do {
      let profile = try profiler.profile(
        of: cell.settings, isCancelled: { interrupts.isInterrupted })
      try results.writePlans("\(cell.id) \(cell.summary)\n\(profile.text)", cell: cell.id)
      counted = .success(profile)
    } catch let error as CostProfiler.Failure {
      counted = .failure(error)
    }
    costs[cell.id] = counted
    return counted
  }

  /// What power cuts cost with a cell; nil if the scenario does not ask. Tried before its first repeat.
  private func powerLoss(of cell: Cell) throws -> Result<PowerTrial.Finding, BlockRunner.Failure>? {
    guard scenario.powerCuts > 0 else { return nil }
    if let known = losses[cell.id] { return known }
    let trial = try PowerTrial(
      executable: executable, directory: "\(workDirectory)/power", seed: scenario.seed,
      interrupts: interrupts)
    let tried: Result<PowerTrial.Finding, BlockRunner.Failure>
    do {
      tried = .success(
        try trial(
          cell.settings, cuts: scenario.powerCuts,
          evidencePath: results.evidencePath(of: cell.id, "power")))
    } catch let failure as BlockRunner.Failure {
      tried = .failure(failure)
    }
    losses[cell.id] = tried
    return tried
  }

  private func storeLast(of disturbed: [RepeatFindings], of cell: Cell) throws {
    if let last = disturbed.last { try results.store(last, of: cell) }
  }

  /// Runs one repeat; nil if the user interrupted it.
  private func runRepeat(_ cell: Cell, _ progress: RunProgress) throws -> RepeatFindings? {
    let directory = "\(workDirectory)/\(cell.id)-r\(progress.repeatNumber)"
    // A leftover of an interrupted run.
    try? FileManager.default.removeItem(atPath: directory)
    try makeDirectory(directory)
    let logs = try LogDirectory(fallback: directory)
    defer {
      if keepsDatabases {
        logs.keep(in: directory)
      } else {
        logs.remove()
        try? FileManager.default.removeItem(atPath: directory)
      }
    }
    let runner = RepeatRunner(
      cell: cell, repeatNumber: progress.repeatNumber, run: run,
      times: PhaseTimes(
        warmupMs: scenario.warmupMs, measureMs: scenario.measureMs, drainMs: scenario.drainMs),
      seed: Seeds.ofRepeat(progress.repeatNumber, scenario: scenario.seed), commit: commit,
      executable: executable, directory: directory, logDirectory: logs.path,
      templates: templates, interrupts: interrupts,
      onProgress: observer?.wantsProgress == true
        ? { [weak observer] in observer?.repeatProgressed(progress, $0) } : nil)
    switch try runner() {
    case .interrupted: return nil
    case .finished(let findings): return findings
    }
  }
}

/// How long the rest of a run will take: by the scenario's word at first, then by experience.
private struct Forecast {
  private let expectedPerRepeat: Double
  private var remaining: Int
  private var finished = 0
  private var spentSeconds = 0.0

  init(scenario: Scenario, total: Int) {
    let runnable = scenario.cells.filter { $0.refusal == nil }.count * scenario.repeats
    expectedPerRepeat =
      Double(scenario.expectedDuration.maxMs) / 1000 / Double(max(1, runnable))
    remaining = total
  }

  mutating func finishedOne(inNs: UInt64) {
    finished += 1
    remaining -= 1
    spentSeconds += Double(inNs) / 1e9
  }

  var secondsLeft: Double {
    let perRepeat = finished > 0 ? spentSeconds / Double(finished) : expectedPerRepeat
    return perRepeat * Double(remaining)
  }
}

extension RepeatResult {
  /// Takes over what power cuts cost, or why that is not known. A broken promise makes the repeat invalid,
  /// however well it ran.
  fileprivate mutating func note(_ tried: Result<PowerTrial.Finding, BlockRunner.Failure>) {
    switch tried {
    case .failure(let failure): warnings.append("no power cut could be tried: \(failure)")
    case .success(let finding):
      let loss = finding.loss
      power.cuts = loss.cuts
      power.lostMax = loss.mostLost.count
      power.lostMs = Double(loss.oldestLostNs) / 1e6
      power.corrupt = loss.corrupt
      guard let complaint = finding.complaint(about: finding.promised) else { return }
      verdict = .invalid
      detail += (detail.isEmpty ? "" : "; ") + complaint
    }
  }

  /// Takes over what was counted, or why nothing could be.
  fileprivate mutating func note(_ costs: Result<CostProfile, CostProfiler.Failure>) {
    switch costs {
    case .success(let profile): note(profile)
    case .failure(let failure): warnings.append("its costs could not be counted: \(failure)")
    }
  }
}
