import Logging
import QueueEngine
import QueueWorker
import SQLite
import Synchronization
import TestSupport
import Testing

@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct HandlerTests {
  @Test(arguments: [#"{"n": 1}"#, nil])
  func `What a handler returns is stored`(result: String?) async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t"))[0]
    let worker = try test.worker()
    try worker.register("t") { _ in result }
    try await worker.run(.drain)
    #expect(try test.task(id).status == .completed)
    #expect(try test.task(id).result == result)
    #expect(try test.task(id).lockedBy == "w")
  }

  @Test func `A handler is told of its task`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(
      NewTask(type: "t", payload: #"{"a": [1]}"#, priority: 7, maxAttempts: 3))[0]
    let seen = Mutex<[TaskContext]>([])
    let worker = try test.worker()
    try worker.register("t") { task in
      seen.withLock { $0.append(task) }
      if task.attempt < 2 { throw Breakdown() }
      return nil
    }
    try await worker.run(.drain)
    let contexts = seen.withLock { $0 }
    #expect(contexts.map(\.attempt) == [1, 2])
    for context in contexts {
      #expect(context.id == id && context.type == "t" && context.maxAttempts == 3)
      #expect(context.payload == #"{"a": [1]}"# && context.task.priority == 7)
      #expect(!context.isLeaseLost && !context.isShuttingDown)
      #expect(context.logger[metadataKey: "task"] == "\(id)")
    }
  }

  @Test func `As many handlers run at once as may`() async throws {
    let test = try QueueUnderTest()
    for _ in 0..<20 { try test.enqueue(NewTask(type: "t")) }
    let entered = Tally("entered")
    let mostAtOnce = Mutex((now: 0, most: 0))
    let worker = try test.worker(concurrency: 8)
    try worker.register("t") { _ in
      mostAtOnce.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      // The first eight wait for each other: one less, and none would go on.
      entered.add()
      try await entered.reaches(8)
      mostAtOnce.withLock { $0.now -= 1 }
      return nil
    }
    try await worker.run(.drain)
    #expect(try test.counts() == [.completed: 20])
    #expect(mostAtOnce.withLock { $0.most } == 8)
  }

  @Test func `Types that nobody has registered stay in the queue`() async throws {
    let test = try QueueUnderTest()
    let foreign = try test.enqueue(NewTask(type: "foreign", priority: 0), NewTask(type: "t"))[0]
    let worker = try test.worker(concurrency: 4)
    try worker.register("t") { _ in nil }
    try await worker.run(.drain)
    #expect(try test.task(foreign).status == .queued)
    #expect(try test.task(foreign).attempts == 0)
  }

  @Test func `A task whose type was changed while it waited fails`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t", maxAttempts: 1))[0]
    let path = TemporaryDirectory.path("queue.db")
    let stranger = try Connection(
      path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 10_000))
    stranger.setTriggersEnabled(false)
    try stranger.execute(script: "UPDATE task_queue SET type = 'foreign'")
    let worker = try test.worker()
    try worker.register("t") { _ in nil }
    try await worker.run(.drain)
    #expect(try test.task(id).status == .deadLetter)
    #expect(try test.task(id).errorMessage == "type \"foreign\" has no handler here")
  }

  @Test func `A handler for other types takes what has none of its own`() async throws {
    let test = try QueueUnderTest()
    try test.enqueue(NewTask(type: "a"), NewTask(type: "b"), NewTask(type: "c"))
    let seen = Mutex<[String]>([])
    let worker = try test.worker()
    try worker.register("b") { _ in nil }
    try worker.registerForOtherTypes { task in
      seen.withLock { $0.append(task.type) }
      return nil
    }
    try await worker.run(.drain)
    #expect(seen.withLock { $0 } == ["a", "c"])
    #expect(try test.counts() == [.completed: 3])
  }

  @Test func `A task that asks for more than the worker is capable of is left alone`() async throws
  {
    let test = try QueueUnderTest()
    try test.enqueue(
      NewTask(type: "t", compatibility: #"{"region": "eu"}"#),
      NewTask(type: "t", compatibility: #"{"region": "us"}"#))
    let worker = try Worker(
      queue: test.queue,
      options: WorkerOptions(
        workerID: "w", capabilities: try Capabilities(json: #"{"region": "eu"}"#)))
    try worker.register("t") { _ in nil }
    try await worker.run(.drain)
    #expect(try test.counts() == [.completed: 1, .queued: 1])
  }

  // MARK: Failures

  /// A queue whose clock stands still.
  private static let now = Timestamp("2026-11-21 12:00:00.000")!

  @Test func `A permanent failure is final`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t"))[0]
    let worker = try test.worker()
    try worker.register("t") { _ in throw PermanentFailure("no such address") }
    try await worker.run(.drain)
    let task = try test.task(id)
    #expect(task.status == .failed && task.attempts == 1)
    #expect(task.errorMessage == "no such address")
    #expect(worker.statistics.failed == 1 && worker.statistics.retried == 0)
  }

  @Test(arguments: [(60_000, 60_000), (0, 0), (-5, 0)] as [(Int64, Int64)])
  func `A handler says when another attempt is worth while`(
    afterMs: Int64, delayMs: Int64
  ) async throws {
    let test = try QueueUnderTest(clock: { Self.now })
    let id = try test.enqueue(NewTask(type: "t"))[0]
    let worker = try test.worker(retryPolicy: .none)
    try worker.register("t") { _ in throw RetryLater(afterMs: afterMs, "closed on Sundays") }
    try await worker.run(.once)
    let task = try test.task(id)
    #expect(task.status == .queued && task.errorMessage == "closed on Sundays")
    #expect(task.runAfter == Self.now.adding(milliseconds: delayMs))
    #expect(worker.statistics.retried == 1)
  }

  @Test func `The policy of the type goes before that of the worker`() async throws {
    let test = try QueueUnderTest(clock: { Self.now })
    let ids = try test.enqueue(
      NewTask(type: "own"), NewTask(type: "default"), NewTask(type: "none"))
    let worker = try test.worker(concurrency: 3, retryPolicy: .fixed(delayMs: 5000))
    try worker.register("own", retryPolicy: .linear(stepMs: 70, maxMs: 700)) { _ in
      throw Breakdown()
    }
    try worker.register("default") { _ in throw Breakdown() }
    try worker.register("none", retryPolicy: RetryPolicy.none) { _ in throw Breakdown() }
    try await worker.run(.once)
    #expect(try test.task(ids[0]).runAfter == Self.now.adding(milliseconds: 70))
    #expect(try test.task(ids[1]).runAfter == Self.now.adding(milliseconds: 5000))
    #expect(try test.task(ids[2]).status == .failed)
    for id in ids { #expect(try test.task(id).errorMessage == "it broke down") }
    #expect(worker.statistics.retried == 2 && worker.statistics.failed == 1)
  }

  @Test func `Delays grow with the attempts and are drawn from the generator`() async throws {
    let now = Mutex(Self.now)
    let test = try QueueUnderTest(clock: { now.withLock { $0 } })
    let id = try test.enqueue(NewTask(type: "t", maxAttempts: 4))[0]
    let policy = RetryPolicy.exponential(initialMs: 1000, factor: 3, maxMs: 60_000, jitter: 0.5)
    let worker = try test.worker(retryPolicy: policy, seed: 9)
    try worker.register("t") { _ in throw Breakdown() }
    var random = SeededGenerator(seed: 9)
    for attempt in 1...3 {
      try await worker.run(.drain)
      let delayMs = try #require(policy.delayMs(afterAttempt: attempt, using: &random))
      let dueAt = now.withLock { $0.adding(milliseconds: delayMs) }
      #expect(try test.task(id).runAfter == dueAt)
      now.withLock { $0 = dueAt }
    }
    try await worker.run(.drain)
    #expect(try test.task(id).status == .deadLetter)
    #expect(worker.statistics.retried == 3 && worker.statistics.deadLettered == 1)
  }

  @Test func `A result that the queue refuses makes the attempt fail`() async throws {
    let test = try QueueUnderTest()
    test.probe.completionError = QueueError(code: .invalidArgument, message: "it is no JSON")
    let ids = try test.enqueue(NewTask(type: "bad", maxAttempts: 1), NewTask(type: "good"))
    let entered = Tally("entered")
    let worker = try test.worker(concurrency: 2)
    try worker.register("bad") { _ in
      entered.add()
      try await entered.reaches(2)
      return "hello"
    }
    try worker.register("good") { _ in
      entered.add()
      try await entered.reaches(2)
      return nil
    }
    try await worker.run(.drain)
    #expect(try test.task(ids[0]).status == .deadLetter)
    #expect(try test.task(ids[0]).errorMessage == "the handler's result is refused: it is no JSON")
    #expect(try test.task(ids[1]).status == .completed)
  }

  @Test func `Endless error messages are cut`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t", maxAttempts: 1))[0]
    let worker = try test.worker()
    try worker.register("t") { _ in
      throw Breakdown(description: String(repeating: "é", count: 100_000))
    }
    try await worker.run(.drain)
    #expect(try test.task(id).errorMessage == String(repeating: "é", count: 2000) + "…")
  }

  // MARK: Time-outs

  @Test func `An attempt that takes too long fails, and its handler is cancelled`() async throws {
    let test = try QueueUnderTest(clock: { Self.now })
    let id = try test.enqueue(NewTask(type: "t"))[0]
    let worker = try test.worker(retryPolicy: .fixed(delayMs: 500))
    let cancelled = Tally("cancelled")
    try worker.register("t", timeoutMs: 40) { _ in
      await untilCancelled()
      cancelled.add()
      return "\"late\""
    }
    let run = Task { try await worker.run() }
    try await cancelled.reaches()
    // The end of a run would cancel it, too.
    worker.shutdown()
    try await run.value
    let task = try test.task(id)
    #expect(task.status == .queued && task.result == nil)
    #expect(task.errorMessage == "timed out: the handler has taken longer than 40 ms")
    #expect(task.runAfter == Self.now.adding(milliseconds: 500))
    #expect(worker.statistics.timedOut == 1 && worker.statistics.retried == 1)
    #expect(worker.statistics.completed == 0)
  }

  @Test func `A time-out stands even if the queue cannot take it at once`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t", maxAttempts: 1))[0]
    let full = QueueError(code: .diskFull, message: "made up")
    test.probe.fail(.transaction, with: Array(repeating: full, count: 10_000))
    // Pauses after failures are a part of the lease.
    let worker = try test.worker(leaseDurationMs: 300)
    let returned = Tally("returned")
    try worker.register("t", timeoutMs: 30) { _ in
      await untilCancelled()
      returned.add()
      return "\"late\""
    }
    let run = Task { try await worker.run() }
    try await returned.reaches()
    let failures = test.probe.failures(.transaction)
    try await failures.reaches(failures.count + 2)
    test.probe.fail(.transaction, with: [])
    try await test.probe.tally(.transaction).reaches()
    worker.shutdown()
    try await run.value
    #expect(try test.task(id).status == .deadLetter)
    #expect(worker.statistics.completed == 0)
  }

  @Test func `The place of a handler that ignores its time-out is free when it returns`()
    async throws
  {
    let test = try QueueUnderTest()
    let slow = try test.enqueue(NewTask(type: "slow", priority: 1, maxAttempts: 1))[0]
    try test.enqueue(NewTask(type: "quick", priority: 2))
    let worker = try test.worker()
    let (settled, gate) = (test.probe.tally(.transaction), Tally("gate"))
    let hasReturned = Mutex(false)
    let wasQuickFirst = Mutex(false)
    try worker.register("slow", timeoutMs: 30) { _ in
      try await gate.reaches()
      hasReturned.withLock { $0 = true }
      return nil
    }
    let quick = Tally("quick")
    try worker.register("quick") { _ in
      wasQuickFirst.withLock { $0 = !hasReturned.withLock { $0 } }
      quick.add()
      return nil
    }
    let run = Task { try await worker.run() }
    // The time-out is stored while the handler goes on.
    try await settled.reaches()
    #expect(try test.task(slow).status == .deadLetter)
    #expect(worker.statistics.running == 1)
    gate.add()
    try await quick.reaches()
    #expect(!wasQuickFirst.withLock { $0 })
    worker.shutdown()
    try await run.value
    #expect(try test.task(slow).status == .deadLetter)
    #expect(worker.statistics.completed == 1 && worker.statistics.timedOut == 1)
  }
}
