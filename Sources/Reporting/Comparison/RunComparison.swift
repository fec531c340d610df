import Foundation
import Results
import Statistics
internal import Verification

/// Two finished runs, cell by cell: by which factor B differs from A, and what of it is no chance.
///
/// The repeats of a cell are two samples that are not paired: ratios are two-sample Hodges–Lehmann estimates on
/// logarithms, tested by Mann and Whitney, with Holm's adjustment over all metrics and cells. One factor for all
/// cells of a metric is found with van Elteren's test: what is alike in many cells shows there first.
package struct RunComparison: Sendable {
  /// What is said of a pair of samples.
  package enum Outcome: String, Sendable, CaseIterable {
    case better
    case worse
    /// Nothing that chance could not do.
    case unclear = "no difference shown"
    /// Every repeat of both has the same value.
    case same
    /// Too few repeats for an interval.
    case tooFew = "too few repeats"
  }

  /// One metric of one cell, or of all of them together.
  package struct Row: Sendable {
    /// Nil for all cells together.
    let cell: Pair?
    let metric: ComparedMetric
    /// Nil for all cells together, whose values have no common median.
    let a: Spread?
    let b: Spread?
    /// B relative to A; for shares the difference of B to A.
    let estimate: Estimate
    /// Adjusted for all rows; nil where nothing was tested.
    var adjustedP: Double?
    var outcome: Outcome
  }

  /// A cell that both runs have.
  package struct Pair: Sendable {
    let a: CellSummary
    let b: CellSummary
    /// What sets it apart from the others: `synchronous=FULL`.
    let name: String
  }

  package let a: StoredRun
  package let b: StoredRun
  /// What one must know to believe it.
  package let warnings: [String]
  let pairs: [Pair]
  package let rows: [Row]
  /// Counts of steps, which have no noise.
  let costs: [CostRow]
  /// Query plans.
  let plans: [PlanRow]
  /// Cells that the other run does not have, in words.
  let onlyInA: [String]
  let onlyInB: [String]
  let metrics: [ComparedMetric]

  /// The chance of any false difference among all of them.
  static let level = 0.05

  /// Compares two runs by `metrics`.
  ///
  /// Throws why they cannot be compared: unfinished, of other machines unless `acrossMachines`, or without a
  /// common cell.
  package init(
    _ a: StoredRun, _ b: StoredRun, by metrics: [ComparedMetric] = ComparedMetric.standard,
    acrossMachines: Bool = false
  ) throws(ComparisonRefusal) {
    let differences = RunDifferences(a, b)
    for run in [a, b] where !run.isFinished {
      throw ComparisonRefusal(
        description:
          "\(run.path): is not finished, and what was measured so far may be the easier half; "
          + "go on with `queuebench run … --resume \(run.manifest.run)`")
    }
    if !differences.machine.isEmpty, !acrossMachines {
      throw ComparisonRefusal(
        description: "\(a.path) and \(b.path) were measured on different machines "
          + "(\(differences.machine.joined(separator: "; "))), which no statistics can take out of a ratio; "
          + "--across-machines compares them all the same")
    }
    let matching = CellMatching(a, b)
    guard !matching.pairs.isEmpty else {
      throw ComparisonRefusal(
        description: "\(a.path) and \(b.path) have no cell with the same labels: the axes are "
          + "\(Self.axes(a)) and \(Self.axes(b))")
    }
    self.a = a
    self.b = b
    self.metrics = metrics
    pairs = matching.pairs
    (onlyInA, onlyInB) = (matching.onlyInA, matching.onlyInB)
    let compared = Self.rows(pairs, metrics)
    rows = Self.adjusted(compared.rows)
    let counted = CountedCosts(of: pairs, a, b)
    (costs, plans) = (counted.rows, counted.plans)
    warnings =
      (differences.machine.isEmpty
        ? []
        : [
          "the machines differ (\(differences.machine.joined(separator: "; "))): ratios of timings compare "
            + "them, too"
        ])
      + differences.warnings(of: matching.pairs) + [counted.obstacle].compactMap(\.self)
      + Self.gapNotes(counted.gaps) + compared.notes + Self.powerNotes(rows)
  }

  private static func gapNotes(_ gaps: [CountedCosts.Gap]) -> [String] {
    gaps.flatMap { gap in
      [("A", gap.inA), ("B", gap.inB)].filter { !$0.1.isEmpty }.map { name, lacking in
        "\(gap.cell.a.cell): \(name) has not counted \(lacking.joined(separator: ", "))"
      }
    }
  }

  private static func axes(_ run: StoredRun) -> String {
    run.manifest.axisNames.isEmpty ? "none" : run.manifest.axisNames.joined(separator: ", ")
  }

  // MARK: Rows

  private static func rows(
    _ pairs: [Pair], _ metrics: [ComparedMetric]
  ) -> (rows: [Row], notes: [String]) {
    var rows: [Row] = []
    var notes: [String] = []
    for pair in pairs {
      for (name, cell) in [("A", pair.a), ("B", pair.b)] where cell.usable.isEmpty {
        notes.append(
          "\(cell.cell) is not compared: \(name) has no usable repeat of it"
            + (cell.detail.isEmpty ? "" : " (\(cell.detail))"))
      }
    }
    for metric in metrics {
      var lacking: [String] = []
      var own: [Row] = []
      var compared: [Samples] = []
      for pair in pairs where !pair.a.usable.isEmpty && !pair.b.usable.isEmpty {
        let samples = Samples(metric.metric, pair)
        if samples.isPartial { lacking.append(pair.a.cell) }
        guard !samples.isPartial, let row = Row(of: metric, in: pair, samples) else { continue }
        own.append(row)
        compared.append(samples)
      }
      if let together = Row(of: metric, inAll: compared) { own.insert(together, at: 0) }
      rows += own
      if !lacking.isEmpty {
        notes.append(
          "\(metric.name) has too few samples in some repeats of \(lacking.joined(separator: ", ")), "
            + "where it is not compared")
      }
    }
    return (rows, notes)
  }

  /// Holm's adjustment over everything that was tested, and what follows from it.
  private static func adjusted(_ rows: [Row]) -> [Row] {
    var rows = rows
    let tested = rows.indices.filter { rows[$0].adjustedP != nil }
    let pValues = holmAdjusted(tested.map { rows[$0].adjustedP ?? 1 })
    for (index, p) in zip(tested, pValues) {
      rows[index].adjustedP = p
      guard p < level else { continue }
      let row = rows[index]
      let isHigher = row.estimate.value > (row.metric.isShare ? 0 : 1)
      rows[index].outcome = isHigher == row.metric.isHigherBetter ? .better : .worse
    }
    return rows
  }

  /// Says so if there are too few repeats for any difference to stand out among so many comparisons.
  private static func powerNotes(_ rows: [Row]) -> [String] {
    var notes: [String] = []
    let few = rows.filter { $0.outcome == .tooFew }
    if !few.isEmpty {
      notes.append(
        "\(few.count) of \(rows.count) comparisons have fewer than 4 repeats on a side, too few for an "
          + "interval: nothing is claimed of them")
    }
    let counts = rows.filter { $0.adjustedP != nil }.compactMap { row in
      row.a.flatMap { a in row.b.map { min(a.count, $0.count) } }
    }
    let tests = rows.count { $0.adjustedP != nil }
    if let note = ComparisonPower(tests: tests).note(ofRepeats: counts.min()) { notes.append(note) }
    return notes
  }

  /// Whether there is nothing that both runs measured.
  var isEmpty: Bool { rows.isEmpty && costs.isEmpty && plans.isEmpty }

  func count(_ outcome: Outcome) -> Int { rows.count { $0.outcome == outcome } }

  /// `3 worse, 1 better, 104 without a difference that chance could not explain`
  var summary: String {
    guard !isEmpty else { return "nothing that both runs measured could be compared" }
    let changedCosts = costs.count { $0.outcome != .same }
    let words: [(Outcome, String)] = [
      (.worse, "worse"), (.better, "better"), (.unclear, "without a difference beyond chance"),
      (.same, "the same"), (.tooFew, "with too few repeats to say"),
    ]
    let parts = words.filter { count($0.0) > 0 }.map { "\(count($0.0)) \($0.1)" }
    let changedPlans = plans.count { $0.isChanged }
    return [
      parts.joined(separator: ", "),
      costs.isEmpty ? "" : "\(changedCosts) of \(costs.count) costs changed",
      changedPlans == 0 ? "" : "query plans changed in \(changedPlans) of \(plans.count) cells",
    ].filter { !$0.isEmpty }.joined(separator: "; ")
  }
}

