public import Logging
public import Metrics
internal import Platform
public import QueueEngine
internal import Synchronization

/// Passes a queue's metrics on to whatever swift-metrics backend the program has bootstrapped.
///
/// ```swift
/// let reporter = try QueueMetricsReporter(metrics: QueueMetrics(database: database))
/// reporter.start()
/// defer { reporter.stop() }
/// ```
///
/// The names are those of ``PrometheusText``. Gauges say how many tasks there are, how long the oldest one
/// waits and what workers do. Counters grow by what the queue has counted since the last report, beginning
/// with the first one; since that is what all processes did, let one process per queue report. Counters need
/// a queue that counts its tasks.
///
/// Timers are about the process itself: the reporter has the methods of QueueWorker's `WorkerObserver`, and a
/// worker that has it among its observers has every attempt timed, by type and outcome.
public final class QueueMetricsReporter: Sendable {
  private let metrics: QueueMetrics
  private let factory: any MetricsFactory
  private let thresholds: WorkerThresholds
  private let intervalMs: Int64
  private let logger: Logger
  private let clock: @Sendable () -> Timestamp
  private let whenReported: @Sendable () -> Void
  private let thread = Mutex<PeriodicThread?>(nil)
  private let instruments: Instruments
  private let attempts = Mutex<[Fence: UInt64]>([:])

  /// A reporter.
  ///
  /// - Parameters:
  ///   - metrics: what it reports.
  ///   - interval: the time between reports of ``start()``.
  ///   - thresholds: how long a worker may be silent.
  ///   - factory: where it reports to; nil for the one that the program has bootstrapped, which has to have
  ///     happened.
  ///   - logger: told of reports that fail.
  /// - Throws: `QueueError` with `invalidArgument` if the interval is less than a millisecond.
  public convenience init(
    metrics: QueueMetrics, interval: Duration = .seconds(15),
    thresholds: WorkerThresholds = WorkerThresholds(), factory: (any MetricsFactory)? = nil,
    logger: Logger = Logger(label: "queue-metrics")
  ) throws {
    try self.init(
      metrics: metrics, interval: interval, thresholds: thresholds,
      factory: factory ?? MetricsSystem.factory, logger: logger, clock: { Timestamp.now() },
      whenReported: {})
  }

  /// `whenReported` is called by the thread after each report, also after one that has failed.
  package init(
    metrics: QueueMetrics, interval: Duration, thresholds: WorkerThresholds,
    factory: any MetricsFactory, logger: Logger, clock: @escaping @Sendable () -> Timestamp,
    whenReported: @escaping @Sendable () -> Void
  ) throws {
    guard interval >= .milliseconds(1) else {
      throw QueueError(
        code: .invalidArgument,
        message: "the interval of reports must be at least 1 ms, not \(interval)")
    }
    self.metrics = metrics
    self.factory = factory
    self.thresholds = thresholds
    self.logger = logger
    self.clock = clock
    self.whenReported = whenReported
    let (seconds, attoseconds) = interval.components
    intervalMs =
      min(seconds, Int64(Int32.max)) * 1000 + attoseconds / 1_000_000_000_000_000
    instruments = Instruments(factory: factory)
  }

  deinit { thread.withLock { $0 }?.stop() }

  // MARK: Reporting

  /// Reports now.
  ///
  /// - Throws: `QueueError` if the queue cannot be read; then nothing is reported.
  public func report(now: Timestamp = .now()) throws {
    Self.report(try metrics.snapshot(thresholds: thresholds, now: now), to: instruments)
  }

  /// Reports at once and after each interval, on a thread of its own; does nothing if it does so already.
  public func start() {
    let reporter = PeriodicThread(name: "queue-metrics", intervalMs: intervalMs) {
      [metrics, thresholds, instruments, logger, clock, whenReported] in
      do {
        let snapshot = try metrics.snapshot(thresholds: thresholds, now: clock())
        Self.report(snapshot, to: instruments)
      } catch {
        logger.warning("the queue's metrics could not be read: \(error)")
      }
      whenReported()
    }
    let isOurs = thread.withLock { thread in
      guard thread == nil else { return false }
      thread = reporter
      return true
    }
    guard isOurs else { return }
    reporter.start()
    reporter.poke()
  }

  /// Ends the reports of ``start()``; may be started again.
  public func stop() {
    let reporter = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    reporter?.stop()
  }

