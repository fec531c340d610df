import Foundation
import HarnessDriver
import Results
import Testing
import Verification

/// `queuebench check`: runs against targets and baselines, down to the exit code.
@Suite struct CheckTests {
  private let directory = TemporaryDirectory()

  private func check(
    _ run: String, _ more: String..., environment: [String: String] = [:]
  ) throws -> HarnessResult {
    try Harness.runAtHome(["check", run] + more, environment: environment, in: directory)
  }

  private func targets(_ yaml: String) throws -> String { try directory.write(yaml, to: "t.yaml") }

  @Test func aRealRunIsCheckedAgainstItsScenarioAndAFile() throws {
    var scenario = TinyScenario()
    scenario.more = ["targets: [lost == 0, duplicated == 0, claim.p50 < 1000s]"]
    let path = try scenario.write(to: directory)
    let run = try Harness.run(
      Harness.runArguments(path, results: directory.path, name: "run"), in: directory)
    #expect(run.exitCode == 0, "\(run)")
    let files = RunFiles(results: directory.path, name: "run")
    #expect(try files.rows().allSatisfy { $0.flow.lost == 0 && $0.flow.duplicated == 0 })

    let met = try check(files.path)
    #expect(met.exitCode == 0, "\(met)")
    #expect(met.output.contains("c01 synchronous=NORMAL") && met.output.contains("6 met"))
    let missed = try check(
      files.path, "--targets",
      targets("targets:\n  - {expect: claim.p50 < 1us, cells: {synchronous: OFF}}"))
    #expect(missed.exitCode == 2, "\(missed)")
    #expect(missed.output.contains("c02 synchronous=OFF") && missed.output.contains("MISSED"))
    // A file from before the counts: the verdict says that nothing was lost.
    let lines = try files.cellsLines().map(fields)
    try #require(lines.allSatisfy { $0.count == lines[0].count })
    let dropped = try ["lost", "duplicated"].map { try #require(lines[0].firstIndex(of: $0)) }
    let older = lines.map { fields in
      fields.indices.filter { !dropped.contains($0) }.map { fields[$0] }.joined(separator: ",")
        + "\n"
    }
    try directory.write(older.joined(), to: "run/cells.csv")
    let again = try check(files.path)
    #expect(again.exitCode == 0, "\(again)")
  }

  /// The fields of a line of CSV as they stand there; commas within quotes separate none.
  private func fields(_ line: some StringProtocol) -> [String] {
    var (fields, isQuoted) = ([""], false)
    for character in line {
      if character == "\"" { isQuoted.toggle() }
      if character == ",", !isQuoted {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
    }
    return fields
  }

  /// Targets at a run with a claim p99 of 1000 to 1007 µs.
  @Test(arguments: [
    ("claim.p99 < 1.1ms", Int32(0), "met"),
    ("claim.p99 < 1ms", 2, "is on the wrong side of 1.00 ms"),
    ("claim.p99 < 1004us", 5, "more repeats narrow it"),
    ("claim.p95 < 1s", 5, "has too few samples for it"),
    ("vm_steps.claim <= 120", 5, "this run has no such measurement"), ("lost == 0", 0, "met"),
    ("busy_error_rate == 0%", 0, "met"), ("throughput != 100/s", 65, "expected <, <=, > or >="),
  ])
  func theExitCodeIsThatOfTheTargets(target: String, code: Int32, message: String) throws {
    let run = try MadeUpRun().write(to: directory, name: "run")
    let result = try check(run, "--targets", targets("targets:\n  - \(target)\n"))
    #expect(result.exitCode == code, "\(result)")
    #expect((code == 65 ? result.errors : result.output).contains(message), "\(result)")
  }

  @Test(arguments: [
    (
      "targets:\n  - claim.p99 < 10\n",
      ":2:19: targets[0]: expected the unit us, ms or s for claim.p99"
    ),
    (
      "targets:\n  - expect: lost == 0\n    cells: {synchronous: OFF}\n",
      ":3: targets[0].cells.synchronous: no cell of this run has \"OFF\"; it has NORMAL, FULL"
    ),
    (
      "targets:\n  - expect: lost == 0\n    cells: {lease: 1s}\n",
      ":3: targets[0].cells.lease: not an axis of this run; it has synchronous"
    ),
    ("goals: []\n", ":1: goals: unknown key"), ("targets: [\n", ": invalid YAML"),
  ])
  func mistakesInAFileAreNamed(yaml: String, message: String) throws {
    let run = try MadeUpRun().write(to: directory, name: "run")
    let file = try targets(yaml)
    let result = try check(run, "--targets", file)
    #expect(result.exitCode == 65, "\(result)")
    #expect(result.errors.hasPrefix("queuebench: \(file)"))
    #expect(result.errors.contains(message.trimmingPrefix(":")), "\(result)")
    #expect(result.output.isEmpty)
  }

  @Test func nothingToCheckIsAUsageError() throws {
    let run = try MadeUpRun().write(to: directory, name: "run")
    let result = try check(run)
    #expect(result.exitCode == 64 && result.errors.contains("give --targets, --baseline, or both"))
    #expect(try check(run, "--costs-only").exitCode == 64)
    #expect(try check(run, "--baseline", run, "--margin", "5").exitCode == 64)
    #expect(try check(run, "--baseline", run, "--metrics", "claim.p98").exitCode == 64)
    #expect(try check(run, "--format", "toml").exitCode == 64)
    #expect(try check("\(directory.path)/missing").exitCode == 65)
  }

  @Test func aRunWithoutAManifestIsBadInput() throws {
    let run = try MadeUpRun(targets: "[lost == 0]").write(to: directory, name: "run")
    try FileManager.default.removeItem(atPath: "\(run)/manifest.json")
    let result = try check(run)
    #expect(result.exitCode == 65 && result.errors.contains("manifest.json"), "\(result)")
  }

  @Test func anInvalidHistoryIsWorseThanAnyTarget() throws {
    let run = try MadeUpRun(targets: "[claim.p99 < 1s, lost == 0]") { row in
      guard row.key == RepeatKey(cell: "c02", repeatNumber: 3) else { return }
      (row.verdict, row.flow.lost) = (.invalid, 1)
      row.detail = "1 acknowledged tasks lost (#7)"
    }.write(to: directory, name: "run")
    let result = try check(run)
    #expect(result.exitCode == 4, "\(result)")
    #expect(
      result.output.contains("INVALID: 1 of 16 repeats, first c02-r3: 1 acknowledged tasks lost"))
    #expect(result.output.contains("repeat 3 had 1"))
  }

  @Test func anUnfinishedRunIsInconclusive() throws {
    let run = try MadeUpRun(targets: "[lost == 0]", changeManifest: { $0.finishedAtUtc = nil })
      .write(to: directory, name: "run")
    let result = try check(run)
    #expect(result.exitCode == 5 && result.output.contains("--resume run"), "\(result)")
  }

  @Test func aSlowerRunMissesItsBaseline() throws {
    let baseline = try MadeUpRun().write(to: directory, name: "baseline")
    let same = try MadeUpRun().write(to: directory, name: "same")
    let slower = try MadeUpRun { $0.claim.latency.p99Us = $0.claim.latency.p99Us.map { $0 * 1.1 } }
      .write(to: directory, name: "slower")
    let alike = try check(same, "--baseline", baseline)
    #expect(alike.exitCode == 0, "\(alike)")
    let missed = try check(slower, "--baseline", baseline)
    #expect(missed.exitCode == 2, "\(missed)")
    #expect(
      missed.output.contains("claim.p99 within 5 % of the baseline")
        && missed.output.contains("×1.10"))
    #expect(try check(slower, "--baseline", baseline, "--margin", "15%").exitCode == 0)
    #expect(try check(slower, "--baseline", baseline, "--metrics", "throughput").exitCode == 0)
    #expect(try check(baseline, "--baseline", slower).exitCode == 0)
    // Targets and baseline together.
    let both = try check(
      slower, "--baseline", baseline, "--targets", targets("targets: [lost == 0]"))
    #expect(both.exitCode == 2 && both.output.contains("lost == 0"))
  }

