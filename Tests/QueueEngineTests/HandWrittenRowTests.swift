import QueueEngine
import SQLite
import TestSupport
import Testing

/// Rows that other programs insert and change are treated like the engine's own.
@Suite(.temporaryDirectory)
struct HandWrittenRowTests {
  @Test(arguments: ClaimStrategy.allCases)
  func `A row inserted by hand is claimed at once`(strategy: ClaimStrategy) throws {
    for strategies in [Set([strategy]), Set(ClaimStrategy.allCases)] {
      let name = "\(strategies.count).db"
      let queue = try openQueue(name, options(strategies))
      let hand = try openByHand(name)
      for index in 0..<3 {
        try hand.execute(
          script: """
            INSERT INTO task_queue (type, payload, priority) VALUES ('t', '[\(index)]', \(index))
            """)
        let id = hand.lastInsertedID
        let task = try #require(try queue.claim(strategy, now: .now()))
        #expect(task.id.rawValue == id)
        #expect(task.payload == "[\(index)]")
        #expect(task.priority == index)
        #expect(task.maxAttempts == 5)
        #expect(try queue.complete(task.fence, result: nil, now: .now()) == .accepted)
      }
    }
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A delayed row is claimed when due`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    let hand = try openByHand()
    let now = Timestamp.now()
    try hand.execute(
      script: """
        INSERT INTO task_queue (type, run_after_utc) VALUES ('t', datetime('now', '+1 hour'))
        """)
    #expect(try queue.claim(strategy, now: now) == nil)
    #expect(try queue.claim(strategy, now: now.adding(.seconds(3590))) == nil)
    #expect(try queue.claim(strategy, now: now.adding(.seconds(3660))) != nil)
  }

  @Test(
    arguments: [
      ("2020-01-01T00:00:00", true), ("2020-01-01T00:00:00.5Z", true),
      ("2020-01-01 02:00:00+01:00", true), ("2999-01-01T00:00:00", false),
      ("2999-01-01T00:00:00.123456+00:00", false), ("T", false),
    ])
  func `Times in ISO 8601 are due when they say`(text: String, isDue: Bool) throws {
    let queue = try openQueue()
    let hand = try openByHand()
    try hand.execute(
      script: "INSERT INTO task_queue (type, run_after_utc) VALUES ('t', '\(text)')")
    #expect(try queue.claim(.priority, now: .now()).map(\.type) == (isDue ? "t" : nil))
    try hand.execute(script: "DELETE FROM task_queue")
    // Nor does a change by hand leave a form that text cannot compare.
    try hand.execute(
      script: """
        INSERT INTO task_queue (type) VALUES ('t');
        UPDATE task_queue SET run_after_utc = '\(text)';
        """)
    #expect(try queue.claim(.priority, now: .now()).map(\.type) == (isDue ? "t" : nil))
  }

  @Test func `A lease in ISO 8601 runs out when it says`() throws {
    let queue = try openQueue()
    let hand = try openByHand()
    try hand.execute(
      script: """
        INSERT INTO task_queue (type) VALUES ('t');
        UPDATE task_queue SET status = 'processing', locked_by = 'hand',
          lease_until_utc = '2020-01-01T00:00:00';
        """)
    #expect(try queue.claim(.priority, now: .now())?.fence.attempt == 2)
  }

  @Test func `A held task that somebody takes over by hand has a new fence`() throws {
    let queue = try openQueue()
    let hand = try openByHand()
    try hand.execute(script: "INSERT INTO task_queue (type) VALUES ('t')")
    let task = try #require(try queue.claim(.priority, now: .now()))
    try hand.execute(
      script: """
        UPDATE task_queue SET status = 'processing', locked_by = 'hand',
          lease_until_utc = datetime('now', '+5 minutes') WHERE id = \(task.id.rawValue)
        """)
    #expect(try queue.complete(task.fence, result: nil, now: .now()) == .leaseLost)
  }

  @Test(
    arguments: [
      "''", "'{'", "'nonsense'", "'null'", "'[1,2'", "x'00ff'", "x'7b7d'", "1.5",
      "CAST(x'22ff41c022' AS TEXT)", "CAST(x'2200c328' AS TEXT)",
    ])
  func `A malformed payload is the handler's affair`(payload: String) throws {
    let queue = try openQueue()
    let hand = try openByHand()
    try hand.execute(script: "INSERT INTO task_queue (type, payload) VALUES ('t', \(payload))")
    let task = try #require(try queue.claim(.priority, now: .now()))
    #expect(try queue.task(task.id)?.payload == task.payload)
    #expect(try hand.rows("SELECT region, format FROM task_queue") == [[nil, nil]])
    #expect(try queue.complete(task.fence, result: nil, now: .now()) == .accepted)
  }

