import Foundation
import HarnessDriver
import Platform
import SQLite
import Testing

/// Looking after a queue: statistics, logs, workers, maintenance, retention.
@Suite struct OperationTests {
  @Test func `stats counts tasks by status, workers and bytes`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(5)
    try cli.run("cancel", "1", "2").expectSuccess()
    let stats = try cli.json("stats")
    #expect(stats["tasks"]?["queued"] == 3)
    #expect(stats["tasks"]?["cancelled"] == 2)
    #expect(stats["tasks"]?["total"] == 5)
    #expect(stats["workers"]?["active"] == 0)
    #expect(stats["file"]?["path"]?.text == cli.database)
    #expect((stats["file"]?["bytes"]?.number ?? 0) > 4096)
    let shown = try cli.run("stats")
    shown.expectSuccess()
    #expect(shown.output.contains("cancelled        2"), "\(shown)")
  }

  // MARK: Logs

  @Test func `logs shows the newest entries in their order`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(2)
    let entries = [
      ("1", "one", "info"), ("2", "two", "error"), ("1", "three", "warning"),
    ]
    for (task, message, level) in entries {
      try cli.run("logs", "add", task, message, "--level", level).expectSuccess()
    }
    func messages(_ arguments: String...) throws -> [String?] {
      let result = try cli.run(["logs", "--json"] + arguments)
      let json = try JSONDecoder().decode(JSONNode.self, from: Data(result.output.utf8))
      return json.elements.map { $0["message"]?.text }
    }
    #expect(try messages() == ["one", "two", "three"])
    #expect(try messages("--limit", "2") == ["two", "three"])
    #expect(try messages("--before", "3") == ["one", "two"])
    #expect(try messages("--task", "1") == ["one", "three"])
    #expect(try messages("--level", "ERROR") == ["two"])
    #expect(try messages("--task", "1", "--level", "error") == [])
    try cli.run("logs", "add", "9", "x").expectFailure(1, "there is no task #9")
    try cli.run("logs", "add", "1", "x", "--details", "{").expectFailure(64, "JSON")
    try cli.run("logs", "--level", "loud").expectFailure(64, "loud")
    try cli.run("logs", "prune").expectFailure(64, "--older-than")
    #expect(try cli.json("logs", "prune", "--keep-newest", "1")["logs"] == 2)
    #expect(try messages() == ["three"])
    #expect(try cli.json("logs", "prune", "--older-than", "0")["logs"] == 1)
    #expect(try cli.run("logs").output == "no entries\n")
  }

  // MARK: Workers

  private func withWorkers() throws -> CommandLineUnderTest {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(3)
    try cli.execute(
      """
      INSERT INTO workers (worker_id, capabilities) VALUES ('fresh', '{"gpu": 1}');
      INSERT INTO workers (worker_id, heartbeat_utc) VALUES
        ('silent', strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 hour')),
        ('gone', strftime('%Y-%m-%d %H:%M:%f', 'now', '-2 hours'));
      UPDATE task_queue SET status = 'processing', locked_by = 'silent', attempts = id,
        max_attempts = 2, lease_until_utc = '2099-01-01 00:00:00.000' WHERE id < 3;
      """)
    return cli
  }

  @Test func `workers tells who is heard of`() throws {
    let cli = try withWorkers()
    let all = try cli.json("workers").elements
    #expect(all.map { $0["id"] } == ["fresh", "silent", "gone"])
    #expect(all.map { $0["state"] } == ["active", "stale", "stale"])
    #expect(all.map { $0["held_tasks"] } == [0, 2, 0])
    #expect(all[0]["capabilities"] == .object(["gpu": 1]))
    #expect(try cli.json("workers", "list", "--active").elements.count == 1)
    #expect(try cli.json("workers", "list", "--stale").elements.count == 2)
    #expect(
      try cli.json("workers", "list", "--stale", "--stale-after", "90min").elements.count == 1)
    #expect(try cli.json("workers", "show", "silent")["held_tasks"] == 2)
    let shown = try cli.run("workers")
    shown.expectSuccess()
    #expect(shown.output.contains("60 min ago"), "\(shown)")
  }

  @Test func `What stale workers hold is given back, and they are forgotten`() throws {
    let cli = try withWorkers()
    #expect(try cli.json("workers", "cleanup")["forgotten"] == 1)
    let reclaimed = try cli.json("workers", "reclaim")
    #expect(reclaimed["requeued"] == 1)
    #expect(reclaimed["dead_lettered"] == 1)
    #expect(try cli.json("get", "1")["status"] == "queued")
    #expect(try cli.json("get", "2")["status"] == "dead_letter")
    #expect(try cli.run("workers", "cleanup", "--force").output.hasPrefix("forgot 1 worker"))
    #expect(try cli.json("workers").elements.count == 1)
  }

  // MARK: Maintenance

  @Test(arguments: ["passive", "full", "restart", "truncate"])
  func `A checkpoint moves the log into the database`(mode: String) throws {
    let cli = try CommandLineUnderTest()
    // Keeps the log from being moved and removed when the program that has enqueued ends.
    let other = try cli.connect()
    #expect(try other.integer("SELECT COUNT(*) FROM task_queue") == 0)
    try cli.enqueue(100)
    let report = try cli.json("maintain", "checkpoint", "--mode", mode)
    #expect(report["mode"]?.text == mode)
    #expect(report["is_busy"] == false)
    let frames = try #require(report["wal_frames"]?.number, "\(report)")
    #expect(report["checkpointed_frames"]?.number == frames)
    if mode != "truncate" { #expect(frames > 0) }
    let walBytes = try FileManager.default.attributesOfItem(atPath: cli.database + "-wal")[.size]
    #expect((walBytes as? Int == 0) == (mode == "truncate"))
    #expect(try other.integer("SELECT COUNT(*) FROM task_queue") == 100)
  }

  @Test func `A reader in the way of a checkpoint is told of`() throws {
    let cli = try CommandLineUnderTest()
    let reader = try cli.connect()
    try cli.enqueue(1)
    try reader.execute(script: "BEGIN")
    #expect(try reader.integer("SELECT COUNT(*) FROM task_queue") == 1)
    try cli.enqueue(1)
    let result = try cli.run(
      "maintain", "checkpoint", "--mode", "truncate",
      environment: ["TASKQUEUE_BUSY_POLICY": "{timeout: {timeout: 200ms}}"])
    #expect(result.exitCode == 1, "\(result)")
  }

  @Test func `Every kind of maintenance does its work`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(200)
    #expect(try cli.run("maintain", "analyze").output == "analyzed\n")
    #expect(try cli.connect().integer("SELECT COUNT(*) > 0 FROM sqlite_stat1") == 1)
    #expect(try cli.run("maintain", "integrity-check").output == "intact\n")
    #expect(try cli.json("maintain", "integrity-check", "--quick")["is_intact"] == true)
    #expect(try cli.run("maintain", "vacuum").output == "vacuumed\n")
    let copy = cli.path("copy.db")
    try cli.run("maintain", "vacuum", "--into", copy).expectSuccess()
    #expect(try cli.run("list", "--count", "--db", copy).output == "200\n")
    try cli.run("maintain", "vacuum", "--into", copy).expectFailure(73, "is there already")
    try cli.run("maintain", "incremental-vacuum").expectFailure(64, "auto_vacuum=INCREMENTAL")
    let statistics = try cli.json("maintain", "statistics")
    #expect(statistics["tasks"] == 200)
    #expect(try cli.run("maintain", "statistics").output.contains("200 tasks"))
    #expect(try cli.run("maintain", "optimize").output == "optimized\n")
    #expect(try cli.run("maintain", "optimize", "--full").output.contains(" before, "))
    #expect(try cli.run("maintain").output.contains("integrity-check"))
  }

  @Test func `Free pages are given back bit by bit where the file allows it`() throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    try cli.run("init", "--pragma", "auto_vacuum=INCREMENTAL").expectSuccess()
    try cli.enqueue(3000)
    try cli.execute("DELETE FROM task_queue WHERE id > 10")
    #expect(
      try cli.run("maintain", "incremental-vacuum", "--pages", "3").output == "gave back 3 pages\n")
    #expect((try cli.json("maintain", "incremental-vacuum")["pages"]?.number ?? 0) > 3)
    #expect(try cli.json("maintain", "statistics")["free_pages"] == 0)
  }

  @Test func `Leases that have run out are ended`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(3)
    try cli.execute(
      """
      UPDATE task_queue SET status = 'processing', locked_by = 'w', attempts = id,
        max_attempts = 2, lease_until_utc = strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 hour')
        WHERE id < 3;
      """)
    #expect(try cli.json("maintain", "stale-leases", "--expired-for", "2h")["requeued"] == 0)
    let report = try cli.json("maintain", "stale-leases")
    #expect(report["requeued"] == 1)
    #expect(report["dead_lettered"] == 1)
  }

  @Test func `A damaged file is bad data`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(2000)
    try damage(cli.database)
    let check = try cli.run("maintain", "integrity-check")
    #expect(check.exitCode == 65, "\(check)")
    #expect(!check.errors.isEmpty)
  }

  // MARK: Retention

  @Test func `prune removes what its rules name`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(10)
    try cli.execute(
      """
      UPDATE task_queue SET status = 'completed',
        finished_at_utc = strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || (5 - id) || ' days')
        WHERE id <= 4;
      UPDATE task_queue SET status = 'failed',
        finished_at_utc = strftime('%Y-%m-%d %H:%M:%f', 'now', '-10 days')
        WHERE id BETWEEN 5 AND 6;
      """)
    try cli.run("logs", "add", "2", "goes with its task").expectSuccess()
    let first = try cli.json("prune", "--older-than", "60h", "--status", "completed")
    #expect(first["tasks"] == 2)
    #expect(first["logs"] == 1)
    #expect(first["is_complete"] == true)
    #expect(try cli.run("prune", "--older-than", "5d").output.hasPrefix("removed 2 tasks"))
    #expect(try cli.json("prune", "--keep-newest", "1")["tasks"] == 1)
    #expect(try cli.json("list").elements.map { $0["id"] } == [4, 7, 8, 9, 10])
    try cli.run("prune").expectFailure(64, "What is to go?")
    try cli.run("prune", "--older-than", "1d", "--status", "queued").expectFailure(64, "stay")
    try cli.run("prune", "--status", "failed").expectFailure(64, "--older-than")
    try cli.run("prune", "--older-than", "1d", "--hold-limit", "999999")
      .expectFailure(64, "--hold-limit must be from 1 to 60000")
    try cli.run("prune", "--keep-newest=-1").expectFailure(64, "must not be negative")
  }

  @Test func `prune can be broken off, and goes on where it was`() throws {
    let cli = try CommandLineUnderTest()
    let count: Int64 = 100_000
    try cli.execute(
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
      INSERT INTO task_queue (type, status, finished_at_utc, lane)
        SELECT 't', 'completed', '2026-01-01 00:00:00.000', NULL FROM n;
      """)
    let program = try cli.start(["prune", "--older-than", "1d", "--hold-limit", "1"])
    try waitUntil("some to be gone") { try cli.taskCount() < count }
    program.child.kill(signal: SIGINT)
    let result = try program.result()
    result.expectFailure(130, "broken off")
    #expect(result.output.hasPrefix("removed "))
    #expect(try cli.taskCount() > 0)
    try cli.run("prune", "--older-than", "1d").expectSuccess()
    #expect(try cli.taskCount() == 0)
  }
}

/// Writes over the middle of a file.
func damage(_ path: String) throws {
  let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
  let length = try file.seekToEnd()
  for start in stride(from: UInt64(8192), to: length, by: 4096) {
    try file.seek(toOffset: start)
    try file.write(contentsOf: Data(repeating: 0xA5, count: 2000))
  }
  try file.close()
}
