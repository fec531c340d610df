import Results
import Scenarios
import Testing
import Verification

@testable import Reporting

/// When a target is met, missed, or cannot be judged.
@Suite struct TargetReportTests {
  private func finding(
    _ target: String, repeats: Int = 8, change: @escaping (inout RepeatResult) -> Void
  ) throws -> GateReport.Finding {
    let run = CheckedRun(labels: ["NORMAL"], repeats: repeats, change: change)
    let targets = try TargetList.parse(target)
    let cells = TargetReport.cells(of: RunRecord(rows: run.rows, manifest: run.manifest))
    let findings = TargetReport(targets: targets, of: "t.yaml", cells: cells, rows: run.rows)
      .findings
    return try #require(findings.count == 1 ? findings.first : nil)
  }

  /// Repeats with a claim p95 of 1, 2, 3, … ms: of 8 the interval is 1 to 8 ms, of 3 the range 1 to 3.
  @Test(arguments: [
    (8, "claim.p95 < 8.1ms", GateReport.Outcome.met, ""),
    (8, "claim.p95 < 8ms", .inconclusive, "the 95 % interval, 1.00 ms to 8.00 ms, holds the limit"),
    (8, "claim.p95 <= 8ms", .met, ""),
    (8, "claim.p95 < 5ms", .inconclusive, "holds the limit 5.00 ms"),
    (
      8, "claim.p95 < 1ms", .missed,
      "the 95 % interval, 1.00 ms to 8.00 ms, is on the wrong side of 1.00 ms"
    ),
    (8, "claim.p95 > 0.5ms", .met, ""), (3, "claim.p95 < 4ms", .met, ""),
    (3, "claim.p95 < 2ms", .inconclusive, "the range of 3 repeats, 1.00 ms to 3.00 ms, holds"),
    (1, "claim.p95 < 2ms", .met, ""), (1, "claim.p95 < 1ms", .missed, "the range of 1 repeat,"),
    // Of 12 the interval leaves the two outermost out.
    (12, "claim.p95 < 10.5ms", .met, ""),
    (12, "claim.p95 < 3ms", .missed, "3.00 ms to 10.0 ms, is on the wrong side"),
  ])
  func theWholeBarDecides(
    repeats: Int, target: String, outcome: GateReport.Outcome, explanation: String
  ) throws {
    let finding = try finding(target, repeats: repeats) {
      $0.claim.latency.p95Us = Double($0.repeatNumber) * 1000
    }
    #expect(finding.outcome == outcome, "\(finding)")
    #expect(finding.explanation.contains(explanation))
    #expect(finding.source == GateReport.SourcePlace(file: "t.yaml", line: nil))
  }

  @Test func aPercentileThatLacksSamplesIsNeverMet() throws {
    for lacking in [1...8, 3...3, 1...7] {
      let finding = try finding("claim.p95 < 1s") {
        $0.claim.latency.p95Us = lacking.contains($0.repeatNumber) ? nil : 10
      }
      #expect(finding.outcome == .inconclusive)
      #expect(finding.explanation.contains("has too few samples for it"))
    }
  }

  @Test(arguments: ["vm_steps.claim <= 120", "late == 0", "steal_share < 1%"])
  func whatARunDidNotMeasureIsInconclusive(target: String) throws {
    let finding = try finding(target) { _ in }
    #expect(finding.outcome == .inconclusive && finding.measured.isEmpty)
    #expect(finding.explanation == "this run has no such measurement")
  }

