import Scenarios
import Testing

@testable import LoadGeneration

@Suite struct SeedsTests {
  @Test(arguments: [0, 1, 42, UInt64.max])
  func nobodyDrawsWhatAnotherDraws(scenario: UInt64) {
    var draws: [UInt64] = []
    for repeatNumber in 1...3 {
      let repeatSeed = Seeds.ofRepeat(repeatNumber, scenario: scenario)
      for process in 0..<8 {
        let seed = Seeds.ofProcess(process, repeat: repeatSeed)
        for caller in 0..<4 {
          for seed in [
            Seeds.ofTasks(caller: caller, process: seed),
            Seeds.ofArrivals(caller: caller, process: seed),
          ] {
            var generator = SeededGenerator(seed: seed)
            // Sequences that overlap by a place or a few would share most of these.
            for _ in 0..<20 { draws.append(generator.next()) }
          }
        }
      }
    }
    #expect(Set(draws).count == draws.count)
  }

  @Test func repeatsKeepTheirSeeds() {
    // The outputs of SplitMix64 for this seed; a change offers other tasks in every benchmark.
    #expect(Seeds.ofRepeat(1, scenario: 1_234_567) == 6_457_827_717_110_365_317)
    #expect(Seeds.ofRepeat(3, scenario: 1_234_567) == 9_817_491_932_198_370_423)
  }

  @Test func everyCallerHasItsOwnArrivals() throws {
    let scenario = try Scenario.parse(
      yaml: """
        name: x
        question: Who arrives when?
        settings: {rate: 1000/s, arrivals: poisson, producers: 3, callers: 2}
        axes: {synchronous: [NORMAL, FULL]}
        """, file: "x.yaml")
    let first = scenario.callerSchedules(repeatNumber: 1, showing: 3)
    let second = scenario.callerSchedules(repeatNumber: 2, showing: 3)
    #expect(
      first.map(\.cell) == [String](repeating: "c01", count: 6)
        + [String](repeating: "c02", count: 6))
    #expect(Set(first.map(\.fingerprint)).count == 6)
    // Cells are compared with each other, so they are offered the same.
    #expect(first.prefix(6).map(\.fingerprint) == first.suffix(6).map(\.fingerprint))
    #expect(Set((first + second).map(\.fingerprint)).count == 12)
    #expect(
      first.allSatisfy { $0.firstDueNs.count == 3 && $0.firstDueNs == $0.firstDueNs.sorted() })
  }
}
