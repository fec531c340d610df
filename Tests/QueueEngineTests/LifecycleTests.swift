@testable import QueueEngine
import SQLite
import Synchronization
import TestSupport
import Testing

/// What every call does to a task, whichever strategy claimed it.
@Suite(.temporaryDirectory)
struct LifecycleTests {
  @Test func `A new task lies in the queue as it was given`() throws {
    let queue = try openQueue()
    let receipt = try queue.enqueue(
      NewTask(
        type: "t\0ä", payload: #"{"format":"mp4"}"#, priority: -3, runAfter: at(5000),
        maxAttempts: 2, idempotencyKey: "key", compatibility: #"{"region":"eu"}"#), now: at(1))
    #expect(receipt.isNew)
    let task = try #require(try queue.task(receipt.id))
    #expect(task.type == "t\0ä")
    #expect(task.payload == #"{"format":"mp4"}"#)
    #expect(task.priority == -3)
    #expect(task.runAfter == at(5000))
    #expect(task.maxAttempts == 2)
    #expect(task.idempotencyKey == "key")
    #expect(task.compatibility == #"{"region":"eu"}"#)
    #expect(task.status == .queued)
    #expect(task.attempts == 0)
    #expect(task.createdAt == at(1))
    #expect(task.leaseUntil == nil && task.lockedBy == nil && task.finishedAt == nil)
    #expect(task.processingStarted == nil && task.result == nil && task.errorMessage == nil)
    let rows = try openByHand().rows("SELECT region, format, run_after_utc FROM task_queue")
    #expect(rows == [["eu", "mp4", "2026-11-21 12:00:05.000"]])
  }

  @Test(arguments: [Int.min, -1, 0, 1, Int.max])
  func `Any priority is stored and claimed`(priority: Int) throws {
    for strategy in ClaimStrategy.allCases {
      let queue = try openQueue("\(strategy).db")
      try _ = queue.enqueue(NewTask(type: "t", priority: priority), now: start)
      #expect(try queue.claim(strategy)?.priority == priority)
    }
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `Claim and complete`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    #expect(try queue.claim(strategy) == nil)
    let id = try queue.enqueue(
      NewTask(type: "t", payload: "[1]", priority: 7, maxAttempts: 3), now: start
    ).id
    let task = try #require(try queue.claim(strategy, worker: "w1", now: at(10), leaseMs: 500))
    #expect(
      task
        == ClaimedTask.expected(
          id, attempt: 1, payload: "[1]", priority: 7, maxAttempts: 3, leaseUntil: at(510)))
    #expect(try queue.claim(strategy, now: at(20)) == nil)
    var stored = try #require(try queue.task(id))
    #expect(stored.status == .processing)
    #expect(stored.attempts == 1)
    #expect(stored.lockedBy == "w1")
    #expect(stored.leaseUntil == at(510))
    #expect(stored.processingStarted == at(10))
    #expect(try queue.complete(task.fence, result: #"{"ok":1}"#, now: at(30)) == .accepted)
    stored = try #require(try queue.task(id))
    #expect(stored.status == .completed)
    #expect(stored.finishedAt == at(30))
    #expect(stored.result == #"{"ok":1}"#)
    #expect(stored.leaseUntil == nil)
    #expect(try queue.claim(strategy, now: at(1_000_000)) == nil)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `Completing again is accepted and changes nothing`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    try _ = queue.enqueue(NewTask(type: "t"), now: start)
    let fence = try #require(try queue.claim(strategy)).fence
    #expect(try queue.complete(fence, result: "1", now: at(1)) == .accepted)
    let stored = try queue.task(fence.id)
    #expect(try queue.complete(fence, result: "2", now: at(2)) == .accepted)
    #expect(try queue.task(fence.id) == stored)
    let other = try openQueue()
    #expect(
      try other.complete([(fence, "3"), (fence, nil)], now: at(3)) == [.accepted, .accepted])
    #expect(try queue.task(fence.id) == stored)
    for attempt in [0, 2] {
      let stale = Fence(id: fence.id, attempt: attempt)
      #expect(try queue.complete(stale, result: nil, now: at(4)) == .leaseLost)
    }
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A retry is claimable when due and not before`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    try _ = queue.enqueue(NewTask(type: "t", maxAttempts: 3), now: start)
    let first = try #require(try queue.claim(strategy))
    #expect(
      try queue.fail(first.fence, .retry(at: at(1000), message: "later"), now: at(1)) == .accepted)
    let stored = try #require(try queue.task(first.id))
    #expect(stored.status == .queued)
    #expect(stored.runAfter == at(1000))
    #expect(stored.errorMessage == "later")
    #expect(stored.lockedBy == nil && stored.leaseUntil == nil && stored.finishedAt == nil)
    for ms in [2, 500, 999] as [Int64] {
      #expect(try queue.claim(strategy, now: at(ms)) == nil)
    }
    let second = try #require(try queue.claim(strategy, now: at(1000)))
    #expect(second.fence == Fence(id: first.id, attempt: 2))
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A retry without attempts left is a dead letter`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    try _ = queue.enqueue(NewTask(type: "t", maxAttempts: 2), now: start)
    for attempt in 1...2 {
      let task = try #require(try queue.claim(strategy, worker: "w\(attempt)"))
      #expect(task.fence.attempt == attempt)
      #expect(
        try queue.fail(task.fence, .retry(at: start, message: "m\(attempt)"), now: at(9))
          == .accepted)
    }
    let stored = try #require(try queue.task(TaskID(rawValue: 1)))
    #expect(stored.status == .deadLetter)
    #expect(stored.finishedAt == at(9))
    #expect(stored.errorMessage == "m2")
    #expect(stored.lockedBy == "w2")
    #expect(try queue.claim(strategy, now: at(1_000_000)) == nil)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A permanent failure is final`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    try _ = queue.enqueue(NewTask(type: "t"), now: start)
    let fence = try #require(try queue.claim(strategy)).fence
    #expect(try queue.fail(fence, .permanent(message: "no"), now: at(1)) == .accepted)
    let stored = try #require(try queue.task(fence.id))
    #expect(stored.status == .failed)
    #expect(stored.errorMessage == "no")
    #expect(stored.finishedAt == at(1))
    #expect(try queue.claim(strategy, now: at(1_000_000)) == nil)
    try expectRefused(fence, by: queue)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A released task is ready at once and no fence is used twice`(
    strategy: ClaimStrategy
  ) throws {
    let queue = try openQueue()
    try _ = queue.enqueue(NewTask(type: "t", maxAttempts: 1), now: start)
    var seen: Set<Fence> = []
    for _ in 0..<4 {
      let task = try #require(try queue.claim(strategy))
      #expect(seen.insert(task.fence).inserted)
      #expect(try queue.release(task.fence, now: start) == .accepted)
      #expect(try queue.release(task.fence, now: start) == .leaseLost)
      let stored = try #require(try queue.task(task.id))
      #expect(stored.status == .queued)
      #expect(stored.lockedBy == nil && stored.leaseUntil == nil)
      #expect(stored.maxAttempts - stored.attempts == 1)
    }
    let last = try #require(try queue.claim(strategy))
    #expect(try queue.fail(last.fence, .retry(at: start, message: ""), now: start) == .accepted)
    #expect(try queue.task(last.id)?.status == .deadLetter)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `An extended lease holds longer`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    let other = try openQueue()
    try _ = queue.enqueue(NewTask(type: "t"), now: start)
    let fence = try #require(try queue.claim(strategy, leaseMs: 100)).fence
    #expect(try queue.extend(fence, leaseDurationMs: 450, now: at(50)) == .accepted)
    #expect(try queue.task(fence.id)?.leaseUntil == at(500))
    #expect(try other.claim(strategy, now: at(499)) == nil)
    #expect(try other.claim(strategy, now: at(500))?.fence == Fence(id: fence.id, attempt: 2))
    #expect(try queue.extend(fence, leaseDurationMs: 399, now: at(501)) == .leaseLost)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A lease that ran out passes to the next claim`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    let other = try openQueue()
    try _ = queue.enqueue(NewTask(type: "t", maxAttempts: 2), now: start)
    let stale = try #require(try queue.claim(strategy, worker: "a", leaseMs: 100)).fence
    #expect(try other.claim(strategy, now: at(99)) == nil)
    let current = try #require(try other.claim(strategy, worker: "b", now: at(100), leaseMs: 100))
    #expect(current.fence == Fence(id: stale.id, attempt: 2))
    try expectRefused(stale, by: queue)
    let stored = try #require(try queue.task(stale.id))
    #expect(stored.lockedBy == "b")
    #expect(stored.leaseUntil == at(200))
    // The last lease runs out, too.
    #expect(try queue.claim(strategy, now: at(200)) == nil)
    let buried = try #require(try queue.task(stale.id))
    #expect(buried.status == .deadLetter)
    #expect(buried.finishedAt == at(200))
    #expect(buried.errorMessage?.contains("lease") == true)
    #expect(buried.leaseUntil == nil)
    try expectRefused(current.fence, by: other)
  }

  @Test func `A late acknowledgement of a lease nobody took is accepted`() throws {
    let queue = try openQueue()
    try _ = queue.enqueue(NewTask(type: "t"), now: start)
    let fence = try #require(try queue.claim(.priority, leaseMs: 100)).fence
    #expect(try queue.complete(fence, result: nil, now: at(10_000)) == .accepted)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `Waiting tasks are cancelled, held ones only if asked`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    let ids = try queue.enqueue(
      [
        NewTask(type: "t"), NewTask(type: "t", runAfter: at(1_000_000)), NewTask(type: "t"),
      ], now: start
    ).map(\.id)
    for id in ids.prefix(2) {
      #expect(try queue.cancel(id, evenIfHeld: false, now: at(5)))
      #expect(try queue.task(id)?.status == .cancelled)
      #expect(try queue.task(id)?.finishedAt == at(5))
      #expect(try !queue.cancel(id, evenIfHeld: true, now: at(6)))
    }
    let held = try #require(try queue.claim(strategy))
    #expect(held.id == ids[2])
    #expect(try !queue.cancel(held.id, evenIfHeld: false, now: at(7)))
    #expect(try queue.task(held.id)?.status == .processing)
    #expect(try queue.cancel(held.id, evenIfHeld: true, now: at(8)))
    try expectRefused(held.fence, by: queue)
    #expect(try queue.claim(strategy, now: at(2_000_000)) == nil)
    #expect(try !queue.cancel(TaskID(rawValue: 99), evenIfHeld: true, now: at(9)))
  }

  @Test func `What does not exist is nil or lost`() throws {
    let queue = try openQueue()
    for raw in [0, -1, 1, .max] as [Int64] {
      #expect(try queue.task(TaskID(rawValue: raw)) == nil)
      try expectRefused(Fence(id: TaskID(rawValue: raw), attempt: 1), by: queue)
    }
  }

  @Test func `Counts name every status`() throws {
    let queue = try openQueue()
    #expect(
      try queue.counts()
        == Dictionary(uniqueKeysWithValues: TaskStatus.allCases.map { ($0, 0) }))
    try _ = queue.enqueue((0..<7).map { _ in NewTask(type: "t", maxAttempts: 1) }, now: start)
    let claimed = try queue.claim(
      as: Claimant(workerID: "w"), limit: 4, leaseDurationMs: 100, now: start)
    try _ = queue.complete(claimed[0].fence, result: nil, now: start)
    try _ = queue.fail(claimed[1].fence, .permanent(message: ""), now: start)
    try _ = queue.fail(claimed[2].fence, .retry(at: start, message: ""), now: start)
    try _ = queue.cancel(TaskID(rawValue: 7), evenIfHeld: false, now: start)
    #expect(
      try queue.counts() == [
        .queued: 2, .processing: 1, .completed: 1, .failed: 1, .deadLetter: 1, .cancelled: 1,
      ])
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A batch takes at most its limit`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    try _ = queue.enqueue((0..<10).map { _ in NewTask(type: "t") }, now: start)
    let claimant = Claimant(workerID: "w", strategy: strategy)
    func claim(_ limit: Int) throws -> [ClaimedTask] {
      try queue.claim(as: claimant, limit: limit, leaseDurationMs: 100, now: start)
    }
    #expect(try claim(0).isEmpty)
    let first = try claim(4)
    #expect(first.count == 4)
    let rest = try claim(100)
    #expect(Set((first + rest).map(\.id)).count == 10)
    #expect(try claim(1).isEmpty)
    #expect(
      try queue.complete((first + rest).map { ($0.fence, nil) }, now: start)
        == Array(repeating: .accepted, count: 10))
  }

  @Test(
    arguments: [
      NewTask(type: ""), NewTask(type: "t", maxAttempts: 0), NewTask(type: "t", maxAttempts: -1),
    ])
  func `Invalid tasks are refused and nothing of their batch is kept`(task: NewTask) throws {
    let queue = try openQueue()
    #expect(try queueError { _ = try queue.enqueue(task, now: start) }.code == .invalidArgument)
    let error = try queueError {
      _ = try queue.enqueue([NewTask(type: "fine"), task], now: start)
    }
    #expect(error.code == .invalidArgument)
    #expect(try queue.counts()[.queued] == 0)
  }

  @Test func `The queue adds the clock and the arithmetic`() throws {
    let store = try openQueue()
    let now = Mutex(start)
    let queue = TaskQueue(store: store, clock: { now.withLock { $0 } })
    let id = try queue.enqueue(NewTask(type: "t")).id
    #expect(try queue.enqueue(contentsOf: [NewTask(type: "t"), NewTask(type: "t")]).count == 2)
    #expect(try queue.task(id)?.createdAt == start)
    let claimant = Claimant(workerID: "w")
    let task = try #require(try queue.claim(as: claimant, leaseDurationMs: 100))
    #expect(task.leaseUntil == at(100))
    now.withLock { $0 = at(50) }
    #expect(try queue.extend(task.fence, leaseDurationMs: 100) == .accepted)
    #expect(try queue.task(id)?.leaseUntil == at(150))
    #expect(try queue.release(task.fence) == .accepted)
    let rest = try queue.claim(as: claimant, limit: 2, leaseDurationMs: 10)
    #expect(rest.count == 2)
    #expect(try queue.complete(rest.map { ($0.fence, nil) }) == [.accepted, .accepted])
    #expect(try queue.task(rest[0].id)?.finishedAt == at(50))
    let last = try #require(try queue.claim(as: claimant, leaseDurationMs: 10))
    #expect(try queue.fail(last.fence, .permanent(message: "m")) == .accepted)
    #expect(try queue.complete(last.fence) == .leaseLost)
    #expect(try !queue.cancel(last.id))
    #expect(try queue.counts()[.completed] == 2)
  }

  @Test func `An endless lease holds until the end of time`() throws {
    let queue = TaskQueue(store: try openQueue())
    try queue.enqueue(NewTask(type: "t"))
    let task = try #require(
      try queue.claim(as: Claimant(workerID: "w"), leaseDurationMs: .max))
    #expect(try queue.task(task.id)?.leaseUntil?.description == "9999-12-31 23:59:59.999")
  }

  @Test(arguments: [0, -1, Int64.min])
  func `A lease that is over before it begins is refused`(durationMs: Int64) throws {
    let queue = TaskQueue(store: try openQueue())
    let id = try queue.enqueue(NewTask(type: "t")).id
    let claimant = Claimant(workerID: "w")
    let error = #expect(throws: QueueError.self) {
      try queue.claim(as: claimant, leaseDurationMs: durationMs)
    }
    #expect(error?.code == .invalidArgument)
    let task = try #require(try queue.claim(as: claimant, leaseDurationMs: 1000))
    #expect(throws: QueueError.self) { try queue.extend(task.fence, leaseDurationMs: durationMs) }
    #expect(try queue.task(id)?.leaseUntil == task.leaseUntil)
  }

  /// No acknowledgement under that fence is taken, and none changes the task.
  private func expectRefused(_ fence: Fence, by queue: SQLiteQueueStore) throws {
    let before = try queue.task(fence.id)
    #expect(try queue.complete(fence, result: #""stale""#, now: at(7)) == .leaseLost)
    #expect(try queue.complete([(fence, #""stale""#)], now: at(7)) == [.leaseLost])
    #expect(try queue.fail(fence, .retry(at: start, message: "stale"), now: at(7)) == .leaseLost)
    #expect(try queue.fail(fence, .permanent(message: "stale"), now: at(7)) == .leaseLost)
    #expect(try queue.release(fence, now: at(7)) == .leaseLost)
    #expect(try queue.extend(fence, leaseDurationMs: 1_000_000, now: at(7)) == .leaseLost)
    #expect(try queue.task(fence.id) == before)
  }
}

extension ClaimedTask {
  /// A claimed task of type `t`, field by field.
  fileprivate static func expected(
    _ id: TaskID, attempt: Int, payload: String, priority: Int, maxAttempts: Int,
    leaseUntil: Timestamp
  ) -> Self? {
    ClaimedTask(
      fence: Fence(id: id, attempt: attempt), type: "t", payload: payload, priority: priority,
      maxAttempts: maxAttempts, leaseUntil: leaseUntil)
  }
}
