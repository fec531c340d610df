import Foundation
import TestSupport
import Testing

@testable import SQLite

/// Logs of writes as other processes have left them.
@Suite(.temporaryDirectory) struct WriteLogTests {
  private static func record(
    _ type: UInt32, _ file: UInt32, offset: Int64 = 0, bytes: [UInt8] = [], atNs: UInt64 = 5,
    thread: UInt64 = 7, detail: UInt32 = 0, startNs: UInt64 = 0, length: UInt32? = nil
  ) -> Data {
    var data = Data()
    func add<Value: FixedWidthInteger>(_ value: Value) {
      withUnsafeBytes(of: value) { data.append(contentsOf: $0) }
    }
    add(type)
    add(file)
    add(atNs)
    add(thread)
    add(offset)
    add(startNs)
    add(length ?? UInt32(bytes.count))
    add(detail)
    return data + Data(bytes)
  }

  private func read(_ parts: Data...) throws -> WriteLog {
    let path = TemporaryDirectory.path("writes.log")
    try parts.reduce(Data(), +).write(to: URL(fileURLWithPath: path))
    return try WriteLog(path: path)
  }

  @Test func `every kind of event is read back`() throws {
    let log = try read(
      Self.record(1, 2, offset: 32, bytes: [1, 2, 3]), Self.record(2, 1, offset: 4096),
      Self.record(3, 2), Self.record(4, 2), Self.record(5, 3, offset: 1),
      Self.record(6, 2, offset: 99, atNs: 8, detail: 4, startNs: 6))
    #expect(
      log.entries.map(\.event) == [
        .write(.wal, offset: 32, bytes: 48..<51), .truncate(.database, size: 4096),
        .syncBegan(.wal, thread: 7), .syncEnded(.wal, thread: 7),
        .delete(.journal, isDurable: true),
        .mark(WriteLog.Mark(kind: 2, id: 99, detail: 4, startNs: 6, endNs: 8)),
      ])
    #expect(log.withBytes(48..<51) { Array($0) } == [1, 2, 3])
  }

  @Test func `what a killed process left unfinished is left out`() throws {
    let whole = Self.record(1, 2, bytes: [1, 2, 3])
    for cut in [1, 20, 47, 48, 50] {
      let log = try read(whole, whole.prefix(cut))
      #expect(log.entries.count == 1, "\(cut) bytes")
    }
    #expect(try read(Data()).entries.isEmpty)
  }

  @Test(arguments: [
    record(0, 1), record(7, 1), record(1, 0), record(1, 4), record(2, 1, offset: -1),
    record(3, 2, length: 8),
  ])
  func `damage is an error that names the place`(bad: Data) {
    let error = #expect(throws: WriteLog.Damage.self) {
      try read(Self.record(3, 2), bad, Data(count: 8))
    }
    #expect(error?.offset == 48)
    #expect(error?.description.contains("writes.log: at byte 48: a record of type") == true)
  }

  @Test func `a log that cannot be opened is an error`() async {
    await #expect(processExitsWith: .success) {
      let error = #expect(throws: SQLiteError.self) {
        try WriteLog.record(appendingTo: "/nonexistent/writes.log")
      }
      #expect(error?.code == .cannotOpen && error?.path == "/nonexistent/writes.log")
    }
  }

  /// Two connections of a process of its own, with everything that they do in the log.
  @Test func `what SQLite does is in the log, in order`() async {
    await #expect(processExitsWith: .success) {
      let directory = FileManager.default.temporaryDirectory
        .appending(path: "write-log-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: directory) }
      let path = directory.appending(path: "test.db").path
      let logPath = directory.appending(path: "writes.log").path
      try WriteLog.record(appendingTo: logPath)
      let connection = try Connection(path: path, busyPolicy: .timeout(timeoutMs: 5000))
      try connection.execute(
        script: "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (a)")
      WriteLog.mark(kind: 1, id: 1, detail: 0, startNs: 1)
      try connection.execute(script: "INSERT INTO t VALUES (1)")
      WriteLog.mark(kind: 1, id: 2, detail: 0, startNs: 2)
      try connection.execute(script: "PRAGMA wal_checkpoint(TRUNCATE)")
      WriteLog.stopRecording()
      let events = try WriteLog(path: logPath).entries.map(\.event)
      let marks = events.indices.filter {
        if case .mark = events[$0] { return true }
        return false
      }
      #expect(marks.count == 2)
      let commit = events[marks[0]..<marks[1]]
      // A frame is its header and its page, and then the disk is waited for.
      #expect(commit.count { if case .write(.wal, _, _) = $0 { true } else { false } } >= 2)
      guard
        case .syncEnded(.wal, _) = commit.last(where: { if case .mark = $0 { false } else { true } }
        )
      else {
        Issue.record("the commit does not end with a sync: \(commit)")
        return
      }
      let checkpoint = events[(marks[1] + 1)...]
      #expect(checkpoint.contains { if case .write(.database, _, _) = $0 { true } else { false } })
      #expect(checkpoint.contains { if case .syncEnded(.database, _) = $0 { true } else { false } })
      #expect(checkpoint.contains(.truncate(.wal, size: 0)))
    }
  }
}
