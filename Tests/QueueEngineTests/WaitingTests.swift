import Dispatch
import QueueEngine
import TestSupport
import Testing

/// Workers that wait on a seat are woken by what other stores commit.
@Suite(.temporaryDirectory)
struct WaitingTests {
  private let claimant = Claimant(workerID: "w", types: ["own"])
  /// Long enough to turn a lost wake into a failure.
  private static let longMs: Int64 = 30_000

  /// What a worker that waits for `type` own can be told by another process.
  enum Event: CaseIterable {
    case enqueue, enqueueMany, enqueueInNewLane, enqueueDelayed, release, retry, transaction
  }

  /// A queue in which the claimant has nothing to do, and a task of its own held by somebody else.
  private func idleQueue() throws -> (store: SQLiteQueueStore, held: Fence) {
    let store = try openQueue()
    _ = try store.enqueue(NewTask(type: "own"), now: start)
    let held = try #require(try store.claim(.priority, worker: "other", leaseMs: 500_000))
    _ = try store.enqueue(NewTask(type: "foreign"), now: start)
    return (store, held.fence)
  }

  /// Claims, as a worker does before it waits, and checks for how long it is sent to wait.
  private func expectWait(
    of ms: Int64, in store: SQLiteQueueStore, on seat: any WorkerSeat, now: Timestamp = start
  ) throws {
    #expect(try store.claim(as: claimant, leaseDurationMs: 1000, now: now) == nil)
    #expect(try store.prepareToWait(as: claimant, on: seat, now: now) == ms)
  }

  @Test(arguments: Event.allCases)
  func `Every commit that makes a task ready soon wakes`(event: Event) throws {
    let (_, held) = try idleQueue()
    let isWaiting = DispatchSemaphore(value: 0)
    let path = TemporaryDirectory.path("queue.db")
    let sleeper = TestThread {
      let store = try SQLiteQueueStore(path: path, options: options())
      let seat = try store.makeSeat()
      #expect(seat.isShared)
      defer { isWaiting.signal() }
      try expectWait(of: 1000, in: store, on: seat)
      isWaiting.signal()
      return seat.wait(upToMs: Self.longMs)
    }
    isWaiting.wait()
    let ringer = try openQueue()
    switch event {
    case .enqueue: _ = try ringer.enqueue(NewTask(type: "own"), now: start)
    case .enqueueMany:
      _ = try ringer.enqueue([NewTask(type: "foreign"), NewTask(type: "own")], now: start)
    case .enqueueInNewLane:
      _ = try ringer.enqueue(
        NewTask(type: "own", compatibility: #"{"region":null}"#), now: start)
    case .enqueueDelayed:
      _ = try ringer.enqueue(NewTask(type: "own", runAfter: at(900)), now: start)
    case .release: _ = try ringer.release(held, now: start)
    case .retry: _ = try ringer.fail(held, .retry(at: at(50), message: "again"), now: start)
    case .transaction:
      try ringer.atomically { _ = try ringer.enqueue(NewTask(type: "own"), now: start) }
    }
    #expect(try sleeper.join())
  }

  @Test func `What concerns others, or did not happen, wakes nobody`() throws {
    struct Undone: Error {}
    let (store, held) = try idleQueue()
    let seat = try store.makeSeat()
    try expectWait(of: 1000, in: store, on: seat)
    let ringer = try openQueue()
    _ = try ringer.enqueue(NewTask(type: "foreign"), now: start)
    _ = try ringer.enqueue(NewTask(type: "own", runAfter: at(5000)), now: start)
    #expect(throws: Undone.self) {
      try ringer.atomically {
        _ = try ringer.enqueue(NewTask(type: "own"), now: start)
        throw Undone()
      }
    }
    _ = try ringer.complete(held, result: nil, now: start)
    #expect(!seat.wait(upToMs: 0))
  }

  @Test func `A worker is not sent to sleep while there is something to do`() throws {
    let (store, _) = try idleQueue()
    let seat = try store.makeSeat()
    _ = try openQueue().enqueue(NewTask(type: "own"), now: start)
    #expect(try store.prepareToWait(as: claimant, on: seat, now: start) == nil)
    // Without a preparation there is no wait that could sleep through something.
    #expect(seat.wait(upToMs: Self.longMs))
  }

  @Test func `The wait ends when the next task becomes due or the next lease ends`() throws {
    let store = try openQueue()
    let seat = try store.makeSeat()
    try expectWait(of: 1000, in: store, on: seat)
    _ = try store.enqueue(NewTask(type: "own", runAfter: at(700)), now: start)
    try expectWait(of: 699, in: store, on: seat, now: at(1))
    _ = try store.enqueue(NewTask(type: "other"), now: start)
    _ = try store.claim(.fifo, types: ["other"], leaseMs: 300)
    try expectWait(of: 299, in: store, on: seat, now: at(1))
    #expect(try store.prepareToWait(as: claimant, on: seat, now: at(300)) == nil)
  }

  @Test func `A store that wakes nobody has its workers look often`() throws {
    var quiet = options()
    quiet.wakesWorkers = false
    let store = try openQueue("queue.db", quiet)
    let seat = try store.makeSeat()
    #expect(!seat.isShared)
    try expectWait(of: 10, in: store, on: seat)
  }

  @Test func `A poke ends the wait`() throws {
    let store = try openQueue()
    let seat = try store.makeSeat()
    try expectWait(of: 1000, in: store, on: seat)
    seat.poke()
    #expect(seat.wait(upToMs: Self.longMs))
  }

  @Test(arguments: [true, false])
  func `A worker that was rung and leaves passes the ring on, unless it has looked`(
    hasLooked: Bool
  ) throws {
    let (store, _) = try idleQueue()
    let other = try openQueue()
    var leaver: (any WorkerSeat)? = try store.makeSeat()
    let stayer = try other.makeSeat()
    try expectWait(of: 1000, in: store, on: try #require(leaver))
    _ = try openQueue().enqueue(NewTask(type: "own"), now: start)
    #expect(leaver?.wait(upToMs: Self.longMs) == true)
    if hasLooked { #expect(try store.claim(as: claimant, leaseDurationMs: 9, now: start) != nil) }
    // One who serves nothing of it shows best that it was rung: it has no other reason to wake.
    let idle = Claimant(workerID: "i", types: ["none"])
    #expect(try other.claim(as: idle, leaseDurationMs: 1000, now: start) == nil)
    #expect(try other.prepareToWait(as: idle, on: stayer, now: start) != nil)
    leaver = nil
    #expect(stayer.wait(upToMs: 0) == !hasLooked)
  }
}
