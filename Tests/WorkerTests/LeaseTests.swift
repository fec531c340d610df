import Dispatch
import QueueEngine
import QueueWorker
import Synchronization
import TestSupport
import Testing

@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct LeaseTests {
  /// Serves everything.
  private static let rival = Claimant(workerID: "rival")

  @Test func `The lease of a long task is renewed`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t"))[0]
    let worker = try test.worker(leaseDurationMs: 300)
    let gate = Tally("gate")
    let firstEnd = Mutex<Timestamp?>(nil)
    try worker.register("t") { task in
      firstEnd.withLock { $0 = task.task.leaseUntil }
      try await gate.reaches()
      return nil
    }
    let run = Task { try await worker.run(.once) }
    try await test.probe.tally(.extend).reaches(4)
    #expect(try #require(try test.task(id).leaseUntil) > #require(firstEnd.withLock { $0 }))
    #expect(try await test.queue.claim(as: Self.rival, leaseDurationMs: 1000) == nil)
    gate.add()
    try await run.value
    #expect(try test.task(id).status == .completed)
    #expect(worker.statistics.renewed >= 4)
    #expect(worker.statistics.leaseLost == 0)
  }

  @Test func `Leases are renewed while handlers block the whole cooperative pool`() async throws {
    let test = try QueueUnderTest()
    let handlers = 64
    for _ in 0..<handlers { try test.enqueue(NewTask(type: "t")) }
    let worker = try test.worker(concurrency: handlers, leaseDurationMs: 1500)
    let gate = Tally("gate")
    try worker.register("t") { _ in
      try gate.blockUntil()
      return nil
    }
    let renewals = test.probe.tally(.extend)
    // A thread of its own: no Swift task gets to run meanwhile.
    let watch = TestThread {
      defer { gate.add() }
      try renewals.blockUntil(3)
    }
    try await worker.run(.drain)
    try watch.join()
    #expect(try test.counts() == [.completed: handlers])
    #expect(worker.statistics.renewed >= 3 * handlers)
    #expect(worker.statistics.leaseLost == 0)
  }

  @Test func `A lease that is lost on renewal cancels the handler`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t"))[0]
    let worker = try test.worker(leaseDurationMs: 200)
    let (entered, cancelled) = (Tally("entered"), Tally("cancelled"))
    let wasLost = Mutex<Bool?>(nil)
    try worker.register("t") { task in
      entered.add()
      await untilCancelled()
      wasLost.withLock { $0 = task.isLeaseLost }
      cancelled.add()
      return nil
    }
    let run = Task { try await worker.run() }
    try await entered.reaches()
    #expect(try await test.queue.cancel(id, evenIfHeld: true))
    try await cancelled.reaches()
    #expect(wasLost.withLock { $0 } == true)
    #expect(worker.statistics.leaseLost == 1)
    worker.shutdown()
    try await run.value
    #expect(try test.task(id).status == .cancelled)
    #expect(worker.statistics.completed == 0)
  }

  @Test(arguments: [nil, Breakdown()])
  func `An outcome that comes after the lease was lost is dropped`(error: Breakdown?) async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t"))[0]
    let worker = try test.worker()
    let (entered, gate) = (Tally("entered"), Tally("gate"))
    try worker.register("t") { _ in
      entered.add()
      try await gate.reaches()
      if let error { throw error }
      return "1"
    }
    let run = Task { try await worker.run(.drain) }
    try await entered.reaches()
    #expect(try await test.queue.cancel(id, evenIfHeld: true))
    gate.add()
    try await run.value
    #expect(try test.task(id).status == .cancelled)
    #expect(try test.task(id).result == nil)
    let statistics = worker.statistics
    #expect(statistics.leaseLost == 1 && statistics.completed == 0 && statistics.retried == 0)
  }

  @Test func `A task passes to another worker when its lease has run out`() async throws {
    let clock = Mutex(Timestamp("2026-11-21 12:00:00.000")!)
    let test = try QueueUnderTest(clock: { clock.withLock { $0 } })
    let id = try test.enqueue(NewTask(type: "t"))[0]
    // Renewals are an age away by the machine's clock, which the queue's runs ahead of.
    let first = try test.worker("first", leaseDurationMs: 600_000)
    let second = try test.worker("second", leaseDurationMs: 600_000)
    let (entered, gate) = (Tally("entered"), Tally("gate"))
    try first.register("t") { _ in
      entered.add()
      try await gate.reaches()
      return "\"first\""
    }
    try second.register("t") { task in "\"second, attempt \(task.attempt)\"" }
    let run = Task { try await first.run(.once) }
    try await entered.reaches()
    clock.withLock { $0 = $0.adding(milliseconds: 600_001) }
    try await second.run(.drain)
    gate.add()
    try await run.value
    let task = try test.task(id)
    #expect(task.status == .completed && task.result == "\"second, attempt 2\"")
    #expect(task.lockedBy == "second")
    #expect(first.statistics.leaseLost == 1 && first.statistics.completed == 0)
  }
}
