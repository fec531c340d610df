internal import Foundation
package import Platform
internal import Results
internal import Scenarios
package import Statistics

/// Measures what measuring costs: the same saturated load with and without all instrumentation.
///
/// What counts is the queue's work: tasks enqueued and tasks completed. With instrumentation, processes look at the clock around operations, locks and commits, count writes and syncs, and log
/// every operation, and the harness reads the logs. Without it, they count tasks. Both are compared by those
/// counts, in pairs of blocks of which a seeded coin decides who goes first.
package struct InstrumentationTrial {
  /// What is measured.
  package struct Plan: Sendable {
    package var producers = 4
    package var consumers = 4
    /// Pairs of blocks.
    package var pairs = 21
    package var warmupMs = 300
    package var measureMs = 2000
    package var seed: UInt64 = 42

    package init() {}
  }

  /// One pair of blocks, in tasks enqueued or completed per second.
  package struct Pair: Sendable {
    package let with: Double
    package let without: Double
  }

  /// What came out.
  package struct Report: Sendable {
    package let pairs: [Pair]
    /// Throughput with instrumentation, relative to that without.
    package let ratio: Estimate?
  }

  private let plan: Plan
  private let blocks: BlockRunner

  /// `executable` is this program, `directory` is made for the databases and removed at the end.
  package init(
    plan: Plan, executable: String, directory: String, interrupts: InterruptMonitor
  ) throws {
    self.plan = plan
    blocks = try BlockRunner(
      executable: executable, directory: directory,
      times: PhaseTimes(warmupMs: plan.warmupMs, measureMs: plan.measureMs, drainMs: 0),
      seed: plan.seed, interrupts: interrupts)
  }

  /// Runs all pairs; `onPair` hears of each.
  package func callAsFunction(onPair: (Int, Pair) -> Void) throws -> Report {
    var random = SeededGenerator(seed: plan.seed)
    var pairs: [Pair] = []
    for number in 1...plan.pairs {
      let order = random.next() % 2 == 0 ? [true, false] : [false, true]
      var throughput: [Bool: Double] = [:]
      for isOn in order { throughput[isOn] = try tasksPerSecond(instrumentation: isOn, number) }
      let pair = Pair(with: throughput[true] ?? 0, without: throughput[false] ?? 0)
      pairs.append(pair)
      onPair(number, pair)
    }
    return Report(
      pairs: pairs,
      ratio: hodgesLehmannRatio(of: pairs.map(\.with), to: pairs.map(\.without)))
  }

  private func tasksPerSecond(instrumentation: Bool, _ block: Int) throws -> Double {
    var settings = CellSettings.standard
    settings.producers = plan.producers
    settings.consumers = plan.consumers
    settings.instrumentation = instrumentation
    return try blocks.run(settings, block: block).handledPerSecond ?? 0
  }
}
