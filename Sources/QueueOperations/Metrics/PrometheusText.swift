internal import QueueEngine

/// A queue's metrics in the text format that Prometheus scrapes.
///
/// ```swift
/// let text = PrometheusText(of: try QueueMetrics(database: database).snapshot()).text
/// ```
///
/// Times are in seconds, as Prometheus wants them. What only grows is there where the queue counts its
/// tasks; it is the queue's, not the process's, so that it goes on where the last process has stopped, and
/// several processes that are scraped say the same.
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>.
public struct PrometheusText: Sendable {
  /// The content type to serve it with.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// The upper bounds of the histogram of processing times in milliseconds; all are bounds of classes.
  static let bucketBoundsMs: [Int64] = [
    1, 5, 10, 50, 100, 500, 1000, 5000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000,
  ]

  /// The text, a line per sample, ending with a line break.
  public private(set) var text = ""

  /// The metrics of a snapshot.
  public init(of snapshot: MetricsSnapshot) {
    writeDepths(snapshot)
    if let totals = snapshot.totals { writeTotals(totals) }
    family(
      "taskqueue_oldest_task_age_seconds", .gauge,
      "How long the task that has waited for longest has been due; 0 if none waits.")
    sample(
      "taskqueue_oldest_task_age_seconds", [:],
      Self.number(Self.seconds(snapshot.oldestQueuedAge ?? .zero)))
    writeWorkers(snapshot)
    family(
      "taskqueue_expired_leases", .gauge,
      "Leases that have run out and that nobody has taken back yet.")
    sample("taskqueue_expired_leases", [:], "\(snapshot.expiredLeases)")
  }

  // MARK: Families

  private mutating func writeDepths(_ snapshot: MetricsSnapshot) {
    family("taskqueue_tasks", .gauge, "Tasks that there are, by type and status.")
    // Every status of a type that occurs: a series that comes and goes cannot be watched.
    var types: [String: [TaskStatus: Int]] = [:]
    for totals in snapshot.totals ?? [] { types[totals.type] = [:] }
    for depth in snapshot.depths {
      types[depth.type, default: [:]][depth.status, default: 0] += depth.count
    }
    for (type, counts) in types.sorted(by: { $0.key < $1.key }) {
      for status in TaskStatus.allCases {
        sample(
          "taskqueue_tasks", ["type": type, "status": status.rawValue],
          "\(counts[status] ?? 0)")
      }
    }
  }

  private mutating func writeTotals(_ totals: [MetricsSnapshot.Totals]) {
    family("taskqueue_tasks_added_total", .counter, "Tasks that were ever added.")
    for totals in totals {
      sample("taskqueue_tasks_added_total", ["type": totals.type], "\(totals.added)")
    }
    family("taskqueue_tasks_ended_total", .counter, "Tasks that have ever ended, by how.")
    for totals in totals {
      for status in TaskStatus.allCases where status.isFinal {
        sample(
          "taskqueue_tasks_ended_total", ["type": totals.type, "status": status.rawValue],
          "\(totals.ended[status] ?? 0)")
      }
    }
    family(
      "taskqueue_task_retries_total", .counter,
      "Attempts beyond the first that ended tasks have taken.")
    for totals in totals {
      sample("taskqueue_task_retries_total", ["type": totals.type], "\(totals.retries)")
    }
    family(
      "taskqueue_task_processing_seconds", .histogram,
      "Time from the last claim of a task to its completion.")
    for totals in totals { writeProcessingTimes(totals) }
  }

  private mutating func writeProcessingTimes(_ totals: MetricsSnapshot.Totals) {
    let name = "taskqueue_task_processing_seconds"
    var rest = totals.processingTimes[...]
    var count = 0
    for bound in Self.bucketBoundsMs {
      while let next = rest.first, next.upToMs <= bound {
        count += next.count
        rest.removeFirst()
      }
      sample(
        "\(name)_bucket",
        ["type": totals.type, "le": Self.number(Double(bound) / 1000)], "\(count)")
    }
    count += rest.reduce(0) { $0 + $1.count }
    sample("\(name)_bucket", ["type": totals.type, "le": "+Inf"], "\(count)")
    sample(
      "\(name)_sum", ["type": totals.type], Self.number(Double(totals.processingMs) / 1000))
    sample("\(name)_count", ["type": totals.type], "\(count)")
  }

  private mutating func writeWorkers(_ snapshot: MetricsSnapshot) {
    family("taskqueue_workers", .gauge, "Registered workers, by what their heartbeats say.")
    for state in WorkerLiveness.allCases {
      sample(
        "taskqueue_workers", ["state": state.rawValue],
        "\(snapshot.workers.count { $0.liveness == state })")
    }
    family("taskqueue_worker_held_tasks", .gauge, "Tasks that a worker holds under leases.")
    for worker in snapshot.workers {
      sample("taskqueue_worker_held_tasks", ["worker": worker.id], "\(worker.heldTasks)")
    }
  }

  // MARK: Lines

  private enum Kind: String {
    case counter
    case gauge
    case histogram
  }

  private mutating func family(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(Self.escapedHelp(help))\n# TYPE \(name) \(kind.rawValue)\n"
  }

  private mutating func sample(
    _ name: String, _ labels: KeyValuePairs<String, String>, _ value: String
  ) {
    text += name
    if !labels.isEmpty {
      let pairs = labels.map { "\($0.key)=\"\(Self.escapedLabel($0.value))\"" }
      text += "{\(pairs.joined(separator: ","))}"
    }
    text += " \(value)\n"
  }

  /// A label's value with backslash, quote and line feed escaped.
  static func escapedLabel(_ value: String) -> String {
    escaped(value, quotes: true)
  }

  /// A help text with backslash and line feed escaped.
  static func escapedHelp(_ text: String) -> String { escaped(text, quotes: false) }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    // By scalars: a character may be a carriage return with a line feed.
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
      case "\"" where quotes: escaped.append(contentsOf: "\\\"".unicodeScalars)
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  /// A number as Prometheus reads it; whole ones without a fraction.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if let whole = Int64(exactly: value) { return "\(whole)" }
    return "\(value)"
  }

  static func seconds(_ duration: Duration) -> Double {
    let (seconds, attoseconds) = duration.components
    return Double(seconds) + Double(attoseconds) / 1e18
  }
}
