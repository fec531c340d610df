import Results
import SQLite
import Scenarios
import Testing
import Verification

@testable import Experiments
@testable import LoadGeneration

/// Whole tuning runs on a machine that is made up.
@Suite("Tuning runs")
struct TuningRunTests {
  /// Stands in for databases and processes, and keeps what is stored.
  final class Bench {
    let scenario: Scenario
    let space: TuningSpace
    /// Tasks per second of each configuration.
    var throughput: [Double]
    var nowNs: UInt64 = 0
    var blocks = 0
    var secondsPerRun = 1.0
    var rows: [RepeatResult] = []
    var written: TuningRecord?
    /// Changes what a configuration brought in a block.
    var change: (_ configuration: Int, _ block: Int, inout RepeatResult) -> Void = { _, _, _ in }
    var disturbed: (Int) -> Bool = { _ in false }
    private var random = SeededGenerator(seed: 5)

    /// As many configurations as there are throughputs, the default first; they differ in the cache, or in how
    /// far the log may grow.
    init(_ throughput: [Double], growingLog: Bool = false) throws {
      let values = (1...throughput.count).map {
        growingLog ? "{pinned: {pages: \($0 * 1000)}}" : "-\($0 * 1000)"
      }.joined(separator: ", ")
      scenario = try Scenario.parse(
        yaml: """
          name: a
          question: b?
          settings: {producers: 1, consumers: 1, journal_mode: WAL}
          axes: {\(growingLog ? "checkpoint" : "cache_size"): [\(values)]}
          """, file: "a.yaml")
      space = try TuningSpace(scenario, durability: .process)
      self.throughput = throughput
    }

    func measure(_ cells: [Cell], _ times: PhaseTimes) throws -> BlockSeries.Block {
      blocks += 1
      nowNs += UInt64(Double(cells.count) * secondsPerRun * 1e9)
      let findings = try cells.map { cell in
        let index = try #require(space.configurations.firstIndex { $0.cell.id == cell.id })
        var result = RepeatResult(
          run: "r", cell: cell.id, repeatNumber: blocks,
          axes: cell.axisValues.map { .init(name: $0.name, label: $0.label) }, producers: 1,
          consumers: 1, status: .measured, verdict: .valid, detail: "")
        let noise = 1 + 0.01 * SimulatedLoad.normal(&random)
        let tasks = Int(5000 * throughput[index] * noise)
        result.measuredSeconds = 10
        (result.enqueued, result.claimed, result.completed) = (tasks, tasks, tasks)
        for operation in MeasuredOperation.allCases {
          result[operation].count = tasks
          result[operation].latency.p99Us = 1e6 / (throughput[index] * noise)
        }
        result.lock.checkpoints = 3
        change(index, blocks, &result)
        return RepeatFindings(result: result)
      }
      return BlockSeries.Block(
        number: blocks, findings: findings, disturbance: disturbed(blocks) ? "fsync slow" : nil)
    }

    func run(
      seconds: Double, objective: TuningObjective = .throughput, keepsDisturbed: Bool = false,
      tryPromise: ((Cell) throws -> TuningRun.Promise)? = nil
    ) throws -> TuningRecord {
      try TuningRun(
        space: space, scenario: scenario, objective: objective,
        plan: TuningPlan(budgetSeconds: seconds, secondsPerRun: 1),
        times: PhaseTimes(warmupMs: 100, measureMs: 10_000, drainMs: 100), run: "r",
        keepsDisturbed: keepsDisturbed, measure: { [self] in try measure($0, $1) },
        store: { [self] findings, _ in rows.append(findings.result) },
        write: { [self] in written = $0 }, tryPromise: tryPromise, nowNs: { [self] in nowNs })()
    }
  }

  @Test func `a default that is the worst of a race is beaten, not given up`() throws {
    let bench = try Bench([1, 2, 2.1, 2.2, 2.3, 2.4, 2.5, 3])
    let record = try bench.run(seconds: 400)
    #expect(record.blocks.contains { $0.stage == "race" })
    #expect(record.dropped.contains { $0.stage == "race" })
    #expect(!record.dropped.contains { $0.cell == "c01" })
    let recommendation = try #require(record.recommendation)
    #expect(recommendation.isConfirmed && recommendation.cell == "c08")
    #expect(record.confirmed.first?.cell == "c01")
    #expect(bench.written == record)
    let effect = try #require(record.effects.first)
    #expect(effect.setting == "cache_size" && effect.standard == "-1000")
    #expect(effect.values.count == 7 && effect.values[0].value == "-8000")
    #expect(abs(effect.values[0].gain / 3 - 1) < 0.1)
  }

  @Test func `the best is not recommended if power cuts break its promise`() throws {
    let bench = try Bench([1, 2, 3, 4])
    var tried: [String] = []
    let record = try bench.run(seconds: 300) { cell in
      tried.append(cell.id)
      return cell.id == "c04" ? .broken("3 of 10 power cuts damaged the database") : .kept
    }
    #expect(Set(tried).count == tried.count && tried.contains("c01") && tried.contains("c04"))
    #expect(record.recommendation?.cell == "c03" && record.recommendation?.isConfirmed == true)
    let drop = try #require(record.dropped.first { $0.cell == "c04" })
    #expect(drop.kind == .invalid && drop.reason.contains("damaged"))
    #expect(!record.invalid.isEmpty)
    #expect(!record.blocks.contains { $0.stage == "confirmation" && $0.cells.contains("c04") })
  }

