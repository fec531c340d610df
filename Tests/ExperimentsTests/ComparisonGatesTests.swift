import Foundation
import LoadGeneration
import Results
import Scenarios
import Statistics
import Testing
import Verification

@testable import Experiments

/// The gates as `queuebench ab` sets them up, on made-up blocks.
@Suite struct ComparisonGatesTests {
  private func result(_ values: [(ComparedMetric, Double)]) -> RepeatResult {
    var result = RepeatResult(
      run: "", cell: "c01", repeatNumber: 1, axes: [], producers: 1, consumers: 1,
      status: .measured, verdict: .valid, detail: "")
    for (metric, value) in values {
      switch metric.name {
      case "throughput_per_s": result.throughputPerSecond = value
      case "claim_p50_us": result.claim.latency.p50Us = value
      case "enqueue_service_p10_us": result.enqueue.serviceP10Us = value
      case "claim_service_p10_us": result.claim.serviceP10Us = value
      case "complete_service_p10_us": result.complete.serviceP10Us = value
      case "enqueue_max_us": result.enqueue.latency.maxUs = value
      case "claim_max_us": result.claim.latency.maxUs = value
      default: Issue.record("what is \(metric.name)?")
      }
    }
    return result
  }

  /// A normal number, by Box and Muller.
  private func normal(_ random: inout SeededGenerator) -> Double {
    func uniform() -> Double { (Double(random.next() >> 11) + 0.5) / 9_007_199_254_740_992 }
    return (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
  }

  /// What two runs of one program differ by.
  private func noise(_ metric: ComparedMetric) -> Double {
    switch metric.name {
    case "throughput_per_s": return 0.15
    case "claim_p50_us": return 0.12
    case "enqueue_max_us", "claim_max_us": return 0.45
    default: return 0.04
    }
  }

  /// Compares until the gates know; `worse` is the median difference of each metric.
  private func compare(
    blocks: Int, _ random: inout SeededGenerator, worse: (ComparedMetric) -> Double
  ) -> (decision: SequentialGate.Decision, blocks: Int) {
    var gates = ComparisonGates(cells: ["c01"], metrics: ComparedMetric.standard, rules: .init())
    var count = 0
    while gates.decision == .undecided, count < blocks {
      count += 1
      let values = ComparedMetric.standard.map { metric in
        let difference = worse(metric) + noise(metric) * normal(&random)
        return (metric, 100 * exp(metric.isMoreWorse ? difference : -difference))
      }
      gates.add(
        cell: "c01", base: result(ComparedMetric.standard.map { ($0, 100) }), head: result(values))
    }
    return (gates.decision, count)
  }

  @Test func equalSidesPassSoonAndHardlyEverFail() {
    var random = SeededGenerator(seed: 11)
    let results = (0..<1000).map { _ in compare(blocks: 60, &random) { _ in 0 } }
    #expect(results.count { $0.decision == .failed } <= 1)
    #expect(results.count { $0.decision == .passed } >= 990)
    #expect(median(of: results.map { Double($0.blocks) }) ?? 99 <= 18)
  }

  /// The worst that is not worse: everything lies exactly on its margin.
  @Test func onTheMarginAlarmsAreAsRareAsPromised() {
    var random = SeededGenerator(seed: 12)
    let failed = (0..<1000).count { _ in
      compare(blocks: 100, &random) { log1p($0.margin ?? 0.05) }.decision == .failed
    }
    // 1 % of 1000 and three standard deviations.
    #expect(failed <= 20)
  }

  @Test func aSlowerClaimIsFound() {
    var random = SeededGenerator(seed: 13)
    let results = (0..<300).map { _ in
      compare(blocks: 120, &random) { $0.name == "claim_service_p10_us" ? log(1.1) : 0 }
    }
    #expect(results.count { $0.decision == .failed } >= 290)
    #expect(!results.contains { $0.decision == .passed })
    #expect(median(of: results.map { Double($0.blocks) }) ?? 999 <= 40)
  }

  /// What waits for the lock, and nothing else.
  @Test func aSlowerWayThroughTheCrowdIsFound() {
    var random = SeededGenerator(seed: 14)
    let results = (0..<300).map { _ in
      compare(blocks: 120, &random) { $0.name == "claim_max_us" ? log(4) : 0 }
    }
    #expect(results.count { $0.decision == .failed } >= 290)
    #expect(!results.contains { $0.decision == .passed })
  }

  @Test func lessThroughputIsWorse() {
    let metric = ComparedMetric(.throughput)
    let (slow, fast) = (result([(metric, 50)]), result([(metric, 100)]))
    #expect(metric.difference(base: fast, head: slow) == log(2))
    #expect(metric.difference(base: slow, head: fast) == -log(2))
    #expect(ComparedMetric(named: "slowest_worker_share")?.isMoreWorse == false)
    let latency = ComparedMetric(.latency(.claim, .p50))
    #expect(
      latency.difference(base: result([(latency, 50)]), head: result([(latency, 100)])) == log(2))
  }

