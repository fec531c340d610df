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

  private func findings(
    _ run: StoredRun, _ baseline: StoredRun, _ metrics: [ComparedMetric] = ComparedMetric.standard
  ) throws -> [GateReport.Finding] {
    try BaselineCheck(run, against: baseline, margin: 0.05, metrics: metrics).findings
  }

  /// By how much the claim p99 of c01 is slower, and what all cells together, c01 and c02 say.
  @Test(arguments: [
    (1.0, 0.05, [GateReport.Outcome.met, .met, .met]), (0.5, 0.05, [.met, .met, .met]),
    (1.2, 0.05, [.inconclusive, .missed, .met]), (1.2, 0.3, [.met, .met, .met]),
    (1.05, 0.05, [.met, .inconclusive, .met]),
  ])
  func theMarginDecides(factor: Double, margin: Double, expected: [GateReport.Outcome]) throws {
    let findings = try check(
      { row in
        guard row.cell == "c01" else { return }
        row.claim.latency.p99Us = row.claim.latency.p99Us.map { $0 * factor }
      }, margin: margin)
    #expect(outcomes(findings, "claim.p99") == expected, "\(factor)")
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
  }

  // MARK: What is absent

  /// What is missing in c01, and what the findings of claim.p99 say of c01.
  @Test(arguments: [
    (true, false, "the run lacks samples for it"),
    (false, true, "the baseline lacks samples for it"), (true, true, "neither run has enough"),
  ])
  func numbersThatAreAbsentAreInconclusive(
    inRun: Bool, inBaseline: Bool, words: String
  ) throws {
    func run(_ name: String, _ lacks: Bool) -> StoredRun {
      CheckedRun(name: name) { if lacks, $0.cell == "c01" { $0.claim.latency.p99Us = nil } }
        .stored()
    }
    let findings = try findings(run("b", inRun), run("a", inBaseline))
    let own = findings.filter { $0.place.hasPrefix("c01") && $0.outcome == .inconclusive }
    #expect(own.count == 1 && own.first?.explanation.contains(words) == true, "\(own)")
    // Where nobody claims, nothing is missing.
    func idle(_ name: String) -> StoredRun {
      StoredRun(
        path: name, manifest: CheckedRun(name: name).manifest,
        rows: CheckedRun(name: name).rows.map { row in
          var idle = RepeatResult(
            run: name, cell: row.cell, repeatNumber: row.repeatNumber, axes: row.axes,
            producers: 1, consumers: 0, status: .measured, verdict: .valid, detail: "")
          (idle.throughputPerSecond, idle.enqueue) = (row.throughputPerSecond, row.enqueue)
          idle.busyErrorRate = 0
          return idle
        })
    }
    #expect(try self.findings(idle("b"), idle("a")).allSatisfy { $0.outcome == .met })
  }

  @Test(arguments: [8, 4]) func aStandstillIsMissed(repeats: Int) throws {
    let findings = try check({ $0.throughputPerSecond = 0 }, repeats: repeats)
    let own = findings.filter {
      $0.expectation.hasPrefix("throughput") && $0.place != "all cells"
    }
    #expect(own.map(\.outcome) == [.missed, .missed])
    // And slower than ever is missed by test, with its ratio.
    let some = try check { if $0.repeatNumber != 1 { $0.throughputPerSecond = 0 } }
    #expect(outcomes(some, "throughput") == [.missed, .missed, .missed])
  }

  @Test func aBaselineThatStoodStillSaysNothing() throws {
    let still = CheckedRun(name: "b") { $0.throughputPerSecond = 0 }
    var before = still
    before.name = "a"
    let metric = try [#require(ComparedMetric.named("throughput"))]
    let findings = try findings(still.stored(), before.stored(), metric)
    #expect(
      findings.filter { $0.place != "all cells" }.map(\.outcome).allSatisfy { $0 == .inconclusive })
    #expect(
      try self.findings(CheckedRun(name: "b").stored(), before.stored(), metric).allSatisfy {
        $0.outcome == .met
      })
  }

  @Test func repeatsThatBrokeOffAreNotForgotten() throws {
    func died(_ name: String, _ numbers: ClosedRange<Int>) -> StoredRun {
      CheckedRun(name: name) { row in
        guard row.cell == "c02", numbers.contains(row.repeatNumber) else { return }
        (row.status, row.verdict, row.detail) = (.failed, .unknown, "died")
      }.stored()
    }
    let some = try findings(died("b", 1...2), CheckedRun().stored())
    let gaps = some.filter { $0.outcome == .inconclusive }
    #expect(gaps.map(\.measured) == ["6 of 8 repeats"], "\(gaps)")
    #expect(gaps.first?.explanation.hasPrefix("2 failed (died), and those that are left") == true)
    let baseline = try findings(CheckedRun(name: "b").stored(), died("a", 1...8))
    #expect(
      baseline.contains {
        $0.outcome == .inconclusive
          && $0.explanation
            == "the baseline has no usable repeat of it to compare with: the cell is failed: died"
      })
  }

  @Test func whatBothRefuseIsNoGap() throws {
    func refused(_ name: String) -> StoredRun {
      CheckedRun(name: name) { row in
        if row.cell == "c02" { (row.status, row.verdict) = (.refused, .unknown) }
      }.stored()
    }
    let check = try BaselineCheck(refused("b"), against: refused("a"), margin: 0.05)
    #expect(check.findings.allSatisfy { $0.outcome == .met })
    #expect(check.warnings == ["c02 synchronous=FULL: both runs refused this cell"])
  }

  /// Which side has counted.
  @Test(arguments: [(true, false), (false, true)])
  func costsOfOneSideAreInconclusive(inRun: Bool, inBaseline: Bool) throws {
    func run(_ name: String, _ counts: Bool) -> StoredRun {
      CheckedRun(name: name) { row in
        guard counts else {
          row.warnings = ["its costs could not be counted: no such index"]
          return
        }
        (row.claim.costs.vmSteps, row.planHash) = (100, "aa")
      }.stored()
    }
    let findings = try findings(run("b", inRun), run("a", inBaseline))
    let open = findings.filter { $0.outcome != .met }
    #expect(open.map(\.outcome) == [.inconclusive, .inconclusive])
    let words =
      inRun
      ? "the baseline has not counted vm_steps.claim, query plans"
      : "the run has not counted vm_steps.claim, query plans: its costs could not be counted: no such index"
    #expect(open.allSatisfy { $0.explanation == words }, "\(open)")
  }

  @Test func changedPlansAreMissed() throws {
    func run(_ name: String, _ hash: String) -> StoredRun {
      CheckedRun(name: name) { $0.planHash = $0.cell == "c01" ? hash : "same" }.stored()
    }
    let findings = try findings(run("b", "bb"), run("a", "aa"))
      .filter { $0.expectation == "query plans as in the baseline" }
    #expect(findings.map(\.outcome) == [.missed, .met])
    #expect(
      findings[0].explanation
        == "they were aa; diff results/a/plans/c01.txt results/b/plans/c01.txt shows what SQLite does otherwise"
    )
  }

  static let conditions: [(String, @Sendable (inout Manifest) -> Void)] = [
    ("measured with SQLite 3.51.0", { $0.sqliteVersion = "3.51.0" }),
    ("measured with SQLite 3.40.1 (2023)", { $0.sqliteSourceId = "2023" }),
    ("compiled with other options", { $0.sqliteCompileOptions = ["SECURE_DELETE"] }),
    ("counted with another seed", { $0.seed = 9 }),
    ("counted by version 9 of the method", { $0.costMethod = 9 }),
    ("counted by an unknown version", { $0.costMethod = nil }),
  ]

  @Test(arguments: conditions.indices)
  func countsUnderOtherConditionsAreNotCompared(index: Int) throws {
    let (words, change) = Self.conditions[index]
    let (a, b) = (
      CheckedRun { $0.claim.costs.vmSteps = 100 }.stored(change),
      CheckedRun(name: "b") { $0.claim.costs.vmSteps = 100 }.stored()
    )
    let costs = try BaselineCheck(b, against: a, margin: 0.05, costsOnly: true).findings
    #expect(costs.map(\.outcome) == [.inconclusive])
    #expect(costs.first?.explanation.contains(words) == true, "\(costs)")
    let comparison = try RunComparison(a, b)
    #expect(comparison.costs.isEmpty)
    #expect(
      comparison.warnings.contains {
        $0.hasPrefix("costs are not compared: A was") && $0.contains(words)
      })
    // The compiler makes no other SQLite.
    let compiler = CheckedRun { $0.claim.costs.vmSteps = 100 }
      .stored { $0.sqliteCompileOptions.append("COMPILER=gcc-12") }
    #expect(
      try BaselineCheck(b, against: compiler, margin: 0.05, costsOnly: true).findings
        .allSatisfy { $0.outcome == .met })
  }

  @Test func fewRepeatsAreSaidWithHowManyItTakes() throws {
    let (run, baseline) = (CheckedRun(name: "b", repeats: 4), CheckedRun(repeats: 4))
    let warnings = try BaselineCheck(run.stored(), against: baseline.stored(), margin: 0.05)
      .warnings
    #expect(
      warnings.contains {
        $0.hasPrefix("26 comparisons of 4 repeats can hardly") && $0.contains("measure 7 repeats")
      }, "\(warnings)")
  }

  @Test func warningsSpeakOfTheBaselineAndTheRun() throws {
    let run = CheckedRun(name: "b").stored { $0.buildMode = "debug" }
    let warnings = try BaselineCheck(run, against: CheckedRun().stored(), margin: 0.05).warnings
    #expect(warnings.contains("the baseline is a release build and the run a debug build"))
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
