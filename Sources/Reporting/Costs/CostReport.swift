package import Results

/// How the costs of a scenario's cells stand to those of a baseline: exactly equal, or not.
package struct CostReport {
  /// A cell and what was counted in it.
  package struct Cell {
    package let label: String
    package let outcome: Outcome

    /// What was counted; nil if nothing could be.
    package var profile: CostProfile? {
      if case .counted(let profile) = outcome { return profile }
      return nil
    }

    package enum Outcome {
      case counted(CostProfile)
      /// The queue does not work with these settings; why.
      case failed(String)
      /// SQLite would run something else than these settings; why.
      case refused(String)
    }

    package init(label: String, outcome: Outcome) {
      self.label = label
      self.outcome = outcome
    }
  }

  /// What is judged: the command with its arguments.
  private let title: String
  private let cells: [Cell]
  private let build: SQLiteBuild
  private let baseline: CostBaseline
  /// Where the baseline lies.
  private let path: String
  /// The command that makes it anew.
  private let saveCommand: String

  /// - Parameters:
  ///   - title: what is judged.
  ///   - cells: all of the scenario.
  ///   - build: the SQLite that ran.
  ///   - baseline: what to compare with.
  ///   - path: where that lies.
  ///   - saveCommand: the command that writes it anew.
  package init(
    title: String, cells: [Cell], build: SQLiteBuild, baseline: CostBaseline, path: String,
    saveCommand: String
  ) {
    self.title = title
    self.cells = cells
    self.build = build
    self.baseline = baseline
    self.path = path
    self.saveCommand = saveCommand
  }

  /// What a gate says of it.
  package var gate: GateReport {
    guard let profiles = baseline[build] else {
      return GateReport(title: title, findings: [missingBuild])
    }
    var findings = cells.flatMap { self.findings(of: $0, baseline: profiles[$0.label]) }
    findings += profiles.keys.filter { label in !cells.contains { $0.label == label } }.sorted().map
    {
      finding(
        $0, "in the scenario", "not there", .inconclusive,
        "\(path) holds the cell, which the scenario does not have; if it is to go, make the baseline "
          + "anew: \(saveCommand)")
    }
    var warnings = cells.compactMap { cell -> String? in
      guard case .refused(let reason) = cell.outcome, profiles[cell.label] == nil
      else { return nil }
      return "\(cell.label): is not counted: \(reason)"
    }
    let better = cells.reduce(0) { count, cell in
      count + differences(of: cell, from: profiles[cell.label]).count { $0.kind == .better }
    }
    if better > 0 {
      warnings.append(
        "\(better) \(better == 1 ? "cost is" : "costs are") lower than in the baseline; keep the gain: "
          + saveCommand)
    }
    return GateReport(title: title, warnings: warnings, findings: findings)
  }

  /// Nothing where the two cannot be compared.
  private func differences(of cell: Cell, from baseline: CostProfile?) -> [CostDifference] {
    guard let profile = cell.profile, let baseline,
      profile.obstacle(toComparisonWith: baseline) == nil
    else { return [] }
    return profile.differences(from: baseline)
  }

  private var missingBuild: GateReport.Finding {
    let known = baseline.builds.keys.map(\.version).sorted().joined(separator: ", ")
    let hasSource = baseline.builds.keys.contains { $0.sourceID == build.sourceID }
    return finding(
      "SQLite \(build.version)", "in the baseline", known.isEmpty ? "no other" : "only \(known)",
      .inconclusive,
      (hasSource
        ? "this SQLite was compiled with other options"
        : "planner and virtual machine differ between versions")
        + ", so there is nothing to compare with; add it to the baseline, from a commit that is known to "
        + "be good: \(saveCommand)")
  }

  private func findings(of cell: Cell, baseline: CostProfile?) -> [GateReport.Finding] {
    let profile: CostProfile
    switch cell.outcome {
    case .failed(let reason):
      return [finding(cell.label, "the queue works", "it does not", .missed, reason)]
    case .refused(let reason):
      guard baseline != nil else { return [] }
      return [
        finding(
          cell.label, "counted as in the baseline", "refused", .inconclusive,
          "\(path) holds the cell, which cannot run now: \(reason)")
      ]
    case .counted(let counted): profile = counted
    }
    guard let baseline else {
      return [
        finding(
          cell.label, "in the baseline", "not there", .inconclusive,
          "\(path) does not hold the cell; add it: \(saveCommand)")
      ]
    }
    if let obstacle = profile.obstacle(toComparisonWith: baseline) {
      return [
        finding(
          cell.label, "comparable with the baseline", "not comparable", .inconclusive,
          "the baseline was \(obstacle); make it anew: \(saveCommand)")
      ]
    }
    let differences = differences(of: cell, from: baseline)
    guard differences.isEmpty else { return differences.map { finding(cell.label, $0) } }
    return [finding(cell.label, "costs as before", brief(profile), .met)]
  }

  private func finding(_ place: String, _ difference: CostDifference) -> GateReport.Finding {
    let operation = difference.operation.rawValue
    switch difference.kind {
    case .changed:
      return finding(
        place, "\(operation) \(difference.quantity): \(difference.old)", difference.new, .missed,
        difference.explanation)
    case .better, .worse:
      let isBetter = difference.kind == .better
      return finding(
        place, "\(operation) \(difference.quantity) <= \(difference.old)",
        difference.new + (isBetter ? " (better)" : ""), isBetter ? .met : .missed,
        difference.explanation)
    }
  }

  private func finding(
    _ place: String, _ expectation: String, _ measured: String, _ outcome: GateReport.Outcome,
    _ explanation: String = ""
  ) -> GateReport.Finding {
    GateReport.Finding(
      place: place, expectation: expectation, measured: measured, outcome: outcome,
      explanation: explanation, source: .init(file: path, line: nil))
  }

  private func brief(_ profile: CostProfile) -> String {
    let steps = MeasuredOperation.allCases.map {
      "\($0.rawValue) \(CostDifference.text(ofPerTask: profile[$0].vmStepsPerTask))"
    }
    return steps.joined(separator: ", ") + " VM steps"
  }
}
