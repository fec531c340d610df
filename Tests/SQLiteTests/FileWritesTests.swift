import Foundation
import TestSupport
import Testing

@testable import SQLite

/// What commits write and sync, and that the VFS that counts it is otherwise not to be noticed.
@Suite(.temporaryDirectory) struct FileWritesTests {
  private func connect(_ pragmas: [(Pragma, String)]) throws -> Connection {
    let connection = try Connection(
      path: TemporaryDirectory.path("test.db"), busyPolicy: .timeout(timeoutMs: 60_000),
      vfs: try CountingVFS.register())
    try connection.apply(try pragmas.map { try #require(PragmaSetting($0.0, $0.1)) })
    return connection
  }

  struct CommitCost: Sendable {
    let journalMode: String
    let synchronous: String
    let database: UInt64
    let wal: UInt64
    let journal: UInt64
  }

  /// Syncs per commit. With a rollback journal, a sync of the directory comes on top.
  @Test(
    arguments: [
      CommitCost(journalMode: "WAL", synchronous: "OFF", database: 0, wal: 0, journal: 0),
      CommitCost(journalMode: "WAL", synchronous: "NORMAL", database: 0, wal: 0, journal: 0),
      CommitCost(journalMode: "WAL", synchronous: "FULL", database: 0, wal: 1, journal: 0),
      CommitCost(journalMode: "DELETE", synchronous: "OFF", database: 0, wal: 0, journal: 0),
      CommitCost(journalMode: "DELETE", synchronous: "NORMAL", database: 1, wal: 0, journal: 1),
      CommitCost(journalMode: "DELETE", synchronous: "FULL", database: 1, wal: 0, journal: 2),
      CommitCost(journalMode: "MEMORY", synchronous: "FULL", database: 1, wal: 0, journal: 0),
    ])
  func `A commit syncs what its journal mode needs`(_ cost: CommitCost) throws {
    let connection = try connect([
      (.journalMode, cost.journalMode), (.synchronous, cost.synchronous),
    ])
    try connection.execute(script: "CREATE TABLE t (a, b)")
    try connection.commitRow(0)
    for value in 1...3 {
      let before = FileWrites.current
      let pagesBefore = connection.pagesWritten
      try connection.commitRow(value)
      let written = FileWrites.current - before
      let pages = UInt64(connection.pagesWritten &- pagesBefore)
      #expect(written.database.syncs == cost.database)
      #expect(written.wal.syncs == cost.wal)
      #expect(written.journal.syncs == cost.journal)
      #expect(written.syncs == cost.database + cost.wal + cost.journal)
      #expect(pages >= 1)
      if cost.journalMode == "WAL" {
        #expect(written.database == FileWrites.Counts())
        #expect(written.wal.writes == 2 * pages)
        #expect(written.wal.bytes == (4096 + 24) * pages)
      } else {
        #expect(written.wal == FileWrites.Counts())
        #expect(written.database.writes >= pages)
        #expect((written.journal.writes > 0) == (cost.journalMode == "DELETE"))
      }
    }
  }

  @Test func `A checkpoint syncs the log and the database, and the next commit the new log`() throws
  {
    let connection = try connect([(.journalMode, "WAL"), (.synchronous, "NORMAL")])
    try connection.execute(script: "CREATE TABLE t (a, b)")
    try connection.commitRow(0)
    let before = FileWrites.current
    try connection.checkpointPassively()
    let checkpoint = FileWrites.current - before
    #expect(checkpoint.wal == FileWrites.Counts(syncs: 1))
    #expect(checkpoint.database.syncs == 1)
    #expect(checkpoint.database.writes >= 2)
    #expect(checkpoint.database.bytes == 4096 * checkpoint.database.writes)
    let reset = FileWrites.current
    try connection.commitRow(1)
    #expect((FileWrites.current - reset).wal.syncs == 1)
  }

  @Test func `Threads and the default VFS do not count for each other`() throws {
    let path = TemporaryDirectory.path("test.db")
    let connection = try connect([(.journalMode, "WAL"), (.synchronous, "FULL")])
    try connection.execute(script: "CREATE TABLE t (a, b)")
    let before = FileWrites.current
    let other = try TestThread {
      let start = FileWrites.current
      let plain = try Connection(path: path, busyPolicy: .standard)
      try plain.commitRow(1)
      #expect(FileWrites.current == start)
      let counted = try Connection(
        path: path, busyPolicy: .standard, vfs: try CountingVFS.register())
      try counted.prepare("PRAGMA synchronous = FULL").run()
      try counted.commitRow(2)
      return FileWrites.current - start
    }.join()
    #expect(other.wal.syncs == 1)
    #expect(FileWrites.current == before)
  }

  /// Locks, shared memory and mapped memory all have to reach the wrapped VFS.
  @Test(arguments: ["WAL", "DELETE"], ["0", "1048576"])
  func `Connections through it and past it work together`(
    journalMode: String, mmapSize: String
  ) throws {
    let path = TemporaryDirectory.path("test.db")
    let keeper = try connect([(.journalMode, journalMode)])
    try keeper.execute(script: "CREATE TABLE t (a, b)")
    let vfs = try CountingVFS.register()
    _ = try inParallel(4) { thread in
      let connection = try Connection(
        path: path, busyPolicy: .handoff(timeoutMs: 60_000), vfs: thread % 2 == 0 ? vfs : nil)
      try connection.execute(script: "PRAGMA synchronous = OFF; PRAGMA mmap_size = \(mmapSize)")
      // SQLite's own checkpoints of several connections are not safe on every version.
      if journalMode == "WAL" { try connection.execute(script: "PRAGMA wal_autocheckpoint = 0") }
      for value in 0..<100 {
        try connection.commitRow(value)
        _ = try connection.scalar("SELECT count(*) FROM t")
      }
    }
    #expect(try keeper.scalar("SELECT count(*) FROM t") == "400")
    #expect(try keeper.scalar("PRAGMA integrity_check") == "ok")
    #expect((try keeper.walIndex() != nil) == (journalMode == "WAL"))
  }

  @Test func `A lock held through it is a lock for the others`() throws {
    let counted = try connect([(.journalMode, "WAL")])
    try counted.begin(.immediate)
    let plain = try open()
    #expect(try sqliteError { try plain.begin(.immediate) }.code == .busy)
    counted.rollBack()
    try plain.begin(.immediate)
    #expect(
      try sqliteError {
        counted.busyPolicy = .timeout(timeoutMs: 0)
        try counted.begin(.immediate)
      }.code == .busy)
  }

  @Test func `A process can make it the default`() async {
    await #expect(processExitsWith: .success) {
      try CountingVFS.makeDefault()
      _ = try CountingVFS.register()
      try CountingVFS.makeDefault()
      let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
      defer { for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } }
      let connection = try Connection(path: path, busyPolicy: .standard)
      try connection.execute(script: "CREATE TABLE t (a, b)")
      let before = FileWrites.current
      try connection.commitRow(1)
      guard (FileWrites.current - before).syncs > 0 else { exit(1) }
      let other = try Connection(path: path, busyPolicy: .standard, vfs: "unix")
      let unchanged = FileWrites.current
      try other.commitRow(2)
      guard FileWrites.current == unchanged else { exit(2) }
    }
  }

  @Test func `An unknown VFS is an error that names the file, and makes none`() throws {
    let path = TemporaryDirectory.path("some.db")
    let error = try sqliteError {
      _ = try Connection(path: path, busyPolicy: .standard, vfs: "no such thing")
    }
    #expect(error.path == path)
    #expect(error.message.contains("no such thing"))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  /// SQLite's paths are shorter than the system's.
  @Test func `A file that SQLite cannot open is not left behind, if it was not there`() throws {
    var directory = TemporaryDirectory.current.url
    while directory.path.utf8.count < 520 {
      directory.append(path: String(repeating: "d", count: 100))
    }
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let path = directory.appending(path: "some.db").path
    func open() throws { _ = try Connection(path: path, busyPolicy: .standard) }
    #expect(try sqliteError(open).code.primary == .cannotOpen)
    #expect(!FileManager.default.fileExists(atPath: path))
    try Data().write(to: URL(filePath: path))
    #expect(try sqliteError(open).code.primary == .cannotOpen)
    #expect(FileManager.default.fileExists(atPath: path))
  }
}
