import Logging
import QueueEngine
import QueueWorker
import Synchronization
import TestSupport
import Testing

@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct RunModeTests {
  @Test func `Once works as many as may run at once, and no more`() async throws {
    let test = try QueueUnderTest()
    for _ in 0..<5 { try test.enqueue(NewTask(type: "t")) }
    let worker = try test.worker(concurrency: 3)
    try worker.register("t") { _ in nil }
    try await worker.run(.once)
    #expect(try test.counts() == [.completed: 3, .queued: 2])
    try await worker.run(.once)
    #expect(try test.counts() == [.completed: 5])
    try await worker.run(.once)
    #expect(worker.statistics.claimed == 5)
    #expect(worker.statistics.completed == 5)
    #expect(worker.statistics.running == 0)
  }

  @Test func `Once leaves a task that has failed to the next run`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t", maxAttempts: 2))[0]
    let worker = try test.worker(concurrency: 4)
    try worker.register("t") { _ in throw Breakdown() }
    try await worker.run(.once)
    #expect(try test.task(id).status == .queued)
    #expect(try test.task(id).attempts == 1)
    try await worker.run(.once)
    #expect(try test.task(id).status == .deadLetter)
  }

  @Test(arguments: [1, 3, 100])
  func `Drain works everything that is ready and leaves what is due later`(
    concurrency: Int
  ) async throws {
    let test = try QueueUnderTest()
    for _ in 0..<20 { try test.enqueue(NewTask(type: "t")) }
    let later = try test.enqueue(
      NewTask(type: "t", runAfter: .now().adding(milliseconds: 3_600_000)), NewTask(type: "other"))
    let worker = try test.worker(concurrency: concurrency)
    try worker.register("t") { _ in nil }
    try await worker.run(.drain)
    #expect(try test.counts() == [.completed: 20, .queued: 2])
    for id in later { #expect(try test.task(id).attempts == 0) }
    #expect(worker.statistics.completed == 20)
  }

  @Test func `Drain works what its own handlers enqueue or fail at once`() async throws {
    let test = try QueueUnderTest()
    try test.enqueue(NewTask(type: "parent"), NewTask(type: "fails", maxAttempts: 3))
    let worker = try test.worker(concurrency: 2)
    try worker.register("parent") { [queue = test.queue] _ in
      _ = try await queue.enqueue(NewTask(type: "child"))
      return nil
    }
    try worker.register("child") { _ in nil }
    try worker.register("fails") { _ in throw Breakdown() }
    try await worker.run(.drain)
    #expect(try test.counts() == [.completed: 2, .deadLetter: 1])
    #expect(worker.statistics.retried == 2)
    #expect(worker.statistics.deadLettered == 1)
  }

  @Test func `A worker that runs on takes what comes later`() async throws {
    let test = try QueueUnderTest()
    let done = Tally("handled")
    let worker = try test.worker()
    try worker.register("t") { _ in
      done.add()
      return nil
    }
    let run = Task { try await worker.run() }
    for count in 1...3 {
      try test.enqueue(NewTask(type: "t"))
      try await done.reaches(count)
    }
    worker.shutdown()
    try await run.value
    #expect(try test.counts() == [.completed: 3])
  }

  @Test func `A task is worked once it is due`() async throws {
    let test = try QueueUnderTest()
    let done = Tally("handled")
    let worker = try test.worker()
    let startedAt = Mutex<Timestamp?>(nil)
    try worker.register("t") { _ in
      startedAt.withLock { $0 = .now() }
      done.add()
      return nil
    }
    let run = Task { try await worker.run() }
    let dueAt = Timestamp.now().adding(milliseconds: 200)
    try test.enqueue(NewTask(type: "t", runAfter: dueAt))
    try await done.reaches()
    #expect(try #require(startedAt.withLock { $0 }) >= dueAt)
    worker.shutdown()
    try await run.value
  }

  @Test func `The queue is tidied up while handlers run`() async throws {
    let test = try QueueUnderTest()
    try test.enqueue(NewTask(type: "t"))
    let worker = try test.worker()
    let tidied = test.probe.tally(.tidyUp)
    try worker.register("t") { _ in
      try await tidied.reaches()
      return nil
    }
    try await worker.run(.drain)
    // And after the outcome was stored.
    #expect(tidied.count >= 2)
    #expect(try test.counts() == [.completed: 1])
  }

  // MARK: Refusals

  @Test(arguments: Worker.RunMode.allCases)
  func `A worker without handlers is refused`(mode: Worker.RunMode) async throws {
    let worker = try QueueUnderTest().worker("lonely")
    let error = await #expect(throws: WorkerError.self) { try await worker.run(mode) }
    #expect(error?.code == .noHandlers)
    #expect(error?.message.contains("\"lonely\"") == true)
  }

  @Test func `A type has one handler`() throws {
    let worker = try QueueUnderTest().worker()
    try worker.register("t") { _ in nil }
    #expect(
      throws: WorkerError(code: .duplicateHandler, message: "type \"t\" has a handler already")
    ) {
      try worker.register("t") { _ in nil }
    }
    try worker.registerForOtherTypes { _ in nil }
    let error = #expect(throws: WorkerError.self) {
      try worker.registerForOtherTypes { _ in nil }
    }
    #expect(error?.code == .duplicateHandler)
  }

  @Test func `A running worker takes no handlers and does not run twice`() async throws {
    let test = try QueueUnderTest()
    let worker = try test.worker()
    let entered = Tally("entered")
    try worker.register("t") { _ in
      entered.add()
      await untilCancelled()
      return nil
    }
    try test.enqueue(NewTask(type: "t"))
    let run = Task { try await worker.run() }
    try await entered.reaches()
    let late = #expect(throws: WorkerError.self) { try worker.register("u") { _ in nil } }
    #expect(late?.code == .registeredTooLate)
    let second = await #expect(throws: WorkerError.self) { try await worker.run(.once) }
    #expect(second?.code == .alreadyRunning)
    run.cancel()
    try await run.value
    try worker.register("u") { _ in nil }
  }

  @Test(arguments: [
    (WorkerOptions(workerID: ""), "workerID"),
    (WorkerOptions(workerID: "w", concurrency: 0), "concurrency"),
    (WorkerOptions(workerID: "w", concurrency: 1_000_000), "concurrency"),
    (WorkerOptions(workerID: "w", leaseDurationMs: 10), "leaseDurationMs"),
    (WorkerOptions(workerID: "w", shutdownGraceMs: -1), "shutdownGraceMs"),
    (WorkerOptions(workerID: "w", cancellationGraceMs: -1), "cancellationGraceMs"),
  ])
  func `Options that make no sense are refused by name`(
    options: WorkerOptions, culprit: String
  ) throws {
    let test = try QueueUnderTest()
    let error = #expect(throws: WorkerError.self) {
      try Worker(queue: test.queue, options: options)
    }
    #expect(error?.code == .invalidOption)
    #expect(error?.message.contains("\(culprit) must") == true)
  }

  @Test(arguments: [0, -5])
  func `A time-out of nothing is refused`(timeoutMs: Int64) throws {
    let worker = try QueueUnderTest().worker()
    let error = #expect(throws: WorkerError.self) {
      try worker.register("t", timeoutMs: timeoutMs) { _ in nil }
    }
    #expect(error?.code == .invalidOption)
  }

  @Test func `A strategy that the queue was made without ends the run`() async throws {
    let test = try QueueUnderTest()
    let worker = try Worker(
      queue: test.queue, options: WorkerOptions(workerID: "w", strategy: .weightedRandom))
    try worker.register("t") { _ in nil }
    let error = await #expect(throws: QueueError.self) { try await worker.run() }
    #expect(error?.code == .invalidArgument)
  }

  @Test func `What can be lost is said once per run`() async throws {
    let test = try QueueUnderTest()
    try test.enqueue(NewTask(type: "t"), NewTask(type: "t"))
    let worker = try test.worker()
    try worker.register("t") { _ in nil }
    try await worker.run(.drain)
    let warnings = test.log.entries.filter { $0.level == .warning }.map(\.message)
    #expect(
      warnings == ["this queue may lose tasks: synchronous OFF: a power cut may corrupt the file"])
  }
}
