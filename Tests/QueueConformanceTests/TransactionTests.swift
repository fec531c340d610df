import QueueEngine
import TestSupport
import Testing

/// Several calls in one transaction: all of them happen, or none.
@Suite(.temporaryDirectory)
struct TransactionTests {
  private struct Stop: Error, Equatable {
    let reason: String
  }

  @Test(arguments: QueueKind.all)
  func `A completion and the tasks that follow from it stand together`(kind: QueueKind) throws {
    let queue = try kind.open()
    let first = try queue.enqueue(NewTask(type: "first")).id
    let fence = try #require(try queue.claim()).fence
    let followers = try queue.at(at(5)).transaction { transaction in
      #expect(try transaction.complete(fence, result: "[1]") == .accepted)
      let one = try transaction.enqueue(NewTask(type: "second"))
      return [one] + (try transaction.enqueue(contentsOf: [NewTask(type: "third")]))
    }
    #expect(followers.map(\.isNew) == [true, true])
    #expect(try queue.task(first)?.status == .completed)
    #expect(try queue.task(first)?.finishedAt == at(5))
    #expect(try queue.drain(now: at(5)).map(\.type) == ["second", "third"])
  }

  @Test(arguments: QueueKind.all)
  func `What a transaction did before it threw did not happen`(kind: QueueKind) throws {
    let queue = try kind.open()
    let ids = try queue.enqueue((0..<6).map { _ in NewTask(type: "t", maxAttempts: 2) }).map(\.id)
    let fences = try queue.claim(as: Claimant(workerID: "w"), limit: 5).map(\.fence)
    let before = try ids.map { try queue.task($0) }
    let error = #expect(throws: Stop.self) {
      try queue.queue.transaction { transaction in
        try transaction.enqueue(NewTask(type: "new", idempotencyKey: "k"))
        #expect(try transaction.complete(fences[0]) == .accepted)
        #expect(try transaction.fail(fences[1], .permanent(message: "")) == .accepted)
        #expect(try transaction.fail(fences[2], .retry(at: start, message: "")) == .accepted)
        #expect(try transaction.release(fences[3]) == .accepted)
        #expect(try transaction.extend([fences[4]], leaseDurationMs: 9) == [.accepted])
        #expect(try transaction.cancel(ids[5]))
        let claimed = try transaction.claim(
          as: Claimant(workerID: "x"), limit: 9, leaseDurationMs: 9)
        #expect(claimed.count == 3)
        throw Stop(reason: "changed my mind")
      }
    }
    #expect(error == Stop(reason: "changed my mind"))
    #expect(try ids.map { try queue.task($0) } == before)
    #expect(try queue.count(.queued) == 1)
    // Nothing remembers it, either: not the key, not the new type, not the fences.
    #expect(try queue.enqueue(NewTask(type: "new", idempotencyKey: "k")).isNew)
    #expect(try queue.drain(types: ["new"]).count == 1)
    #expect(try queue.complete(fences.map { ($0, nil) }).allSatisfy { $0 == .accepted })
  }

  @Test(arguments: QueueKind.all)
  func `What is refused is counted, alone and in a transaction that happens`(
    kind: QueueKind
  ) throws {
    let queue = try kind.open()
    _ = try queue.enqueue(NewTask(type: "t"))
    let stale = try #require(try queue.claim(leaseMs: 10)).fence
    let fence = try #require(try queue.claim(now: at(10))).fence
    #expect(try queue.queue.complete(stale) == .leaseLost)
    #expect(try queue.queue.extend(stale, leaseDurationMs: 10) == .leaseLost)
    let answers = try queue.queue.transaction { transaction in
      [
        try transaction.complete(stale), try transaction.fail(stale, .permanent(message: "")),
        try transaction.release(stale),
      ] + (try transaction.extend([stale, fence], leaseDurationMs: 9))
    }
    #expect(answers == [.leaseLost, .leaseLost, .leaseLost, .leaseLost, .accepted])
    #expect(throws: Stop.self) {
      try queue.queue.transaction { transaction in
        _ = try transaction.complete(stale)
        throw Stop(reason: "undone")
      }
    }
    #expect(queue.queue.counters.refusedAcknowledgements == 4)
    #expect(queue.queue.counters.refusedRenewals == 2)
  }

  @Test(arguments: QueueKind.all)
  func `A transaction sees what it did`(kind: QueueKind) throws {
    let queue = try kind.open()
    let (id, again, attempt) = try queue.queue.transaction { transaction in
      let id = try transaction.enqueue(NewTask(type: "t", idempotencyKey: "k")).id
      let again = try transaction.enqueue(NewTask(type: "t", idempotencyKey: "k"))
      let claimant = Claimant(workerID: "w")
      let first = try transaction.claim(as: claimant, limit: 1, leaseDurationMs: 1000)[0]
      #expect(try transaction.release(first.fence) == .accepted)
      let second = try transaction.claim(as: claimant, limit: 2, leaseDurationMs: 1000)
      #expect(second.map(\.id) == [id])
      #expect(try transaction.complete(first.fence) == .leaseLost)
      #expect(try transaction.complete(second[0].fence) == .accepted)
      return (id, again, second[0].fence.attempt)
    }
    #expect(again.id == id && !again.isNew)
    #expect(attempt == 2)
    #expect(try queue.task(id)?.status == .completed)
  }

  @Test(arguments: QueueKind.all)
  func `An error that the body settles leaves the rest standing`(kind: QueueKind) throws {
    let queue = try kind.open()
    try queue.queue.transaction { transaction in
      try transaction.enqueue(NewTask(type: "before"))
      #expect(throws: QueueError.self) {
        try transaction.enqueue(contentsOf: [
          NewTask(type: "good"), NewTask(type: "bad", payload: "{"),
        ])
      }
      try transaction.enqueue(NewTask(type: "after"))
    }
    #expect(try queue.drain().map(\.type) == ["before", "after"])
  }

  @Test(arguments: QueueKind.all)
  func `The form with await does the same`(kind: QueueKind) async throws {
    let queue = try kind.open().queue
    let id = try await queue.transaction { try $0.enqueue(NewTask(type: "t")).id }
    await #expect(throws: Stop.self) {
      try await queue.transaction { transaction in
        #expect(try transaction.cancel(id))
        throw Stop(reason: "")
      }
    }
    #expect(try await queue.task(id)?.status == .queued)
    #expect(try await queue.counts()[.queued] == 1)
  }

  @Test(arguments: QueueKind.all)
  func `Transactions that fail beside others take nobody along`(kind: QueueKind) throws {
    let queue = try kind.open().queue
    let outcomes = try inParallel(8) { thread in
      (0..<30).map { round -> Bool in
        do {
          try queue.transaction { transaction in
            try transaction.enqueue(NewTask(type: "a", payload: "[\(thread),\(round)]"))
            try transaction.enqueue(NewTask(type: "b", payload: "[\(thread),\(round)]"))
            if (thread + round) % 3 == 0 { throw Stop(reason: "") }
          }
          return true
        } catch {
          return false
        }
      }
    }
    for (thread, outcome) in outcomes.enumerated() {
      for (round, isDone) in outcome.enumerated() { #expect(isDone == ((thread + round) % 3 != 0)) }
    }
    let claimant = Claimant(workerID: "w")
    let tasks = try queue.claim(as: claimant, limit: 1000, leaseDurationMs: 60_000)
    let payloads = ["a", "b"].map { type in
      tasks.filter { $0.type == type }.map(\.payload).sorted()
    }
    #expect(payloads[0] == payloads[1])
    #expect(payloads[0].count == 160)
    #expect(Set(payloads[0]).count == 160)
  }
}
