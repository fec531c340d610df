import LoadGeneration
import Results
import Scenarios
import Statistics
import Testing
import Verification

@testable import Experiments

/// Comparisons of made-up sides: what counts, what ends them, and in which order the sides go.
@Suite struct ComparisonTests {
  /// Who was asked for what, in the order of asking.
  private final class Log {
    var requests: [(side: String, cell: String, block: Int)] = []
  }

  /// A side whose claims take as long as it is told.
  private final class Side: ComparedSide {
    let name: String
    let log: Log
    /// What comes of a block, by its number; the microseconds of all metrics.
    var answer: (Int) throws -> Double = { _ in 100 }
    var verdict: (Int) -> Verdict = { _ in .valid }
    var status: (Int) -> RepeatStatus = { _ in .measured }
    /// Whether it knows the service times.
    var isOld = false
    var counted = BlockClient.Costs.failed("nobody asked")

    init(_ name: String, _ log: Log) {
      self.name = name
      self.log = log
    }

    func measure(
      _ cell: Cell, block: Int, times: PhaseTimes, seed: UInt64
    ) throws -> BlockClient.Answer {
      log.requests.append((name, cell.id, block))
      let us = try answer(block)
      var result = RepeatResult(
        run: "", cell: cell.id, repeatNumber: block, axes: [], producers: 1, consumers: 1,
        status: status(block), verdict: verdict(block), detail: "as told")
      result.throughputPerSecond = 1e6 / us
      for operation in MeasuredOperation.allCases {
        result[operation].count = 1000
        result[operation].latency.p50Us = us
        result[operation].latency.maxUs = us
        result[operation].serviceP10Us = isOld ? nil : us
      }
      return BlockClient.Answer(result: result, pragmas: [:])
    }

    func costs(of cell: Cell, seed: UInt64) throws -> BlockClient.Costs { counted }
  }

  private let log = Log()
  private let base: Side
  private let head: Side

  init() {
    base = Side("base", log)
    head = Side("head", log)
  }

  private func plan(blocks: Int = 40, cells: Int = 1, consumers: Int = 1) -> Comparison.Plan {
    var settings = CellSettings.standard
    (settings.producers, settings.consumers) = (1, consumers)
    let cells = (1...cells).map { Cell(id: "c0\($0)", axisValues: [], settings: settings) }
    var plan = Comparison.Plan(cells: cells.map { ComparedCell(base: $0, head: $0) }, seed: 7)
    plan.budget = .blocks(blocks)
    plan.countsCosts = false
    return plan
  }

  /// Runs the plan on a machine that is disturbed whenever `isDisturbed` says so of a probe, from 0; the first five
  /// calibrate.
  private func compare(
    _ plan: Comparison.Plan, isDisturbed: @escaping (Int) -> Bool = { _ in false },
    onBlock: (Comparison.Block) -> Void = { _ in }
  ) throws -> Comparison.Outcome {
    var probes = 0
    return try Comparison(plan: plan, base: base, head: head) {
      try WatchedMachine {
        defer { probes += 1 }
        return ControlProbe(fsyncUs: isDisturbed(probes) ? 9999 : 10, lockUs: 10, cpuUs: 10)
      }
    }(onBlock: onBlock)
  }

  @Test func equalSidesPassAndAWorseOneFails() throws {
    #expect(try compare(plan()).decision == .passed)
    head.answer = { _ in 150 }
    let outcome = try compare(plan())
    #expect(outcome.decision == .failed && outcome.broken == nil)
    #expect(outcome.blocks == plan().emptyGates.fewestBlocksToFail)
  }

  @Test func voidBlocksAreSeenByNobodyAndDoNotUseUpTheBudget() throws {
    // The sixth probe is the first after a block, and the seventh is made anew before the next one, because the
    // sixth was bad: blocks 1 and 2 are void.
    head.answer = { $0 <= 2 ? 1e9 : 100 }
    var voids: [Int] = []
    let fewest = plan().emptyGates.fewestBlocksToPass
    let outcome = try compare(plan(blocks: fewest), isDisturbed: { (5...6).contains($0) }) {
      block in
      if block.disturbance != nil { voids.append(block.number) }
    }
    #expect(voids == [1, 2] && outcome.voidBlocks == 2)
    #expect(outcome.decision == .passed && outcome.blocks == fewest)
    #expect(outcome.gates.places.allSatisfy { $0.gate.count == fewest })
  }

  @Test func aBudgetOfBlocksEndsEvenIfAllAreVoid() throws {
    let outcome = try compare(plan(blocks: 4), isDisturbed: { $0 >= 5 && $0 % 2 == 1 })
    #expect(outcome.decision == .undecided && outcome.blocks <= 4)
    #expect(outcome.blocks + outcome.voidBlocks <= 12)
  }

  @Test func theBudgetIsKept() throws {
    // Exactly on no side's side: neither worse nor fine for long.
    head.answer = { $0.isMultiple(of: 2) ? 300 : 30 }
    let outcome = try compare(plan(blocks: 9))
    #expect(outcome.decision == .undecided && outcome.blocks == 9)
    var none = plan()
    none.budget = .seconds(0)
    #expect(try compare(none).blocks == 0)
  }

  @Test func theOrderIsRandomAndBalanced() throws {
    head.answer = { $0.isMultiple(of: 2) ? 300 : 30 }
    let outcome = try compare(plan(blocks: 200, cells: 3))
    try #require(outcome.blocks == 200)
    // Both sides of a cell come one right after the other.
    let pairs = stride(from: 0, to: log.requests.count, by: 2).map {
      (log.requests[$0], log.requests[$0 + 1])
    }
    #expect(pairs.allSatisfy { $0.cell == $1.cell && $0.block == $1.block && $0.side != $1.side })
    // 600 tosses and 200 of a die with three sides, four standard deviations each.
    let baseFirst = pairs.count { $0.0.side == "base" }
    #expect((251...349).contains(baseFirst), "\(baseFirst)")
    for cell in ["c01", "c02", "c03"] {
      let first = stride(from: 0, to: pairs.count, by: 3).count { pairs[$0].0.cell == cell }
      #expect((40...94).contains(first), "\(cell) \(first)")
    }
  }

