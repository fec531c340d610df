import HarnessDriver
import Results
import Testing
import Verification

/// Loads at the edge: what cannot be offered, and what takes longer than the run.
@Suite struct LoadTests {
  private let directory = TemporaryDirectory()

  private func row(_ settings: [String], drainMs: Int) throws -> RepeatResult {
    var scenario = TinyScenario()
    scenario.cells = ["NORMAL"]
    scenario.drainMs = drainMs
    scenario.settings = settings
    let files = RunFiles(results: directory.path, name: "run")
    let result = try Harness.run(
      Harness.runArguments(
        try scenario.write(to: directory), results: directory.path, name: "run"), in: directory)
    #expect(result.exitCode == 0, "\(result)")
    return try #require(try files.rows().first)
  }

  /// Otherwise an overloaded queue would show the latencies of the lucky operations only.
  @Test func whatWasDueAndNeverOfferedCountsAsFailed() throws {
    let row = try row(["rate: 200000/s"], drainMs: 0)
    #expect(row.verdict == .saturated)
    // Everything that was due in the 300 ms of the measurement, give or take its edges, and at most
    // one operation for each of the two producers that was under way when it began.
    #expect((59_990...60_012).contains(row.enqueue.count))
    #expect(row.enqueued < row.enqueue.count)
    #expect(row.enqueue.busyErrorRate == 0)
  }

  @Test(arguments: ["fixed", "poisson"])
  func whatWasListedIsOffered(arrivals: String) throws {
    let row = try row(
      ["rate: {0s: 2000/s, 100ms: 0/s, 200ms: 400/s}", "burst: 3", "arrivals: \(arrivals)"],
      drainMs: 1000)
    // On a busy machine not all of it in time.
    #expect([.valid, .saturated].contains(row.verdict))
    let list = try Harness.run(
      ["list", "--schedule", "\(directory.path)/tiny.yaml"], in: directory)
    let operations = list.output.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ").map(String.init)
      return fields.count >= 4 && fields[0] == "c01" ? Int(fields[3]) : nil
    }
    #expect(operations.count == 2)
    let listed = operations.reduce(0, +)
    #expect(listed > 100)
    // And at most one operation of each producer that was under way when the measurement began.
    #expect((listed...listed + 2).contains(row.enqueue.count))
    #expect(abs(try #require(row.load.offeredPerSecond) - 800) < 1e-9)
  }

  @Test func pausesLongerThanTheRunEndWithIt() throws {
    let row = try row(["think_time: 10min", "work_time: 10min"], drainMs: 100)
    #expect(row.status == .measured, "\(row.detail)")
    #expect(row.verdict == .valid)
    #expect(row.completed == 0)
    #expect(row.drained == false)
  }
}
