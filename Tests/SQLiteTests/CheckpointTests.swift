import Foundation
import Platform
import TestSupport
import Testing

@testable import SQLite

/// Every policy keeps all rows, and its promise about the log.
@Suite(.temporaryDirectory) struct CheckpointTests {
  private static let background: [CheckpointPolicy] = [
    .dedicated(pages: 50), .gated(pages: 50), .pinned(pages: 50),
  ]

  // MARK: Many writers

  /// Commits from four threads until `isEnough`, and returns how many rows there must be.
  private func write(
    _ checkpointers: [Checkpointer], _ path: String, until isEnough: @escaping @Sendable () -> Bool
  ) throws -> Int {
    let deadline = Date.now + 120
    let counts = try inParallel(4) { thread in
      let connection = try CheckpointFixture.connect(
        path, checkpointers[thread % checkpointers.count])
      var rows = 0
      while rows < 100 || (!isEnough() && Date.now < deadline) {
        try connection.commitRow(thread)
        connection.checkpointIfDue()
        rows += 1
      }
      return rows
    }
    return counts.reduce(0, +)
  }

  private func expectIntact(_ path: String, rows: Int) throws {
    let reader = try CheckpointFixture.connect(path, nil)
    #expect(try reader.scalar("SELECT count(*) FROM t") == String(rows))
    #expect(try reader.scalar("PRAGMA integrity_check") == "ok")
  }

  @Test(arguments: [.deferred(pages: 50)] + background)
  func `Writers lose nothing, and the log begins anew`(policy: CheckpointPolicy) throws {
    let fixture = try CheckpointFixture(policy)
    let checkpointer = fixture.checkpointer
    // Keeps the log in being, and begins it.
    let connection = try fixture.connect()
    try connection.commitRow(0)
    let first = try fixture.index().generation
    let rows = try write([checkpointer], fixture.path) { checkpointer.counters.completed >= 5 }
    let counters = checkpointer.counters
    #expect(counters.completed >= 5)
    #expect(counters.backfilledFrames >= 50)
    #expect(counters.largestWALFrames >= 50)
    #expect(counters.errors == 0, "\(counters.lastError ?? "")")
    if policy == .gated(pages: 50) || policy == .pinned(pages: 50) {
      // A plain PASSIVE one promises nothing while somebody writes.
      #expect(try fixture.index().generation != first)
    }
    checkpointer.requestCheckpoint()
    checkpointer.stop()
    try connection.checkpointPassively()
    try connection.commitRow(0)
    #expect(try fixture.index().frames < 10)
    #expect(try fixture.index().generation != first)
    try expectIntact(fixture.path, rows: rows + 2)
  }

  @Test func `SQLite's own checkpoints come at the pages that were asked for`() throws {
    let fixture = try CheckpointFixture(.auto(pages: 50))
    let connection = try fixture.connect()
    #expect(try connection.value(of: .walAutocheckpoint) == "50")
    try connection.commitRow(0)
    let first = try fixture.index().generation
    try connection.fillLog(frames: 40)
    #expect(try fixture.index().generation == first)
    for value in 0..<30 { try connection.commitRow(value) }
    #expect(try fixture.index().generation != first)
    #expect(try fixture.index().frames < 60)
    #expect(!connection.checkpointIfDue())
  }

  @Test func `Without checkpoints the log never begins anew`() throws {
    let fixture = try CheckpointFixture(.none)
    let connection = try fixture.connect()
    try connection.commitRow(0)
    let first = try fixture.index()
    let rows = try write([fixture.checkpointer], fixture.path) { true }
    let last = try fixture.index()
    #expect(last.generation == first.generation)
    #expect(last.backfilledFrames == first.backfilledFrames)
    #expect(last.frames > rows)
    fixture.checkpointer.requestCheckpoint()
    #expect(!connection.checkpointIfDue())
    #expect(fixture.checkpointer.counters == CheckpointCounters())
    try expectIntact(fixture.path, rows: rows + 1)
  }

  // MARK: Readers and foreign writers

  /// A reader may read from the log, or, if all of it has been copied, from the database file only.
  @Test(arguments: background, [false, true])
  func `Behind a reader the log grows, and shrinks when he ends`(
    policy: CheckpointPolicy, logIsCopied: Bool
  ) throws {
    let fixture = try CheckpointFixture(policy)
    let writer = try fixture.connect()
    try writer.commitRow(0)
    if logIsCopied { try writer.checkpointPassively() }
    let reader = try CheckpointFixture.connect(fixture.path, nil)
    try reader.begin(.deferred)
    #expect(try reader.scalar("SELECT count(*) FROM t") == "1")

    try writer.fillLog(frames: 200)
    #expect(fixture.outcomes.waitForOne(.blockedByReader))
    let blocked = fixture.checkpointer.counters
    #expect(blocked.blockedByReader >= 1)
    #expect(blocked.largestWALFrames >= 50)
    #expect(try fixture.index().pendingFrames >= 190)
    #expect(try reader.scalar("SELECT count(*) FROM t") == "1")

    // Nobody commits any more: it comes back to it by itself.
    reader.rollBack()
    #expect(fixture.outcomes.waitForOne(.complete))
    #expect(try fixture.index().pendingFrames == 0)
    try writer.commitRow(0)
    #expect(try fixture.index().frames < 10)
    #expect(fixture.checkpointer.counters.errors == 0)
  }

