internal import Experiments
internal import Foundation
internal import Reporting
internal import Results
internal import Scenarios
internal import Statistics

/// What a comparison says while it runs, on standard error: standard output is for its report.
struct ComparisonConsole {
  let plan: Comparison.Plan

  /// Says who is compared.
  func begin(_ sides: ComparedSides) {
    for side in [sides.base, sides.head] {
      let greeting = side.greeting
      say(
        "\(side.name)  \(side.command) (\(greeting.commit), \(greeting.buildMode), "
          + "SQLite \(greeting.sqliteVersion))")
    }
    let count = plan.cells.count
    say(
      "\(count) cell\(count == 1 ? "" : "s") × 2 sides, about "
        + String(format: "%.1f s per block", plan.expectedBlockSeconds))
  }

  /// A line for a block.
  func show(_ block: Comparison.Block) {
    let place = String(format: "block %3d  %6.1f s  ", block.number, block.secondsSoFar)
    if let disturbance = block.disturbance { return say("\(place)void: \(disturbance)") }
    let places = block.gates.places
    let passed = places.count { $0.gate.decision == .passed }
    var line = "\(place)\(passed) of \(places.count) passed"
    if let worst = block.gates.worst, let ratio = worst.ratio {
      let cell = plan.cells.count > 1 ? "\(worst.cell) " : ""
      line += String(
        format: "; %@%@ ×%.3f, evidence of worse %.3g of %.0f", cell, worst.metric.name,
        ratio.value, worst.gate.evidenceOfWorse, worst.gate.failingFortune)
    }
    say(line)
  }

  /// Says how it ended.
  func end(_ outcome: Comparison.Outcome, directory: String) {
    let voids = outcome.voidBlocks > 0 ? ", \(outcome.voidBlocks) void" : ""
    say(
      String(
        format: "%@ after %d blocks%@ in %.1f s; every block is in %@/", outcome.word,
        outcome.blocks, voids, outcome.seconds, directory))
  }

  private func say(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }

  /// The report: a finding for what each cell costs, and one for each metric of each cell.
  static func report(
    _ outcome: Comparison.Outcome, plan: Comparison.Plan, scenario: Scenario, sides: ComparedSides
  ) -> GateReport {
    let places = Dictionary(
      uniqueKeysWithValues: plan.cells.map {
        ($0.id, $0.base.summary.isEmpty ? $0.id : "\($0.id) \($0.base.summary)")
      })
    var report = GateReport(title: "ab \(scenario.file)", findings: [])
    if let difference = sides.sqliteDifference { report.warnings.append(difference) }
    for (cell, finding) in outcome.costs?.findings ?? [] {
      report.add(finding, place: places[cell.id] ?? cell.id, isDecisive: cell.hasSameSettings)
    }
    // Nothing was timed.
    if outcome.costs?.hasFailed == true || (outcome.broken != nil && outcome.blocks == 0) {
      return report
    }
    report.warnings += outcome.silences
    if outcome.decision == .passed, plan.metrics == nil {
      report.warnings.append(ComparedMetric.standardGaps)
    }
    report.findings += outcome.gates.places.map { place in
      GateReport.Finding(
        place: places[place.cell] ?? place.cell, expectation: place.expectation,
        measured: place.measured, outcome: place.outcome,
        explanation: place.explanation + (place.outcome == .inconclusive ? outcome.voidsText : ""))
    }
    return report
  }
}

extension GateReport {
  /// Adds what was counted of a cell: as findings, or as remarks where the sides have other settings.
  fileprivate mutating func add(
    _ finding: ComparedCosts.Finding, place: String, isDecisive: Bool
  ) {
    switch finding {
    case .equal(let profile):
      let steps = CostDifference.text(ofPerTask: profile[.claim].vmStepsPerTask)
      findings.append(
        Finding(
          place: place, expectation: "the same costs and plans",
          measured: "the same (\(steps) VM steps per claim)", outcome: .met))
    case .worse(let differences), .better(let differences):
      guard isDecisive else {
        warnings += differences.filter { $0.kind != .changed }.map {
          "\(place): \($0.operation.rawValue) \($0.quantity) per task: \($0.old) → \($0.new)"
        }
        let plans = differences.count { $0.kind == .changed }
        if plans > 0 { warnings.append("\(place): query plans differ in \(plans) statements") }
        return
      }
      findings += differences.map { difference in
        Finding(
          place: place,
          expectation: "\(difference.operation.rawValue) \(difference.quantity)"
            + (difference.kind == .changed ? ": " : " <= ") + difference.old,
          measured: difference.new, outcome: difference.kind == .better ? .met : .missed,
          explanation: difference.explanation
            + (difference.kind == .changed ? "; if it is meant, compare with --no-costs" : ""))
      }
    case .broken(let side, let reason):
      // Head is not to blame for base; that is a finding of its own.
      guard side == "head" else { return }
      findings.append(
        Finding(
          place: place, expectation: "the queue of \(side) works", measured: "it does not",
          outcome: .missed, explanation: reason))
    case .incomparable(let reason, let hasOneSQLite):
      guard isDecisive, hasOneSQLite else {
        warnings.append("\(place): costs were not compared (\(reason))")
        return
      }
      findings.append(
        Finding(
          place: place, expectation: "the same costs and plans", measured: "",
          outcome: .inconclusive,
          explanation: "costs cannot be compared (\(reason)); leave them out with --no-costs"))
    }
  }
}

extension Comparison.Outcome {
  /// What disturbances have cost.
  fileprivate var voidsText: String {
    guard voidBlocks > 0 else { return "" }
    return "; \(voidBlocks) of \(blocks + voidBlocks) blocks were void on a disturbed machine"
  }

  /// In one word.
  fileprivate var word: String {
    if broken != nil { return "BROKEN OFF" }
    switch decision {
    case .failed: return "FAILED"
    case .passed: return "passed"
    case .undecided: return "INCONCLUSIVE"
    }
  }
}

extension ComparisonGates.Place {
  fileprivate var outcome: GateReport.Outcome {
    switch gate.decision {
    case .failed: return .missed
    case .passed: return .met
    case .undecided: return .inconclusive
    }
  }
}
