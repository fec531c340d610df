import QueueEngine
import TestSupport
import Testing

@testable import QueueOperations

/// Idle workers hear of tasks that operators make ready, as they hear of those that are enqueued.
@Suite(.temporaryDirectory)
struct WakeTests {
  enum Event: CaseIterable {
    case retry, retryMatching, reclaim, cleanUpLeases, importing
  }

  @Test(arguments: Event.allCases)
  func `What makes a task ready wakes`(event: Event) throws {
    let queue = try ObservedQueue()
    try queue.enqueue(2)
    let failed = try queue.claim(as: "a")
    _ = try queue.store.fail(failed.fence, .permanent(message: "no"), now: ObservedQueue.start)
    let held = try queue.claim(as: "dead")
    try WorkerRegistry(database: queue.database).register("dead", now: ObservedQueue.start)
    let export = TemporaryDirectory.path("export")
    if event == .importing {
      let source = try MigrationFixture("source.db")
      try source.queue.enqueue(NewTask(type: "t"))
      _ = try TaskExport(try source.database()).write(.jsonLines, to: export)
    }

    let idle = Claimant(workerID: "idle", types: ["t"])
    let seat = try queue.store.makeSeat()
    let nothing = try queue.store.claim(as: idle, leaseDurationMs: 1, now: ObservedQueue.at(1))
    #expect(nothing == nil)
    #expect(try queue.store.prepareToWait(as: idle, on: seat, now: ObservedQueue.at(1)) != nil)
    let listing = TaskListing(database: queue.database)
    let later = ObservedQueue.at(4000)
    switch event {
    case .retry: try listing.retry(ids: [failed.id], now: ObservedQueue.at(1))
    case .retryMatching: try listing.retry(matching: TaskFilter(), now: ObservedQueue.at(1))
    case .reclaim:
      try WorkerRegistry(database: queue.database).reclaim(now: ObservedQueue.at(1000))
    case .cleanUpLeases:
      #expect(held.leaseUntil < later)
      try QueueMaintenance(queue.database).cleanupStaleLeases(now: later)
    case .importing: _ = try TaskImport(queue.database).run(from: export)
    }
    // The ring comes first, and ends the wait all the same.
    #expect(seat.wait(upToMs: 10_000))
    #expect(try queue.store.claim(as: idle, leaseDurationMs: 1, now: later) != nil)
  }

  @Test func `What makes none ready wakes nobody`() throws {
    let queue = try ObservedQueue()
    try queue.enqueue(1, maxAttempts: 1)
    let held = try queue.claim(as: "dead")
    let idle = Claimant(workerID: "idle", types: ["t"])
    let seat = try queue.store.makeSeat()
    _ = try queue.store.claim(as: idle, leaseDurationMs: 1, now: ObservedQueue.at(1))
    #expect(try queue.store.prepareToWait(as: idle, on: seat, now: ObservedQueue.at(1)) != nil)
    try QueueMaintenance(queue.database).cleanupStaleLeases(now: ObservedQueue.at(4000))
    #expect(try queue.task(held.id).status == .deadLetter)
    #expect(!seat.wait(upToMs: 0))
  }

  @Test(arguments: [":memory:", ""])
  func `A database in memory cannot be operated from outside`(path: String) throws {
    let error = try #require(throws: QueueError.self) { try QueueDatabase(path: path) }
    #expect(error.code == .invalidArgument)
  }
}