  @Test func `A deferred checkpoint waits for growth behind a reader`() throws {
    let fixture = try CheckpointFixture(.deferred(pages: 40))
    let writer = try fixture.connect()
    try writer.commitRow(0)
    #expect(!writer.checkpointIfDue())
    let reader = try CheckpointFixture.connect(fixture.path, nil)
    try reader.begin(.deferred)
    #expect(try reader.scalar("SELECT count(*) FROM t") == "1")
    try writer.fillLog(frames: 40)
    #expect(writer.checkpointIfDue())
    #expect(fixture.checkpointer.counters.blockedByReader == 1)
    #expect(!writer.checkpointIfDue())
    try writer.fillLog(frames: 52)
    #expect(writer.checkpointIfDue())
    #expect(fixture.checkpointer.counters.blockedByReader == 2)

    reader.rollBack()
    try writer.fillLog(frames: 70)
    try writer.begin(.immediate)
    #expect(!writer.checkpointIfDue())
    writer.rollBack()
    #expect(writer.checkpointIfDue())
    let counters = fixture.checkpointer.counters
    #expect(counters.completed == 1)
    #expect(counters.walFrames >= 70)
    #expect(counters.backfilledFrames == UInt64(counters.walFrames))
    try writer.commitRow(0)
    #expect(try fixture.index().frames < 10)
    #expect(!writer.checkpointIfDue())
    try writer.fillLog(frames: 40)
    #expect(writer.checkpointIfDue())
  }

  @Test func `A foreign writer delays a checkpoint, and hurts nobody`() throws {
    let fixture = try CheckpointFixture(
      .gated(pages: 50), busyPolicy: .fixed(delayUs: 100, timeoutMs: 0))
    let writer = try fixture.connect()
    try writer.fillLog(frames: 40)
    let foreign = try CheckpointFixture.connect(fixture.path, nil)
    try foreign.begin(.immediate)
    fixture.checkpointer.requestCheckpoint()
    #expect(fixture.outcomes.waitForOne(.busy))
    #expect(fixture.outcomes.waitForOne(.busy))
    #expect(fixture.checkpointer.counters.busy >= 1)
    #expect(fixture.checkpointer.counters.completed == 0)
    try foreign.prepare("INSERT INTO t VALUES (1, 2)").run()
    try foreign.commit()
    #expect(fixture.outcomes.waitForOne(.complete))
    try writer.commitRow(0)
    #expect(try fixture.index().frames < 10)
    #expect(fixture.checkpointer.counters.errors == 0)
  }

  @Test func `A foreign writer delays the end of a pinned checkpoint only`() throws {
    let fixture = try CheckpointFixture(.pinned(pages: 50))
    let writer = try CheckpointFixture.connect(fixture.path, nil)
    try writer.fillLog(frames: 40)
    let foreign = try CheckpointFixture.connect(fixture.path, nil)
    let session = try CheckpointSession(
      .init(
        path: fixture.path, policy: .pinned(pages: 50),
        busyPolicy: .fixed(delayUs: 100, timeoutMs: 0), syncs: true, vfs: nil))
    var rounds = 0
    let error = try sqliteError {
      _ = try session.checkpoint {
        rounds += 1
        try? writer.fillLog(frames: 40 + 20 * rounds)
        if rounds == 2 { try? foreign.begin(.immediate) }
        return true
      }
    }
    #expect(error.code.isBusy)
    #expect(session.pinConnections.allSatisfy { !$0.isInTransaction })
    #expect(try fixture.index().backfilledFrames >= 40)
    #expect(try session.checkpoint { true } == .complete)
    foreign.rollBack()
    try writer.commitRow(0)
    #expect(try fixture.index().frames < 10)
  }

  // MARK: The pin

