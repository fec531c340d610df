import Logging
import QueueEngine
import QueueWorker
import SQLite
import Synchronization
import TestSupport
import Testing

@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct QueueTroubleTests {
  private static func error(_ code: QueueError.Code) -> QueueError {
    QueueError(code: code, message: "made up: \(code.rawValue)")
  }

  @Test func `An outcome is kept while a stranger holds the write lock`() async throws {
    let test = try QueueUnderTest()
    let ids = try test.enqueue(NewTask(type: "good"), NewTask(type: "bad", maxAttempts: 1))
    let worker = try test.worker(concurrency: 2)
    let (entered, gate) = (Tally("entered"), Tally("gate"))
    try worker.register("good") { _ in
      entered.add()
      try await gate.reaches()
      return "\"kept\""
    }
    try worker.register("bad") { _ in
      entered.add()
      try await gate.reaches()
      throw Breakdown()
    }
    let run = Task { try await worker.run(.drain) }
    try await entered.reaches(2)
    let path = TemporaryDirectory.path("queue.db")
    let failures = test.probe.failures(.transaction)
    let stranger = TestThread {
      let connection = try Connection(
        path: path, mode: .readWrite, busyPolicy: .timeout(timeoutMs: 10_000))
      try connection.begin(.immediate)
      gate.add()
      try failures.blockUntil(2)
      connection.rollBack()
    }
    try await run.value
    try stranger.join()
    #expect(try test.task(ids[0]).result == "\"kept\"")
    #expect(try test.task(ids[1]).status == .deadLetter)
    #expect(worker.statistics.queueErrors >= 2)
    #expect(worker.statistics.completed == 1)
  }

  @Test(arguments: [QueueError.Code.busy, .diskFull, .readOnly, .storage])
  func `Calls that fail are made again`(code: QueueError.Code) async throws {
    let test = try QueueUnderTest()
    let errors = Array(repeating: Self.error(code), count: 3)
    test.probe.fail(.claim, with: errors)
    test.probe.fail(.transaction, with: errors)
    test.probe.fail(.extend, with: errors)
    test.probe.fail(.makeSeat, with: errors)
    test.probe.fail(.prepareToWait, with: errors)
    let id = try test.enqueue(NewTask(type: "t"))[0]
    let worker = try test.worker(leaseDurationMs: 1000)
    let done = Tally("done")
    let renewals = test.probe.tally(.extend)
    try worker.register("t") { _ in
      try await renewals.reaches()
      done.add()
      return nil
    }
    let run = Task { try await worker.run() }
    try await done.reaches()
    // Once what it had to do is done, the worker goes to wait.
    try await test.probe.tally(.prepareToWait).reaches(1)
    worker.shutdown()
    try await run.value
    #expect(try test.task(id).status == .completed)
    #expect(try test.task(id).attempts == 1)
    #expect(worker.statistics.queueErrors == 15)
    let warnings = test.log.entries.filter {
      $0.level == .warning && !$0.message.hasPrefix("this queue may lose tasks")
    }
    #expect(warnings.count == 15)
    for warning in warnings {
      #expect(warning.message.contains("made up: \(code.rawValue)"))
      #expect(warning.metadata["worker"] == "w")
    }
  }

  @Test(arguments: [QueueError.Code.corrupt, .notAQueue, .schemaTooNew])
  func `A queue beyond help ends the run and cancels handlers`(code: QueueError.Code) async throws {
    let test = try QueueUnderTest()
    try test.enqueue(NewTask(type: "waits"), NewTask(type: "ends"))
    let worker = try test.worker(concurrency: 2)
    let (entered, cancelled) = (Tally("entered"), Tally("cancelled"))
    try worker.register("waits") { _ in
      entered.add()
      await untilCancelled()
      cancelled.add()
      return nil
    }
    try worker.register("ends") { _ in
      try await entered.reaches()
      return nil
    }
    test.probe.fail(.transaction, with: [Self.error(code)])
    let error = await #expect(throws: QueueError.self) { try await worker.run() }
    #expect(error?.code == code)
    try await cancelled.reaches()
  }

  @Test(arguments: [Worker.RunMode.once, .drain], [QueueError.Code.diskFull, .readOnly, .storage])
  func `A run for cron ends when the queue fails and nothing is held`(
    mode: Worker.RunMode, code: QueueError.Code
  ) async throws {
    let test = try QueueUnderTest()
    test.probe.fail(.claim, with: [Self.error(code)])
    let worker = try test.worker()
    try worker.register("t") { _ in nil }
    let error = await #expect(throws: QueueError.self) { try await worker.run(mode) }
    #expect(error?.code == code)
  }

  @Test(arguments: [Worker.RunMode.once, .drain])
  func `A run for cron waits for a busy queue`(mode: Worker.RunMode) async throws {
    let test = try QueueUnderTest()
    test.probe.fail(.claim, with: [Self.error(.busy), Self.error(.busy)])
    try test.enqueue(NewTask(type: "t"))
    let worker = try test.worker()
    try worker.register("t") { _ in nil }
    try await worker.run(mode)
    #expect(try test.counts() == [.completed: 1])
    #expect(worker.statistics.queueErrors == 2)
  }

  @Test func `A shutdown does not wait for a broken queue for ever`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t"))[0]
    let worker = try test.worker(shutdownGraceMs: 0, cancellationGraceMs: 0)
    let entered = Tally("entered")
    try worker.register("t") { _ in
      entered.add()
      await untilCancelled()
      return nil
    }
    test.probe.fail(.transaction, with: Array(repeating: Self.error(.diskFull), count: 10_000))
    let run = Task { try await worker.run() }
    try await entered.reaches()
    worker.shutdown()
    let error = await #expect(throws: QueueError.self) { try await run.value }
    #expect(error?.code == .diskFull)
    // Its lease will run out.
    #expect(try test.task(id).status == .processing)
  }

  @Test func `An outcome that cannot be stored does not keep others from it`() async throws {
    let test = try QueueUnderTest()
    let ids = try test.enqueue(NewTask(type: "poison"), NewTask(type: "t"))
    // As a store might report what it has not foreseen.
    test.probe.completionError = Self.error(.storage)
    let worker = try test.worker(concurrency: 2, leaseDurationMs: 300)
    let both = Tally("both")
    try worker.register("poison") { _ in
      if both.add() > 1 { return nil }
      try await both.reaches(2)
      return "1"
    }
    try worker.register("t") { _ in
      both.add()
      try await both.reaches(2)
      return nil
    }
    try await worker.run(.drain)
    #expect(try test.task(ids[1]).status == .completed)
    // A run that drains ends when nothing is ready: the lease of the other one may have to run out yet.
    #expect(try [.completed, .processing].contains(test.task(ids[0]).status))
    #expect(worker.statistics.queueErrors >= 2)
  }
}
