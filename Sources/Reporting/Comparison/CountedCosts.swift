import Results
import Scenarios
internal import Verification

/// What two runs counted, held against each other: costs and query plans.
struct CountedCosts {
  /// A cell of which one run lacks counts that the other has.
  struct Gap {
    let cell: RunComparison.Pair
    /// The counts that only the first run lacks, and those that only the second lacks, as targets name them.
    let inA: [String]
    let inB: [String]
  }

  let rows: [CostRow]
  let plans: [PlanRow]
  let gaps: [Gap]
  /// Why nothing is compared although something was counted, in a sentence; nil if it is.
  let obstacle: String?

  /// Compares cells that both runs have.
  init(
    of pairs: [RunComparison.Pair], _ a: StoredRun, _ b: StoredRun,
    names: RunDifferences.Names = .letters
  ) {
    let counted = pairs.contains { pair in
      !Self.counts(of: pair.a).isEmpty || !Self.counts(of: pair.b).isEmpty
    }
    guard counted else {
      (rows, plans, gaps, obstacle) = ([], [], [], nil)
      return
    }
    if let obstacle = b.manifest.costConditions.obstacle(
      toComparisonWith: a.manifest.costConditions)
    {
      (rows, plans, gaps) = ([], [], [])
      self.obstacle = "costs are not compared: \(names.a) was \(obstacle)"
      return
    }
    obstacle = nil
    rows = CostRow.all(of: pairs)
    plans = pairs.compactMap(PlanRow.init)
    gaps = pairs.compactMap { pair in
      let (inA, inB) = (Self.counts(of: pair.a), Self.counts(of: pair.b))
      guard inA != inB else { return nil }
      return Gap(
        cell: pair, inA: inB.filter { !inA.contains($0) }, inB: inA.filter { !inB.contains($0) })
    }
  }

  /// Everything that was counted in a cell, as targets name it, and its plans.
  private static func counts(of cell: CellSummary) -> [String] {
    let costs = TargetMetric.all.filter { target in
      target.isCost && Metric.named(target.column).flatMap(cell.spread(of:)) != nil
    }
    return costs.map(\.name) + (PlanRow.hashes(of: cell).isEmpty ? [] : ["query plans"])
  }
}

/// The query plans of a cell in two runs.
struct PlanRow {
  let cell: RunComparison.Pair
  /// The hashes of all plans; several if the repeats differ.
  let a: [String]
  let b: [String]

  /// Nil if a run did not note its plans.
  init?(_ pair: RunComparison.Pair) {
    (cell, a, b) = (pair, Self.hashes(of: pair.a), Self.hashes(of: pair.b))
    if a.isEmpty || b.isEmpty { return nil }
  }

  /// Whether SQLite executes any statement in another way.
  var isChanged: Bool { a != b }

  static func hashes(of cell: CellSummary) -> [String] {
    Set(cell.usable.map(\.planHash)).subtracting([""]).sorted()
  }

  static func text(_ hashes: [String]) -> String { hashes.joined(separator: ", ") }
}
