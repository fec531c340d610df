internal import Experiments
internal import Foundation
internal import Reporting
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
        format: "%@ after %d blocks%@ in %.0f s; every block is in %@/", outcome.word,
        outcome.blocks, voids, outcome.seconds, directory))
  }

  private func say(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }

  /// The report: a finding for each metric of each cell.
  static func report(
    _ outcome: Comparison.Outcome, plan: Comparison.Plan, scenario: Scenario, sides: ComparedSides
  ) -> GateReport {
    let summaries = Dictionary(
      uniqueKeysWithValues: plan.cells.map { ($0.id, $0.base.summary) })
    var warnings: [String] = []
    if let difference = sides.sqliteDifference { warnings.append(difference) }
    let findings = outcome.gates.places.map { place in
      let summary = summaries[place.cell] ?? ""
      return GateReport.Finding(
        place: summary.isEmpty ? place.cell : "\(place.cell) \(summary)",
        expectation: place.expectation, measured: place.measured,
        outcome: place.outcome, explanation: place.explanation)
    }
    return GateReport(title: "ab \(scenario.file)", warnings: warnings, findings: findings)
  }
}

extension Comparison.Outcome {
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
