import Foundation
import HarnessDriver
import Results
import SQLite
import Testing
import Verification

/// A stranger tampers with the database while the load runs: the verdict must see it.
@Suite struct InvalidHistoryTests {
  private let directory = TemporaryDirectory()

  /// Something that a stranger does, and what the verdict must say of it.
  struct Crime: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// `#ID` stands for the task.
    let finding: String
    /// What the counts of cells.csv must be.
    var lost = 0
    var duplicated = 0
    let sql: @Sendable (Int64) -> String
    /// True once the consequences are there.
    let isDone: @Sendable (Connection, Int64) throws -> Bool
  }

  static let crimes = [
    Crime(
      testDescription: "deletes a completed task",
      finding: "1 acknowledged tasks lost (#ID)", lost: 1,
      sql: { "DELETE FROM task_queue WHERE id = \($0)" }, isDone: { _, _ in true }),
    Crime(
      testDescription: "opens a completed task again",
      finding: "1 tasks completed twice (#ID); 1 claims of completed tasks (#ID)", duplicated: 2,
      sql: { "UPDATE task_queue SET status = 'queued', lane = NULL WHERE id = \($0)" },
      isDone: { connection, id in
        try connection.integer(
          "SELECT attempts > 1 AND status = 'completed' FROM task_queue WHERE id = \(id)") == 1
      }),
    Crime(
      testDescription: "forgets a claim, so that the fence is given out again",
      finding: "1 fences given out twice (#ID attempt 1)", duplicated: 1,
      sql: {
        """
        UPDATE task_queue SET status = 'queued', attempts = 0, lane = NULL WHERE id = \($0)
        """
      },
      isDone: { connection, id in
        try connection.integer(
          "SELECT status = 'completed' FROM task_queue WHERE id = \(id)") == 1
      }),
    Crime(
      testDescription: "takes a completion back",
      finding: "1 acknowledged completions lost (#ID)", lost: 1,
      sql: { "UPDATE task_queue SET status = 'cancelled' WHERE id = \($0)" },
      isDone: { _, _ in true }),
    Crime(
      testDescription: "inserts a task of its own",
      finding: "1 tasks that nobody enqueued (#-7)",
      sql: { _ in "INSERT INTO task_queue (id, type, status) VALUES (-7, 'x', 'cancelled')" },
      isDone: { _, _ in true }),
  ]

  @Test(arguments: crimes)
  func tamperingMakesTheRepeatInvalid(_ crime: Crime) throws {
    var scenario = TinyScenario()
    scenario.cells = ["NORMAL"]
    scenario.repeats = 2
    scenario.measureMs = 1000
    // Few tasks, so that consumers are idle and take at once what is there.
    scenario.settings = ["rate: 100/s"]
    let files = RunFiles(results: directory.path, name: "run")
    let run = try Harness.start(
      Harness.runArguments(
        try scenario.write(to: directory), results: directory.path, name: "run"), in: directory)

    let connection = try files.connect(cell: "c01", repeatNumber: 1)
    let victim = try waitUntil("a completed task") {
      try connection.integer("SELECT id FROM task_queue WHERE status = 'completed' LIMIT 1")
    }
    try connection.execute(script: crime.sql(victim))
    try waitUntil("the consequences") { try crime.isDone(connection, victim) }

    let result = try run.result()
    #expect(result.exitCode == 4, "\(result)")
    let rows = try files.rows()
    #expect(rows.map(\.repeatNumber) == [1, 2])
    #expect(rows.map(\.status) == [.measured, .measured])
    // The other repeat has nothing to do with it.
    // On a busy machine not even a small rate is offered in time.
    #expect(rows.count == 2 && rows[0].verdict == .invalid && rows[1].verdict <= .saturated)
    let finding = crime.finding.replacing("#ID", with: "#\(victim)")
    #expect(rows[0].detail == finding)
    #expect(rows[1].detail.isEmpty)
    #expect(result.output.contains("INVALID: \(finding)"))
    #expect(result.output.contains("INVALID 1/2"))
    #expect(!rows[0].isUsable)
    #expect(rows.map(\.flow.lost) == [crime.lost, 0])
    #expect(rows.map(\.flow.duplicated) == [crime.duplicated, 0])

    // Whatever the targets say, but after they were looked at.
    let targets = try directory.write("targets: [lost == 0, duplicated == 0]", to: "targets.yaml")
    let check = try Harness.runAtHome(["check", files.path, "--targets", targets], in: directory)
    #expect(check.exitCode == 4, "\(check)")
    // One more for the history, which no target forgives.
    let missed = 1 + [crime.lost, crime.duplicated].count { $0 > 0 }
    #expect(check.output.components(separatedBy: "MISSED").count - 1 == missed, "\(check)")
  }

  @Test func aDamagedFileMakesTheRepeatInvalidForGood() throws {
    var scenario = TinyScenario()
    scenario.cells = ["NORMAL"]
    scenario.measureMs = 1000
    let files = RunFiles(results: directory.path, name: "run")
    let path = try scenario.write(to: directory)
    let run = try Harness.start(
      Harness.runArguments(path, results: directory.path, name: "run"), in: directory)

    let database = files.databasePath(cell: "c01", repeatNumber: 1)
    let wal = try waitUntil("a WAL with content") { () -> FileHandle? in
      let handle = FileHandle(forUpdatingAtPath: database + "-wal")
      guard let handle, try handle.seekToEnd() > 100_000 else { return nil }
      return handle
    }
    let garbage = Data(repeating: 0xA5, count: Int(try wal.seekToEnd()) - 32)
    // Behind the header, so that it still passes for a WAL.
    try wal.seek(toOffset: 32)
    try wal.write(contentsOf: garbage)
    let file = try #require(FileHandle(forUpdatingAtPath: database))
    let size = try file.seekToEnd()
    try file.seek(toOffset: 4096)
    try file.write(contentsOf: Data(repeating: 0xA5, count: Int(size) - 4096))

    let result = try run.result()
    #expect(result.exitCode == 4, "\(result)")
    #expect(try files.rows().map(\.verdict) == [.invalid])
    #expect(result.output.contains("INVALID: "))

    // A better repeat must not replace the evidence.
    let again = try Harness.run(
      [
        "run", path, "--results", directory.path, "--resume", "run", "--allow-debug", "--no-plots",
        "--keep-disturbed",
      ],
      in: directory)
    #expect(again.exitCode == 4, "\(again)")
    #expect(try files.rows().map(\.verdict) == [.invalid])
  }
}
