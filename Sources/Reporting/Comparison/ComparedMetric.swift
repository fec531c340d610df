import Results
import Scenarios

/// A measured number by which two runs are compared, and which way is better.
package struct ComparedMetric: Hashable, Sendable {
  /// As targets name it (`claim.p99`).
  package let name: String
  let metric: Metric
  let target: TargetMetric

  var isHigherBetter: Bool { metric.better == .more }

  /// Shares are compared by their difference: most are 0, of which there is no ratio.
  var isShare: Bool { target.dimension == .share }

  /// The metric that targets call by that name; nil if there is none that has noise, or a better side.
  package static func named(_ name: String) -> ComparedMetric? {
    guard let target = TargetMetric.all.first(where: { $0.name == name }),
      target.dimension != .count, let metric = Metric.named(target.column),
      metric.better != .neither
    else { return nil }
    return ComparedMetric(name: name, metric: metric, target: target)
  }

  /// Every name that ``named(_:)`` knows.
  package static var allNames: [String] { TargetMetric.all.map(\.name).filter { named($0) != nil } }

  /// What is compared unless something else is asked for.
  package static let standard = [
    "throughput", "claim.p50", "claim.p99", "enqueue.p50", "enqueue.p99", "complete.p50",
    "complete.p99", "end_to_end.p99", "busy_error_rate",
  ].compactMap(named)

  /// Whether a cell can have it at all: without consumers there are no claims.
  func applies(to pair: RunComparison.Pair) -> Bool {
    let producers = max(pair.a.producers, pair.b.producers)
    let consumers = max(pair.a.consumers, pair.b.consumers)
    switch name.prefix(while: { $0 != "." }) {
    case "claim", "complete": return consumers > 0
    case "enqueue", "lag": return producers > 0
    case "end_to_end", "queued": return producers > 0 && consumers > 0
    default: return true
    }
  }

  /// `claim.p99, lower is better`
  var title: String { "\(name), \(isHigherBetter ? "higher" : "lower") is better" }
}
