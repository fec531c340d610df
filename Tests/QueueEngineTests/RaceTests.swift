import QueueEngine
import SQLite
import TestSupport
import Testing

/// Several connections race over one file.
@Suite(.temporaryDirectory)
struct RaceTests {
  private static let waiting = BusyPolicy.backoff(
    initialUs: 20, maxUs: 1000, timeoutMs: 60_000)

  @Test(arguments: ClaimStrategy.allCases, TransactionMode.allCases)
  func `No task is claimed twice and none is lost`(
    strategy: ClaimStrategy, mode: TransactionMode
  ) throws {
    let path = TemporaryDirectory.path("queue.db")
    let options = options(busyPolicy: Self.waiting, mode: mode)
    let first = try openQueue("queue.db", options)
    let enqueued = try first.enqueue(
      (0..<600).map { NewTask(type: "t\($0 % 3)", priority: $0 % 5) }, now: start
    ).map(\.id)
    let claims = try inParallel(3) { worker -> (added: [TaskID], claimed: [TaskID]) in
      let queue = try SQLiteQueueStore(
        path: path, options: options, random: SeededGenerator(seed: UInt64(worker)))
      var added: [TaskID] = []
      var claimed: [TaskID] = []
      if worker == 2 {
        // Meanwhile one adds more, in lanes that are new to the others.
        for index in 0..<150 {
          added.append(
            try queue.enqueue(NewTask(type: "late\(index % 4)", priority: 2), now: start).id)
        }
        return (added, claimed)
      }
      let claimant = Claimant(workerID: "w\(worker)", strategy: strategy)
      while true {
        let tasks =
          claimed.count % 3 == 0
          ? try queue.claim(as: claimant, limit: 4, leaseDurationMs: 60_000, now: start)
          : try [queue.claim(as: claimant, leaseDurationMs: 60_000, now: start)].compactMap { $0 }
        if tasks.isEmpty { return (added, claimed) }
        for task in tasks {
          claimed.append(task.id)
          guard try queue.complete(task.fence, result: nil, now: start) == .accepted else {
            throw QueueError(code: .storage, message: "\(task.id) was lost by its holder")
          }
        }
      }
    }
    let rest = try first.drain(strategy)
    for task in rest {
      #expect(try first.complete(task.fence, result: nil, now: start) == .accepted)
    }
    let claimed = claims.flatMap(\.claimed) + rest.map(\.id)
    #expect(claimed.count == 750)
    #expect(Set(claimed) == Set(enqueued + claims.flatMap(\.added)))
    #expect(try first.counts()[.completed] == 750)
    #expect(try first.connection.scalar("PRAGMA integrity_check") == "ok")
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A task whose lease runs out passes to exactly one`(strategy: ClaimStrategy) throws {
    let path = TemporaryDirectory.path("queue.db")
    let options = options(busyPolicy: Self.waiting)
    let first = try openQueue("queue.db", options)
    try _ = first.enqueue((0..<60).map { _ in NewTask(type: "t") }, now: start)
    let stale = try first.drain(strategy)
    #expect(stale.count == 60)
    let later = at(100_000)
    let claims = try inParallel(3) { worker -> [Fence] in
      let queue = try SQLiteQueueStore(path: path, options: options)
      if worker == 2 {
        // The old holder still tries to finish its work.
        for task in stale.reversed() {
          _ = try queue.complete(task.fence, result: #""old""#, now: later)
        }
        return []
      }
      return try queue.drain(strategy, now: later).map(\.fence)
    }.flatMap { $0 }
    #expect(Set(claims.map(\.id)).count == claims.count)
    #expect(claims.allSatisfy { $0.attempt == 2 })
    let old = try first.connection.scalar(
      "SELECT count(*) FROM task_queue WHERE result = '\"old\"'")
    #expect(try Int(#require(old))! + claims.count == 60)
    for fence in claims {
      #expect(try first.complete(fence, result: #""new""#, now: later) == .accepted)
    }
    #expect(try first.counts()[.completed] == 60)
  }

  @Test func `Many claims in a row lose nothing to a checkpoint`() throws {
    let path = TemporaryDirectory.path("queue.db")
    let options = SQLiteStoreOptions(
      pragmas: [
        PragmaSetting(.synchronous, "OFF")!, PragmaSetting(.walAutocheckpoint, "0")!,
      ], busyPolicy: Self.waiting)
    let first = try openQueue("queue.db", options)
    try _ = first.enqueue((0..<2000).map { _ in NewTask(type: "t") }, now: start)
    let claimed = try inParallel(2) { worker in
      let queue = try SQLiteQueueStore(path: path, options: options)
      return try queue.drain(.priority).map(\.id)
    }
    #expect(claimed.flatMap { $0 }.count == 2000)
    #expect(Set(claimed.flatMap { $0 }).count == 2000)
  }
}
