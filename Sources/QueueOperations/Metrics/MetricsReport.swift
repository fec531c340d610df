public import QueueEngine
internal import SQLite

/// All metrics of one moment, for those who read them together.
public struct MetricsReport: Sendable, Hashable {
  /// The moment.
  public let takenAt: Timestamp
  /// Whether the queue counts its tasks; if not, every task was looked at.
  public let isCounting: Bool
  /// How many tasks of each type have each status, sorted; those of which there are none are missing.
  public let depths: [TaskDepth]
  /// How long the task that has waited for longest has been due; nil if none waits.
  public let oldestQueuedAge: Duration?
  /// How tasks have ended in the window.
  public let successRates: SuccessRates
  /// How many tasks ended per time in the window.
  public let throughput: Throughput
  /// How many attempts the tasks took that have ended in the window.
  public let retries: RetryMetrics
  /// How long the tasks were worked on that were completed in the window; nil if there are none.
  public let processingTimes: ProcessingTimes?
  /// The same by type; types without any are missing.
  public let processingTimesByType: [String: ProcessingTimes]
  /// The workers that are registered or hold tasks, sorted by their ids.
  public let workers: [WorkerActivity]
  /// What is wrong with the queue.
  public let health: HealthSummary

  /// The span that the past is about.
  public var window: MetricsWindow { throughput.window }
  /// How many tasks have each status; statuses without tasks are zero.
  public var depthByStatus: [TaskStatus: Int] { QueueMetrics.byStatus(depths) }
  /// How many tasks there are in all.
  public var total: Int { depths.reduce(0) { $0 + $1.count } }
}

extension QueueMetrics {
  /// All metrics at once, of one moment.
  ///
  /// - Parameters:
  ///   - hours: how far to look back, from 1 to ``mostHours``.
  ///   - limits: from when on something is wrong.
  ///   - now: what time it is.
  /// - Returns: what was found.
  /// - Throws: `QueueError`, with `invalidArgument` for other hours.
  public func report(
    hours: Int = 24, limits: HealthLimits = HealthLimits(), now: Timestamp = .now()
  ) throws -> MetricsReport {
    try Self.check(hours)
    return try read(now) { (reading) throws(SQLiteError) -> MetricsReport in
      let window = reading.window(hours: hours)
      let lastHour = reading.window(hours: 1)
      let ended = try reading.ended(in: window)
      let depths = Self.sorted(try reading.depths())
      let age = try reading.oldestQueuedAge()
      let activity = try reading.activity(limits.workers)
      return MetricsReport(
        takenAt: now, isCounting: reading.isCounting, depths: depths, oldestQueuedAge: age,
        successRates: Self.successRates(ended, in: window),
        throughput: Self.throughput(ended, in: window), retries: Self.retries(ended, in: window),
        processingTimes: Self.processingTimes(ended, in: window),
        processingTimesByType: Dictionary(grouping: ended, by: \.type)
          .compactMapValues { Self.processingTimes($0, in: window) },
        workers: activity,
        health: try Self.health(
          reading, limits: limits, depths: depths, age: age, activity: activity,
          ended: window == lastHour ? ended : try reading.ended(in: lastHour), in: lastHour))
    }
  }
}
