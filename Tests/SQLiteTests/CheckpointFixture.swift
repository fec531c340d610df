import Foundation
import TestSupport
import Testing

@testable import SQLite

/// Hears how a background thread's attempts end, so that tests need not guess when.
final class Outcomes: Sendable {
  private let heard = Locked<[CheckpointOutcome]>([])
  private let arrived = DispatchSemaphore(value: 0)

  func append(_ outcome: CheckpointOutcome) {
    heard.withLock { $0.append(outcome) }
    arrived.signal()
  }

  /// Waits for the next outcome that `matches`; false after a minute without.
  func waitForOne(where matches: (CheckpointOutcome) -> Bool) -> Bool {
    while arrived.wait(timeout: .now() + 60) == .success {
      if matches(heard.withLock { $0.removeFirst() }) { return true }
    }
    return false
  }

  func waitForOne(_ outcome: CheckpointOutcome) -> Bool { waitForOne { $0 == outcome } }
}

/// A WAL database with a table, a checkpointer for it, and what the checkpointer says.
struct CheckpointFixture {
  let path: String
  let checkpointer: Checkpointer
  let outcomes = Outcomes()

  init(
    _ policy: CheckpointPolicy, busyPolicy: BusyPolicy = .handoff(timeoutMs: 60_000),
    name: String = "test.db"
  ) throws {
    path = TemporaryDirectory.path(name)
    let outcomes = outcomes
    checkpointer = try Checkpointer(path: path, policy: policy, busyPolicy: busyPolicy) {
      outcomes.append($0)
    }
    try Self.connect(path, nil).execute(
      script: "PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS t (a, b)")
  }

  /// A connection without hard syncs, that uses `checkpointer`.
  static func connect(_ path: String, _ checkpointer: Checkpointer?) throws -> Connection {
    let connection = try Connection(
      path: path, busyPolicy: .handoff(timeoutMs: 60_000), checkpointer: checkpointer)
    try connection.execute(script: "PRAGMA synchronous = OFF")
    return connection
  }

  func connect() throws -> Connection { try Self.connect(path, checkpointer) }

  /// What the log is like for a connection without any part in checkpoints.
  func index() throws -> WALIndex { try #require(try Self.connect(path, nil).walIndex()) }
}

extension Connection {
  /// Commits one row on a page of its own.
  func commitRow(_ value: Int) throws {
    let insert = try cached("INSERT INTO t VALUES (?1, zeroblob(3000))")
    insert.bind(Int64(value), at: 1)
    try autocommit { () throws(SQLiteError) in try insert.run() }
  }

  /// Commits rows until the log has that many frames.
  func fillLog(frames: Int) throws {
    while try #require(try walIndex()).frames < frames { try commitRow(0) }
  }
}
