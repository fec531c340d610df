/// One respect in which two profiles differ.
package struct CostDifference: Equatable, Sendable {
  package enum Kind: String, Sendable {
    /// It costs more than it did.
    case worse
    /// It costs less than it did.
    case better
    /// SQLite executes a statement in another way, or other statements.
    case changed
  }

  package var kind: Kind
  package var operation: MeasuredOperation
  /// What differs: `VM steps`, `statements`, `WAL frames`, `fsyncs` or `query plan`.
  package var quantity: String
  /// What it was, per task; for a plan its first line that differs.
  package var old: String
  /// What it is.
  package var new: String
  /// Which statements make the difference, old → new; a sentence each.
  package var explanation: String

  package init(
    kind: Kind, operation: MeasuredOperation, quantity: String, old: String, new: String,
    explanation: String
  ) {
    self.kind = kind
    self.operation = operation
    self.quantity = quantity
    self.old = old
    self.new = new
    self.explanation = explanation
  }
}

extension CostDifference: CustomStringConvertible {
  /// `claim: VM steps worse: 88.5 → 4013 per task (UPDATE task_queue …: 88.5 → 4013)`
  package var description: String {
    let unit = quantity == Self.planQuantity ? "" : " per task"
    return "\(operation.rawValue): \(quantity) \(kind.rawValue): \(old) → \(new)\(unit)"
      + (explanation.isEmpty ? "" : " (\(explanation))")
  }

  static let planQuantity = "query plan"

  /// A count per task as it is shown.
  package static func text(ofPerTask value: Double) -> String { decimalText(value, decimals: 4) }
}

extension CostProfile {
  /// Why two profiles cannot be compared; nil if they can.
  package func obstacle(toComparisonWith baseline: CostProfile) -> String? {
    if let obstacle = conditions.obstacle(toComparisonWith: baseline.conditions) { return obstacle }
    if settingsHash != baseline.settingsHash {
      return "of other settings or another seed than these"
    }
    return nil
  }

  /// In what this profile differs from an earlier one, exactly; empty if in nothing.
  ///
  /// Both must be comparable; see ``obstacle(toComparisonWith:)``.
  package func differences(from baseline: CostProfile) -> [CostDifference] {
    MeasuredOperation.allCases.flatMap { operation in
      let (old, new) = (baseline[operation], self[operation])
      return Quantity.all.compactMap { $0.difference(operation, from: old, to: new) }
        + planDifferences(operation, from: old, to: new)
    }
  }
}

/// A count that two profiles are compared by.
private struct Quantity {
  let name: String
  let total: (OperationCosts) -> Int
  /// The share of a statement; nil if it has none of its own.
  var ofStatement: ((OperationCosts.Statement) -> Int)?

  static var all: [Quantity] {
    [
      Quantity(name: "VM steps", total: \.vmSteps, ofStatement: \.vmSteps),
      Quantity(name: "statements", total: \.statementRuns, ofStatement: \.runs),
      Quantity(name: "WAL frames", total: \.walFrames), Quantity(name: "fsyncs", total: \.fsyncs),
    ]
  }

  func difference(
    _ operation: MeasuredOperation, from old: OperationCosts, to new: OperationCosts
  ) -> CostDifference? {
    // Per task without division, so that nothing is rounded away.
    let (before, after) = (total(old) * new.tasks, total(new) * old.tasks)
    guard before != after else { return nil }
    return CostDifference(
      kind: after > before ? .worse : .better, operation: operation, quantity: name,
      old: perTask(total(old), old), new: perTask(total(new), new),
      explanation: statements(from: old, to: new))
  }

