import QueueEngine
import TestSupport
import Testing

/// The order in which strategies take tasks, against a reference sort.
@Suite(.temporaryDirectory)
struct OrderTests {
  /// A task as the reference sees it.
  struct Known {
    let id: TaskID
    let priority: Int
    let runAfter: Timestamp
    let type: String
    let compatibility: String

    static func precedes(_ strategy: ClaimStrategy) -> (Known, Known) -> Bool {
      { left, right in
        switch strategy {
        case .priority, .weightedRandom, .orderByRandom:
          return (left.priority, left.runAfter, left.id)
            < (right.priority, right.runAfter, right.id)
        case .fifo: return (left.runAfter, left.id) < (right.runAfter, right.id)
        case .lifo: return (left.runAfter, left.id) > (right.runAfter, right.id)
        }
      }
    }
  }

  /// Enqueues ready tasks with few distinct values, so that ties are frequent.
  private func fill(
    _ queue: ClockedQueue, count: Int, types: [String], compatibilities: [String], seed: UInt64
  ) throws -> [Known] {
    var random = SeededGenerator(seed: seed)
    return try (0..<count).map { _ in
      let priority = Int.random(in: -2...3, using: &random)
      let runAfter = at(-Int64.random(in: 0...5, using: &random))
      let type = types.randomElement(using: &random)!
      let compatibility = compatibilities.randomElement(using: &random)!
      let receipt = try queue.enqueue(
        NewTask(
          type: type, priority: priority, runAfter: runAfter, compatibility: compatibility),
        now: start)
      return Known(
        id: receipt.id, priority: priority, runAfter: runAfter, type: type,
        compatibility: compatibility)
    }
  }

