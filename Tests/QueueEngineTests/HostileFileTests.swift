import Foundation
import SQLite
import TestSupport
import Testing

@testable import QueueEngine

/// Files that were cut off, overwritten or made up: an error or a queue, and never a crash.
@Suite(.temporaryDirectory, .timeLimit(.minutes(5)))
struct HostileFileTests {
  private static let taskCount = 300
  private let path = TemporaryDirectory.path("queue.db")

  /// A queue with ready, held, delayed and finished tasks, as one file.
  private func makeQueue() throws -> [UInt8] {
    try {
      let queue = try openQueue()
      let filler = String(repeating: "x", count: 60)
      let tasks = (0..<Self.taskCount).map {
        NewTask(
          type: "type\($0 % 3)", payload: #"{"n":\#($0),"text":"\#(filler)"}"#,
          priority: $0 % 5, runAfter: $0 % 10 == 0 ? at(60_000) : nil,
          idempotencyKey: "key\($0)", compatibility: $0 % 7 == 0 ? #"{"region":"eu"}"# : "{}")
      }
      _ = try queue.enqueue(tasks, now: start)
      for index in 0..<40 {
        guard let task = try queue.claim(.priority) else { continue }
        if index % 2 == 0 { _ = try queue.complete(task.fence, result: "{}", now: start) }
      }
    }()
    #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
    return Array(try Data(contentsOf: URL(filePath: path)))
  }

  /// Everything that a queue can be asked for, as far as the file lets it; every failure is an error of the queue.
  private func useEverything() throws {
    func allow(_ body: () throws -> Void) throws {
      do { try body() } catch is QueueError {} catch is PragmaMismatch {}
    }
    try allow {
      let queue = try openQueue()
      try allow { _ = try queue.counts() }
      for id in [1, 2, 150, Int64(Self.taskCount)] {
        try allow { _ = try queue.task(TaskID(rawValue: id)) }
      }
      try allow {
        _ = try queue.enqueue(NewTask(type: "type1", idempotencyKey: "key5"), now: start)
      }
      try allow { _ = try queue.enqueue((0..<40).map { _ in NewTask(type: "new") }, now: start) }
      for strategy in ClaimStrategy.allCases {
        try allow {
          for _ in 0..<20 {
            guard let task = try queue.claim(strategy, now: at(120_000)) else { break }
            _ = try queue.extend([task.fence], leaseDurationMs: 1000, now: at(120_000))
            switch task.id.rawValue % 4 {
            case 0: _ = try queue.complete(task.fence, result: nil, now: at(120_000))
            case 1:
              _ = try queue.fail(
                task.fence, .retry(at: at(130_000), message: "again"), now: at(120_000))
            case 2: _ = try queue.release(task.fence, now: at(120_000))
            default: _ = try queue.cancel(task.id, evenIfHeld: true, now: at(120_000))
            }
          }
        }
      }
      queue.tidyUp()
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }

  /// Begins anew with the bytes alone.
  private func replaceFile(with bytes: [UInt8]) throws {
    for suffix in ["", "-wal", "-shm", "-journal", "-wake", "-handoff"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
    try write(bytes, to: path)
  }

  @Test func `A file that is cut off anywhere crashes nobody`() throws {
    let whole = try makeQueue()
    let pages = whole.count / 4096
    let lengths =
      [1, 15, 16, 99, 100, 101, 511, 512, 4095] + (1..<pages).map { $0 * 4096 }
      + (1..<pages).map { $0 * 4096 + 1 + $0 * 37 % 4095 }
    for length in lengths {
      var rest = Array(whole.prefix(length))
      try replaceFile(with: rest)
      try useEverything()
      // Nor does one that says of itself that this is all.
      guard length >= 4096 else { continue }
      let pages = UInt32(length / 4096).bigEndian
      withUnsafeBytes(of: pages) { rest.replaceSubrange(28..<32, with: $0) }
      try replaceFile(with: rest)
      try useEverything()
    }
  }

  @Test(arguments: 1...12)
  func `A file with random damage crashes nobody`(seed: Int) throws {
    let whole = try makeQueue()
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<10 {
      var damaged = whole
      for _ in 0..<Int.random(in: 1...30, using: &random) {
        let place = Int.random(in: 0..<damaged.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: damaged[place] = UInt8.random(in: 0...255, using: &random)
        default:
          // A page in another one's place.
          let to = place / 4096 * 4096
          let from = Int.random(in: 0..<damaged.count / 4096, using: &random) * 4096
          guard to > 0 else { continue }
          damaged.replaceSubrange(to..<to + 4096, with: damaged[from..<from + 4096])
        }
      }
      try replaceFile(with: damaged)
      try useEverything()
    }
  }

  @Test(arguments: ["-wal", "-shm", "-journal", "-handoff", "-wake"], [0, 1, 32, 5000, 40_000])
  func `Rubbish beside the file costs no task`(suffix: String, size: Int) throws {
    _ = try makeQueue()
    try? FileManager.default.removeItem(atPath: path + suffix)
    var random = SeededGenerator(seed: UInt64(size))
    try write((0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }, to: path + suffix)
    let queue = try openQueue()
    #expect(try queue.counts().values.reduce(0, +) == Self.taskCount)
    #expect(try queue.enqueue(NewTask(type: "t"), now: start).isNew)
    let task = try #require(try queue.claim(.fifo))
    #expect(try queue.complete(task.fence, result: nil, now: start) == .accepted)
    #expect(try queue.connection.scalar("PRAGMA integrity_check") == "ok")
  }

  @Test(
    arguments: [
      "DROP TABLE task_lanes", "DROP TABLE task_queue",
      "ALTER TABLE task_queue RENAME TO elsewhere",
      "DROP INDEX ix_task_lease; DROP INDEX ix_task_delayed",
      "UPDATE task_lanes SET lane = lane + 1000",
      "UPDATE task_queue SET attempts = 'many', max_attempts = 'more', lane = 'x'",
      "UPDATE task_queue SET run_after_utc = x'00ff', lease_until_utc = 'never'",
      "UPDATE task_lanes SET lottery_position = 9e999",
      """
      UPDATE task_lanes SET lottery_position = 9e999;
      UPDATE task_queue SET lottery_key = 9e999 WHERE lane IS NOT NULL
      """,
      "UPDATE task_queue SET lottery_key = NULL; UPDATE task_lanes SET lottery_position = 'x'",
    ])
  func `A schema that somebody has changed is an error or a queue`(script: String) throws {
    _ = try makeQueue()
    try openByHand().execute(script: script)
    try useEverything()
  }

  @Test func `Triggers of others do not run`() throws {
    _ = try makeQueue()
    try openByHand().execute(
      script: """
        CREATE TRIGGER steal BEFORE UPDATE ON task_queue
        BEGIN SELECT RAISE(ABORT, 'stolen'); END;
        CREATE TRIGGER deny BEFORE INSERT ON task_queue
        BEGIN SELECT RAISE(ABORT, 'denied'); END;
        """)
    let queue = try openQueue()
    #expect(try queue.enqueue(NewTask(type: "t"), now: start).isNew)
    let task = try #require(try queue.claim(.fifo))
    #expect(try queue.complete(task.fence, result: nil, now: start) == .accepted)
  }
}
