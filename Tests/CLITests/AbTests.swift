import Foundation
import HarnessDriver
import Platform
import Results
import Testing
import Verification

/// `queuebench ab` as people use it.
@Suite struct AbTests {
  private let directory = TemporaryDirectory()

  private func arguments(_ more: [String]) throws -> [String] {
    var scenario = TinyScenario()
    scenario.cells = ["NORMAL"]
    return [
      "ab", try scenario.write(to: directory), "--results", directory.path, "--name", "ab",
      "--allow-debug",
    ] + more
  }

  private func ab(_ more: String...) throws -> HarnessResult {
    try Harness.run(try arguments(more), in: directory)
  }

  /// What lies where databases lay.
  private func leftovers() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .filter { $0.hasSuffix(".work") }
  }

  /// Nothing is a thousand times as bad as itself.
  @Test func equalSidesPassAndEveryBlockIsStored() throws {
    let result = try ab(
      "--base", try Harness.executable(), "--blocks", "15", "--block", "60ms", "--warm-up", "10ms",
      "--metrics", "throughput:100000%", "--miss-rate", "20%")
    // Machines are disturbed while tests run: without blocks that count, there is no conclusion.
    #expect([0, 5].contains(result.exitCode), "\(result)")
    #expect(result.output.contains("throughput_per_s at most 99.9 % less"), "\(result)")
    #expect(result.output.contains("the same costs and plans"), "\(result)")
    let files = RunFiles(results: directory.path, name: "ab")
    let rows = try files.rows()
    #expect(rows.count >= 8 && rows.count.isMultiple(of: 2))
    #expect(Set(rows.map(\.cell)) == ["c01-base", "c01-head"])
    #expect(rows[0].axes.last?.name == "side")
    #expect(rows.allSatisfy { $0.verdict == .valid })
    #expect(try files.manifest().settings["c01-head"]?["synchronous"] == "NORMAL")
    #expect(try leftovers().isEmpty)
    let report = try Harness.run(["report", files.path], in: directory)
    #expect(report.exitCode == 0, "\(report)")
  }

  @Test func settingsOfOneBinaryAreComparedWithTheirCosts() throws {
    let scenario = try directory.write(
      "name: b\nquestion: c\nsettings: {journal_mode: WAL, processes: 2}\n", to: "b.yaml")
    let result = try Harness.run(
      [
        "ab", scenario, "--results", directory.path, "--name", "ab", "--allow-debug",
        "--base-set", "synchronous=NORMAL", "--head-set", "synchronous=FULL", "--blocks", "15",
        "--block", "60ms", "--metrics", "throughput:100000%", "--miss-rate", "20%",
      ], in: directory)
    #expect([0, 5].contains(result.exitCode), "\(result)")
    #expect(result.output.contains("enqueue fsyncs per task: 0 → 1"), "\(result)")
    let rows = try RunFiles(results: directory.path, name: "ab").manifest().settings
    #expect(rows["c01-base"]?["synchronous"] == "NORMAL")
    #expect(rows["c01-head"]?["synchronous"] == "FULL")
  }

  @Test(arguments: [
    ([], "Nothing differs"), (["--head-set", "lease=30s"], "Nothing differs"),
    (["--head-set", "lease=5"], "--head-set: lease: needs a unit"),
    (["--base-set", "leese=5s"], #"did you mean "lease"?"#),
    (["--head-set", "synchronous=FULL"], "synchronous is an axis of the scenario"),
    (["--head-set", "arrivals=poisson"], "--head-set: c01 cannot be run: arrivals poisson"),
    (["--head-set", "lease=1s", "--blocks", "5"], "--blocks: a budget of 5 blocks is too small"),
    (["--head-set", "lease=1s", "--budget", "2s"], "--budget: a budget of 2 s, which is"),
    (["--head-set", "lease=1s", "--budget", "2"], "budget"),
    (["--head-set", "lease=1s", "--metrics", "claim.p98"], #"no metric "claim.p98""#),
    (
      ["--head-set", "lease=1s", "--metrics", "phase_sum_ratio"],
      "neither more nor less of phase_sum_ratio is worse"
    ),
    (["--head-set", "lease=1s", "--metrics", "throughput:fast"], "a margin is a share"),
    (["--head-set", "lease=1s", "--margin", "-5%"], "--margin"),
    // Five per cent, or five times as much?
    (["--head-set", "lease=1s", "--margin", "5"], "--margin"),
    (["--head-set", "lease=1s", "--metrics", "throughput:0.3"], "a margin is a share"),
    (["--head-set", "lease=1s", "--false-alarm-rate", "0.01"], "--false-alarm-rate"),
    (["--head-set", "lease=1s", "--miss-rate", "100%"], "--miss-rate"),
    (["--head-set", "lease=1s", "--blocks", "20", "--budget", "5m"], "give one of them"),
  ])
  func badInputIsNamedBeforeAnythingRuns(more: [String], message: String) throws {
    let result = try Harness.run(try arguments(more), in: directory)
    #expect(result.exitCode == 64, "\(result)")
    #expect(result.errors.contains(message), "\(result)")
    #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/ab"))
  }

  @Test func aProgramThatIsNoQueuebenchIsNamed() throws {
    let result = try ab("--base", "/bin/echo")
    #expect(result.exitCode == 3, "\(result)")
    #expect(result.errors.contains("base (/bin/echo): said \"blocks --directory"), "\(result)")
    #expect(result.errorLines.count == 1)
    #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/ab"))
    #expect(try leftovers().isEmpty)
  }

  @Test func aProgramThatCannotBeRunIsBadInput() throws {
    let path = try directory.write("no program", to: "not-executable")
    let result = try ab("--base", path)
    #expect(result.exitCode == 65, "\(result)")
    #expect(result.errors.contains("base (\(path)): cannot"), "\(result)")
    #expect(try leftovers().isEmpty)
  }

  /// A report must not look better than the exit code.
  @Test func aSideThatDiesIsInTheReports() throws {
    let greeting =
      #"{"queuebench_blocks":1,"commit":"c","build":"debug","sqlite":"3","sqlite_source":"s"}"#
    let dying = try directory.write("echo '\(greeting)'; read line; exit 9", to: "dying.sh")
    let (json, markdown) = ("\(directory.path)/r.json", "\(directory.path)/r.md")
    let result = try ab(
      "--head", "sh \(dying)", "--export-json", json, "--export-markdown", markdown)
    #expect(result.exitCode == 3, "\(result)")
    #expect(result.output.contains("head: something to be judged"), "\(result)")
    #expect(result.output.contains("ended (exit code 9)"), "\(result)")
    #expect(try String(contentsOfFile: json, encoding: .utf8).contains(#""outcome" : "missed""#))
    #expect(try String(contentsOfFile: markdown, encoding: .utf8).hasPrefix("### ❌"))
  }

  @Test func anInterruptBeforeTheGreetingIsOne() throws {
    let mark = "\(directory.path)/started"
    let silent = try directory.write("touch '\(mark)'; exec sleep 60", to: "silent.sh")
    let run = try Harness.start(try arguments(["--base", "sh \(silent)"]), in: directory)
    try waitUntil("the start of base") { FileManager.default.fileExists(atPath: mark) }
    run.child.kill(signal: SIGINT)
    let result = try run.result()
    #expect(result.exitCode == 130, "\(result)")
    #expect(result.errors.contains("interrupted") && !result.errors.contains("CancellationError"))
    #expect(try leftovers().isEmpty)
  }

  @Test func anInterruptKeepsWhatWasMeasured() throws {
    let run = try Harness.start(
      try arguments(["--head-set", "lease=1s", "--block", "100ms"]), in: directory)
    try waitUntil("a stored block") {
      ((try? RunFiles(results: directory.path, name: "ab").rows()) ?? []).count >= 2
    }
    let children = ProcessEntry.all().filter { $0.parentPid == run.child.pid }.map(\.pid)
    #expect(children.count == 2)
    run.child.kill(signal: SIGINT)
    let result = try run.result()
    #expect(result.exitCode == 130, "\(result)")
    #expect(result.errors.contains("interrupted"))
    #expect(try RunFiles(results: directory.path, name: "ab").rows().count >= 2)
    #expect(children.allSatisfy { !ProcessEntry.isAlive($0) })
    #expect(try leftovers().isEmpty)
  }

  @Test func theSidesDieWithWhoComparesThem() throws {
    let run = try Harness.start(
      try arguments(["--head-set", "lease=1s", "--block", "100ms"]), in: directory)
    let children = try waitUntil("both sides") { () -> [Int32]? in
      let children = ProcessEntry.all().filter { $0.parentPid == run.child.pid }.map(\.pid)
      return children.count == 2 ? children : nil
    }
    try waitUntil("a stored block") {
      ((try? RunFiles(results: directory.path, name: "ab").rows()) ?? []).count >= 2
    }
    run.child.kill(signal: SIGKILL)
    try waitUntil("the end of both sides") { children.allSatisfy { !ProcessEntry.isAlive($0) } }
  }

  @Test func theGateIsTriedOutWithADroppedIndex() throws {
    let scenario = try TinyScenario().write(to: directory)
    let result = try Harness.run(
      [
        "gate", scenario, "--only", "dropped-index", "--faults", "2", "--allow-debug",
        "--databases", directory.path,
      ], in: directory)
    #expect(result.exitCode == 0, "\(result)")
    #expect(result.output.contains("without timing  claim VM steps"), "\(result)")
    #expect(result.output.contains("dropped-index: 2 of 2 caught"), "\(result)")
  }
}
