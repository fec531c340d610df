import Foundation
import HarnessDriver
import Platform
import QueueEngine
import Recording
import Results
import SQLite
import Testing
import Verification

/// Children that are killed in the middle of their work.
@Suite struct KilledChildTests {
  private let directory = TemporaryDirectory()

  @Test(arguments: ["producer-2", "consumer-1"])
  func oneRepeatFailsAndTheOthersGoOn(role: String) throws {
    var scenario = TinyScenario()
    scenario.cells = ["NORMAL", "OFF", "FULL"]
    scenario.measureMs = 800
    let path = try scenario.write(to: directory)
    let files = RunFiles(results: directory.path, name: "run")
    let run = try Harness.start(
      Harness.runArguments(path, results: directory.path, name: "run"), in: directory)
    let victim = try waitUntil("the second repeat") { () -> ProcessEntry? in
      guard files.rowCount == 1 else { return nil }
      let roles = ProcessEntry.roles(of: run.child.pid)
      return roles.count == 4 ? roles.first { $0.role == role } : nil
    }
    #expect(kill(victim.pid, SIGKILL) == 0)
    let result = try run.result()
    #expect(result.exitCode == 3, "\(result)")
    let rows = try files.rows()
    #expect(rows.map(\.status) == [.measured, .failed, .measured])
    let name = role.replacingOccurrences(of: "-", with: " ")
    #expect(rows[1].detail == "\(name): it ended early (signal 9 (Killed))")
    #expect(rows[1].throughputPerSecond == nil && rows[1].verdict == .unknown)
    #expect(result.output.contains("FAILED: \(name)"))
    #expect(ProcessEntry.roles(of: run.child.pid).isEmpty)

    // What has failed is tried again; the row of the failure stays in the file.
    let resumed = try Harness.run(
      [
        "run", path, "--results", directory.path, "--resume", "run", "--allow-debug", "--no-plots",
        "--keep-disturbed",
      ], in: directory)
    #expect(resumed.exitCode == 0, "\(resumed)")
    #expect(try files.rows().allSatisfy { $0.status == .measured })
    #expect(try files.storedKeys().count == 4)
  }

  /// Kills processes in the middle of their work and returns their logs and database.
  private func runWithVictims(_ victims: Set<String>) throws -> (
    logs: [String: String], database: String
  ) {
    var scenario = TinyScenario()
    scenario.cells = ["NORMAL"]
    scenario.measureMs = 60_000
    scenario.settings = ["lease: 50ms"]
    let files = RunFiles(results: directory.path, name: "run")
    let run = try Harness.start(
      Harness.runArguments(
        try scenario.write(to: directory), results: directory.path, name: "run",
        "--keep-databases"), in: directory)
    let connection = try files.connect(cell: "c01", repeatNumber: 1)
    try waitUntil("completed tasks of both consumers") {
      try connection.integer(
        """
        SELECT COUNT(*) >= 50 AND COUNT(DISTINCT locked_by) = 2 FROM task_queue
          WHERE status = 'completed'
        """) == 1
    }
    for entry in ProcessEntry.roles(of: run.child.pid) where victims.contains(entry.role ?? "") {
      kill(entry.pid, SIGKILL)
    }
    let result = try run.result()
    #expect(result.exitCode == 3, "\(result)")
    let work = "\(files.path)/databases/c01-r1"
    let names = ["producer-1", "producer-2", "consumer-1", "consumer-2"]
    return (
      Dictionary(uniqueKeysWithValues: names.map { ($0, "\(work)/logs/\($0).log") }),
      "\(work)/queue.db"
    )
  }

  @Test(arguments: [
    ["consumer-1"], ["producer-1"], ["producer-1", "producer-2", "consumer-1", "consumer-2"],
  ])
  func noTaskIsLostAndNoneCompletedTwice(victims: [String]) throws {
    let (logs, database) = try runWithVictims(Set(victims))
    var account = HistoryChecker(prefilledCount: 0, order: .unordered, leaseDurationMs: 0)
    var enqueued = 0
    for (role, path) in logs {
      let reader = try OperationLogReader(path: path)
      #expect(reader.header.role == role.split(separator: "-").first.map(String.init))
      // Every record is checked on reading: what a killed process has written is whole.
      let count = try reader.withRecords { records in
        for record in records {
          account.add(record)
          if record.kind == .enqueue, record.outcome == .ok { enqueued += 1 }
        }
        return records.count
      }
      // One producer may have done it all so far; of the consumers the database knows better.
      #expect(count > 0 || role.hasPrefix("producer"), "\(role)")
    }
    #expect(enqueued >= 50)
    let judgement = account.judge(against: try FinalState.read(databasePath: database))
    // A process may die between its commit and its record: one operation each, two processes of a kind.
    #expect(
      Set(judgement.counts.keys).isSubset(
        of: [.unexpected, .completionUnexpected, .claimUnexpected]))
    #expect(judgement.counts.values.allSatisfy { $0 <= 2 }, "\(judgement.summary)")

    // The queue goes on: leases of the dead expire, and every task is completed in the end.
    let queue = TaskQueue(
      store: try SQLiteQueueStore(
        path: database, options: SQLiteStoreOptions(createsFile: false)))
    let claimant = Claimant(workerID: "survivor")
    try waitUntil("the end of all leases") {
      while case let tasks = try queue.claim(as: claimant, limit: 100, leaseDurationMs: 60_000),
        !tasks.isEmpty
      {
        let answers = try queue.complete(tasks.map { (fence: $0.fence, result: nil) })
        #expect(answers.allSatisfy { $0 == .accepted })
      }
      let counts = try queue.counts()
      return counts[.queued] == 0 && counts[.processing] == 0
    }
    #expect(try queue.counts().allSatisfy { status, count in status == .completed || count == 0 })
  }
}
