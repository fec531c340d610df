import Dispatch
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import QueueEngine

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Calls on a SQLite queue that come while somebody else leads.
@Suite(.temporaryDirectory)
struct SharedTransactionTests {
  private static let claimant = Claimant(workerID: "w")

  /// A clock that can be stopped, and with it whoever asks it.
  private final class Clock: Sendable {
    private let isToStop = Mutex(false)
    let hasStopped = DispatchSemaphore(value: 0)
    let goOn = DispatchSemaphore(value: 0)

    func stopNextTime() { isToStop.withLock { $0 = true } }

    var now: Timestamp {
      let stops = isToStop.withLock { isToStop in
        defer { isToStop = false }
        return isToStop
      }
      if stops {
        hasStopped.signal()
        goOn.wait()
      }
      return start
    }
  }

  /// A queue whose store can be looked at.
  ///
  /// `@unchecked Sendable`: the store is looked at only when no call is under way.
  private struct Opened: @unchecked Sendable {
    let store: SQLiteQueueStore
    let queue: TaskQueue
    let clock = Clock()

    init(_ options: SQLiteStoreOptions = options()) throws {
      nonisolated(unsafe) let store = try openQueue("queue.db", options)
      self.store = store
      queue = TaskQueue(store: store, clock: { [clock] in clock.now })
    }

    /// Has calls wait until all of them are there, behind one that takes no lock, and so share what
    /// follows.
    func together(_ calls: [@Sendable () throws -> Void]) throws -> [Result<Void, any Error>] {
      clock.stopNextTime()
      let leader = TestThread { [queue] in
        _ = try queue.claim(as: claimant, leaseDurationMs: 1000)
      }
      clock.hasStopped.wait()
      var threads: [TestThread<Void>] = []
      for (index, call) in calls.enumerated() {
        threads.append(TestThread(call))
        while queue.combiner.waitingCount <= index { sched_yield() }
      }
      clock.goOn.signal()
      try leader.join()
      return threads.map { thread in Result { try thread.join() } }
    }
  }

  @Test func `A checkpoint that is due is done although there is always somebody who writes`()
    throws
  {
    var options = options()
    options.checkpointPolicy = .deferred(pages: 1)
    let opened = try Opened(options)
    let results = try opened.together(
      [
        { _ = try opened.queue.enqueue(NewTask(type: "a")) },
        { opened.queue.tidyUp() },
        { _ = try opened.queue.enqueue(NewTask(type: "a")) },
      ])
    for result in results { try result.get() }
    let checkpointer = try #require(opened.store.connection.checkpointer)
    #expect(checkpointer.counters.completed == 1)
  }

  @Test func `Workers that begin to wait together need no write lock`() throws {
    let opened = try Opened()
    let queue = opened.queue
    let seats = [try queue.makeSeat(), try queue.makeSeat()]
    let writer = try openByHand()
    try writer.begin(.immediate)
    defer { writer.rollBack() }
    let results = try opened.together(
      seats.map { seat in { _ = try queue.prepareToWait(as: Self.claimant, on: seat) } })
    for result in results { try result.get() }
  }

  @Test func `An error that a transaction hides is no matter for those who share it`() throws {
    let opened = try Opened()
    let queue = opened.queue
    try openByHand().execute(
      script: "CREATE UNIQUE INDEX only_one ON task_queue (type) WHERE type = 'single'")
    try queue.enqueue(NewTask(type: "single", runAfter: at(1000)))
    let results = try opened.together(
      [
        { _ = try queue.enqueue(NewTask(type: "innocent")) },
        {
          try queue.transaction { transaction in
            _ = try transaction.enqueue(NewTask(type: "guilty"))
            _ = try? transaction.enqueue(NewTask(type: "single"))
          }
        },
      ])
    try results[0].get()
    #expect(try queueError { try results[1].get() }.code == .storage)
    let types = try openByHand().rows("SELECT type FROM task_queue ORDER BY type")
    #expect(types == [["innocent"], ["single"]])
  }

  @Test func `A call on the queue within its own transaction is refused`() throws {
    let queue = try Opened().queue
    let error = try queueError {
      try queue.transaction { _ in _ = try queue.enqueue(NewTask(type: "a")) }
    }
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains("TaskTransaction"))
    #expect(try queue.enqueue(NewTask(type: "a")).isNew)
  }

  @Test func `A clock before 1970 and an empty queue give a wait`() throws {
    let store = try openQueue()
    let seat = try store.makeSeat()
    let early = Timestamp(millisecondsSinceEpoch: -1)
    #expect(try store.prepareToWait(as: Self.claimant, on: seat, now: early) != nil)
  }
}
