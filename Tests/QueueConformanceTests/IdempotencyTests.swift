import QueueEngine
import TestSupport
import Testing

/// A second task with a known key is not made.
@Suite(.temporaryDirectory)
struct IdempotencyTests {
  @Test(arguments: QueueKind.all, ["key", "nul\0key", "ä", String(repeating: "k", count: 255)])
  func `A repeated key returns the first task`(kind: QueueKind, key: String) throws {
    let queue = try kind.open()
    let first = try queue.enqueue(NewTask(type: "a", idempotencyKey: key), now: start)
    #expect(first.isNew)
    let again = try queue.enqueue(NewTask(type: "b", priority: 1, idempotencyKey: key), now: start)
    #expect(again.id == first.id)
    #expect(!again.isNew)
    #expect(try queue.task(first.id)?.type == "a")
    #expect(try queue.counts()[.queued] == 1)
  }

  @Test(arguments: QueueKind.all)
  func `Keys hold within and across batches`(kind: QueueKind) throws {
    let queue = try kind.open()
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

  @Test(arguments: QueueKind.all)
  func `A key is known after its task is done`(kind: QueueKind) throws {
    let queue = try kind.open()
    let id = try queue.enqueue(NewTask(type: "t", idempotencyKey: "k"), now: start).id
    let task = try #require(try queue.claim())
    try queue.complete(task.fence, result: nil, now: start)
    let again = try kind.open().enqueue(NewTask(type: "t", idempotencyKey: "k"), now: start)
    #expect(again.id == id)
    #expect(!again.isNew)
    #expect(try queue.claim() == nil)
  }

  @Test(arguments: QueueKind.all)
  func `Delayed tasks have keys, too`(kind: QueueKind) throws {
    let queue = try kind.open()
    let task = NewTask(type: "t", runAfter: at(1000), idempotencyKey: "k")
    #expect(try queue.enqueue(task, now: start).isNew)
    #expect(try !queue.enqueue(task, now: start).isNew)
  }

  @Test(arguments: QueueKind.all)
  func `A batch whose answer got lost can be sent again`(kind: QueueKind) throws {
    let tasks = (0..<20).map { NewTask(type: "t\($0 % 3)", idempotencyKey: "k\($0)") }
    let first = try kind.open().enqueue(tasks)
    // Another process, or the same one after a crash, cannot know that it was stored.
    let again = try kind.open().enqueue(tasks)
    #expect(again.map(\.id) == first.map(\.id))
    #expect(again.allSatisfy { !$0.isNew })
    // What was stored of a part of the batch is not stored twice, either.
    let longer = try kind.open().enqueue(tasks + [NewTask(type: "t", idempotencyKey: "new")])
    #expect(longer.map(\.isNew) == Array(repeating: false, count: 20) + [true])
    #expect(try kind.open().count(.queued) == 21)
  }

  @Test(arguments: QueueKind.all)
  func `Racing queues make one task per key`(kind: QueueKind) throws {
    let queues = try (0..<3).map { _ in try kind.open() }
    let receipts = try inParallel(6) { thread in
      try (0..<50).map {
        try queues[thread % 3].enqueue(NewTask(type: "t\($0 % 7)", idempotencyKey: "k\($0)"))
      }
    }
    for key in 0..<50 {
      #expect(Set(receipts.map { $0[key].id }).count == 1)
      #expect(receipts.filter { $0[key].isNew }.count == 1)
    }
    #expect(try queues[0].count(.queued) == 50)
  }
}