  @Test func whatIsNoBaselineIsRefused() throws {
    let run = try MadeUpRun().write(to: directory, name: "run")
    let scenario = try MadeUpRun(targets: "[lost == 0]").write(to: directory, name: "scenario")
    let machine = try MadeUpRun(changeManifest: { $0.machine["cpu"] = "other" })
      .write(to: directory, name: "machine")
    for (baseline, message) in [
      (scenario, "measured another scenario"), (machine, "another machine"),
    ] {
      let result = try check(run, "--baseline", baseline)
      #expect(result.exitCode == 65 && result.errors.contains(message), "\(result)")
      #expect(result.output.isEmpty)
    }
    #expect(try check(run, "--baseline", machine, "--costs-only").exitCode == 5)
  }

  @Test func aMissingBaselineIsInconclusiveAndTheRunItselfIsNone() throws {
    let run = try MadeUpRun().write(to: directory, name: "run")
    let missing = try check(run, "--baseline", "\(directory.path)/missing")
    #expect(missing.exitCode == 5 && missing.errors.contains("there is no baseline"), "\(missing)")
    for path in [run, "\(run)/", "\(directory.path)/./run"] {
      let same = try check(run, "--baseline", path)
      #expect(same.exitCode == 65 && same.errors.contains("is the run itself"), "\(same)")
    }
  }

