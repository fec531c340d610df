import Foundation
import TestSupport
import Testing

@testable import SQLite

/// The life of a checkpointer, and how connections are tied to it.
@Suite(.temporaryDirectory) struct CheckpointerTests {
  @Test(
    arguments: [
      (.auto(pages: 1), "auto(pages=1)", 1, false, false),
      (.deferred(pages: 2), "deferred(pages=2)", 2, false, false),
      (.dedicated(pages: 3), "dedicated(pages=3)", 3, true, false),
      (.gated(pages: 4), "gated(pages=4)", 4, true, true),
      (.pinned(pages: 5), "pinned(pages=5)", 5, true, true),
      (CheckpointPolicy.none, "none", nil, false, true),
    ] as [(CheckpointPolicy, String, Int?, Bool, Bool)])
  func `Policies have labels and survive coding`(
    policy: CheckpointPolicy, label: String, pages: Int?, isBackground: Bool, isImmune: Bool
  ) throws {
    #expect(policy.description == label)
    #expect(policy.pages == pages)
    #expect(policy.isBackground == isBackground)
    #expect(policy.isImmuneToWALReset == isImmune)
    let data = try JSONEncoder().encode(policy)
    #expect(try JSONDecoder().decode(CheckpointPolicy.self, from: data) == policy)
  }