/// The cells of two runs by their labels.
struct CellMatching {
  private(set) var pairs: [RunComparison.Pair] = []
  private(set) var onlyInA: [String] = []
  private(set) var onlyInB: [String] = []

  init(_ a: StoredRun, _ b: StoredRun) {
    func key(_ cell: CellSummary) -> Set<AxisValue> { Set(cell.axes) }
    let (inA, inB) = (a.cells, b.cells)
    let byKey = Dictionary(inB.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
    let keys = Set(inA.map(key))
    for cell in inA {
      let name = cell.axes.map { "\($0.name)=\($0.label)" }.joined(separator: " ")
      if let other = byKey[key(cell)] {
        pairs.append(
          RunComparison.Pair(a: cell, b: other, name: name.isEmpty ? cell.cell : name))
      } else {
        onlyInA.append("\(cell.cell) \(name)")
      }
    }
    onlyInB = inB.filter { !keys.contains(key($0)) }.map { cell in
      ([cell.cell] + cell.axes.map { "\($0.name)=\($0.label)" }).joined(separator: " ")
    }
  }
}

/// The values of one metric in the usable repeats of a cell of both runs.
struct Samples {
  let a: [Double]
  let b: [Double]
  /// Whether some repeats have the value and others do not: those that lack samples are not like the rest.
  let isPartial: Bool

