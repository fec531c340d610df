import SQLite
import TestSupport
import Testing

@testable import QueueEngine

/// Weighted-random picks are proportional to weight: chi-square tests with fixed seeds.
@Suite(.temporaryDirectory)
struct LotteryTests {
  /// Observed and expected picks per class of tasks.
  struct Tally {
    private var observed: [String: Double] = [:]
    private var expected: [String: Double] = [:]

    /// Records a pick among classes with these total weights.
    mutating func record(_ picked: String, among weights: [String: Double]) {
      let sum = weights.values.reduce(0, +)
      for (name, weight) in weights { expected[name, default: 0] += weight / sum }
      observed[picked, default: 0] += 1
    }

    var chiSquare: Double {
      expected.map { name, expected in
        let difference = observed[name, default: 0] - expected
        return difference * difference / expected
      }.reduce(0, +)
    }

    /// What chance exceeds once in a thousand times.
    var limit: Double {
      [0, 10.83, 13.82, 16.27, 18.47, 20.52][expected.count - 1]
    }
  }

  private func task(_ priority: Int, type: String = "t") -> NewTask {
    NewTask(
      type: type, payload: #""\#(type)\#(priority)""#, priority: priority, runAfter: at(-1000))
  }

  private func weights(_ tasks: [NewTask]) -> [String: Double] {
    Dictionary(
      tasks.map { ($0.payload, Lottery.weight(ofPriority: $0.priority)) }, uniquingKeysWith: +)
  }

  @Test(
    arguments: [
      (Int.min, 1), (-1, 1), (0, 1), (1, 0.5), (3, 0.25), (99, 0.01),
    ] as [(Int, Double)])
  func `Weights fall with the priority number`(priority: Int, weight: Double) {
    #expect(Lottery.weight(ofPriority: priority) == weight)
  }

  @Test(arguments: [Int.min, 0, 100, Int.max])
  func `Distances are finite and not negative`(priority: Int) {
    struct Constant: RandomNumberGenerator {
      let value: UInt64
      func next() -> UInt64 { value }
    }
    for value in [0, 1, 1 << 62, .max] as [UInt64] {
      var random = Constant(value: value)
      let distance = Lottery.distance(priority: priority, using: &random)
      #expect(distance.isFinite && distance >= 0)
    }
  }

  @Test(arguments: [1, 2] as [UInt64], [["t"], ["a", "b", "c"]])
  func `First picks are proportional to weight`(seed: UInt64, types: [String]) throws {
    let queue = try openQueue(seed: seed)
    var tally = Tally()
    let tasks = [0, 0, 1, 3, 9].enumerated().map {
      task($0.element, type: types[$0.offset % types.count])
    }
    for _ in 0..<500 {
      try _ = queue.enqueue(tasks, now: start)
      let picked = try #require(try queue.claim(.weightedRandom))
      tally.record(picked.payload, among: weights(tasks))
      try queue.connection.execute(script: "DELETE FROM task_queue")
    }
    #expect(tally.chiSquare < tally.limit)
  }

  @Test(arguments: [1, 2] as [UInt64], [["t"], ["a", "b"]])
  func `Late arrivals take part with their weight`(seed: UInt64, types: [String]) throws {
    let queue = try openQueue(seed: seed)
    var tally = Tally()
    for _ in 0..<500 {
      var tasks = [0, 1, 3].map { task($0, type: types[0]) }
      try _ = queue.enqueue(tasks, now: start)
      let first = try #require(try queue.claim(.weightedRandom))
      tasks.removeAll { $0.payload == first.payload }
      // Newcomers of the same classes, so that age would show as a bias.
      let late = [0, 1, 3].map { task($0, type: types[types.count - 1]) }
      for task in late { try _ = queue.enqueue(task, now: start) }
      let old = weights(tasks).values.reduce(0, +)
      let new = weights(late).values.reduce(0, +)
      let picked = try #require(try queue.claim(.weightedRandom))
      tally.record(
        picked.id.rawValue > first.id.rawValue && isLate(picked, first) ? "new" : "old",
        among: ["old": old, "new": new])
      try queue.connection.execute(script: "DELETE FROM task_queue")
    }
    #expect(tally.chiSquare < tally.limit)
  }

  /// Rounds enqueue three tasks, then three late ones: ids tell which is which.
  private func isLate(_ picked: ClaimedTask, _ first: ClaimedTask) -> Bool {
    (picked.id.rawValue - 1) % 6 >= 3
  }

  @Test(arguments: [1, 2] as [UInt64], [6, 16, 40])
  func `Rows inserted by hand take part with their weight`(seed: UInt64, count: Int) throws {
    let queue = try openQueue(seed: seed)
    let hand = try openByHand()
    var tally = Tally()
    // One task in each round is heavy; it has been due for the shortest time.
    for _ in 0..<200 {
      let insert = try hand.cached(
        """
        INSERT INTO task_queue (type, payload, priority, run_after_utc)
        VALUES ('t', ?1, ?2, ?3)
        """)
      try hand.transaction(.immediate) { () throws(SQLiteError) in
        for index in 0..<count {
          let isHeavy = index == count - 1
          try insert.bind(isHeavy ? "heavy" : "light", at: 1)
          insert.bind(isHeavy ? 0 : Int64(count - 2), at: 2)
          try insert.bind(at(-1000 + Int64(index)).description, at: 3)
          try insert.run()
        }
      }
      let picked = try #require(try queue.claim(.weightedRandom))
      // The light ones weigh together as much as the heavy one.
      tally.record(picked.payload, among: ["heavy": 1, "light": 1])
      try queue.connection.execute(script: "DELETE FROM task_queue")
    }
    #expect(tally.chiSquare < tally.limit)
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `Workers for some types do not distort the picks of others`(seed: UInt64) throws {
    let queue = try openQueue(seed: seed)
    let narrow = try openQueue(seed: seed + 100)
    let claimant = Claimant(workerID: "n", strategy: .weightedRandom, types: ["a"])
    var tally = Tally()
    for _ in 0..<200 {
      try _ = queue.enqueue(
        (0..<20).map { _ in task(0, type: "a") } + (0..<5).map { _ in task(0, type: "b") },
        now: start)
      let taken = try narrow.claim(
        as: claimant, limit: 15, leaseDurationMs: 100_000, now: start)
      #expect(taken.count == 15)
      let picked = try #require(try queue.claim(.weightedRandom))
      tally.record(picked.type, among: ["a": 5, "b": 5])
      try queue.connection.execute(script: "DELETE FROM task_queue")
    }
    #expect(tally.chiSquare < tally.limit)
  }

  @Test func `The same seed gives the same order, another seed another`() throws {
    func order(_ name: String, seed: UInt64) throws -> [TaskID] {
      let queue = try openQueue(name, seed: seed)
      try _ = queue.enqueue((0..<50).map { task($0 % 5) }, now: start)
      return try queue.drain(.weightedRandom).map(\.id)
    }
    let first = try order("a.db", seed: 1)
    #expect(try order("b.db", seed: 1) == first)
    #expect(try order("c.db", seed: 2) != first)
    #expect(Set(first).count == 50)
  }

  @Test func `Nothing starves behind a stream of heavy newcomers`() throws {
    let queue = try openQueue(seed: 5)
    let light = try queue.enqueue(task(20), now: start).id
    var claims = 0
    while claims < 1000 {
      try _ = queue.enqueue([task(0), task(0)], now: start)
      claims += 1
      if try queue.claim(.weightedRandom)?.id == light { break }
      // As many are served as arrive.
      try _ = queue.claim(.priority)
    }
    #expect(claims < 1000)
  }

  @Test func `Tasks of a connection that was open before the lottery take part`() throws {
    let old = try openQueue("queue.db", options([.priority]), seed: 1)
    let new = try openQueue("queue.db", options([.weightedRandom]), seed: 2)
    try _ = new.enqueue([task(0), task(0), task(0)], now: start)
    #expect(try new.claim(.weightedRandom) != nil)
    let position = try new.connection.scalar("SELECT lottery_position FROM task_lanes")
    let id = try old.enqueue(task(0), now: start).id
    let rest = try new.drain(.weightedRandom)
    #expect(rest.count == 3)
    #expect(rest.contains { $0.id == id })
    let after = try new.connection.scalar("SELECT lottery_position FROM task_lanes")
    #expect(try Double(#require(after))! >= Double(#require(position))!)
  }
}
