import Foundation
import HarnessDriver
import SQLite
import Testing

/// SQL, control characters and worse in everything that a user may type.
@Suite struct HostileTextTests {
  static let texts = [
    "'; DROP TABLE task_queue; --", "\" OR 1=1 --", "%_", "\u{1B}[2J\u{1B}[31m", "a\nb\tc\rd",
    "\u{9B}31m\u{7F}", "\u{202E}gpj.exe", "ünï 語 🙂", "--json", "$(reboot) `x` \\ \\u0000",
  ]

  private static func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0x0a: return true
      case 0..<0x20, 0x7f..<0xa0, 0x202a...0x202e, 0x2066...0x2069: return false
      default: return true
      }
    }
  }

  private func quoted(_ text: String) throws -> String {
    String(decoding: try JSONEncoder().encode([text]), as: UTF8.self).dropFirst().dropLast()
      .description
  }

  @Test(arguments: texts)
  func `What a task is called stays what it is`(text: String) throws {
    let cli = try CommandLineUnderTest()
    let payload = try quoted(text)
    try cli.run("enqueue", "--type=\(text)", "--key=\(text)", payload).expectSuccess()
    try cli.run(
      "enqueue", input: "{\"type\":\(payload),\"payload\":\(payload)}\n"
    ).expectSuccess()
    for id in ["1", "2"] {
      let task = try cli.json("get", id)
      #expect(task["type"]?.text == text)
      #expect(task["payload"]?.text == text)
    }
    #expect(try cli.json("list", "--type=\(text)").elements.count == 2)
    #expect(try cli.json("list", "--key=\(text)").elements.count == 1)
    #expect(try cli.json("list", "--worker=\(text)").elements.isEmpty)
    #expect(try cli.json("list", "--error=\(text)").elements.isEmpty)
    for command in [["list"], ["get", "1"], ["list", "--json"], ["get", "1", "--json"]] {
      let result = try cli.run(command)
      result.expectSuccess()
      #expect(Self.isHarmless(result.output), "\(command) \(result)")
    }
    #expect(try cli.run("cancel", "--type=\(text)").output == "cancelled 2 tasks\n")
    #expect(try cli.taskCount() == 2)
  }

  @Test(arguments: texts)
  func `What workers and other programs have written stays what it is`(text: String) throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(1)
    let statement = try cli.connect().prepare(
      """
      UPDATE task_queue SET error_message = ?1, locked_by = ?1, result = ?1, status = 'failed',
        compatibility = ?1, finished_at_utc = '2026-01-01 00:00:00.000'
      """)
    try statement.bind(text, at: 1)
    try statement.run()
    let worker = try cli.connect().prepare(
      "INSERT INTO workers (worker_id, capabilities) VALUES (?1, ?1)")
    try worker.bind(text, at: 1)
    try worker.run()
    try cli.run("logs", "add", "--details", try quoted(text), "1", "--", text).expectSuccess()

    let task = try cli.json("get", "1")
    for key in ["error_message", "locked_by", "result", "compatibility"] {
      #expect(task[key]?.text == text, "\(key)")
    }
    let entry = try cli.json("logs").elements.first
    #expect(entry?["message"]?.text == text)
    #expect(entry?["details"]?.text == text)
    #expect(try cli.json("workers").elements.first?["id"]?.text == text)
    #expect(try cli.json("list", "--worker=\(text)").elements.count == 1)
    #expect(try cli.json("list", "--error=\(text)").elements.count == 1)
    let commands = [
      ["list"], ["get", "1"], ["logs"], ["logs", "--task", "1"], ["workers"],
      ["workers", "show", "--", text], ["retry", "1"], ["retry", "1"],
    ]
    for command in commands {
      let result = try cli.run(command)
      #expect(Self.isHarmless(result.output + result.errors), "\(command) \(result)")
    }
  }

  @Test(arguments: texts)
  func `Paths may be called anything`(text: String) throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    let path = cli.path(text.replacingOccurrences(of: "/", with: "_"))
    for command in [["init"], ["enqueue", "--type", "t"], ["stats"], ["list"], ["backup"]] {
      let result = try cli.run(command + ["--db", path])
      result.expectSuccess()
      #expect(Self.isHarmless(result.output), "\(command) \(result)")
    }
    #expect(try cli.run("list", "--count", "--db", path).output == "1\n")
    let missing = try cli.run("stats", "--db", path + "x")
    #expect(missing.exitCode == 66)
    #expect(Self.isHarmless(missing.errors), "\(missing)")
    let bad = try cli.run("config", "show", "--config", path)
    #expect(bad.exitCode == 78)
    #expect(Self.isHarmless(bad.errors), "\(bad)")
  }

  @Test(arguments: ["../evil", "a/b", ".hidden", "x\u{1B}y", "a b"])
  func `A backup's name is a plain one`(name: String) throws {
    let cli = try CommandLineUnderTest()
    try cli.run("backup", "create", "--name=\(name)").expectFailure(64, "cannot name a backup")
  }
}
