import Foundation
import Scenarios
import Testing

@testable import Experiments

/// A space with a known best: true costs, combinations that fail, and noise on what is measured.
struct SimulatedLoad {
  let space: SearchSpace
  /// The logarithms of the true costs.
  let truth: [Double]
  let failing: Set<Int>
  var noise = 0.04
  /// How much blocks differ as a whole.
  var drift = 0.05

  /// Costs that are sums of what levels add (`single`), pairs of levels (`pair`) and combinations (`own`), each
  /// a deviation of a normal distribution.
  init(
    _ counts: [Int], single: Double, pair: Double, own: Double, failingShare: Double = 0.05,
    seed: UInt64
  ) {
    var random = SeededGenerator(seed: seed)
    let combinations = counts.reduce([[]]) { partial, count in
      partial.flatMap { head in (0..<count).map { head + [$0] } }
    }
    let singles = counts.map { count in (0..<count).map { _ in single * Self.normal(&random) } }
    var pairs: [[Int]: Double] = [:]
    truth = combinations.map { levels in
      var sum = own * Self.normal(&random)
      for right in levels.indices {
        sum += singles[right][levels[right]]
        for left in 0..<right {
          let key = [left, levels[left], right, levels[right]]
          let value = pairs[key] ?? pair * Self.normal(&random)
          pairs[key] = value
          sum += value
        }
      }
      return sum
    }
    let standard = random.index(below: combinations.count)
    space = SearchSpace(levels: combinations, standard: standard)
    failing = Set(
      combinations.indices.filter { index in
        Double(random.next() >> 11) / 0x1p53 < failingShare && index != standard
      })
  }

  static func normal(_ random: inout SeededGenerator) -> Double {
    func uniform() -> Double { (Double(random.next() >> 11) + 0.5) / 0x1p53 }
    return (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
  }

  /// How much worse than the best of those that can be run, as a logarithm.
  func regret(of combination: Int) -> Double {
    let best = truth.indices.filter { !failing.contains($0) }.map { truth[$0] }.min() ?? 0
    return truth[combination] - best
  }

  /// Runs a search to its end; every run takes one second. `watch` sees each request.
  func search(
    seconds: Double, seed: UInt64, watch: (TuningSearch.Request) -> Void = { _ in }
  ) -> (search: TuningSearch, seconds: Double) {
    var random = SeededGenerator(seed: seed ^ 0xABCD)
    var search = TuningSearch(
      space: space, plan: TuningPlan(budgetSeconds: seconds, secondsPerRun: 1), seed: seed)
    var elapsed = 0.0
    while let request = search.next(elapsed: elapsed) {
      watch(request)
      let block = drift * Self.normal(&random)
      var outcomes: [Int: TuningSearch.Outcome] = [:]
      for combination in request.combinations {
        elapsed += 1
        outcomes[combination] =
          failing.contains(combination)
          ? .failed
          : .cost(exp(truth[combination] + block + noise * Self.normal(&random)))
      }
      search.record(outcomes, of: request)
    }
    return (search, elapsed)
  }
}

@Suite("Tuning search")
struct TuningSearchTests {
  /// Spaces with a budget, the sizes of effects, and noise.
  struct Case: Sendable, CustomTestStringConvertible {
    let counts: [Int]
    let seconds: Double
    let single: Double
    let pair: Double
    let own: Double
    var testDescription: String { "\(counts) in \(seconds) s: \(single) \(pair) \(own)" }
  }

  @Test(arguments: [
    // What `queuebench tuner` gives it: a fifth of eight repeats of 96 combinations.
    Case(counts: [2, 6, 4, 2], seconds: 150, single: 0.15, pair: 0.04, own: 0.02),
    Case(counts: [2, 6, 4, 2], seconds: 150, single: 0.3, pair: 0.1, own: 0.03),
    // Several hundred combinations in ten minutes.
    Case(counts: [4, 2, 5, 3, 3], seconds: 600, single: 0.15, pair: 0.05, own: 0.02),
    // Settings that hardly matter.
    Case(counts: [2, 6, 4, 2], seconds: 250, single: 0.03, pair: 0.01, own: 0.005),
  ])
  func `finds what is within 5 % of the best`(_ given: Case) {
    let count: UInt64 = given.counts.reduce(1, *) > 200 ? 20 : 60
    var misses: [UInt64] = []
    for seed in 0..<count {
      let load = SimulatedLoad(
        given.counts, single: given.single, pair: given.pair, own: given.own,
        seed: seed &* 31 &+ 7)
      let (search, seconds) = load.search(seconds: given.seconds, seed: seed)
      let found = search.recommended ?? search.space.standard
      if load.regret(of: found) > log(1.05) { misses.append(seed) }
      #expect(seconds <= given.seconds * 1.02, "seed \(seed)")
    }
    #expect(misses.count * 20 <= Int(count), "missed with the seeds \(misses)")
  }

