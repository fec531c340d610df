import TestSupport
import Testing

@testable import Statistics

@Suite("Holm's adjustment")
struct HolmAdjustmentTests {
  @Test func `agrees with the step-down procedure by hand`() {
    // Sorted: 0.005·4, 0.01·3, 0.03·2, 0.04·1, none smaller than the one before.
    let adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005])
    #expect(zip(adjusted, [0.03, 0.06, 0.06, 0.02]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test(arguments: [([], []), ([0.2], [0.2]), ([0.9, 0.8], [1, 1])] as [([Double], [Double])])
  func `leaves one alone and never exceeds 1`(values: [Double], expected: [Double]) {
    #expect(holmAdjusted(values) == expected)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `rejects what the procedure by steps rejects`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let values = (0..<7).map { _ in Double.random(in: 0...0.1, using: &random) }
    let adjusted = holmAdjusted(values)
    // Smallest first, until one exceeds its share of the level.
    var rejected: Set<Int> = []
    for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
      guard values[index] * Double(values.count - rank) <= 0.05 else { break }
      rejected.insert(index)
    }
    #expect(Set(adjusted.indices.filter { adjusted[$0] <= 0.05 }) == rejected, "seed \(seed)")
  }
}

@Suite("Sign-flip test")
struct SignFlipTests {
  @Test(arguments: 1...20)
  func `all differences of one sign are one case of all`(count: Int) throws {
    var random = SeededGenerator(seed: 1)
    let differences = (0..<count).map { _ in Double.random(in: 0.1...1, using: &random) }
    let p = try #require(signFlipPValue(of: differences, using: &random))
    #expect(p == 1 / Double(1 << count))
    #expect(signFlipPValue(of: differences.map { -$0 }, using: &random) == 1)
  }

  @Test func `counts sums by hand`() throws {
    var random = SeededGenerator(seed: 1)
    // Sums of ±1 ±2 ±4 that reach 1 + 2 − 4 = −1: −1, 1, 3, 5, 7.
    let p = try #require(signFlipPValue(of: [1, 2, -4], using: &random))
    #expect(p == 5.0 / 8)
    // Sums of ±0.1 ±0.2 ±0.3 that reach 0.1 + 0.2 − 0.3, which is 0 but for rounding: 0, 0, 0.2, 0.4, 0.6.
    #expect(signFlipPValue(of: [0.1, 0.2, -0.3], using: &random) == 5.0 / 8)
    #expect(signFlipPValue(of: [], using: &random) == nil)
  }

  @Test func `random signs agree with all signs`() throws {
    var random = SeededGenerator(seed: 7)
    var noise = NormalGenerator(seed: 7)
    let few = (0..<exactSignFlipLimit).map { _ in 0.3 + noise.next() }
    let exact = try #require(signFlipPValue(of: few, using: &random))
    // A difference of 0 changes no sum, but brings the number of differences over the limit.
    let drawn = try #require(signFlipPValue(of: few + [0], using: &random))
    #expect(abs(exact - drawn) < 5 * (exact * (1 - exact) / 100_000).squareRoot())
    #expect(try #require(signFlipPValue(of: Array(repeating: 1, count: 70), using: &random)) > 0)
  }

  @Test func `keeps its level`() throws {
    var random = SeededGenerator(seed: 11)
    var noise = NormalGenerator(seed: 11)
    let alarms = try (0..<2000).count { _ in
      let p = try #require(
        signFlipPValue(of: (0..<8).map { _ in noise.next() }, using: &random))
      return p < 0.05
    }
    #expect((60...140).contains(alarms), "\(alarms) of 2000 with seed 11")
  }
}
