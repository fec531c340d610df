import Foundation
import Platform
import QueueEngine
import TestSupport
import Testing

/// What a command is given, and what is made of what it leaves behind.
@Suite(.temporaryDirectory) struct CommandContractTests {
  // MARK: Given

  @Test(arguments: [
    "{}", #"{"to": "Žofie 🦊", "n": [1, 2.50, null]}"#, "\"a\\nb\\u0000c\"", " 17 ",
  ])
  func thePayloadArrivesByteForByte(payload: String) throws {
    let fixture = try WorkFixture()
    let id = try fixture.enqueue(payload)
    let end = try fixture.drain("cat > \(fixture.path("payload"))")
    #expect(end.code == 0, "\(end)")
    let arrived = try Data(contentsOf: URL(fileURLWithPath: fixture.path("payload")))
    #expect(arrived == Data(payload.utf8))
    #expect(try fixture.task(id).status == .completed)
    #expect(try fixture.task(id).result == nil)
  }

  @Test func aPayloadOfAMebibyteArrivesAndComesBack() throws {
    let fixture = try WorkFixture()
    let payload = "\"" + String(repeating: "ä", count: (1 << 19) - 1) + "\""
    try #require(payload.utf8.count == NewTask.payloadByteLimit)
    let id = try fixture.enqueue(payload)
    #expect(try fixture.drain("cat").code == 0)
    #expect(try fixture.task(id).result == payload)
  }

