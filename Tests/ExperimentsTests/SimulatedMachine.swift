import Experiments
import Foundation
import TestSupport

/// A machine whose capacity is known, and whose probes are as noisy as one wishes.
struct SimulatedMachine {
  /// Where half of the probes fail.
  let threshold: Double
  /// How much that differs from probe to probe, as a share.
  var noise = 0.0
  /// Share of the probes that fail whatever the rate.
  var freaks = 0.0
  var random: SeededGenerator

  init(threshold: Double, noise: Double = 0, freaks: Double = 0, seed: UInt64) {
    self.threshold = threshold
    self.noise = noise
    self.freaks = freaks
    random = SeededGenerator(seed: seed)
  }

  mutating func passes(_ rate: Double) -> Bool {
    if Double.random(in: 0..<1, using: &random) < freaks { return false }
    return log(rate) < log(threshold) + noise * normal()
  }

  private mutating func normal() -> Double {
    let radius = (-2 * log(Double.random(in: 1e-12..<1, using: &random))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
  }

  /// Searches for its capacity; also returns every rate that was asked for.
  mutating func search(
    _ plan: CapacitySearch.Plan
  ) -> (search: CapacitySearch, steps: [CapacitySearch.Step]) {
    var search = CapacitySearch(plan)
    var steps: [CapacitySearch.Step] = []
    while case .probe(let rates, _) = search.step, steps.count < 1000 {
      steps.append(search.step)
      var trials: [CapacitySearch.Trial] = []
      for rate in rates {
        trials.append(.init(rate: rate, offered: rate, passed: passes(rate)))
      }
      search.add(trials)
    }
    return (search, steps)
  }
}
