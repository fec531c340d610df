import Results
import Scenarios
import TestSupport
import Testing
import Verification

@testable import Experiments
@testable import LoadGeneration

/// Whole experiments on a machine that is made up.
@Suite("Capacity experiments")
struct CapacityExperimentTests {
  /// Stands in for databases and processes, and keeps what is stored.
  final class Bench {
    struct DiskFull: Error {}

    var machine: SimulatedMachine
    var stored: [(cell: Cell, result: RepeatResult)] = []
    var saved: [CapacityRecord] = []
    var fullAfter = Int.max
    var blocks = 0
    var nowNs: UInt64 = 0
    var disturbed: (Int) -> Bool = { _ in false }
    var change: (Int, inout RepeatResult) -> Void = { _, _ in }
    var interruptedAt = Int.max
    var peak = 6000.0

    init(threshold: Double, noise: Double = 0.01) {
      machine = SimulatedMachine(threshold: threshold, noise: noise, seed: 11)
    }

    func measure(_ cells: [Cell], _ times: PhaseTimes) throws -> BlockSeries.Block {
      blocks += 1
      if blocks >= interruptedAt { throw CancellationError() }
      // 400 ms for what a probe takes besides its phases.
      let probeNs = times.warmupNs + times.measureNs + times.drainNs + 400_000_000
      nowNs += UInt64(cells.count) * probeNs
      let findings = cells.map { cell in
        var findings = CapacityObjectivesTests.findings()
        findings.result.cell = cell.id
        findings.result.repeatNumber = blocks
        findings.result.axes = cell.axisValues.map { .init(name: $0.name, label: $0.label) }
        findings.result.producers = cell.settings.producers
        findings.result.consumers = cell.settings.consumers
        findings.result.lock.utilisation = 0.9
        findings.histograms = [.claim: "text"]
        if case .open(let profile) = cell.settings.arrivals {
          let rate = profile.steps[0].perSecond
          let passes = machine.passes(rate)
          findings.result.load.scheduled = Int(rate * Double(times.measureNs) / 1e9)
          findings.result.measuredSeconds = Double(times.measureNs) / 1e9
          findings.result.load.achievedRatio = passes ? 1 : 0.9
          findings.result.claim.latency.p99Us = 500 + 8000 * rate / machine.threshold
        } else {
          let processes = Double(cell.settings.producers + cell.settings.consumers)
          let others = processes - 1
          findings.result.throughputPerSecond =
            cell.settings == .standard
            ? peak : 3000 * processes / (1 + 0.1 * others + 0.02 * processes * others)
        }
        change(blocks, &findings.result)
        return findings
      }
      return BlockSeries.Block(
        number: blocks, findings: findings, disturbance: disturbed(blocks) ? "fsync slow" : nil)
    }

    func experiment(
      _ slo: String = "claim.p99 < 100ms", settings: CellSettings = .standard,
      _ change: (inout CapacityExperiment.Plan) -> Void = { _ in }
    ) throws -> CapacityExperiment {
      var plan = CapacityExperiment.Plan()
      change(&plan)
      let objectives = try CapacityObjectivesTests.objectives(slo)
      return CapacityExperiment(
        record: CapacityRecord(
          scenario: "made-up", cell: "c01", objectives: [slo], latency: objectives.latency),
        settings: settings, objectives: objectives, plan: plan,
        measure: { [self] in try measure($0, $1) },
        store: { [self] in
          #expect($0.histograms.isEmpty, "hundreds of probes would leave thousands of files")
          stored.append(($1, $0.result))
          if stored.count >= fullAfter { throw DiskFull() }
        }, save: { [self] in saved.append($0) }, nowNs: { [self] in nowNs })
    }
  }

