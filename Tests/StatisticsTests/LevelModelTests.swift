import Foundation
import Testing

@testable import Statistics

@Suite("Level model")
struct LevelModelTests {
  /// All combinations of levels.
  private func combinations(_ counts: [Int]) -> [[Int]] {
    counts.reduce([[]]) { partial, count in
      partial.flatMap { head in (0..<count).map { head + [$0] } }
    }
  }

  @Test func `sums of effects are guessed from a fraction of the combinations`() throws {
    let effects = [[0, 0.3], [0, -0.2, 0.1], [0.05, 0, -0.1, 0.2]]
    func value(_ levels: [Int]) -> Double {
      7 + zip(effects, levels).reduce(0) { $0 + $1.0[$1.1] }
    }
    let all = combinations([2, 3, 4])
    let measured = all.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    let model = try #require(
      LevelModel(measured.map { .init(levels: $0, value: value($0), count: 1) }))
    for levels in all {
      let guess = model.prediction(for: levels)
      #expect(abs(guess.mean - value(levels)) < 0.02, "\(levels)")
    }
    let best = all.min { model.prediction(for: $0).mean < model.prediction(for: $1).mean }
    #expect(best == [0, 1, 2])
  }

  @Test func `what was measured is better known than what was not`() throws {
    let all = combinations([3, 3, 3])
    var values: [[Int]: Double] = [:]
    for (index, levels) in all.enumerated() { values[levels] = sin(Double(index * index)) }
    let measured = all.dropLast(9)
    let model = try #require(
      LevelModel(measured.map { .init(levels: $0, value: values[$0] ?? 0, count: 4) }))
    let known = model.prediction(for: all[0]).deviation
    let unknown = model.prediction(for: all[26]).deviation
    #expect(known < unknown)
    #expect(known >= 0)
  }

  @Test func `noise is averaged over combinations that share levels`() throws {
    // One combination was lucky; its levels were not.
    var samples: [LevelModel.Sample] = []
    for levels in combinations([4, 4]) {
      let luck = levels == [3, 3] ? -0.5 : 0.05 * sin(Double(levels[0] * 7 + levels[1] * 13))
      samples.append(.init(levels: levels, value: Double(levels[0]) * 0.2 + luck, count: 1))
    }
    let model = try #require(LevelModel(samples))
    #expect(model.prediction(for: [3, 3]).mean > 0.6 - 0.5 + 0.05)
    #expect(model.prediction(for: [0, 0]).mean < model.prediction(for: [3, 0]).mean)
  }

  @Test func `equal values and a single one are no trouble`() throws {
    let same = try #require(
      LevelModel([[0, 0], [0, 1], [1, 0]].map { .init(levels: $0, value: 3, count: 2) }))
    #expect(abs(same.prediction(for: [1, 1]).mean - 3) < 1e-5)
    let single = try #require(LevelModel([.init(levels: [0], value: 5, count: 1)]))
    #expect(abs(single.prediction(for: [1]).mean - 5) < 1e-5)
    #expect(LevelModel([]) == nil)
  }
}

@Suite("Two-way fit")
struct TwoWayFitTests {
  @Test func `things that never met are compared through others`() throws {
    // Worth 1, 2, 3; blocks of 0, 10, 100; the first thing never meets the last.
    let blocks: [[String: Double]] = [
      ["a": 1, "b": 2], ["b": 12, "c": 13], ["a": 101, "b": 102],
    ]
    let worth = twoWayFit(blocks)
    let a = try #require(worth["a"])
    let b = try #require(worth["b"])
    let c = try #require(worth["c"])
    #expect(abs(b - a - 1) < 1e-6 && abs(c - b - 1) < 1e-6)
    // In the mean block, which is (0 + 10 + 100) / 3 above the first.
    #expect(abs(a - (1 + 110 / 3.0)) < 1e-6)
  }

  @Test func `with complete blocks it is the mean`() {
    let worth = twoWayFit([["a": 1.0, "b": 5], ["a": 3, "b": 7]])
    #expect(abs((worth["a"] ?? 0) - 2) < 1e-9 && abs((worth["b"] ?? 0) - 6) < 1e-9)
  }

  @Test func `nothing gives nothing`() {
    #expect(twoWayFit([[String: Double]]()).isEmpty)
    #expect(twoWayFit([[:], ["a": 2.0]]) == ["a": 2])
  }
}