  @Test func `never asks for what failed again, and recommends none of it`() throws {
    for seed in UInt64(0)..<40 {
      let load = SimulatedLoad(
        [2, 3, 4], single: 0.2, pair: 0.05, own: 0.02, failingShare: 0.4, seed: seed)
      var seen: Set<Int> = []
      let (search, _) = load.search(seconds: 200, seed: seed) { request in
        let repeated = request.combinations.filter {
          load.failing.contains($0) && seen.contains($0)
        }
        #expect(repeated.isEmpty, "seed \(seed), \(request.stage)")
        #expect(Set(request.combinations).count == request.combinations.count)
        #expect(request.combinations.allSatisfy(load.space.levels.indices.contains))
        seen.formUnion(request.combinations)
      }
      let recommended = try #require(search.recommended, "seed \(seed): \(search.omissions)")
      #expect(!load.failing.contains(recommended), "seed \(seed)")
    }
  }

  @Test func `without differences it keeps the standard`() {
    var changed = 0
    for seed in UInt64(0)..<60 {
      let load = SimulatedLoad([2, 3, 4], single: 0, pair: 0, own: 0, seed: seed)
      let (search, _) = load.search(seconds: 150, seed: seed)
      if search.recommended != load.space.standard { changed += 1 }
    }
    // At most 3 of 60 are expected; 9 or more would be one in 300.
    #expect(changed < 9)
  }

  @Test func `what makes no difference is put back`() {
    // The first factor is worth 30 %, the others nothing.
    var simplified = 0
    for seed in UInt64(0)..<30 {
      var load = SimulatedLoad(
        [2, 3, 3], single: 0, pair: 0, own: 0, failingShare: 0, seed: seed)
      load = load.withFactor(0, worth: -0.3)
      // An allowance of 2 % cannot be shown in a few blocks that differ by twice as much.
      load.noise = 0.015
      let (search, _) = load.search(seconds: 400, seed: seed)
      guard let recommended = search.recommended else { continue }
      let changes = load.space.changes(of: recommended)
      #expect(changes.contains(0), "seed \(seed)")
      for finding in search.ablationFindings where finding.factor == 0 {
        #expect(!finding.makesNoDifference, "seed \(seed)")
      }
      if changes == [0] { simplified += 1 }
    }
    #expect(simplified >= 20)
  }

  @Test func `stages follow each other, on fresh blocks, with the standard in all but ablation`() {
    let load = SimulatedLoad([4, 2, 5, 3], single: 0.1, pair: 0.02, own: 0.01, seed: 5)
    var stages: [TuningSearch.Stage] = []
    let (search, _) = load.search(seconds: 500, seed: 1) { request in
      if stages.last != request.stage { stages.append(request.stage) }
      if request.stage != .ablation {
        #expect(request.combinations.contains(load.space.standard))
      }
    }
    let order = TuningSearch.Stage.allCases
    #expect(stages == order.filter(stages.contains))
    #expect(Array(stages.prefix(3)) == [.screening, .race, .confirmation])
    #expect((search.blocks[.confirmation]?.count ?? 0) >= 8)
    #expect(search.candidates.count <= 4 && search.candidates.first == load.space.standard)
    #expect(search.dropped.allSatisfy { $0.blocks >= 6 && $0.pValue < 0.05 })
  }

  @Test func `the model tells which factors matter, by how much`() throws {
    let load = SimulatedLoad(
      [2, 4, 4, 3], single: 0, pair: 0, own: 0, failingShare: 0, seed: 4
    ).withFactor(1, worth: 0.25)
    let (search, _) = load.search(seconds: 300, seed: 2)
    let effects = search.levelEffects
    #expect(effects.map(\.count) == [1, 3, 3, 2])
    for (factor, levels) in effects.enumerated() {
      for (level, effect) in levels {
        let truth = factor == 1 ? 0.25 : 0
        #expect(abs(effect - truth) < 0.06, "level \(level) of factor \(factor): \(effect)")
      }
    }
  }

  @Test func `a machine that becomes slower does not bias the screening`() {
    // Every block is 10 % slower than the one before it: far more than the settings differ.
    var worse: [UInt64] = []
    for seed in UInt64(0)..<20 {
      let load = SimulatedLoad(
        [2, 6, 4, 2], single: 0.15, pair: 0.04, own: 0.02, failingShare: 0, seed: seed)
      var random = SeededGenerator(seed: seed)
      var search = TuningSearch(
        space: load.space, plan: TuningPlan(budgetSeconds: 300, secondsPerRun: 1), seed: seed)
      var elapsed = 0.0
      var block = 0.0
      while let request = search.next(elapsed: elapsed) {
        block += 0.1
        elapsed += Double(request.combinations.count)
        let outcomes = request.combinations.map { combination in
          (
            combination,
            TuningSearch.Outcome.cost(
              exp(load.truth[combination] + block + 0.04 * SimulatedLoad.normal(&random)))
          )
        }
        search.record(Dictionary(uniqueKeysWithValues: outcomes), of: request)
      }
      if load.regret(of: search.recommended ?? load.space.standard) > log(1.05) {
        worse.append(seed)
      }
    }
    #expect(worse.count <= 2, "missed with the seeds \(worse)")
  }

