import Results
import Statistics
import Testing
import Verification

@testable import Experiments
@testable import LoadGeneration

/// The trial of a tuner, on a machine that is made up.
@Suite("Tuner trial")
struct TunerTrialTests {
  private func trial(_ bench: TuningRunTests.Bench) -> TunerTrial {
    TunerTrial(
      space: bench.space, objective: .throughput, seed: 1,
      measure: { [bench] in
        try bench.measure($0, PhaseTimes(warmupMs: 1, measureMs: 1, drainMs: 1))
      }, store: { [bench] findings, _ in bench.rows.append(findings.result) })
  }

  @Test func `the best of the factorial are found and the choice is held against the worst loss`()
    throws
  {
    let bench = try TuningRunTests.Bench([1, 1.5, 2, 2.2, 2.1, 1.9])
    let trial = trial(bench)
    let factorial = try trial.factorial(repeats: 6)
    #expect(factorial.best == [3, 4, 2] && factorial.omitted.isEmpty)
    #expect(bench.rows.count == 36)
    guard case .measured(let loss) = try trial.compare(choice: 1, best: factorial.best, blocks: 12)
    else {
      Issue.record("nothing was compared")
      return
    }
    let estimate = try #require(loss.estimate)
    #expect(loss.rivals == 3 && loss.pairs == 12 && loss.failures.isEmpty)
    #expect(abs(estimate.value / (2.2 / 1.5) - 1) < 0.02)
    let interval = try #require(estimate.interval)
    #expect(interval.low <= estimate.value && estimate.value <= interval.high)
    #expect(trial.invalid.isEmpty)
    #expect(try trial.compare(choice: 3, best: [3], blocks: 10) == .sameConfiguration)
    // Even the best of the factorial is compared with the next.
    #expect(try trial.compare(choice: 3, best: factorial.best, blocks: 10) != .sameConfiguration)
  }

  @Test func `what failed once or never came to a checkpoint is not the best`() throws {
    let bench = try TuningRunTests.Bench([1, 1.5, 3, 2.9], growingLog: true)
    bench.change = { index, block, result in
      if index == 2, block == 2 { result.status = .failed }
      if index == 3 { result.lock.checkpoints = 0 }
    }
    let factorial = try trial(bench).factorial(repeats: 4)
    #expect(factorial.best == [1, 0])
    #expect(factorial.omitted.map(\.configuration) == [2, 3])
    // What lets the log grow no further has just written less.
    let cache = try TuningRunTests.Bench([1, 1.5, 3, 2.9])
    cache.change = { index, _, result in
      if index > 0 { result.lock.checkpoints = 0 }
    }
    #expect(try trial(cache).factorial(repeats: 4).omitted.isEmpty)
    // Where the default comes to none either, all are alike.
    bench.change = { _, _, result in result.lock.checkpoints = 0 }
    #expect(try trial(bench).factorial(repeats: 4).best == [2, 3, 1])
  }

  @Test func `failures of the choice and lost tasks are not left out in silence`() throws {
    let bench = try TuningRunTests.Bench([1, 2])
    let trial = trial(bench)
    bench.change = { index, block, result in
      if index == 0, block % 4 == 0 { (result.verdict, result.detail) = (.invalid, "1 lost") }
    }
    guard case .measured(let loss) = try trial.compare(choice: 0, best: [1], blocks: 12) else {
      Issue.record("nothing was compared")
      return
    }
    #expect(loss.pairs == 9 && loss.failures.count == 3)
    #expect(trial.invalid.count == 3 && trial.invalid[0].contains("1 lost"))
  }

  /// A loss by what it comes to.
  struct Case: Sendable {
    var low: Double?
    var high: Double?
    var failures = 0
    var disturbed = 0
    let outcome: TunerVerdict.Outcome
  }

  @Test(arguments: [
    Case(low: 0.99, high: 1.05, outcome: .met), Case(low: 0.99, high: 1.06, outcome: .inconclusive),
    Case(low: 1.051, high: 1.06, outcome: .missed), Case(outcome: .inconclusive),
    Case(low: 0.9, high: 0.95, failures: 1, outcome: .inconclusive),
    Case(low: 0.9, high: 0.95, failures: 6, outcome: .missed),
    Case(failures: 12, outcome: .missed),
    Case(low: 0.9, high: 0.95, disturbed: 3, outcome: .met),
    Case(low: 0.9, high: 0.95, disturbed: 4, outcome: .inconclusive),
  ])
  func `the gate passes only what was measured well`(given: Case) {
    let interval = given.low.flatMap { low in given.high.map { Interval(low: low, high: $0) } }
    let estimate = interval.map { Estimate(value: ($0.low + $0.high) / 2, interval: $0) }
    let verdict = TunerVerdict(
      quality: .measured(
        .init(
          estimate: estimate, rivals: 3, blocks: 12, pairs: 12 - given.failures,
          failures: Array(repeating: "it broke off", count: given.failures),
          disturbed: given.disturbed)), margin: 0.05, what: "p99")
    #expect(verdict.outcome == given.outcome, "\(verdict)")
    #expect(verdict.explanation.isEmpty == (given.outcome == .met))
  }

  @Test func `only the same configuration needs no measurement, and the time has a limit`() {
    let same = TunerVerdict(quality: .sameConfiguration, margin: 0.05, what: "p99")
    #expect(same.outcome == .met && same.measured.contains("same configuration"))
    let factorial = TunerTrial.Factorial(best: [0], configurations: 96, repeats: 8, seconds: 500)
    let met = TunerVerdict(speed: 100, of: factorial, part: 5)
    #expect(met.outcome == .met)
    #expect(met.measured == "100 s of 500 s (1/5.0), 96 configurations × 8 runs")
    #expect(TunerVerdict(speed: 101, of: factorial, part: 5).outcome == .missed)
  }
}