  @Test func `finds the capacity, completes the curve and says what limits it`() throws {
    let bench = Bench(threshold: 8000)
    let experiment = try bench.experiment()
    #expect(try experiment(cores: 2) == .finished)
    let record = experiment.record
    #expect(record.closedLoopPeak == bench.peak)
    #expect(record.searches.count == 1 && record.searches[0].outcome == .confirmed)
    let capacity = try #require(record.searches[0].rate)
    #expect(abs(capacity / CapacitySearchTests.capacity(ofThreshold: 8000) - 1) < 0.05)
    #expect(record.curve.contains { $0.rate < capacity / 6 })
    #expect(record.curve.contains { $0.rate > capacity * 1.4 })
    #expect(zip(record.curve, record.curve.dropFirst()).allSatisfy { $0.rate < $1.rate })
    #expect(record.limit?.kind == .writeLock)
    #expect(record.latencyLimitsUs == ["p99": 100_000])
    // All that was measured is stored, with the rate as its axis.
    #expect(bench.stored.count == record.probes.count + 3)
    #expect(Set(bench.stored.map(\.result.key)).count == bench.stored.count)
    #expect(bench.stored.allSatisfy { $0.cell.axisValues.map(\.name) == ["rate"] })
    // One cell for each rate, whenever it was probed.
    let labels = Dictionary(grouping: bench.stored, by: \.cell.id).values
      .map { Set($0.map { $0.cell.axisValues[0].label }) }
    #expect(labels.allSatisfy { $0.count == 1 })
    for (cell, _) in bench.stored where cell.axisValues[0].label != "peak" {
      #expect(cell.settings.arrivalProcess == .poisson)
    }
  }

  @Test func `searches are repeated independently`() throws {
    let bench = Bench(threshold: 8000, noise: 0.02)
    let experiment = try bench.experiment { $0.searches = 3 }
    #expect(try experiment(cores: 2) == .finished)
    #expect(experiment.record.searches.map(\.number) == [1, 2, 3])
    for number in 1...3 {
      let first = experiment.record.probes.first { $0.search == number }
      #expect(first?.purpose == .bracket, "each begins anew")
    }
  }

  @Test func `searches that take turns see the same minutes`() throws {
    let bench = Bench(threshold: 8000, noise: 0.02)
    let experiment = try bench.experiment {
      $0.searches = 3
      $0.searchesTakeTurns = true
    }
    #expect(try experiment(cores: 2) == .finished)
    let record = experiment.record
    #expect(record.searches.map(\.number).sorted() == [1, 2, 3])
    #expect(record.searches.allSatisfy { $0.outcome == .confirmed && $0.seconds > 0 })
    let searched = record.probes.filter { $0.purpose != .curve }.map(\.search)
    #expect(searched.prefix(6) == [1, 2, 3, 1, 2, 3])
    // None ends long before the others.
    let last = [1, 2, 3].compactMap { searched.lastIndex(of: $0) }
    #expect(last.min()! > searched.count / 2)
  }

  @Test func `an interruption keeps the bracket`() throws {
    let bench = Bench(threshold: 8000)
    bench.interruptedAt = 9
    let experiment = try bench.experiment()
    #expect(try experiment(cores: 2) == .interrupted)
    let search = try #require(experiment.record.searches.first)
    #expect(search.outcome == .unfinished && search.reason == "interrupted")
    #expect(search.highestPassed != nil && search.lowestFailed != nil)
    #expect(bench.stored.count == 8)
  }

  @Test func `a budget that percentiles make too small is refused after the closed loop`() throws {
    let bench = Bench(threshold: 3000)
    bench.peak = 400
    var plan = CapacityExperiment.Plan()
    plan.probeMs = 1000
    // Probes of a second would fit, but 368 samples of p99 at 800 tasks/s would do as well; p99.9 needs 6 s.
    for (slo, end) in [
      ("claim.p99 < 100ms", nil), ("claim.p999 < 100ms", 52 * 6.0),
    ] {
      let experiment = try bench.experiment(slo) {
        $0.probeMs = 1000
        $0.budgetSeconds = plan.leastSeconds + 60
      }
      let result = try experiment(cores: 2)
      if let end {
        guard case .budgetTooSmall(let needed) = result else {
          Issue.record("\(result)")
          continue
        }
        #expect(needed > end)
        #expect(experiment.record.searches.isEmpty && experiment.record.closedLoopPeak == 400)
      } else {
        #expect(result == .finished || result == .outOfTime)
      }
    }
  }

  @Test func `a budget that runs out keeps the bracket and is not exceeded`() throws {
    let bench = Bench(threshold: 8000)
    // Enough for a machine without noise, but not for this one.
    bench.machine.noise = 0.07
    let seconds = CapacityExperiment.Plan().leastSeconds
    let experiment = try bench.experiment { $0.budgetSeconds = seconds }
    #expect(try experiment(cores: 2) == .outOfTime)
    #expect(experiment.record.searches.first?.reason == "the budget is used up")
    #expect(Double(bench.nowNs) / 1e9 <= seconds)
    #expect(experiment.record.probes.count > 5)
  }

