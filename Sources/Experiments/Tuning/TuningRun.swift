internal import Foundation
package import LoadGeneration
internal import Platform
internal import QueueEngine
package import Results
internal import SQLite
package import Scenarios
internal import Statistics
internal import Verification

/// Tunes: runs what a ``TuningSearch`` asks for, and stores it as it is measured.
package final class TuningRun {
  /// What the user hears while it goes on.
  package enum Event: Sendable {
    case stageBegan(String, configurations: Int)
    case blockEnded(TuningRecord.Block, elapsedSeconds: Double, best: String?)
    case dropped(TuningRecord.Drop)
  }

  /// Why nothing can be said.
  package struct Failure: Error, Sendable, CustomStringConvertible {
    package let description: String
    /// Whether tasks were lost under the default, or worse.
    package let isInvalid: Bool
  }

  /// Whether settings keep what their durability class promises.
  package enum Promise: Sendable, Equatable {
    case kept
    /// How they do not.
    case broken(String)
    /// Why nobody knows.
    case untried(String)
  }

  /// Runs each cell once, in a common block, and returns what came of them in their order.
  package typealias Measure = ([Cell], PhaseTimes) throws -> BlockSeries.Block

  private let space: TuningSpace
  private let objective: TuningObjective
  private let times: PhaseTimes
  private let keepsDisturbed: Bool
  private let measure: Measure
  private let store: (RepeatFindings, Cell) throws -> Void
  private let write: (TuningRecord) throws -> Void
  private let tryPromise: ((Cell) throws -> Promise)?
  /// Configurations whose promise was tried out, or could not be tried too often.
  private var tried: Set<Int> = []
  /// How often it could not be tried.
  private var untried: [Int: Int] = [:]
  private let nowNs: () -> UInt64
  private var search: TuningSearch
  private var observations: [TuningSearch.Stage: [[Int: TuningObservation]]] = [:]
  private(set) var record: TuningRecord

  /// How often a void block is run again before it counts all the same.
  private static let retries = 2
  /// How often a promise is tried out that cannot be.
  private static let tries = 2
  /// Of the blocks that decide, so many may count although the machine was disturbed.
  private static let mostTolerated = 0.25

  /// Blocks of full length have the phases `times`; `keepsDisturbed` lets those count during which the machine
  /// was disturbed. `measure` runs blocks, and throws `CancellationError` when the user interrupts; `store`
  /// keeps what a run left behind, and `write` the record, after every block. `tryPromise`, if given, tries out
  /// whether a cell that may be recommended keeps what its durability class promises.
  package init(
    space: TuningSpace, scenario: Scenario, objective: TuningObjective, plan: TuningPlan,
    times: PhaseTimes, run: String, keepsDisturbed: Bool, measure: @escaping Measure,
    store: @escaping (RepeatFindings, Cell) throws -> Void,
    write: @escaping (TuningRecord) throws -> Void,
    tryPromise: ((Cell) throws -> Promise)? = nil,
    nowNs: @escaping () -> UInt64 = MonotonicClock.nowNs
  ) {
    self.space = space
    self.objective = objective
    self.times = times
    self.keepsDisturbed = keepsDisturbed
    self.measure = measure
    self.store = store
    self.write = write
    self.tryPromise = tryPromise
    self.nowNs = nowNs
    search = TuningSearch(space: space.search, plan: plan, seed: scenario.seed)
    record = TuningRecord(
      run: run, scenarioName: scenario.name, scenarioFile: scenario.file,
      sqliteVersion: SQLiteLibrary.version, durability: space.durability.rawValue,
      promise: space.durability.promise,
      objective: objective == .p99 ? .p99 : .throughput, seed: scenario.seed,
      budgetSeconds: plan.budgetSeconds, axisNames: space.axisNames,
      untuned: TunableSettings.omissions(axisNames: space.axisNames),
      configurations: space.configurations.map(TuningRecord.Configuration.init),
      forbidden: space.forbidden.map { .init(what: $0.combination, reason: $0.reason) },
      duplicateCount: space.duplicates.count, notes: space.notes)
  }

  /// How long runs of the screening take: a third of the measurement, but enough for every policy to come to a
  /// few checkpoints under load, and no shorter where a p99 needs the samples.
  package static func screeningTimes(
    _ times: PhaseTimes, for objective: TuningObjective
  ) -> PhaseTimes {
    let measureMs = Int(times.measureNs / 1_000_000)
    return PhaseTimes(
      warmupMs: min(Int(times.warmupNs / 1_000_000), 200),
      measureMs: objective == .p99 ? measureMs : min(measureMs, max(300, measureMs / 3)),
      drainMs: min(Int(times.drainNs / 1_000_000), 100))
  }

  /// Tunes until the search is over or the user interrupts; the record says which.
  ///
  /// Throws ``Failure`` if not even the default can be measured, and what storing and running throw; all blocks
  /// so far are stored by then.
  package func callAsFunction(onEvent: (Event) -> Void = { _ in }) throws -> TuningRecord {
    let beganNs = nowNs()
    func elapsed() -> Double { Double(nowNs() - beganNs) / 1e9 }
    var stage: TuningSearch.Stage?
    var voidInARow = 0
    do {
      while let request = search.next(elapsed: elapsed()) {
        if request.stage != stage {
          stage = request.stage
          onEvent(
            .stageBegan(request.stage.rawValue, configurations: request.combinations.count))
        }
        if try dropsLiars(among: request, onEvent) {
          conclude()
          try write(record)
          try failIfDefaultIsOut()
          continue
        }
        let cells = request.combinations.map { space.configurations[$0].cell }
        let block = try measure(
          cells,
          request.stage == .screening ? Self.screeningTimes(times, for: objective) : times)
        var entry = TuningRecord.Block(
          number: block.number, stage: request.stage.rawValue, cells: cells.map(\.id),
          disturbance: troubleOfStandard(block, request)
            ?? (keepsDisturbed ? nil : block.disturbance),
          tolerated: keepsDisturbed ? block.disturbance : nil)
        if let disturbance = entry.disturbance {
          voidInARow += 1
          if voidInARow > Self.retries { (entry.disturbance, entry.tolerated) = (nil, disturbance) }
        }
        record.blocks.append(entry)
        if entry.disturbance == nil {
          voidInARow = 0
          try note(block, request, onEvent)
        } else {
          noteInvalid(block, request, onEvent)
        }
        record.elapsedSeconds = elapsed()
        conclude()
        try write(record)
        try failIfDefaultIsOut()
        onEvent(
          .blockEnded(
            entry, elapsedSeconds: record.elapsedSeconds,
            best: search.bestSoFar.map { space.configurations[$0.combination].cell.summary }))
      }
    } catch is CancellationError {
      record.isInterrupted = true
    }
    record.elapsedSeconds = elapsed()
    record.notes += search.omissions
    conclude()
    record.effects = effects
    try write(record)
    return record
  }

  private func failIfDefaultIsOut() throws(Failure) {
    guard search.failed.contains(space.search.standard) else { return }
    let drop = record.dropped.last { $0.cell == space.standard.cell.id }
    throw Failure(
      description: "the default cannot be measured: \(drop?.reason ?? "it failed")",
      isInvalid: drop?.kind == .invalid)
  }

  /// Takes out who is to be confirmed and does not keep his promise; returns whether there was anybody.
  private func dropsLiars(
    among request: TuningSearch.Request, _ onEvent: (Event) -> Void
  ) throws -> Bool {
    // What the check leaves of the winner may never have been confirmed.
    guard let tryPromise, [.confirmation, .check].contains(request.stage) else { return false }
    var found = false
    for combination in request.combinations where tried.insert(combination).inserted {
      let cell = space.configurations[combination].cell
      switch try tryPromise(cell) {
      case .kept: break
      case .broken(let complaint):
        drop(combination, request.stage, complaint, .invalid, onEvent)
        search.exclude(combination)
        found = true
      case .untried(let reason):
        untried[combination, default: 0] += 1
        if untried[combination, default: 0] < Self.tries {
          tried.remove(combination)
        } else {
          record.notes.append("\(cell.id): no power cut could be tried: \(reason)")
        }
      }
    }
    return found
  }

  /// Why the default brought nothing, which may be an accident: everything is compared with it, so that its block
  /// deserves another try.
  private func troubleOfStandard(
    _ block: BlockSeries.Block, _ request: TuningSearch.Request
  ) -> String? {
    guard let place = request.combinations.firstIndex(of: space.search.standard) else { return nil }
    let result = block.findings[place].result
    guard result.status != .refused, result.verdict != .invalid else { return nil }
    do throws(TuningObservation.Unusable) {
      _ = try TuningObservation(result, for: objective)
      return nil
    } catch {
      return "the default could not be measured: \(error)"
    }
  }

  /// No disturbance loses tasks: what was INVALID in a void block is out all the same.
  private func noteInvalid(
    _ block: BlockSeries.Block, _ request: TuningSearch.Request, _ onEvent: (Event) -> Void
  ) {
    for (combination, findings) in zip(request.combinations, block.findings)
    where findings.result.verdict == .invalid {
      let reason = TuningObservation.Unusable.invalid(findings.result.detail)
      drop(combination, request.stage, "\(reason) (block \(block.number))", .invalid, onEvent)
      search.exclude(combination)
    }
  }

  /// Stores the rows of a block, and tells the search what they say.
  private func note(
    _ block: BlockSeries.Block, _ request: TuningSearch.Request, _ onEvent: (Event) -> Void
  ) throws {
    var outcomes: [Int: TuningSearch.Outcome] = [:]
    var observed: [Int: TuningObservation] = [:]
    for (combination, findings) in zip(request.combinations, block.findings) {
      let cell = space.configurations[combination].cell
      try store(findings, cell)
      do throws(TuningObservation.Unusable) {
        let observation = try TuningObservation(findings.result, for: objective)
        observed[combination] = observation
        outcomes[combination] = observation.cost(for: objective).map { .cost($0) } ?? .failed
        if let reason = withoutCheckpoint(combination, observed, request.stage) {
          outcomes[combination] = .failed
          drop(combination, request.stage, reason, .withoutCheckpoint, onEvent)
        }
      } catch {
        outcomes[combination] = .failed
        drop(combination, request.stage, error.description, error.kind, onEvent)
      }
    }
    observations[request.stage, default: []].append(observed)
    let droppedBefore = search.dropped.count
    search.record(outcomes, of: request)
    for loser in search.dropped.dropFirst(droppedBefore) {
      let reason = String(
        format: "worse than the leader after %d blocks (p = %.3f, adjusted)", loser.blocks,
        loser.pValue)
      drop(loser.combination, request.stage, reason, .worse, onEvent)
    }
  }

  private func drop(
    _ combination: Int, _ stage: TuningSearch.Stage, _ reason: String,
    _ kind: TuningRecord.Drop.Kind, _ onEvent: (Event) -> Void
  ) {
    let drop = TuningRecord.Drop(
      cell: space.configurations[combination].cell.id, stage: stage.rawValue, reason: reason,
      kind: kind)
    record.dropped.append(drop)
    onEvent(.dropped(drop))
  }

  /// Why a configuration cannot be judged although it was measured; see ``CheckpointRule``.
  private func withoutCheckpoint(
    _ combination: Int, _ latest: [Int: TuningObservation], _ stage: TuningSearch.Stage
  ) -> String? {
    guard stage != .screening, combination != space.search.standard else { return nil }
    return CheckpointRule.objection(
      to: space.configurations[combination],
      own: fullObservations(of: combination) + [latest[combination]].compactMap(\.self),
      default: space.configurations[space.search.standard],
      standard: fullObservations(of: space.search.standard))
  }

  private func fullObservations(of combination: Int) -> [TuningObservation] {
    TuningSearch.Stage.allCases.filter { $0 != .screening }.flatMap { stage in
      (observations[stage] ?? []).compactMap { $0[combination] }
    }
  }

  // MARK: Conclusions

  /// Brings the record up to date with what has been measured.
  private func conclude() {
    let screening = observations[.screening] ?? []
    let full = TuningSearch.Stage.allCases.filter { $0 != .screening }
      .flatMap { observations[$0] ?? [] }
    let fits = [screening, full].map { blocks in
      (
        throughput: Self.typical(blocks) { $0.throughput }, p99Us: Self.typical(blocks) { $0.p99Us }
      )
    }
    for index in space.configurations.indices {
      let screenedCount = screening.count { $0[index] != nil }
      let fullCount = full.count { $0[index] != nil }
      let fit = fits[fullCount > 0 ? 1 : 0]
      record.configurations[index].runs = screenedCount + fullCount
      record.configurations[index].fullRuns = fullCount
      record.configurations[index].throughputPerSecond = fit.throughput[index]
      record.configurations[index].p99Us = fit.p99Us[index]
    }
    record.confirmed = search.candidates.compactMap { candidate in
      confirmation(of: candidate, in: .confirmation)
    }
    record.ablations = search.ablationFindings.map(ablation)
    record.recommendation = recommendation
  }

  /// What each configuration has in a block like the others: their geometric mean, if all had run in all.
  private static func typical(
    _ blocks: [[Int: TuningObservation]], _ value: (TuningObservation) -> Double?
  ) -> [Int: Double] {
    twoWayFit(blocks.map { $0.compactMapValues { value($0).map { log($0) } } }).mapValues {
      exp($0)
    }
  }

  private func confirmation(
    of combination: Int, in stage: TuningSearch.Stage
  ) -> TuningRecord.Confirmation? {
    let blocks = observations[stage] ?? []
    let own = blocks.compactMap { $0[combination] }
    guard !own.isEmpty else { return nil }
    let isStandard = combination == space.search.standard
    return TuningRecord.Confirmation(
      cell: space.configurations[combination].cell.id, blocks: own.count,
      throughputPerSecond: median(of: own.map(\.throughput)),
      p99Us: median(of: own.compactMap(\.p99Us)),
      throughputRatio: isStandard ? nil : ratio(of: combination, in: stage) { $0.throughput },
      p99Ratio: isStandard ? nil : ratio(of: combination, in: stage) { $0.p99Us },
      saturatedBlocks: own.count { $0.isSaturated },
      busyErrorBlocks: own.count { $0.hasBusyErrors })
  }

  /// How many times as much as under the default, in the same blocks.
  private func ratio(
    of combination: Int, in stage: TuningSearch.Stage,
    _ value: (TuningObservation) -> Double?
  ) -> TuningRecord.Ratio? {
    let pairs = (observations[stage] ?? []).compactMap { block -> (Double, Double)? in
      guard let own = block[combination].flatMap(value),
        let other = block[space.search.standard].flatMap(value)
      else { return nil }
      return (own, other)
    }
    // The check compares one configuration, the confirmation several.
    let confidence = stage == .check ? 0.95 : search.confidence
    return hodgesLehmannRatio(of: pairs.map(\.0), to: pairs.map(\.1), confidence: confidence)
      .map(TuningRecord.Ratio.init)
  }

  private var effects: [TuningRecord.Effect] {
    search.levelEffects.enumerated().compactMap { factor, levels in
      let name = space.axisNames[factor]
      func label(_ level: Int) -> String {
        let index = space.search.levels.firstIndex { $0[factor] == level }
        return index.flatMap { space.configurations[$0].cell.label(of: name) } ?? ""
      }
      let values = levels.map { level, effect in
        TuningRecord.Effect.Value(value: label(level), gain: exp(-effect))
      }
      guard !values.isEmpty else { return nil }
      return TuningRecord.Effect(
        setting: name, standard: space.standard.cell.label(of: name) ?? "",
        values: values.sorted { ($1.gain, $0.value) < ($0.gain, $1.value) })
    }
  }

  private func ablation(_ finding: TuningSearch.AblationFinding) -> TuningRecord.Ablation {
    let name = space.axisNames[finding.factor]
    let winner = search.winner ?? space.search.standard
    let gain = finding.difference.map { difference in
      TuningRecord.Ratio(
        value: exp(difference.value), low: difference.interval.map { exp($0.low) },
        high: difference.interval.map { exp($0.high) })
    }
    let word: TuningRecord.Ablation.Finding
    if let interval = finding.difference?.interval {
      word = interval.low > 0 ? .worth : interval.high < 0 ? .harmful : .noDifference
    } else {
      word = .unavailable
    }
    return TuningRecord.Ablation(
      setting: name, tuned: space.configurations[winner].cell.label(of: name) ?? "",
      standard: space.standard.cell.label(of: name) ?? "", gain: gain, finding: word)
  }

  private var recommendation: TuningRecord.Recommendation? {
    guard let recommended = search.recommended else {
      return search.bestSoFar.map { best in
        TuningRecord.Recommendation(
          cell: space.configurations[best.combination].cell.id, isConfirmed: false,
          stage: best.stage.rawValue, blocks: observations[best.stage]?.count ?? 0,
          throughputRatio: nil, p99Ratio: nil, simplifies: nil)
      }
    }
    let isSimplified = recommended != search.winner
    let stage = isSimplified ? TuningSearch.Stage.check : .confirmation
    let numbers = confirmation(of: recommended, in: stage)
    let doubt = doubt(about: stage)
    return TuningRecord.Recommendation(
      cell: space.configurations[recommended].cell.id, isConfirmed: doubt == nil,
      stage: stage.rawValue, blocks: numbers?.blocks ?? 0,
      throughputRatio: numbers?.throughputRatio, p99Ratio: numbers?.p99Ratio,
      simplifies: isSimplified
        ? search.winner.map { space.configurations[$0].cell.id } : nil,
      mostLoss: isSimplified ? TuningPlan.simplificationMargin : nil, doubt: doubt)
  }

  /// Why the blocks of a stage do not suffice; nil if they do.
  private func doubt(about stage: TuningSearch.Stage) -> String? {
    let blocks = record.blocks.filter { $0.stage == stage.rawValue && $0.disturbance == nil }
    let tolerated = blocks.count { $0.tolerated != nil }
    guard !keepsDisturbed, Double(tolerated) > Self.mostTolerated * Double(blocks.count) else {
      return nil
    }
    return
      "\(tolerated) of the \(blocks.count) blocks that decide count although they are disturbed"
  }
}