  @Test func theLimitThatIsAppliedIsTheOneThatIsShown() throws {
    func expectation(_ name: String) throws -> String {
      let metric = try #require(ComparedMetric(named: name, margin: 0.25))
      let gates = ComparisonGates(cells: ["c01"], metrics: [metric], rules: .init())
      return gates.places[0].expectation
    }
    #expect(try expectation("claim.p50") == "claim_p50_us at most 25 % more")
    #expect(try expectation("throughput") == "throughput_per_s at most 20 % less")
  }

  @Test func nothingAgainstNothingIsNoDifference() {
    let metric = ComparedMetric(.throughput)
    let (none, some) = (result([(metric, 0)]), result([(metric, 1)]))
    #expect(metric.difference(base: none, head: none) == 0)
    #expect(metric.difference(base: some, head: none) == .infinity)
    #expect(metric.difference(base: none, head: some) == -.infinity)
    // Whoever does not know the number is not worse for that.
    #expect(metric.difference(base: some, head: result([])) == nil)
    // A gate takes it, and the estimate is left out.
    var gates = ComparisonGates(cells: ["c01"], metrics: [metric], rules: .init())
    gates.add(cell: "c01", base: some, head: none)
    #expect(gates.places[0].gate.count == 1 && gates.places[0].ratio == nil)
    gates.add(cell: "c01", base: some, head: result([]))
    #expect(gates.places[0].gate.count == 1 && gates.places[0].missing == 1)
  }

  /// What is too slow for a percentile must not count as if it had not been measured.
  @Test func whoDidTooLittleForAPercentileIsWorse() throws {
    let metric = try #require(ComparedMetric(named: "claim.p50"))
    let some = result([(metric, 10)])
    var (slow, old) = (result([]), result([]))
    (slow.claim.count, old.claim.count) = (5, 6)
    #expect(metric.difference(base: some, head: slow) == .infinity)
    #expect(metric.difference(base: slow, head: some) == -.infinity)
    #expect(metric.difference(base: slow, head: slow) == nil)
    // Six are enough for a median: it must be the version.
    #expect(metric.difference(base: some, head: old) == nil)
    var gates = ComparisonGates(cells: ["c01"], metrics: [metric], rules: .init())
    for _ in 0..<20 { gates.add(cell: "c01", base: some, head: slow) }
    #expect(gates.decision == .failed)
    #expect(gates.places[0].silentSide(after: 20) == nil)
    for (base, head, side) in [
      (old, some, "base"), (some, old, "head"), (old, old, "neither side"),
      // Better than nothing, but not known to be.
      (slow, some, "base"),
    ] {
      var gates = ComparisonGates(cells: ["c01"], metrics: [metric], rules: .init())
      gates.add(cell: "c01", base: base, head: head)
      #expect(gates.places[0].silentSide(after: 1) == side)
    }
  }

  @Test(arguments: [
    ("claim_p99_us", "claim_p99_us"), ("claim.p99", "claim_p99_us"),
    ("throughput", "throughput_per_s"), ("enqueue.mean", "enqueue_mean_us"),
    ("busy_error_rate", "busy_error_rate"),
  ])
  func metricsHaveTheNamesOfColumnsAndTargets(name: String, column: String) {
    #expect(ComparedMetric(named: name)?.name == column)
  }

  @Test(arguments: [
    "littles_law_ratio", "phase_sum_ratio", "steady_from_s", "probe_fsync_us", "probe_cpu_us",
  ])
  func whatIsBestInTheMiddleHasNoWorseSide(name: String) {
    #expect(ComparedMetric(named: name)?.hasWorseSide == false)
    #expect(ComparedMetric(named: "claim.p50")?.hasWorseSide == true)
  }

  @Test(arguments: ["", "claim", "claim.p98", "p99", "throughput_per_s_us"])
  func otherNamesAreNone(name: String) { #expect(ComparedMetric(named: name) == nil) }

  private func plan(_ budget: Comparison.Budget) -> Comparison.Plan {
    let cell = Cell(settings: .standard)
    var plan = Comparison.Plan(cells: [ComparedCell(base: cell, head: cell)], seed: 1)
    plan.budget = budget
    return plan
  }

  @Test func aBudgetThatCanNeverFailIsTooSmall() throws {
    // Seven gates share 1 %: (1.8^n) / 4 and its sisters pass 700 with the 14th block.
    let complaint = try #require(plan(.blocks(13)).budgetComplaint)
    #expect(complaint.contains("13 blocks") && complaint.contains("14 to fail"), "\(complaint)")
    #expect(plan(.blocks(14)).budgetComplaint == nil)
    let seconds = plan(.blocks(14)).expectedBlockSeconds
    #expect(plan(.seconds(13.5 * seconds)).budgetComplaint?.contains("which is 13 blocks") == true)
    #expect(plan(.seconds(14.5 * seconds)).budgetComplaint == nil)
  }
}
