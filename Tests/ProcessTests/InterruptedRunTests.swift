import Foundation
import HarnessDriver
import Platform
import Results
import Testing
import Verification

/// Runs that somebody ends from outside, and how they go on.
@Suite struct InterruptedRunTests {
  private let directory = TemporaryDirectory()

  /// Four repeats that are long enough to be caught.
  private func start(
    _ more: String..., through wrapper: [String] = []
  ) throws -> (run: HarnessRun, files: RunFiles, scenario: String) {
    var scenario = TinyScenario()
    scenario.repeats = 2
    scenario.measureMs = 400
    scenario.settings = ["depth: 50"]
    let path = try scenario.write(to: directory)
    let run = try Harness.start(
      Harness.runArguments(path, results: directory.path, name: "run") + more, in: directory,
      through: wrapper)
    return (run, RunFiles(results: directory.path, name: "run"), path)
  }

  /// Waits until one repeat is stored and the next has all its processes; returns these.
  private func waitForSecondRepeat(_ run: HarnessRun, _ files: RunFiles) throws -> [Int32] {
    try waitUntil("the second repeat") {
      guard files.rowCount >= 1 else { return nil }
      let roles = ProcessEntry.roles(of: run.child.pid)
      return roles.count == 4 ? roles.map(\.pid) : nil
    }
  }

  private func resume(_ scenario: String) throws -> HarnessResult {
    try Harness.run(
      [
        "run", scenario, "--results", directory.path, "--resume", "run", "--allow-debug",
        "--no-plots", "--keep-disturbed",
      ], in: directory)
  }

  /// Everything is there once, what was there before is as it was, and nothing else is left.
  private func expectComplete(_ files: RunFiles, before: [String]) throws {
    let lines = try files.cellsLines()
    #expect(Array(lines.prefix(before.count)) == before)
    #expect(try files.storedKeys().sorted() == ["c01-r1", "c01-r2", "c02-r1", "c02-r2"])
    #expect(try files.rows().allSatisfy { $0.status == .measured && $0.verdict == .valid })
    #expect(try files.manifest().finishedAtUtc != nil)
    #expect(!FileManager.default.fileExists(atPath: "\(files.path)/databases"))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalEndsCleanlyAndTheRunGoesOn(signal: Int32) throws {
    let (run, files, _) = try start()
    let children = try waitForSecondRepeat(run, files)
    let before = try files.cellsLines()
    run.child.kill(signal: signal)
    let result = try run.result()
    #expect(result.exitCode == 130, "\(result)")
    #expect(!children.contains { ProcessEntry.isAlive($0) })
    #expect(try files.cellsLines() == before)
    #expect(try files.manifest().finishedAtUtc == nil)
    #expect(!FileManager.default.fileExists(atPath: "\(files.path)/databases"))

    // The command that it suggests is the one that continues the run.
    let hint = try #require(result.errorLines.last)
    #expect(result.errorLines.count == 1)
    let command = try #require(hint.split(separator: "go on with: queuebench ").last)
    let resumed = try Harness.run(command.split(separator: " ").map(String.init), in: directory)
    #expect(resumed.exitCode == 0, "\(resumed)")
    try expectComplete(files, before: before)
    #expect(!resumed.output.contains("[4/4]"))
  }

  @Test func aCtrlCAtTheTerminalReachesTheChildrenToo() throws {
    let (run, files, scenario) = try start(through: ["/usr/bin/env", "setsid"])
    let children = try waitForSecondRepeat(run, files)
    let before = try files.cellsLines()
    // To the whole process group, as a terminal does.
    #expect(kill(-run.child.pid, SIGINT) == 0)
    let result = try run.result()
    #expect(result.exitCode == 130, "\(result)")
    #expect(!children.contains { ProcessEntry.isAlive($0) })
    // The repeat was interrupted, it has not failed.
    #expect(try files.cellsLines() == before)
    #expect(try resume(scenario).exitCode == 0)
    try expectComplete(files, before: before)
  }

