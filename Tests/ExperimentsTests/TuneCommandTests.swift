import Foundation
import HarnessDriver
import Platform
import Results
import Testing

/// `queuebench tune` and `queuebench tuner` from end to end, with tiny phases.
@Suite("Tune command")
struct TuneCommandTests {
  private let directory = TemporaryDirectory()

  private func scenario(
    axes: String = "synchronous: [NORMAL, FULL]", settings: String = "journal_mode: WAL",
    processes: String = "producers: 1, consumers: 1"
  ) throws -> String {
    try directory.write(
      """
      name: tiny
      question: Does it work?
      repeats: 2
      warmup: 20ms
      measure: 150ms
      drain: 20ms
      settings: {\(processes), \(settings)}
      \(axes.isEmpty ? "" : "axes: {\(axes)}")
      """, to: "tiny.yaml")
  }

  private func tune(_ scenario: String, _ more: String...) throws -> HarnessResult {
    var arguments = ["tune", scenario, "--results", directory.path, "--name", "t", "--allow-debug"]
    arguments += ["--keep-disturbed", "--no-plots"] + more
    if !more.contains("--durability") { arguments += ["--durability", "process"] }
    // They take longer than everything else of so small a budget.
    if !more.contains("--power-cuts") { arguments += ["--power-cuts", "0"] }
    if !more.contains("--for") { arguments += ["--for", "throughput"] }
    return try Harness.run(arguments, in: directory)
  }

