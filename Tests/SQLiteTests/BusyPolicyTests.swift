import Foundation
import TestSupport
import Testing

@testable import SQLite

/// Waiting for locks: real connections where it can be, the handler itself where it must be.
@Suite(.temporaryDirectory)
struct BusyPolicyTests {
  static let policies: [BusyPolicy] = [
    .sqlite(timeoutMs: 20), .timeout(timeoutMs: 20), .fixed(delayUs: 500, timeoutMs: 20),
    .backoff(initialUs: 100, maxUs: 2000, timeoutMs: 20),
  ]

  @Test(arguments: policies)
  func `Waiting ends with SQLITE_BUSY and is counted`(policy: BusyPolicy) throws {
    let holder = try open()
    try holder.begin(.immediate)
    let waiter = try open(busyPolicy: policy)
    #expect(waiter.busyCounters == BusyCounters())
    let error = try sqliteError { try waiter.begin(.immediate) }
    #expect(error.code == .busy)
    #expect(error.isRetryable)
    #expect(error.sql == "BEGIN IMMEDIATE")
    #expect(!waiter.isInTransaction)
    #expect(waiter.busyCounters.callbacks >= 2)
    #expect(waiter.busyCounters.restarts == 0)
    waiter.resetBusyCounters()
    #expect(waiter.busyCounters == BusyCounters())
    holder.rollBack()
    try waiter.begin(.immediate)
    #expect(waiter.busyCounters == BusyCounters())
    waiter.rollBack()
  }

  @Test(
    arguments: [
      .timeout(timeoutMs: 3_600_000), .fixed(delayUs: 3_000_000, timeoutMs: 3_600_000),
      .backoff(initialUs: 3_000_000, maxUs: 9_000_000, timeoutMs: 3_600_000),
    ] as [BusyPolicy])
  func `The first callback retries at once`(policy: BusyPolicy) {
    let handler = BusyHandler(policy: policy, databasePath: "")
    for expected in 1...5 {
      #expect(handler.shouldRetry(after: 0))
      #expect(handler.counters == BusyCounters(callbacks: UInt32(expected), sleptNs: 0))
    }
  }

  @Test func `SQLite's own policy sleeps on the first callback`() {
    let handler = BusyHandler(policy: .sqlite(timeoutMs: 1000), databasePath: "")
    #expect(handler.shouldRetry(after: 0))
    #expect(handler.counters.callbacks == 1)
    #expect(handler.counters.sleptNs >= 1_000_000)
  }

  @Test(
    arguments: [
      .sqlite(timeoutMs: 0), .timeout(timeoutMs: 0), .fixed(delayUs: 10, timeoutMs: 0),
      .backoff(initialUs: 10, maxUs: 20, timeoutMs: 0),
      .sqlite(timeoutMs: -5), .timeout(timeoutMs: -5),
    ] as [BusyPolicy])
  func `No time is no waiting`(policy: BusyPolicy) throws {
    let holder = try open()
    try holder.begin(.immediate)
    let waiter = try open(busyPolicy: policy)
    #expect(try sqliteError { try waiter.begin(.immediate) }.code == .busy)
    #expect(waiter.busyCounters == BusyCounters(callbacks: 1))
  }

