internal import Foundation
package import LoadGeneration
internal import Platform
internal import Results
package import Scenarios
package import Statistics
internal import Verification

/// Holds a tuner against the full factorial of its space: is what it found as good as the best, and how much
/// sooner was it there?
package final class TunerTrial {
  /// What measuring everything said.
  package struct Factorial: Sendable {
    /// The best configurations, the best first; their indices in the space.
    package let best: [Int]
    package let configurations: Int
    package let repeats: Int
    /// The time that the runs took, apart from storing them.
    package let seconds: Double
    /// Configurations that could not be judged, and why.
    package let omitted: [(configuration: Int, reason: String)]

    package init(
      best: [Int], configurations: Int, repeats: Int, seconds: Double,
      omitted: [(configuration: Int, reason: String)] = []
    ) {
      self.best = best
      self.configurations = configurations
      self.repeats = repeats
      self.seconds = seconds
      self.omitted = omitted
    }
  }

  /// What fresh blocks say of the tuner's choice and the best of the factorial.
  package enum Comparison: Sendable, Equatable {
    /// There is nothing to compare the choice with but itself.
    case sameConfiguration
    case measured(Loss)
  }

  /// How much worse the choice is than the best of the factorial.
  package struct Loss: Sendable, Equatable {
    /// How many times the cost of the best: above 1 the choice is worse. With several of the best, that against
    /// the one by which the choice loses most; the interval holds for all of them together (95 %). Nil without
    /// pairs.
    package var estimate: Estimate?
    /// With how many of the best it was compared.
    package var rivals: Int
    /// Blocks.
    package var blocks: Int
    /// Blocks that have both the choice and the rival of ``estimate``.
    package var pairs: Int
    /// Why the choice brought nothing, for each block in which that was so.
    package var failures: [String]
    /// Blocks that count although the machine was disturbed.
    package var disturbed: Int

    package init(
      estimate: Estimate?, rivals: Int, blocks: Int, pairs: Int, failures: [String] = [],
      disturbed: Int = 0
    ) {
      self.estimate = estimate
      self.rivals = rivals
      self.blocks = blocks
      self.pairs = pairs
      self.failures = failures
      self.disturbed = disturbed
    }
  }

  /// Why it could not be held against anything.
  package struct Failure: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// Runs each cell once, in a common block; the last of some tries if the machine was disturbed.
  package typealias Measure = ([Cell]) throws -> BlockSeries.Block

  private static let chunkSize = 12
  /// With so many of the best the choice is compared: which of them is best is a matter of luck.
  private static let rivalCount = 3

  private let space: TuningSpace
  private let objective: TuningObjective
  private let measure: Measure
  private let store: (RepeatFindings, Cell) throws -> Void
  private var random: SeededGenerator
  /// Configurations whose history was INVALID, with the finding.
  package private(set) var invalid: [String] = []
  /// Blocks that count although the machine was disturbed.
  package private(set) var disturbedBlocks = 0

  /// `measure` runs blocks, and throws `CancellationError` when the user interrupts; `store` keeps what a run
  /// left behind.
  package init(
    space: TuningSpace, objective: TuningObjective, seed: UInt64, measure: @escaping Measure,
    store: @escaping (RepeatFindings, Cell) throws -> Void
  ) {
    self.space = space
    self.objective = objective
    self.measure = measure
    self.store = store
    random = SeededGenerator(seed: seed)
  }

  /// Runs every configuration `repeats` times: all of them in random order, then all again in another.
  ///
  /// The best are those with the least cost after the blocks' own levels have been taken out.
  /// Throws `CancellationError` when the user interrupts; what was measured is stored by then.
  package func factorial(repeats: Int, onPass: (Int) -> Void = { _ in }) throws -> Factorial {
    var blocks: [[Int: TuningObservation]] = []
    var ns: UInt64 = 0
    for pass in 1...repeats {
      let order = random.permutation(of: space.configurations.count)
      let count = (order.count + Self.chunkSize - 1) / Self.chunkSize
      for chunk in 0..<count {
        let chosen = Array(
          order[chunk * order.count / count..<(chunk + 1) * order.count / count])
        let beganNs = MonotonicClock.nowNs()
        let block = try measure(chosen.map { space.configurations[$0].cell })
        ns += MonotonicClock.nowNs() - beganNs
        blocks.append(try note(block, chosen).observed)
      }
      onPass(pass)
    }
    // What failed once is not the best, as it is none for the tuner.
    var complete: Set<Int> = []
    var omitted: [(configuration: Int, reason: String)] = []
    let standard = blocks.compactMap { $0[space.search.standard] }
    for index in space.configurations.indices {
      let own = blocks.compactMap { $0[index] }
      if own.count < repeats {
        omitted.append((index, "\(repeats - own.count) of \(repeats) runs brought nothing"))
      } else if index != space.search.standard,
        let reason = CheckpointRule.objection(
          to: space.configurations[index], own: own,
          default: space.configurations[space.search.standard], standard: standard)
      {
        omitted.append((index, reason))
      } else {
        complete.insert(index)
      }
    }
    let costs = blocks.map { block in
      block.filter { complete.contains($0.key) }
        .compactMapValues { $0.cost(for: objective).map { log($0) } }
    }
    let ranking = twoWayFit(costs).sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
    guard !ranking.isEmpty else {
      throw Failure(description: "no configuration could be measured in all repeats")
    }
    return Factorial(
      best: Array(ranking.prefix(Self.rivalCount)), configurations: space.configurations.count,
      repeats: repeats, seconds: Double(ns) / 1e9, omitted: omitted)
  }

  /// Runs the choice and the best in fresh blocks, which none of them has been chosen by.
  package func compare(choice: Int, best: [Int], blocks: Int) throws -> Comparison {
    let rivals = best.filter { $0 != choice }
    guard !rivals.isEmpty else { return .sameConfiguration }
    let disturbedBefore = disturbedBlocks
    var measured: [[Int: Double]] = []
    var failures: [String] = []
    for _ in 0..<blocks {
      let chosen = [choice] + rivals
      let block = try measure(chosen.map { space.configurations[$0].cell })
      let (observed, reasons) = try note(block, chosen)
      measured.append(observed.compactMapValues { $0.cost(for: objective) })
      if let reason = reasons[choice] { failures.append(reason) }
    }
    // Each interval holds with more than 95 %, so that all do together; so does then that of the largest.
    let confidence = 1 - 0.05 / Double(rivals.count)
    var worst: (estimate: Estimate, pairs: Int)?
    var isIntervalKnown = true
    var (low, high) = (0.0, 0.0)
    for rival in rivals {
      let pairs = measured.compactMap { block -> (Double, Double)? in
        guard let own = block[choice], let other = block[rival] else { return nil }
        return (own, other)
      }
      guard
        let ratio = hodgesLehmannRatio(
          of: pairs.map(\.0), to: pairs.map(\.1), confidence: confidence)
      else {
        isIntervalKnown = false
        continue
      }
      if let interval = ratio.interval {
        (low, high) = (max(low, interval.low), max(high, interval.high))
      } else {
        isIntervalKnown = false
      }
      if ratio.value > worst?.estimate.value ?? 0 { worst = (ratio, pairs.count) }
    }
    return .measured(
      Loss(
        estimate: worst.map {
          Estimate(
            value: $0.estimate.value,
            interval: isIntervalKnown ? Interval(low: low, high: high) : nil)
        }, rivals: rivals.count, blocks: blocks, pairs: worst?.pairs ?? 0, failures: failures,
        disturbed: disturbedBlocks - disturbedBefore))
  }

  /// Stores a block; returns what it says, and why some configurations brought nothing.
  private func note(
    _ block: BlockSeries.Block, _ chosen: [Int]
  ) throws -> (observed: [Int: TuningObservation], reasons: [Int: String]) {
    if block.disturbance != nil { disturbedBlocks += 1 }
    var observed: [Int: TuningObservation] = [:]
    var reasons: [Int: String] = [:]
    for (index, findings) in zip(chosen, block.findings) {
      let cell = space.configurations[index].cell
      try store(findings, cell)
      do throws(TuningObservation.Unusable) {
        observed[index] = try TuningObservation(findings.result, for: objective)
      } catch {
        reasons[index] = error.description
        if error.kind == .invalid { invalid.append("\(cell.id) \(cell.summary): \(error)") }
      }
    }
    return (observed, reasons)
  }
}
