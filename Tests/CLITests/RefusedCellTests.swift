import HarnessDriver
import Results
import Testing
import Verification

/// Cells that cannot be run as asked, among others that can.
@Suite struct RefusedCellTests {
  private let directory = TemporaryDirectory()

  @Test(arguments: [
    (
      "- {synchronous: EXTRA, locking_mode: EXCLUSIVE}",
      "locking_mode EXCLUSIVE admits one process, not 4"
    ),
    (
      "- {synchronous: EXTRA, busy_timeout: 100, busy_policy: fixed}",
      "busy_timeout excludes busy_policy"
    ),
    ("- {synchronous: EXTRA, producers: 0, rate: 10/s}", "a rate needs at least one producer"),
    (
      "- {synchronous: EXTRA, producers: 0, consumers: 0}",
      "no producers and no consumers: nothing to run"
    ),
  ])
  func anImpossibleCellIsReportedAndTheOthersRun(entry: String, reason: String) throws {
    var scenario = TinyScenario()
    scenario.cells = ["NORMAL"]
    scenario.more = ["include:", "  \(entry)"]
    let path = try scenario.write(to: directory)
    let listed = try Harness.run(["list", path], in: directory)
    #expect(listed.exitCode == 0 && listed.output.contains("refused: \(reason)"), "\(listed)")

    let result = try Harness.run(
      Harness.runArguments(path, results: directory.path, name: "run"), in: directory)
    #expect(result.exitCode == 3, "\(result)")
    #expect(result.output.contains("REFUSED: \(reason)"))
    let rows = try RunFiles(results: directory.path, name: "run").rows()
      .sorted { $0.cell < $1.cell }
    #expect(rows.map(\.status) == [.measured, .refused])
    #expect(rows.map(\.verdict) == [.valid, .unknown])
    #expect(rows[1].detail.hasPrefix(reason))
  }

  @Test func aRefusedCellIsNotTriedAgain() throws {
    var scenario = TinyScenario()
    scenario.cells = ["NORMAL"]
    scenario.more = ["include:", "  - {synchronous: EXTRA, locking_mode: EXCLUSIVE}"]
    let path = try scenario.write(to: directory)
    let files = RunFiles(results: directory.path, name: "run")
    #expect(
      try Harness.run(
        Harness.runArguments(path, results: directory.path, name: "run"), in: directory
      ).exitCode == 3)
    let before = try files.cellsLines()
    let resumed = try Harness.run(
      [
        "run", path, "--results", directory.path, "--resume", "run", "--allow-debug", "--no-plots",
        "--keep-disturbed",
      ],
      in: directory)
    #expect(resumed.exitCode == 3)
    #expect(try files.cellsLines() == before)
  }
}