  /// SQLite's table in main.c, written out: `delays` and `totals`.
  static let delays = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100]
  static let totals = [0, 1, 3, 8, 18, 33, 53, 78, 103, 128, 178, 228]

  @Test(arguments: [0, 1, 2, 3, 4, 8, 17, 18, 19, 127, 128, 228, 229, 327, 328, 329, 5000, 60_000])
  func `SQLite's schedule is reproduced exactly`(timeoutMs: Int) {
    for count in 0..<700 {
      let delay = count < 12 ? Self.delays[count] : 100
      let prior = count < 12 ? Self.totals[count] : 228 + 100 * (count - 11)
      let left = prior + delay > timeoutMs ? timeoutMs - prior : delay
      #expect(
        BusyHandler.sqliteDelayMs(after: count, timeoutMs: timeoutMs) == (left > 0 ? left : nil),
        "after \(count)")
    }
    var total = 0
    for count in 0... {
      guard let delay = BusyHandler.sqliteDelayMs(after: count, timeoutMs: timeoutMs) else { break }
      total += delay
    }
    #expect(total == timeoutMs)
  }

  @Test(arguments: [0, 1, 2, 3, 7, 12])
  func `Backoff waits at least the lower half of its ceiling`(count: Int) {
    let handler = BusyHandler(
      policy: .backoff(initialUs: 100, maxUs: 1600, timeoutMs: 3_600_000), databasePath: "")
    #expect(handler.shouldRetry(after: 0))
    #expect(handler.shouldRetry(after: count))
    let ceilingUs = count == 0 ? 0 : min(1600, 100 << (count - 1))
    #expect(handler.counters.sleptNs >= UInt64(ceilingUs / 2) * 1000)
  }

  @Test func `A fixed delay is waited for in full`() {
    let handler = BusyHandler(policy: .fixed(delayUs: 1500, timeoutMs: 3_600_000), databasePath: "")
    #expect(handler.shouldRetry(after: 0))
    for count in 1...4 { #expect(handler.shouldRetry(after: count)) }
    #expect(handler.counters.callbacks == 5)
    #expect(handler.counters.sleptNs >= 4 * 1_500_000)
  }

  @Test(
    arguments: [
      .timeout(timeoutMs: 60_000), .sqlite(timeoutMs: 60_000),
      .fixed(delayUs: 100, timeoutMs: 60_000),
      .backoff(initialUs: 50, maxUs: 1000, timeoutMs: 60_000), .handoff(timeoutMs: 60_000),
    ] as [BusyPolicy])
  func `A lock that another thread gives up is obtained`(policy: BusyPolicy) throws {
    let path = TemporaryDirectory.path("test.db")
    let waiter = try open(busyPolicy: policy)
    try waiter.execute(script: "CREATE TABLE t (a)")
    // Whether the waiter really meets the lock is up to the scheduler: try until it did.
    var rounds = 0
    repeat {
      rounds += 1
      waiter.resetBusyCounters()
      let isHeld = DispatchSemaphore(value: 0)
      let mayCommit = DispatchSemaphore(value: 0)
      let holder = TestThread {
        let connection = try Connection(path: path, busyPolicy: .timeout(timeoutMs: 60_000))
        try connection.begin(.immediate)
        isHeld.signal()
        mayCommit.wait()
        let insert = try connection.prepare("INSERT INTO t VALUES (?1)")
        for value in 0..<300 {
          insert.bind(Int64(value), at: 1)
          try insert.run()
        }
        try connection.commit()
      }
      isHeld.wait()
      mayCommit.signal()
      try waiter.begin(.immediate)
      #expect(try waiter.scalar("SELECT count(*) FROM t") == String(300 * rounds))
      waiter.rollBack()
      try holder.join()
    } while waiter.busyCounters.callbacks == 0 && rounds < 200
    #expect(waiter.busyCounters.callbacks > 0)
  }

  @Test func `Setting a policy keeps the counters`() throws {
    let holder = try open()
    try holder.begin(.immediate)
    let waiter = try open()
    #expect(throws: SQLiteError.self) { try waiter.begin(.immediate) }
    waiter.busyPolicy = .fixed(delayUs: 1, timeoutMs: 0)
    #expect(waiter.busyCounters.callbacks == 1)
    #expect(throws: SQLiteError.self) { try waiter.begin(.immediate) }
    #expect(waiter.busyCounters.callbacks == 2)
  }

  @Test(
    arguments: [
      (.sqlite(timeoutMs: 5), "sqlite(timeout=5ms)", 5),
      (.timeout(timeoutMs: 6), "timeout(timeout=6ms)", 6),
      (.fixed(delayUs: 7, timeoutMs: 8), "fixed(delay=7us,timeout=8ms)", 8),
      (
        .backoff(initialUs: 1, maxUs: 2, timeoutMs: 9),
        "backoff(initial=1us,max=2us,timeout=9ms)", 9
      ),
      (.handoff(timeoutMs: 10), "handoff(timeout=10ms)", 10),
    ] as [(BusyPolicy, String, Int)])
  func `Policies have labels and survive coding`(
    policy: BusyPolicy, label: String, timeoutMs: Int
  ) throws {
    #expect(policy.description == label)
    #expect(policy.timeoutMs == timeoutMs)
    let data = try JSONEncoder().encode(policy)
    #expect(try JSONDecoder().decode(BusyPolicy.self, from: data) == policy)
  }

  @Test func `A negative backoff does not crash`() async {
    await #expect(processExitsWith: .success) {
      let handler = BusyHandler(
        policy: .backoff(initialUs: -100, maxUs: -100, timeoutMs: 1000), databasePath: "")
      _ = handler.shouldRetry(after: 0)
      _ = handler.shouldRetry(after: 1)
    }
  }

  @Test func `An endless timeout does not crash`() async {
    await #expect(processExitsWith: .success) {
      let handler = BusyHandler(policy: .timeout(timeoutMs: .max), databasePath: "")
      _ = handler.shouldRetry(after: 0)
    }
  }
}