  @Test(arguments: Subject.ordered, [1, 2] as [UInt64])
  func `One type is drained in order`(subject: Subject, seed: UInt64) throws {
    let queue = try subject.open()
    let known = try fill(queue, count: 120, types: ["t"], compatibilities: ["{}"], seed: seed)
    #expect(
      try queue.drain().map(\.id)
        == known.sorted(by: Known.precedes(subject.strategy)).map(\.id))
  }

  @Test(arguments: Subject.ordered, [1, 2] as [UInt64])
  func `Several types are drained in one order`(subject: Subject, seed: UInt64) throws {
    let queue = try subject.open()
    let eu = #"{"region":"eu"}"#
    let us = #"{"region":"us"}"#
    let known = try fill(
      queue, count: 200, types: ["a", "b", "c", "d"], compatibilities: ["{}", eu, us], seed: seed)
    let claimant = Claimant(
      workerID: "w", strategy: subject.strategy, types: ["a", "c", "d", "none"],
      capabilities: try Capabilities(json: eu))
    let served = known.filter { $0.type != "b" && $0.compatibility != us }
    var ids: [TaskID] = []
    while let task = try queue.claim(as: claimant, limit: 1).first { ids.append(task.id) }
    #expect(ids == served.sorted(by: Known.precedes(subject.strategy)).map(\.id))
    // The rest is for somebody who can do everything.
    let rest = known.filter { !ids.contains($0.id) }
    let other = Claimant(
      workerID: "o", strategy: subject.strategy,
      capabilities: try Capabilities(json: #"{"region":["eu","us"]}"#))
    let tasks = try queue.claim(as: other, limit: 1000, leaseMs: 1000, now: start)
    #expect(tasks.map(\.id) == rest.sorted(by: Known.precedes(subject.strategy)).map(\.id))
  }

  @Test(arguments: Subject.ordered)
  func `Claims in between and late arrivals keep the order`(subject: Subject) throws {
    let queue = try subject.open()
    var waiting = try fill(
      queue, count: 60, types: ["a", "b"], compatibilities: ["{}"], seed: 3)
    for round in 0..<40 {
      waiting += try fill(
        queue, count: 2, types: ["a", "b"], compatibilities: ["{}"], seed: UInt64(100 + round))
      waiting.sort(by: Known.precedes(subject.strategy))
      for _ in 0..<3 where !waiting.isEmpty {
        #expect(try queue.claim()?.id == waiting.removeFirst().id)
      }
    }
    #expect(try queue.drain().map(\.id) == waiting.map(\.id))
  }

  @Test(arguments: Subject.ordered)
  func `Delayed and retried tasks are put in order when due`(subject: Subject) throws {
    let queue = try subject.open()
    var known: [Known] = []
    for index in 0..<14 {
      let priority = (index * 5) % 7
      let runAfter = at(Int64((index * 3) % 10) * 10)
      let id = try queue.enqueue(
        NewTask(type: "t", priority: priority, runAfter: runAfter), now: at(-1)
      ).id
      known.append(
        Known(id: id, priority: priority, runAfter: runAfter, type: "t", compatibility: "{}"))
    }
    let due = known.filter { $0.runAfter <= at(50) }.sorted(by: Known.precedes(subject.strategy))
    #expect(try queue.drain(now: at(50)).map(\.id) == due.map(\.id))
    let late = known.filter { $0.runAfter > at(50) }.sorted(by: Known.precedes(subject.strategy))
    #expect(try queue.drain(now: at(100)).map(\.id) == late.map(\.id))
  }

  @Test(arguments: Subject.ordered, [17, 40, 100])
  func `However many become due together, the order holds`(
    subject: Subject, count: Int
  ) throws {
    let queue = try subject.open()
    let known = try (0..<count).map { index in
      // The tasks that have been due for longest are the least urgent ones.
      let priority = count - index
      let runAfter = at(Int64(index))
      let id = try queue.enqueue(
        NewTask(type: "t", priority: priority, runAfter: runAfter), now: at(-1)
      ).id
      return Known(
        id: id, priority: priority, runAfter: runAfter, type: "t", compatibility: "{}")
    }
    #expect(
      try queue.drain(now: at(1000)).map(\.id)
        == known.sorted(by: Known.precedes(subject.strategy)).map(\.id))
  }

  @Test(arguments: Subject.ordered, [16, 17, 40])
  func `However many leases ran out together, the order holds`(
    subject: Subject, count: Int
  ) throws {
    let queue = try subject.open()
    let known = try fill(
      queue, count: count, types: ["t"], compatibilities: ["{}"], seed: UInt64(count))
    #expect(try queue.drain().count == count)
    #expect(
      try queue.drain(now: at(100_000)).map(\.id)
        == known.sorted(by: Known.precedes(subject.strategy)).map(\.id))
  }

  @Test(arguments: Subject.all)
  func `A batch takes everything that became due`(subject: Subject) throws {
    let queue = try subject.open()
    try queue.enqueue(
      (0..<50).map { _ in NewTask(type: "t", runAfter: at(10)) }, now: start)
    let tasks = try queue.claim(
      as: Claimant(workerID: "w", strategy: subject.strategy), limit: 50, leaseMs: 1000,
      now: at(10))
    #expect(tasks.count == 50)
  }

  @Test(arguments: Subject.all, [15, 16, 17, 200])
  func `Others' tasks that became due do not hide a worker's own`(
    subject: Subject, foreign: Int
  ) throws {
    let queue = try subject.open()
    try queue.enqueue(
      (0..<foreign).map { _ in NewTask(type: "foreign", runAfter: at(10)) }, now: start)
    let own = try queue.enqueue(NewTask(type: "own", runAfter: at(20)), now: start).id
    #expect(try queue.claim(types: ["own"], now: at(30))?.id == own)
  }

  @Test(arguments: Subject.all, [15, 16, 17, 200])
  func `Exhausted leases do not hide a task that can be claimed`(
    subject: Subject, exhausted: Int
  ) throws {
    let queue = try subject.open()
    try queue.enqueue(
      (0..<exhausted).map { _ in NewTask(type: "t", maxAttempts: 1) }, now: start)
    let last = try queue.enqueue(NewTask(type: "last", maxAttempts: 2), now: start).id
    #expect(try queue.drain(types: ["t"]).count == exhausted)
    #expect(try queue.claim(types: ["last"], now: at(1))?.id == last)
    #expect(try queue.claim(now: at(1_000_000))?.id == last)
  }
}
