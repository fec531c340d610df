internal import Foundation
internal import LoadGeneration
internal import Platform
package import Results
internal import Scenarios
package import Statistics

/// Holds a tuner against the full factorial of its space: is what it found as good as the best, and how much
/// sooner was it there?
package final class TunerTrial {
  /// What measuring everything said.
  package struct Factorial: Sendable {
    /// The configuration with the best median; its index in the space.
    package let best: Int
    package let runs: Int
    /// The time that the runs took, apart from storing them.
    package let seconds: Double
  }

  /// How much better the best is than the tuner's choice: above 1 the choice is worse.
  package struct Comparison: Sendable {
    /// Nil if they are one and the same.
    package let cost: Estimate?
    package let blocks: Int
  }

  /// Why it could not be held against anything.
  package struct Failure: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  private static let chunkSize = 12

  private let space: TuningSpace
  private let objective: TuningObjective
  private let series: BlockSeries
  private let directory: RunDirectory
  private let keepsDisturbed: Bool
  private var random: SeededGenerator

  package init(
    space: TuningSpace, objective: TuningObjective, series: BlockSeries, directory: RunDirectory,
    seed: UInt64, keepsDisturbed: Bool
  ) {
    self.space = space
    self.objective = objective
    self.series = series
    self.directory = directory
    self.keepsDisturbed = keepsDisturbed
    random = SeededGenerator(seed: seed)
  }

  /// Runs every configuration `repeats` times: all of them in random order, then all again in another.
  ///
  /// Throws `CancellationError` when the user interrupts; what was measured is stored by then.
  package func factorial(repeats: Int, onPass: (Int) -> Void = { _ in }) throws -> Factorial {
    var costs = [[Double]](repeating: [], count: space.configurations.count)
    var runs = 0
    var ns: UInt64 = 0
    for pass in 1...repeats {
      let order = random.permutation(of: space.configurations.count)
      let count = (order.count + Self.chunkSize - 1) / Self.chunkSize
      for chunk in 0..<count {
        let chosen = Array(
          order[chunk * order.count / count..<(chunk + 1) * order.count / count])
        let beganNs = MonotonicClock.nowNs()
        let block = try measure(chosen)
        ns += MonotonicClock.nowNs() - beganNs
        runs += chosen.count
        for (index, cost) in zip(chosen, try store(block, chosen)) {
          if let cost { costs[index].append(cost) }
        }
      }
      onPass(pass)
    }
    // What failed once is not the best, as it is none for the tuner.
    let medians = costs.enumerated().compactMap { index, costs in
      costs.count == repeats ? median(of: costs).map { (index, $0) } : nil
    }
    guard let best = medians.min(by: { $0.1 < $1.1 }) else {
      throw Failure(description: "no configuration could be measured in all repeats")
    }
    return Factorial(best: best.0, runs: runs, seconds: Double(ns) / 1e9)
  }

  /// Runs the choice and the best in fresh blocks, which neither has been chosen by.
  package func compare(choice: Int, best: Int, blocks: Int) throws -> Comparison {
    guard choice != best else { return Comparison(cost: nil, blocks: 0) }
    var pairs: [(choice: Double, best: Double)] = []
    for _ in 0..<blocks {
      let costs = try store(try measure([choice, best]), [choice, best])
      if let own = costs[0], let other = costs[1] { pairs.append((own, other)) }
    }
    return Comparison(
      cost: hodgesLehmannRatio(of: pairs.map(\.choice), to: pairs.map(\.best)),
      blocks: pairs.count)
  }

  private func measure(_ chosen: [Int]) throws -> BlockSeries.Block {
    try series.measureUndisturbed(
      chosen.map { space.configurations[$0].cell }, retries: keepsDisturbed ? 0 : 2)
  }

  /// Stores a block; returns the costs.
  private func store(_ block: BlockSeries.Block, _ chosen: [Int]) throws -> [Double?] {
    try zip(chosen, block.findings).map { index, findings in
      try directory.store(findings, of: space.configurations[index].cell)
      return try? TuningObservation(findings.result, for: objective).cost(for: objective)
    }
  }
}