  @Test func countsMustHoldInEveryRepeat() throws {
    let one = try finding("redelivered <= 2") { $0.flow.redelivered = $0.repeatNumber == 5 ? 3 : 0 }
    #expect(one.outcome == .missed && one.explanation == "repeat 5 had 3")
    let two = try finding("redelivered == 0") { $0.flow.redelivered = $0.repeatNumber > 6 ? 1 : 0 }
    #expect(two.outcome == .missed)
    #expect(two.explanation == "repeat 7 had 1, and 1 more did not hold it")
    let all = try finding("redelivered < 3") { $0.flow.redelivered = 2 }
    #expect(all.outcome == .met && all.measured == "2")
    #expect(all.quantity == GateReport.Quantity(value: 2, low: 2, high: 2, unit: "count"))
    // A repeat that cannot tell is not one that holds, but one that breaks it suffices.
    let some = try finding("redelivered < 3") {
      $0.flow.redelivered = $0.repeatNumber == 5 ? nil : 2
    }
    #expect(some.outcome == .inconclusive)
    let broken = try finding("redelivered < 3") {
      $0.flow.redelivered = $0.repeatNumber == 5 ? nil : 4
    }
    #expect(broken.outcome == .missed)
  }

  /// What was lost counts in repeats whose other numbers mean nothing.
  @Test(arguments: [RepeatStatus.measured, .failed])
  func whatInvalidRepeatsLostIsLost(status: RepeatStatus) throws {
    func lose(_ row: inout RepeatResult) {
      guard row.repeatNumber == 4 else { return }
      (row.status, row.verdict) = (status, .invalid)
      (row.flow.lost, row.detail) = (3, "3 acknowledged tasks lost (#4, #7, #9)")
    }
    let lost = try finding("lost == 0", change: lose)
    #expect(lost.outcome == .missed)
    #expect(lost.explanation == "repeat 4 had 3 (3 acknowledged tasks lost (#4, #7, #9))")
    // Not so for what has to do with speed.
    let refused = try finding("redelivered == 0") {
      lose(&$0)
      if $0.repeatNumber == 4 { $0.flow.redelivered = 9 }
    }
    #expect(refused.outcome != .missed)
  }

  /// Files from before the column: a sound verdict says that nothing was lost.
  @Test(arguments: [
    (Verdict.valid, GateReport.Outcome.met), (.saturated, .met), (.unknown, .inconclusive),
    (.invalid, .inconclusive),
  ])
  func aVerdictStandsInForTheCount(verdict: Verdict, outcome: GateReport.Outcome) throws {
    let finding = try finding("lost == 0") { ($0.verdict, $0.flow.lost) = (verdict, nil) }
    #expect(finding.outcome == outcome, "\(finding)")
  }

  @Test(arguments: [RepeatStatus.refused, .failed])
  func aCellThatDidNotRunIsInconclusive(status: RepeatStatus) throws {
    let none = try finding("claim.p99 < 1s") {
      ($0.status, $0.verdict, $0.detail) = (status, .unknown, "no WAL here")
    }
    #expect(none.outcome == .inconclusive && none.explanation.hasSuffix(": no WAL here"))
    let some = try finding("claim.p99 < 1s") {
      guard $0.repeatNumber == 2 else { return }
      ($0.status, $0.verdict, $0.detail) = (status, .unknown, "no WAL here")
    }
    #expect(some.outcome == .inconclusive)
    #expect(some.explanation == "repeat 2 \(status.rawValue): no WAL here")
    let missed = try finding("claim.p99 < 1us") {
      if $0.repeatNumber == 2 { $0.status = status }
    }
    #expect(missed.outcome == .missed)
  }

  @Test func cellsThatWereNeverReachedAreInconclusive() throws {
    let run = CheckedRun(
      targets: "[claim.p99 < 1s, {expect: lost == 0, cells: {synchronous: FULL}}]")
    let record = RunRecord(rows: run.rows.filter { $0.cell == "c01" }, manifest: run.manifest)
    let scenario = try #require(record.scenario())
    let report = TargetReport(
      targets: scenario.targets, of: scenario.file, cells: TargetReport.cells(of: record),
      rows: record.rows)
    #expect(
      report.findings.map(\.place) == [
        "c01 synchronous=NORMAL", "c02 synchronous=FULL", "c02 synchronous=FULL",
      ])
    #expect(report.findings.map(\.outcome) == [.met, .inconclusive, .inconclusive])
    #expect(report.findings.last?.explanation == "the run has not measured this cell")
    #expect(report.findings.last?.source == GateReport.SourcePlace(file: "checked.yaml", line: 4))
    #expect(report.hasInconclusive && !report.hasMissed)
  }
}
