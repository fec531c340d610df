internal import Foundation
package import Platform
internal import Results
internal import Scenarios
package import Statistics

/// Measures what measuring costs: the same saturated load with and without all instrumentation.
///
/// With it, processes look at the clock around operations, locks and commits, count writes and syncs, and log
/// every operation. Without it, they count tasks. What is compared are those counts: tasks enqueued and tasks
/// completed.
///
/// Two saturated loads of the same settings differ by a tenth, by how their processes happen to meet. So the
/// processes of one load have their instrumentation switched off and on again, slice by slice, and neighbours
/// are compared: of each pair a seeded coin decides which comes first. What cannot be switched off within a
/// process is the way through the VFS, a few calls through a pointer per operation.
package struct InstrumentationTrial {
  /// What is measured.
  package struct Plan: Sendable {
    package var producers = 4
    package var consumers = 4
    /// Pairs of slices.
    package var pairs = 300
    package var warmupMs = 500
    package var sliceMs = 100
    package var seed: UInt64 = 42

    package init() {}
  }

  /// One pair of slices, in tasks enqueued or completed per second.
  package struct Pair: Sendable {
    package let with: Double
    package let without: Double
  }

  /// What came out.
  package struct Report: Sendable {
    /// Those with a ratio: in a slice during which the machine stood still, nothing is done.
    package let pairs: [Pair]
    /// Throughput with instrumentation, relative to that without.
    package let ratio: Estimate?
  }

  /// Pairs of one load: a queue that grows for minutes would become another one.
  private static let pairsPerBlock = 30

  private let plan: Plan
  private let executable: String
  private let directory: String
  private let interrupts: InterruptMonitor

  /// `executable` is this program, `directory` is made for the databases and removed at the end.
  package init(
    plan: Plan, executable: String, directory: String, interrupts: InterruptMonitor
  ) {
    self.plan = plan
    self.executable = executable
    self.directory = directory
    self.interrupts = interrupts
  }

  /// Runs all pairs; `onPair` hears of each.
  package func callAsFunction(onPair: (Int, Pair) -> Void) throws -> Report {
    var random = SeededGenerator(seed: plan.seed)
    var pairs: [Pair] = []
    while pairs.count < plan.pairs {
      let order = (0..<min(Self.pairsPerBlock, plan.pairs - pairs.count)).map { _ in
        random.next() % 2 == 0
      }
      for pair in try measure(order, block: pairs.count / Self.pairsPerBlock + 1) {
        pairs.append(pair)
        onPair(pairs.count, pair)
      }
    }
    pairs.removeAll { $0.with == 0 || $0.without == 0 }
    return Report(
      pairs: pairs,
      ratio: hodgesLehmannRatio(of: pairs.map(\.with), to: pairs.map(\.without)))
  }

  /// Runs one load; each element says whether the slice with instrumentation comes first.
  private func measure(_ order: [Bool], block: Int) throws -> [Pair] {
    var settings = CellSettings.standard
    settings.producers = plan.producers
    settings.consumers = plan.consumers
    let sliceNs = UInt64(plan.sliceMs) * 1_000_000
    let slices = order.flatMap { isFirst in
      [isFirst, !isFirst].map { MeasuringSlice(isMeasuring: $0, durationNs: sliceNs) }
    }
    // A little longer than the slices, so that all processes are at work until the last has ended.
    let blocks = try BlockRunner(
      executable: executable, directory: directory,
      times: PhaseTimes(
        warmupMs: plan.warmupMs, measureMs: plan.sliceMs * (slices.count + 1), drainMs: 0),
      seed: plan.seed, interrupts: interrupts)
    let rates = try blocks.run(settings, block: block, slices: slices).handledPerSecondOfSlices
    guard rates.count == slices.count else {
      throw BlockRunner.Failure(
        description: "block \(block): \(rates.count) of \(slices.count) slices were seen")
    }
    return order.enumerated().map { index, isFirst in
      let pair = (rates[2 * index], rates[2 * index + 1])
      return isFirst ? Pair(with: pair.0, without: pair.1) : Pair(with: pair.1, without: pair.0)
    }
  }
}