  private static func report(_ snapshot: MetricsSnapshot, to instruments: Instruments) {
    var depths: [String: [TaskStatus: Int]] = [:]
    for totals in snapshot.totals ?? [] { depths[totals.type] = [:] }
    for depth in snapshot.depths {
      depths[depth.type, default: [:]][depth.status, default: 0] += depth.count
    }
    var gauges: [MetricName: Double] = [:]
    for (type, counts) in depths {
      for status in TaskStatus.allCases {
        gauges[
          MetricName("taskqueue_tasks", ("type", type), ("status", status.rawValue))] =
          Double(counts[status] ?? 0)
      }
    }
    gauges[MetricName("taskqueue_oldest_task_age_seconds")] = PrometheusText.seconds(
      snapshot.oldestQueuedAge ?? .zero)
    for state in WorkerLiveness.allCases {
      gauges[MetricName("taskqueue_workers", ("state", state.rawValue))] = Double(
        snapshot.workers.count { $0.liveness == state })
    }
    for worker in snapshot.workers {
      gauges[MetricName("taskqueue_worker_held_tasks", ("worker", worker.id))] = Double(
        worker.heldTasks)
    }
    gauges[MetricName("taskqueue_expired_leases")] = Double(snapshot.expiredLeases)
    var counters: [MetricName: Int] = [:]
    for totals in snapshot.totals ?? [] {
      let type = ("type", totals.type)
      counters[MetricName("taskqueue_tasks_added_total", type)] = totals.added
      counters[MetricName("taskqueue_task_retries_total", type)] = totals.retries
      for status in TaskStatus.allCases where status.isFinal {
        counters[
          MetricName("taskqueue_tasks_ended_total", type, ("status", status.rawValue))] =
          totals.ended[status] ?? 0
      }
    }
    instruments.set(gauges: gauges, counters: counters)
  }

  // MARK: Attempts

  /// A task was claimed, and its handler is about to start.
  public func workerStarted(_ task: ClaimedTask, workerID: String) {
    let startNs = MonotonicClock.nowNs()
    attempts.withLock { $0[task.fence] = startNs }
  }

  /// The queue knows that a task is done.
  public func workerCompleted(_ task: ClaimedTask, workerID: String) {
    end(task, as: "completed")
  }

  /// The queue knows that a task has failed for good.
  public func workerFailed(
    _ task: ClaimedTask, endedAs status: TaskStatus, message: String, error: (any Error)?,
    workerID: String
  ) {
    end(task, as: status.rawValue)
  }

  /// The queue knows that an attempt has failed and another one will follow.
  public func workerWillRetry(
    _ task: ClaimedTask, at runAfter: Timestamp, message: String, error: (any Error)?,
    workerID: String
  ) {
    end(task, as: "retry")
  }

  /// A task was given back unworked.
  public func workerReleased(_ task: ClaimedTask, workerID: String) {
    end(task, as: "released")
  }

  /// A task has passed to another worker.
  public func workerLostLease(_ task: ClaimedTask, workerID: String) {
    end(task, as: "lost_lease")
  }

  private func end(_ task: ClaimedTask, as outcome: String) {
    let startNs = attempts.withLock { $0.removeValue(forKey: task.fence) }
    guard let startNs else { return }
    instruments.record(
      ns: Int64(clamping: MonotonicClock.nowNs() - startNs),
      as: MetricName("taskqueue_attempt_seconds", ("type", task.type), ("outcome", outcome)))
  }
}

/// A metric's label with its dimensions.
private struct MetricName: Hashable, Sendable {
  let label: String
  private let keys: [String]
  private let values: [String]

  init(_ label: String, _ dimensions: (String, String)...) {
    self.label = label
    keys = dimensions.map(\.0)
    values = dimensions.map(\.1)
  }

  var dimensions: [(String, String)] { Array(zip(keys, values)) }
}

/// The metrics of a backend that exist, each made once.
private final class Instruments: Sendable {
  private struct State: Sendable {
    var gauges: [MetricName: Gauge] = [:]
    var counters: [MetricName: Counter] = [:]
    var timers: [MetricName: Timer] = [:]
    /// What the queue had counted at the last report; nil before the first.
    var last: [MetricName: Int]?
  }

  private let factory: any MetricsFactory
  private let state = Mutex(State())

  init(factory: any MetricsFactory) { self.factory = factory }

  func set(gauges: [MetricName: Double], counters: [MetricName: Int]) {
    state.withLock { state in
      for (name, value) in gauges {
        let gauge =
          state.gauges[name]
          ?? Gauge(label: name.label, dimensions: name.dimensions, factory: factory)
        state.gauges[name] = gauge
        gauge.record(value)
      }
      // A worker that is gone holds nothing, rather than what it held last.
      for (name, gauge) in state.gauges where gauges[name] == nil {
        gauge.record(0)
        gauge.destroy()
        state.gauges[name] = nil
      }
      for (name, total) in counters {
        let counter =
          state.counters[name]
          ?? Counter(label: name.label, dimensions: name.dimensions, factory: factory)
        state.counters[name] = counter
        if let last = state.last { counter.increment(by: max(0, total - (last[name] ?? 0))) }
      }
      state.last = counters
    }
  }

  func record(ns: Int64, as name: MetricName) {
    let timer = state.withLock { state in
      let timer =
        state.timers[name]
        ?? Timer(label: name.label, dimensions: name.dimensions, factory: factory)
      state.timers[name] = timer
      return timer
    }
    timer.recordNanoseconds(ns)
  }
}