  @Test func `a curve that runs out of time is a note beside the answer`() throws {
    let whole = Bench(threshold: 8000)
    let first = try whole.experiment { $0.probeMs = 1000 }
    #expect(try first(cores: 2) == .finished)
    let curveProbes = first.record.probes.count { $0.purpose == .curve }
    #expect(curveProbes > 2)
    #expect(first.record.curveNote == nil)

    let bench = Bench(threshold: 8000)
    // The time of all of it, but for half of the curve, and some for a scale.
    let seconds = Double(whole.nowNs) / 1e9 - Double(curveProbes / 2) * 1.8
    let experiment = try bench.experiment {
      $0.probeMs = 1000
      $0.budgetSeconds = seconds + 30
      $0.scaleSeconds = 30
    }
    #expect(try experiment(cores: 2) == .finished)
    #expect(experiment.record.searches.map(\.outcome) == [.confirmed])
    #expect(experiment.record.curveNote == "the budget is used up")
    #expect(experiment.record.limit != nil)
    #expect(try experiment.scale(processes: [2, 4, 8], repeats: 2, seed: 1) == .finished)
  }

  @Test func `a probe of the curve that fails is a note, one that loses tasks is not`() throws {
    for (verdict, end) in [
      (Verdict.valid, CapacityExperiment.End.finished),
      (.invalid, .invalid("2 tasks lost")),
    ] {
      let bench = Bench(threshold: 8000)
      bench.change = { _, result in
        guard let label = result.axes.first?.label, let rate = Double(label.dropLast(2)),
          rate > 10_500, result.repeatNumber > 10
        else { return }
        (result.status, result.verdict) = (verdict == .valid ? .failed : .measured, verdict)
        result.detail = "2 tasks lost"
      }
      let experiment = try bench.experiment()
      #expect(try experiment(cores: 2) == end)
      #expect(experiment.record.searches.map(\.outcome) == [.confirmed])
      #expect(experiment.record.curveNote == (end == .finished ? "2 tasks lost" : nil))
    }
  }

  @Test func `an objective that is never met is impossible`() throws {
    let bench = Bench(threshold: 8000)
    let experiment = try bench.experiment("claim.p99 < 100us")
    #expect(try experiment(cores: 2) == .finished)
    #expect(experiment.record.searches.map(\.outcome) == [.impossible])
    #expect(experiment.record.limit == nil)
    #expect(experiment.record.rate == nil)
  }

  @Test func `a lowest rate that samples decide proves nothing impossible`() throws {
    let bench = Bench(threshold: 8000)
    // 3,688 samples take 480 tasks/s, a twelfth of the closed loop.
    let experiment = try bench.experiment("claim.p99 < 100us, claim.p999 < 1s")
    #expect(try experiment(cores: 2) == .finished)
    let search = try #require(experiment.record.searches.first)
    #expect(search.outcome == .unfinished)
    #expect(search.reason?.contains("a lower rate might do") == true)
    #expect(search.lowestFailed.map { $0 > 400 } == true)
  }

  @Test func `a closed loop that starves its consumers bounds no rate`() throws {
    let bench = Bench(threshold: 8000)
    bench.peak = 0
    let experiment = try bench.experiment()
    #expect(try experiment(cores: 2) == .finished)
    #expect(experiment.record.closedLoopPeak == 0)
    #expect(experiment.record.searches.map(\.outcome) == [.confirmed])
    // Far above the threshold, and no rate is the highest.
    let limitless = Bench(threshold: 1e9)
    limitless.peak = 0
    let other = try limitless.experiment()
    #expect(try other(cores: 2) == .finished)
    let search = try #require(other.record.searches.first)
    #expect(search.outcome == .unlimited && search.rate == 1_000_000)
    #expect(other.record.rate == nil && other.record.spread == nil)
  }

  @Test func `void probes are made again and count for nothing`() throws {
    let bench = Bench(threshold: 8000)
    bench.disturbed = { $0 == 2 || $0 == 10 }
    let experiment = try bench.experiment()
    #expect(try experiment(cores: 2) == .finished)
    #expect(experiment.record.voidProbes == 2 && experiment.record.voidBlocks == 2)
    #expect(experiment.record.disturbedProbes == 0 && experiment.record.disturbedBlocks == nil)
    #expect(!bench.stored.contains { [2, 10].contains($0.result.repeatNumber) })
  }

  @Test func `on a machine that has changed for good, probes count and are marked`() throws {
    let bench = Bench(threshold: 8000)
    bench.disturbed = { $0 > 6 }
    let experiment = try bench.experiment()
    #expect(try experiment(cores: 2) == .finished)
    #expect(experiment.record.voidProbes == 2)
    #expect(experiment.record.disturbedProbes > 20)
    #expect(bench.stored.contains { $0.result.conditions.state == .disturbed })
  }

