import QueueEngine
import SQLite
import TestSupport
import Testing

/// A claim that finds nothing stands in nobody's way.
@Suite(.temporaryDirectory)
struct IdleClaimTests {
  /// A queue in which there is something of every kind, but nothing for type `own`.
  private func busyQueue() throws -> SQLiteQueueStore {
    let queue = try openQueue()
    try _ = queue.enqueue(
      [
        NewTask(type: "other"), NewTask(type: "own", runAfter: at(1_000_000)),
        NewTask(type: "own", compatibility: #"{"gpu":true}"#), NewTask(type: "held"),
      ], now: start)
    _ = try queue.claim(.priority, types: ["held"], leaseMs: 1_000_000)
    return queue
  }

  @Test(arguments: ClaimStrategy.allCases, [true, false])
  func `A repeated idle claim needs no lock and does not wait`(
    strategy: ClaimStrategy, isBatch: Bool
  ) throws {
    let queue = try busyQueue()
    let claimant = Claimant(workerID: "w", strategy: strategy, types: ["own"])
    func claimCount() throws -> Int {
      isBatch
        ? try queue.claim(as: claimant, limit: 5, leaseDurationMs: 100, now: start).count
        : try queue.claim(as: claimant, leaseDurationMs: 100, now: start) == nil ? 0 : 1
    }
    #expect(try claimCount() == 0)
    let holder = try openByHand()
    let version = try holder.scalar("PRAGMA data_version")
    try holder.begin(.immediate)
    queue.connection.resetBusyCounters()
    let none = queue.connection.busyCounters
    for _ in 0..<3 { #expect(try claimCount() == 0) }
    #expect(queue.connection.busyCounters == none)
    #expect(!queue.connection.isInTransaction)
    holder.rollBack()
    #expect(try holder.scalar("PRAGMA data_version") == version)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `The first idle claim needs no lock, either`(strategy: ClaimStrategy) throws {
    let queue = try busyQueue()
    let holder = try openByHand()
    try holder.begin(.immediate)
    queue.connection.resetBusyCounters()
    let none = queue.connection.busyCounters
    #expect(try queue.claim(strategy, types: ["own"]) == nil)
    #expect(queue.connection.busyCounters == none)
  }

  @Test func `A claim that does find something waits for the lock`() throws {
    let queue = try busyQueue()
    let holder = try openByHand()
    try holder.begin(.immediate)
    let error = try queueError { _ = try queue.claim(.priority, types: ["other"]) }
    #expect(error.code == .busy)
    #expect(error.isRetryable)
    #expect(error.resultCode == .busy)
    holder.rollBack()
    #expect(try queue.claim(.priority, types: ["other"]) != nil)
  }

  @Test func `Every writing call reports a busy queue and changes nothing`() throws {
    let queue = try openQueue()
    try _ = queue.enqueue([NewTask(type: "t"), NewTask(type: "t")], now: start)
    let fence = try #require(try queue.claim(.priority)).fence
    let before = try queue.task(fence.id)
    let holder = try openByHand()
    try holder.begin(.immediate)
    let calls: [(String, () throws -> Void)] = [
      ("enqueue", { _ = try queue.enqueue(NewTask(type: "t"), now: start) }),
      ("enqueue in a new lane", { _ = try queue.enqueue(NewTask(type: "new"), now: start) }),
      ("enqueue many", { _ = try queue.enqueue([NewTask(type: "t")], now: start) }),
      ("claim", { _ = try queue.claim(.priority) }),
      ("complete", { _ = try queue.complete(fence, result: nil, now: start) }),
      ("complete many", { _ = try queue.complete([(fence, nil)], now: start) }),
      ("fail", { _ = try queue.fail(fence, .permanent(message: ""), now: start) }),
      ("release", { _ = try queue.release(fence, now: start) }),
      ("extend", { _ = try queue.extend(fence, leaseDurationMs: 9, now: start) }),
      ("cancel", { _ = try queue.cancel(fence.id, evenIfHeld: true, now: start) }),
    ]
    for (name, call) in calls {
      let error = try queueError(call)
      #expect(error.code == .busy, "\(name)")
      #expect(!queue.connection.isInTransaction, "\(name)")
    }
    // Reading goes on.
    #expect(try queue.task(fence.id) == before)
    #expect(try queue.counts()[.queued] == 1)
    holder.rollBack()
    #expect(try queue.complete(fence, result: nil, now: start) == .accepted)
    #expect(try queue.enqueue(NewTask(type: "new"), now: start).isNew)
    #expect(try queue.claim(.priority, types: ["new"]) != nil)
  }
}
