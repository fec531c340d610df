import Foundation
import QueueEngine
import TestSupport
import Testing

@testable import QueueOperations

/// The file of dbbasic-queue: fields between tabs as they are, a record per line.
@Suite(.temporaryDirectory)
struct TabSeparatedTests {
  private static let header =
    "id\ttype\tpayload\tstatus\tcreated_at\trun_at\tattempts\terror\tresult"

  private func importing(
    _ rows: [String], options: ImportOptions = ImportOptions()
  ) throws -> (ImportReport, [TaskRecord]) {
    let text = ([Self.header] + rows).joined(separator: "\n") + "\n"
    let path = try MigrationFixture.write(text, to: "queue.tsv")
    let target = try MigrationFixture("target.db")
    let report = try TaskImport(try target.database()).run(from: path, options: options)
    return (report, try target.records())
  }

  static let statuses: [(String, TaskStatus)] = [
    ("pending", .queued), ("processing", .queued), ("completed", .completed),
    ("failed", .failed), ("cancelled", .cancelled),
  ]

  @Test(arguments: statuses)
  func `Each status has its counterpart`(word: String, status: TaskStatus) throws {
    let (report, records) = try importing([
      "00000000000000a1\tmail\t\"{\"\"to\"\": \"\"a\\tb\"\"}\"\t\(word)"
        + "\t1696886400\t1696890000.5\t2\tno\t7"
    ])
    #expect(report.inSource == [word: 1])
    #expect(report.inQueue == [word: [status: 1]])
    #expect(report.isVerified)
    let record = try #require(records.first)
    #expect(record.status == status)
    #expect(record.payload == #"{"to": "a\tb"}"#)
    #expect(record.createdAt == "2023-10-09 21:20:00.000")
    #expect(record.runAfter == "2023-10-09 22:20:00.500")
    #expect(record.attempts == 2)
    #expect(record.errorMessage == "no")
    #expect(record.result == "7")
    #expect((record.finishedAt != nil) == status.isFinal)
    #expect(record.lockedBy == nil)
  }

  @Test func `Fields are taken as they stand, quotes and all`() throws {
    let (_, records) = try importing([
      "a\tmail\t{}\tcompleted\t0\t0\t3\t\"open, and \"quotes\" in it\t\"say \\\"hi\\\"\"",
      "b\tmail\t\tpending\t0", "c\tmail\t[1]\tfailed\t0\t0\t3\tno\tnot json",
    ])
    #expect(records.map(\.payload) == ["{}", "{}", "[1]"])
    #expect(records[0].errorMessage == "\"open, and \"quotes\" in it")
    #expect(records[0].result == "\"say \\\"hi\\\"\"")
    #expect(records[1].maxAttempts == 3 && records[1].status == .queued)
    #expect(records[2].result == "\"not json\"")
  }

