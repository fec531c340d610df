public import QueueEngine
internal import SQLite

/// How a queue is doing, in numbers.
///
/// Where the queue counts its tasks (see `SQLiteStoreOptions.countsTasks`), each answer takes some
/// milliseconds at most, however many tasks there are: it depends on how many types there are and on how
/// many tasks are held. What has happened is counted as it happens: a task that fails, is queued anew by
/// somebody and then completes counts as failed once and as completed once, and tasks that are removed stay
/// in the past. Where the queue does not count, every task is looked at, and the past is what the tasks that
/// are there tell of it.
///
/// What was asked in one call is of one moment. All methods throw `QueueError`.
public struct QueueMetrics: Sendable {
  let database: QueueDatabase

  /// The longest window that can be asked for, in hours: 35 days.
  public static let mostHours = Int(HistoryResolution.hoursForMs / 3_600_000)

  /// The metrics of a queue.
  public init(database: QueueDatabase) { self.database = database }

  /// Whether the queue counts its tasks.
  public func isCounting() throws -> Bool {
    try read(.now()) { (reading) throws(SQLiteError) -> Bool in reading.isCounting }
  }

  // MARK: How many there are

  /// How many tasks there are.
  ///
  /// - Parameters:
  ///   - type: of that type; nil for all.
  ///   - status: in that status; nil for those that wait or are held, which is what is left to do.
  /// - Returns: how many.
  /// - Throws: `QueueError`.
  public func depth(type: String? = nil, status: TaskStatus? = nil) throws -> Int {
    try depths().filter { depth in
      (type == nil || depth.type == type)
        && (status.map { depth.status == $0 } ?? !depth.status.isFinal)
    }.reduce(0) { $0 + $1.count }
  }

  /// How many tasks have each status; statuses without tasks are zero.
  public func depthByStatus() throws -> [TaskStatus: Int] {
    Self.byStatus(try depths())
  }

  /// How many tasks of each type wait or are held; types of which none does are missing.
  public func depthByType() throws -> [String: Int] {
    var byType: [String: Int] = [:]
    for depth in try depths() where !depth.status.isFinal {
      byType[depth.type, default: 0] += depth.count
    }
    return byType
  }

  /// How many tasks of each type have each status, sorted by type; those of which there are none are
  /// missing.
  public func depths() throws -> [TaskDepth] {
    try read(.now()) { (reading) throws(SQLiteError) -> [TaskDepth] in
      Self.sorted(try reading.depths())
    }
  }

  static func sorted(_ depths: [TaskDepth]) -> [TaskDepth] {
    depths.sorted { ($0.type, $0.status.rawValue) < ($1.type, $1.status.rawValue) }
  }

  static func byStatus(_ depths: [TaskDepth]) -> [TaskStatus: Int] {
    var byStatus = Dictionary(uniqueKeysWithValues: TaskStatus.allCases.map { ($0, 0) })
    for depth in depths { byStatus[depth.status, default: 0] += depth.count }
    return byStatus
  }

  // MARK: Waiting

  /// How long the task that has waited for longest has been due; nil if no task waits.
  ///
  /// It counts from when the task could first have been claimed: from its enqueueing, or from its
  /// `run_after_utc` where that was later. Tasks that are not due yet do not wait. A queue with
  /// `weighted_random` as its only strategy knows no order in time: there every task is looked at.
  public func oldestQueuedAge(now: Timestamp = .now()) throws -> Duration? {
    try read(now) { (reading) throws(SQLiteError) -> Duration? in try reading.oldestQueuedAge() }
  }

  // MARK: The past

  /// How tasks have ended in the last hours.
  ///
  /// - Parameters:
  ///   - hours: how many, from 1 to ``mostHours``; see ``MetricsWindow`` for where the window begins.
  ///   - now: its end.
  /// - Returns: how many have ended how, in all and by type.
  /// - Throws: `QueueError`, with `invalidArgument` for other hours.
  public func successRates(hours: Int = 24, now: Timestamp = .now()) throws -> SuccessRates {
    try over(hours, now) { window, ended in Self.successRates(ended, in: window) }
  }

  /// How many tasks were completed and have ended in the last hours; parameters as of
  /// ``successRates(hours:now:)``.
  public func throughput(hours: Int = 1, now: Timestamp = .now()) throws -> Throughput {
    try over(hours, now) { window, ended in Self.throughput(ended, in: window) }
  }

  /// How many attempts the tasks took that have ended in the last hours; parameters as of
  /// ``successRates(hours:now:)``.
  public func retries(hours: Int = 24, now: Timestamp = .now()) throws -> RetryMetrics {
    try over(hours, now) { window, ended in Self.retries(ended, in: window) }
  }

  /// How long the tasks were worked on that were completed in the last hours; nil if there are none.
  ///
  /// - Parameters:
  ///   - hours: as of ``successRates(hours:now:)``.
  ///   - type: of that type; nil for all.
  ///   - now: the end of the window.
  /// - Returns: percentiles in milliseconds.
  /// - Throws: `QueueError`, with `invalidArgument` for other hours.
  public func processingTimePercentiles(
    hours: Int = 24, type: String? = nil, now: Timestamp = .now()
  ) throws -> ProcessingTimes? {
    try over(hours, now) { window, ended in
      Self.processingTimes(ended.filter { type == nil || $0.type == type }, in: window)
    }
  }

