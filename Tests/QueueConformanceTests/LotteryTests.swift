import QueueEngine
import TestSupport
import Testing

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

  /// Takes everything out of the way of the next round.
  private func clear(_ queue: ClockedQueue) throws {
    let claimant = Claimant(workerID: "clearer", strategy: .weightedRandom)
    try queue.claim(as: claimant, limit: 1000, leaseMs: 1_000_000_000)
  }

  @Test(
    arguments: [
      (Int.min, 1), (-1, 1), (0, 1), (1, 0.5), (3, 0.25), (99, 0.01),
      (999_999, 1e-6), (1_000_000, 1 / 1_000_001), (.max, 1 / 1_000_001),
    ] as [(Int, Double)])
  func `Weights fall with the priority number`(priority: Int, weight: Double) {
    #expect(Lottery.weight(ofPriority: priority) == weight)
  }

  @Test(arguments: Subject.weighted, [["t"], ["a", "b", "c"]])
  func `First picks are proportional to weight`(subject: Subject, types: [String]) throws {
    let queue = try subject.open(seed: 1)
    var tally = Tally()
    let tasks = [0, 0, 1, 3, 9].enumerated().map {
      task($0.element, type: types[$0.offset % types.count])
    }
    for _ in 0..<400 {
      try queue.enqueue(tasks)
      let picked = try #require(try queue.claim())
      tally.record(picked.payload, among: weights(tasks))
      try clear(queue)
    }
    #expect(tally.chiSquare < tally.limit)
  }

  @Test(arguments: Subject.weighted, [["t"], ["a", "b"]])
  func `Late arrivals take part with their weight`(subject: Subject, types: [String]) throws {
    let queue = try subject.open(seed: 1)
    var tally = Tally()
    for _ in 0..<400 {
      var tasks = [0, 1, 3].map { task($0, type: types[0]) }
      try queue.enqueue(tasks)
      let first = try #require(try queue.claim())
      tasks.removeAll { $0.payload == first.payload }
      // Newcomers of the same classes, so that age would show as a bias.
      let late = [0, 1, 3].map { task($0, type: types[types.count - 1]) }
      let lateIDs = try late.map { try queue.enqueue($0).id }
      let old = weights(tasks).values.reduce(0, +)
      let new = weights(late).values.reduce(0, +)
      let picked = try #require(try queue.claim())
      tally.record(lateIDs.contains(picked.id) ? "new" : "old", among: ["old": old, "new": new])
      try clear(queue)
    }
    #expect(tally.chiSquare < tally.limit)
  }

  @Test(arguments: Subject.weighted)
  func `Tasks that became due or came back take part with their weight`(
    subject: Subject
  ) throws {
    let queue = try subject.open(seed: 3)
    var tally = Tally()
    for round in 0..<300 {
      let now = at(Int64(round))
      let due = at(Int64(round) + 1)
      try queue.enqueue(
        NewTask(type: "t", payload: #""retried""#, priority: 3, maxAttempts: 9), now: now)
      let fence = try #require(try queue.claim(now: now)).fence
      try queue.fail(fence, .retry(at: due, message: ""), now: now)
      try queue.enqueue(
        NewTask(type: "t", payload: #""delayed""#, priority: 1, runAfter: due), now: now)
      try queue.enqueue(NewTask(type: "t", payload: #""ready""#, priority: 0), now: now)
      let picked = try #require(try queue.claim(now: due))
      tally.record(
        picked.payload, among: [#""retried""#: 0.25, #""delayed""#: 0.5, #""ready""#: 1])
      // Two are left, and nothing of them for the next round.
      for _ in 0..<2 {
        let rest = try #require(try queue.claim(now: due))
        try queue.complete(rest.fence, now: due)
      }
      try queue.complete(picked.fence, now: due)
    }
    #expect(tally.chiSquare < tally.limit)
  }

  @Test(arguments: Subject.weighted)
  func `Workers for some types do not distort the picks of others`(subject: Subject) throws {
    let queue = try subject.open(seed: 1)
    let narrow = try subject.open(seed: 101)
    let claimant = Claimant(workerID: "n", strategy: .weightedRandom, types: ["a"])
    var tally = Tally()
    for _ in 0..<200 {
      try queue.enqueue(
        (0..<20).map { _ in task(0, type: "a") } + (0..<5).map { _ in task(0, type: "b") })
      #expect(try narrow.claim(as: claimant, limit: 15, leaseMs: 1_000_000_000).count == 15)
      let picked = try #require(try queue.claim())
      tally.record(picked.type, among: ["a": 5, "b": 5])
      try clear(queue)
    }
    #expect(tally.chiSquare < tally.limit)
  }

  @Test(arguments: Subject.weighted)
  func `The same seed gives the same order, another seed another`(subject: Subject) throws {
    func order(_ name: String, seed: UInt64) throws -> [TaskID] {
      let queue = try subject.open(name, seed: seed)
      try queue.enqueue((0..<50).map { task($0 % 5) })
      return try queue.drain().map(\.id)
    }
    let first = try order("a", seed: 1)
    #expect(try order("b", seed: 1) == first)
    #expect(try order("c", seed: 2) != first)
    #expect(Set(first).count == 50)
  }

  @Test(arguments: Subject.weighted)
  func `Nothing starves behind a stream of heavy newcomers`(subject: Subject) throws {
    let queue = try subject.open(seed: 5)
    let light = try queue.enqueue(task(20)).id
    let others = Claimant(workerID: "others", strategy: .priority)
    var claims = 0
    while claims < 1000 {
      try queue.enqueue([task(0), task(0)])
      claims += 1
      if try queue.claim()?.id == light { break }
      // As many are served as arrive.
      try queue.claim(as: others, limit: 1)
    }
    #expect(claims < 1000)
  }
}
