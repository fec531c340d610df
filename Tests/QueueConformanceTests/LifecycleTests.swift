import QueueEngine
import TestSupport
import Testing

/// What every call does to a task, whichever strategy claimed it.
@Suite(.temporaryDirectory)
struct LifecycleTests {
  @Test(arguments: QueueKind.all)
  func `A new task lies in the queue as it was given`(kind: QueueKind) throws {
    let queue = try kind.open()
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
  }

  @Test(arguments: Subject.all, [Int.min, -1, 0, 1, Int.max])
  func `Any priority is stored and claimed`(subject: Subject, priority: Int) throws {
    let queue = try subject.open()
    try queue.enqueue(NewTask(type: "t", priority: priority))
    #expect(try queue.claim()?.priority == priority)
  }

  @Test(arguments: QueueKind.all)
  func `Any number of attempts is stored, and survives a release`(kind: QueueKind) throws {
    let queue = try kind.open()
    try queue.enqueue(NewTask(type: "t", maxAttempts: .max))
    let first = try #require(try queue.claim())
    #expect(first.maxAttempts == .max)
    try queue.release(first.fence)
    #expect(try queue.claim()?.fence == Fence(id: first.id, attempt: 2))
  }

  @Test(arguments: Subject.all)
  func `Claim and complete`(subject: Subject) throws {
    let queue = try subject.open()
    #expect(try queue.claim() == nil)
    let id = try queue.enqueue(
      NewTask(type: "t", payload: "[1]", priority: 7, maxAttempts: 3), now: start
    ).id
    let task = try #require(try queue.claim(worker: "w1", now: at(10), leaseMs: 500))
    #expect(task.fence == Fence(id: id, attempt: 1))
    #expect(task.type == "t" && task.payload == "[1]" && task.priority == 7)
    #expect(task.maxAttempts == 3)
    #expect(task.leaseUntil == at(510))
    #expect(try queue.claim(now: at(20)) == nil)
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
    #expect(try queue.claim(now: at(1_000_000)) == nil)
  }