  @Test(arguments: [0, -1, Int.min, Int.max, Int(Int32.max) + 1])
  func `Pages out of range are an error that names them`(pages: Int) throws {
    for policy in [CheckpointPolicy.auto(pages: pages), .pinned(pages: pages)] {
      let error = try sqliteError { _ = try Checkpointer(path: "some.db", policy: policy) }
      #expect(error.description.contains("some.db"))
      #expect(error.description.contains(policy.description))
    }
    #expect(throws: Never.self) {
      try Checkpointer(path: "some.db", policy: .deferred(pages: Int(Int32.max)))
    }
  }

  @Test(arguments: [CheckpointPolicy.gated(pages: 20), .pinned(pages: 20)])
  func `It stops once and for all, and commits go on`(policy: CheckpointPolicy) throws {
    let fixture = try CheckpointFixture(policy)
    let writer = try fixture.connect()
    try writer.fillLog(frames: 20)
    #expect(fixture.outcomes.waitForOne(.complete))
    let checkpointer = fixture.checkpointer
    _ = try inParallel(3) { _ in checkpointer.stop() }
    let completed = checkpointer.counters.completed
    try writer.fillLog(frames: 100)
    checkpointer.requestCheckpoint()
    #expect(checkpointer.counters.completed == completed)
  }

  @Test func `It stops before anything was due`() throws {
    let fixture = try CheckpointFixture(.pinned(pages: 20))
    let writer = try fixture.connect()
    fixture.checkpointer.stop()
    try writer.fillLog(frames: 60)
    #expect(fixture.checkpointer.counters == CheckpointCounters())
  }

  @Test func `It stops behind a foreign writer and behind a reader`() throws {
    let fixture = try CheckpointFixture(.pinned(pages: 20))
    let writer = try fixture.connect()
    let reader = try CheckpointFixture.connect(fixture.path, nil)
    try reader.begin(.deferred)
    _ = try reader.scalar("SELECT count(*) FROM t")
    try writer.fillLog(frames: 60)
    let foreign = try CheckpointFixture.connect(fixture.path, nil)
    try foreign.begin(.immediate)
    fixture.checkpointer.stop()
    foreign.rollBack()
  }

  @Test func `It ends with the last one who holds it`() throws {
    let outcomes = Outcomes()
    weak var worker: CheckpointWorker?
    do {
      let path = TemporaryDirectory.path("test.db")
      let connection = try CheckpointFixture.connect(
        path,
        try Checkpointer(path: path, policy: .pinned(pages: 10)) { outcomes.append($0) })
      worker = connection.checkpointer?.worker
      try connection.execute(script: "PRAGMA journal_mode = WAL; CREATE TABLE t (a, b)")
      try connection.fillLog(frames: 10)
      #expect(outcomes.waitForOne(.complete))
    }
    #expect(worker == nil)
    // Nobody has the file open any more: SQLite has done its last checkpoint.
    #expect(!FileManager.default.fileExists(atPath: TemporaryDirectory.path("test.db-wal")))
  }

  @Test func `A checkpoint that fails is counted with what went wrong`() throws {
    let outcomes = Outcomes()
    let path = TemporaryDirectory.path("missing.db")
    let checkpointer = try Checkpointer(path: path, policy: .pinned(pages: 10)) {
      outcomes.append($0)
    }
    checkpointer.requestCheckpoint()
    #expect(outcomes.waitForOne { if case .failed = $0 { true } else { false } })
    #expect(checkpointer.counters.errors >= 1)
    #expect(checkpointer.counters.lastError?.contains("missing.db") == true)
    // It tries again, with new connections; it may come before there is anything in a log.
    let connection = try CheckpointFixture.connect(path, nil)
    try connection.execute(script: "PRAGMA journal_mode = WAL; CREATE TABLE t (a, b)")
    #expect(outcomes.waitForOne { if case .failed = $0 { false } else { true } })
  }

  @Test func `A database without a log has nothing to check point`() throws {
    let outcomes = Outcomes()
    let path = TemporaryDirectory.path("test.db")
    let checkpointer = try Checkpointer(path: path, policy: .pinned(pages: 1)) {
      outcomes.append($0)
    }
    let connection = try CheckpointFixture.connect(path, checkpointer)
    try connection.execute(script: "CREATE TABLE t (a, b)")
    checkpointer.requestCheckpoint()
    #expect(outcomes.waitForOne(.nothingToDo))
    #expect(!FileManager.default.fileExists(atPath: path + "-shm"))
    #expect(try connection.checkpointPassively().walFrames == nil)
  }

  // MARK: Connections

  @Test func `Setting wal_autocheckpoint keeps or ends the checkpointer's part`() throws {
    let fixture = try CheckpointFixture(.pinned(pages: 20))
    let connection = try fixture.connect()
    #expect(try connection.value(of: .walAutocheckpoint) == "0")
    try connection.apply([try #require(PragmaSetting(.walAutocheckpoint, "0"))])
    #expect(connection.checkpointer === fixture.checkpointer)
    try connection.fillLog(frames: 20)
    #expect(fixture.outcomes.waitForOne(.complete))
    try connection.apply([try #require(PragmaSetting(.walAutocheckpoint, "500"))])
    #expect(connection.checkpointer == nil)
    #expect(try connection.value(of: .walAutocheckpoint) == "500")
    fixture.checkpointer.stop()
    try connection.use(fixture.checkpointer)
    #expect(try connection.value(of: .walAutocheckpoint) == "0")
    try connection.use(nil)
    #expect(try connection.value(of: .walAutocheckpoint) == "1000")
    #expect(connection.checkpointer == nil)
  }

  @Test(
    arguments: [
      (.auto(pages: 10), "-1", "-1"), (CheckpointPolicy.none, "-1", "-1"),
      (.pinned(pages: 10), "-1", "67108864"), (.deferred(pages: 10), "-1", "67108864"),
      (.pinned(pages: 10), "1000", "1000"), (.gated(pages: 10), "0", "0"),
      (.dedicated(pages: 100_000), "-1", "819200000"),
    ] as [(CheckpointPolicy, String, String)])
  func `A log that may begin anew gives disk space back, unless set otherwise`(
    policy: CheckpointPolicy, before: String, after: String
  ) throws {
    let connection = try open()
    try connection.apply([try #require(PragmaSetting(.journalSizeLimit, before))])
    try connection.use(try Checkpointer(path: connection.path, policy: policy))
    #expect(try connection.value(of: .journalSizeLimit) == after)
  }

  // MARK: The index of the log

  @Test func `The index counts the frames of the log`() throws {
    let connection = try open()
    try connection.execute(script: "PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a, b)")
    for value in 0..<20 { try connection.commitRow(value) }
    let index = try #require(try connection.walIndex())
    #expect(index.frames > 20)
    #expect(index.backfilledFrames == 0)
    #expect(index.pendingFrames == index.frames)
    let result = try connection.checkpointPassively()
    #expect(
      result
        == CheckpointResult(
          walFrames: index.frames, backfilledFrames: index.frames, isBusy: false))
    let copied = try #require(try connection.walIndex())
    #expect(copied.backfilledFrames == index.frames)
    #expect(copied.pendingFrames == 0)
    #expect(copied.generation == index.generation)
    try connection.commitRow(20)
    let anew = try #require(try connection.walIndex())
    #expect(anew.generation != index.generation)
    #expect(anew.frames < 10)
    #expect(anew.backfilledFrames == 0)
  }

  @Test(arguments: ["DELETE", "exclusive", "memory"])
  func `Where there is no shared log there is no index`(kind: String) throws {
    let connection: Connection
    switch kind {
    case "memory":
      connection = try Connection(path: ":memory:", busyPolicy: .timeout(timeoutMs: 0))
    case "exclusive":
      connection = try open(wal: false)
      try connection.execute(
        script: "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL")
    default: connection = try open(wal: false)
    }
    try connection.execute(script: "CREATE TABLE t (a, b)")
    try connection.commitRow(0)
    #expect(try connection.walIndex() == nil)
    #expect(!FileManager.default.fileExists(atPath: TemporaryDirectory.path("test.db-shm")))
  }
}
