import QueueEngine
import QueueOperations
import SQLite
import Synchronization
import TestSupport
import Testing

@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct WorkerRegistryTests {
  @Test func `A worker is registered, and anew with other capabilities`() throws {
    let queue = try ObservedQueue()
    let registry = WorkerRegistry(database: queue.database)
    try registry.register("w", now: ObservedQueue.start)
    try registry.register(
      "w", capabilities: try Capabilities(json: #"{"gpu": true}"#), now: ObservedQueue.at(5))
    let worker = try #require(try registry.all().first)
    #expect(try registry.all().count == 1)
    #expect(worker.id == "w" && worker.capabilities == #"{"gpu": true}"#)
    #expect(worker.lastHeartbeat == ObservedQueue.at(5))
  }

  @Test func `A heartbeat without capabilities keeps those that are known`() throws {
    let queue = try ObservedQueue()
    let registry = WorkerRegistry(database: queue.database)
    #expect(try !registry.heartbeat("w", now: ObservedQueue.start))
    #expect(try registry.all().isEmpty)
    let capabilities = try Capabilities(json: #"{"region": "eu"}"#)
    #expect(try registry.heartbeat("w", capabilities: capabilities, now: ObservedQueue.start))
    #expect(try registry.heartbeat("w", now: ObservedQueue.at(9)))
    let worker = try #require(try registry.all().first)
    #expect(worker.capabilities == #"{"region": "eu"}"#)
    #expect(worker.lastHeartbeat == ObservedQueue.at(9))
    #expect(try registry.forget("w"))
    #expect(try !registry.forget("w"))
  }

  @Test(arguments: ["", String(repeating: "w", count: 256)])
  func `An id that no worker can have is refused`(id: String) throws {
    let registry = WorkerRegistry(database: try ObservedQueue().database)
    let error = try #require(throws: QueueError.self) { try registry.register(id) }
    #expect(error.code == .invalidArgument)
    #expect(throws: QueueError.self) { try registry.heartbeat(id) }
  }

  /// How old heartbeats are in seconds, and what follows under thresholds of 60 and 300.
  @Test(
    arguments: [
      (-5, .active), (0, .active), (60, .active), (61, .late), (300, .late),
      (301, .stale),
    ] as [(Int64, WorkerLiveness)])
  func `Liveness goes by the age of the heartbeat`(
    ageSeconds: Int64, liveness: WorkerLiveness
  ) throws {
    let queue = try ObservedQueue()
    let registry = WorkerRegistry(database: queue.database)
    try registry.register("w", now: ObservedQueue.start)
    let now = ObservedQueue.at(ageSeconds)
    let summary = try #require(try registry.summary(now: now).first)
    #expect(summary.liveness == liveness)
    #expect(summary.silenceMs == ageSeconds * 1000)
    #expect(try registry.active(now: now).isEmpty == (liveness != .active))
    #expect(try registry.stale(now: now).isEmpty == (liveness != .stale))
  }

  @Test func `Heartbeats of other programs are understood, and unreadable ones judged by nobody`()
    throws
  {
    let queue = try ObservedQueue()
    let registry = WorkerRegistry(database: queue.database)
    let byHand = try queue.byHand()
    // The same moment in each case.
    try byHand.execute(
      script: """
        INSERT INTO workers (worker_id, heartbeat_utc) VALUES
          ('plain', '2026-11-21 12:00:00'), ('iso', '2026-11-21T13:00:00+01:00'),
          ('zulu', '2026-11-21T12:00:00Z'), ('broken', 'yesterday');
        """)
    let now = ObservedQueue.at(10)
    let active = try registry.active(now: now)
    #expect(Set(active.map(\.id)) == ["plain", "iso", "zulu"])
    #expect(active.allSatisfy { $0.lastHeartbeat == ObservedQueue.start })
    let later = ObservedQueue.at(86_400)
    #expect(try Set(registry.stale(now: later).map(\.id)) == ["plain", "iso", "zulu"])
    let broken = try #require(try registry.summary(now: later).first { $0.id == "broken" })
    #expect(broken.liveness == .unknown && broken.silenceMs == nil)
  }

  @Test func `A negative duration is refused`() throws {
    let registry = WorkerRegistry(database: try ObservedQueue().database)
    #expect(throws: QueueError.self) { try registry.active(within: .seconds(-1)) }
    #expect(throws: QueueError.self) { try registry.stale(after: .seconds(-1)) }
    #expect(throws: QueueError.self) { try registry.reclaim(staleAfter: .seconds(-1)) }
    #expect(throws: QueueError.self) { try registry.cleanup(staleAfter: .seconds(-1)) }
  }

  @Test func `What a worker holds and has done is counted`() throws {
    let queue = try ObservedQueue()
    try queue.enqueue(6)
    let registry = WorkerRegistry(database: queue.database)
    try registry.register("w", now: ObservedQueue.start)
    let tasks = try (0..<5).map { _ in try queue.claim(as: "w") }
    _ = try queue.claim(as: "other")
    let day: Int64 = 86_400
    _ = try queue.store.complete(tasks[0].fence, result: nil, now: ObservedQueue.at(-2 * day))
    _ = try queue.store.complete(tasks[1].fence, result: nil, now: ObservedQueue.at(-5))
    _ = try queue.store.fail(
      tasks[2].fence, .permanent(message: "no"), now: ObservedQueue.at(-5))
    let stats = try registry.stats(of: "w", now: ObservedQueue.start)
    #expect(stats.heldTasks == 2 && stats.completed == 1 && stats.failed == 1)
    #expect(stats.lastHeartbeat == ObservedQueue.start)
    let nobody = try registry.stats(of: "nobody", now: ObservedQueue.start)
    #expect(nobody.heldTasks == 0 && nobody.completed == 0 && nobody.lastHeartbeat == nil)
    #expect(try registry.summary(now: ObservedQueue.start).map(\.heldTasks) == [2])
  }

  @Test func `Tasks of stale workers are given back by the rules of expired leases`() throws {
    let queue = try ObservedQueue()
    try queue.enqueue(1, maxAttempts: 1)
    try queue.enqueue(1)
    try queue.enqueue(2)
    let registry = WorkerRegistry(database: queue.database)
    let last = try queue.claim(as: "dead")
    let more = try queue.claim(as: "dead")
    let living = try queue.claim(as: "living")
    let stranger = try queue.claim(as: "stranger")
    try registry.register("dead", now: ObservedQueue.start)
    try registry.register("living", now: ObservedQueue.at(900))
    let now = ObservedQueue.at(1000)
    let result = try registry.reclaim(now: now)
    #expect(result.requeued == 1 && result.deadLettered == 1)
    let buried = try queue.task(last.id)
    #expect(buried.status == .deadLetter && buried.finishedAt == now && buried.leaseUntil == nil)
    #expect(buried.errorMessage != nil)
    let queued = try queue.task(more.id)
    #expect(queued.status == .queued && queued.attempts == 1 && queued.lockedBy == nil)
    for claimed in [living, stranger] {
      let held = try queue.task(claimed.id)
      #expect(held.status == .processing && held.leaseUntil == claimed.leaseUntil)
    }
    // It can be claimed at once, and the dead worker's word counts no more.
    let again = try queue.claim(as: "living", now: now)
    #expect(again.id == more.id && again.fence.attempt == 2)
    #expect(try queue.store.complete(more.fence, result: nil, now: now) == .leaseLost)
    #expect(try queue.store.complete(again.fence, result: nil, now: now) == .accepted)
    #expect(try registry.reclaim(now: now) == ReclaimResult())
  }

  @Test func `More tasks than one transaction takes are all given back`() throws {
    let queue = try ObservedQueue()
    try queue.enqueue(501)
    let registry = WorkerRegistry(database: queue.database)
    let claimed = try queue.store.claim(
      as: Claimant(workerID: "dead"), limit: 501, leaseDurationMs: 3_600_000,
      now: ObservedQueue.start)
    try registry.register("dead", now: ObservedQueue.start)
    #expect(try registry.reclaim(now: ObservedQueue.at(301)).requeued == claimed.count)
    #expect(try queue.store.counts()[.queued] == 501)
  }

  @Test(arguments: [false, true])
  func `Stale workers are forgotten, those with tasks only by force`(force: Bool) throws {
    let queue = try ObservedQueue()
    let id = try queue.enqueue(1)[0]
    let registry = WorkerRegistry(database: queue.database)
    _ = try queue.claim(as: "holder")
    for worker in ["holder", "idle"] { try registry.register(worker, now: ObservedQueue.start) }
    try registry.register("living", now: ObservedQueue.at(400))
    let result = try registry.cleanup(force: force, now: ObservedQueue.at(400))
    #expect(result.forgotten == (force ? 2 : 1))
    #expect(result.reclaimed.requeued == (force ? 1 : 0))
    #expect(try Set(registry.all().map(\.id)) == (force ? ["living"] : ["living", "holder"]))
    #expect(try queue.task(id).status == (force ? .queued : .processing))
  }

  @Test func `Leases of workers that send heartbeats meanwhile are never touched`() throws {
    let queue = try ObservedQueue()
    try queue.enqueue(200)
    let path = queue.path
    let claimed = try queue.store.claim(
      as: Claimant(workerID: "living"), limit: 200, leaseDurationMs: 3_600_000,
      now: ObservedQueue.start)
    let registry = WorkerRegistry(database: queue.database)
    try registry.register("living", now: ObservedQueue.start)
    // The second of the newest heartbeat that is stored: the others never think it older than that.
    let newest = Mutex<Int64>(0)
    let results = try inParallel(3) { thread in
      let own = WorkerRegistry(
        database: try QueueDatabase(path: path, options: ObservedQueue.options()))
      var total = 0
      for round in 1...100 {
        if thread == 0 {
          let second = Int64(round) * 100
          try own.heartbeat("living", now: ObservedQueue.at(second))
          newest.withLock { $0 = second }
        } else {
          let second = newest.withLock { $0 }
          total += try own.reclaim(
            staleAfter: .seconds(10), now: ObservedQueue.at(second + 10)
          ).total
        }
      }
      return total
    }
    #expect(results == [0, 0, 0])
    #expect(try queue.store.counts()[.processing] == claimed.count)
  }
}