  @Test func factsAreInTheEnvironment() throws {
    let fixture = try WorkFixture()
    let id = try fixture.enqueue(type: "a b=c", priority: 7, maxAttempts: 3, key: "key 1")
    let before = Timestamp.now()
    let end = try fixture.work(
      [
        "--drain", "--worker-id", "w1", "--timeout", "1h", "--lease", "40s", "--shell",
        "env | grep ^TASKQUEUE_",
      ], [], environment: ["TASKQUEUE_TASK_KEY": "of another", "TASKQUEUE_LOG_LEVEL": "error"]
    ).end()
    #expect(end.code == 0, "\(end)")
    let result = try #require(try fixture.task(id).result)
    let text = try JSONDecoder().decode(String.self, from: Data(result.utf8))
    var facts = Dictionary(
      uniqueKeysWithValues: text.split(separator: "\n").map { line in
        let parts = line.split(separator: "=", maxSplits: 1)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
      })
    func moment(_ name: String) throws -> Timestamp {
      try #require(facts.removeValue(forKey: name).flatMap(Timestamp.init))
    }
    #expect(try moment("TASKQUEUE_TASK_LEASE_UNTIL") >= before.adding(milliseconds: 40_000))
    #expect(try moment("TASKQUEUE_TASK_TIMEOUT_AT") >= before.adding(milliseconds: 3_600_000))
    #expect(
      facts == [
        "TASKQUEUE_TASK_ID": "\(id.rawValue)", "TASKQUEUE_TASK_TYPE": "a b=c",
        "TASKQUEUE_TASK_PRIORITY": "7", "TASKQUEUE_TASK_ATTEMPT": "1",
        "TASKQUEUE_TASK_MAX_ATTEMPTS": "3", "TASKQUEUE_TASK_KEY": "key 1",
        "TASKQUEUE_TASK_WORKER": "w1", "TASKQUEUE_DB": fixture.database,
        "TASKQUEUE_LOG_LEVEL": "error",
      ])
  }

  @Test func tasksOfABatchHaveTheirOwnKeys() throws {
    let fixture = try WorkFixture()
    let ids = try (0..<4).map { try fixture.enqueue(key: $0 == 2 ? nil : "key \($0)") }
    let end = try fixture.drain("echo ${TASKQUEUE_TASK_KEY-none}", "-j", "4")
    #expect(end.code == 0, "\(end)")
    let results = try ids.map { try fixture.task($0).result }
    #expect(results == ["\"key 0\"", "\"key 1\"", "\"none\"", "\"key 3\""])
  }

  @Test func aCommandCanUseTheQueueItIsFrom() throws {
    let fixture = try WorkFixture()
    let first = try fixture.enqueue(type: "first")
    let end = try fixture.work(
      ["--drain", "--types", "first", "--directory", "/"],
      [try Program.path(), "enqueue", "--type", "second", "2"]
    ).end()
    #expect(end.code == 0, "\(end)")
    #expect(try fixture.task(first).status == .completed)
    let second = try fixture.task(TaskID(rawValue: first.rawValue + 1))
    #expect(second.type == "second")
    #expect(second.status == .queued)
  }

  // MARK: Exit codes

  @Test(arguments: [
    (0, TaskStatus.completed, Int32(0)), (1, .queued, 75), (2, .queued, 75), (64, .queued, 75),
    (65, .failed, 70), (75, .queued, 75), (78, .queued, 75), (255, .queued, 75),
  ])
  func exitCodesSayHowItWent(code: Int, status: TaskStatus, workerCode: Int32) throws {
    let fixture = try WorkFixture()
    let id = try fixture.enqueue()
    let end = try fixture.once("echo trouble >&2; exit \(code)")
    #expect(end.code == workerCode, "\(end)")
    let task = try fixture.task(id)
    #expect(task.status == status)
    #expect(task.attempts == 1)
    #expect(task.errorMessage == (code == 0 ? nil : "exit code \(code): trouble"))
    #expect(end.errors.contains("trouble\n"))
  }

  @Test func exitCodesCanBeGivenOtherMeanings() throws {
    let fixture = try WorkFixture()
    for (code, status) in [(3, TaskStatus.failed), (70, .failed), (65, .queued), (127, .queued)] {
      let id = try fixture.enqueue()
      try fixture.once(
        "exit \(code)", "--permanent-exit-codes", "3,66-72", "--retry-exit-codes", "65,126-127",
        "--retry", "{fixed: 1min}")
      #expect(try fixture.task(id).status == status, "exit code \(code)")
    }
  }

  @Test func theLastAttemptLeadsToDeadLetter() throws {
    let fixture = try WorkFixture()
    let id = try fixture.enqueue(maxAttempts: 1)
    #expect(try fixture.once("exit 1").code == 70)
    #expect(try fixture.task(id).status == .deadLetter)
  }

  @Test func aSignalIsNotTheTasksFault() throws {
    let fixture = try WorkFixture()
    let id = try fixture.enqueue()
    #expect(try fixture.once("kill -9 $$").code == 75)
    let task = try fixture.task(id)
    #expect(task.status == .queued)
    #expect(task.errorMessage == "ended by signal 9 (Killed)")
  }

  @Test func aFailedTaskIsTriedAgainAfterItsDelay() throws {
    let fixture = try WorkFixture()
    let id = try fixture.enqueue()
    let worker = try fixture.work(
      [
        "--retry", "{fixed: 60ms}", "--shell",
        "date +%s%N >> \(fixture.path("times")); [ $TASKQUEUE_TASK_ATTEMPT -ge 3 ]",
      ], [])
    try waitUntil("the third attempt") { try fixture.task(id).status == .completed }
    #expect(worker.child.kill(signal: SIGTERM))
    #expect(try worker.end().code == 0)
    let times = try String(contentsOfFile: fixture.path("times"), encoding: .utf8)
      .split(separator: "\n").compactMap { UInt64($0) }
    try #require(times.count == 3)
    #expect(times[1] - times[0] >= 59_000_000)
    #expect(times[2] - times[1] >= 59_000_000)
  }

  @Test func lastLinesOfWhateverWasWrittenAreTheMessage() throws {
    let fixture = try WorkFixture()
    let many = try fixture.enqueue()
    try fixture.once("i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done >&2; exit 65")
    let message = try #require(try fixture.task(many).errorMessage)
    #expect(message.hasPrefix("exit code 65: line 480\n"))
    #expect(message.hasSuffix("line 499"))
    let output = try fixture.enqueue()
    try fixture.once("echo to the wrong stream; exit 65")
    #expect(try fixture.task(output).errorMessage == "exit code 65: to the wrong stream")
    let silent = try fixture.enqueue()
    try fixture.once("exit 65")
    #expect(try fixture.task(silent).errorMessage == "exit code 65")
  }

  // MARK: Results

  @Test(arguments: [
    (#"printf '{"a": [1]}\n'"#, #"{"a": [1]}"#), ("echo 17", "17"), ("echo hello", #""hello""#),
    (#"printf 'a "b"\n\\ \001\n'"#, #""a \"b\"\n\\ \u0001""#),
    ("printf 'x\\377y'", "\"x\u{FFFD}y\""),
    ("printf ' \\n'", nil), ("true", nil), ("echo '{\"a\": '", #""{\"a\": ""#),
  ])
  func standardOutputIsTheResult(line: String, result: String?) throws {
    let fixture = try WorkFixture()
    let id = try fixture.enqueue()
    let end = try fixture.once(line)
    #expect(end.code == 0, "\(end)")
    #expect(try fixture.task(id).result == result)
  }

  @Test func aLongResultIsCutAndSaysSo() throws {
    let fixture = try WorkFixture()
    let id = try fixture.enqueue()
    let end = try fixture.once("head -c 3000000 /dev/zero | tr '\\0' '\"'")
    #expect(end.code == 0, "\(end)")
    let result = try #require(try fixture.task(id).result)
    #expect(result.utf8.count <= NewTask.payloadByteLimit)
    #expect(result.utf8.count > NewTask.payloadByteLimit - 10)
    let text = try JSONDecoder().decode(String.self, from: Data(result.utf8))
    #expect(text.hasPrefix("\"\"\""))
    #expect(text.hasSuffix("\"… [cut: the output has 3000000 bytes]"))
  }

  @Test func streamsGoWhereTheyAreWanted() throws {
    let fixture = try WorkFixture()
    let line = "echo out; echo err >&2"
    var id = try fixture.enqueue()
    let passed = try fixture.once(line, "--stdout", "pass")
    #expect(passed.output == "out\n")
    #expect(passed.errors == "err\n")
    #expect(try fixture.task(id).result == nil)
    id = try fixture.enqueue()
    let dropped = try fixture.once(line, "--stdout", "drop", "--stderr", "drop")
    #expect(dropped.output.isEmpty && dropped.errors.isEmpty)
    #expect(try fixture.task(id).result == nil)
    id = try fixture.enqueue()
    let logged = try fixture.once(
      line, "--stderr", "log", "--log-to-database", "on", "--log-level", "info")
    #expect(logged.errors.contains("task=#\(id.rawValue)"))
    let log = try fixture.start(["logs", "--db", fixture.database, "--json"]).end()
    #expect(log.output.contains("\"err\""), "\(log)")
    #expect(log.output.contains("processing -> completed"), "\(log)")
  }
}
