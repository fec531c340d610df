public import QueueEngine

/// How many tasks of one type have one status.
public struct TaskDepth: Sendable, Hashable {
  /// The type.
  public let type: String
  /// The status.
  public let status: TaskStatus
  /// How many tasks there are.
  public let count: Int

  /// A depth from its parts.
  public init(type: String, status: TaskStatus, count: Int) {
    self.type = type
    self.status = status
    self.count = count
  }
}

/// The span that numbers are about.
///
/// It begins as long ago as was asked for or a little earlier: with a minute, if that is up to three hours
/// ago; with a tenth minute, up to three days; else with an hour.
public struct MetricsWindow: Sendable, Hashable {
  /// Its beginning.
  public let since: Timestamp
  /// Its end.
  public let until: Timestamp

  /// How long it is, in milliseconds.
  public var lengthMs: Int64 { until.millisecondsSinceEpoch - since.millisecondsSinceEpoch }
}

/// How tasks have ended.
public struct TaskOutcomes: Sendable, Hashable {
  /// Tasks that were completed.
  public internal(set) var completed = 0
  /// Tasks that have failed for good.
  public internal(set) var failed = 0
  /// Tasks that have used up their attempts.
  public internal(set) var deadLettered = 0
  /// Tasks that were taken back; neither a success nor a failure.
  public internal(set) var cancelled = 0

  /// No task.
  public init() {}

  /// Tasks that have ended.
  public var total: Int { completed + failed + deadLettered + cancelled }
  /// The share of completed ones in those that were not cancelled, from 0 to 1; nil if there are none.
  public var successRate: Double? {
    let worked = completed + failed + deadLettered
    return worked > 0 ? Double(completed) / Double(worked) : nil
  }
  /// The share of failed and dead-lettered ones in those that were not cancelled, from 0 to 1; nil if there
  /// are none.
  public var failureRate: Double? { successRate.map { 1 - $0 } }

  mutating func add(_ count: Int, _ status: TaskStatus) {
    switch status {
    case .completed: completed += count
    case .failed: failed += count
    case .deadLetter: deadLettered += count
    case .cancelled: cancelled += count
    case .queued, .processing: break
    }
  }
}

/// How tasks have ended of late.
public struct SuccessRates: Sendable, Hashable {
  /// When that was.
  public let window: MetricsWindow
  /// All of them.
  public let outcomes: TaskOutcomes
  /// By type; types of which none has ended are missing.
  public let byType: [String: TaskOutcomes]
}

/// How many tasks end per time.
public struct Throughput: Sendable, Hashable {
  /// When that was.
  public let window: MetricsWindow
  /// Tasks that were completed.
  public let completed: Int
  /// Tasks that have ended in whatever way.
  public let ended: Int

  /// Completed tasks per second.
  public var completedPerSecond: Double { perMs(completed) * 1000 }
  /// Completed tasks per minute.
  public var completedPerMinute: Double { perMs(completed) * 60_000 }
  /// Completed tasks per hour.
  public var completedPerHour: Double { perMs(completed) * 3_600_000 }
  /// Ended tasks per second.
  public var endedPerSecond: Double { perMs(ended) * 1000 }

  private func perMs(_ count: Int) -> Double { Double(count) / Double(max(1, window.lengthMs)) }
}

/// How often tasks that have ended had to be tried again.
public struct RetryMetrics: Sendable, Hashable {
  /// When they have ended.
  public let window: MetricsWindow
  /// Tasks that have ended.
  public let ended: Int
  /// Those of them that took more than one attempt.
  public let retriedTasks: Int
  /// How many attempts they took beyond the first of each task; attempts that were released are among them.
  public let retries: Int
  /// Those that ended without attempts left.
  public let deadLettered: Int

  /// The share of tasks that took more than one attempt, from 0 to 1; nil if none has ended.
  public var retryRate: Double? { ended > 0 ? Double(retriedTasks) / Double(ended) : nil }
  /// Attempts per task; nil if none has ended.
  public var attemptsPerTask: Double? {
    ended > 0 ? Double(ended + retries) / Double(ended) : nil
  }
}

/// How long completed tasks were worked on, from the claim of the last attempt to its completion.
///
/// Percentiles come from classes, see `processing_time_bounds`, and are mostly right to some percent.
public struct ProcessingTimes: Sendable, Hashable {
  /// When they were completed.
  public let window: MetricsWindow
  /// Tasks whose times are known.
  public let count: Int
  /// The mean, in milliseconds; exact.
  public let meanMs: Double
  /// What half of the tasks did not exceed, in milliseconds.
  public let p50Ms: Double
  /// The same of 75 %.
  public let p75Ms: Double
  /// The same of 90 %.
  public let p90Ms: Double
  /// The same of 95 %.
  public let p95Ms: Double
  /// The same of 99 %.
  public let p99Ms: Double
  /// The upper bound of the class that the longest one is in, in milliseconds; nil if that has none.
  public let atMostMs: Int64?
}

/// A worker, and what it is doing.
public struct WorkerActivity: Sendable, Hashable, Identifiable {
  /// The worker's id.
  public let id: String
  /// Whether it lives; nil if it is not registered.
  public let liveness: WorkerLiveness?
  /// How long ago its last heartbeat is, in milliseconds; nil if it is not registered or the time cannot
  /// be read.
  public let silenceMs: Int64?
  /// How many tasks it holds under leases.
  public let heldTasks: Int
  /// When it began with the task that it holds for longest; nil if it holds none.
  public let busySince: Timestamp?
  /// When the first of its leases ends; nil if it holds none.
  public let nextLeaseEnd: Timestamp?

  /// An activity from its parts.
  public init(
    id: String, liveness: WorkerLiveness?, silenceMs: Int64?, heldTasks: Int,
    busySince: Timestamp? = nil, nextLeaseEnd: Timestamp? = nil
  ) {
    self.id = id
    self.liveness = liveness
    self.silenceMs = silenceMs
    self.heldTasks = heldTasks
    self.busySince = busySince
    self.nextLeaseEnd = nextLeaseEnd
  }
}
