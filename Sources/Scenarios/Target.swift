/// An absolute limit that a scenario sets for a measured value, such as `claim.p95 < 10ms`.
///
/// The expression is a metric, one of `<`, `<=`, `>`, `>=`, and a number with the unit of the
/// metric. The metrics are those of ``TargetMetric/all``.
package struct Target: Hashable, Sendable {
  /// The axis values that a cell must have for the target to apply; empty for all cells.
  package let cells: [AxisValue]
  /// What is limited.
  package let metric: TargetMetric
  /// How the measured value must compare to ``value``.
  package let comparison: Comparison
  /// The limit in the base unit of the metric: µs, a share from 0 to 1, or tasks per second.
  package let value: Double
  /// The expression as the scenario has it.
  package let text: String

  /// How a measured value must compare to a limit.
  package enum Comparison: String, Sendable, CaseIterable {
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"

    /// Whether `measured` satisfies the comparison with `limit`.
    package func holds(_ measured: Double, _ limit: Double) -> Bool {
      switch self {
      case .lessOrEqual: return measured <= limit
      case .greaterOrEqual: return measured >= limit
      case .less: return measured < limit
      case .greater: return measured > limit
      }
    }
  }

  /// Whether the target says something about `cell`.
  package func applies(to cell: Cell) -> Bool {
    cell.matches(cells)
  }
}

/// A measured value that a target can limit.
package struct TargetMetric: Hashable, Sendable {
  /// What is measured, which decides the units of a limit.
  package enum Dimension: Hashable, Sendable {
    /// A length of time; the base unit is the µs.
    case latency
    /// A part of a whole; the base unit is 1, so that `1%` is 0.01.
    case share
    /// Completed tasks per time; the base unit is 1/s.
    case rate

    /// The units of a limit with their size in base units.
    var units: KeyValuePairs<String, Double> {
      switch self {
      case .latency: return ["us": 1, "ms": 1_000, "s": 1_000_000]
      case .share: return ["%": 0.01]
      case .rate: return ["/s": 1, "/min": 1 / 60.0]
      }
    }
  }

  /// The name in a target's expression.
  package let name: String
  /// The column of `cells.csv` that holds the value, in base units.
  package let column: String
  /// What is measured.
  package let dimension: Dimension

  /// Every metric that a target can name.
  package static let all: [TargetMetric] =
    ["enqueue", "claim", "complete"].flatMap { operation in
      latencies(operation, ["p50", "p90", "p95", "p99", "p999", "max", "mean"])
        + latencies(operation, ["service_p50", "service_p95", "service_p99"])
    }
    + latencies("lag", ["p50", "p99", "max"])
    + ["end_to_end", "queued"].flatMap {
      latencies($0, ["p50", "p95", "p99", "p999", "max", "mean"])
    }
    + ["busy_error_rate", "busy_retry_rate", "achieved_ratio", "lock_utilisation", "steal_share"]
    .map { TargetMetric(name: $0, column: $0, dimension: .share) }
    + [TargetMetric(name: "throughput", column: "throughput_per_s", dimension: .rate)]

  private static func latencies(_ what: String, _ statistics: [String]) -> [TargetMetric] {
    statistics.map {
      TargetMetric(name: "\(what).\($0)", column: "\(what)_\($0)_us", dimension: .latency)
    }
  }
}

/// The parts of a target's expression.
struct TargetExpression: Equatable {
  let metric: TargetMetric
  let comparison: Target.Comparison
  let value: Double

  /// What is wrong with an expression, and at which of its characters, from 1.
  struct Problem: Error, Equatable {
    let column: Int
    let message: String
    var suggestion: String?
  }

  /// Parses `metric comparison number-with-unit`, with or without spaces between them.
  init(_ text: String) throws(Problem) {
    let characters = Array(text)
    var position = 0
    func skipSpaces() {
      while position < characters.count, characters[position] == " " { position += 1 }
    }
    func take(while isPart: (Character) -> Bool) -> (word: String, column: Int) {
      skipSpaces()
      let start = position
      while position < characters.count, isPart(characters[position]) { position += 1 }
      return (String(characters[start..<position]), start + 1)
    }

    let (name, nameColumn) = take { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
    guard let metric = TargetMetric.all.first(where: { $0.name == name }) else {
      throw Problem(
        column: nameColumn,
        message: name.isEmpty
          ? "expected a metric such as claim.p95" : "unknown metric \(quoted(name))",
        suggestion: Suggestion.nearest(to: name, among: TargetMetric.all.map(\.name)))
    }
    let (symbol, symbolColumn) = take { "<>=!~".contains($0) }
    guard let comparison = Target.Comparison(rawValue: symbol) else {
      throw Problem(column: symbolColumn, message: "expected <, <=, > or >=")
    }

    let units = metric.dimension.units
    let example = "10\(units.first { $0.key == "ms" }?.key ?? units[0].key)"
    let (limit, limitColumn) = take { $0 != " " }
    guard let quantity = Quantity(limit), quantity.number >= 0 else {
      throw Problem(column: limitColumn, message: "expected a number with a unit, as in \(example)")
    }
    guard let factor = units.first(where: { $0.key == quantity.unit })?.value else {
      let unitColumn = limitColumn + limit.count - quantity.unit.count
      throw Problem(
        column: unitColumn,
        message: "expected the unit \(SettingReader.list(units.map(\.key))) for \(name)")
    }
    skipSpaces()
    guard position == characters.count else {
      throw Problem(column: position + 1, message: "unexpected text after the limit")
    }
    self.metric = metric
    self.comparison = comparison
    value = quantity.number * factor
  }
}
