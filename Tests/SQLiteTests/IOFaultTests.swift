import Foundation
import Testing

@testable import SQLite

/// Errors of the disk that the VFS makes up, each in a process of its own: they are for all connections of one.
@Suite struct IOFaultTests {
  private static func work(_ body: (Connection, UnsafeMutablePointer<UInt32>) throws -> Void) throws
  {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "io-fault-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let word = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
    word.initialize(to: 0)
    try CountingVFS.makeDefault()
    CountingVFS.obeyFaults(at: word)
    let connection = try Connection(
      path: directory.appending(path: "test.db").path, busyPolicy: .timeout(timeoutMs: 5000))
    try connection.execute(
      script: "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (a)")
    try body(connection, word)
  }

  private static func insert(_ connection: Connection) throws {
    try connection.execute(script: "INSERT INTO t VALUES (randomblob(3000))")
  }

  private static func count(_ connection: Connection) throws -> Int64 {
    let statement = try connection.prepare("SELECT COUNT(*) FROM t")
    defer { statement.reset() }
    return try statement.step() ? statement.int64(0) : -1
  }

  @Test func `a full disk fails a commit, which leaves nothing behind, until there is room`() async
  {
    await #expect(processExitsWith: .success) {
      try Self.work { connection, word in
        try Self.insert(connection)
        word.pointee = 1
        let error = #expect(throws: SQLiteError.self) { try Self.insert(connection) }
        #expect(error?.code.primary == .full)
        #expect(try Self.count(connection) == 1)
        word.pointee = 0
        try Self.insert(connection)
        #expect(try Self.count(connection) == 2)
      }
    }
  }

  @Test func `a failing write or sync is an I/O error, and the connection goes on afterwards`()
    async
  {
    await #expect(processExitsWith: .success) {
      try Self.work { connection, word in
        for order in [UInt32(2), 3, 4] {
          word.pointee = order
          let error = #expect(throws: SQLiteError.self) { try Self.insert(connection) }
          #expect(error?.code.primary == .ioError, "\(order)")
          word.pointee = 0
          try Self.insert(connection)
        }
        #expect(try Self.count(connection) == 3)
      }
    }
  }

  @Test func `one call in so many fails`() async {
    await #expect(processExitsWith: .success) {
      try Self.work { connection, word in
        // Every third sync; a commit has one.
        word.pointee = 3 << 8 | 3
        var failures = 0
        for _ in 0..<30 {
          do { try Self.insert(connection) } catch { failures += 1 }
        }
        #expect((8...12).contains(failures), "\(failures)")
      }
    }
  }
}
