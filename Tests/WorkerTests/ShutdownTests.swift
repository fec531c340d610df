import Logging
import QueueEngine
import QueueWorker
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct ShutdownTests {
  @Test func `What is in hand is finished, and nothing more is taken`() async throws {
    let test = try QueueUnderTest()
    let ids = try test.enqueue(NewTask(type: "t"), NewTask(type: "t"), NewTask(type: "t"))
    let worker = try test.worker(concurrency: 2)
    let (entered, gate) = (Tally("entered"), Tally("gate"))
    let sawShutdown = Mutex<[Bool]>([])
    try worker.register("t") { task in
      entered.add()
      try await gate.reaches()
      sawShutdown.withLock { $0.append(task.isShuttingDown) }
      return nil
    }
    let run = Task { try await worker.run() }
    try await entered.reaches(2)
    worker.shutdown()
    worker.shutdown()
    gate.add()
    try await run.value
    worker.shutdown()
    #expect(try test.counts() == [.completed: 2, .queued: 1])
    #expect(try test.task(ids[2]).attempts == 0)
    #expect(sawShutdown.withLock { $0 } == [true, true])

    // A worker that was shut down stays so.
    try await worker.run(.drain)
    #expect(worker.statistics.claimed == 2)
  }

  @Test func `A handler that gives up during a shutdown has its task released`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t", maxAttempts: 1))[0]
    let worker = try test.worker()
    let (entered, gate) = (Tally("entered"), Tally("gate"))
    try worker.register("t") { task in
      entered.add()
      try await gate.reaches()
      if task.isShuttingDown { throw CancellationError() }
      return nil
    }
    let run = Task { try await worker.run() }
    try await entered.reaches()
    worker.shutdown()
    gate.add()
    try await run.value
    let task = try test.task(id)
    #expect(task.status == .queued && task.errorMessage == nil && task.lockedBy == nil)
    // The attempt does not count, although there was only one.
    let claim = try await test.queue.claim(as: Claimant(workerID: "next"), leaseDurationMs: 1000)
    #expect(claim?.id == id)
    #expect(worker.statistics.released == 1)
  }

  @Test func `A cancellation without a shutdown is a failure like any other`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t", maxAttempts: 1))[0]
    let worker = try test.worker()
    try worker.register("t") { _ in throw CancellationError() }
    try await worker.run(.drain)
    #expect(try test.task(id).status == .deadLetter)
  }

  /// What a handler does when it is cancelled, and where that leads.
  enum Reaction: String, CaseIterable, Sendable {
    case obeys, fails, finishes, isPermanent, comesLater

    var status: TaskStatus {
      switch self {
      case .obeys, .fails, .comesLater: .queued
      case .finishes: .completed
      case .isPermanent: .failed
      }
    }

    func run() async throws -> String? {
      await untilCancelled()
      switch self {
      case .obeys: throw CancellationError()
      case .fails: throw Breakdown()
      case .finishes: return "\"done\""
      case .isPermanent: throw PermanentFailure("no")
      case .comesLater: throw RetryLater(afterMs: 3_600_000, "later")
      }
    }
  }

  @Test(arguments: Reaction.allCases, [true, false])
  func `Handlers are cancelled when their grace is over`(
    reaction: Reaction, isGraceful: Bool
  ) async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t"))[0]
    let worker = try test.worker(shutdownGraceMs: isGraceful ? 50 : 60_000)
    let entered = Tally("entered")
    try worker.register("t") { _ in
      entered.add()
      return try await reaction.run()
    }
    let run = Task { try await worker.run() }
    try await entered.reaches()
    // Cancelling the run leaves no grace.
    if isGraceful { worker.shutdown() } else { run.cancel() }
    try await run.value
    let task = try test.task(id)
    #expect(task.status == reaction.status)
    let isReleased = reaction == .obeys || reaction == .fails
    #expect(worker.statistics.released == (isReleased ? 1 : 0))
    #expect(task.maxAttempts == (isReleased ? 6 : 5))
    #expect((task.runAfter ?? .now()) <= .now() || reaction == .comesLater)
  }

  @Test func `A handler that ignores its cancellation does not hold up the end`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t", maxAttempts: 1))[0]
    let worker = try test.worker(shutdownGraceMs: 0, cancellationGraceMs: 50)
    let (entered, gate, returned) = (Tally("entered"), Tally("gate"), Tally("returned"))
    try worker.register("t") { _ in
      entered.add()
      // Not woken by cancellation.
      try await gate.reaches()
      returned.add()
      return "\"too late\""
    }
    let run = Task { try await worker.run() }
    try await entered.reaches()
    worker.shutdown()
    try await run.value
    #expect(returned.count == 0)
    let next = try await test.queue.claim(as: Claimant(workerID: "next"), leaseDurationMs: 60_000)
    #expect(next?.id == id && next?.fence.attempt == 2)
    gate.add()
    try await returned.reaches()
    #expect(try test.task(id).status == .processing)
    #expect(try test.task(id).lockedBy == "next")
    #expect(worker.statistics.released == 1 && worker.statistics.completed == 0)
  }

  @Test func `A worker that waits for tasks ends at once`() async throws {
    let test = try QueueUnderTest()
    let worker = try test.worker()
    let done = Tally("done")
    try worker.register("t") { _ in
      done.add()
      return nil
    }
    let run = Task { try await worker.run() }
    try test.enqueue(NewTask(type: "t"))
    try await done.reaches()
    run.cancel()
    try await run.value
    // A cancelled run is over; the worker is not.
    try test.enqueue(NewTask(type: "t"))
    try await worker.run(.drain)
    #expect(try test.counts() == [.completed: 2])
  }

  @Test func `A service group shuts a worker down`() async throws {
    let test = try QueueUnderTest()
    try test.enqueue(NewTask(type: "t"))
    let worker = try test.worker()
    let (entered, gate) = (Tally("entered"), Tally("gate"))
    try worker.register("t") { task in
      entered.add()
      try await gate.reaches()
      return task.isShuttingDown ? "\"shutting down\"" : nil
    }
    let group = ServiceGroup(
      services: [worker],
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    let run = Task { try await group.run() }
    try await entered.reaches()
    await group.triggerGracefulShutdown()
    gate.add()
    try await run.value
    #expect(try test.counts() == [.completed: 1])
  }
}
