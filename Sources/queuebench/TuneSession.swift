internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Reporting
internal import Results
internal import SQLite
internal import Scenarios
internal import Verification

/// A tuner at work in a directory of its own: what `tune` and `tuner` have in common.
struct TuneSession {
  let scenario: Scenario
  let space: TuningSpace
  let objective: TuningObjective
  let plan: TuningPlan

  /// Fails with an explanation if the load does not fit what it is to be tuned for.
  init(
    _ scenario: Scenario, durability: DurabilityClass, objective: TuningObjective,
    budget: TimeBudget
  ) throws {
    let settings = scenario.baselineCell.settings
    func refuse(_ reason: String) -> InputError { InputError("\(scenario.file): \(reason)") }
    if let refusal = scenario.baselineCell.refusal { throw refuse(refusal) }
    if !settings.instrumentation {
      throw refuse("settings.instrumentation: off measures no latency; a tuner needs it on")
    }
    if objective == .throughput, settings.arrivals != .closed {
      throw refuse(
        "settings.rate: at a fixed rate throughput is what is offered, whatever the settings; use "
          + "`rate: closed`, or tune --for p99")
    }
    if objective == .p99, settings.arrivals != .closed, settings.consumers == 0 {
      throw refuse(
        "settings.consumers: at a rate without consumers the queue only grows, and its p99 with it; add "
          + "consumers, or use `rate: closed`")
    }
    do {
      space = try TuningSpace(scenario, durability: durability)
    } catch let failure as TuningSpace.Failure {
      throw InputError(failure.description)
    }
    self.scenario = scenario
    self.objective = objective
    func seconds(_ times: PhaseTimes) -> Double {
      Double(times.warmupNs + times.measureNs + times.drainNs) / 1e9
        + Double(
          Scenario.overheadMsPerRepeat + settings.depth * Scenario.prefillUsPerTask / 1_000) / 1_000
    }
    let times = Self.times(of: scenario)
    plan = TuningPlan(
      budgetSeconds: budget.seconds, secondsPerRun: seconds(times),
      secondsPerScreeningRun: seconds(TuningRun.screeningTimes(times, for: objective)))
  }

  static func times(of scenario: Scenario) -> PhaseTimes {
    PhaseTimes(
      warmupMs: scenario.warmupMs, measureMs: scenario.measureMs, drainMs: scenario.drainMs)
  }

  /// The least budget that can come to a conclusion; nil if there is enough.
  var missingBudget: TimeBudget? {
    let least = plan.leastSeconds(for: space.search)
    return least > plan.budgetSeconds ? TimeBudget(seconds: least) : nil
  }

  /// Tunes, and stores everything in a directory of its own.
  ///
  /// Who is to be confirmed has to stand so many power cuts first.
  func run(
    results: String, name: String?, databases: String?, keepsDisturbed: Bool, powerCuts: Int = 0,
    interrupts: InterruptMonitor, onEvent: (TuningRun.Event) -> Void
  ) throws -> (record: TuningRecord, directory: RunDirectory) {
    let session = try RunSession.begin(
      scenario, in: results, name: name, databases: databases ?? results,
      experiment: .init(name: "tune", axisNames: space.axisNames))
    var manifest = try session.directory.manifest()
    manifest.baselineCell = space.standard.cell.id
    try session.directory.write(manifest)
    let runner = try BlockRunner(
      executable: Build.executablePath,
      directory: databases.map { "\($0)/\(session.name).databases" }
        ?? "\(session.directory.path)/databases",
      times: Self.times(of: scenario), seed: scenario.seed, interrupts: interrupts,
      run: session.name, commit: session.commit)
    let series = try BlockSeries(
      runner: runner, probing: databases ?? session.directory.path, seed: scenario.seed)
    let tuning = TuningRun(
      space: space, scenario: scenario, objective: objective, plan: plan,
      times: Self.times(of: scenario), run: session.name, keepsDisturbed: keepsDisturbed,
      measure: { try series.measure($0, times: $1) },
      store: { try session.directory.store($0, of: $1) },
      write: { try session.directory.write($0) },
      tryPromise: powerCuts > 0
        ? { cell in
          let trial = try PowerTrial(
            executable: Build.executablePath,
            directory: databases.map { "\($0)/\(session.name).power" }
              ?? "\(session.directory.path)/power",
            seed: scenario.seed, interrupts: interrupts)
          do {
            let finding = try trial(
              cell.settings, cuts: powerCuts,
              evidencePath: session.directory.evidencePath(of: cell.id, "power"))
            return finding.complaint(about: space.durability)
              .map { TuningRun.Promise.broken($0) } ?? .kept
          } catch let failure as BlockRunner.Failure {
            return .untried(failure.description)
          }
        } : nil)
    let record = try tuning(onEvent: onEvent)
    if !record.isInterrupted { try session.finish(.finished) }
    return (record, session.directory)
  }
}
