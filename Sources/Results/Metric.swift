/// A percentile that results hold.
package enum Percentile: String, CaseIterable, Hashable, Sendable {
  case p50
  case p90
  case p95
  case p99
  case p999

  /// The quantile, between 0 and 1.
  package var quantile: Double {
    switch self {
    case .p50: return 0.5
    case .p90: return 0.9
    case .p95: return 0.95
    case .p99: return 0.99
    case .p999: return 0.999
    }
  }
}

extension LatencySummary {
  /// A percentile in microseconds; nil if there were too few samples.
  package subscript(percentile: Percentile) -> Double? {
    switch percentile {
    case .p50: return p50Us
    case .p90: return p90Us
    case .p95: return p95Us
    case .p99: return p99Us
    case .p999: return p999Us
    }
  }
}

/// A number of a repeat that can be compared over repeats and cells.
package enum Metric: Hashable, Sendable {
  /// Completed tasks per second.
  case throughput
  /// A latency percentile in microseconds.
  case latency(MeasuredOperation, Percentile)
  /// The largest latency in microseconds.
  case maximumLatency(MeasuredOperation)
  /// Share of all operations that met a busy database.
  case busyRetryRate
  /// Share of all operations that ended in a SQLITE_BUSY error.
  case busyErrorRate
  /// Jain's fairness index over the consumers.
  case fairness

  /// The metrics of `summary.csv`, in the order of its columns.
  package static let summarised: [Metric] =
    [.throughput]
    + MeasuredOperation.allCases.flatMap { operation in
      [Percentile.p50, .p95, .p99, .p999].map { .latency(operation, $0) }
        + [.maximumLatency(operation)]
    }
    + [.busyRetryRate, .busyErrorRate, .fairness]

  /// The name of its column.
  package var columnName: String {
    switch self {
    case .throughput: return "throughput_per_s"
    case .latency(let operation, let percentile):
      return "\(operation.rawValue)_\(percentile.rawValue)_us"
    case .maximumLatency(let operation): return "\(operation.rawValue)_max_us"
    case .busyRetryRate: return "busy_retry_rate"
    case .busyErrorRate: return "busy_error_rate"
    case .fairness: return "fairness_jain"
    }
  }

  /// Its value in a repeat; nil if it was not measured.
  package func value(in result: RepeatResult) -> Double? {
    switch self {
    case .throughput: return result.throughputPerSecond
    case .latency(let operation, let percentile): return result[operation].latency[percentile]
    case .maximumLatency(let operation): return result[operation].latency.maxUs
    case .busyRetryRate: return result.busyRetryRate
    case .busyErrorRate: return result.busyErrorRate
    case .fairness: return result.fairnessJain
    }
  }

  /// How many decimals files give it.
  var decimals: Int {
    switch self {
    case .throughput, .latency, .maximumLatency: return 3
    case .busyRetryRate, .busyErrorRate, .fairness: return 6
    }
  }
}
