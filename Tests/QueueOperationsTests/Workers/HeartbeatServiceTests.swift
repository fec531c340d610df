import Logging
import QueueEngine
import QueueOperations
import SQLite
import Synchronization
import TestSupport
import Testing

@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct HeartbeatServiceTests {
  /// A clock that goes on by a second with every look.
  private final class StepClock: Sendable {
    private let seconds = Mutex<Int64>(0)

    func now() -> Timestamp {
      seconds.withLock { seconds in
        seconds += 1
        return ObservedQueue.at(seconds)
      }
    }
  }

  private func service(
    _ registry: WorkerRegistry, interval: Duration = .seconds(3600), bell: Bell = Bell(),
    lines: SaidLines = SaidLines()
  ) throws -> HeartbeatService {
    let clock = StepClock()
    return try HeartbeatService(
      registry: registry, workerID: "w", capabilities: try Capabilities(json: #"{"a": 1}"#),
      interval: interval, logger: lines.logger(), clock: { clock.now() }, whenSent: { bell.ring() })
  }

  @Test func `The first heartbeat is sent by the start, others follow`() throws {
    let registry = WorkerRegistry(database: try ObservedQueue().database)
    let bell = Bell()
    let service = try service(registry, bell: bell)
    try service.start()
    let worker = try #require(try registry.all().first)
    #expect(worker.lastHeartbeat == ObservedQueue.at(1) && worker.capabilities == #"{"a": 1}"#)
    service.beat()
    try bell.wait()
    #expect(try registry.all().first?.lastHeartbeat == ObservedQueue.at(2))
    service.stop()
    #expect(try registry.all().count == 1)
  }

  @Test func `Heartbeats go on by themselves`() throws {
    let registry = WorkerRegistry(database: try ObservedQueue().database)
    let bell = Bell()
    let service = try service(registry, interval: .milliseconds(2), bell: bell)
    try service.start()
    for _ in 0..<3 { try bell.wait() }
    service.stop(forgettingWorker: true)
    #expect(try registry.all().isEmpty)
  }

  @Test func `A worker that was forgotten meanwhile is known again`() throws {
    let registry = WorkerRegistry(database: try ObservedQueue().database)
    let bell = Bell()
    let service = try service(registry, bell: bell)
    try service.start()
    try registry.forget("w")
    service.beat()
    try bell.wait()
    #expect(try registry.all().map(\.id) == ["w"])
  }

  @Test func `A heartbeat that fails is said, and the next one is sent`() throws {
    let queue = try ObservedQueue(busyTimeoutMs: 0)
    let registry = WorkerRegistry(database: queue.database)
    let bell = Bell()
    let lines = SaidLines()
    let service = try service(registry, bell: bell, lines: lines)
    try service.start()
    let other = try queue.byHand()
    try other.begin(.immediate)
    service.beat()
    try bell.wait()
    #expect(lines.lines.map(\.level) == [.warning])
    other.rollBack()
    service.beat()
    try bell.wait()
    #expect(try registry.all().first?.lastHeartbeat == ObservedQueue.at(3))
  }

  @Test func `Heartbeats can be stopped and started again`() throws {
    let registry = WorkerRegistry(database: try ObservedQueue().database)
    let bell = Bell()
    let service = try service(registry, bell: bell)
    service.stop()
    for _ in 0..<3 {
      try service.start()
      try service.start()
      service.beat()
      try bell.wait()
      service.stop()
      service.stop()
    }
    // One by each first start, one by each call.
    #expect(try registry.all().first?.lastHeartbeat == ObservedQueue.at(6))
  }

  @Test func `An interval of nothing is refused`() throws {
    let registry = WorkerRegistry(database: try ObservedQueue().database)
    #expect(throws: QueueError.self) {
      try HeartbeatService(registry: registry, workerID: "w", interval: .zero)
    }
  }
}