  @Test(arguments: [true, false])
  func `While a pin is held the log cannot begin anew`(isPinned: Bool) throws {
    let fixture = try CheckpointFixture(.pinned(pages: 50))
    let writer = try CheckpointFixture.connect(fixture.path, nil)
    try writer.commitRow(0)
    let other = try CheckpointFixture.connect(fixture.path, nil)
    let session = try CheckpointSession(
      .init(
        path: fixture.path, policy: .pinned(pages: 50), busyPolicy: .standard, syncs: false,
        vfs: nil))
    let pin = session.pinConnections[0]
    let first = try fixture.index()
    if isPinned { #expect(try session.pin(pin)?.generation == first.generation) }
    for value in 0..<30 {
      try other.checkpointPassively()
      let before = try fixture.index()
      try writer.commitRow(value)
      let after = try fixture.index()
      if isPinned {
        #expect(after.generation == first.generation)
        #expect(after.frames > before.frames)
        #expect(after.backfilledFrames == first.frames)
      } else {
        #expect(after.generation != before.generation)
      }
    }
    pin.rollBack()
    try other.checkpointPassively()
    try writer.commitRow(0)
    #expect(try fixture.index().generation != first.generation)
  }

  @Test func `There is no pin where all has been copied`() throws {
    let fixture = try CheckpointFixture(.pinned(pages: 50))
    let writer = try CheckpointFixture.connect(fixture.path, nil)
    try writer.commitRow(0)
    try writer.checkpointPassively()
    let session = try CheckpointSession(
      .init(
        path: fixture.path, policy: .pinned(pages: 50), busyPolicy: .standard, syncs: false,
        vfs: nil))
    let pin = session.pinConnections[0]
    #expect(try session.pin(pin) == nil)
    #expect(!pin.isInTransaction)
    #expect(try session.checkpoint { true } == .nothingToDo)
  }

  @Test func `Two pins in turn carry the bulk, and the end is short`() throws {
    let fixture = try CheckpointFixture(.pinned(pages: 50))
    let writer = try CheckpointFixture.connect(fixture.path, nil)
    try writer.prepare("PRAGMA wal_autocheckpoint = 0").run()
    try writer.fillLog(frames: 1000)
    let session = try CheckpointSession(
      .init(
        path: fixture.path, policy: .pinned(pages: 50), busyPolicy: .standard, syncs: true,
        vfs: nil))
    var rounds = 0
    var added = 0
    let first = try fixture.index().generation
    let outcome = try session.checkpoint {
      // A writer that commits all the while: less in every round, as the rounds get shorter; then there
      // is one round after the sync.
      added += [600, 300, 60, 40][min(rounds, 3)]
      rounds += 1
      try? writer.fillLog(frames: 1000 + added)
      return true
    }
    #expect(outcome == .complete)
    #expect(rounds == 4)
    #expect(try fixture.index().generation == first)
    #expect(try fixture.index().pendingFrames == 0)
    #expect(session.pinConnections.allSatisfy { !$0.isInTransaction })
    try writer.commitRow(0)
    #expect(try fixture.index().frames < 10)
  }

  // MARK: Several processes

  @Test func `One election at a time wins, until it resigns`() {
    let path = TemporaryDirectory.path("test.db")
    let one = CheckpointElection(databasePath: path)
    let other = CheckpointElection(databasePath: path)
    #expect(one.win())
    #expect(one.win())
    #expect(!other.win())
    other.resign()
    #expect(!other.win())
    one.resign()
    #expect(other.win())
    #expect(!one.win())
  }

  /// What a process that was killed, or one before the last start of the machine, can leave behind.
  @Test(arguments: [UInt64.max, 1, 0x8000_0000_0000_0000, 0x1234_5678_FFFF_FFFF])
  func `Leftovers in the shared file stop nobody for long`(word: UInt64) throws {
    let path = TemporaryDirectory.path("test.db")
    let shared = try SharedMemory(
      filePath: path + "-checkpoint", byteCount: 4096, permissions: 0o644)
    try shared.word64(at: 0).store(word)
    let election = CheckpointElection(databasePath: path)
    let deadline = Date.now + 60
    while !election.win(), Date.now < deadline {}
    #expect(election.win())
  }

  @Test func `The claim of a process that was killed lapses`() throws {
    let fixture = try CheckpointFixture(.pinned(pages: 50))
    let shared = try SharedMemory(
      filePath: fixture.path + "-checkpoint", byteCount: 4096, permissions: 0o644)
    let nowMs = UInt32(truncatingIfNeeded: MonotonicClock.nowNs() / 1_000_000)
    try shared.word64(at: 0).store(0xDEAD_0000_0000_0000 | UInt64(nowMs &+ 900))
    let writer = try fixture.connect()
    try writer.fillLog(frames: 60)
    #expect(fixture.outcomes.waitForOne(.electedElsewhere))
    // Commits go on, and one of them finds that the claim has lapsed.
    let deadline = Date.now + 60
    while fixture.checkpointer.counters.completed == 0, Date.now < deadline {
      try writer.commitRow(0)
    }
    #expect(fixture.outcomes.waitForOne(.complete))
  }

  @Test(arguments: background) func `Several checkpointers at one file lose nothing`(
    policy: CheckpointPolicy
  ) throws {
    let fixture = try CheckpointFixture(policy)
    let other = try CheckpointFixture(policy)
    let both = [fixture.checkpointer, other.checkpointer]
    let rows = try write(both, fixture.path) {
      both.reduce(0) { $0 + $1.counters.completed } >= 5
    }
    for checkpointer in both {
      #expect(checkpointer.counters.errors == 0, "\(checkpointer.counters.lastError ?? "")")
    }
    try expectIntact(fixture.path, rows: rows)
  }

  @Test func `Without its file everybody may do checkpoints`() throws {
    let path = TemporaryDirectory.path("test.db")
    try FileManager.default.createDirectory(
      atPath: path + "-checkpoint", withIntermediateDirectories: false)
    let fixture = try CheckpointFixture(.pinned(pages: 50))
    let writer = try fixture.connect()
    try writer.fillLog(frames: 60)
    #expect(fixture.outcomes.waitForOne(.complete))
    #expect(CheckpointElection(databasePath: path).win())
    #expect(CheckpointElection(databasePath: path).win())
  }
}