  private func over<R>(
    _ hours: Int, _ now: Timestamp,
    _ summarise: (MetricsWindow, [MetricsReading.Ended]) -> R
  ) throws -> R {
    try Self.check(hours)
    return try read(now) { (reading) throws(SQLiteError) -> R in
      let window = reading.window(hours: hours)
      return summarise(window, try reading.ended(in: window))
    }
  }

  static func check(_ hours: Int) throws {
    guard (1...mostHours).contains(hours) else {
      throw QueueError(
        code: .invalidArgument,
        message: "hours must be from 1 to \(mostHours), and are \(hours)")
    }
  }

  // MARK: Workers

  /// The workers that are registered or hold tasks, sorted by their ids.
  ///
  /// - Parameters:
  ///   - thresholds: how long a worker may be silent.
  ///   - now: what its silence is counted to.
  /// - Returns: the workers and what they hold.
  /// - Throws: `QueueError`.
  public func workerActivity(
    thresholds: WorkerThresholds = WorkerThresholds(), now: Timestamp = .now()
  ) throws -> [WorkerActivity] {
    try read(now) { (reading) throws(SQLiteError) -> [WorkerActivity] in
      try reading.activity(thresholds)
    }
  }

  func read<R>(
    _ now: Timestamp, _ body: (MetricsReading) throws(SQLiteError) -> R
  ) throws -> R {
    try database.read { (connection) throws(SQLiteError) -> R in
      try body(MetricsReading(connection, now: now))
    }
  }
}

// MARK: - Summaries

extension QueueMetrics {
  static func successRates(
    _ ended: [MetricsReading.Ended], in window: MetricsWindow
  ) -> SuccessRates {
    var outcomes = TaskOutcomes()
    var byType: [String: TaskOutcomes] = [:]
    for part in ended {
      outcomes.add(part.count, part.status)
      byType[part.type, default: TaskOutcomes()].add(part.count, part.status)
    }
    return SuccessRates(window: window, outcomes: outcomes, byType: byType)
  }

  static func throughput(
    _ ended: [MetricsReading.Ended], in window: MetricsWindow
  ) -> Throughput {
    Throughput(
      window: window,
      completed: ended.reduce(0) { $0 + ($1.status == .completed ? $1.count : 0) },
      ended: ended.reduce(0) { $0 + $1.count })
  }

  static func retries(
    _ ended: [MetricsReading.Ended], in window: MetricsWindow
  ) -> RetryMetrics {
    RetryMetrics(
      window: window, ended: ended.reduce(0) { $0 + $1.count },
      retriedTasks: ended.reduce(0) { $0 + $1.retried },
      retries: ended.reduce(0) { $0 + $1.retries },
      deadLettered: ended.reduce(0) { $0 + ($1.status == .deadLetter ? $1.count : 0) })
  }

  static func processingTimes(
    _ ended: [MetricsReading.Ended], in window: MetricsWindow
  ) -> ProcessingTimes? {
    var classes = ProcessingTimeClasses()
    var busyMs: Int64 = 0
    for part in ended where part.status == .completed && part.upToMs > 0 {
      classes.add(part.count, upToMs: part.upToMs)
      busyMs += part.busyMs
    }
    guard classes.count > 0 else { return nil }
    return ProcessingTimes(
      window: window, count: classes.count, meanMs: Double(busyMs) / Double(classes.count),
      p50Ms: classes.percentile(0.5), p75Ms: classes.percentile(0.75),
      p90Ms: classes.percentile(0.9), p95Ms: classes.percentile(0.95),
      p99Ms: classes.percentile(0.99), atMostMs: classes.greatestBound)
  }
}

/// How many processing times are in which class.
struct ProcessingTimeClasses {
  private(set) var count = 0
  private var byBound: [Int64: Int] = [:]

  mutating func add(_ count: Int, upToMs bound: Int64) {
    guard count > 0 else { return }
    self.count += count
    byBound[bound, default: 0] += count
  }

  /// The bound of the longest times; nil if that is none.
  var greatestBound: Int64? { byBound.keys.max().flatMap { $0 == .max ? nil : $0 } }

  /// The time that a share of all times does not exceed, in milliseconds, as if those of a class were
  /// spread evenly in it; 0 without any.
  func percentile(_ share: Double) -> Double {
    let rank = max(1, (share * Double(count)).rounded(.up))
    var before = 0
    for (bound, inClass) in byBound.sorted(by: { $0.key < $1.key }) {
      guard Double(before + inClass) >= rank else {
        before += inClass
        continue
      }
      let lower = Double(ProcessingTimeBounds.lowerBound(of: bound))
      // Nothing is known of the last class but where it begins.
      guard bound < .max else { return lower }
      return lower + (Double(bound) - lower) * (rank - Double(before)) / Double(inClass)
    }
    return 0
  }
}