  @Test func `a tiny space is tuned, stored and explained`() throws {
    let scenario = try scenario(axes: "synchronous: [NORMAL, FULL, \"OFF\"]")
    let result = try tune(scenario, "--budget", "30s")
    #expect(
      result.output.contains("left out: synchronous OFF: a power cut may corrupt the file (1)"))
    #expect(result.output.contains("To paste"))
    let run = try RunDirectory.open("\(directory.path)/t")
    let record = try #require(try run.tuningRecord())
    #expect(record.configurations.count == 2 && !record.isInterrupted)
    let recommendation = try #require(record.recommendation)
    // A busy machine may need more time than there is, or make blocks void.
    #expect(result.exitCode == (recommendation.isConfirmed ? 0 : 5), "\(result)")
    #expect(Set(record.confirmed.map(\.cell)).isSubset(of: ["c01", "c02"]))
    let rows = try run.rows().rows
    let counted = record.blocks.filter { $0.disturbance == nil }
    #expect(!counted.isEmpty && rows.count == counted.reduce(0) { $0 + $1.cells.count })
    for block in counted {
      let cells = rows.filter { $0.repeatNumber == block.number }.map(\.cell)
      #expect(cells.sorted() == block.cells.sorted())
    }
    #expect(rows.allSatisfy { $0.axes.map(\.name) == ["synchronous"] && $0.axes[0].label != "OFF" })
    let manifest = try run.manifest()
    #expect(manifest.baselineCell == "c01" && manifest.finishedAtUtc != nil)
    let markdown = try String(
      contentsOfFile: "\(directory.path)/t/recommendation.md", encoding: .utf8)
    #expect(markdown.contains("PRAGMA journal_mode = WAL;"))
    let again = try Harness.run(["plot", "\(directory.path)/t"], in: directory)
    #expect(again.output.contains("/pareto.svg"), "\(again)")
  }

  @Test func `an interruption keeps the blocks and prints the best so far`() throws {
    let run = try Harness.start(
      [
        "tune", try scenario(axes: "synchronous: [NORMAL, FULL], page_size: [1024, 4096, 8192]"),
        "--results", directory.path, "--name", "t", "--allow-debug", "--keep-disturbed",
        "--no-plots", "--durability", "process", "--for", "throughput", "--budget", "10m",
      ], in: directory)
    try waitUntil("a few blocks") { run.output.contains("block 3") }
    run.child.kill(signal: SIGINT)
    let result = try run.result()
    #expect(result.exitCode == 130, "\(result)")
    #expect(result.output.contains("nconfirmed"))
    let stored = try RunDirectory.open("\(directory.path)/t")
    let record = try #require(try stored.tuningRecord())
    #expect(record.isInterrupted && record.blocks.count >= 3)
    let counted = record.blocks.filter { $0.disturbance == nil }
    #expect(try stored.rows().rows.count == counted.reduce(0) { $0 + $1.cells.count })
    #expect(try stored.manifest().finishedAtUtc == nil)
  }

  @Test(arguments: [
    (["--durability", "paper"], 64, "process"), (["--for", "p50"], 64, "p99"),
    (["--budget", "soon"], 64, "soon"), (["--budget", "3s"], 64, "at least"),
    (["--budget", "-1m"], 64, "budget"),
  ])
  func `options that are none are refused`(
    options: [String], exitCode: Int32, message: String
  ) throws {
    var arguments = ["tune", try scenario(), "--results", directory.path, "--allow-debug"]
    for (option, value) in [("--durability", "process"), ("--for", "throughput")]
    where !options.contains(option) {
      arguments += [option, value]
    }
    let result = try Harness.run(arguments + options, in: directory)
    #expect(result.exitCode == exitCode, "\(result)")
    #expect(result.errors.contains(message), "\(result)")
    #expect(
      try !FileManager.default.contentsOfDirectory(atPath: directory.path).contains {
        $0.hasPrefix("tune-")
      })
  }

  @Test(arguments: [
    ("processes: [2, 4]", "journal_mode: WAL", "", "throughput", "axes.processes"),
    ("synchronous: [\"OFF\"]", "journal_mode: WAL", "", "throughput", "nothing is left"),
    ("", "rate: 100/s", "producers: 1, consumers: 1", "throughput", "settings.rate"),
    ("", "rate: 100/s", "producers: 1, consumers: 0", "p99", "settings.consumers"),
    ("", "instrumentation: off", "producers: 1, consumers: 1", "p99", "settings.instrumentation"),
  ])
  func `loads that cannot be tuned are refused with the place`(
    axes: String, settings: String, processes: String, objective: String, message: String
  ) throws {
    let scenario = try scenario(
      axes: axes, settings: settings,
      processes: processes.isEmpty || axes.hasPrefix("processes") ? "depth: 0" : processes)
    let result = try tune(scenario, "--for", objective)
    #expect(result.exitCode == 65, "\(result)")
    #expect(result.errorLines.count == 1 && result.errors.contains(scenario), "\(result)")
    #expect(result.errors.contains(message), "\(result)")
  }

  @Test func `who is confirmed has stood power cuts`() throws {
    let result = try tune(try scenario(), "--budget", "40s", "--power-cuts", "10")
    let record = try #require(try RunDirectory.open("\(directory.path)/t").tuningRecord())
    // The cuts take their time from the budget: where the machine is busy, too little of it is left to confirm.
    let recommendation = try #require(record.recommendation, "\(result)")
    #expect(result.exitCode == (recommendation.isConfirmed ? 0 : 5), "\(result)")
    #expect(record.invalid.isEmpty, "\(result)")
    #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/t/power"))
  }

  @Test func `too few samples for a p99 are said, not guessed`() throws {
    let result = try tune(
      try scenario(settings: "journal_mode: WAL, rate: 50/s"), "--for", "p99", "--budget", "60s")
    #expect(result.exitCode == 3, "\(result)")
    #expect(result.errors.contains("too few operations for a p99"))
  }

  @Test func `the tuner is held against the full matrix`() throws {
    let result = try Harness.run(
      [
        "tuner", try scenario(axes: "synchronous: [NORMAL, FULL]"), "--results", directory.path,
        "--allow-debug", "--keep-disturbed", "--repeats", "12", "--part", "1.2", "--blocks", "10",
      ], in: directory)
    // So little of so short blocks may say anything; but the exit code is what the findings say, and they are
    // stored.
    let runs = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    let trial = try #require(runs.first { $0.hasPrefix("tuner-tiny-") })
    let tuning = try #require(runs.first { $0.hasPrefix("tune-tiny-") })
    let outcomes = result.output.split(separator: "\n").compactMap { line in
      ["met", "missed", "inconclusive"].first { line.hasPrefix("  \($0): ") }
    }
    #expect(outcomes.count == 2, "\(result)")
    let expected = outcomes.contains("missed") ? 2 : outcomes.contains("inconclusive") ? 5 : 0
    #expect(result.exitCode == Int32(expected), "\(result)")
    #expect(result.output.contains("2 configurations × 12 = 24 runs"))
    #expect(result.output.contains("2 configurations × 12 runs"))
    #expect(result.output.contains("best synchronous="))
    let finding = try String(
      contentsOfFile: "\(directory.path)/\(trial)/tuner.md", encoding: .utf8)
    #expect(finding.contains("in at most 1/1.2 of the time"))
    // Both runs of the trial are complete: all repeats, and the comparison unless the choice is the best itself;
    // what the tuner measured.
    let rows = try RunDirectory.open("\(directory.path)/\(trial)").rows().rows
    #expect([24, 24 + 2 * 10].contains(rows.count), "\(finding)")
    #expect(
      try RunDirectory.open("\(directory.path)/\(tuning)").tuningRecord()?.recommendation != nil)
    let few = try Harness.run(
      ["tuner", try scenario(), "--results", directory.path, "--allow-debug", "--repeats", "2"],
      in: directory)
    #expect(few.exitCode == 64 && few.errors.contains("more --repeats"), "\(few)")
  }
}