  @Test func `Names that are no UTF-8 are claimed and completed all the same`() throws {
    let queue = try openQueue()
    let hand = try openByHand()
    try hand.execute(
      script: """
        INSERT INTO task_queue (type, idempotency_key, error_message)
        VALUES (CAST(x'ff41' AS TEXT), CAST(x'c328' AS TEXT), CAST(x'80' AS TEXT))
        """)
    let task = try #require(try queue.claim(.priority, now: .now()))
    let stored = try #require(try queue.task(task.id))
    #expect(stored.type == task.type && task.type.hasSuffix("A"))
    #expect(try queue.complete(task.fence, result: nil, now: .now()) == .accepted)
    #expect(try hand.scalar("SELECT hex(type) FROM task_queue") == "FF41")
  }

  @Test func `A payload of sixteen megabytes that lies there is delivered`() throws {
    let queue = try openQueue()
    try openByHand().execute(
      script: "INSERT INTO task_queue (type, payload) VALUES ('t', hex(zeroblob(8388608)))")
    let task = try #require(try queue.claim(.priority, now: .now()))
    #expect(task.payload.utf8.count == 16 << 20)
    #expect(try queue.complete(task.fence, result: nil, now: .now()) == .accepted)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A malformed compatibility is met by nobody and harms nobody`(
    strategy: ClaimStrategy
  ) throws {
    let queue = try openQueue()
    let hand = try openByHand()
    for compatibility in ["", "{", "[]", "null"] {
      try hand.execute(
        script: "INSERT INTO task_queue (type, compatibility) VALUES ('t', '\(compatibility)')")
    }
    #expect(try queue.claim(strategy, now: .now()) == nil)
    try hand.execute(script: "INSERT INTO task_queue (type) VALUES ('t')")
    #expect(try queue.claim(strategy, now: .now())?.id.rawValue == 5)
    #expect(try queue.claim(strategy, now: .now()) == nil)
  }

