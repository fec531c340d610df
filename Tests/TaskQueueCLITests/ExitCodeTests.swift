import Foundation
import HarnessDriver
import Platform
import SQLite
import Testing

/// What the system or others do to the program.
@Suite struct ExitCodeTests {
  @Test func `A queue that others hold is unavailable`() throws {
    let cli = try CommandLineUnderTest()
    let other = try cli.connect()
    try other.execute(script: "BEGIN IMMEDIATE")
    let result = try cli.run(
      "enqueue", "--type", "t",
      environment: ["TASKQUEUE_BUSY_POLICY": "{fixed: {delay: 1ms, timeout: 100ms}}"])
    result.expectFailure(69, "locked")
    // Looking does not need the lock.
    try cli.run("list").expectSuccess()
  }

  @Test func `A queue of a newer program is left alone`() throws {
    let cli = try CommandLineUnderTest()
    try cli.execute("PRAGMA user_version = 999")
    for command in [["stats"], ["init"], ["enqueue", "--type", "t"], ["list"]] {
      try cli.run(command).expectFailure(65, "schema version 999")
    }
    #expect(try cli.connect().integer("PRAGMA user_version") == 999)
  }

  @Test(arguments: [["get", "1"], ["list"], ["stats"], ["backup"], ["restore"]] as [[String]])
  func `A file that is no database is bad data`(command: [String]) throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    let text = String(repeating: "no database\n", count: 500)
    try cli.directory.write(text, to: "queue.db")
    if command == ["restore"] {
      // Not even by a good backup, unless that is asked for.
      let other = try CommandLineUnderTest()
      let backup = try #require(try other.json("backup")["path"]?.text)
      try cli.run("restore", backup).expectFailure(65, "use --replace-damaged")
      #expect(FileManager.default.contents(atPath: cli.database) == Data(text.utf8))
      try cli.run("restore", backup, "--replace-damaged").expectSuccess()
      #expect(try cli.taskCount() == 0)
    } else {
      try cli.run(command).expectFailure(65, cli.database)
      #expect(FileManager.default.contents(atPath: cli.database) == Data(text.utf8))
    }
  }

  @Test(.enabled(if: geteuid() != 0))
  func `What the system does not allow has its code`() throws {
    let cli = try CommandLineUnderTest()
    try FileManager.default.setAttributes([.posixPermissions: 0o000], ofItemAtPath: cli.database)
    try cli.run("stats").expectFailure(77, cli.database)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func `Output that cannot be written is an error`() throws {
    let cli = try CommandLineUnderTest()
    for command in [
      ["stats"], ["list"], ["export", "-"], ["config", "show"], ["list", "--json"],
    ] {
      try cli.run(command, output: "/dev/full").expectFailure(74, "No space left on device")
    }
  }

  @Test func `A reader who has seen enough is no error`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(5000)
    let program = try Harness.executable("taskqueue")
    func status(_ command: String) throws -> String {
      let script = try cli.directory.write(
        """
        #!/bin/bash
        '\(program)' \(command) | head -1 > /dev/null
        echo "${PIPESTATUS[0]}"
        """, to: "\(UUID().uuidString).sh")
      let output = cli.path(UUID().uuidString)
      let child = try ChildProcess.spawn(
        ChildCommand(
          executable: "/bin/bash", arguments: [script], environment: cli.environment,
          standardOutput: .file(path: output), standardError: .file(path: output)))
      child.wait()
      let bytes = FileManager.default.contents(atPath: output) ?? Data()
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(try status("list --json --limit 5000") == "0\n")
    #expect(try status("list --limit 5000") == "0\n")
    // Half an export is none.
    #expect(
      try status("export -")
        == "taskqueue: error: standard output was closed before all tasks were written\n74\n")
  }

  @Test func `All of a long output arrives`() throws {
    let cli = try CommandLineUnderTest()
    try cli.enqueue(20_000)
    #expect(try cli.json("list", "--limit", "30000").elements.count == 20_000)
    let lines = try cli.run("list", "--limit", "30000").output.split(separator: "\n")
    #expect(lines.count == 20_002)
  }

  @Test func `Ctrl-C ends a long command, and what was done stays`() throws {
    let cli = try CommandLineUnderTest()
    let pipe = cli.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let program = try cli.start(["enqueue", "--stream", "--file", pipe])
    let writer = try FileHandle(forWritingTo: URL(fileURLWithPath: pipe))
    try writer.write(contentsOf: Data("{\"type\":\"t\"}\n".utf8))
    try waitUntil("the task") { try cli.taskCount() == 1 }
    program.child.kill(signal: SIGINT)
    let result = try program.result()
    // For a shell that is 130.
    #expect(result.reason == .signaled(signal: SIGINT, dumpedCore: false))
    #expect(try cli.taskCount() == 1)
    try writer.close()
  }
}