  @Test func `whatever is recommended has stood power cuts`() throws {
    let bench = try Bench([1, 2, 3, 4])
    var kept: Set<String> = []
    let record = try bench.run(seconds: 300) { cell in
      kept.insert(cell.id)
      return .kept
    }
    let recommended = try #require(record.recommendation?.cell)
    #expect(kept.contains(recommended))
    #expect(!record.notes.contains { $0.contains("power cut") })
  }

  @Test func `power cuts that cannot be tried are tried again, and told of`() throws {
    let bench = try Bench([1, 2, 3, 4])
    var tries: [String: Int] = [:]
    let record = try bench.run(seconds: 300) { cell in
      tries[cell.id, default: 0] += 1
      return cell.id == "c04" ? .untried("the disk is full") : .kept
    }
    #expect(tries["c04"] == 2 && tries["c01"] == 1)
    #expect(record.notes.filter { $0.contains("c04: no power cut could be tried") }.count == 1)
  }

  @Test func `a default that breaks its promise is an error`() throws {
    let bench = try Bench([1, 2, 3])
    let failure = #expect(throws: TuningRun.Failure.self) {
      _ = try bench.run(seconds: 200) { $0.id == "c01" ? .broken("power cuts lost it") : .kept }
    }
    #expect(failure?.isInvalid == true && failure?.description.contains("lost it") == true)
  }

  @Test func `a default that cannot run is an error`() throws {
    let bench = try Bench([1, 2, 3])
    bench.change = { index, _, result in
      if index == 0 { (result.status, result.detail) = (.refused, "no such setting") }
    }
    let failure = #expect(throws: TuningRun.Failure.self) { _ = try bench.run(seconds: 200) }
    #expect(failure?.description.contains("no such setting") == true)
    #expect(failure?.isInvalid == false)
  }

  @Test(arguments: [1, 4])
  func `where nothing else can be measured nothing is recommended`(block: Int) throws {
    let bench = try Bench([1, 2, 3])
    bench.change = { index, number, result in
      if index > 0, number >= block { result.status = .failed }
    }
    let record = try bench.run(seconds: 200)
    #expect(record.recommendation?.isConfirmed != true)
    #expect(record.notes.contains { $0.contains("nothing was compared") })
    // No blocks of the default alone.
    #expect(record.blocks.allSatisfy { $0.cells.count > 1 } && record.blocks.count == block)
  }

  @Test(arguments: [1.2, 2, 5])
  func `runs slower than planned cost the conclusion, not the budget`(
    secondsPerRun: Double
  ) throws {
    for seconds in [60.0, 100, 200] {
      let bench = try Bench([1, 2, 2.1, 2.2, 2.3, 2.4, 2.5, 3])
      bench.secondsPerRun = secondsPerRun
      let record = try bench.run(seconds: seconds)
      // The last block may be a little longer than those before.
      #expect(record.elapsedSeconds <= 1.1 * seconds)
      let confirmed = record.blocks.count { $0.stage == "confirmation" }
      #expect(record.recommendation?.isConfirmed == (confirmed >= 8), "\(seconds)")
      if confirmed < 8 { #expect(record.notes.contains { $0.contains("nothing is confirmed") }) }
    }
  }

  @Test(arguments: [true, false])
  func `disturbed blocks that count are counted, and too many of them confirm nothing`(
    keepsDisturbed: Bool
  ) throws {
    let bench = try Bench([1, 2, 3])
    bench.disturbed = { _ in true }
    let record = try bench.run(seconds: 200, keepsDisturbed: keepsDisturbed)
    let counted = record.blocks.filter { $0.disturbance == nil }
    #expect(!counted.isEmpty && counted.allSatisfy { $0.tolerated == "fsync slow" })
    let recommendation = try #require(record.recommendation)
    if keepsDisturbed {
      // Who wants it so gets an answer.
      #expect(counted.count == record.blocks.count)
      #expect(recommendation.isConfirmed && recommendation.doubt == nil)
    } else {
      #expect(counted.count <= record.blocks.count / 3 + 1)
      #expect(!recommendation.isConfirmed)
    }
    let calm = try Bench([1, 2, 3])
    calm.disturbed = { $0 == 3 }
    let calmRecord = try calm.run(seconds: 200)
    #expect(calmRecord.blocks.count { $0.disturbance != nil } == 1)
    #expect(calmRecord.recommendation?.isConfirmed == true)
  }

  @Test func `tasks lost under the default are no ordinary failure`() throws {
    let bench = try Bench([1, 2, 3])
    bench.change = { index, _, result in if index == 0 { result.verdict = .invalid } }
    let failure = #expect(throws: TuningRun.Failure.self) { _ = try bench.run(seconds: 200) }
    #expect(failure?.isInvalid == true)
  }

  @Test(arguments: [2, 12, 26], [true, false])
  func `who loses tasks is out at any time, void block or not`(
    block: Int, isVoid: Bool
  ) throws {
    let bench = try Bench([1, 2, 3])
    bench.change = { index, number, result in
      if index == 2, number == block {
        (result.verdict, result.detail) = (.invalid, "2 tasks lost")
      }
    }
    bench.disturbed = { isVoid && $0 == block }
    let record = try bench.run(seconds: 150)
    #expect(record.invalid.map(\.cell) == ["c03"])
    #expect(record.invalid.first?.reason.contains("2 tasks lost") == true)
    #expect(record.recommendation?.cell != "c03")
    for later in record.blocks where later.number > block {
      #expect(!later.cells.contains("c03"))
    }
  }
}