extension TuningRecord.Ratio {
  init(_ estimate: Estimate) {
    self.init(value: estimate.value, low: estimate.interval?.low, high: estimate.interval?.high)
  }
}

extension TuningRecord.Configuration {
  init(_ configuration: TuningSpace.Configuration) {
    let options = configuration.options
    let pragmas = PragmaList(options.effectivePragmas.filter { $0.pragma != .walAutocheckpoint })
    let policy = options.effectiveCheckpointPolicy
    self.init(
      cell: configuration.cell.id,
      settings: configuration.cell.axisValues.map { .init(name: $0.name, value: $0.label) },
      pragmas: pragmas.settings.map { .init(name: $0.pragma.name, value: $0.value) },
      checkpointPolicy: policy.name,
      checkpointPages: policy.pages,
      durability: DurabilityClass.strongest(for: options.durabilitySettings)?.rawValue ?? "none")
    others = TuningRecord.OtherSetting.all(of: configuration.cell.settings)
  }
}

extension TuningRecord.OtherSetting {
  /// Those of a load that differ from what one has without asking, in the order of the options' arguments.
  static func all(of settings: CellSettings) -> [Self] {
    var all: [Self] = []
    if settings.busyPolicy != .standard { all.append(Self(settings.busyPolicy)) }
    if settings.transactionMode != CellSettings.standard.transactionMode {
      let mode = settings.transactionMode.rawValue
      all.append(Self(yaml: "transaction: \(mode)", swift: "transactionMode: .\(mode)"))
    }
    if settings.writeCombining != CellSettings.standard.writeCombining {
      all.append(
        Self(yaml: "write_combining: \(settings.writeCombining ? "on" : "off")", swift: nil))
    }
    return all
  }

