import Foundation
import HarnessDriver
import Platform
import Results
import Testing

/// `queuebench capacity` as users start it.
@Suite struct CapacityTests {
  private let directory = TemporaryDirectory()

  private func scenario(_ more: [String] = []) throws -> String {
    var scenario = TinyScenario()
    scenario.cells = ["NORMAL", "OFF"]
    scenario.more = more
    return try scenario.write(to: directory)
  }

  private func run(_ scenario: String, _ arguments: String...) throws -> HarnessResult {
    try Harness.run(
      [
        "capacity", scenario, "--results", directory.path, "--name", "found", "--allow-debug",
        "--keep-disturbed", "--no-plots",
      ] + arguments, in: directory)
  }

  @Test func `a search leaves its rows and its answer behind`() throws {
    let result = try run(
      try scenario(), "--slo", "claim.p99 < 1s, busy_error_rate < 50%", "--probe", "200ms",
      "--budget", "52s")
    // Confirmed, unconfirmed or out of time: tests do not decide how quiet a machine is.
    #expect([0, 5].contains(result.exitCode), "\(result)")
    #expect(result.output.contains("objective: claim.p99 < 1s, busy_error_rate < 50%"))
    #expect(result.output.contains("closed loop: "))
    let run = try RunDirectory.open("\(directory.path)/found")
    let record = try #require(try run.capacity())
    let rows = try run.rows().rows
    #expect(rows.count == record.probes.count + 3)
    #expect(rows.allSatisfy { $0.axes.map(\.name) == ["rate"] && $0.status == .measured })
    #expect(record.cell == "c01")
    let rated = try #require(rows.first { $0.axes[0].label != "peak" })
    #expect(rated.axes[0].label.hasSuffix("/s"))
    #expect(rated.load.offeredPerSecond.map { "\(Int($0))/s" } == rated.axes[0].label)
    #expect(!(try run.timeline().isEmpty))
    #expect(record.searches.count == 1)
    #expect(result.output.contains("  \(record.searches[0].probes) probes, "))
  }

  @Test func `an objective that no rate meets is said in words`() throws {
    // What probes of 4 s have samples for is too much of a slow closed loop to prove it impossible.
    let result = try run(try scenario(), "--slo", "claim.mean < 1us", "--probe", "200ms")
    #expect([2, 5].contains(result.exitCode), "\(result)")
    #expect(
      result.output.contains(
        result.exitCode == 2 ? "the objective is not met even at " : "a lower rate might do"))
  }

  @Test func `the scale is measured and fitted`() throws {
    let result = try run(
      try scenario(), "--scale", "processes", "--processes", "2,4,6", "--repeats", "2", "--probe",
      "200ms")
    #expect(result.exitCode == 0, "\(result)")
    #expect(result.output.contains("Universal Scalability Law: λ "))
    let run = try RunDirectory.open("\(directory.path)/found")
    #expect(try run.capacity()?.scale?.points.map(\.processes) == [2, 4, 6])
    #expect(try run.rows().rows.count == 6)
    #expect(try run.rows().rows.allSatisfy { $0.axes.map(\.name) == ["rate", "processes"] })
  }

  @Test func `an expression that is wrong is pointed at`() throws {
    let result = try run(try scenario(), "--slo", "claim.p99 < 10ms, clam.p50 < 1ms")
    #expect(result.exitCode == 64, "\(result)")
    #expect(result.errors.contains("did you mean \"claim.p50\"?"))
    let lines = result.errors.split(separator: "\n").map(String.init)
    let text = try #require(lines.firstIndex { $0.contains("claim.p99 < 10ms, clam.p50 < 1ms") })
    let caret = try #require(lines[text + 1].firstIndex(of: "^"))
    #expect(
      lines[text][caret...].hasPrefix("clam.p50"), "\(lines[text])\n\(lines[text + 1])")
  }

  @Test(arguments: [
    (["--slo", "throughput < 5/s"], Int32(64), "searched for"),
    (["--slo", "claim.p99 < 10ms", "--budget", "3s"], 64, "too small for any conclusion"),
    (["--slo", "claim.p99 < 10ms", "--budget", "soon"], 64, "'soon' is invalid for '--budget"),
    (["--slo", "claim.p99 < 10ms", "--probe", "150ms"], 64, "--probe must be 200ms to 60s"),
    (["--slo", "claim.p99 < 10ms", "--cell", "c09"], 65, "the cells c01, c02"),
    (["--slo", "claim.p99 < 10ms", "--times", "0"], 64, "--times"),
    (["--scale", "processes", "--processes", "2,4"], 64, "at least three"),
    (["--scale", "processes", "--processes", "2,3,4"], 64, "even numbers"),
    ([], 64, "has no targets for c01"),
  ])
  func `what makes no sense is refused before anything runs`(
    arguments: [String], code: Int32, reason: String
  ) throws {
    let result = try Harness.run(
      ["capacity", try scenario(), "--results", directory.path, "--allow-debug"] + arguments,
      in: directory)
    #expect(result.exitCode == code, "\(result)")
    #expect(result.errors.contains(reason), "\(result)")
    let made = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    #expect(!made.contains { $0.hasPrefix("capacity-") })
  }

  @Test func `Ctrl-C keeps what was measured and says the bracket so far`() throws {
    let run = try Harness.start(
      [
        "capacity", try scenario(), "--slo", "claim.p99 < 1s", "--results", directory.path,
        "--name",
        "found", "--allow-debug", "--keep-disturbed", "--no-plots", "--probe", "200ms",
      ], in: directory)
    let files = RunFiles(results: directory.path, name: "found")
    try waitUntil("some probes") { files.rowCount >= 6 }
    run.child.kill(signal: SIGINT)
    let result = try run.result()
    #expect(result.exitCode == 130, "\(result)")
    #expect(result.output.contains("inconclusive (interrupted): "))
    #expect(result.output.contains("/s passes"))
    #expect(try files.rows().count >= 6)
    #expect(try RunDirectory.open(files.path).capacity()?.searches.first?.outcome == .unfinished)
  }
}
