import Foundation
import HarnessDriver
import SQLite
import Testing

/// Looking at tasks, and changing what becomes of them.
@Suite struct TaskCommandTests {
  @Test func `get shows everything there is to know`() throws {
    let cli = try CommandLineUnderTest()
    try cli.run("enqueue", "--type", "email", #"{"to":"a"}"#, "--key", "k1").expectSuccess()
    let shown = try cli.run("get", "#1")
    shown.expectSuccess()
    for fact in ["email", "queued", "0 of 5", "k1", #"{"to":"a"}"#, "UTC"] {
      #expect(shown.output.contains(fact), "\(fact)\n\(shown)")
    }
    try cli.run("get", "2").expectFailure(1, "there is no task #2")
    try cli.run("get", "two").expectFailure(64, "two")
    try cli.run("get", "0").expectFailure(64, "0")
  }

  @Test func `list filters`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(3, type: "a")
    try cli.run("enqueue", "--type", "b", "--priority", "7", "--key", "key").expectSuccess()
    try cli.execute(
      """
      UPDATE task_queue SET status = 'failed', error_message = 'no Route to host',
        finished_at_utc = '2026-01-01 00:00:00.000', locked_by = 'w1' WHERE id = 2;
      UPDATE task_queue SET created_at_utc = '2020-01-01 00:00:00.000' WHERE id = 3;
      """)
    func ids(_ arguments: String...) throws -> [Int?] {
      let result = try cli.run(["list", "--json"] + arguments)
      let json = try JSONDecoder().decode(JSONNode.self, from: Data(result.output.utf8))
      return json.elements.map { $0["id"]?.number }
    }
    #expect(try ids() == [1, 2, 3, 4])
    #expect(try ids("--newest", "--limit", "2") == [4, 3])
    #expect(try ids("--after", "2") == [3, 4])
    #expect(try ids("--status", "failed") == [2])
    #expect(try ids("--status", "failed", "--status", "queued") == [1, 2, 3, 4])
    #expect(try ids("--type", "b") == [4])
    #expect(try ids("--type", "b", "--status", "failed") == [])
    #expect(try ids("--priority", "0-50") == [4])
    #expect(try ids("--priority", "7") == [4])
    #expect(try ids("--key", "key") == [4])
    #expect(try ids("--error", "ROUTE") == [2])
    #expect(try ids("--worker", "w1") == [2])
    #expect(try ids("--created-before", "2021-01-01") == [3])
    #expect(try ids("--created-since", "1h") == [1, 2, 4])
    #expect(try ids("--finished-since", "2026-01-01") == [2])
    #expect(try ids("--finished-before", "2026-01-01") == [])
    #expect(try cli.run("list", "--type", "a", "--count").output == "3\n")
    try cli.run("list", "--status", "done").expectFailure(64, "done")
    try cli.run("list", "--priority", "9-1").expectFailure(64, "9-1")
  }

  @Test func `list says where the next page begins`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(5)
    let first = try cli.run("list", "--limit", "3")
    first.expectSuccess()
    #expect(first.output.hasSuffix("more with --after 3\n"))
    let second = try cli.run("list", "--limit", "3", "--after", "3")
    #expect(!second.output.contains("more"))
    #expect(second.output.split(separator: "\n").count == 4)
    #expect(try cli.run("list", "--after", "5").output == "no more tasks\n")
    #expect(try cli.run("list", "--type", "none").output == "no tasks\n")
  }

  @Test func `cancel takes back what waits, and says why not`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(4)
    try cli.execute(
      """
      UPDATE task_queue SET status = 'processing', locked_by = 'w1', attempts = 1,
        lease_until_utc = '2099-01-01 00:00:00.000' WHERE id = 2;
      """)
    let result = try cli.run("cancel", "1", "2", "9")
    #expect(result.output == "cancelled #1\n")
    result.expectFailure(1, "#2 is held by w1; take it from there with --held")
    #expect(result.errors.contains("#9 does not exist"))
    let json = try cli.json("cancel", "1", "3", exitCode: 1)
    #expect(json["cancelled"] == [3])
    #expect(json["refused"]?.elements.first?["id"] == 1)
    #expect(json["refused"]?.elements.first?["reason"] == "is cancelled already")
    #expect(try cli.run("cancel", "--held", "2").output == "cancelled #2\n")
    #expect(try cli.run("cancel", "--type", "t").output == "cancelled 1 task\n")
    #expect(try cli.run("cancel", "--all").output == "cancelled 0 tasks\n")
  }

  @Test func `retry queues anew what has ended`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(4)
    try cli.execute(
      """
      UPDATE task_queue SET status = 'failed', attempts = 5, error_message = 'refused',
        finished_at_utc = '2026-01-01 00:00:00.000' WHERE id IN (1, 2);
      UPDATE task_queue SET status = 'dead_letter', attempts = 5,
        finished_at_utc = '2026-01-01 00:00:00.000' WHERE id = 3;
      """)
    let result = try cli.run("retry", "1", "4", "9", "--attempts", "3")
    #expect(result.output == "queued #1\n")
    result.expectFailure(1, "#4 is queued, and has not ended")
    #expect(result.errors.contains("#9 does not exist"))
    let task = try cli.json("get", "1")
    #expect(task["status"] == "queued")
    #expect(task["max_attempts"] == 8)
    #expect(task["error_message"] == nil as JSONNode)
    #expect(try cli.run("retry", "--error", "refused").output == "queued 1 task\n")
    #expect(try cli.json("retry", "--all")["count"] == 1)
  }

  @Test(
    arguments: [
      ["cancel"], ["retry"], ["cancel", "1", "--all"], ["retry", "1", "--type", "t"],
      ["retry", "1", "--limit", "2"],
    ] as [[String]])
  func `Which tasks are meant must be said, once`(command: [String]) throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(2)
    #expect(try cli.run(command).exitCode == 64)
    #expect(try cli.json("list", "--status", "queued").elements.count == 2)
  }
}