  @Test func aSideThatCannotBeMeasuredEndsIt() throws {
    head.status = { $0 == 3 ? .failed : .measured }
    let outcome = try compare(plan())
    #expect(outcome.broken?.place == "head, c01" && outcome.broken?.isInvalid == false)
    #expect(outcome.blocks == 2 && outcome.decision == .undecided)
  }

  @Test func anInvalidHistoryEndsItOnADisturbedMachineToo() throws {
    base.verdict = { $0 == 1 ? .invalid : .valid }
    head.status = { _ in .failed }
    let outcome = try compare(plan(), isDisturbed: { $0 == 5 })
    #expect(outcome.broken?.place == "base, c01" && outcome.broken?.isInvalid == true)
  }

  @Test func whatADisturbedMachineDidNotLetRunIsOnlyVoid() throws {
    head.status = { $0 <= 2 ? .failed : .measured }
    let outcome = try compare(plan(), isDisturbed: { (5...6).contains($0) })
    #expect(outcome.broken == nil && outcome.decision == .passed)
  }

  @Test func aSideThatDiesEndsItWithWhatThereWas() throws {
    base.answer = { block in
      if block == 4 { throw BlockClient.Failure(name: "base", description: "ended") }
      return 100
    }
    let outcome = try compare(plan())
    #expect(outcome.broken?.place == "base" && outcome.blocks == 3)
    base.answer = { _ in throw CancellationError() }
    #expect(throws: CancellationError.self) { try compare(plan()) }
  }

  // MARK: Values that are not there

  @Test func anOlderBaseIsComparedByWhatItKnows() throws {
    base.isOld = true
    let outcome = try compare(plan())
    #expect(outcome.decision == .passed)
    #expect(outcome.silences.count == 3)
    #expect(
      outcome.silences.first?.hasPrefix("c01: base has no enqueue_service_p10_us in 3 blocks")
        == true, "\(outcome.silences)")
    // What was asked for by name is not left out.
    var asked = plan()
    asked.metrics = ComparedMetric.standard
    let stopped = try compare(asked)
    #expect(stopped.decision == .undecided && stopped.blocks == 3)
    #expect(stopped.silences.count == 3)
  }

  @Test func nobodyIsComparedByWhatNobodyDoes() throws {
    let names = plan(consumers: 0).emptyGates.places.map(\.metric.name)
    #expect(names == ["enqueue_service_p10_us", "throughput_per_s", "enqueue_max_us"])
    #expect(plan().emptyGates.places.count == ComparedMetric.standard.count)
  }

  // MARK: Costs

  private func costs(
    steps: Int = 100, plan: String = "SEARCH", sqlite: String = "3", method: Int = 1
  ) -> BlockClient.Costs {
    let costs = OperationCosts(
      tasks: 1, walFrames: 1, fsyncs: 0,
      statements: [.init(sql: "SELECT 1", runs: 1, vmSteps: steps, plan: [plan])])
    var profile = CostProfile(
      settingsHash: "h", sqlite: SQLiteBuild(version: sqlite, sourceID: sqlite, options: []),
      enqueue: costs, claim: costs, complete: costs)
    profile.method = method
    return .counted(profile)
  }

  private func compareCosts(
    _ base: BlockClient.Costs, _ head: BlockClient.Costs, headSettings: CellSettings? = nil
  ) throws -> Comparison.Outcome {
    var plan = plan()
    plan.countsCosts = true
    if let headSettings {
      let cell = plan.cells[0].base
      let other = Cell(id: cell.id, axisValues: [], settings: headSettings)
      plan.cells = [ComparedCell(base: cell, head: other)]
    }
    (self.base.counted, self.head.counted) = (base, head)
    return try compare(plan)
  }

  @Test func costsAreComparedExactlyBeforeAnythingIsTimed() throws {
    let worse = try compareCosts(costs(), costs(steps: 101))
    #expect(worse.decision == .failed && worse.blocks == 0)
    #expect(try compareCosts(costs(), costs(steps: 99)).decision == .passed)
    // Another plan is another plan, even if it does not cost more here.
    #expect(try compareCosts(costs(), costs(plan: "SCAN")).decision == .failed)
    #expect(try compareCosts(costs(), costs(steps: 99, plan: "SCAN")).decision == .failed)
    var other = CellSettings.standard
    (other.producers, other.consumers, other.batchSize) = (1, 1, 2)
    let settings = try compareCosts(costs(), costs(steps: 999, plan: "SCAN"), headSettings: other)
    #expect(settings.decision == .passed)
  }

  @Test func costsThatCannotBeComparedDoNotPass() throws {
    #expect(try compareCosts(costs(), costs(method: 2)).decision == .undecided)
    // That of another SQLite is said, and no more.
    #expect(try compareCosts(costs(), costs(sqlite: "4")).decision == .passed)
  }

  @Test func aBrokenBaseIsNoFailureOfHead() throws {
    let broken = try compareCosts(.failed("no index"), costs())
    #expect(broken.broken?.place == "base, c01" && broken.decision == .undecided)
    #expect(broken.broken?.detail.contains("no index") == true && broken.blocks == 0)
    let head = try compareCosts(costs(), .failed("no index"))
    #expect(head.broken == nil && head.decision == .failed)
  }
}