  init(a: [Double], b: [Double], isPartial: Bool) {
    (self.a, self.b, self.isPartial) = (a, b, isPartial)
  }

  init(_ metric: Metric, _ pair: RunComparison.Pair) {
    a = pair.a.usable.compactMap(metric.value(in:))
    b = pair.b.usable.compactMap(metric.value(in:))
    let isFull = a.count == pair.a.usable.count && b.count == pair.b.usable.count
    isPartial = !isFull && !(a.isEmpty && b.isEmpty)
  }

  /// The values with something that is far below all others for 0, so that a standstill has a ratio, too; nil
  /// where a value is negative.
  private var positive: (a: [Double], b: [Double])? {
    guard (a + b).allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
    let least = ((a + b).filter { $0 > 0 }.min() ?? 1) * 1e-6
    return (a.map { max($0, least) }, b.map { max($0, least) })
  }

  /// The logarithms, as one of several pairs of samples; nil where a value has none.
  var stratum: Stratum? {
    positive.map { Stratum(values: $0.b.map { log($0) }, references: $0.a.map { log($0) }) }
  }

  /// How B relates to A; nil if either is empty, or has no ratio to the other.
  func estimate(isShare: Bool) -> Estimate? {
    if isShare { return hodgesLehmannShift(of: b, from: a) }
    return positive.flatMap { hodgesLehmannShiftRatio(of: $0.b, to: $0.a) }
  }
}

extension RunComparison.Row {
  init?(of metric: ComparedMetric, in pair: RunComparison.Pair, _ samples: Samples) {
    guard let a = Spread(of: samples.a), let b = Spread(of: samples.b),
      let estimate = samples.estimate(isShare: metric.isShare)
    else { return nil }
    (cell, self.metric, self.a, self.b, self.estimate) = (pair, metric, a, b, estimate)
    if Set(samples.a + samples.b).count == 1 {
      (adjustedP, outcome) = (nil, .same)
    } else if estimate.interval == nil {
      (adjustedP, outcome) = (nil, .tooFew)
    } else {
      (adjustedP, outcome) = (mannWhitneyPValue(samples.b, samples.a), .unclear)
    }
  }

  /// One factor for all cells; nil for shares, for a single cell, and where too little was measured.
  init?(of metric: ComparedMetric, inAll samples: [Samples]) {
    let strata = samples.compactMap(\.stratum)
    guard !metric.isShare, strata.count > 1, strata.count == samples.count,
      let estimate = stratifiedShift(of: strata)?.exponential, estimate.interval != nil
    else { return nil }
    (cell, self.metric, a, b, self.estimate) = (nil, metric, nil, nil, estimate)
    (adjustedP, outcome) = (stratifiedPValue(of: strata), .unclear)
  }

  /// The estimate in words: `×1.07`, or `+0.12 pp` for shares.
  var change: String { changeText(estimate.value, isShare: metric.isShare, isDelta: true) }

  /// Its interval: `1.02–1.13`.
  var intervalText: String {
    guard let interval = estimate.interval else { return "–" }
    return changeText(interval.low, isShare: metric.isShare, isDelta: false) + " to "
      + changeText(interval.high, isShare: metric.isShare, isDelta: false)
  }
}

extension Estimate {
  /// The factor that it is the logarithm of.
  var exponential: Estimate {
    Estimate(
      value: exp(value), interval: interval.map { Interval(low: exp($0.low), high: exp($0.high)) })
  }
}

/// A ratio, or a difference of shares in percentage points.
func changeText(_ value: Double, isShare: Bool, isDelta: Bool) -> String {
  if isShare {
    let points = value * 100
    let digits = threeDigits(points)
    return (points > 0 ? "+" : "") + digits + (isDelta ? " pp" : "")
  }
  let digits = value < 9.995 ? fixed(value, decimals: value < 0.0995 ? 3 : 2) : threeDigits(value)
  return (isDelta ? "×" : "") + digits
}
