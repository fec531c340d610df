import Results
import Testing
import Verification

@testable import Reporting

@Suite struct BaselineCheckTests {
  private func check(
    _ change: @escaping (inout RepeatResult) -> Void, margin: Double = 0.05, repeats: Int = 8
  ) throws -> [GateReport.Finding] {
    try BaselineCheck(
      CheckedRun(name: "b", repeats: repeats, change: change).stored(),
      against: CheckedRun(repeats: repeats).stored(), margin: margin
    ).findings
  }

  private func outcomes(
    _ findings: [GateReport.Finding], _ metric: String
  ) -> [GateReport.Outcome] {
    findings.filter { $0.expectation.hasPrefix("\(metric) within") }.map(\.outcome)
  }

  /// By how much the claim p99 of c01 is slower, and what all cells together, c01 and c02 say.
  @Test(arguments: [
    (1.0, 0.05, [GateReport.Outcome.met, .met, .met]), (0.5, 0.05, [.met, .met, .met]),
    (1.2, 0.05, [.missed, .missed, .met]), (1.2, 0.3, [.met, .met, .met]),
    (1.05, 0.05, [.met, .inconclusive, .met]),
  ])
  func theMarginDecides(factor: Double, margin: Double, expected: [GateReport.Outcome]) throws {
    let findings = try check(
      { row in
        guard row.cell == "c01" else { return }
        row.claim.latency.p99Us = row.claim.latency.p99Us.map { $0 * factor }
      }, margin: margin)
    // In all cells together half of them hide the other half; only c01 and c02 by themselves are sure.
    #expect(outcomes(findings, "claim.p99").dropFirst() == expected.dropFirst(), "\(factor)")
    #expect(
      findings.filter { $0.outcome == .missed }.allSatisfy { $0.expectation.hasPrefix("claim.p99") }
    )
  }

  @Test func lessThroughputIsWorse() throws {
    let findings = try check { $0.throughputPerSecond = $0.throughputPerSecond.map { $0 * 0.8 } }
    #expect(outcomes(findings, "throughput") == [.missed, .missed, .missed])
    let better = try check { $0.throughputPerSecond = $0.throughputPerSecond.map { $0 * 1.5 } }
    #expect(outcomes(better, "throughput") == [.met, .met, .met])
  }

  @Test func busyErrorsMayNotAppear() throws {
    let some = try check { $0.busyErrorRate = 0.01 + Double($0.repeatNumber) / 10_000 }
    #expect(outcomes(some, "busy_error_rate") == [.missed, .missed])
    let hardly = try check { $0.busyErrorRate = Double($0.repeatNumber) / 100_000 }
    #expect(outcomes(hardly, "busy_error_rate") == [.met, .met])
  }

  @Test func fewRepeatsAreInconclusive() throws {
    let findings = try check({ $0.claim.latency.p99Us = 1e6 }, repeats: 3)
    #expect(outcomes(findings, "claim.p99").allSatisfy { $0 == .inconclusive })
    #expect(findings.contains { $0.explanation.contains("too few for an interval") })
  }

  @Test func aCellThatNoLongerRunsIsInconclusive() throws {
    let findings = try check { row in
      if row.cell == "c02" { (row.status, row.verdict, row.detail) = (.failed, .unknown, "died") }
    }
    #expect(
      findings.contains {
        $0.place.hasPrefix("c02") && $0.outcome == .inconclusive
          && $0.explanation == "the cell is failed: died"
      })
  }

  @Test func whatIsNoBaselineIsRefused() throws {
    let run = CheckedRun(name: "b").stored()
    let cases: [(StoredRun, String)] = [
      (CheckedRun(targets: "[lost == 0]").stored(), "measured another scenario"),
      (CheckedRun().stored { $0.finishedAtUtc = nil }, "is not finished"),
      (CheckedRun().stored { $0.machine["cpu"] = "other" }, "another machine"),
      (CheckedRun().stored { $0.commandLine.append("--quick") }, "--quick"),
      (
        CheckedRun { if $0.repeatNumber == 1 { $0.verdict = .invalid } }.stored(), "invalid history"
      ),
    ]
    for (baseline, message) in cases {
      let refusal = #expect(throws: ComparisonRefusal.self) {
        try BaselineCheck(run, against: baseline, margin: 0.05)
      }
      #expect(refusal?.description.contains(message) == true, "\(String(describing: refusal))")
    }
  }

  /// VM steps of a claim in the run, where the baseline needed 100, on another machine.
  @Test(arguments: [(100.0, GateReport.Outcome.met), (99, .met), (100.01, .missed), (200, .missed)])
  func countedCostsMayNotGrow(steps: Double, outcome: GateReport.Outcome) throws {
    func counted(_ steps: Double) -> CheckedRun {
      CheckedRun(name: "b", repeats: 1) { $0.claim.costs.vmSteps = steps }
    }
    let baseline = counted(100).stored { $0.machine["cpu"] = "other" }
    let check = try BaselineCheck(
      counted(steps).stored(), against: baseline, margin: 0.05, costsOnly: true)
    #expect(check.findings.map(\.outcome) == [outcome, outcome])
    #expect(
      check.findings.first?.expectation == "vm_steps.claim no higher than in the baseline")
    let comparison = try RunComparison(
      counted(100).stored(), counted(steps).stored(), by: ComparedMetric.standard)
    #expect(comparison.costs.count == 2)
    #expect(comparison.text.contains("vm_steps.claim") == (steps != 100))
    // Another SQLite has another virtual machine.
    let other = counted(100).stored { $0.sqliteVersion = "3.51.0" }
    let unlike = try BaselineCheck(
      counted(steps).stored(), against: other, margin: 0.05, costsOnly: true)
    #expect(unlike.findings.map(\.outcome) == [.inconclusive])
  }

  @Test func costsAloneNeedNotTheSameMachine() throws {
    let run = CheckedRun(name: "b").stored()
    let other = CheckedRun().stored { $0.machine["cpu"] = "other" }
    let check = try BaselineCheck(run, against: other, margin: 0.05, costsOnly: true)
    #expect(check.findings.allSatisfy { !$0.expectation.contains(" within ") })
    // Neither counted anything.
    #expect(check.findings.map(\.outcome) == [.inconclusive])
    let version = CheckedRun().stored { $0.sqliteVersion = "3.51.0" }
    let warned = try BaselineCheck(run, against: version, margin: 0.05)
    #expect(warned.warnings.contains { $0.hasPrefix("costs are not compared: SQLite 3.51.0") })
  }
}

@Suite struct CostRowTests {
  /// Counts in the repeats of A and of B, and what they say.
  @Test(arguments: [
    ([5.0, 5, 5], [5.0, 5, 5], CostRow.Outcome.same), ([5, 5, 5], [6, 6, 6], .worse),
    ([5, 5, 5], [4, 4, 4], .better), ([5, 6, 5], [6, 5, 6], .same),
    ([5, 6, 5], [6, 7, 7], .unclear),
    ([5], [5.01], .worse),
  ])
  func countsAreComparedExactly(a: [Double], b: [Double], outcome: CostRow.Outcome) throws {
    let cells = summaries(of: CheckedRun().rows)
    let pair = RunComparison.Pair(a: cells[0], b: cells[0], name: "c01")
    let row = try #require(CostRow("vm_steps.claim", Samples(a: a, b: b, isPartial: false), pair))
    #expect(row.outcome == outcome)
  }
}
