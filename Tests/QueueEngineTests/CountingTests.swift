import SQLite
import TestSupport
import Testing

@testable import QueueEngine

/// Counters agree with the tasks, whoever changes these.
@Suite(.temporaryDirectory)
struct CountingTests {
  private func countingOptions(_ mode: TransactionMode = .immediate) -> SQLiteStoreOptions {
    var options = options(busyPolicy: .timeout(timeoutMs: 5000), mode: mode)
    options.countsTasks = true
    return options
  }

  /// Counters that are wrong, as text.
  private func differences(_ connection: Connection) throws -> [[String?]] {
    try connection.rows(CountingStatements.differences)
  }

  private func ever(_ status: String, _ connection: Connection) throws -> Int {
    Int(
      try connection.scalar(
        "SELECT coalesce(SUM(ever), 0) FROM queue_counters WHERE status = '\(status)'") ?? "")
      ?? -1
  }

  // MARK: Enabling

  @Test func `A queue does not count unless it is asked to, and then goes on`() throws {
    #expect(try !openQueue("plain.db").countsTasks)
    #expect(try openQueue("queue.db", countingOptions()).countsTasks)
    #expect(try openQueue("queue.db").countsTasks)
  }

  @Test func `A queue that is made to count counts what was there before`() throws {
    let before = try openQueue()
    _ = try before.enqueue(
      (0..<30).map { NewTask(type: $0 < 10 ? "a" : "b") }, now: start)
    let tasks = try before.drain(.priority).prefix(20)
    for (index, task) in tasks.enumerated() where index < 15 {
      _ = try before.complete(task.fence, result: nil, now: at(Int64(index * 40)))
    }
    _ = try before.fail(tasks[15].fence, .permanent(message: "no"), now: start)
    let counting = try openQueue("queue.db", countingOptions())
    let hand = try openByHand()
    #expect(try differences(hand).isEmpty)
    #expect(try counting.counts() == before.counts())
    #expect(try hand.scalar("SELECT SUM(count) FROM queue_counters WHERE status = 'all'") == "30")
    #expect(try ever("completed", hand) == 0)
  }

  /// Another connection learns of it by itself, whatever it does first.
  @Test(arguments: 0..<6)
  func `A store that was open when counting began counts too`(first: Int) throws {
    let store = try openQueue(
      "queue.db", options(busyPolicy: .timeout(timeoutMs: 5000)))
    _ = try store.enqueue((0..<40).map { _ in NewTask(type: "t") }, now: start)
    let tasks = try store.drain(.priority)
    // Some of what it does was compiled before, and some was not.
    if first % 2 == 0 {
      _ = try store.complete(tasks[0].fence, result: nil, now: start)
      _ = try store.cancel(tasks[1].id, evenIfHeld: true, now: start)
      _ = try store.enqueue(NewTask(type: "t"), now: start)
    }
    let hand = try openByHand()
    _ = try openQueue("queue.db", countingOptions())
    #expect(!store.countsTasks)
    switch first / 2 {
    case 0: _ = try store.complete(tasks[2].fence, result: nil, now: start)
    case 1: _ = try store.enqueue(NewTask(type: "u"), now: start)
    default:
      _ = try store.complete(
        tasks[2..<6].map { (fence: $0.fence, result: nil) }, now: start)
    }
    #expect(store.countsTasks)
    #expect(try differences(hand).isEmpty)
    _ = try store.complete(tasks[10].fence, result: nil, now: start)
    _ = try store.fail(tasks[11].fence, .permanent(message: ""), now: start)
    _ = try store.enqueue(NewTask(type: "u"), now: start)
    #expect(try differences(hand).isEmpty)
  }

  @Test func `A file of the first version is taken along`() throws {
    try { _ = try openQueue() }()
    try openByHand().execute(script: "PRAGMA user_version = 1")
    #expect(try !openQueue().countsTasks)
    #expect(try openByHand().scalar("PRAGMA user_version") == "\(Schema.version)")
  }

