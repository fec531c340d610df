import Foundation
import Testing

@testable import Statistics

@Suite struct StratifiedShiftTests {
  /// Strata whose levels differ far more than values and references do.
  private func strata(shift: Double, count: Int = 6, seed: UInt64 = 7) -> [Stratum] {
    var state = seed
    func noise() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 0x1p53 - 0.5
    }
    return (0..<10).map { level in
      Stratum(
        values: (0..<count).map { _ in Double(level * 100) + shift + noise() },
        references: (0..<count).map { _ in Double(level * 100) + noise() })
    }
  }

  @Test func whatStrataDifferInDoesNotHideTheShift() throws {
    let shifted = strata(shift: 0.3)
    let estimate = try #require(stratifiedShift(of: shifted))
    let interval = try #require(estimate.interval)
    #expect(abs(estimate.value - 0.3) < 0.1)
    #expect(interval.low > 0.15 && interval.high < 0.45 && interval.low < interval.high)
    #expect(try #require(stratifiedPValue(of: shifted)) < 0.001)
    #expect(try #require(stratifiedPValue(of: shifted, shift: estimate.value)) > 0.9)
    // Taken together the levels drown it.
    #expect(
      try #require(
        mannWhitneyPValue(shifted.flatMap(\.values), shifted.flatMap(\.references))) > 0.5)
  }

  @Test func theIntervalHoldsWhatTheTestDoesNotReject() throws {
    let shifted = strata(shift: -0.2, seed: 3)
    let interval = try #require(stratifiedShift(of: shifted)?.interval)
    for (shift, isRejected) in [
      (interval.low - 0.02, true), (interval.low + 0.02, false), (interval.high - 0.02, false),
      (interval.high + 0.02, true),
    ] {
      #expect((try #require(stratifiedPValue(of: shifted, shift: shift)) < 0.05) == isRejected)
    }
  }

  /// With one stratum it is the rank sum test by its normal approximation.
  @Test func oneStratumIsTheRankSumTest() throws {
    let stratum = Stratum(
      values: (1...40).map { Double($0) + 0.5 }, references: (1...40).map { Double($0) * 0.8 })
    let p = try #require(stratifiedPValue(of: [stratum]))
    let exactlySo = try #require(mannWhitneyPValue(stratum.values, stratum.references))
    #expect(abs(p - exactlySo) < 0.005)
    let estimate = try #require(stratifiedShift(of: [stratum]))
    let other = try #require(hodgesLehmannShift(of: stratum.values, from: stratum.references))
    #expect(abs(estimate.value - other.value) < 0.02)
  }

  @Test func swappingTheSidesTurnsTheSign() throws {
    let there = strata(shift: 0.3)
    let back = there.map { Stratum(values: $0.references, references: $0.values) }
    let first = try #require(stratifiedShift(of: there))
    let second = try #require(stratifiedShift(of: back))
    #expect(abs(first.value + second.value) < 1e-6)
    #expect(
      abs(try #require(stratifiedPValue(of: there)) - #require(stratifiedPValue(of: back))) < 1e-12)
  }

  @Test func falseAlarmsAreAsRareAsPromised() throws {
    let alarms = try (1...1000).count { seed in
      try #require(stratifiedPValue(of: strata(shift: 0, seed: UInt64(seed) &* 7919))) < 0.05
    }
    #expect((25...75).contains(alarms), "\(alarms) of 1000")
  }

  @Test func littleSaysNothing() {
    #expect(stratifiedShift(of: []) == nil)
    #expect(stratifiedShift(of: [Stratum(values: [], references: [1])]) == nil)
    let few = [Stratum(values: [1, 2], references: [3, 4])]
    #expect(stratifiedShift(of: few)?.interval == nil && stratifiedPValue(of: few) == nil)
    let same = [
      Stratum(
        values: [Double](repeating: 1, count: 9), references: [Double](repeating: 1, count: 9))
    ]
    #expect(stratifiedPValue(of: same) == 1)
  }
}