  @Test func `An export is what that program reads: a line per task, and JSON without quotes`()
    throws
  {
    let source = try MigrationFixture("source.db")
    try source.fill()
    var bytes: [UInt8] = []
    let report = try TaskExport(try source.database()).write(.tabSeparated) { bytes += $0 }
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == report.tasks + 2 && lines.last == "")
    for line in lines.dropLast() {
      #expect(line.split(separator: "\t", omittingEmptySubsequences: false).count == 9, "\(line)")
    }
    for line in lines.dropFirst().dropLast() {
      let payload = String(line.split(separator: "\t", omittingEmptySubsequences: false)[2])
      #expect(JSONText.isValid(payload), "\(payload)")
    }
    #expect(report.lost["error_message (tabs and line breaks became spaces)"] == 1)
    #expect(report.lost["payload (tabs and line breaks became spaces)"] == nil)
  }

  @Test func `A worker claims what was pending`() throws {
    _ = try importing(["a\tmail\t{}\tpending\t0\t0\t0\t\t", "b\tmail\t{}\tprocessing\t0\t0\t9\t\t"])
    let target = try MigrationFixture("target.db")
    let claimant = Claimant(workerID: "w", strategy: .priority)
    #expect(try target.queue.claim(as: claimant, limit: 9, leaseDurationMs: 1000).count == 2)
  }

  static let badRows: [(String, String)] = [
    ("a\tmail\t{}\tpending\t0\t0\t0\t\t\t", "fields"), ("a\tmail\t{}\tpending", "created_at"),
    ("a\tmail\t{\tpending\t0\t0\t0\t\t", "JSON"),
    ("a\tmail\t{}\tpendign\t0\t0\t0\t\t", "mean \"pending\"?"),
    ("a\tmail\t{}\tpending\tnow\t0\t0\t\t", "created_at"),
    ("a\tmail\t{}\tpending\t0\t1e300\t0\t\t", "run_at"),
    ("a\tmail\t{}\tpending\t0\t0\t-1\t\t", "attempts"),
    ("\tmail\t{}\tpending\t0\t0\t0\t\t", "id is empty"),
    ("a\t\t{}\tpending\t0\t0\t0\t\t", "must not be empty"),
  ]

  @Test(arguments: badRows)
  func `A bad record is told by its line, and nothing is imported`(
    row: String, word: String
  ) throws {
    let good = "g\tmail\t{}\tpending\t0\t0\t0\t\t"
    let error = try MigrationFixture.error { _ = try importing([good, row]) }
    #expect(error.line == 3)
    #expect(error.message.contains(word), "\(error.message)")
    #expect(try MigrationFixture("target.db").records().isEmpty)
    let (report, records) = try importing(
      [good, row], options: ImportOptions(skipsBad: true))
    #expect(report.badCount == 1)
    #expect(records.count == 1)
    #expect(report.isVerified, "\(report)")
  }

  @Test func `An id that is there twice hides no task`() throws {
    let rows = ["a\tmail\t1\tpending\t0\t0\t0\t\t", "a\tmail\t2\tpending\t0\t0\t0\t\t"]
    let error = try MigrationFixture.error { _ = try importing(rows) }
    #expect(error.line == 3)
    #expect(error.message.contains("twice"), "\(error.message)")
    let (report, records) = try importing(rows, options: ImportOptions(skipsBad: true))
    #expect(report.badCount == 1 && report.isVerified, "\(report)")
    #expect(records.map(\.payload) == ["1"])
  }

  /// As a program writes it that joins the fields without quoting them.
  @Test func `Unquoted JSON is read as it stands`() throws {
    let (_, records) = try importing([
      "a\tmail\t{\"to\": \"x\"}\tcompleted\t0\t0\t1\t\t{\"sent_at\": 1.5}"
    ])
    #expect(records.map(\.payload) == [#"{"to": "x"}"#])
    #expect(records.map(\.result) == [#"{"sent_at": 1.5}"#])
  }

  @Test(arguments: ["id\ttype\tpayload\tstate", "id\ttype\tpayload\tstatus", "a\tb"])
  func `A file with other columns is refused`(header: String) throws {
    let path = try MigrationFixture.write(header + "\n", to: "queue.tsv")
    let target = try MigrationFixture("target.db")
    let error = try MigrationFixture.error {
      _ = try TaskImport(try target.database()).run(from: path)
    }
    #expect(error.code == .badFile)
  }

  @Test func `An export says what does not fit`() throws {
    let source = try MigrationFixture("source.db")
    try source.fill()
    var bytes: [UInt8] = []
    let report = try TaskExport(try source.database()).write(.tabSeparated) { bytes += $0 }
    #expect(report.tasks == 8)
    #expect(report.lost["priority"] == 7)
    #expect(report.lost["idempotency_key"] == 1)
    #expect(report.lost["run_after_utc (cut to seconds)"] == 1)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix(Self.header + "\n"))
    #expect(text.contains("0000000000000001\tmail\t"))
  }
}
