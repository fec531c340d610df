internal import Foundation
package import LoadGeneration
internal import Platform
package import Results
package import Scenarios
internal import Statistics
internal import Verification

/// Measures the capacity of one cell's settings: the closed-loop peak, the search as often as is wished, and what
/// the curve still lacks.
///
/// Everything that was measured is in ``record``, whatever ends it.
package final class CapacityExperiment {
  /// What a probe takes, and how much of it there may be.
  package struct Plan: Sendable {
    /// Before the measurement of each probe.
    package var warmupMs = 300
    /// At least.
    package var probeMs = 3000
    /// At most, where a percentile needs more samples.
    package var longestProbeMs = 10_000
    package var drainMs = 100
    package var peakProbes = 3
    package var searches = 1
    /// Whether the searches take turns, probe by probe, so that all see the same minutes; else one follows the
    /// other.
    package var searchesTakeTurns = false
    /// Probes of each rate that the curve lacks.
    package var curveProbes = 2
    /// Counts every block during which the machine was disturbed.
    package var keepsDisturbed = false
    /// All of it may take so long; nil for as long as it takes.
    package var budgetSeconds: Double?
    /// What of that is kept for the scale.
    package var scaleSeconds = 0.0

    package init() {}

    /// What a probe takes besides its phases: a fresh database, processes, the control probe.
    static let overheadSeconds = 0.4

    func seconds(ofProbeMs ms: Int) -> Double {
      Double(warmupMs + ms + drainMs) / 1000 + Self.overheadSeconds
    }

    /// What measuring the scale takes.
    package func scaleSeconds(repeats: Int, counts: Int) -> Double {
      Double(repeats * counts) * seconds(ofProbeMs: probeMs)
    }

    /// What it takes at least to come to any conclusion.
    package var leastSeconds: Double {
      Double(peakProbes) * seconds(ofProbeMs: probeMs) + leastSearchSeconds(ofProbeMs: probeMs)
    }

    /// What the searches take at least if each probe takes so long.
    func leastSearchSeconds(ofProbeMs ms: Int) -> Double {
      let search = CapacitySearch.Plan(firstRate: 1, lowestRate: 1, highestRate: 1)
      return Double(searches * search.leastProbes) * seconds(ofProbeMs: ms)
    }
  }

  /// Why it ended.
  package enum End: Equatable, Sendable {
    case finished
    case interrupted
    /// The budget is used up.
    case outOfTime
    /// The closed loop shows that probes take so long that the budget is too small for them: seconds.
    case budgetTooSmall(needed: Double)
    /// A percentile lacks samples however long a probe may take.
    case tooFewSamples(String)
    /// A probe did not run to its end.
    case failed(String)
    /// A probe lost tasks, or worse.
    case invalid(String)
  }

  /// What happens, for whoever watches.
  package enum Event: Sendable {
    /// The closed loop: tasks finished per second, and enqueued per second where that is known.
    case peak(Double, enqueued: Double?)
    case probed(CapacityProbe)
    case void(String)
    case searched(CapacitySearchRecord)
  }

  /// Runs each cell once, in a common block, and returns what came of them in their order.
  package typealias Measure = ([Cell], PhaseTimes) throws -> BlockSeries.Block

  private struct Stop: Error { let end: End }

  private static let peakLabel = "peak"
  private static let closedLabel = "closed"
  /// More than any machine's producers can offer, relative to the closed loop.
  private static let mostTimesPeak = 16.0
  private static let leastShareOfPeak = 0.001
  /// At so little of the closed loop operations hardly ever meet: what fails there fails at any rate.
  private static let idleShareOfPeak = 0.01
  /// A closed loop that is slower than this says nothing: producers that never pause starve the consumers.
  private static let leastPeak = 100.0
  private static let highestRate = 1_000_000.0
  /// So many void blocks in turn, and it is the machine that has changed, not that something disturbs it.
  private static let mostVoidBlocks = 3

  private let settings: CellSettings
  private let objectives: CapacityObjectives
  private let plan: Plan
  private let hasProcessesAxis: Bool
  private let measureBlock: Measure
  private let store: (RepeatFindings, Cell) throws -> Void
  private let save: (CapacityRecord) throws -> Void
  private let onEvent: (Event) -> Void
  private let nowNs: () -> UInt64
  private let beganNs: UInt64
  private var cells: [Cell] = []
  private var voidBlocksInTurn = 0
  /// What of the budget is not to be used now.
  private var keptSeconds = 0.0
  /// What has been measured and concluded so far.
  package private(set) var record: CapacityRecord

  /// `record` holds the names of what is measured, and `hasProcessesAxis` says whether cells also tell the number
  /// of their processes. `measure` runs blocks, and throws `CancellationError` when the user interrupts; `store`
  /// keeps what a cell's repeat left behind, and `save` the record whenever something was added to it.
  package init(
    record: CapacityRecord, settings: CellSettings, objectives: CapacityObjectives, plan: Plan,
    hasProcessesAxis: Bool = false, measure: @escaping Measure,
    store: @escaping (RepeatFindings, Cell) throws -> Void,
    save: @escaping (CapacityRecord) throws -> Void = { _ in },
    onEvent: @escaping (Event) -> Void = { _ in },
    nowNs: @escaping () -> UInt64 = MonotonicClock.nowNs
  ) {
    self.record = record
    self.settings = settings
    self.objectives = objectives
    self.plan = plan
    self.hasProcessesAxis = hasProcessesAxis
    measureBlock = measure
    self.store = store
    self.save = save
    self.onEvent = onEvent
    self.nowNs = nowNs
    beganNs = nowNs()
    self.record.latencyLimitsUs = objectives.latencyLimitsUs
  }

  /// Measures; throws only what keeps results from being stored.
  package func callAsFunction(cores: Double) throws -> End {
    keptSeconds = plan.scaleSeconds
    defer { keptSeconds = 0 }
    var end = try ending {
      try measurePeak()
      try checkBudget()
      let numbers = Array(1...plan.searches)
      let groups = plan.searchesTakeTurns ? [numbers] : numbers.map { [$0] }
      for group in groups { try search(group) }
    }
    if end == .finished {
      let curve = try ending(completeCurve)
      switch curve {
      case .interrupted, .invalid: end = curve
      // Far above the capacity a probe may well fail; the answer does not depend on it.
      case .finished, .outOfTime, .budgetTooSmall, .tooFewSamples, .failed:
        record.curveNote = curve.reason
      }
    }
    conclude(cores: cores)
    try save(record)
    return end
  }

  /// Measures the closed loop with each number of processes, `repeats` times in common blocks.
  package func scale(processes: [Int], repeats: Int, seed: UInt64) throws -> End {
    var findings: [Int: [RepeatResult]] = [:]
    let end = try ending {
      let cells = processes.map { cell(closedWithProcesses: $0) }
      for _ in 0..<repeats {
        let results = try measure(cells, probeMs: plan.probeMs).map(\.result)
        for (count, result) in zip(processes, results) {
          findings[count, default: []].append(result)
        }
        record.scale = ScaleRecord(findings, seed: seed)
        try save(record)
      }
    }
    return end
  }

  private func ending(_ body: () throws -> Void) throws -> End {
    do {
      try body()
      return .finished
    } catch is CancellationError {
      return .interrupted
    } catch let stop as Stop {
      return stop.end
    }
  }

  // MARK: Parts

  private func measurePeak() throws {
    var throughputs: [Double] = []
    var enqueued: [Double] = []
    let cell = cell(label: Self.peakLabel, settings: closed(settings))
    for _ in 0..<plan.peakProbes {
      for findings in try measure([cell], probeMs: plan.probeMs) {
        let result = findings.result
        throughputs.append(result.throughputPerSecond ?? 0)
        if let seconds = result.measuredSeconds, seconds > 0 {
          enqueued.append(Double(result.enqueued) / seconds)
        }
      }
    }
    let peak = median(of: throughputs) ?? 0
    record.closedLoopPeak = peak
    onEvent(.peak(peak, enqueued: median(of: enqueued)))
    try save(record)
  }

  /// Ends it where percentiles need such long probes, even at twice the closed loop, that there is no time for any
  /// conclusion.
  private func checkBudget() throws {
    guard let budget = plan.budgetSeconds, let peak = record.closedLoopPeak, peak > Self.leastPeak
    else { return }
    let probeMs = probeMs(atRates: [2 * peak])
    let gone = Double(nowNs() - beganNs) / 1e9
    let needed = gone + plan.leastSearchSeconds(ofProbeMs: probeMs) + keptSeconds
    if needed > budget { throw Stop(end: .budgetTooSmall(needed: needed)) }
  }

  /// A search under way.
  private struct OpenSearch {
    let number: Int
    var search: CapacitySearch
    /// What its probes have taken.
    var ns: UInt64 = 0
  }

  /// Runs searches that know nothing of each other, each a probe in its turn.
  private func search(_ numbers: [Int]) throws {
    // A queue whose closed loop starves its consumers completes nothing, and may do well at any rate.
    let known = record.closedLoopPeak.flatMap { $0 > Self.leastPeak ? $0 : nil }
    let peak = known ?? Self.leastPeak
    let sampled = objectives.leastSeconds(atRate: 1) * 1000 / Double(plan.longestProbeMs)
    let lowest = max(peak * Self.leastShareOfPeak, sampled)
    let ceiling = known.map { $0 * Self.mostTimesPeak } ?? Self.highestRate
    let highest = max(lowest, min(Self.highestRate, ceiling))
    let isIdle = known.map { lowest <= $0 * Self.idleShareOfPeak } ?? false
    var open = numbers.map { number in
      OpenSearch(
        number: number,
        search: CapacitySearch(
          CapacitySearch.Plan(
            firstRate: peak / 2, lowestRate: roundedRate(lowest), highestRate: roundedRate(highest))
        ))
    }
    do {
      while !open.isEmpty {
        for index in open.indices {
          guard case .probe(let rates, let purpose) = open[index].search.step else { continue }
          let startNs = nowNs()
          defer { open[index].ns += nowNs() - startNs }
          let probes = try probe(rates, search: open[index].number, purpose: purpose)
          open[index].search.add(
            probes.map {
              CapacitySearch.Trial(rate: $0.rate, offered: $0.offered, passed: $0.passed)
            })
        }
        for index in open.indices where open[index].search.isOver {
          try note(open[index], nil, isIdle: isIdle)
        }
        open.removeAll { $0.search.isOver }
      }
    } catch let error as CancellationError {
      for search in open { try note(search, "interrupted") }
      throw error
    } catch let stop as Stop {
      for search in open { try note(search, stop.end.reason) }
      throw stop
    }
  }

  private func note(_ open: OpenSearch, _ reason: String?, isIdle: Bool = true) throws {
    var found = open.search.record(number: open.number)
    found.seconds = Double(open.ns) / 1e9
    found.reason = reason
    if found.outcome == .impossible, !isIdle {
      (found.outcome, found.rate) = (.unfinished, nil)
      found.reason =
        "a lower rate might do, but probes of at most \(plan.longestProbeMs / 1000) s have too few "
        + "operations to tell"
    }
    record.searches.append(found)
    onEvent(.searched(found))
    try save(record)
  }

  /// Probes the rates of the curve that no search came by.
  private func completeCurve() throws {
    guard let capacity = capacity else { return }
    let rates = CapacityCurve.missingRates(
      around: capacity, atMost: Self.highestRate, probes: record.probes
    ).filter { objectives.leastSeconds(atRate: $0) * 1000 <= Double(plan.longestProbeMs) }
    guard !rates.isEmpty else { return }
    for _ in 0..<plan.curveProbes {
      _ = try probe(rates, search: plan.searches, purpose: .curve)
    }
  }

  /// The median of what the searches found, or the highest rate of all if the objective holds there.
  private var capacity: Double? {
    record.rate ?? record.searches.first { $0.outcome == .unlimited }?.rate
  }

  private func conclude(cores: Double) {
    record.curve = CapacityCurve.points(record.probes)
    record.knee = CapacityCurve.knee(of: record.curve)
    let isUnlimited = record.searches.contains { $0.outcome == .unlimited }
    if let capacity {
      record.limit = CapacityLimit(
        probes: record.probes, rate: capacity, isUnlimited: isUnlimited, cores: cores)
    }
  }

  // MARK: Probes

  private func probe(
    _ rates: [Double], search: Int, purpose: CapacityProbe.Purpose
  ) throws -> [CapacityProbe] {
    let cells = rates.map(cell(atRate:))
    var probeMs = probeMs(atRates: rates)
    while true {
      let findings = try measure(cells, probeMs: probeMs)
      var probes: [CapacityProbe] = []
      var missing: String?
      for (rate, findings) in zip(rates, findings) {
        switch objectives.judge(findings, rate: rate, search: search, purpose: purpose) {
        case .judged(let probe): probes.append(probe)
        case .tooFewSamples(let metric): missing = metric
        case .unusable(let detail): throw Stop(end: .failed(detail))
        }
      }
      guard let missing else {
        record.probes += probes
        for probe in probes { onEvent(.probed(probe)) }
        try save(record)
        return probes
      }
      guard probeMs < plan.longestProbeMs else { throw Stop(end: .tooFewSamples(missing)) }
      probeMs = min(plan.longestProbeMs, 2 * probeMs)
    }
  }

  /// How long probes are that percentiles have their samples of at each of `rates`, if that is not too long.
  private func probeMs(atRates rates: [Double]) -> Int {
    let neededMs = rates.map { Int((objectives.leastSeconds(atRate: $0) * 1000).rounded(.up)) }
    return min(plan.longestProbeMs, max(plan.probeMs, neededMs.max() ?? 0))
  }

  /// Runs a block until the machine left one alone, or until it has been disturbed for so long that it will stay
  /// so; stores what counts.
  private func measure(_ cells: [Cell], probeMs: Int) throws -> [RepeatFindings] {
    let times = PhaseTimes(
      warmupMs: plan.warmupMs, measureMs: probeMs, drainMs: plan.drainMs)
    while true {
      let seconds = Double(nowNs() - beganNs) / 1e9
      let needed = Double(cells.count) * plan.seconds(ofProbeMs: probeMs)
      if let budget = plan.budgetSeconds, seconds + needed > budget - keptSeconds {
        throw Stop(end: .outOfTime)
      }
      let block = try measureBlock(cells, times)
      // What is wrong with the queue is never measured away.
      for (findings, cell) in zip(block.findings, cells) {
        let result = findings.result
        guard !result.isUsable else { continue }
        try keep(findings, cell)
        throw Stop(
          end: result.verdict == .invalid ? .invalid(result.detail) : .failed(result.detail))
      }
      voidBlocksInTurn = block.disturbance == nil ? 0 : voidBlocksInTurn + 1
      if let reason = block.disturbance, voidBlocksInTurn < Self.mostVoidBlocks,
        !plan.keepsDisturbed
      {
        record.voidProbes += cells.count
        record.voidBlocks = (record.voidBlocks ?? 0) + 1
        onEvent(.void(reason))
        try save(record)
        continue
      }
      if block.disturbance != nil {
        record.disturbedProbes += cells.count
        record.disturbedBlocks = (record.disturbedBlocks ?? 0) + 1
      }
      for (var findings, cell) in zip(block.findings, cells) {
        findings.result.conditions.state = block.disturbance == nil ? .normal : .disturbed
        try keep(findings, cell)
      }
      return block.findings
    }
  }

  /// Stores what a probe left behind, without its distributions: a search makes hundreds of files otherwise.
  private func keep(_ findings: RepeatFindings, _ cell: Cell) throws {
    var findings = findings
    findings.histograms = [:]
    findings.histogramLogs = [:]
    try store(findings, cell)
  }

  // MARK: Cells

  private func cell(atRate rate: Double) -> Cell {
    var settings = self.settings
    settings.arrivals = .open(ratePerSecond: rate)
    settings.arrivalProcess = .poisson
    settings.thinkTimeUs = 0
    let number = rate == rate.rounded() ? String(Int(rate)) : String(format: "%g", rate)
    return cell(label: "\(number)/s", settings: settings)
  }

  private func closed(_ settings: CellSettings) -> CellSettings {
    var settings = settings
    settings.arrivals = .closed
    settings.thinkTimeUs = 0
    return settings
  }

  private func cell(closedWithProcesses processes: Int) -> Cell {
    var settings = closed(settings)
    if settings.consumers > 0 {
      (settings.producers, settings.consumers) = (processes / 2, processes / 2)
    } else {
      settings.producers = processes
    }
    return cell(label: Self.closedLabel, settings: settings)
  }

  /// The cell of that name with those settings; the same one whenever it comes again.
  private func cell(label: String, settings: CellSettings) -> Cell {
    let processes = String(settings.producers + settings.consumers)
    let known = cells.first { $0.axisValues[0].label == label && $0.settings == settings }
    if let known { return known }
    let number = cells.count + 1
    let values =
      [Scenarios.AxisValue(name: "rate", label: label)]
      + (hasProcessesAxis ? [Scenarios.AxisValue(name: "processes", label: processes)] : [])
    let cell = Cell(
      id: "c\(number < 10 ? "0" : "")\(number)", axisValues: values, settings: settings)
    cells.append(cell)
    return cell
  }
}

extension CapacityExperiment.End {
  /// Why there is no better answer, in words; nil if it came to its end.
  package var reason: String? {
    switch self {
    case .finished: return nil
    case .interrupted: return "interrupted"
    case .outOfTime: return "the budget is used up"
    case .budgetTooSmall(let needed):
      return
        "the budget is too small for any conclusion: probes with enough samples for each percentile "
        + "take at least \(Int(needed.rounded(.up))) s altogether"
    case .tooFewSamples(let metric): return "the longest probe has too few samples for \(metric)"
    case .failed(let detail), .invalid(let detail): return detail
    }
  }
}
