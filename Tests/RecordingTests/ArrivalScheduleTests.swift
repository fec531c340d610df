import Foundation
import TestSupport
import Testing

@testable import Recording

@Suite struct ArrivalScheduleTests {
  typealias Step = ArrivalSchedule.Step
  typealias Caller = ArrivalSchedule.Caller

  private func schedule(
    _ process: ArrivalSchedule.Process, perSecond: Double,
    _ caller: Caller = .init(index: 0, of: 1),
    startNs: UInt64 = 0, seed: UInt64 = 1
  ) throws -> ArrivalSchedule {
    try schedule(
      process, [Step(startNs: 0, perSecond: perSecond)], caller, startNs: startNs, seed: seed)
  }

  private func schedule(
    _ process: ArrivalSchedule.Process, _ steps: [Step],
    _ caller: Caller = .init(index: 0, of: 1),
    startNs: UInt64 = 0, measureStartNs: UInt64? = nil, seed: UInt64 = 1
  ) throws -> ArrivalSchedule {
    try #require(
      ArrivalSchedule(
        process, steps: steps, caller: caller, startNs: startNs,
        measureStartNs: measureStartNs ?? startNs, random: SeededGenerator(seed: seed)))
  }

  private func first(_ count: Int, of schedule: ArrivalSchedule) -> [UInt64] {
    var schedule = schedule
    return (0..<count).compactMap { _ in schedule.next() }
  }

  private func all(of schedule: ArrivalSchedule, beforeNs endNs: UInt64) -> [UInt64] {
    var schedule = schedule
    var times: [UInt64] = []
    while let dueNs = schedule.next(), dueNs < endNs { times.append(dueNs) }
    return times
  }

  // MARK: Evenly spaced

  @Test func operationsAreDueFromTheStartOn() throws {
    let schedule = try schedule(.fixed, perSecond: 1000, startNs: 500)
    #expect(first(4, of: schedule) == [500, 1_000_500, 2_000_500, 3_000_500])
  }

  @Test(arguments: [1, 3, 7, 997, 1000])
  func nothingDriftsOverHours(perMinute: Int) throws {
    // The first of so many callers is due exactly once an hour.
    let caller = Caller(index: 0, of: perMinute * 60)
    let schedule = try schedule(.fixed, perSecond: Double(perMinute) / 60, caller, startNs: 17)
    let hours = (0..<1000).map { (hour: UInt64) in 17 + hour * 3_600_000_000_000 }
    #expect(first(1000, of: schedule) == hours)
  }

  @Test(arguments: [1, 2, 3, 4, 7])
  func callersInterleaveToTheWholeSchedule(count: Int) throws {
    let whole = first(1000, of: try schedule(.fixed, perSecond: 333))
    var parts = try (0..<count).map {
      try schedule(.fixed, perSecond: 333, Caller(index: $0, of: count))
    }
    for global in 0..<1000 {
      #expect(parts[global % count].next() == whole[global])
    }
  }

  @Test func gapsAreEvenToANanosecond() throws {
    let times = first(1000, of: try schedule(.fixed, perSecond: 3))
    for (earlier, later) in zip(times, times.dropFirst()) {
      #expect([333_333_333, 333_333_334].contains(later - earlier))
    }
  }

  @Test func anOperationIsABatch() throws {
    let schedule = try schedule(.fixed, perSecond: 100, Caller(index: 1, of: 2, batch: 7))
    #expect(first(3, of: schedule) == [70_000_000, 210_000_000, 350_000_000])
  }

  @Test(arguments: [1, 2, 3, 5])
  func burstsAreDueAtOnceAndKeepTheMeanRate(count: Int) throws {
    let parts = try (0..<count).map {
      all(
        of: try schedule(.fixed, perSecond: 1000, Caller(index: $0, of: count, burst: 4)),
        beforeNs: 1_000_000_000)
    }
    let times = parts.flatMap { $0 }.sorted()
    let expected = (0..<1000).map { (index: UInt64) in index / 4 * 4_000_000 }
    #expect(times == expected)
  }

  // MARK: Rates that change

  @Test func theFirstRateHoldsBeforeTheMeasurement() throws {
    let steps = [Step(startNs: 0, perSecond: 10), Step(startNs: 250_000_000, perSecond: 100)]
    let schedule = try schedule(.fixed, steps, startNs: 5, measureStartNs: 100_000_005)
    #expect(
      first(6, of: schedule) == [
        5, 100_000_005, 200_000_005, 300_000_005,
        // Half of the next one's way lies in the old rate.
        355_000_005, 365_000_005,
      ])
  }

  @Test func nothingIsOfferedAtARateOfZero() throws {
    let steps = [
      Step(startNs: 0, perSecond: 4), Step(startNs: 1_000_000_000, perSecond: 0),
      Step(startNs: 1_500_000_000, perSecond: 0), Step(startNs: 3_000_000_000, perSecond: 2),
      Step(startNs: 4_000_000_000, perSecond: 0),
    ]
    var schedule = try schedule(.fixed, steps)
    #expect(
      first(6, of: schedule).map { $0 / 1_000_000 } == [0, 250, 500, 750, 3000, 3500])
    for _ in 0..<6 { _ = schedule.next() }
    #expect(schedule.next() == nil)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func everyStepGetsWhatItsRateOffers(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var steps: [Step] = []
    // Whole numbers of tasks in each step, so that the numbers are exact.
    for index in 0..<8 as Range<UInt64> {
      let perSecond = index == 0 ? 50 : [0, 1, 20, 1000, 730].randomElement(using: &random)!
      steps.append(Step(startNs: index * 1_000_000_000, perSecond: Double(perSecond)))
    }
    let callers = Int.random(in: 1...5, using: &random)
    let times = try (0..<callers).flatMap {
      all(of: try schedule(.fixed, steps, Caller(index: $0, of: callers)), beforeNs: 8_000_000_000)
    }
    for (index, step) in steps.enumerated() {
      let range = UInt64(index) * 1_000_000_000..<UInt64(index + 1) * 1_000_000_000
      #expect(
        times.count { range.contains($0) } == Int(step.perSecond), "seed \(seed), step \(index)")
    }
  }

  // MARK: At random

  @Test func aPoissonScheduleIsFixedForEver() throws {
    // A change here silently changes what every benchmark with random arrivals offers.
    let schedule = try schedule(
      .poisson, perSecond: 1000, Caller(index: 0, of: 2), startNs: 0, seed: 42)
    #expect(
      first(5, of: schedule) == [4436810, 5116672, 5526476, 6553268, 7883587])
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func gapsAreExponential(seed: UInt64) throws {
    let schedule = try schedule(
      .poisson, perSecond: 1000, Caller(index: 3, of: 5, batch: 2), seed: seed)
    let times = first(20_000, of: schedule)
    // Five callers with two tasks at a time share 1000 tasks a second.
    let gaps = zip(times, [0] + times).map { Double($0 - $1) / 10_000_000 }
    #expect(distanceFromExponential(gaps) < 1.63 / 20_000.squareRoot(), "seed \(seed)")
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func callersTogetherArePoissonAgain(seed: UInt64) throws {
    let times = try (0..<4).flatMap { index in
      all(
        of: try schedule(
          .poisson, perSecond: 1000, Caller(index: index, of: 4), seed: seed &* 100 + UInt64(index)),
        beforeNs: 20_000_000_000)
    }.sorted()
    let gaps = zip(times, [0] + times).map { Double($0 - $1) / 1_000_000 }
    #expect(abs(times.count - 20_000) < 4 * 142, "seed \(seed)")
    #expect(distanceFromExponential(gaps) < 1.63 / 20_000.squareRoot(), "seed \(seed)")
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func randomArrivalsFollowTheRate(seed: UInt64) throws {
    let steps = [
      Step(startNs: 0, perSecond: 2000), Step(startNs: 2_000_000_000, perSecond: 0),
      Step(startNs: 3_000_000_000, perSecond: 500), Step(startNs: 11_000_000_000, perSecond: 0),
    ]
    let times = all(of: try schedule(.poisson, steps, seed: seed), beforeNs: .max)
    let early = times.count { $0 < 2_000_000_000 }
    #expect(!times.contains { (2_000_000_000..<3_000_000_000).contains($0) })
    // 4 standard deviations of 4000.
    #expect(abs(early - 4000) < 253, "seed \(seed)")
    #expect(abs(times.count - early - 4000) < 253, "seed \(seed)")
    #expect(times == times.sorted())
  }

  @Test func randomBurstsKeepTheMeanRate() throws {
    let schedule = try schedule(.poisson, perSecond: 1000, Caller(index: 0, of: 1, burst: 10))
    let times = first(20_000, of: schedule)
    for index in times.indices { #expect(times[index] == times[index / 10 * 10]) }
    let bursts = stride(from: 0, to: times.count, by: 10).map { times[$0] }
    let gaps = zip(bursts, [0] + bursts).map { Double($0 - $1) / 10_000_000 }
    #expect(distanceFromExponential(gaps) < 1.63 / 2_000.squareRoot())
  }

  @Test func theSeedDecides() throws {
    let times = try (1...3).map {
      first(100, of: try schedule(.poisson, perSecond: 10, seed: UInt64($0 % 2)))
    }
    #expect(times[0] == times[2])
    #expect(times[0] != times[1])
  }

  /// The largest difference between the distribution of the gaps and 1 − e^−x (Kolmogorov–Smirnov).
  private func distanceFromExponential(_ gaps: [Double]) -> Double {
    gaps.sorted().enumerated().reduce(0.0) { distance, gap in
      let expected = 1 - exp(-gap.element)
      let below = Double(gap.offset) / Double(gaps.count)
      let above = Double(gap.offset + 1) / Double(gaps.count)
      return max(distance, abs(expected - below), abs(expected - above))
    }
  }

  // MARK: Edges

  @Test func beyondTheClockIsNever() throws {
    #expect(first(2, of: try schedule(.fixed, perSecond: 1000, startNs: .max - 5)) == [.max - 5])
    let rare = Caller(index: (1 << 20) - 1, of: 1 << 20, batch: 1 << 20)
    #expect(first(1, of: try schedule(.fixed, perSecond: 1 / 60e6, rare)) == [])
    #expect(first(1, of: try schedule(.poisson, perSecond: 1 / 60e6, rare)) == [])
  }

  @Test(arguments: [-1, .nan, .infinity, 1e-9, 2e9])
  func anImpossibleRateIsNil(perSecond: Double) {
    #expect(
      ArrivalSchedule(
        .fixed, steps: [Step(startNs: 0, perSecond: perSecond)], caller: Caller(index: 0, of: 1),
        startNs: 0, measureStartNs: 0, random: SeededGenerator(seed: 1)) == nil)
  }

  @Test(arguments: [
    Caller(index: 0, of: 0), Caller(index: -1, of: 2), Caller(index: 2, of: 2),
    Caller(index: 0, of: -1), Caller(index: 0, of: 1, batch: 0), Caller(index: 0, of: 1, burst: 0),
    Caller(index: 0, of: 1, burst: .max),
  ])
  func anImpossibleCallerIsNil(caller: Caller) {
    #expect(
      ArrivalSchedule(
        .fixed, steps: [Step(startNs: 0, perSecond: 1)], caller: caller, startNs: 0,
        measureStartNs: 0, random: SeededGenerator(seed: 1)) == nil)
  }

  @Test(arguments: [[], [1], [0, 5, 5], [0, 5, 4], [0, .max]] as [[UInt64]])
  func stepsThatDoNotFollowEachOtherAreNil(startsNs: [UInt64]) {
    #expect(
      ArrivalSchedule(
        .fixed, steps: startsNs.map { Step(startNs: $0, perSecond: 1) },
        caller: Caller(index: 0, of: 1), startNs: 1, measureStartNs: 1,
        random: SeededGenerator(seed: 1)) == nil)
  }

  @Test func fingerprintsAreThoseOfTheBytes() {
    var fingerprint = ScheduleFingerprint()
    #expect(fingerprint.description == "cbf29ce484222325")
    // FNV-1a of the bytes "foobar" and two zeros.
    fingerprint.add(0x0000_7261_626f_6f66)
    #expect(fingerprint.description == fnv1a(Array("foobar".utf8) + [0, 0]))
    #expect(fnv1a(Array("foobar".utf8)) == "85944171f73967e8")
  }

  private func fnv1a(_ bytes: [UInt8]) -> String {
    let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}
