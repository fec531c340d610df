import QueueEngine
import TestSupport
import Testing

/// Many threads, Swift tasks and queue objects at once; run under the thread sanitizer, too.
@Suite(.temporaryDirectory)
struct ConcurrencyTests {
  /// Who claims in a strategy.
  private static func claimant(_ subject: Subject, _ worker: Int) -> Claimant {
    Claimant(workerID: "w\(worker)", strategy: subject.strategy)
  }

  // MARK: One object

  @Test(arguments: Subject.all)
  func `Ten threads on one queue claim each task exactly once`(subject: Subject) throws {
    let queue = try subject.open().queue
    let ids = try queue.enqueue(
      contentsOf: (0..<400).map { NewTask(type: "t\($0 % 3)", priority: $0 % 5) }
    ).map(\.id)
    let claimed = try inParallel(10) { thread -> [ClaimedTask] in
      var tasks: [ClaimedTask] = []
      while true {
        let more = try queue.claim(
          as: Self.claimant(subject, thread), limit: 1 + thread % 3, leaseDurationMs: 60_000)
        if more.isEmpty { return tasks }
        for task in more {
          guard try queue.complete(task.fence, result: "\(thread)") == .accepted else {
            throw QueueError(code: .storage, message: "\(task.id) was lost by its holder")
          }
        }
        tasks += more
      }
    }.flatMap { $0 }
    #expect(claimed.map(\.id).sorted() == ids.sorted())
    #expect(claimed.allSatisfy { $0.fence.attempt == 1 })
    #expect(try queue.counts()[.completed] == 400)
    #expect(queue.counters.refusedAcknowledgements == 0)
  }