  @Test func `A compatibility in other words is the same`() throws {
    let queue = try openQueue()
    try openByHand().execute(
      script: """
        INSERT INTO task_queue (type, compatibility)
        VALUES ('t', '{"region":"eu"}'), ('t', '{ "region" : "eu" }'), ('t', '{"region":["eu"]}')
        """)
    let claimant = Claimant(
      workerID: "w", capabilities: try Capabilities(json: #"{"region":"eu"}"#))
    let now = Timestamp.now()
    #expect(
      try queue.claim(as: claimant, limit: 9, leaseDurationMs: 9000, now: now)
        .count == 3)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A row claimed by hand is nobody else's until its lease ends`(
    strategy: ClaimStrategy
  ) throws {
    let queue = try openQueue()
    let hand = try openByHand()
    let now = Timestamp.now()
    let id = try queue.enqueue(NewTask(type: "t"), now: now).id
    try hand.execute(
      script: """
        UPDATE task_queue SET status = 'processing', locked_by = 'hand',
          lease_until_utc = datetime('now', '+5 minutes'), reserved_at_utc = datetime('now')
        WHERE id = \(id.rawValue)
        """)
    #expect(try queue.claim(strategy, now: now) == nil)
    #expect(try queue.claim(strategy, now: now.adding(.seconds(290))) == nil)
    let task = try #require(try queue.claim(strategy, now: now.adding(.seconds(310))))
    #expect(task.id == id)
    #expect(try queue.complete(task.fence, result: nil, now: now) == .accepted)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A row completed by hand stays done`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    let hand = try openByHand()
    let now = Timestamp.now()
    try _ = queue.enqueue([NewTask(type: "t"), NewTask(type: "t")], now: now)
    try hand.execute(
      script: """
        UPDATE task_queue SET status = 'processing',
          lease_until_utc = datetime('now', '+5 minutes') WHERE id = 1;
        UPDATE task_queue SET status = 'completed', finished_at_utc = datetime('now') WHERE id = 1;
        """)
    #expect(try queue.drain(strategy, now: now).map(\.id.rawValue) == [2])
    #expect(try queue.task(TaskID(rawValue: 1))?.status == .completed)
  }

  @Test(arguments: ClaimStrategy.allCases, ["failed", "dead_letter", "completed", "cancelled"])
  func `A row retried by hand is claimed again`(strategy: ClaimStrategy, status: String) throws {
    let queue = try openQueue()
    let hand = try openByHand()
    let now = Timestamp.now()
    try _ = queue.enqueue(NewTask(type: "t"), now: now)
    let first = try #require(try queue.claim(strategy, now: now))
    try hand.execute(
      script: """
        UPDATE task_queue SET status = '\(status)', finished_at_utc = datetime('now');
        UPDATE task_queue SET status = 'queued', locked_by = NULL, lease_until_utc = NULL,
          run_after_utc = datetime('now'), error_message = NULL WHERE id = 1;
        """)
    let second = try #require(try queue.claim(strategy, now: now.adding(.seconds(2))))
    #expect(second.fence.attempt == 2)
    #expect(try queue.complete(first.fence, result: nil, now: now) == .leaseLost)
    #expect(try queue.complete(second.fence, result: nil, now: now) == .accepted)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A row retried by hand after being cancelled while ready is claimed`(
    strategy: ClaimStrategy
  ) throws {
    let queue = try openQueue()
    let hand = try openByHand()
    let now = Timestamp.now()
    let id = try queue.enqueue(NewTask(type: "t"), now: now).id
    try hand.execute(script: "UPDATE task_queue SET status = 'cancelled'")
    #expect(try queue.claim(strategy, now: now) == nil)
    try hand.execute(script: "UPDATE task_queue SET status = 'queued'")
    #expect(try queue.claim(strategy, now: now)?.id == id)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A row cancelled by hand loses its holder`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    try _ = queue.enqueue(NewTask(type: "t"), now: start)
    let fence = try #require(try queue.claim(strategy)).fence
    try openByHand().execute(script: "UPDATE task_queue SET status = 'cancelled'")
    #expect(try queue.complete(fence, result: nil, now: start) == .leaseLost)
    #expect(try queue.task(fence.id)?.status == .cancelled)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A row put off by hand waits`(strategy: ClaimStrategy) throws {
    let queue = try openQueue()
    let hand = try openByHand()
    let now = Timestamp.now()
    try _ = queue.enqueue(NewTask(type: "t"), now: now)
    try hand.execute(script: "UPDATE task_queue SET run_after_utc = datetime('now', '+1 hour')")
    #expect(try queue.claim(strategy, now: now) == nil)
    try hand.execute(script: "UPDATE task_queue SET run_after_utc = datetime('now', '-1 second')")
    #expect(try queue.claim(strategy, now: now) != nil)
  }

  @Test(arguments: ClaimStrategy.allCases)
  func `A row of another type or compatibility changes its workers`(
    strategy: ClaimStrategy
  ) throws {
    let queue = try openQueue()
    let hand = try openByHand()
    let now = Timestamp.now()
    try _ = queue.enqueue([NewTask(type: "a"), NewTask(type: "b")], now: now)
    try hand.execute(script: "UPDATE task_queue SET type = 'b' WHERE id = 1")
    #expect(try queue.claim(strategy, types: ["a"], now: now) == nil)
    #expect(try queue.drain(strategy, types: ["b"], now: now).count == 2)
  }

  @Test func `A row whose type changed while held by hand does not keep its old lane`() throws {
    let queue = try openQueue()
    let hand = try openByHand()
    let now = Timestamp.now()
    try _ = queue.enqueue(NewTask(type: "a"), now: now)
    try hand.execute(
      script: """
        UPDATE task_queue SET status = 'processing';
        UPDATE task_queue SET type = 'b';
        UPDATE task_queue SET status = 'queued';
        """)
    #expect(try queue.claim(.priority, types: ["a"], now: now) == nil)
    #expect(try queue.claim(.priority, types: ["b"], now: now)?.type == "b")
  }

  @Test func `A priority changed by hand changes the place`() throws {
    let queue = try openQueue()
    try _ = queue.enqueue(
      [NewTask(type: "t", priority: 1), NewTask(type: "t", priority: 2)], now: start)
    try openByHand().execute(script: "UPDATE task_queue SET priority = 0 WHERE id = 2")
    #expect(try queue.drain(.priority).map(\.id.rawValue) == [2, 1])
  }

  @Test func `A stale fence does not fit a claim by hand`() throws {
    let queue = try openQueue()
    let hand = try openByHand()
    let now = Timestamp.now()
    try _ = queue.enqueue(NewTask(type: "t"), now: now)
    let stale = try #require(try queue.claim(.priority, now: now)).fence
    try _ = queue.fail(stale, .retry(at: now, message: ""), now: now)
    try hand.execute(
      script: """
        UPDATE task_queue SET status = 'processing', locked_by = 'hand',
          lease_until_utc = datetime('now', '+5 minutes') WHERE id = 1
        """)
    #expect(try queue.complete(stale, result: nil, now: now) == .leaseLost)
  }
}
