import Foundation
import HarnessDriver
import SQLite
import Testing

/// Backups and what is made of them.
@Suite struct BackupTests {
  @Test func `A backup is made, listed, verified and restored`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(5)
    let made = try cli.run("backup")
    made.expectSuccess()
    #expect(made.output.hasPrefix("made \(cli.path("backups/queue-"))"), "\(made)")
    #expect(made.output.contains("(5 tasks, "))
    let list = try cli.json("backup", "list").elements
    #expect(list.count == 1)
    #expect(list[0]["tasks"] == 5)
    #expect(list[0]["name"] == "queue")
    let path = try #require(list[0]["path"]?.text)
    #expect(try cli.json("backup", "verify", path)["is_valid"] == true)
    #expect(try cli.run("backup", "list").output.contains(path))

    try cli.enqueue(2)
    let restored = try cli.json("restore", path)
    #expect(restored["tasks"] == 5)
    #expect(try cli.taskCount() == 5)
    let kept = try #require(restored["kept"]?.text)
    #expect(try cli.run("list", "--count", "--db", kept).output == "7\n")
    let again = try cli.run("restore", path, "--discard-old")
    again.expectSuccess()
    #expect(again.output == "restored 5 tasks into \(cli.database)\n")
  }

  @Test func `Only the newest backups are kept`() throws {
    let cli = try CommandLineUnderTest()
    let place = cli.path("my/backups")
    for name in ["a", "a", "b", "a"] {
      try cli.run("backup", "create", "--to", place, "--name", name).expectSuccess()
    }
    func names() throws -> [JSONNode?] {
      try cli.json("backup", "list", "--to", place).elements.map { $0["name"] }
    }
    let removed = try cli.json("backup", "cleanup", "--keep", "2", "--name", "a", "--to", place)
    #expect(removed["removed"]?.elements.count == 1)
    #expect(try names() == ["a", "b", "a"])
    let last = try cli.json("backup", "create", "--to", place, "--name", "a", "--keep", "1")
    #expect(last["removed"]?.elements.count == 2)
    #expect(try names() == ["a", "b"])
    let nothing = try cli.run("backup", "cleanup", "--keep", "9", "--to", place)
    #expect(nothing.output == "nothing to remove\n")
    try cli.run("backup", "cleanup", "--keep", "0", "--to", place).expectFailure(64, "--keep")
    try cli.run("backup", "list", "--to", cli.path("none")).expectFailure(66, "no such directory")
  }

  @Test(arguments: ["damaged", "cut off", "no database", "another program's", "empty", "missing"])
  func `A bad backup is refused, and the queue stays`(kind: String) throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(2000)
    let path = try #require(try cli.json("backup")["path"]?.text)
    let expectedCode: Int32
    switch kind {
    case "damaged":
      try damage(path)
      expectedCode = 65
    case "cut off":
      let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
      try file.truncate(atOffset: 20_480)
      expectedCode = 65
    case "no database":
      try Data("nothing of the kind".utf8).write(to: URL(fileURLWithPath: path))
      expectedCode = 65
    case "another program's":
      try FileManager.default.removeItem(atPath: path)
      try Connection(path: path, busyPolicy: .timeout(timeoutMs: 1000))
        .execute(script: "CREATE TABLE t (a)")
      expectedCode = 65
    case "empty":
      try Data().write(to: URL(fileURLWithPath: path))
      expectedCode = 65
    default:
      try FileManager.default.removeItem(atPath: path)
      expectedCode = 66
    }
    try cli.enqueue(1)
    let inode = try FileManager.default.attributesOfItem(atPath: cli.database)[.systemFileNumber]
    let result = try cli.run("restore", path)
    result.expectFailure(expectedCode, path)
    let after = try FileManager.default.attributesOfItem(atPath: cli.database)[.systemFileNumber]
    #expect(inode as? Int == after as? Int)
    #expect(try cli.taskCount() == 2001)
    #expect(try cli.run("maintain", "integrity-check").output == "intact\n")
    try cli.run("backup", "verify", path).expectFailure(expectedCode, path)
    // Nor is anything left beside it.
    let names = try FileManager.default.contentsOfDirectory(atPath: cli.directory.path)
    #expect(!names.contains { $0.contains("restoring") || $0.contains("before") }, "\(names)")
  }

  @Test func `A queue in use is not replaced`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(1)
    let path = try #require(try cli.json("backup")["path"]?.text)
    let other = try cli.connect()
    #expect(try other.integer("SELECT COUNT(*) FROM task_queue") == 1)
    try cli.run("restore", path).expectFailure(69, "somebody has the queue open")
    #expect(try other.integer("SELECT COUNT(*) FROM task_queue") == 1)
  }

  @Test func `A queue without a log is copied only where its writers may wait`() throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    let environment = [
      "TASKQUEUE_PRAGMA_JOURNAL_MODE": "DELETE", "TASKQUEUE_PRAGMA_SYNCHRONOUS": "FULL",
    ]
    try cli.run("init", environment: environment).expectSuccess()
    try cli.run("backup", environment: environment).expectFailure(64, "--writers-may-wait")
    try cli.run("backup", "create", "--writers-may-wait", environment: environment).expectSuccess()
  }

  @Test func `After the queue was lost, its backups can be seen and used`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(3)
    let path = try #require(try cli.json("backup")["path"]?.text)
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: cli.database + suffix)
    }
    #expect(try cli.json("backup", "list").elements.count == 1)
    #expect(try cli.json("backup", "verify", path)["is_valid"] == true)
    try cli.run("restore", path).expectSuccess()
    #expect(try cli.taskCount() == 3)
    try cli.run("restore", path, "--db", cli.path("none/queue.db")).expectFailure(73, "mkdir -p")
  }
}
