import Results
import Testing

@testable import Reporting

@Suite("Cost report") struct CostReportTests {
  private static let build = SQLiteBuild(version: "3.40.1", sourceID: "abc", options: [])

  private static func profile(steps: Int = 1000, plan: String = "SEARCH t USING INDEX ix (a=?)")
    -> CostProfile
  {
    let costs = OperationCosts(
      tasks: 100, walFrames: 300, fsyncs: 0,
      statements: [.init(sql: "UPDATE t SET b = 1", runs: 100, vmSteps: steps, plan: [plan])])
    return CostProfile(
      settingsHash: "1", sqlite: build, enqueue: costs, claim: costs, complete: costs)
  }

  private func report(
    _ cells: [(String, CostProfile?)], baseline: [String: CostProfile],
    build: SQLiteBuild = Self.build
  ) -> GateReport {
    var stored = CostBaseline(scenario: "ci")
    stored.replace(baseline, of: Self.build)
    return CostReport(
      title: "costs",
      cells: cells.map { label, profile in
        .init(label: label, outcome: profile.map { .counted($0) } ?? .failed("no such index: ix"))
      }, build: build, baseline: stored, path: "costs.json", saveCommand: "queuebench costs --save"
    ).gate
  }

  @Test func `equal costs are met`() {
    let gate = report([("a=1", Self.profile())], baseline: ["a=1": Self.profile()])
    #expect(gate.outcome == .met && gate.warnings.isEmpty)
    #expect(gate.findings.map(\.measured) == ["enqueue 10, claim 10, complete 10 VM steps"])
  }

  @Test func `dearer is missed and names the statement`() {
    let gate = report([("a=1", Self.profile(steps: 1100))], baseline: ["a=1": Self.profile()])
    #expect(gate.outcome == .missed && gate.findings.count == 3)
    #expect(gate.findings[1].expectation == "claim VM steps <= 10")
    #expect(gate.findings[1].measured == "11")
    #expect(gate.findings[1].explanation == "UPDATE t SET b = 1: 10 → 11")
  }

  @Test func `a changed plan is missed with both lines`() {
    let gate = report([("a=1", Self.profile(plan: "SCAN t"))], baseline: ["a=1": Self.profile()])
    #expect(gate.outcome == .missed)
    #expect(gate.findings[0].expectation == "enqueue query plan: SEARCH t USING INDEX ix (a=?)")
    #expect(gate.findings[0].measured == "SCAN t")
    #expect(gate.text.contains("- SEARCH t USING INDEX ix (a=?); + SCAN t"))
  }

  @Test func `cheaper is met with the advice to save it`() {
    let gate = report([("a=1", Self.profile(steps: 900))], baseline: ["a=1": Self.profile()])
    #expect(gate.outcome == .met)
    #expect(
      gate.warnings == [
        "3 costs are lower than in the baseline; keep the gain: queuebench costs --save"
      ])
  }

  @Test func `a queue that does not work is missed`() {
    let gate = report([("a=1", nil)], baseline: ["a=1": Self.profile()])
    #expect(gate.outcome == .missed)
    #expect(gate.findings[0].explanation == "no such index: ix")
  }

  @Test func `cells that only one side has are named`() {
    let gate = report(
      [("a=1", Self.profile()), ("a=2", Self.profile())],
      baseline: ["a=1": Self.profile(), "a=3": Self.profile()])
    #expect(gate.outcome == .inconclusive)
    #expect(gate.findings.map(\.outcome) == [.met, .inconclusive, .inconclusive])
    #expect(gate.findings[1].explanation.contains("add it: queuebench costs --save"))
    #expect(gate.findings[2].place == "a=3" && gate.findings[2].measured == "not there")
  }

  @Test func `a cell that only the baseline has is not met`() {
    let gate = report(
      [("a=1", Self.profile())], baseline: ["a=1": Self.profile(), "a=3": Self.profile()])
    #expect(gate.outcome == .inconclusive)
  }

  @Test func `a refused cell is missed only where the baseline has it`() {
    var stored = CostBaseline(scenario: "ci")
    stored.replace(["a=1": Self.profile()], of: Self.build)
    func gate(_ label: String) -> GateReport {
      CostReport(
        title: "costs",
        cells: [
          .init(label: "a=1", outcome: label == "a=1" ? .refused("no") : .counted(Self.profile())),
          .init(label: "a=2", outcome: .refused("no")),
        ], build: Self.build, baseline: stored, path: "costs.json", saveCommand: "save"
      ).gate
    }
    #expect(gate("a=2").outcome == .met && gate("a=2").warnings == ["a=2: is not counted: no"])
    #expect(gate("a=1").outcome == .inconclusive)
  }

  @Test func `another SQLite is inconclusive, with a remedy`() {
    var newer = Self.build
    (newer.version, newer.sourceID) = ("3.51.3", "def")
    let gate = report([("a=1", Self.profile())], baseline: ["a=1": Self.profile()], build: newer)
    #expect(gate.outcome == .inconclusive && gate.findings.count == 1)
    #expect(gate.findings[0].place == "SQLite 3.51.3")
    #expect(gate.findings[0].measured == "only 3.40.1")
    #expect(gate.findings[0].explanation.contains("queuebench costs --save"))
    var rebuilt = Self.build
    rebuilt.options = ["SECURE_DELETE"]
    let other = report([("a=1", Self.profile())], baseline: ["a=1": Self.profile()], build: rebuilt)
    #expect(other.findings[0].explanation.hasPrefix("this SQLite was compiled with other options"))
  }

  @Test func `a cell with other settings cannot be compared`() {
    var changed = Self.profile()
    changed.settingsHash = "2"
    let gate = report([("a=1", changed)], baseline: ["a=1": Self.profile()])
    #expect(gate.outcome == .inconclusive)
    #expect(gate.findings[0].explanation.contains("of other settings"))
  }

  @Test func `the table has a line per operation`() {
    let text = CostTable(
      axisNames: ["a"], rows: [.init(cell: "c01", axes: ["1"], profile: Self.profile())]
    ).text()
    let lines = text.split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines[3].split(separator: " ").prefix(6) == ["c01", "1", "enqueue", "10", "1", "3"])
  }
}
