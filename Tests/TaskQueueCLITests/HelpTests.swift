import Foundation
import HarnessDriver
import Platform
import SQLite
import Testing

/// What the program says about itself.
@Suite struct HelpTests {
  static let commands: [[String]] = [
    [], ["init"], ["enqueue"], ["get"], ["list"], ["cancel"], ["retry"], ["stats"], ["top"],
    ["metrics"],
    ["work"], ["logs"],
    ["logs", "show"], ["logs", "add"], ["logs", "prune"], ["workers"], ["workers", "list"],
    ["workers", "show"], ["workers", "reclaim"], ["workers", "cleanup"], ["backup"],
    ["backup", "create"], ["backup", "list"], ["backup", "verify"], ["backup", "cleanup"],
    ["restore"], ["maintain"], ["maintain", "checkpoint"], ["maintain", "analyze"],
    ["maintain", "vacuum"], ["maintain", "incremental-vacuum"], ["maintain", "integrity-check"],
    ["maintain", "counters"], ["maintain", "stale-leases"], ["maintain", "statistics"],
    ["maintain", "optimize"], ["prune"],
    ["export"], ["import"], ["import", "file"], ["import", "list"], ["import", "rollback"],
    ["config"], ["config", "show"],
  ]

  @Test(arguments: commands)
  func `Every command explains itself on a terminal of 80 columns`(command: [String]) throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    let result = try cli.run(command + ["--help"])
    result.expectSuccess()
    #expect(result.output.contains("USAGE: taskqueue \(command.joined(separator: " "))"))
    let tooLong = result.output.split(separator: "\n")
      .filter { $0.count > 80 && !$0.hasPrefix("USAGE: ") }
    #expect(tooLong.isEmpty, "\(tooLong)")
    // Examples are typed as they stand.
    for line in result.output.split(separator: "\n") where line.hasPrefix("  taskqueue ") {
      #expect(!line.hasSuffix("\\"), "\(line)")
    }
    if command.count == 1 || command.isEmpty {
      #expect(result.output.contains("\n  taskqueue \(command.first ?? "init")"), "\(result)")
    }
  }

  @Test func `The version names the SQLite that runs`() throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    let result = try cli.run("--version")
    result.expectSuccess()
    #expect(result.output.hasPrefix("taskqueue "))
    #expect(result.output.contains(SQLiteLibrary.version))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `There are completions`(shell: String) throws {
    let cli = try CommandLineUnderTest(makesQueue: false)
    let result = try cli.run("--generate-completion-script", shell)
    result.expectSuccess()
    for word in ["enqueue", "integrity-check", "--older-than"] {
      #expect(result.output.contains(word), "\(word)")
    }
    guard shell == "bash", FileManager.default.isExecutableFile(atPath: "/bin/bash") else { return }
    let script = try cli.directory.write(result.output, to: "completions.bash")
    let check = try ChildProcess.spawn(
      ChildCommand(
        executable: "/bin/bash", arguments: ["-n", script], environment: cli.environment))
    #expect(check.wait().isSuccess)
  }

  @Test func `A slip of the keyboard is answered with what was meant`() throws {
    let cli = try CommandLineUnderTest()
    let result = try cli.run("list", "--stauts", "queued")
    result.expectFailure(64, "--stauts")
    #expect(result.errors.contains("'--status'"), "\(result)")
    #expect(try cli.run("lst").exitCode == 64)
  }
}
