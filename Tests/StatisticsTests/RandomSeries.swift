import Foundation
import TestSupport

/// Normal noise from a seed.
struct NormalGenerator {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// By the polar method's older brother (Box and Muller, 1958).
  mutating func next() -> Double {
    let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &random))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
  }

  /// Values around 1000 with that relative standard deviation, each correlated with the one before.
  mutating func series(
    _ count: Int, deviation: Double, correlation: Double = 0
  ) -> [Double] {
    var state = next()
    return (0..<count).map { _ in
      let value = 1000 * (1 + deviation * state)
      state = correlation * state + (1 - correlation * correlation).squareRoot() * next()
      return value
    }
  }
}
