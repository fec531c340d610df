package import Results

/// What the operations of both sides cost, counted: compared exactly, and before anything is timed.
package struct ComparedCosts: Sendable {
  /// What one cell shows.
  package enum Finding: Sendable {
    /// The same on both sides, to the last step.
    case equal(CostProfile)
    /// Some operation costs more, or is executed in another way.
    case worse([CostDifference])
    /// Nothing costs more and everything is executed as before, but something costs less.
    case better([CostDifference])
    /// The queue of that side does not work; why.
    case broken(side: String, reason: String)
    /// Other ways of counting, or other SQLites; why.
    case incomparable(String, hasOneSQLite: Bool)
  }

  package let findings: [(cell: ComparedCell, finding: Finding)]

  /// Whether a comparison fails for it: where the sides have the same settings, nothing may cost more or have
  /// another plan, and head has to work.
  package var hasFailed: Bool {
    findings.contains { cell, finding in
      switch finding {
      case .worse: return cell.hasSameSettings
      case .broken(let side, _): return side == "head"
      case .equal, .better, .incomparable: return false
      }
    }
  }

  /// Whether what should have been the same could not be compared, so that no comparison can pass.
  package var isInconclusive: Bool {
    findings.contains { cell, finding in
      if case .incomparable(_, hasOneSQLite: true) = finding { return cell.hasSameSettings }
      return false
    }
  }

  /// The first cell in which the queue of base does not work, and why: head is not to blame for it.
  package var failureOfBase: (cell: String, reason: String)? {
    for (cell, finding) in findings {
      if case .broken(side: "base", let reason) = finding { return (cell.id, reason) }
    }
    return nil
  }

  /// Counts every cell on both sides; throws what the sides throw.
  package init(
    of cells: [ComparedCell], base: any ComparedSide, head: any ComparedSide, seed: UInt64
  ) throws {
    findings = try cells.map { cell in
      let baseCosts = try base.costs(of: cell.base, seed: seed)
      let headCosts = try head.costs(of: cell.head, seed: seed)
      return (cell, Self.compare(base: baseCosts, head: headCosts))
    }
  }

  static func compare(base: BlockClient.Costs, head: BlockClient.Costs) -> Finding {
    switch (base, head) {
    case (.failed(let reason), _): return .broken(side: "base", reason: reason)
    case (_, .failed(let reason)): return .broken(side: "head", reason: reason)
    case (.counted(let base), .counted(let head)):
      if base.sqlite == head.sqlite, base.method == head.method {
        let differences = head.differences(from: base)
        if differences.isEmpty { return .equal(head) }
        return differences.allSatisfy { $0.kind == .better }
          ? .better(differences) : .worse(differences)
      }
      return .incomparable(
        "base: " + (head.obstacle(toComparisonWith: base) ?? "another build"),
        hasOneSQLite: base.sqlite == head.sqlite)
    }
  }
}