  @Test(arguments: Subject.all)
  func `Completing again is accepted and changes nothing`(subject: Subject) throws {
    let queue = try subject.open()
    try queue.enqueue(NewTask(type: "t"), now: start)
    let fence = try #require(try queue.claim()).fence
    #expect(try queue.complete(fence, result: "1", now: at(1)) == .accepted)
    let stored = try queue.task(fence.id)
    #expect(try queue.complete(fence, result: "2", now: at(2)) == .accepted)
    #expect(try queue.task(fence.id) == stored)
    let other = try subject.open()
    #expect(
      try other.complete([(fence, "3"), (fence, nil)], now: at(3)) == [.accepted, .accepted])
    #expect(try queue.task(fence.id) == stored)
    for attempt in [0, 2] {
      let stale = Fence(id: fence.id, attempt: attempt)
      #expect(try queue.complete(stale, result: nil, now: at(4)) == .leaseLost)
    }
  }

  @Test(arguments: Subject.all)
  func `A retry is claimable when due and not before`(subject: Subject) throws {
    let queue = try subject.open()
    try queue.enqueue(NewTask(type: "t", maxAttempts: 3), now: start)
    let first = try #require(try queue.claim())
    #expect(
      try queue.fail(first.fence, .retry(at: at(1000), message: "later"), now: at(1)) == .accepted)
    let stored = try #require(try queue.task(first.id))
    #expect(stored.status == .queued)
    #expect(stored.runAfter == at(1000))
    #expect(stored.errorMessage == "later")
    #expect(stored.lockedBy == nil && stored.leaseUntil == nil && stored.finishedAt == nil)
    for ms in [2, 500, 999] as [Int64] {
      #expect(try queue.claim(now: at(ms)) == nil)
    }
    let second = try #require(try queue.claim(now: at(1000)))
    #expect(second.fence == Fence(id: first.id, attempt: 2))
  }

  @Test(arguments: Subject.all)
  func `A retry without attempts left is a dead letter`(subject: Subject) throws {
    let queue = try subject.open()
    try queue.enqueue(NewTask(type: "t", maxAttempts: 2), now: start)
    for attempt in 1...2 {
      let task = try #require(try queue.claim(worker: "w\(attempt)"))
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
    #expect(try queue.claim(now: at(1_000_000)) == nil)
  }

  @Test(arguments: Subject.all)
  func `A permanent failure is final`(subject: Subject) throws {
    let queue = try subject.open()
    try queue.enqueue(NewTask(type: "t"), now: start)
    let fence = try #require(try queue.claim()).fence
    #expect(try queue.fail(fence, .permanent(message: "no"), now: at(1)) == .accepted)
    let stored = try #require(try queue.task(fence.id))
    #expect(stored.status == .failed)
    #expect(stored.errorMessage == "no")
    #expect(stored.finishedAt == at(1))
    #expect(try queue.claim(now: at(1_000_000)) == nil)
    try expectRefused(fence, by: queue)
  }

  @Test(arguments: Subject.all)
  func `A released task is ready at once and no fence is used twice`(
    subject: Subject
  ) throws {
    let queue = try subject.open()
    try queue.enqueue(NewTask(type: "t", maxAttempts: 1), now: start)
    var seen: Set<Fence> = []
    for _ in 0..<4 {
      let task = try #require(try queue.claim())
      #expect(seen.insert(task.fence).inserted)
      #expect(try queue.release(task.fence, now: start) == .accepted)
      #expect(try queue.release(task.fence, now: start) == .leaseLost)
      let stored = try #require(try queue.task(task.id))
      #expect(stored.status == .queued)
      #expect(stored.lockedBy == nil && stored.leaseUntil == nil)
      #expect(stored.maxAttempts - stored.attempts == 1)
    }
    let last = try #require(try queue.claim())
    #expect(try queue.fail(last.fence, .retry(at: start, message: ""), now: start) == .accepted)
    #expect(try queue.task(last.id)?.status == .deadLetter)
  }

  @Test(arguments: Subject.all)
  func `An extended lease holds longer`(subject: Subject) throws {
    let queue = try subject.open()
    let other = try subject.open()
    try queue.enqueue(NewTask(type: "t"), now: start)
    let fence = try #require(try queue.claim(leaseMs: 100)).fence
    #expect(try queue.extend(fence, leaseMs: 450, now: at(50)) == .accepted)
    #expect(try queue.task(fence.id)?.leaseUntil == at(500))
    #expect(try other.claim(now: at(499)) == nil)
    #expect(try other.claim(now: at(500))?.fence == Fence(id: fence.id, attempt: 2))
    #expect(try queue.extend(fence, leaseMs: 399, now: at(501)) == .leaseLost)
  }

  @Test(arguments: Subject.all)
  func `A lease that ran out passes to the next claim`(subject: Subject) throws {
    let queue = try subject.open()
    let other = try subject.open()
    try queue.enqueue(NewTask(type: "t", maxAttempts: 2), now: start)
    let stale = try #require(try queue.claim(worker: "a", leaseMs: 100)).fence
    #expect(try other.claim(now: at(99)) == nil)
    let current = try #require(try other.claim(worker: "b", now: at(100), leaseMs: 100))
    #expect(current.fence == Fence(id: stale.id, attempt: 2))
    try expectRefused(stale, by: queue)
    let stored = try #require(try queue.task(stale.id))
    #expect(stored.lockedBy == "b")
    #expect(stored.leaseUntil == at(200))
    // The last lease runs out, too.
    #expect(try queue.claim(now: at(200)) == nil)
    let buried = try #require(try queue.task(stale.id))
    #expect(buried.status == .deadLetter)
    #expect(buried.finishedAt == at(200))
    #expect(buried.errorMessage?.contains("lease") == true)
    #expect(buried.leaseUntil == nil)
    try expectRefused(current.fence, by: other)
  }

  @Test(arguments: QueueKind.all)
  func `A late acknowledgement of a lease nobody took is accepted`(kind: QueueKind) throws {
    let queue = try kind.open()
    try queue.enqueue(NewTask(type: "t"), now: start)
    let fence = try #require(try queue.claim(leaseMs: 100)).fence
    #expect(try queue.complete(fence, result: nil, now: at(10_000)) == .accepted)
  }

  @Test(arguments: Subject.all)
  func `Waiting tasks are cancelled, held ones only if asked`(subject: Subject) throws {
    let queue = try subject.open()
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
    let held = try #require(try queue.claim())
    #expect(held.id == ids[2])
    #expect(try !queue.cancel(held.id, evenIfHeld: false, now: at(7)))
    #expect(try queue.task(held.id)?.status == .processing)
    #expect(try queue.cancel(held.id, evenIfHeld: true, now: at(8)))
    try expectRefused(held.fence, by: queue)
    #expect(try queue.claim(now: at(2_000_000)) == nil)
    #expect(try !queue.cancel(TaskID(rawValue: 99), evenIfHeld: true, now: at(9)))
  }

  @Test(arguments: QueueKind.all)
  func `What does not exist is nil or lost`(kind: QueueKind) throws {
    let queue = try kind.open()
    for raw in [0, -1, 1, .max] as [Int64] {
      #expect(try queue.task(TaskID(rawValue: raw)) == nil)
      try expectRefused(Fence(id: TaskID(rawValue: raw), attempt: 1), by: queue)
    }
  }

  @Test(arguments: QueueKind.all)
  func `Counts name every status`(kind: QueueKind) throws {
    let queue = try kind.open()
    #expect(
      try queue.counts()
        == Dictionary(uniqueKeysWithValues: TaskStatus.allCases.map { ($0, 0) }))
    try queue.enqueue((0..<7).map { _ in NewTask(type: "t", maxAttempts: 1) }, now: start)
    let claimed = try queue.claim(
      as: Claimant(workerID: "w"), limit: 4, leaseMs: 100, now: start)
    try queue.complete(claimed[0].fence, result: nil, now: start)
    try queue.fail(claimed[1].fence, .permanent(message: ""), now: start)
    try queue.fail(claimed[2].fence, .retry(at: start, message: ""), now: start)
    try queue.cancel(TaskID(rawValue: 7), evenIfHeld: false, now: start)
    #expect(
      try queue.counts() == [
        .queued: 2, .processing: 1, .completed: 1, .failed: 1, .deadLetter: 1, .cancelled: 1,
      ])
  }

  @Test(arguments: Subject.all)
  func `A batch takes at most its limit`(subject: Subject) throws {
    let queue = try subject.open()
    try queue.enqueue((0..<10).map { _ in NewTask(type: "t") }, now: start)
    let claimant = Claimant(workerID: "w", strategy: subject.strategy)
    func claim(_ limit: Int) throws -> [ClaimedTask] {
      try queue.claim(as: claimant, limit: limit, leaseMs: 100, now: start)
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

  @Test(arguments: QueueKind.all)
  func `An endless lease holds until the end of time`(kind: QueueKind) throws {
    let queue = try kind.open()
    try queue.enqueue(NewTask(type: "t"))
    let task = try #require(try queue.claim(leaseMs: .max))
    #expect(try queue.task(task.id)?.leaseUntil?.description == "9999-12-31 23:59:59.999")
    #expect(try queue.extend(task.fence, leaseMs: 5) == .accepted)
    #expect(try queue.task(task.id)?.leaseUntil == at(5))
  }

  @Test(arguments: QueueKind.all)
  func `Refusals are counted`(kind: QueueKind) throws {
    let queue = try kind.open()
    try queue.enqueue([NewTask(type: "t"), NewTask(type: "t")])
    let stale = try queue.drain().map(\.fence)
    #expect(try queue.drain(now: at(100_000)).count == 2)
    #expect(queue.queue.counters.refusedAcknowledgements == 0)
    try queue.complete(stale[0], now: at(100_000))
    try queue.complete(stale.map { ($0, nil) }, now: at(100_000))
    try queue.fail(stale[0], .permanent(message: ""), now: at(100_000))
    try queue.release(stale[0], now: at(100_000))
    #expect(queue.queue.counters.refusedAcknowledgements == 5)
    #expect(queue.queue.counters.refusedRenewals == 0)
    try queue.extend(stale[0], leaseMs: 9, now: at(100_000))
    #expect(try queue.queue.extend(stale, leaseDurationMs: 9) == [.leaseLost, .leaseLost])
    #expect(queue.queue.counters.refusedRenewals == 3)
    #expect(queue.queue.counters.refusedAcknowledgements == 5)
  }

  @Test(arguments: QueueKind.all)
  func `The system's clock is the default`(kind: QueueKind) throws {
    let queue = TaskQueue(store: try kind.openStore("queue", 1), options: kind.options)
    let before = Timestamp.now()
    let id = try queue.enqueue(NewTask(type: "t")).id
    let created = try #require(try queue.task(id)?.createdAt)
    #expect(before <= created && created <= .now())
    #expect(try queue.claim(as: Claimant(workerID: "w"), leaseDurationMs: 100)?.id == id)
  }

  /// No acknowledgement under that fence is taken, and none changes the task.
  private func expectRefused(_ fence: Fence, by queue: ClockedQueue) throws {
    let before = try queue.task(fence.id)
    #expect(try queue.complete(fence, result: #""stale""#, now: at(7)) == .leaseLost)
    #expect(try queue.complete([(fence, #""stale""#)], now: at(7)) == [.leaseLost])
    #expect(try queue.fail(fence, .retry(at: start, message: "stale"), now: at(7)) == .leaseLost)
    #expect(try queue.fail(fence, .permanent(message: "stale"), now: at(7)) == .leaseLost)
    #expect(try queue.release(fence, now: at(7)) == .leaseLost)
    #expect(try queue.extend(fence, leaseMs: 1_000_000, now: at(7)) == .leaseLost)
    #expect(try queue.task(fence.id) == before)
  }
}