  @Test func `the same seed gives the same search`() {
    let load = SimulatedLoad([2, 6, 4, 2], single: 0.1, pair: 0.03, own: 0.01, seed: 9)
    var requests: [[TuningSearch.Request]] = []
    for _ in 0..<2 {
      var seen: [TuningSearch.Request] = []
      _ = load.search(seconds: 150, seed: 4) { seen.append($0) }
      requests.append(seen)
    }
    #expect(requests[0] == requests[1] && !requests[0].isEmpty)
  }

  @Test func `the race never drops the standard`() {
    // It is far worse than all others, in every block.
    let levels = (0..<8).map { [$0] }
    var search = TuningSearch(
      space: SearchSpace(levels: levels, standard: 0),
      plan: TuningPlan(budgetSeconds: 600, secondsPerRun: 1), seed: 1)
    var elapsed = 0.0
    while let request = search.next(elapsed: elapsed) {
      elapsed += Double(request.combinations.count)
      if request.stage == .race { #expect(request.combinations.contains(0)) }
      let outcomes = request.combinations.map {
        ($0, TuningSearch.Outcome.cost(10 / Double(1 + $0)))
      }
      search.record(Dictionary(uniqueKeysWithValues: outcomes), of: request)
    }
    #expect(!search.dropped.isEmpty && !search.dropped.contains { $0.combination == 0 })
    #expect(search.failed.isEmpty && search.candidates.first == 0 && search.winner == 7)
  }

  @Test func `a standard that fails ends the search`() {
    let load = SimulatedLoad([2, 6, 4, 2], single: 0.1, pair: 0, own: 0, seed: 2)
    var search = TuningSearch(
      space: load.space, plan: TuningPlan(budgetSeconds: 150, secondsPerRun: 1), seed: 1)
    var blocks = 0
    while let request = search.next(elapsed: Double(blocks)) {
      blocks += 1
      let outcomes = request.combinations.map { combination in
        (combination, combination == load.space.standard ? TuningSearch.Outcome.failed : .cost(1))
      }
      search.record(Dictionary(uniqueKeysWithValues: outcomes), of: request)
    }
    #expect(search.recommended == nil)
    #expect(blocks <= 12)
  }

  @Test func `a budget is too small before it begins, not afterwards`() {
    for counts in [[2, 6, 4, 2], [2, 2], [3, 4, 5], [3]] {
      let load = SimulatedLoad(
        counts, single: 0.2, pair: 0.05, own: 0.01, failingShare: 0, seed: 3)
      let least = TuningPlan(budgetSeconds: 1, secondsPerRun: 1).leastSeconds(for: load.space)
      let (search, seconds) = load.search(seconds: least, seed: 1)
      #expect(search.recommended != nil && (search.blocks[.confirmation]?.count ?? 0) >= 8)
      #expect(seconds <= 1.1 * least, "\(counts): \(seconds) of \(least)")
    }
  }
}

@Suite("Search space")
struct SearchSpaceTests {
  @Test func `a design holds the standard, one factor at a time, and every level often`() {
    let load = SimulatedLoad([2, 6, 4, 2], single: 0, pair: 0, own: 0, seed: 11)
    var random = SeededGenerator(seed: 1)
    let design = load.space.design(size: 36, using: &random)
    #expect(design.count == 36 && Set(design).count == 36)
    #expect(design.first == load.space.standard)
    #expect(Set(design).isSuperset(of: load.space.oneFactorAtATime))
    #expect(load.space.oneFactorAtATime.count == 1 + 5 + 3 + 1)
    for (factor, levels) in [2, 6, 4, 2].enumerated() {
      for level in 0..<levels {
        let count = design.count { load.space.levels[$0][factor] == level }
        #expect(count * levels * 2 >= 36, "level \(level) of factor \(factor): \(count)")
      }
    }
    #expect(load.space.design(size: 1000, using: &random).count == 96)
  }
}

extension SimulatedLoad {
  /// The same with something added to every combination whose level on a factor is not the standard's.
  func withFactor(_ factor: Int, worth: Double) -> SimulatedLoad {
    let standard = space.levels[space.standard][factor]
    return SimulatedLoad(
      self,
      truth: truth.indices.map {
        truth[$0] + (space.levels[$0][factor] == standard ? 0 : worth)
      })
  }

  private init(_ other: SimulatedLoad, truth: [Double]) {
    space = other.space
    self.truth = truth
    failing = other.failing
    noise = other.noise
    drift = other.drift
  }
}
