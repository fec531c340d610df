import Foundation
import HarnessDriver
import Results
import Testing
import Verification

/// `queuebench compare`, down to the exit code.
@Suite struct CompareTests {
  private let directory = TemporaryDirectory()

  private func compare(_ a: String, _ b: String, _ more: String...) throws -> HarnessResult {
    try Harness.runAtHome(["compare", a, b] + more, in: directory)
  }

  @Test func realRunsOfFewRepeatsClaimNothing() throws {
    let path = try TinyScenario().write(to: directory)
    for name in ["a", "b"] {
      let run = try Harness.run(
        Harness.runArguments(path, results: directory.path, name: name), in: directory)
      #expect(run.exitCode == 0, "\(run)")
    }
    let result = try compare("\(directory.path)/a", "\(directory.path)/b")
    #expect(result.exitCode == 0, "\(result)")
    #expect(result.output.contains("throughput, higher is better"))
    #expect(result.output.contains("too few repeats"))
    #expect(result.output.contains("both are debug builds"))
    #expect(!result.output.contains("better\n\n") && !result.output.contains(" worse"))
  }

  @Test func aDifferenceIsShownInEveryFormat() throws {
    let a = try MadeUpRun().write(to: directory, name: "a")
    let b = try MadeUpRun { $0.claim.latency.p99Us = $0.claim.latency.p99Us.map { $0 * 1.1 } }
      .write(to: directory, name: "b")
    let files = ["md", "json"].map { "\(directory.path)/comparison.\($0)" }
    let result = try compare(a, b, "--export-markdown", files[0], "--export-json", files[1])
    #expect(result.exitCode == 0, "\(result)")
    let rows = result.output.split(separator: "\n").filter { $0.contains("×1.10") }
    #expect(rows.count == 3 && rows.allSatisfy { $0.contains("worse") }, "\(result)")
    #expect(try text(of: files[0]).hasPrefix("### ❌ "))
    #expect(try text(of: files[1]).contains("\"outcome\" : \"worse\""))
    #expect(try compare(a, b, "--format", "markdown").output == text(of: files[0]))
    #expect(try compare(a, b, "--format", "json").output == text(of: files[1]))
    let chosen = try compare(a, b, "--metrics", "throughput,claim.p99")
    #expect(chosen.output.contains("claim.p99,") && !chosen.output.contains("busy_error_rate"))
    #expect(try compare(a, b, "--export-json", "/dev/full").exitCode == 73)
  }

  @Test func whatCannotBeComparedIsRefused() throws {
    let a = try MadeUpRun().write(to: directory, name: "a")
    let machine = try MadeUpRun(changeManifest: { $0.machine["kernel"] = "other" })
      .write(to: directory, name: "machine")
    let unfinished = try MadeUpRun(changeManifest: { $0.finishedAtUtc = nil })
      .write(to: directory, name: "unfinished")
    for (b, message) in [(machine, "--across-machines"), (unfinished, "is not finished")] {
      let result = try compare(a, b)
      #expect(result.exitCode == 65 && result.errors.contains(message), "\(result)")
      #expect(result.output.isEmpty)
    }
    let forced = try compare(a, machine, "--across-machines")
    #expect(forced.exitCode == 0 && forced.output.contains("⚠ the machines differ (kernel"))
    #expect(try compare(a, "\(directory.path)/missing").exitCode == 65)
    #expect(try compare(a, a, "--metrics", "lost").exitCode == 64)
  }

  @Test func anInvalidHistoryIsShownAndFails() throws {
    let a = try MadeUpRun().write(to: directory, name: "a")
    let b = try MadeUpRun { if $0.repeatNumber == 2 { $0.verdict = .invalid } }
      .write(to: directory, name: "b")
    let result = try compare(a, b)
    #expect(
      result.exitCode == 4 && result.output.contains("2 of 16 repeats of B are INVALID"),
      "\(result)")
  }

  @Test func thePlotIsDrawnOrItsScriptKept() throws {
    let a = try MadeUpRun().write(to: directory, name: "a")
    let plots = "\(directory.path)/plots"
    let result = try Harness.runAtHome(
      ["compare", a, a, "--plot", plots], environment: ["PATH": "/nonexistent"], in: directory)
    #expect(result.exitCode == 69, "\(result)")
    #expect(result.output.contains("claim.p99"))
    #expect(try text(of: "\(plots)/compare.gp").contains("compare.dat"))
  }
}
