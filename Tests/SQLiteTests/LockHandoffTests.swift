import Foundation
import Platform
import TestSupport
import Testing

@testable import SQLite

/// Passing the write lock on: never stranded, whatever lies in the shared file.
@Suite(.temporaryDirectory) struct LockHandoffTests {
  private static let policy = BusyPolicy.handoff(timeoutMs: 60_000)

  /// Counts up in one row from several threads, each through a connection of its own.
  private func countUp(threads: Int, transactionsEach: Int) throws -> String? {
    let path = TemporaryDirectory.path("test.db")
    let connection = try open(busyPolicy: Self.policy)
    try connection.execute(
      script: "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (0)")
    _ = try inParallel(threads) { _ in
      let connection = try Connection(path: path, busyPolicy: Self.policy)
      try connection.prepare("PRAGMA synchronous = OFF").run()
      let add = try connection.prepare("UPDATE t SET a = a + 1")
      for index in 0..<transactionsEach {
        if index % 2 == 0 {
          try connection.autocommit { () throws(SQLiteError) in try add.run() }
        } else {
          try connection.transaction(.immediate) { () throws(SQLiteError) in try add.run() }
        }
      }
    }
    return try connection.scalar("SELECT a FROM t")
  }

  @Test func `Many threads pass the lock on and none gives up`() throws {
    #expect(try countUp(threads: 6, transactionsEach: 200) == "1200")
  }

  /// What a process that was killed, or one before the last start of the machine, can leave behind.
  @Test(arguments: [UInt32.max, 1, 0x8000_0000, 0x7FFF_FFFF])
  func `Leftovers in the shared file strand nobody`(word: UInt32) throws {
    let shared = try SharedMemory(
      filePath: TemporaryDirectory.path("test.db-handoff"), byteCount: 4096, permissions: 0o644)
    for offset in stride(from: 0, to: 4096, by: 4) { try shared.word32(at: offset).store(word) }
    #expect(try countUp(threads: 3, transactionsEach: 100) == "300")
  }

  @Test func `A claimed turn holds others back until it was had`() throws {
    let path = TemporaryDirectory.path("test.db")
    let patient = try LockHandoff(databasePath: path)
    let newcomer = try LockHandoff(databasePath: path)
    #expect(!newcomer.isClaimed)
    patient.wait(after: 1, waitedNs: 1_000_000_000, leftNs: 1)
    #expect(newcomer.isClaimed)
    patient.lockReleased()
    #expect(!newcomer.isClaimed)
    #expect(!newcomer.holdBack())
  }

  @Test func `A release that finds nobody asleep leaves the next one free to wake`() throws {
    let path = TemporaryDirectory.path("test.db")
    let waiter = try LockHandoff(databasePath: path)
    let releaser = try LockHandoff(databasePath: path)
    let releases = try SharedMemory(
      filePath: path + "-handoff", byteCount: 4096, permissions: 0o644
    ).word32(at: 0)
    for round in 1...3 as ClosedRange<UInt32> {
      // It has looked and gone to sleep, and is awake again when the release comes.
      waiter.wait(after: 0, waitedNs: 0, leftNs: 1)
      waiter.wait(after: 1, waitedNs: 0, leftNs: 1)
      releaser.lockReleased()
      #expect(releases.load() == round)
    }
  }

  @Test func `The claim of somebody who never comes lapses`() throws {
    let path = TemporaryDirectory.path("test.db")
    let dead = try LockHandoff(databasePath: path)
    dead.wait(after: 1, waitedNs: 1_000_000_000, leftNs: 1)
    let newcomer = try LockHandoff(databasePath: path)
    // Each of them ends at the latest when the claim lapses; the last finds none and clears it away.
    while newcomer.isClaimed { _ = newcomer.holdBack() }
    #expect(!dead.isClaimed)
  }

  @Test(arguments: ["directory", "symbolic link", "missing directory"])
  func `Without its file it waits at fixed intervals`(obstacle: String) throws {
    let path = TemporaryDirectory.path("test.db-handoff")
    switch obstacle {
    case "directory":
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false)
    case "symbolic link":
      let other = TemporaryDirectory.path("precious")
      try Data("precious".utf8).write(to: URL(fileURLWithPath: other))
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: other)
    default: break
    }
    let databasePath =
      obstacle == "missing directory" ? "/nonexistent/test.db" : TemporaryDirectory.path("test.db")
    let handler = BusyHandler(policy: Self.policy, databasePath: databasePath)
    #expect(handler.handoff == nil)
    #expect(handler.delayUs(after: 3, sinceNs: BusyHandler.monotonicNs()) == 1000)
    if obstacle == "symbolic link" {
      let text = try String(contentsOfFile: TemporaryDirectory.path("precious"), encoding: .utf8)
      #expect(text == "precious")
    }
  }
}