  @Test func childrenDieWithTheHarness() throws {
    var scenario = TinyScenario()
    scenario.measureMs = 60_000
    let run = try Harness.start(
      Harness.runArguments(
        try scenario.write(to: directory), results: directory.path, name: "run"), in: directory)
    let roles = try waitUntil("all processes") {
      let roles = ProcessEntry.roles(of: run.child.pid)
      return roles.count == 4 ? roles : nil
    }
    #expect(
      Set(roles.compactMap(\.role)) == ["producer-1", "producer-2", "consumer-1", "consumer-2"])
    run.child.kill(signal: SIGKILL)
    #expect(
      run.child.wait().reason == .signaled(signal: SIGKILL, dumpedCore: false))
    try waitUntil("the end of the children") { !roles.contains { ProcessEntry.isAlive($0.pid) } }
  }

  @Test func aKilledRunGoesOnFromWhatItLeft() throws {
    let (run, files, scenario) = try start()
    let children = try waitForSecondRepeat(run, files)
    run.child.kill(signal: SIGKILL)
    run.child.wait()
    try waitUntil("the end of the children") { !children.contains { ProcessEntry.isAlive($0) } }
    let before = try files.cellsLines()
    #expect(FileManager.default.fileExists(atPath: "\(files.path)/databases"))
    #expect(try files.manifest().finishedAtUtc == nil)

    // A row that was being written, and other traces of a violent end.
    let table = try #require(FileHandle(forUpdatingAtPath: "\(files.path)/cells.csv"))
    try table.seekToEnd()
    try table.write(contentsOf: Data(try #require(before.last).dropLast(40).utf8))
    try table.close()
    try Data("half a".utf8).write(to: URL(fileURLWithPath: "\(files.path)/manifest.json.new"))

    let resumed = try resume(scenario)
    #expect(resumed.exitCode == 0, "\(resumed)")
    try expectComplete(files, before: before)
  }

  @Test func aFinishedRunHasNothingLeftToDo() throws {
    let (run, files, scenario) = try start()
    #expect(try run.result().exitCode == 0)
    let before = try files.cellsLines()
    let resumed = try resume(scenario)
    #expect(resumed.exitCode == 0, "\(resumed)")
    #expect(resumed.output.contains("0 repeats to run"))
    #expect(try files.cellsLines() == before)
  }

  @Test func aResumedRunKeepsItsOptions() throws {
    var tiny = TinyScenario()
    tiny.measureMs = 60_000
    let path = try tiny.write(to: directory)
    let files = RunFiles(results: directory.path, name: "run")
    let run = try Harness.start(
      Harness.runArguments(path, results: directory.path, name: "run", "--quick", "--seed", "99"),
      in: directory)
    try waitUntil("a row") { files.rowCount >= 1 }
    run.child.kill(signal: SIGINT)
    #expect(try run.result().exitCode == 130)
    // Without --quick each repeat would take a minute.
    let resumed = try resume(path)
    #expect(resumed.exitCode == 0, "\(resumed)")
    #expect(try files.manifest().seed == 99)
    #expect(try files.rows().map(\.measuredSeconds) == [0.3, 0.3])

    func extend(_ option: String...) throws -> HarnessResult {
      try Harness.run(
        ["run", path, "--results", directory.path, "--resume", "run", "--allow-debug"]
          + ["--no-plots", "--keep-disturbed"] + option, in: directory)
    }
    let reseeded = try extend("--seed", "5")
    #expect(reseeded.exitCode == 65)
    #expect(reseeded.errors.contains("run began with seed 99"))
    let longer = try extend("--repeats", "2")
    #expect(longer.exitCode == 0, "\(longer)")
    // More repeats may be added.
    #expect(try files.storedKeys().sorted() == ["c01-r1", "c01-r2", "c02-r1", "c02-r2"])
    #expect(try files.manifest().runOrder.count == 4)
  }
}
