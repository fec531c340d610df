import Foundation
import HarnessDriver
import Results
import SQLite
import Testing

/// `queuebench costs`, and the costs in the rows of a run.
@Suite struct CostsCommandTests {
  private let directory = TemporaryDirectory()

  private static let yaml = """
    name: tiny
    question: What does it cost?
    settings: {journal_mode: WAL, synchronous: FULL}
    axes:
      strategy: [fifo, priority]
    """

  private func scenario(_ yaml: String = Self.yaml) throws -> String {
    try directory.write(yaml, to: "tiny.yaml")
  }

  private var baselinePath: String { "\(directory.path)/costs.json" }

  private func costs(_ arguments: String...) throws -> HarnessResult {
    try Harness.run(["costs", try scenario()] + arguments, in: directory)
  }

  private func edit(_ change: (String) -> String) throws {
    let text = try String(contentsOfFile: baselinePath, encoding: .utf8)
    let changed = change(text)
    try #require(changed != text)
    try changed.write(toFile: baselinePath, atomically: true, encoding: .utf8)
  }

  @Test func theTableShowsEveryCellAndOperation() throws {
    let result = try costs()
    #expect(result.exitCode == 0 && result.errors.isEmpty, "\(result)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 3 + 6)
    let claim = lines[4].split(separator: " ")
    #expect(claim.first == "claim" && claim[2] == "4" && claim[4] == "1", "\(lines[4])")
    let plans = try costs("--plans").output
    #expect(plans.contains("      SEARCH task_queue USING INDEX ix_task_status_time (lane=?)\n"))
  }

  @Test func whatWasSavedIsMetAndStaysTheSameBytes() throws {
    let saved = try costs("--save", baselinePath)
    #expect(saved.exitCode == 0)
    #expect(saved.errors.hasSuffix("holds 2 cells for SQLite \(SQLiteLibrary.version) now\n"))
    let bytes = FileManager.default.contents(atPath: baselinePath)
    let met = try costs("--against", baselinePath)
    #expect(met.exitCode == 0 && met.errors.isEmpty, "\(met)")
    #expect(met.output.hasSuffix("2 met\n"))
    #expect(try costs("--save", baselinePath).exitCode == 0)
    #expect(FileManager.default.contents(atPath: baselinePath) == bytes)
  }

  /// The baseline as it would be if the present costs were worse, better or of another plan.
  @Test(arguments: [
    ("\"vmSteps\" : 1000", "\"vmSteps\" : 999", 2, "claim VM steps <= "),
    ("\"vmSteps\" : 1000", "\"vmSteps\" : 1001", 0, "keep the gain: queuebench costs "),
    ("\"fsyncs\" : 200", "\"fsyncs\" : 199", 2, "fsyncs <= 0.995"),
    (
      "SEARCH task_queue USING INDEX ix_task_status_time (lane=?)", "SCAN task_queue", 2,
      "- SCAN task_queue; + SEARCH task_queue USING INDEX ix_task_status_time (lane=?)"
    ),
    ("strategy=fifo", "strategy=lifo", 5, "holds the cell, which the scenario does not have"),
    ("\"sourceID\" : \"", "\"sourceID\" : \"9", 5, "planner and virtual machine differ"),
  ])
  func aDifferenceIsFound(original: String, other: String, code: Int32, words: String) throws {
    #expect(try costs("--save", baselinePath).exitCode == 0)
    try edit { text in
      guard let place = text.range(of: original) else { return text }
      return text.replacingCharacters(in: place, with: other)
    }
    let result = try costs("--against", baselinePath)
    #expect(result.exitCode == code, "\(result)")
    #expect(result.output.contains(words), "\(result)")
  }

  /// What is dearer is not saved over the baseline that says so; a gain is.
  @Test(arguments: [(999, Int32(2), false), (1001, 0, true)])
  func comparingComesBeforeSaving(steps: Int, code: Int32, isSaved: Bool) throws {
    #expect(try costs("--save", baselinePath).exitCode == 0)
    let good = FileManager.default.contents(atPath: baselinePath)
    try edit { text in
      guard let place = text.range(of: "\"vmSteps\" : 1000") else { return text }
      return text.replacingCharacters(in: place, with: "\"vmSteps\" : \(steps)")
    }
    let edited = FileManager.default.contents(atPath: baselinePath)
    let result = try costs("--save", baselinePath, "--against", baselinePath)
    #expect(result.exitCode == code, "\(result)")
    #expect(result.errors.contains("is left as it was") != isSaved, "\(result)")
    #expect(FileManager.default.contents(atPath: baselinePath) == (isSaved ? good : edited))
  }

