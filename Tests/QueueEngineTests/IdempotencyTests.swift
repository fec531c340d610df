import QueueEngine
import SQLite
import TestSupport
import Testing

/// A second task with a known key is not made.
@Suite(.temporaryDirectory)
struct IdempotencyTests {
  @Test(arguments: ["key", "k", "nul\0key", "ä"])
  func `A repeated key returns the first task`(key: String) throws {
    let queue = try openQueue()
    let first = try queue.enqueue(NewTask(type: "a", idempotencyKey: key), now: start)
    #expect(first.isNew)
    let again = try queue.enqueue(NewTask(type: "b", priority: 1, idempotencyKey: key), now: start)
    #expect(again.id == first.id)
    #expect(!again.isNew)
    #expect(try queue.task(first.id)?.type == "a")
    #expect(try queue.counts()[.queued] == 1)
  }

  @Test func `Keys hold within and across batches`() throws {
    let queue = try openQueue()
    func batch(_ keys: [String?]) throws -> [EnqueueReceipt] {
      try queue.enqueue(keys.map { NewTask(type: "t", idempotencyKey: $0) }, now: start)
    }
    let first = try batch(["a", "b", "a", nil, nil])
    #expect(first.map(\.isNew) == [true, true, false, true, true])
    #expect(first[2].id == first[0].id)
    let second = try batch(["b", "c", nil, "a"])
    #expect(second.map(\.isNew) == [false, true, true, false])
    #expect(second[0].id == first[1].id)
    #expect(second[3].id == first[0].id)
    #expect(Set((first + second).map(\.id)).count == 6)
    #expect(try queue.counts()[.queued] == 6)
  }

  @Test func `A key is known after its task is done`() throws {
    let queue = try openQueue()
    let id = try queue.enqueue(NewTask(type: "t", idempotencyKey: "k"), now: start).id
    let task = try #require(try queue.claim(.priority))
    try _ = queue.complete(task.fence, result: nil, now: start)
    let again = try openQueue().enqueue(NewTask(type: "t", idempotencyKey: "k"), now: start)
    #expect(again.id == id)
    #expect(!again.isNew)
    #expect(try queue.claim(.priority) == nil)
  }

  @Test func `Delayed tasks have keys, too`() throws {
    let queue = try openQueue()
    let task = NewTask(type: "t", runAfter: at(1000), idempotencyKey: "k")
    #expect(try queue.enqueue(task, now: start).isNew)
    #expect(try !queue.enqueue(task, now: start).isNew)
  }

  @Test(arguments: TransactionMode.allCases)
  func `Racing connections make one task per key`(mode: TransactionMode) throws {
    let path = TemporaryDirectory.path("queue.db")
    let options = options(busyPolicy: .fixed(delayUs: 200, timeoutMs: 60_000), mode: mode)
    _ = try openQueue("queue.db", options)
    let receipts = try inParallel(3) { _ in
      let queue = try SQLiteQueueStore(path: path, options: options)
      return try (0..<100).map {
        try queue.enqueue(NewTask(type: "t\($0 % 7)", idempotencyKey: "k\($0)"), now: start)
      }
    }
    for key in 0..<100 {
      #expect(Set(receipts.map { $0[key].id }).count == 1)
      #expect(receipts.filter { $0[key].isNew }.count == 1)
    }
    #expect(try openQueue().counts()[.queued] == 100)
  }
}
