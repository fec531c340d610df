extension CostProfile {
  /// What every statement costs and how SQLite executes it, for people to read; the costs are per task.
  package var text: String {
    var text = "SQLite \(sqlite.version), \(sqlite.sourceID)\nplan hash \(planHash)\n"
    for operation in MeasuredOperation.allCases {
      let costs = self[operation]
      text +=
        "\n\(operation.rawValue): \(number(costs.vmStepsPerTask)) VM steps, "
        + "\(number(costs.statementsPerTask)) statements, "
        + "\(number(costs.walFramesPerTask)) WAL frames, \(number(costs.fsyncsPerTask)) fsyncs\n"
      for statement in costs.statements {
        let tasks = Double(max(1, costs.tasks))
        text +=
          "\n  \(statement.sql)\n    \(number(Double(statement.runs) / tasks)) runs, "
          + "\(number(Double(statement.vmSteps) / tasks)) VM steps\n"
        text += statement.plan.map { "    \($0)\n" }.joined()
      }
    }
    return text
  }

  private func number(_ value: Double) -> String { decimalText(value, decimals: 4) }
}

extension RepeatResult {
  /// Takes over what was counted.
  package mutating func note(_ profile: CostProfile) {
    for operation in MeasuredOperation.allCases {
      let costs = profile[operation]
      self[operation].costs.vmSteps = costs.vmStepsPerTask
      self[operation].costs.statements = costs.statementsPerTask
      self[operation].costs.walFrames = costs.walFramesPerTask
      self[operation].costs.fsyncs = costs.fsyncsPerTask
    }
    planHash = profile.planHash
  }
}
