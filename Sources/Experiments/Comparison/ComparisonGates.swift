internal import Foundation
package import Results
package import Statistics

/// A gate for each metric of each cell: fails as soon as one of them fails, passes when all have passed.
package struct ComparisonGates: Sendable {
  /// How sure it has to be.
  package struct Rules: Sendable {
    /// What may be worse without being a failure, as a share, of metrics that have no margin of their own.
    package var margin = 0.05
    /// The chance of a false alarm of all gates together.
    package var falseAlarmRate = 0.01
    /// The chance that something worse passes.
    package var missRate = 0.05

    package init() {}
  }

  /// The gate of one metric of one cell.
  package struct Place: Sendable {
    package let cell: String
    package let metric: ComparedMetric
    package fileprivate(set) var gate: SequentialGate
    /// ln(head / base) of each block, turned so that more is worse.
    package fileprivate(set) var differences: [Double] = []
    /// Blocks that could not be compared, because a side had no value.
    package fileprivate(set) var missing = 0
    /// In how many blocks each side had a value.
    fileprivate var values = (base: 0, head: 0)

    /// Who has had no value in any of `blocks` blocks: `base`, `head` or `neither side`; nil if both had some, or
    /// if what is missing is a verdict by itself.
    func silentSide(after blocks: Int) -> String? {
      guard blocks > 0, values.base == 0 || missing == blocks else { return nil }
      if values.base > 0 { return "head" }
      return values.head > 0 ? "base" : "neither side"
    }

    /// head / base; nil while there is nothing, or if one of them was nothing.
    package var ratio: Estimate? {
      guard differences.allSatisfy(\.isFinite) else { return nil }
      let signed = metric.isMoreWorse ? differences : differences.map { -$0 }
      return hodgesLehmann(of: signed).map { estimate in
        Estimate(
          value: exp(estimate.value),
          interval: estimate.interval.map { Interval(low: exp($0.low), high: exp($0.high)) })
      }
    }
  }

  package let rules: Rules
  package private(set) var places: [Place]

  /// A gate for each of the metrics of each of the cells.
  ///
  /// - Precondition: at least one cell with one metric.
  package init(_ metrics: [(cell: String, metric: ComparedMetric)], rules: Rules) {
    self.rules = rules
    places = metrics.map { cell, metric in
      Place(
        cell: cell, metric: metric,
        gate: SequentialGate(
          margin: metric.margin ?? rules.margin, falseAlarmRate: rules.falseAlarmRate,
          missRate: rules.missRate, metricCount: metrics.count))
    }
  }

  /// A gate for each metric of each cell.
  package init(cells: [String], metrics: [ComparedMetric], rules: Rules) {
    self.init(cells.flatMap { cell in metrics.map { (cell: cell, metric: $0) } }, rules: rules)
  }

  /// Adds what the two sides of a cell brought in a block.
  package mutating func add(cell: String, base: RepeatResult, head: RepeatResult) {
    for index in places.indices where places[index].cell == cell {
      if places[index].metric.value(in: base) != nil { places[index].values.base += 1 }
      if places[index].metric.value(in: head) != nil { places[index].values.head += 1 }
      guard let difference = places[index].metric.difference(base: base, head: head) else {
        places[index].missing += 1
        continue
      }
      places[index].differences.append(difference)
      places[index].gate.add(difference)
    }
  }

  /// Leaves out a place: what is left shares the chance of a false alarm as before.
  mutating func remove(_ place: Place) {
    places.removeAll { $0.cell == place.cell && $0.metric == place.metric }
  }

  package var decision: SequentialGate.Decision {
    if places.isEmpty { return .undecided }
    if places.contains(where: { $0.gate.decision == .failed }) { return .failed }
    return places.allSatisfy { $0.gate.decision == .passed } ? .passed : .undecided
  }

  /// The place that is nearest to failing.
  package var worst: Place? {
    places.max { $0.gate.evidenceOfWorse < $1.gate.evidenceOfWorse }
  }

  /// Fewer blocks can never fail.
  package var fewestBlocksToFail: Int { places[0].gate.fewestBlocksToFail }
  /// Fewer blocks can never pass.
  package var fewestBlocksToPass: Int { places[0].gate.fewestBlocksToPass }
}
