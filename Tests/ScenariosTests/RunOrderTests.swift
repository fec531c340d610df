import Testing

@testable import Scenarios

@Suite struct RunOrderTests {
  private func twelveCells(repeats: Int) throws -> Scenario {
    try scenario("repeats: \(repeats)\naxes: {depth: [0, 1, 2, 3, 4, 5], batch: [1, 2]}")
  }

  @Test func generatorIsSplitMix64() {
    // Reference values of the C original for this seed.
    var generator = SeededGenerator(seed: 1_234_567)
    let values = (0..<5).map { _ in generator.next() }
    #expect(
      values == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test func theOrderIsFixedForever() throws {
    // A change here silently changes every benchmark's order.
    let order = try twelveCells(repeats: 1).runOrder(seed: 42)
    #expect(order.map(\.cellIndex) == [9, 6, 7, 10, 3, 11, 4, 2, 0, 8, 5, 1])
  }

  @Test(arguments: [0, 1, 42, UInt64.max])
  func sameSeedSameOrder(seed: UInt64) throws {
    let scenario = try twelveCells(repeats: 3)
    #expect(scenario.runOrder(seed: seed) == scenario.runOrder(seed: seed))
    #expect(scenario.runOrder(seed: seed) != scenario.runOrder(seed: seed ^ 1))
  }

  @Test func everyBlockHoldsEveryCellOnce() throws {
    let order = try twelveCells(repeats: 4).runOrder(seed: 9)
    #expect(order.count == 48)
    for block in 0..<4 {
      let runs = order[(block * 12)..<(block * 12 + 12)]
      #expect(runs.allSatisfy { $0.repeatNumber == block + 1 })
      #expect(runs.map(\.cellIndex).sorted() == Array(0..<12))
    }
    #expect(order[0..<12].map(\.cellIndex) != order[12..<24].map(\.cellIndex))
  }

  @Test func moreRepeatsOnlyAppend() throws {
    let short = try twelveCells(repeats: 2).runOrder(seed: 5)
    let long = try twelveCells(repeats: 5).runOrder(seed: 5)
    #expect(Array(long.prefix(short.count)) == short)
  }

  @Test func permutationsAreUniform() {
    // 6 permutations of 3, 60,000 draws: each is expected 10,000 ± 5 standard deviations (457).
    var generator = SeededGenerator(seed: 3)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<60_000 { counts[generator.permutation(of: 3), default: 0] += 1 }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 10_000) < 457 })
  }

  @Test(arguments: [0, 1])
  func tinyPermutations(count: Int) {
    var generator = SeededGenerator(seed: 3)
    #expect(generator.permutation(of: count) == Array(0..<count))
  }
}