  @Test func aStandstillAndChangedPlansAreMissed() throws {
    let baseline = try MadeUpRun { $0.planHash = "aa" }.write(to: directory, name: "baseline")
    let still = try MadeUpRun {
      $0.planHash = "aa"
      $0.throughputPerSecond = 0
    }.write(to: directory, name: "still")
    let plans = try MadeUpRun { $0.planHash = "bb" }.write(to: directory, name: "plans")
    let none = try check(still, "--baseline", baseline, "--metrics", "throughput")
    #expect(none.exitCode == 2 && none.output.contains("it is 0 in every repeat"), "\(none)")
    let changed = try check(plans, "--baseline", baseline, "--costs-only")
    #expect(changed.exitCode == 2, "\(changed)")
    #expect(changed.output.contains("diff \(baseline)/plans/c01.txt \(plans)/plans/c01.txt"))
  }

  @Test func reportsAreWrittenInEveryFormat() throws {
    let run = try MadeUpRun(targets: "[lost == 0, claim.p99 < 1us]").write(
      to: directory, name: "run")
    let files = ["md", "xml", "json"].map { "\(directory.path)/report.\($0)" }
    let result = try check(
      run, "--format", "github", "--export-markdown", files[0], "--export-junit", files[1],
      "--export-json", files[2])
    #expect(result.exitCode == 2, "\(result)")
    let annotations = result.output.split(separator: "\n")
    #expect(annotations.count == 2)
    #expect(
      annotations.allSatisfy {
        $0.hasPrefix("::error file=made-up.yaml,line=4,title=missed%3A claim.p99 < 1us::c0")
      })
    #expect(try text(of: files[0]).hasPrefix("### ❌ check "))
    #expect(
      try text(of: files[1]).contains("<testsuite name=\"check \(run)\" tests=\"4\" failures=\"2\"")
    )
    #expect(try text(of: files[2]).contains("\"outcome\" : \"missed\""))
    for (format, start) in [
      ("markdown", "### "), ("junit", "<?xml "), ("json", "{\n"), ("text", "expected"),
    ] {
      let output = try check(run, "--format", format).output
      #expect(output.hasPrefix(start))
      #expect(!output.contains("::error"))
    }
  }

  @Test func aFileThatCannotBeWrittenCostsNotTheReport() throws {
    let run = try MadeUpRun(targets: "[lost == 0]").write(to: directory, name: "run")
    let path = "\(directory.path)/missing/report.json"
    let other = "\(directory.path)/report.md"
    let result = try check(run, "--export-json", path, "--export-markdown", other)
    #expect(result.exitCode == 73, "\(result)")
    #expect(result.output.contains("2 met"))
    #expect(result.errors == "queuebench: \(path): cannot be written: No such file or directory\n")
    #expect(try text(of: other).hasPrefix("### ✅"))
    let full = try check(run, "--export-json", "/dev/full")
    #expect(full.exitCode == 73 && full.errors.contains("No space left"), "\(full)")
  }

  @Test func gitHubGetsAnnotationsAndASummary() throws {
    let run = try MadeUpRun(targets: "[claim.p99 < 1us]").write(to: directory, name: "run")
    let summary = try directory.write("# Before\n", to: "summary.md")
    let environment = ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary]
    let result = try check(run, environment: environment)
    #expect(result.exitCode == 2)
    #expect(
      result.output.contains("MISSED")
        && result.output.contains("\n::error file=made-up.yaml,line=4,"))
    let text = try text(of: summary)
    #expect(text.hasPrefix("# Before\n### ❌ check"))
    #expect(
      try !check(run, "--format", "json", environment: environment).output.contains("::error"))
  }
}
