import QueueEngine
import QueueWorker
import TestSupport
import Testing

@testable import BackgroundTasks

/// Runs are worked once, wherever they are.
@Suite(.temporaryDirectory)
struct ManagerTests {
  private struct Breakdown: Error {}

  private func run(_ number: Int, type: String = "t", maxAttempts: Int = 3) -> Run {
    Run(id: "run-\(number)", type: type, payload: "\(number)", maxAttempts: maxAttempts)
  }

  private func worker(_ fixture: ManagerFixture) throws -> Worker {
    try Worker(
      queue: fixture.queue,
      options: WorkerOptions(workerID: "w", concurrency: 4, retryPolicy: .fixed(delayMs: 0)))
  }

  @Test(arguments: [RoutingPolicy.memory, .queue, .percentage(50), .types(["other"])])
  func `Every run is worked once`(routing: RoutingPolicy) async throws {
    let fixture = try ManagerFixture()
    let manager = try fixture.manager(routing)
    let worked = Worked()
    try manager.register("t") { task in
      worked.note(task.payload)
      return task.payload
    }
    var inQueue = 0
    for number in 0..<40 {
      let started = try await manager.start(run(number))
      #expect(started.isNew)
      #expect(started.place == routing.place(of: run(number)))
      if started.place == .queue { inQueue += 1 }
    }
    #expect(try await fixture.queuedCount() == inQueue)
    let worker = try worker(fixture)
    try manager.registerHandlers(with: worker)
    try await worker.run(.drain)
    #expect(try await manager.drain(deadlineMs: 60_000) == 0)
    #expect(worked.payloads.sorted() == (0..<40).map(String.init).sorted())
    for number in 0..<40 {
      let status = try #require(try await manager.status(of: "run-\(number)"))
      #expect(status.status == .completed)
      #expect(status.result == "\(number)")
    }
    #expect(manager.counters.startedInQueue == inQueue)
    #expect(manager.counters.startedInMemory == 40 - inQueue)
  }

  @Test(arguments: [RoutingPolicy.memory, .queue])
  func `A run that is started again is not worked again`(routing: RoutingPolicy) async throws {
    let fixture = try ManagerFixture()
    let manager = try fixture.manager(routing)
    let worked = Worked()
    try manager.register("t") { task in
      worked.note(task.payload)
      return nil
    }
    let first = try await manager.start(run(1))
    // Wherever it would go now.
    manager.routing = routing == .memory ? .queue : .memory
    let second = try await manager.start(run(1))
    #expect(second.place == first.place)
    #expect(second.taskID == first.taskID)
    #expect(!second.isNew)
    #expect(manager.counters.startedBefore == 1)
    _ = try await manager.drain(deadlineMs: 60_000)
    #expect(worked.payloads.count == (routing == .memory ? 1 : 0))
  }

  static let definite: [QueueError.Code] = [.busy, .readOnly, .diskFull, .schemaTooNew]

  @Test(arguments: definite)
  func `A queue that cannot be reached is replaced by memory`(
    code: QueueError.Code
  ) async throws {
    let fixture = try ManagerFixture()
    let manager = try fixture.manager(.queue)
    let worked = Worked()
    try manager.register("t") { task in
      worked.note(task.payload)
      return nil
    }
    fixture.faults.plan([.before(code)])
    #expect(try await manager.start(run(1)).place == .memory)
    #expect(try await manager.start(run(2)).place == .queue)
    #expect(manager.counters.fallbacks == 1)
    #expect(try await manager.drain(deadlineMs: 60_000) == 0)
    #expect(worked.payloads == ["1"])
    #expect(try await fixture.queuedCount() == 1)
  }

  @Test(arguments: [EnqueueFault.before(.storage), .after(.storage), .after(.corrupt)])
  func `A queue that has failed in the middle is asked again`(fault: EnqueueFault) async throws {
    let fixture = try ManagerFixture()
    let manager = try fixture.manager(.queue)
    try manager.register("t") { _ in nil }
    fixture.faults.plan([fault])
    #expect(try await manager.start(run(1)).place == .queue)
    #expect(manager.counters.fallbacks == 0)
    #expect(try await fixture.queuedCount() == 1)
    #expect(try await manager.drain(deadlineMs: 60_000) == 0)
  }

