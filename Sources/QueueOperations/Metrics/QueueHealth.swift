public import QueueEngine
internal import SQLite

/// How well a queue is.
public enum HealthLevel: String, Sendable, Hashable, CaseIterable, Comparable {
  /// Nothing is wrong.
  case healthy
  /// Something should be looked at.
  case warning
  /// Tasks do not get done.
  case critical

  /// The better level first.
  public static func < (left: HealthLevel, right: HealthLevel) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .healthy: 0
    case .warning: 1
    case .critical: 2
    }
  }
}

/// Something that is wrong with a queue.
public struct HealthProblem: Sendable, Hashable {
  /// What can be wrong.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Tasks wait for too long.
    case waiting
    /// Too many tasks fail.
    case failing
    /// Tasks are due, and nobody works.
    case unattended
    /// Workers have fallen silent.
    case staleWorkers = "stale_workers"
    /// Leases have run out and nobody has taken the tasks back, which every claim does.
    case expiredLeases = "expired_leases"
  }

  /// What is wrong.
  public let kind: Kind
  /// How bad that is.
  public let level: HealthLevel
  /// The same in words, with the numbers.
  public let message: String
}

/// From when on something is wrong.
public struct HealthLimits: Sendable, Hashable {
  /// Tasks that have been due for longer are a warning.
  public var waitingWarning: Duration
  /// Tasks that have been due for longer are critical.
  public var waitingCritical: Duration
  /// A greater share of failed tasks within the last hour is a warning; from 0 to 1.
  public var failureRateWarning: Double
  /// A greater share of failed tasks within the last hour is critical; from 0 to 1.
  public var failureRateCritical: Double
  /// With fewer ended tasks than that nothing is concluded from their failures.
  public var leastEnded: Int
  /// Leases that have ended longer ago are a warning.
  public var leaseGrace: Duration
  /// How long workers may be silent.
  public var workers: WorkerThresholds

  /// Limits.
  public init(
    waitingWarning: Duration = .seconds(300), waitingCritical: Duration = .seconds(3600),
    failureRateWarning: Double = 0.1, failureRateCritical: Double = 0.5, leastEnded: Int = 10,
    leaseGrace: Duration = .seconds(60), workers: WorkerThresholds = WorkerThresholds()
  ) {
    self.waitingWarning = waitingWarning
    self.waitingCritical = waitingCritical
    self.failureRateWarning = failureRateWarning
    self.failureRateCritical = failureRateCritical
    self.leastEnded = leastEnded
    self.leaseGrace = leaseGrace
    self.workers = workers
  }
}

/// How a queue is, at one moment.
public struct HealthSummary: Sendable, Hashable {
  /// When that was.
  public let takenAt: Timestamp
  /// The worst of the problems.
  public let level: HealthLevel
  /// What is wrong, the worst first; empty if nothing is.
  public let problems: [HealthProblem]
  /// How many tasks have each status.
  public let depthByStatus: [TaskStatus: Int]
  /// How long the task that has waited for longest has been due; nil if none waits.
  public let oldestQueuedAge: Duration?
  /// How tasks have ended within the last hour.
  public let lastHour: SuccessRates
  /// How many tasks were completed within the last hour.
  public let throughput: Throughput
  /// How many registered workers are in which state.
  public let workers: [WorkerLiveness: Int]
  /// Leases that have run out and that nobody has taken back.
  public let expiredLeases: Int
}

extension QueueMetrics {
  /// How the queue is, and what is wrong with it.
  ///
  /// - Parameters:
  ///   - limits: from when on something is wrong.
  ///   - now: what time it is.
  /// - Returns: what was found.
  /// - Throws: `QueueError`.
  public func healthSummary(
    limits: HealthLimits = HealthLimits(), now: Timestamp = .now()
  ) throws -> HealthSummary {
    try read(now) { (reading) throws(SQLiteError) -> HealthSummary in
      let window = reading.window(hours: 1)
      return try Self.health(
        reading, limits: limits, depths: try reading.depths(), age: try reading.oldestQueuedAge(),
        activity: try reading.activity(limits.workers), ended: try reading.ended(in: window),
        in: window)
    }
  }

  /// The same of what was read already; the window is the last hour.
  static func health(
    _ reading: MetricsReading, limits: HealthLimits, depths: [TaskDepth], age: Duration?,
    activity: [WorkerActivity], ended: [MetricsReading.Ended], in window: MetricsWindow
  ) throws(SQLiteError) -> HealthSummary {
    let rates = successRates(ended, in: window)
    let lateLeases = try reading.expiredLeases(
      before: reading.now.adding(.zero - limits.leaseGrace))
    let problems = problems(
      limits, age: age, outcomes: rates.outcomes, activity: activity, lateLeases: lateLeases)
    var workers = Dictionary(uniqueKeysWithValues: WorkerLiveness.allCases.map { ($0, 0) })
    for worker in activity { if let state = worker.liveness { workers[state, default: 0] += 1 } }
    return HealthSummary(
      takenAt: reading.now, level: problems.map(\.level).max() ?? .healthy,
      problems: problems.sorted { $0.level > $1.level }, depthByStatus: byStatus(depths),
      oldestQueuedAge: age, lastHour: rates, throughput: throughput(ended, in: window),
      workers: workers, expiredLeases: try reading.expiredLeases(before: reading.now))
  }

  private static func problems(
    _ limits: HealthLimits, age: Duration?, outcomes: TaskOutcomes, activity: [WorkerActivity],
    lateLeases: Int
  ) -> [HealthProblem] {
    var problems: [HealthProblem] = []
    func note(_ kind: HealthProblem.Kind, _ level: HealthLevel, _ message: String) {
      problems.append(HealthProblem(kind: kind, level: level, message: message))
    }
    if let age, age > limits.waitingWarning {
      note(
        .waiting, age > limits.waitingCritical ? .critical : .warning,
        "a task has been due for \(age.components.seconds) s")
    }
    let worked = outcomes.total - outcomes.cancelled
    if let rate = outcomes.failureRate, worked >= limits.leastEnded,
      rate > limits.failureRateWarning
    {
      let failed = outcomes.failed + outcomes.deadLettered
      note(
        .failing, rate > limits.failureRateCritical ? .critical : .warning,
        "\(failed) of \(worked) tasks have failed within an hour")
    }
    // Who holds tasks works, registered or not.
    let isAttended = activity.contains {
      $0.heldTasks > 0 || $0.liveness == .active || $0.liveness == .late
    }
    if let age, !isAttended {
      note(
        .unattended, age > limits.waitingWarning ? .critical : .warning,
        "tasks are due, and no worker is registered as alive or holds one")
    }
    let stale = activity.count { $0.liveness == .stale }
    if stale > 0 {
      note(.staleWorkers, .warning, "\(stale) workers have fallen silent without signing off")
    }
    if lateLeases > 0 {
      note(
        .expiredLeases, .warning,
        "\(lateLeases) leases have run out, and nobody has taken the tasks back")
    }
    return problems
  }
}
