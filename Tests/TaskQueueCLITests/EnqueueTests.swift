import Foundation
import HarnessDriver
import Platform
import SQLite
import Testing

/// Making a queue, and filling it.
@Suite struct EnqueueTests {
  // MARK: init

  @Test func `init makes a private file, and leaves a queue as it is`() throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    let first = try cli.run("init")
    first.expectSuccess()
    #expect(first.output.hasPrefix("made the queue \(cli.database), for claims by priority"))
    let facts = try FileManager.default.attributesOfItem(atPath: cli.database)
    #expect(facts[.posixPermissions] as? Int == 0o600)
    try cli.enqueue(3)
    let second = try cli.run("init")
    second.expectSuccess()
    #expect(second.output == "\(cli.database) is a queue already, with 3 tasks\n")
  }

  @Test func `init adds the index of each strategy, and takes PRAGMAs`() throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    let made = try cli.json(
      "init", "--strategy", "fifo", "--strategy", "weighted_random", "--pragma", "page_size=8192")
    #expect(made["strategies"] == ["fifo", "weighted_random"])
    #expect(made["is_new"] == true)
    #expect(try cli.connect().integer("PRAGMA page_size") == 8192)
    func indexCount() throws -> Int64? {
      try cli.connect().integer(
        "SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE 'ix_task_status_%'")
    }
    #expect(try indexCount() == 2)
    try cli.run("init", "--strategy", "priority").expectSuccess()
    #expect(try indexCount() == 3)
  }

  @Test func `init without a name makes the user's own queue`() throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    let nameless = ["TASKQUEUE_DB": ""]
    let missing = try cli.run("stats", environment: nameless)
    missing.expectFailure(66, "no queue is named")
    #expect(missing.errors.contains("taskqueue init"))
    try cli.run("init", environment: nameless).expectSuccess()
    let path = cli.path(".local/share/taskqueue/queue.db")
    #if os(Linux)
      #expect(FileManager.default.fileExists(atPath: path))
    #endif
    try cli.run("enqueue", "--type", "t", environment: nameless).expectSuccess()
  }

  @Test func `init refuses what no queue can be made of`() throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    try cli.run("init", "--db", cli.path("no/such/queue.db"))
      .expectFailure(73, "mkdir -p \(cli.path("no/such"))")
    try cli.run("init", "--db", cli.directory.path).expectFailure(73, "a directory")
    try cli.run("init", "--db", ":memory:").expectFailure(64, "a file of its own")
    try cli.directory.write(String(repeating: "no database ", count: 500), to: "text")
    try cli.run("init", "--db", cli.path("text")).expectFailure(65, "text")
    try Connection(path: cli.path("other.db"), busyPolicy: .timeout(timeoutMs: 1000))
      .execute(script: "CREATE TABLE t (a); PRAGMA user_version = 0;")
    try cli.run("init", "--db", cli.path("other.db")).expectFailure(65, "another program")
  }

  @Test(
    arguments: [
      ["enqueue", "--type", "t"], ["get", "1"], ["list"], ["cancel", "1"], ["retry", "1"],
      ["stats"], ["logs"], ["workers"], ["backup"], ["maintain", "analyze"],
      ["prune", "--older-than", "1d"], ["export", "-"], ["import", "list"],
    ] as [[String]])
  func `No command makes a queue by the way`(command: [String]) throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    try cli.run(command).expectFailure(66, "taskqueue init --db \(cli.database)")
    #expect(!FileManager.default.fileExists(atPath: cli.database))
    // An empty file is none either, and stays one.
    try cli.directory.write("", to: "queue.db")
    try cli.run(command).expectFailure(66, "an empty file")
    #expect(FileManager.default.contents(atPath: cli.database) == Data())
  }

  // MARK: One task

  @Test func `A task has what its options say`() throws {
    let cli = try CommandLineUnderTest()
    let receipt = try cli.json(
      "enqueue", "--type", "email", #"{"to": [1, "a"]}"#, "--priority", "-5", "--run-after",
      "2031-01-02T03:04:05Z", "--key", "k", "--max-attempts", "7", "--compatibility",
      #"{"gpu": true}"#)
    #expect(receipt["id"] == 1)
    #expect(receipt["is_new"] == true)
    let task = try cli.json("get", "1")
    #expect(task["type"] == "email")
    #expect(task["payload"] == .object(["to": [1, "a"]]))
    #expect(task["priority"] == -5)
    #expect(task["run_after"] == "2031-01-02 03:04:05.000")
    #expect(task["idempotency_key"] == "k")
    #expect(task["max_attempts"] == 7)
    #expect(task["compatibility"] == .object(["gpu": true]))
    #expect(task["status"] == "queued")
    let again = try cli.run("enqueue", "--type", "email", "--key", "k")
    again.expectSuccess()
    #expect(again.output == "#1 has that key already; nothing was added\n")
    #expect(try cli.taskCount() == 1)
  }

  @Test func `A delay counts from now, and a payload may come from standard input`() throws {
    let cli = try CommandLineUnderTest()
    let payload = "\"" + String(repeating: "x", count: 300_000) + "\""
    try cli.run("enqueue", "--type", "t", "--delay", "2h", "-", input: payload).expectSuccess()
    let connection = try cli.connect()
    #expect(
      try connection.integer(
        """
        SELECT round((julianday(run_after_utc) - julianday(created_at_utc)) * 86400)
        FROM task_queue
        """) == 7200)
    #expect(try connection.integer("SELECT length(payload) FROM task_queue") == 300_002)
    let shown = try cli.run("list")
    #expect(shown.output.contains("due in"))
    // What is that long is cut for people.
    #expect(shown.output.count < 2000)
  }

  @Test(
    arguments: [
      (["--type", "t", "hello"], "'\"hello\"'"), (["--type", "", "{}"], "type"),
      (["--type", "t", "-"], "payload"),
    ] as [([String], String)])
  func `Data that no queue takes is bad data`(arguments: [String], text: String) throws {
    let cli = try CommandLineUnderTest()
    try cli.run(["enqueue"] + arguments, input: "{").expectFailure(65, text)
    #expect(try cli.taskCount() == 0)
  }

  @Test(
    arguments: [
      (["--delay", "1"], "--delay"), (["--delay", "-1s"], "--delay"),
      (["--delay", "1s", "--run-after", "2030-01-01"], "use one"),
      (["--run-after", "soon"], "--run-after"), (["--priority", "high"], "--priority"),
      (["--max-attempts", "0"], "--max-attempts"), (["--compatibility", "[1]"], "JSON object"),
      (["--skip-bad"], "--file"), (["--file", "x", "{}"], "not both"),
      (["--file", "x", "--key", "k"], "--key"), (["--nope"], "--nope"), (["{}", "{}"], "{}"),
    ] as [([String], String)])
  func `A command line that makes no sense says so`(arguments: [String], text: String) throws {
    let cli = try CommandLineUnderTest()
    let result = try cli.run(["enqueue", "--type", "t"] + arguments)
    result.expectFailure(64, text)
    #expect(result.errors.contains("Usage: taskqueue enqueue"), "\(result)")
    #expect(try cli.taskCount() == 0)
  }

  // MARK: Many tasks

  private static let good = #"{"type":"a","payload":1,"priority":3}"#

  @Test(
    arguments: [
      (#"{"type":"b","payloda":1}"#, "did you mean \"payload\"?"), ("nonsense", "not JSON"),
      ("{\"payload\":1}", "\"type\" is missing"), (#"{"type":"b","priority":"x"}"#, "priority"),
      (#"{"type":"b","run_after":"later"}"#, "run_after"), (#"{"type":""}"#, "type"),
    ])
  func `A bad line is named, and what happens to the others is chosen`(
    bad: String, text: String
  ) throws {
    let lines = "\(Self.good)\n\(Self.good)\n\(bad)\n\(Self.good)\n"
    for (option, count) in [(nil, 0), ("--stream", 2)] as [(String?, Int64)] {
      let cli = try CommandLineUnderTest()
      let file = try cli.directory.write(lines, to: "tasks.jsonl")
      let result = try cli.run(["enqueue", "--file", file] + [option].compactMap(\.self))
      result.expectFailure(65, "\(file):3: ")
      #expect(result.errors.contains(text), "\(result)")
      let done = count == 0 ? "nothing was enqueued" : "2 tasks before it were enqueued"
      #expect(result.errors.contains(done), "\(result)")
      #expect(result.errors.contains("--skip-bad"))
      #expect(try cli.taskCount() == count)
    }
    let cli = try CommandLineUnderTest()
    let result = try cli.run("enqueue", "--skip-bad", input: lines)
    #expect(result.exitCode == 0, "\(result)")
    #expect(result.output == "enqueued 3 tasks, 1 bad line left out\n")
    #expect(result.errors.hasPrefix("taskqueue: warning: left out: standard input:3: "))
    #expect(try cli.taskCount() == 3)
  }

  @Test func `Options say what lines leave out`() throws {
    let cli = try CommandLineUnderTest()
    let lines = "{\"payload\":{\"n\":1}}\n{\"type\":\"own\",\"priority\":1,\"max_attempts\":2}\n"
    try cli.run(
      "enqueue", "--file", "-", "--type", "given", "--priority", "9", "--max-attempts", "4",
      "--compatibility", #"{"a":1}"#, "--run-after", "2031-01-01", input: lines
    ).expectSuccess()
    let tasks = try cli.json("list").elements
    #expect(tasks.map { $0["type"] } == ["given", "own"])
    #expect(tasks.map { $0["priority"] } == [9, 1])
    #expect(tasks.map { $0["max_attempts"] } == [4, 2])
    #expect(tasks.allSatisfy { $0["compatibility"] == .object(["a": 1]) })
    #expect(tasks.allSatisfy { $0["run_after"] == "2031-01-01 00:00:00.000" })
  }

  @Test func `Lines with keys can be enqueued again`() throws {
    let cli = try CommandLineUnderTest()
    let lines = (0..<1000).map { "{\"type\":\"t\",\"idempotency_key\":\"k\($0)\"}\n" }.joined()
    #expect(try cli.run("enqueue", input: lines).output == "enqueued 1000 tasks\n")
    #expect(
      try cli.run("enqueue", input: lines).output == "enqueued 0 tasks, 1000 there already\n")
    #expect(try cli.taskCount() == 1000)
  }

  @Test func `A stream does not wait for a batch to be full`() throws {
    let cli = try CommandLineUnderTest()
    let pipe = cli.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let program = try cli.start(["enqueue", "--stream", "--file", pipe])
    // Opens when the program does.
    let writer = try FileHandle(forWritingTo: URL(fileURLWithPath: pipe))
    for count in 1...3 {
      try writer.write(contentsOf: Data("\(Self.good)\n".utf8))
      try waitUntil("task \(count) to be there") { try cli.taskCount() == count }
    }
    try writer.close()
    #expect(try program.result().output == "enqueued 3 tasks\n")
  }

  @Test func `A file that is not there is no queue's fault`() throws {
    let cli = try CommandLineUnderTest()
    try cli.run("enqueue", "--file", cli.path("none")).expectFailure(66, "there is no such file")
    try cli.run("enqueue", "--file", cli.directory.path).expectFailure(66, "a directory")
  }
}