  @Test(
    arguments: [EnqueueFault.before(.storage), .after(.storage)],
    [
      EnqueueFault.before(.storage), .before(.busy),
    ])
  func `A run in doubt is started nowhere else`(
    first: EnqueueFault, second: EnqueueFault
  ) async throws {
    let fixture = try ManagerFixture()
    let manager = try fixture.manager(.queue)
    let worked = Worked()
    try manager.register("t") { task in
      worked.note(task.payload)
      return nil
    }
    fixture.faults.plan([first, second])
    let error = try await #require(throws: BackgroundTaskError.self) {
      _ = try await manager.start(run(1))
    }
    #expect(error.code == .inDoubt)
    #expect(manager.counters.inDoubt == 1)
    // Starting it again finds out.
    #expect(try await manager.start(run(1)).place == .queue)
    #expect(try await fixture.queuedCount() == 1)
    #expect(try await manager.drain(deadlineMs: 60_000) == 0)
    #expect(worked.payloads.isEmpty)
  }

  @Test(arguments: [true, false])
  func `A run in doubt waits for the queue's answer, whatever becomes of the queue`(
    isThere: Bool
  ) async throws {
    let fixture = try ManagerFixture()
    let manager = try fixture.manager(.queue)
    let worked = Worked()
    try manager.register("t") { task in
      worked.note(task.payload)
      return nil
    }
    fixture.faults.plan([isThere ? .after(.storage) : .before(.storage), .before(.busy)])
    for round in 1...3 {
      let error = try await #require(throws: BackgroundTaskError.self) {
        _ = try await manager.start(run(1))
      }
      #expect(error.code == .inDoubt)
      #expect(manager.counters.inDoubt == round)
      // An error that would send any other run to memory, and a routing that does.
      fixture.faults.plan([.before(.busy)])
      if round == 2 { manager.rollback() }
    }
    fixture.faults.plan([])
    let started = try await manager.start(run(1))
    #expect(started.place == .queue && started.isNew == !isThere)
    #expect(try await fixture.queuedCount() == 1)
    #expect(manager.counters.fallbacks == 0)
    #expect(try await manager.drain(deadlineMs: 60_000) == 0)
    #expect(worked.payloads.isEmpty)
  }

  @Test func `A fallback that fails, too, is none`() async throws {
    let fixture = try ManagerFixture()
    let manager = try fixture.manager(.queue)
    fixture.faults.plan([.before(.busy)])
    let error = try await #require(throws: BackgroundTaskError.self) {
      _ = try await manager.start(run(1))
    }
    #expect(error.code == .noHandler)
    #expect(manager.counters.fallbacks == 0)
  }

  @Test(arguments: [RoutingPolicy.memory, .queue])
  func `A run that makes no sense is refused, not moved`(routing: RoutingPolicy) async throws {
    let manager = try ManagerFixture().manager(routing)
    try manager.register("t") { _ in nil }
    let error = try await #require(throws: QueueError.self) {
      _ = try await manager.start(Run(id: "x", type: "t", payload: "{"))
    }
    #expect(error.code == .invalidArgument)
    #expect(manager.counters == BackgroundTaskCounters())
  }

  @Test func `Without a handler nothing is started in memory`() async throws {
    let manager = try ManagerFixture().manager(.memory)
    let error = try await #require(throws: BackgroundTaskError.self) {
      _ = try await manager.start(run(1))
    }
    #expect(error.code == .noHandler)
  }

  @Test func `Failed runs are tried again, and the registry hears of it`() async throws {
    let fixture = try ManagerFixture()
    let log = RegistryLog()
    let manager = try fixture.manager(.memory, registry: log, concurrency: 1)
    let worked = Worked()
    try manager.register("t") { task in
      if worked.note(task.payload) < 1 { throw Breakdown() }
      return nil
    }
    try manager.register("bad") { _ in throw Breakdown() }
    try manager.register("hopeless") { _ in throw PermanentFailure("no") }
    for (number, type) in ["t", "bad", "hopeless"].enumerated() {
      try await manager.start(run(number, type: type, maxAttempts: 2))
    }
    #expect(try await manager.drain(deadlineMs: 60_000) == 0)
    let expected = [
      "run-0 memory started 1", "run-0 memory started 2", "run-0 memory completed",
      "run-1 memory started 1", "run-1 memory started 2", "run-1 memory dead_letter",
      "run-2 memory started 1", "run-2 memory failed",
    ]
    #expect(log.entries.sorted() == expected.sorted())
    #expect(try await manager.status(of: "run-1")?.status == .deadLetter)
    #expect(try await manager.status(of: "run-2")?.errorMessage == "no")
  }

  @Test(arguments: [RunPlace.memory, .queue])
  func `A run that waits is taken back`(place: RunPlace) async throws {
    let fixture = try ManagerFixture()
    let log = RegistryLog()
    let manager = try fixture.manager(place == .queue ? .queue : .memory, registry: log)
    let worked = Worked()
    try manager.register("t") { task in
      worked.note(task.payload)
      return nil
    }
    var late = run(1)
    late.runAfter = Timestamp.now().adding(milliseconds: 3_600_000)
    try await manager.start(late)
    #expect(try await manager.cancel("run-1"))
    #expect(try await !manager.cancel("run-1"))
    #expect(try await !manager.cancel("never started"))
    #expect(try await manager.status(of: "run-1")?.status == .cancelled)
    #expect(log.entries == ["run-1 \(place) cancelled"])
    #expect(try await manager.drain(deadlineMs: 60_000) == 0)
    #expect(worked.payloads.isEmpty)
  }

  @Test func `Draining takes nothing more on, and leaves the queue alone`() async throws {
    let fixture = try ManagerFixture()
    let manager = try fixture.manager(.types(["queued"]))
    try manager.register("t") { _ in nil }
    try await manager.start(run(1))
    try await manager.start(run(2, type: "queued"))
    #expect(try await manager.drain(deadlineMs: 60_000) == 0)
    let error = try await #require(throws: BackgroundTaskError.self) {
      _ = try await manager.start(run(3))
    }
    #expect(error.code == .draining)
    #expect(try await manager.status(of: "run-2")?.status == .queued)
  }

  @Test func `What is left at the deadline is told`() async throws {
    let manager = try ManagerFixture().manager(.memory)
    try manager.register("t") { _ in nil }
    var late = run(1)
    late.runAfter = Timestamp.now().adding(milliseconds: 3_600_000)
    try await manager.start(late)
    #expect(try await manager.drain(deadlineMs: 0) == 1)
  }

  @Test func `Memory is full at its limit`() async throws {
    let manager = try ManagerFixture().manager(.memory, runLimit: 3)
    try manager.register("t") { _ in nil }
    func late(_ number: Int) -> Run {
      var late = run(number)
      late.runAfter = Timestamp.now().adding(milliseconds: 3_600_000)
      return late
    }
    for number in 0..<3 { try await manager.start(late(number)) }
    let error = try await #require(throws: BackgroundTaskError.self) {
      _ = try await manager.start(late(3))
    }
    #expect(error.code == .memoryFull)
  }

  @Test func `After a rollback runs go to memory, and the queue's are still worked`() async throws {
    let fixture = try ManagerFixture()
    let manager = try fixture.manager(.queue)
    let worked = Worked()
    try manager.register("t") { task in
      worked.note(task.payload)
      return nil
    }
    try await manager.start(run(1))
    #expect(manager.rollback() == .queue)
    #expect(try await manager.start(run(2)).place == .memory)
    #expect(try await manager.drain(deadlineMs: 60_000) == 0)
    #expect(worked.payloads == ["2"])
    let worker = try worker(fixture)
    try manager.registerHandlers(with: worker)
    try await worker.run(.drain)
    #expect(worked.payloads == ["2", "1"])
  }
}