  @Test(arguments: Subject.all)
  func `Swift tasks on one queue claim each task exactly once`(subject: Subject) async throws {
    let queue = try subject.open().queue
    let ids = try await withThrowingTaskGroup(of: [TaskID].self) { group in
      for producer in 0..<10 {
        group.addTask {
          var ids: [TaskID] = []
          for index in 0..<10 {
            ids.append(try await queue.enqueue(NewTask(type: "t", payload: "\(producer)")).id)
            ids += try await queue.enqueue(
              contentsOf: (0..<index % 3).map { _ in NewTask(type: "u") }
            ).map(\.id)
          }
          return ids
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(ids).count == 190)
    #expect(ids.count == 190)
    let claimed = try await withThrowingTaskGroup(of: [TaskID].self) { group in
      for worker in 0..<10 {
        group.addTask {
          var ids: [TaskID] = []
          while let task = try await queue.claim(
            as: Self.claimant(subject, worker), leaseDurationMs: 60_000)
          {
            #expect(try await queue.extend(task.fence, leaseDurationMs: 70_000) == .accepted)
            #expect(try await queue.complete(task.fence) == .accepted)
            ids.append(task.id)
          }
          return ids
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(claimed.sorted() == ids.sorted())
    #expect(try await queue.counts()[.completed] == 190)
  }

  @Test(arguments: QueueKind.all)
  func `Threads and Swift tasks share one queue`(kind: QueueKind) async throws {
    let queue = try kind.open().queue
    let threads = (0..<4).map { thread in
      TestThread {
        try (0..<40).map { try queue.enqueue(NewTask(type: "t", payload: "[\(thread),\($0)]")).id }
      }
    }
    let fromTasks = try await withThrowingTaskGroup(of: TaskID.self) { group in
      for index in 0..<160 {
        group.addTask { try await queue.enqueue(NewTask(type: "t", payload: "\(index)")).id }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let fromThreads = try threads.flatMap { try $0.join() }
    #expect(Set(fromTasks + fromThreads).count == 320)
    #expect(try await queue.counts()[.queued] == 320)
  }

  @Test(arguments: QueueKind.all)
  func `Every kind of call runs beside every other`(kind: QueueKind) throws {
    let queue = try kind.open().queue
    try queue.enqueue(contentsOf: (0..<20).map { _ in NewTask(type: "t", maxAttempts: 100) })
    let finished = try inParallel(8) { thread -> Int in
      var finishedCount = 0
      for round in 0..<25 {
        let claimant = Claimant(workerID: "w\(thread)")
        guard let task = try queue.claim(as: claimant, leaseDurationMs: 60_000) else {
          try queue.enqueue(NewTask(type: "t", maxAttempts: 100))
          continue
        }
        let fence = task.fence
        let answer: Acknowledgement
        switch (thread + round) % 7 {
        case 0: answer = try queue.release(fence)
        case 1: answer = try queue.fail(fence, .retry(at: start, message: "again"))
        case 2:
          answer = try queue.fail(fence, .permanent(message: "never"))
          finishedCount += 1
        case 3:
          answer = try queue.cancel(fence.id, evenIfHeld: true) ? .accepted : .leaseLost
          finishedCount += 1
        case 4:
          // The completion and what follows from it stand or fall together.
          answer = try queue.transaction { transaction in
            try transaction.enqueue(NewTask(type: "t", maxAttempts: 100))
            return try transaction.complete(fence)
          }
          finishedCount += 1
        case 5:
          answer = try queue.extend(fence, leaseDurationMs: 90_000)
          _ = try queue.release(fence)
        default:
          answer = try queue.complete([(fence, "[]")])[0]
          finishedCount += 1
        }
        #expect(answer == .accepted)
        _ = try queue.task(task.id)
      }
      return finishedCount
    }.reduce(0, +)
    let counts = try queue.counts()
    #expect(counts.filter(\.key.isFinal).values.reduce(0, +) == finished)
    #expect(counts[.processing] == 0)
    #expect(queue.counters.refusedAcknowledgements == 0)
  }

  // MARK: Several objects

  @Test(arguments: Subject.all)
  func `No task is claimed twice and none is lost`(subject: Subject) throws {
    let first = try subject.open()
    let others = try (0..<3).map { try subject.open(seed: UInt64($0)).queue }
    let enqueued = try first.enqueue(
      (0..<300).map { NewTask(type: "t\($0 % 3)", priority: $0 % 5) }
    ).map(\.id)
    let claims = try inParallel(3) { worker -> (added: [TaskID], claimed: [TaskID]) in
      let queue = others[worker]
      var added: [TaskID] = []
      var claimed: [TaskID] = []
      if worker == 2 {
        // Meanwhile one adds more, of types that are new to the others.
        for index in 0..<100 {
          added.append(try queue.enqueue(NewTask(type: "late\(index % 4)", priority: 2)).id)
        }
        return (added, claimed)
      }
      while true {
        let tasks = try queue.claim(
          as: Self.claimant(subject, worker), limit: claimed.count % 3 == 0 ? 4 : 1,
          leaseDurationMs: 60_000)
        if tasks.isEmpty { return (added, claimed) }
        for task in tasks {
          claimed.append(task.id)
          guard try queue.complete(task.fence) == .accepted else {
            throw QueueError(code: .storage, message: "\(task.id) was lost by its holder")
          }
        }
      }
    }
    let rest = try first.drain()
    for task in rest { #expect(try first.complete(task.fence) == .accepted) }
    let claimed = claims.flatMap(\.claimed) + rest.map(\.id)
    #expect(claimed.count == 400)
    #expect(Set(claimed) == Set(enqueued + claims.flatMap(\.added)))
    #expect(try first.count(.completed) == 400)
  }

  @Test(arguments: Subject.all)
  func `A task whose lease runs out passes to exactly one`(subject: Subject) throws {
    let first = try subject.open()
    let queues = try (0..<3).map { _ in try subject.open() }
    let ids = try first.enqueue((0..<60).map { _ in NewTask(type: "t") }).map(\.id)
    let stale = try first.drain()
    #expect(stale.count == 60)
    let later = at(100_000)
    let claims = try inParallel(3) { worker -> [Fence] in
      guard worker == 2 else { return try queues[worker].drain(now: later).map(\.fence) }
      // The old holder still tries to finish its work.
      for task in stale.reversed() {
        try queues[worker].complete(task.fence, result: #""old""#, now: later)
      }
      return []
    }.flatMap { $0 }
    #expect(Set(claims.map(\.id)).count == claims.count)
    #expect(claims.allSatisfy { $0.attempt == 2 })
    let oldCount = try ids.count { try first.task($0)?.result == #""old""# }
    #expect(oldCount + claims.count == 60)
    for fence in claims {
      #expect(try first.complete(fence, result: #""new""#, now: later) == .accepted)
    }
    #expect(try first.count(.completed) == 60)
  }
}
