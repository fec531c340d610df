import QueueEngine
import QueueOperations
import SQLite
import TestSupport
import Testing

@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct TaskListingTests {
  /// Tasks of every status: #1 completed by a, #2 failed with a, #3 in dead_letter with b, #4
  /// cancelled, #5 held by c, #6 and #7 queued, the last of which has another type and a key.
  private func mixedQueue() throws -> ObservedQueue {
    let queue = try ObservedQueue()
    try queue.enqueue(2)
    try queue.enqueue(1, maxAttempts: 1)
    try queue.enqueue(3)
    let key = NewTask(type: "other", priority: 7, idempotencyKey: "k'1")
    _ = try queue.store.enqueue([key], now: ObservedQueue.at(100))
    func claim(_ id: Int64, _ worker: String) throws -> ClaimedTask {
      let claimant = Claimant(workerID: worker, types: ["t"])
      let task = try queue.store.claim(
        as: claimant, leaseDurationMs: 3_600_000, now: ObservedQueue.at(1))
      let claimed = try #require(task)
      #expect(claimed.id.rawValue == id)
      return claimed
    }
    let first = try claim(1, "a")
    _ = try queue.store.complete(first.fence, result: "1", now: ObservedQueue.at(10))
    let second = try claim(2, "a")
    _ = try queue.store.fail(
      second.fence, .permanent(message: "Disk 100% full"), now: ObservedQueue.at(20))
    let third = try claim(3, "b")
    _ = try queue.store.fail(
      third.fence, .retry(at: ObservedQueue.at(30), message: "no route"), now: ObservedQueue.at(30))
    _ = try queue.store.cancel(
      TaskID(rawValue: 4), evenIfHeld: false, now: ObservedQueue.at(40))
    _ = try claim(5, "c")
    return queue
  }

  /// A filter and the numbers of the tasks that fit it.
  struct Question: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let filter: TaskFilter
    let answer: [Int64]

    init(_ name: String, _ filter: TaskFilter, _ answer: [Int64]) {
      testDescription = name
      self.filter = filter
      self.answer = answer
    }
  }

  static let questions = [
    Question("all", TaskFilter(), [1, 2, 3, 4, 5, 6, 7]),
    Question("one status", TaskFilter(statuses: [.queued]), [6, 7]),
    Question("statuses", TaskFilter(statuses: [.failed, .deadLetter]), [2, 3]),
    Question("held", TaskFilter(statuses: [.processing]), [5]),
    Question("held by", TaskFilter(statuses: [.processing], workerID: "a"), []),
    Question("no status", TaskFilter(statuses: []), []),
    Question("type", TaskFilter(types: ["other", "none"]), [7]),
    Question("hostile type", TaskFilter(types: [#"t") OR 1 --"#, "' OR '1'='1"]), []),
    Question("worker", TaskFilter(workerID: "a"), [1, 2]),
    Question("priorities", TaskFilter(priorities: 0...99), [7]),
    Question("created since", TaskFilter(createdSince: ObservedQueue.at(100)), [7]),
    Question(
      "created before", TaskFilter(createdBefore: ObservedQueue.at(100)), [1, 2, 3, 4, 5, 6]),
    Question("finished since", TaskFilter(finishedSince: ObservedQueue.at(20)), [2, 3, 4]),
    Question("finished before", TaskFilter(finishedBefore: ObservedQueue.at(20)), [1]),
    Question("key", TaskFilter(idempotencyKey: "k'1"), [7]),
    Question("no such key", TaskFilter(idempotencyKey: "k' OR 1=1 --"), []),
    Question("error text", TaskFilter(errorText: "disk 100%"), [2]),
    Question("no pattern", TaskFilter(errorText: "d%k"), []),
    Question("both", TaskFilter(statuses: [.failed], types: ["other"]), []),
  ]

  private func numbers(_ tasks: [QueueTask]) -> [Int64] { tasks.map(\.id.rawValue) }

  @Test(arguments: Self.questions)
  func `A filter finds what fits it`(question: Question) throws {
    let listing = TaskListing(database: try mixedQueue().database)
    #expect(try numbers(listing.tasks(matching: question.filter)) == question.answer)
    #expect(
      try numbers(listing.tasks(matching: question.filter, order: .newestFirst))
        == Array(question.answer.reversed()))
    #expect(try listing.count(matching: question.filter) == question.answer.count)
  }

  @Test(arguments: TaskOrder.allCases, 1...4)
  func `Pages follow each other without gaps`(order: TaskOrder, limit: Int) throws {
    let listing = TaskListing(database: try mixedQueue().database)
    var seen: [Int64] = []
    var last: TaskID?
    while true {
      let page = try listing.tasks(order: order, after: last, limit: limit)
      #expect(page.count <= limit)
      seen += numbers(page)
      guard let end = page.last else { break }
      last = end.id
    }
    let ascending: [Int64] = Array(1...7)
    let expected: [Int64] = order == .oldestFirst ? ascending : ascending.reversed()
    #expect(seen == expected)
  }

  @Test func `A task is listed as the queue knows it`() throws {
    let queue = try mixedQueue()
    for task in try TaskListing(database: queue.database).tasks() {
      #expect(try queue.task(task.id) == task)
    }
  }

  @Test func `Counting ends at its bound`() throws {
    let listing = TaskListing(database: try mixedQueue().database)
    #expect(try listing.count(atMost: 3) == 3)
    #expect(try listing.count(atMost: 0) == 0)
    #expect(throws: QueueError.self) { try listing.count(atMost: -1) }
    #expect(throws: QueueError.self) { try listing.tasks(limit: -1) }
  }

  @Test func `Tasks are queued anew as if nothing had happened`() throws {
    let queue = try mixedQueue()
    let listing = TaskListing(database: queue.database)
    let now = ObservedQueue.at(200)
    let all = (1...9).map { TaskID(rawValue: $0) }
    let queued = try listing.retry(ids: all, now: now)
    #expect(queued.map(\.rawValue) == [1, 2, 3, 4])
    for id in queued {
      let task = try queue.task(id)
      #expect(task.status == .queued && task.runAfter == now && task.finishedAt == nil, "\(id)")
      #expect(task.errorMessage == nil && task.result == nil && task.lockedBy == nil, "\(id)")
      #expect(task.leaseUntil == nil && task.attempts < task.maxAttempts, "\(id)")
    }
    // The engine takes each of them, and the one that had used up its attempts has one more.
    let claimed = try queue.store.claim(
      as: Claimant(workerID: "w"), limit: 10, leaseDurationMs: 1000, now: now)
    #expect(Set(claimed.map(\.id.rawValue)) == [1, 2, 3, 4, 6, 7])
    #expect(try queue.task(TaskID(rawValue: 3)).attempts == 2)
    #expect(try queue.task(TaskID(rawValue: 5)).lockedBy == "c")
  }

  @Test func `Without statuses only failures are tried again`() throws {
    let queue = try mixedQueue()
    let listing = TaskListing(database: queue.database)
    #expect(try listing.retry(matching: TaskFilter(), now: ObservedQueue.at(200)) == 2)
    #expect(try numbers(listing.tasks(matching: TaskFilter(statuses: [.queued]))) == [2, 3, 6, 7])
    let completed = TaskFilter(statuses: [.completed, .processing])
    #expect(try listing.retry(matching: completed, now: ObservedQueue.at(200)) == 1)
    #expect(try queue.task(TaskID(rawValue: 5)).status == .processing)
  }

  @Test(
    arguments: [
      (.remaining, 3, 4), (.further(1), 3, 4), (.further(5), 3, 8),
    ] as [(RetryAttempts, Int, Int)])
  func `Attempts are given, and never taken back`(
    attempts: RetryAttempts, made: Int, most: Int
  ) throws {
    let queue = try ObservedQueue()
    let id = try queue.enqueue(1, maxAttempts: 3)[0]
    var stale: ClaimedTask?
    for _ in 0..<3 {
      let task = try queue.claim(as: "w")
      stale = task
      _ = try queue.store.fail(
        task.fence, .retry(at: ObservedQueue.start, message: "m"), now: ObservedQueue.start)
    }
    #expect(try queue.task(id).status == .deadLetter)
    let listing = TaskListing(database: queue.database)
    #expect(try listing.retry(ids: [id], attempts: attempts, now: ObservedQueue.start) == [id])
    let task = try queue.task(id)
    #expect(task.attempts == made && task.maxAttempts == most)
    // Whoever held it before cannot take part in the new attempt.
    let again = try queue.claim(as: "x")
    let fence = try #require(stale).fence
    #expect(try queue.store.complete(fence, result: nil, now: ObservedQueue.start) == .leaseLost)
    #expect(again.fence.attempt == made + 1)
  }

  @Test func `A retry without an attempt is refused`() throws {
    let listing = TaskListing(database: try ObservedQueue().database)
    let error = try #require(throws: QueueError.self) {
      try listing.retry(matching: TaskFilter(), attempts: .further(0))
    }
    #expect(error.code == .invalidArgument)
  }

  @Test(arguments: [false, true])
  func `What waits is taken back, and what is held if asked for`(evenIfHeld: Bool) throws {
    let queue = try mixedQueue()
    let listing = TaskListing(database: queue.database)
    let now = ObservedQueue.at(200)
    let count = try listing.cancel(matching: TaskFilter(), evenIfHeld: evenIfHeld, now: now)
    #expect(count == (evenIfHeld ? 3 : 2))
    let cancelled = try listing.tasks(
      matching: TaskFilter(statuses: [.cancelled], finishedSince: now))
    #expect(numbers(cancelled) == (evenIfHeld ? [5, 6, 7] : [6, 7]))
    #expect(cancelled.allSatisfy { $0.leaseUntil == nil })
    let next = try queue.store.claim(as: Claimant(workerID: "w"), leaseDurationMs: 1000, now: now)
    #expect(next == nil)
  }

  @Test func `Thousands are changed, up to the limit`() throws {
    let queue = try ObservedQueue()
    try queue.enqueue(1001)
    let listing = TaskListing(database: queue.database)
    #expect(try listing.cancel(matching: TaskFilter(), limit: 450, now: ObservedQueue.start) == 450)
    let newest = try listing.tasks(
      matching: TaskFilter(statuses: [.cancelled]), order: .newestFirst, limit: 1)
    #expect(numbers(newest) == [450])
    #expect(try listing.cancel(matching: TaskFilter(types: ["t"]), now: ObservedQueue.start) == 551)
    let cancelled = TaskFilter(statuses: [.cancelled])
    #expect(try listing.retry(matching: cancelled, now: ObservedQueue.start) == 1001)
    #expect(try queue.store.counts()[.queued] == 1001)
  }

  @Test func `Those who change the same tasks at once share them`() throws {
    let queue = try ObservedQueue()
    try queue.enqueue(1000)
    let path = queue.path
    let changed = try inParallel(4) { thread in
      let listing = TaskListing(
        database: try QueueDatabase(path: path, options: ObservedQueue.options()))
      return try listing.cancel(matching: TaskFilter(), now: ObservedQueue.at(Int64(thread)))
    }
    #expect(changed.reduce(0, +) == 1000, "\(changed)")
    #expect(try queue.store.counts()[.cancelled] == 1000)
  }
}