  // MARK: Transactions

  @Test(arguments: [TransactionMode.immediate, .deferred])
  func `What is rolled back is not counted`(mode: TransactionMode) throws {
    struct Failure: Error {}
    let store = try openQueue("queue.db", countingOptions(mode))
    let hand = try openByHand()
    _ = try store.enqueue((0..<10).map { _ in NewTask(type: "t") }, now: start)
    let tasks = try store.drain(.priority)
    #expect(throws: Failure.self) {
      try store.atomically {
        _ = try store.enqueue([NewTask(type: "t"), NewTask(type: "new")], now: start)
        _ = try store.complete(tasks[0].fence, result: nil, now: start)
        throw Failure()
      }
    }
    #expect(try differences(hand).isEmpty)
    #expect(try ever("completed", hand) == 0)
    try store.atomically {
      _ = try store.complete(tasks[1].fence, result: nil, now: start)
      _ = try store.enqueue(NewTask(type: "new"), now: start)
    }
    #expect(try differences(hand).isEmpty)
    #expect(try ever("completed", hand) == 1)
    // The minute of the one that was rolled back has its entry in the history all the same.
    #expect(try hand.scalar("SELECT ever FROM task_history") == "0")
  }

  @Test func `A member of a batch that fails takes its counts along`() throws {
    let store = try openQueue("queue.db", countingOptions())
    let hand = try openByHand()
    try hand.execute(
      script: "CREATE UNIQUE INDEX only_one ON task_queue (type) WHERE type = 'single'")
    _ = try store.enqueue(NewTask(type: "single"), now: start)
    #expect(throws: QueueError.self) {
      try store.enqueue(
        (0..<26).map { _ in NewTask(type: "t") } + [NewTask(type: "single")], now: start)
    }
    #expect(try differences(hand).isEmpty)
    _ = try store.enqueue(NewTask(type: "t"), now: start)
    #expect(try differences(hand).isEmpty)
    #expect(try ever("all", hand) == 2)
  }

  @Test func `Tasks that were there already are not added`() throws {
    let store = try openQueue("queue.db", countingOptions())
    for _ in 0..<2 {
      _ = try store.enqueue(
        [NewTask(type: "t", idempotencyKey: "k"), NewTask(type: "t", idempotencyKey: "k")],
        now: start)
    }
    #expect(try differences(try openByHand()).isEmpty)
    #expect(try ever("all", store.connection) == 1)
  }

  @Test func `An acknowledgement that is repeated or refused counts nothing`() throws {
    let store = try openQueue("queue.db", countingOptions())
    _ = try store.enqueue((0..<4).map { _ in NewTask(type: "t") }, now: start)
    let fences = try store.drain(.priority).map(\.fence)
    for _ in 0..<2 {
      _ = try store.complete(fences[0], result: nil, now: start)
      _ = try store.complete(
        [fences[1], fences[1], fences[2]].map { (fence: $0, result: nil) }, now: start)
      _ = try store.fail(fences[3], .permanent(message: ""), now: start)
      _ = try store.cancel(fences[3].id, evenIfHeld: true, now: start)
    }
    #expect(try differences(store.connection).isEmpty)
    #expect(try ever("completed", store.connection) == 3)
    #expect(try ever("failed", store.connection) == 1)
  }

  @Test func `Types that are alike for Swift are counted apart`() throws {
    let store = try openQueue("queue.db", countingOptions())
    _ = try store.enqueue(
      [NewTask(type: "\u{e9}"), NewTask(type: "e\u{301}"), NewTask(type: "\u{e9}")], now: start)
    let fences = try store.drain(.priority).map { (fence: $0.fence, result: String?.none) }
    _ = try store.complete(fences, now: start)
    #expect(try differences(store.connection).isEmpty)
    #expect(
      try store.connection.scalar(
        "SELECT COUNT(*) FROM queue_counters WHERE status = 'all'") == "2")
  }

  // MARK: By hand

  @Test func `What is written by hand is counted`() throws {
    _ = try openQueue("queue.db", countingOptions())
    let hand = try openByHand()
    for script in [
      "INSERT INTO task_queue (type) VALUES ('a'), ('a'), ('b'), ('c')",
      "INSERT INTO task_queue (type, status, finished_at_utc) VALUES ('d', 'failed', '2020-01-01')",
      "UPDATE task_queue SET status = 'processing', locked_by = 'w', "
        + "processing_started_utc = datetime('now', '-90 seconds') WHERE type = 'a'",
      "UPDATE task_queue SET status = 'completed', finished_at_utc = datetime('now') "
        + "WHERE type = 'a'",
      "UPDATE task_queue SET type = 'b' WHERE id = 1",
      "UPDATE task_queue SET processing_started_utc = datetime('now', '-1 hour') WHERE id = 2",
      "UPDATE task_queue SET finished_at_utc = NULL WHERE id = 2",
      "UPDATE task_queue SET status = 'queued', finished_at_utc = NULL WHERE id = 1",
      "UPDATE task_queue SET type = 'e' WHERE type = 'c'",
      "INSERT OR IGNORE INTO task_queue (id, type) VALUES (1, 'ignored')",
      "UPDATE OR REPLACE task_queue SET status = 'cancelled', finished_at_utc = 'nonsense'",
      "DELETE FROM task_queue WHERE type = 'b'",
      "DELETE FROM task_queue",
    ] {
      try hand.execute(script: script)
      #expect(try differences(hand).isEmpty, "\(script)")
    }
    #expect(try ever("completed", hand) == 2)
    #expect(
      try hand.scalar(
        "SELECT SUM(ever) FROM queue_counters WHERE status = 'completed' AND up_to_ms = 100000")
        == "2")
  }

  @Test func `Replaced rows are counted where triggers may call triggers`() throws {
    _ = try openQueue("queue.db", countingOptions())
    let hand = try openByHand()
    try hand.execute(
      script: """
        PRAGMA recursive_triggers = ON;
        INSERT INTO task_queue (id, type) VALUES (7, 'a');
        REPLACE INTO task_queue (id, type) VALUES (7, 'b');
        """)
    #expect(try differences(hand).isEmpty)
  }

  // MARK: Classes

  @Test func `SQL and Swift put times into the same classes`() throws {
    let store = try openQueue("queue.db", countingOptions())
    let hand = try openByHand()
    #expect(ProcessingTimeBounds.all == ProcessingTimeBounds.all.sorted())
    #expect(Set(ProcessingTimeBounds.all).count == ProcessingTimeBounds.all.count)
    var times: [Int64] = [-5, 0]
    for bound in ProcessingTimeBounds.all where bound < 100_000_000_000 {
      times += [bound, bound + 1]
    }
    for ms in times {
      _ = try store.enqueue(NewTask(type: "t\(ms)"), now: start)
      let task = try #require(
        try store.claim(.priority, types: ["t\(ms)"], leaseMs: 400_000_000_000))
      _ = try store.complete(task.fence, result: nil, now: at(ms))
      let bound = try hand.scalar(
        "SELECT up_to_ms FROM queue_counters WHERE type = 't\(ms)' AND status = 'completed'")
      #expect(bound == "\(ProcessingTimeBounds.bound(of: ms))")
    }
    // The audit reckons in SQL.
    #expect(try differences(hand).isEmpty)
  }

  // MARK: Costs

  @Test func `A claim changes no counter, and a batch changes each once`() throws {
    let store = try openQueue("queue.db", countingOptions())
    _ = try store.enqueue((0..<100).map { _ in NewTask(type: "t") }, now: start)
    let first = try store.claim(
      as: Claimant(workerID: "w"), limit: 10, leaseDurationMs: 1000, now: start)
    _ = try store.complete(first.map { (fence: $0.fence, result: nil) }, now: start)
    store.connection.setStatementCounting(true)
    func writes() -> [String] {
      store.connection.takeStatementUses().flatMap { use in
        use.sql.contains("queue_counters") || use.sql.contains("task_history")
          ? Array(repeating: use.sql, count: use.runs) : []
      }
    }
    let tasks = try store.claim(
      as: Claimant(workerID: "w"), limit: 50, leaseDurationMs: 1000, now: start)
    #expect(writes().isEmpty)
    _ = try store.complete(tasks.map { (fence: $0.fence, result: nil) }, now: start)
    #expect(writes() == [CountingStatements.countEnded])
    _ = try store.enqueue((0..<60).map { _ in NewTask(type: "t") }, now: start)
    #expect(writes() == [CountingStatements.countAdded])
  }

  @Test func `No statement of counting looks at tasks`() throws {
    let store = try openQueue("queue.db", countingOptions())
    for sql in [
      CountingStatements.countAdded, CountingStatements.countEnded,
      CountingStatements.noteHistory, CountingStatements.thinHistory,
    ] {
      let plan = try store.connection.queryPlan(of: sql)
      // `k` is the one row that is about to be written.
      let scanned = plan.filter { $0.contains("SCAN") }
      #expect(
        scanned.allSatisfy { $0.contains("CONSTANT ROW") || $0.hasSuffix("SCAN k") }, "\(plan)")
      #expect(!plan.contains { $0.contains("task_queue") }, "\(plan)")
    }
  }

  // MARK: History

  private func complete(at moment: Timestamp, _ store: SQLiteQueueStore) throws {
    _ = try store.enqueue(NewTask(type: "t"), now: moment)
    let task = try #require(try store.claim(.priority, now: moment))
    _ = try store.complete(task.fence, result: nil, now: moment)
  }

  @Test func `The history is thinned out with age and ends`() throws {
    let store = try openQueue("queue.db", countingOptions())
    let hour: Int64 = 3_600_000
    // An end every third hour for 36 days, and then every 7 minutes for 4.
    var moment: Int64 = 0
    var ends = 0
    while moment < 40 * 24 * hour {
      try complete(at: at(moment), store)
      moment += moment < 36 * 24 * hour ? 3 * hour : 7 * 60_000
      ends += 1
    }
    let now = at(moment)
    func entries(olderThan ageMs: Int64, atMost oldest: Int64) throws -> Int {
      let (from, to) = (
        HistoryResolution.minute(now.adding(milliseconds: -oldest)),
        HistoryResolution.minute(now.adding(milliseconds: -ageMs))
      )
      return try store.connection.rows(
        "SELECT 1 FROM task_history WHERE minute >= ?1 AND minute < ?2", from, to
      ).count
    }
    #expect(try entries(olderThan: 0, atMost: 3 * hour) == 25)
    // One per ten minutes of those every seven.
    #expect((280...290).contains(try entries(olderThan: 24 * hour, atMost: 72 * hour)))
    // One per hour.
    #expect((17...19).contains(try entries(olderThan: 76 * hour, atMost: 94 * hour)))
    #expect((238...242).contains(try entries(olderThan: 5 * 24 * hour, atMost: 35 * 24 * hour)))
    #expect(try entries(olderThan: 36 * 24 * hour, atMost: 50 * 24 * hour) == 0)
    #expect(try ever("completed", store.connection) == ends)
  }

  @Test func `A clock that was far ahead does not end the history`() throws {
    let store = try openQueue("queue.db", countingOptions())
    try complete(at: at(86_400_000), store)
    try complete(at: at(0), store)
    try complete(at: at(3_700_000), store)
    let minutes = try store.connection.rows("SELECT minute FROM task_history ORDER BY 1")
    #expect(
      minutes.map { $0[0] } == [
        HistoryResolution.minute(start), HistoryResolution.minute(at(3_700_000)),
      ])
  }
}
