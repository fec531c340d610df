import SQLite
import TestSupport
import Testing

@testable import QueueEngine

/// Lottery keys in rows: those of other programs, and of connections that do not know of the lottery.
@Suite(.temporaryDirectory)
struct LotteryKeyTests {
  /// Picks of a heavy task and of light ones that weigh as much together.
  private struct Tally {
    var heavyCount = 0
    var count = 0
    /// What chance exceeds once in a thousand times is 10.83.
    var chiSquare: Double {
      let expected = Double(count) / 2
      let difference = Double(heavyCount) - expected
      return 2 * difference * difference / expected
    }
  }

  @Test(arguments: [Int.min, 0, 100, Int.max])
  func `Distances are finite and not negative`(priority: Int) {
    struct Constant: RandomNumberGenerator {
      let value: UInt64
      func next() -> UInt64 { value }
    }
    for value in [0, 1, 1 << 62, .max] as [UInt64] {
      var random = Constant(value: value)
      let distance = Lottery.distance(priority: priority, using: &random)
      #expect(distance.isFinite && distance >= 0)
    }
  }

  @Test(arguments: [1, 2] as [UInt64], [6, 16, 40])
  func `Rows inserted by hand take part with their weight`(seed: UInt64, count: Int) throws {
    let queue = try openQueue(seed: seed)
    let hand = try openByHand()
    var tally = Tally()
    // One task in each round is heavy; it has been due for the shortest time.
    for _ in 0..<200 {
      let insert = try hand.cached(
        """
        INSERT INTO task_queue (type, payload, priority, run_after_utc)
        VALUES ('t', ?1, ?2, ?3)
        """)
      try hand.transaction(.immediate) { () throws(SQLiteError) in
        for index in 0..<count {
          let isHeavy = index == count - 1
          try insert.bind(isHeavy ? "heavy" : "light", at: 1)
          insert.bind(isHeavy ? 0 : Int64(count - 2), at: 2)
          try insert.bind(at(-1000 + Int64(index)).description, at: 3)
          try insert.run()
        }
      }
      let picked = try #require(try queue.claim(.weightedRandom))
      // The light ones weigh together as much as the heavy one.
      tally.count += 1
      if picked.payload == "heavy" { tally.heavyCount += 1 }
      try queue.connection.execute(script: "DELETE FROM task_queue")
    }
    #expect(tally.chiSquare < 10.83)
  }

  @Test func `Tasks of a connection that was open before the lottery take part`() throws {
    let old = try openQueue("queue.db", options([.priority]), seed: 1)
    let new = try openQueue("queue.db", options([.weightedRandom]), seed: 2)
    try _ = new.enqueue(
      [
        NewTask(type: "t", priority: 0), NewTask(type: "t", priority: 0),
        NewTask(type: "t", priority: 0),
      ], now: start)
    #expect(try new.claim(.weightedRandom) != nil)
    let position = try new.connection.scalar("SELECT lottery_position FROM task_lanes")
    let id = try old.enqueue(NewTask(type: "t", priority: 0), now: start).id
    let rest = try new.drain(.weightedRandom)
    #expect(rest.count == 3)
    #expect(rest.contains { $0.id == id })
    let after = try new.connection.scalar("SELECT lottery_position FROM task_lanes")
    #expect(try Double(#require(after))! >= Double(#require(position))!)
  }

  @Test func `A task of the largest priority number does not spoil the lottery for later ones`()
    throws
  {
    let store = try openQueue()
    _ = try store.enqueue(NewTask(type: "a", priority: .max), now: start)
    _ = try store.claim(.weightedRandom)
    var lightCount = 0
    for _ in 0..<100 {
      let light = try store.enqueue(NewTask(type: "a", priority: 99), now: start)
      _ = try store.enqueue(NewTask(type: "a", priority: 0), now: start)
      let first = try #require(try store.claim(.weightedRandom))
      if first.id == light.id { lightCount += 1 }
      _ = try store.claim(.weightedRandom)
    }
    // One in a hundred has the better luck.
    #expect(lightCount < 10)
  }
}