  private init(_ policy: BusyPolicy) {
    let timeout = "timeout: \(policy.timeoutMs)ms"
    let (name, parameters): (String, String)
    switch policy {
    case .sqlite: (name, parameters) = ("sqlite", timeout)
    case .timeout: (name, parameters) = ("timeout", timeout)
    case .handoff: (name, parameters) = ("handoff", timeout)
    case .fixed(let delayUs, _):
      (name, parameters) = ("fixed", "delay: \(delayUs)us, \(timeout)")
    case .backoff(let initialUs, let maxUs, _):
      (name, parameters) = ("backoff", "initial: \(initialUs)us, max: \(maxUs)us, \(timeout)")
    }
    let arguments: String
    switch policy {
    case .sqlite, .timeout, .handoff: arguments = "timeoutMs: \(policy.timeoutMs)"
    case .fixed(let delayUs, _):
      arguments = "delayUs: \(delayUs), timeoutMs: \(policy.timeoutMs)"
    case .backoff(let initialUs, let maxUs, _):
      arguments = "initialUs: \(initialUs), maxUs: \(maxUs), timeoutMs: \(policy.timeoutMs)"
    }
    self.init(
      yaml: "busy_policy: {\(name): {\(parameters)}}",
      swift: "busyPolicy: .\(name)(\(arguments))")
  }
}

extension TunableSettings {
  /// What is not varied where these axes are.
  static func omissions(axisNames: [String]) -> [TuningRecord.Omission] {
    let all =
      axes.map { ($0.name, "no axis of the scenario names it") }
      + exclusions.map { ($0.name, $0.reason) }
    return all.filter { !axisNames.contains($0.0) }.map { .init(what: $0.0, reason: $0.1) }
  }
}
