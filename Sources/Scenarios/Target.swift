/// An absolute limit that a scenario or a file of targets sets for a measured value, such as `claim.p95 < 10ms`.
///
/// The expression is a metric, a comparison, and a number with the unit of the metric. The metrics are those
/// of ``TargetMetric/all``.
package struct Target: Hashable, Sendable {
  /// The axis values that a cell must have for the target to apply; empty for all cells.
  package let cells: [AxisValue]
  /// What is limited.
  package let metric: TargetMetric
  /// How the measured value must compare to ``value``.
  package let comparison: Comparison
  /// The limit in the base unit of the metric: µs, a share from 0 to 1, tasks per second, or 1.
  package let value: Double
  /// The expression as it was written.
  package let text: String
  /// The line of its file, from 1; nil if it stands in none.
  package let line: Int?

  /// How a measured value must compare to a limit.
  package enum Comparison: String, Sendable, CaseIterable {
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"
    case equal = "=="
    case notEqual = "!="

    /// Whether `measured` satisfies the comparison with `limit`.
    package func holds(_ measured: Double, _ limit: Double) -> Bool {
      switch self {
      case .lessOrEqual: return measured <= limit
      case .greaterOrEqual: return measured >= limit
      case .less: return measured < limit
      case .greater: return measured > limit
      case .equal: return measured == limit
      case .notEqual: return measured != limit
      }
    }

    /// Whether every value from `low` to `high` satisfies the comparison, or none; nil if some do.
    package func holds(from low: Double, to high: Double, _ limit: Double) -> Bool? {
      let ends = [holds(low, limit), holds(high, limit)]
      // Between the ends of a bar lie all values, so it can hold the limit although neither end is there.
      let isInside = low < limit && limit < high
      if isInside, self == .equal || self == .notEqual { return nil }
      return ends[0] == ends[1] ? ends[0] : nil
    }
  }

  /// Whether the target says something about a cell with these values.
  package func applies(to axisValues: [AxisValue]) -> Bool {
    cells.allSatisfy(axisValues.contains)
  }

  /// Whether the target says something about `cell`.
  package func applies(to cell: Cell) -> Bool { applies(to: cell.axisValues) }

  /// The axis values that it is about: `synchronous=FULL`; empty for all cells.
  package var cellsText: String { cells.map(\.description).joined(separator: " ") }
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
    /// How often something happened, how many steps it took, or how many times as much; without a unit.
    case count

    /// The units of a limit with their size in base units.
    var units: KeyValuePairs<String, Double> {
      switch self {
      case .latency: return ["us": 1, "ms": 1_000, "s": 1_000_000]
      case .share: return ["%": 0.01]
      case .rate: return ["/s": 1, "/min": 1 / 60.0]
      case .count: return ["": 1]
      }
    }

    /// What a limit can be compared by. No measured latency or rate ever equals a limit; a share can be 0.
    var comparisons: [Target.Comparison] {
      switch self {
      case .latency, .rate: return [.less, .lessOrEqual, .greater, .greaterOrEqual]
      case .share, .count:
        return [.less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual]
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
        + latencies(operation, ["service_p10", "service_p50", "service_p95", "service_p99"])
    }
    + latencies("lag", ["p50", "p99", "max"])
    + ["end_to_end", "queued", "reclaim"].flatMap {
      latencies($0, ["p50", "p95", "p99", "p999", "max", "mean"])
    }
    + [
      "busy_error_rate", "busy_retry_rate", "achieved_ratio", "lock_utilisation", "steal_share",
      "redelivery_rate", "wasted_work_rate",
    ].map { TargetMetric(name: $0, column: $0, dimension: .share) }
    + [TargetMetric(name: "throughput", column: "throughput_per_s", dimension: .rate)]
    + [
      "lost", "duplicated", "unfinished", "redelivered", "recovered", "refused", "indeterminate",
      "late", "skipped", "memory_growth", "descriptor_growth", "wal_growth",
      "bytes_per_task_growth",
    ].map { TargetMetric(name: $0, column: $0, dimension: .count) }
    + costs.flatMap { cost in
      ["enqueue", "claim", "complete"].map {
        TargetMetric(name: "\(cost).\($0)", column: "\($0)_\(cost)", dimension: .count)
      }
    }

  private static let costs = ["vm_steps", "statements", "wal_frames", "fsyncs"]

  /// Whether it is counted apart from any load.
  package var isCost: Bool { Self.costs.contains { name.hasPrefix("\($0).") } }

  private static func latencies(_ what: String, _ statistics: [String]) -> [TargetMetric] {
    statistics.map {
      TargetMetric(name: "\(what).\($0)", column: "\(what)_\($0)_us", dimension: .latency)
    }
  }
}
