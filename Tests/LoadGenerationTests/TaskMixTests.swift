import Foundation
import QueueEngine
import Scenarios
import Testing

@testable import LoadGeneration

@Suite struct TaskMixTests {
  @Test func aPayloadIsAJSONObjectOfExactlyTheSize() throws {
    for byteCount in 2...10_000 {
      let payload = TaskMix.payload(byteCount: byteCount)
      try #require(payload.utf8.count == byteCount)
      try #require(payload.hasPrefix("{") && payload.hasSuffix("}"))
    }
    for byteCount in Array(2...12) + [256, 10_000] {
      let payload = Data(TaskMix.payload(byteCount: byteCount).utf8)
      #expect(try JSONSerialization.jsonObject(with: payload) is [String: Any])
    }
  }

  @Test(arguments: [-5, 0, 1, 2])
  func theSmallestPayloadIsAnEmptyObject(byteCount: Int) {
    #expect(TaskMix.payload(byteCount: byteCount) == "{}")
  }

  private static func settings(
    types: [String: Int] = ["task": 1], priorities: [Int: Int] = [100: 1]
  ) -> CellSettings {
    var settings = CellSettings.standard
    settings.taskTypes = types.sorted { $0.key < $1.key }
      .map { WeightedName(name: $0.key, weight: $0.value) }
    settings.priorities = priorities.sorted { $0.key < $1.key }
      .map { WeightedPriority(priority: $0.key, weight: $0.value) }
    settings.payloadBytes = 99
    return settings
  }

  /// Pearson's statistic of observed counts against weights.
  private static func chiSquare<Key: Hashable>(
    _ observed: [Key: Int], weights: [Key: Int], total: Int
  ) -> Double {
    let sum = weights.values.reduce(0, +)
    return weights.reduce(0) { result, entry in
      let expected = Double(total) * Double(entry.value) / Double(sum)
      let difference = Double(observed[entry.key, default: 0]) - expected
      return result + difference * difference / expected
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func tasksFollowTheWeights(seed: UInt64) {
    let types = ["video": 3, "email": 6, "report": 1]
    let priorities = [10: 1, 100: 8, 200: 1]
    var mix = TaskMix(Self.settings(types: types, priorities: priorities), seed: seed)
    var typeCounts: [String: Int] = [:]
    var priorityCounts: [Int: Int] = [:]
    let total = 20_000
    for _ in 0..<total {
      let task = mix.next()
      typeCounts[task.type, default: 0] += 1
      priorityCounts[task.priority, default: 0] += 1
    }
    #expect(Set(typeCounts.keys) == Set(types.keys))
    #expect(Set(priorityCounts.keys) == Set(priorities.keys))
    // 13.8 is exceeded once in a thousand seeds at two degrees of freedom; these seeds are fixed.
    #expect(Self.chiSquare(typeCounts, weights: types, total: total) < 13.8, "seed \(seed)")
    #expect(
      Self.chiSquare(priorityCounts, weights: priorities, total: total) < 13.8, "seed \(seed)")
  }

  @Test func theSameSeedGivesTheSameTasks() {
    let settings = Self.settings(types: ["a": 1, "b": 1], priorities: [1: 1, 2: 1, 3: 1])
    func tasks(seed: UInt64) -> [NewTask] {
      var mix = TaskMix(settings, seed: seed)
      return (0..<200).map { _ in mix.next() }
    }
    #expect(tasks(seed: 7) == tasks(seed: 7))
    #expect(tasks(seed: 7) != tasks(seed: 8))
    #expect(tasks(seed: 7).allSatisfy { $0.payload.utf8.count == 99 })
  }

  @Test func aSingleTypeNeedsNoChoice() {
    var mix = TaskMix(Self.settings(types: ["only": 1_000_000], priorities: [-3: 5]), seed: 1)
    let task = mix.next()
    #expect(task.type == "only" && task.priority == -3)
  }
}