  /// The statements whose share has changed, those with the largest change first.
  private func statements(from old: OperationCosts, to new: OperationCosts) -> String {
    guard let ofStatement else { return "" }
    var changes: [(size: Double, text: String)] = []
    let sqls = Set((old.statements + new.statements).map(\.sql))
    for sql in sqls.sorted() {
      let before = old.statements.first { $0.sql == sql }.map(ofStatement) ?? 0
      let after = new.statements.first { $0.sql == sql }.map(ofStatement) ?? 0
      guard before * new.tasks != after * old.tasks else { continue }
      let size =
        Double(after) / Double(max(1, new.tasks)) - Double(before) / Double(max(1, old.tasks))
      changes.append(
        (
          abs(size), "\(shortSQL(sql)): \(perTask(before, old)) → \(perTask(after, new))"
        ))
    }
    let shown = 4
    let sorted = changes.sorted { $0.size > $1.size }
    return sorted.prefix(shown).map(\.text).joined(separator: "; ")
      + (sorted.count > shown ? "; and \(sorted.count - shown) more" : "")
  }

  private func perTask(_ count: Int, _ costs: OperationCosts) -> String {
    CostDifference.text(ofPerTask: Double(count) / Double(max(1, costs.tasks)))
  }
}

/// The plans that differ. Statements that only one profile has are paired by their plans first: one that
/// was merely written otherwise is no difference.
private func planDifferences(
  _ operation: MeasuredOperation, from old: OperationCosts, to new: OperationCosts
) -> [CostDifference] {
  func changed(_ sql: String, _ before: [String], _ after: [String], _ note: String = "")
    -> CostDifference
  {
    let (removed, added) = lineChanges(before, after)
    return CostDifference(
      kind: .changed, operation: operation, quantity: CostDifference.planQuantity,
      old: removed.first ?? "nothing", new: added.first ?? "nothing",
      explanation: "\(note)\(shortSQL(sql)): "
        + (removed.map { "- \($0)" } + added.map { "+ \($0)" }).joined(separator: "; "))
  }

  var differences: [CostDifference] = []
  var gone = old.statements.filter { statement in
    !statement.plan.isEmpty && !new.statements.contains { $0.sql == statement.sql }
  }
  var come: [OperationCosts.Statement] = []
  for statement in new.statements {
    if let before = old.statements.first(where: { $0.sql == statement.sql }) {
      guard before.plan != statement.plan else { continue }
      differences.append(changed(statement.sql, before.plan, statement.plan))
    } else if let same = gone.firstIndex(where: { $0.plan == statement.plan }) {
      gone.remove(at: same)
    } else if !statement.plan.isEmpty {
      come.append(statement)
    }
  }
  for statement in come {
    // What begins alike is most likely the old statement rewritten.
    let likeness = gone.indices.map {
      (index: $0, count: gone[$0].sql.commonPrefix(with: statement.sql).count)
    }.max { $0.count < $1.count }
    if let likeness, likeness.count >= 6 {
      let before = gone.remove(at: likeness.index)
      differences.append(
        changed(statement.sql, before.plan, statement.plan, "rewritten: "))
    } else {
      differences.append(changed(statement.sql, [], statement.plan, "new: "))
    }
  }
  return differences + gone.map { changed($0.sql, $0.plan, [], "gone: ") }
}

/// The lines that only one of two plans has.
private func lineChanges(
  _ old: [String], _ new: [String]
) -> (removed: [String], added: [String]) {
  var (removed, added): ([String], [String]) = ([], [])
  for change in new.difference(from: old) {
    let line: String
    switch change {
    case .remove(_, let element, _):
      line = element
      removed.append(line.trimmingPrefix { $0 == " " }.description)
    case .insert(_, let element, _):
      line = element
      added.append(line.trimmingPrefix { $0 == " " }.description)
    }
  }
  // Removals come from the end to the beginning.
  return (removed.reversed(), added)
}

extension String {
  fileprivate func commonPrefix(with other: String) -> Substring {
    prefix(zip(self, other).prefix { $0 == $1 }.count)
  }
}

/// Enough of a statement to recognise it: its beginning and, of a long one, its end.
package func shortSQL(_ sql: String) -> String {
  let (head, tail) = (72, 40)
  guard sql.count > head + tail + 3 else { return sql }
  return "\(sql.prefix(head)) … \(sql.suffix(tail))"
}
