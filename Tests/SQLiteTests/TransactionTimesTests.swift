import Synchronization
import TestSupport
import Testing

@testable import SQLite

/// Where the time of transactions goes, by the VFS that looks at the clock.
@Suite(.temporaryDirectory) struct TransactionTimesTests {
  private func connect(
    _ journalMode: String, timeoutMs: Int = 60_000, lockingMode: String = "NORMAL",
    isTimed: Bool = true
  ) throws -> Connection {
    let connection = try Connection(
      path: TemporaryDirectory.path("test.db"), busyPolicy: .timeout(timeoutMs: timeoutMs),
      vfs: isTimed ? try CountingVFS.register() : nil)
    try connection.apply(
      try [(Pragma.lockingMode, lockingMode), (.journalMode, journalMode)].map {
        try #require(PragmaSetting($0.0, $0.1))
      })
    try connection.execute(script: "CREATE TABLE IF NOT EXISTS t (a)")
    connection.timeCommits()
    return connection
  }

  /// What a body spent on this thread, and how long it took.
  private func times(
    of body: () throws -> Void
  ) rethrows -> (times: TransactionTimes, elapsedNs: UInt64) {
    let before = TransactionTimes.settled()
    let startNs = BusyHandler.monotonicNs()
    try body()
    let elapsedNs = BusyHandler.monotonicNs() - startNs
    return (TransactionTimes.settled() - before, elapsedNs)
  }

  @Test(arguments: ["WAL", "DELETE", "TRUNCATE", "MEMORY"])
  func `A commit is a part of the time that the lock is held`(journalMode: String) throws {
    let connection = try connect(journalMode)
    let (times, elapsedNs) = try times {
      try connection.transaction(.immediate) { () throws(SQLiteError) in
        try connection.cached("INSERT INTO t VALUES (1)").run()
      }
    }
    #expect(times.commitNs > 0)
    #expect(times.commitNs < times.lockHeldNs)
    #expect(times.lockWaitNs > 0)
    #expect(times.lockWaitNs + times.lockHeldNs <= elapsedNs)
    #expect(times.checkpointNs == 0)
  }

  @Test(arguments: ["WAL", "DELETE"])
  func `A statement by itself is timed like a transaction`(journalMode: String) throws {
    let connection = try connect(journalMode)
    let (times, _) = try times { try connection.cached("INSERT INTO t VALUES (1)").run() }
    #expect(times.commitNs > 0 && times.commitNs < times.lockHeldNs)
  }

  @Test(arguments: ["WAL", "DELETE"])
  func `Reading holds no lock that keeps writers out`(journalMode: String) throws {
    let connection = try connect(journalMode)
    let (times, _) = try times { try connection.cached("SELECT count(*) FROM t").run() }
    #expect(times.lockHeldNs == 0 && times.commitNs == 0)
  }

  @Test(arguments: ["WAL", "DELETE"])
  func `A wait that was given up counts`(journalMode: String) throws {
    let holder = try connect(journalMode)
    let waiter = try connect(journalMode, timeoutMs: 30)
    try holder.begin(.immediate)
    let (times, elapsedNs) = times {
      #expect(throws: SQLiteError.self) { try waiter.begin(.immediate) }
    }
    try holder.commit()
    #expect(times.lockWaitNs >= 25_000_000)
    #expect(times.lockWaitNs <= elapsedNs)
    #expect(times.lockHeldNs == 0 && times.commitNs == 0)
  }

  @Test func `A lock that is never given back ends with the operation`() throws {
    let connection = try connect("WAL", lockingMode: "EXCLUSIVE")
    for _ in 1...2 {
      let (times, elapsedNs) = try times { try connection.cached("INSERT INTO t VALUES (1)").run() }
      #expect(times.lockHeldNs <= elapsedNs && times.commitNs <= elapsedNs)
    }
  }

  @Test func `What goes past the VFS is not timed`() throws {
    let connection = try connect("WAL", isTimed: false)
    let (times, _) = try times { try connection.cached("INSERT INTO t VALUES (1)").run() }
    #expect(times.lockWaitNs == 0 && times.lockHeldNs == 0 && times.checkpointNs == 0)
  }

  /// The observer hears of the whole process, so of other tests, too.
  @Test func `Checkpoints are timed and told`() throws {
    let box = Heard()
    CountingVFS.observeCheckpoints { checkpoint in
      box.checkpoints.withLock { $0.append(checkpoint) }
    }
    let connection = try connect("WAL")
    try connection.cached("INSERT INTO t VALUES (1)").run()
    let startNs = BusyHandler.monotonicNs()
    let (times, elapsedNs) = try times { _ = try connection.checkpointPassively() }
    let endNs = BusyHandler.monotonicNs()
    #expect(times.checkpointNs > 0 && times.checkpointNs <= elapsedNs)
    #expect(times.commitNs == 0)
    let ours = box.checkpoints.withLock {
      $0.filter { $0.startNs >= startNs && $0.endNs <= endNs && $0.pages >= 1 }
    }
    #expect(!ours.isEmpty)
  }

  private final class Heard: Sendable {
    let checkpoints = Mutex<[ObservedCheckpoint]>([])
  }

  @Test func `The log's index can be looked at from outside`() throws {
    let connection = try connect("WAL")
    try connection.cached("INSERT INTO t VALUES (1)").run()
    let path = TemporaryDirectory.path("test.db")
    let view = try #require(WALIndexView(databasePath: path))
    #expect(try view.read() == connection.walIndex())
    #expect(try #require(view.read()).frames > 0)
    #expect(WALIndexView(databasePath: path + "-not-there") == nil)
  }
}
