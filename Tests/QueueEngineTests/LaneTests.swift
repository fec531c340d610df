import SQLite
import TestSupport
import Testing

@testable import QueueEngine

/// Lanes: what one connection knows of types and compatibilities that others made.
@Suite(.temporaryDirectory)
struct LaneTests {
  @Test(arguments: ClaimStrategy.allCases)
  func `Lanes made by hand are seen`(strategy: ClaimStrategy) throws {
    let worker = try openQueue()
    let hand = try openByHand()
    for index in 0..<3 {
      #expect(try worker.claim(strategy, now: .now()) == nil)
      try hand.execute(script: "INSERT INTO task_queue (type) VALUES ('t\(index)')")
      #expect(try worker.claim(strategy, now: .now())?.type == "t\(index)")
    }
  }

  @Test(arguments: ["enqueue", "batch"])
  func `A lane of an enqueue that met a full disk is forgotten`(kind: String) throws {
    let first = try openQueue()
    let second = try openQueue()
    let pages = try #require(try first.connection.scalar("PRAGMA page_count"))
    try first.connection.execute(script: "PRAGMA max_page_count = \(pages)")
    let big = NewTask(type: "x", payload: String(repeating: "1", count: 100_000))
    let error = try queueError {
      if kind == "batch" {
        try _ = first.enqueue([NewTask(type: "x"), big], now: start)
      } else {
        try _ = first.enqueue(big, now: start)
      }
    }
    #expect(error.code == .diskFull)
    #expect(!error.isRetryable)
    #expect(error.resultCode == .full)
    #expect(!first.connection.isInTransaction)
    try first.connection.execute(script: "PRAGMA max_page_count = 1000000")
    try expectNoMixUp(first, second)
  }

  @Test func `A lane that was also read before the rollback is forgotten`() throws {
    let first = try openQueue()
    let second = try openQueue()
    // A plan exists that has judged the lane.
    #expect(throws: QueueError.self) {
      try first.transaction { () throws(SQLiteError) in
        _ = try first.lanes.lane(type: "x", compatibility: "{}")
        try first.lanes.readNewLanes()
        throw SQLiteError(code: .full, message: "", path: "")
      }
    }
    #expect(first.lanes.lanes.isEmpty)
    #expect(first.lanes.knownLane(type: "x", compatibility: "{}") == nil)
    try expectNoMixUp(first, second)
  }

  @Test func `A claim that failed forgets the lanes it made`() throws {
    let first = try openQueue()
    let second = try openQueue()
    try _ = first.enqueue(
      (0..<3).map {
        NewTask(type: "x", payload: String(repeating: "1", count: 1 + 3000 * $0), runAfter: at(10))
      }, now: start)
    // The lane is made and the tasks placed, and then the claim cannot be finished.
    try first.connection.execute(
      script: """
        CREATE TEMP TRIGGER refuse BEFORE UPDATE OF status ON main.task_queue
        WHEN NEW.status = 'processing' BEGIN SELECT RAISE(ABORT, 'refused'); END
        """)
    let error = try queueError { _ = try first.claim(.priority, now: at(10)) }
    #expect(error.code == .storage)
    #expect(try second.connection.scalar("SELECT count(*) FROM task_lanes") == "0")
    try first.connection.execute(script: "DROP TRIGGER refuse; DELETE FROM task_queue")
    try expectNoMixUp(first, second)
  }

  /// `second` makes a lane `y` that gets the id which `first` has seen for `x`.
  private func expectNoMixUp(_ first: SQLiteQueueStore, _ second: SQLiteQueueStore) throws {
    let y = try second.enqueue(NewTask(type: "y"), now: start).id
    #expect(try first.claim(.priority, types: ["x"]) == nil)
    let x = try first.enqueue(NewTask(type: "x"), now: start).id
    #expect(
      try first.connection.scalar(
        """
        SELECT count(*) FROM task_queue AS t JOIN task_lanes AS l USING (lane)
        WHERE t.type <> l.type
        """) == "0")
    #expect(try first.claim(.priority, types: ["y"])?.id == y)
    #expect(try first.claim(.priority, types: ["y"]) == nil)
    #expect(try second.claim(.priority, types: ["x"])?.id == x)
    #expect(try first.claim(.priority) == nil)
  }
}