  @Test func whatIsNotCountedIsSaid() throws {
    #expect(try costs("--plans", "--against", baselinePath).exitCode == 64)
    let path = try directory.write(
      """
      name: tiny
      question: What does it cost?
      settings: {synchronous: FULL, journal_mode: WAL}
      axes:
        locking_mode: [NORMAL, EXCLUSIVE]
      """, to: "refused.yaml")
    let result = try Harness.run(["costs", path], in: directory)
    #expect(result.exitCode == 0, "\(result)")
    #expect(result.errors.contains("locking_mode=EXCLUSIVE: is not counted: "), "\(result)")
  }

  @Test func anotherSQLiteIsKeptBesideThisOne() throws {
    #expect(try costs("--save", baselinePath).exitCode == 0)
    try edit { $0.replacing("\"version\" : \"", with: "\"version\" : \"9.") }
    #expect(try costs("--save", baselinePath).exitCode == 0)
    #expect(try CostBaseline.read(from: baselinePath).builds.count == 2)
    #expect(try costs("--against", baselinePath).exitCode == 0)
  }

  @Test func aMissingBaselineIsInconclusive() throws {
    let result = try costs("--against", baselinePath)
    #expect(result.exitCode == 5)
    #expect(result.errors.contains("\(baselinePath): there is no baseline; make one"))
  }

  @Test func aBaselineOfAnotherScenarioIsRefused() throws {
    #expect(try costs("--save", baselinePath).exitCode == 0)
    try edit { $0.replacing("\"scenario\" : \"tiny\"", with: "\"scenario\" : \"other\"") }
    for option in ["--against", "--save"] {
      let result = try costs(option, baselinePath)
      #expect(result.exitCode == 65)
      #expect(result.errors.contains("scenario: holds the costs of \"other\", not of \"tiny\""))
    }
  }

  @Test func aDamagedBaselineIsRefusedWithItsPlace() throws {
    #expect(try costs("--save", baselinePath).exitCode == 0)
    try edit { $0.replacing("\"tasks\" : 200", with: "\"tasks\" : true") }
    let key = try costs("--against", baselinePath)
    #expect(key.exitCode == 65)
    #expect(key.errors.contains("\(baselinePath): builds.0.cells.strategy="), "\(key)")
    try "{\n\n  oops\n".write(toFile: baselinePath, atomically: true, encoding: .utf8)
    let line = try costs("--save", baselinePath)
    #expect(line.exitCode == 65)
    #expect(line.errors.contains("\(baselinePath):3: is not JSON"), "\(line)")
  }

  @Test func aBaselineThatCannotBeWrittenIsSaidSo() throws {
    let result = try costs("--save", "\(directory.path)/missing/costs.json")
    #expect(result.exitCode == 73)
  }

  @Test func reportsGoToFiles() throws {
    #expect(try costs("--save", baselinePath).exitCode == 0)
    let result = try costs(
      "--against", baselinePath, "--format", "json", "--export-junit", "\(directory.path)/j.xml")
    #expect(result.exitCode == 0)
    #expect(throws: Never.self) {
      try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    }
    #expect(FileManager.default.fileExists(atPath: "\(directory.path)/j.xml"))
  }

  /// A run counts once per cell and says the same in each repeat.
  @Test func aRunNotesItsCosts() throws {
    var tiny = TinyScenario()
    tiny.repeats = 2
    let path = try tiny.write(to: directory)
    let result = try Harness.run(
      Harness.runArguments(path, results: directory.path, name: "run"), in: directory)
    #expect(result.exitCode == 0, "\(result)")
    let files = RunFiles(results: directory.path, name: "run")
    let rows = try files.rows()
    #expect(rows.count == 4)
    for row in rows {
      #expect(row.claim.costs.statements == 4 && row.enqueue.costs.statements == 1)
      #expect(row.complete.costs.fsyncs == 0)
      #expect((row.claim.costs.vmSteps ?? 0) > 50 && (row.claim.costs.walFrames ?? 0) > 1)
      #expect(row.planHash.count == 16 && row.warnings.allSatisfy { !$0.contains("counted") })
    }
    #expect(Set(rows.map(\.planHash)).count == 1)
    #expect(Set(rows.map(\.claim.costs.vmSteps)).count == 1)
    let plans = try String(contentsOfFile: "\(files.path)/plans/c02.txt", encoding: .utf8)
    #expect(plans.hasPrefix("c02 synchronous=OFF\nSQLite \(SQLiteLibrary.version), "))
    #expect(plans.contains("plan hash \(rows[0].planHash)\n"))
    let summary = try String(contentsOfFile: "\(files.path)/summary.csv", encoding: .utf8)
    #expect(summary.contains(",claim_vm_steps,claim_vm_steps_low,claim_vm_steps_high,"))
  }
}