  @Test func `what is known is saved after every probe, whatever comes then`() throws {
    let bench = Bench(threshold: 8000)
    bench.fullAfter = 12
    let experiment = try bench.experiment()
    #expect(throws: Bench.DiskFull.self) { try experiment(cores: 2) }
    let saved = try #require(bench.saved.last)
    #expect(saved.closedLoopPeak == bench.peak)
    #expect(saved.probes.count == 12 - 3 - 1)
    #expect(saved == experiment.record)

    let whole = Bench(threshold: 8000)
    let other = try whole.experiment()
    #expect(try other(cores: 2) == .finished)
    #expect(whole.saved.last == other.record)
    #expect(try other.scale(processes: [2, 4, 8], repeats: 2, seed: 1) == .finished)
    #expect(whole.saved.last == other.record)
  }

  @Test func `disturbed probes that the user wants are counted as such`() throws {
    let bench = Bench(threshold: 8000)
    bench.disturbed = { $0 == 2 || $0 == 10 }
    let experiment = try bench.experiment { $0.keepsDisturbed = true }
    #expect(try experiment(cores: 2) == .finished)
    #expect(experiment.record.voidProbes == 0 && experiment.record.disturbedProbes == 2)
    #expect(experiment.record.disturbedBlocks == 2)
    #expect(bench.stored.count { $0.result.conditions.state == .disturbed } == 2)
  }

  @Test func `lost tasks end everything`() throws {
    let bench = Bench(threshold: 8000)
    bench.change = { block, result in
      guard block == 7 else { return }
      result.verdict = .invalid
      result.detail = "2 tasks lost"
    }
    let experiment = try bench.experiment()
    #expect(try experiment(cores: 2) == .invalid("2 tasks lost"))
    #expect(bench.stored.last?.result.verdict == .invalid)
  }

  @Test func `a probe with too few samples is made longer, to a limit`() throws {
    let bench = Bench(threshold: 8000)
    var lengths: [Double] = []
    bench.change = { block, result in
      guard block > 3 else { return }
      lengths.append(result.measuredSeconds ?? 0)
      result.claim.latency.p99Us = nil
    }
    let experiment = try bench.experiment {
      $0.probeMs = 1000
      $0.longestProbeMs = 4000
    }
    #expect(try experiment(cores: 2) == .tooFewSamples("claim.p99"))
    #expect(lengths == [1, 2, 4])
  }

  @Test func `the scale shares no cell with the peak`() throws {
    let bench = Bench(threshold: 8000)
    var settings = CellSettings.standard
    (settings.producers, settings.consumers) = (3, 1)
    let experiment = try bench.experiment(settings: settings)
    #expect(try experiment(cores: 2) == .finished)
    let before = bench.stored.count
    #expect(try experiment.scale(processes: [2, 4, 8], repeats: 2, seed: 1) == .finished)
    let scale = bench.stored[before...]
    #expect(scale.count == 6)
    for (cell, _) in scale {
      #expect(cell.axisValues[0].label == "closed")
      #expect(cell.settings.producers == cell.settings.consumers)
    }
    let peak = bench.stored.filter { $0.cell.axisValues[0].label == "peak" }
    #expect(peak.count == 3)
    #expect(peak.allSatisfy { $0.cell.settings.producers == 3 && $0.cell.settings.consumers == 1 })
    #expect(Set(bench.stored.map(\.result.key)).count == bench.stored.count)
  }

  @Test func `the scale is measured in common blocks and fitted`() throws {
    let bench = Bench(threshold: 8000)
    let experiment = try bench.experiment { $0.searches = 0 }
    #expect(try experiment.scale(processes: [2, 4, 16, 32], repeats: 6, seed: 1) == .finished)
    let scale = try #require(experiment.record.scale)
    #expect(scale.points.map(\.processes) == [2, 4, 16, 32])
    #expect(scale.points.allSatisfy { $0.throughputs.count == 6 })
    #expect(abs((scale.sigma?.value ?? 0) - 0.1) < 1e-6)
    #expect(abs((scale.kappa?.value ?? 0) - 0.02) < 1e-6)
    #expect(abs((scale.peakProcesses?.value ?? 0) - (0.9 / 0.02).squareRoot()) < 1e-3)
    #expect(scale.points[0].lockBound == scale.points[0].throughputs[0] / 0.9)
    #expect(bench.blocks == 6)
  }
}
