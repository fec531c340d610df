import Foundation
import HarnessDriver
import Platform
import QueueOperations
import SQLite
import Testing

/// Numbers for people and for monitoring, and the counters that they are from.
@Suite struct MetricsTests {
  // MARK: Counting

  private func counts(_ cli: CommandLineUnderTest) throws -> Bool {
    try cli.connect().integer(
      "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'queue_counters'") == 1
  }

  @Test func `init makes queues that count, and others count when they are asked again`() throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    #expect(try cli.json("init", "--no-counting")["is_counting"] == false)
    #expect(try !counts(cli))
    try cli.enqueue(3)
    #expect(try cli.json("stats")["is_counting"] == false)
    #expect(try cli.run("stats").output.contains("every task was looked at"))
    let again = try cli.run("init")
    again.expectSuccess()
    #expect(
      again.output.hasSuffix("is a queue already, with 3 tasks; it counts them from now on\n"),
      "\(again)")
    #expect(try counts(cli))
    // It goes on, whatever it is told.
    #expect(try cli.run("init", "--no-counting").output.hasSuffix("already, with 3 tasks\n"))
    #expect(try cli.json("init", "--no-counting")["is_counting"] == true)
    #expect(try cli.json("stats")["tasks"]?["queued"] == 3)
    let other = try CommandLineUnderTest()
    #expect(try counts(other))
  }

  @Test func `Counters are right after whatever commands do`() throws {
    let cli = try CommandLineUnderTest()
    // Opened for each look: a queue that is in use is not restored.
    func differences(_ path: String) throws -> [CounterDifference] {
      let metrics = QueueMetrics(database: try QueueDatabase(path: path))
      #expect(try metrics.isCounting())
      return try metrics.counterDifferences()
    }
    func check(_ arguments: String...) throws {
      try cli.run(arguments).expectSuccess()
      #expect(try differences(cli.database) == [], "after \(arguments)")
    }
    try cli.enqueue(8)
    try check("enqueue", "--type", "u", "{}")
    try check("work", "--drain", "--stderr", "drop", "--types", "u", "--", "true")
    #expect(try cli.json("stats")["success_rates"]?["by_type"]?["u"]?["completed"] == 1)
    #expect(try cli.run("work", "--once", "--stderr", "drop", "--shell", "exit 65").exitCode == 70)
    try check("cancel", "2", "3")
    try check("retry", "--status", "failed", "--all")
    try check("retry", "2")
    let backup = try #require(try cli.json("backup")["path"]?.text)
    let file = cli.path("tasks.jsonl")
    try check("export", file)
    try check("prune", "--older-than", "0")
    try check("maintain", "optimize", "--full")
    #expect(try cli.json("stats")["tasks"]?["total"] == 7)
    // The counters come with the tasks.
    try cli.run("restore", backup).expectSuccess()
    #expect(try differences(cli.database) == [])
    #expect(try cli.json("stats")["tasks"]?["total"] == 9)
    let other = try CommandLineUnderTest()
    try other.run("import", "file", file).expectSuccess()
    #expect(try differences(other.database) == [])
    #expect(try other.json("stats")["tasks"]?["total"] == 9)
  }

  @Test func `Counters that are wrong are told of and set right`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(3)
    #expect(try cli.run("maintain", "counters").output == "right\n")
    let stranger = try cli.connect()
    stranger.setTriggersEnabled(false)
    try stranger.execute(script: "DELETE FROM task_queue WHERE id = 1")
    let wrong = try cli.json("maintain", "counters", exitCode: 65)
    #expect(wrong["differences"]?.elements.map { $0["counted"] } == [3])
    #expect(wrong["differences"]?.elements.map { $0["actual"] } == [2])
    #expect(try cli.json("stats")["tasks"]?["total"] == 3)
    #expect(try cli.run("maintain", "counters", "--repair").output.hasSuffix("set right\n"))
    #expect(try cli.run("maintain", "counters").output == "right\n")
    #expect(try cli.json("stats")["tasks"]?["total"] == 2)
    let plain = try CommandLineUnderTest(makesQueue: false)
    try plain.run("init", "--no-counting").expectSuccess()
    try plain.run("maintain", "counters").expectFailure(1, "taskqueue init")
  }

  // MARK: metrics

  @Test func `metrics prints what Prometheus reads, and one document with all metrics`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(3, type: "a")
    try cli.run("cancel", "1").expectSuccess()
    let text = try cli.run("metrics")
    text.expectSuccess()
    for line in [
      "# TYPE taskqueue_tasks gauge", #"taskqueue_tasks{type="a",status="queued"} 2"#,
      #"taskqueue_tasks_added_total{type="a"} 3"#,
      #"taskqueue_tasks_ended_total{type="a",status="cancelled"} 1"#,
    ] {
      #expect(text.output.contains(line + "\n"), "\(line) in \(text)")
    }
    let json = try cli.json("metrics", "--hours", "1")
    guard case .object(let members) = json else {
      Issue.record("\(json)")
      return
    }
    #expect(
      Set(members.keys) == [
        "taken_at", "is_counting", "window", "depth", "depth_by_status", "depth_by_type",
        "oldest_queued_seconds", "success_rates", "worker_activity", "throughput", "retries",
        "processing_times", "health",
      ])
    #expect(json["depth"] == 2)
    #expect(json["depth_by_status"]?["cancelled"] == 1)
    #expect(json["depth_by_type"] == .object(["a": 2]))
    #expect(json["success_rates"]?["by_type"]?["a"]?["cancelled"] == 1)
    #expect(json["throughput"]?["ended"] == 1)
    #expect(json["health"]?["level"] == "warning")
    try cli.run("metrics", "--hours", "1").expectFailure(64, "--json")
    try cli.run("metrics", "--json", "--hours", "841").expectFailure(64, "840")
    try cli.run("stats", "--hours", "0").expectFailure(64, "840")
  }

  @Test func `metrics replaces a file in one step, and no file that is the queue's`() throws {
    let cli = try CommandLineUnderTest()
    let file = cli.path("taskqueue.prom")
    try cli.directory.write("old\n", to: "taskqueue.prom")
    // Whoever has it open goes on reading the old one.
    let reader = try #require(FileHandle(forReadingAtPath: file))
    #expect(try cli.run("metrics", "--output", file).output == "")
    #expect(try reader.readToEnd() == Data("old\n".utf8))
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.hasPrefix("# HELP taskqueue_tasks "))
    let left = try FileManager.default.contentsOfDirectory(atPath: cli.directory.path)
    #expect(!left.contains { $0.hasSuffix(".tmp") }, "\(left)")
    try FileManager.default.createSymbolicLink(
      atPath: cli.path("alias"), withDestinationPath: cli.database)
    for own in [cli.database, cli.path("alias")] {
      try cli.run("metrics", "--output", own).expectFailure(64, "the queue's own file")
    }
    try cli.run("metrics", "--output", cli.path("no/x")).expectFailure(73, "mkdir")
    #expect(try cli.json("stats")["tasks"]?["total"] == 0)
  }
}
