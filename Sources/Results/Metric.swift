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

/// A number of a repeat that can be compared over repeats and cells: a column of `cells.csv`.
///
/// Latencies are in microseconds, shares from 0 to 1.
package struct Metric: Sendable {
  /// The name of its column.
  package let columnName: String
  /// How many decimals files give it.
  let decimals: Int
  private let get: @Sendable (RepeatResult) -> Double?
  private let set: @Sendable (inout RepeatResult, Double?) -> Void

  private typealias Path<Root, Value> = any WritableKeyPath<Root, Value> & Sendable

  private init(_ columnName: String, _ path: Path<RepeatResult, Double?>, decimals: Int) {
    self.columnName = columnName
    self.decimals = decimals
    get = { $0[keyPath: path] }
    set = { $0[keyPath: path] = $1 }
  }

  /// A number of one kind of operation.
  private init(
    _ operation: MeasuredOperation, _ name: String, _ path: Path<OperationResult, Double?>,
    decimals: Int = 3
  ) {
    columnName = "\(operation.rawValue)_\(name)"
    self.decimals = decimals
    get = { $0[operation][keyPath: path] }
    set = { $0[operation][keyPath: path] = $1 }
  }

  /// A number of a latency that is not that of an operation.
  private init(_ kind: LatencyKind, _ name: String, _ path: Path<LatencySummary, Double?>) {
    columnName = "\(kind.rawValue)_\(name)"
    decimals = 3
    get = { $0[latency: kind][keyPath: path] }
    set = { $0[latency: kind][keyPath: path] = $1 }
  }

  /// Its value in a repeat; nil if it was not measured.
  package func value(in result: RepeatResult) -> Double? { get(result) }

  func set(_ value: Double?, in result: inout RepeatResult) { set(&result, value) }

  /// The metric of that column; nil if there is none.
  package static func named(_ columnName: String) -> Metric? { byColumn[columnName] }

  private static let byColumn = Dictionary(
    uniqueKeysWithValues: all.map { ($0.columnName, $0) })
}

extension Metric {
  /// Which way a number gets better.
  package enum Better: Sendable {
    case less
    case more
    /// It tells what happened, and neither more nor less of it is wanted.
    case neither
  }

  /// Less of everything, but for what one wants a lot of, and for what only describes the load.
  package var better: Better {
    switch columnName {
    case "throughput_per_s", "achieved_ratio", "fairness_jain", "slowest_worker_share":
      return .more
    case "offered_per_s", "littles_law_ratio", "phase_sum_ratio": return .neither
    default: return .less
    }
  }
}

extension Metric: Hashable {
  package static func == (left: Metric, right: Metric) -> Bool {
    left.columnName == right.columnName
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(columnName) }
}

// MARK: The metrics

extension Metric {
  /// Completed tasks per second; enqueued ones where nobody consumes.
  package static let throughput = Metric("throughput_per_s", \.throughputPerSecond, decimals: 3)
  /// Tasks per second that producers were told to offer.
  package static let offered = Metric("offered_per_s", \.load.offeredPerSecond, decimals: 3)
  /// What was enqueued in the measured time, relative to what was due in it.
  package static let achievedRatio = Metric("achieved_ratio", \.load.achievedRatio, decimals: 6)
  /// Share of all operations that met a busy database.
  package static let busyRetryRate = Metric("busy_retry_rate", \.busyRetryRate, decimals: 6)
  /// Share of all operations that ended in a SQLITE_BUSY error.
  package static let busyErrorRate = Metric("busy_error_rate", \.busyErrorRate, decimals: 6)
  /// Share of the processes' time that was spent in the busy handler.
  package static let busyWaitShare = Metric("busy_wait_share", \.busyWaitShare, decimals: 6)
  /// Jain's fairness index over the consumers.
  package static let fairness = Metric("fairness_jain", \.fairnessJain, decimals: 6)
  /// What the fastest consumer got, relative to the slowest.
  package static let workerSpread = Metric("worker_spread", \.workerSpread, decimals: 6)
  /// Share of the measured time in which somebody held the write lock.
  package static let lockUtilisation = Metric(
    "lock_utilisation", \.lock.utilisation, decimals: 6)
  /// How long the write lock is held at a time, in the mean.
  package static let lockHold = Metric("lock_hold_mean_us", \.lock.holdMeanUs, decimals: 3)
  /// The size that the write-ahead log reached, in bytes.
  package static let walPeak = Metric("wal_peak_bytes", \.walPeakBytes, decimals: 0)
  /// Claims beyond a task's first, relative to all claims.
  package static let redeliveryRate = Metric(
    "redelivery_rate", \.flow.redeliveryRate, decimals: 6)
  /// Claims whose work was done and then refused, relative to all claims.
  package static let wastedWorkRate = Metric(
    "wasted_work_rate", \.flow.wastedWorkRate, decimals: 6)
  /// The longest that a task lay ready before somebody claimed it, in ms.
  package static let oldestReady = Metric("oldest_ready_ms", \.flow.oldestReadyMs, decimals: 3)
  /// Mean number in the system, relative to arrival rate times mean sojourn.
  package static let littlesLaw = Metric(
    "littles_law_ratio", \.flow.littlesLawRatio, decimals: 6)
  /// How much processor time others took from this virtual machine.
  package static let stealShare = Metric("steal_share", \.conditions.stealShare, decimals: 6)
  /// How much of one processor the harness itself used while measuring.
  package static let harnessCPUShare = Metric(
    "harness_cpu_share", \.conditions.harnessCPUShare, decimals: 6)

  /// A percentile of an operation's latency, from its intended start.
  package static func latency(_ operation: MeasuredOperation, _ percentile: Percentile) -> Metric {
    Metric(operation, "\(percentile.rawValue)_us", percentile.latencyPath)
  }

  /// The largest latency of an operation.
  package static func maximumLatency(_ operation: MeasuredOperation) -> Metric {
    Metric(operation, "max_us", \.latency.maxUs)
  }

  /// The mean latency of an operation.
  package static func meanLatency(_ operation: MeasuredOperation) -> Metric {
    Metric(operation, "mean_us", \.latency.meanUs)
  }

  /// A percentile of an operation's service time, from its actual start.
  package static func service(_ operation: MeasuredOperation, _ percentile: Percentile) -> Metric {
    Metric(operation, "service_\(percentile.rawValue)_us", percentile.servicePath)
  }

  /// The service time of an operation with which nothing interferes.
  package static func quietService(_ operation: MeasuredOperation) -> Metric {
    Metric(operation, "service_p10_us", \.serviceP10Us)
  }

  /// The 99th percentile of the response times of those that were under way while something was done to the repeat
  /// on purpose.
  package static func faultLatency(_ operation: MeasuredOperation) -> Metric {
    Metric(operation, "fault_p99_us", \.faultP99Us)
  }

  /// The largest of a latency that is not that of an operation.
  package static func maximum(of kind: LatencyKind) -> Metric { Metric(kind, "max_us", \.maxUs) }

  /// The metrics of a latency that is not that of an operation: `lag`, `end_to_end`, ….
  package static func summary(of kind: LatencyKind) -> [Metric] {
    Percentile.allCases.map { .latency(of: kind, $0) } + [
      .maximum(of: kind), Metric(kind, "mean_us", \.meanUs),
    ]
  }

  /// A percentile of a latency that is not that of an operation.
  package static func latency(of kind: LatencyKind, _ percentile: Percentile) -> Metric {
    Metric(kind, "\(percentile.rawValue)_us", percentile.path)
  }

  /// All numbers of one kind of operation.
  static func all(of operation: MeasuredOperation) -> [Metric] {
    Percentile.allCases.map { .latency(operation, $0) }
      + [.maximumLatency(operation), .meanLatency(operation), .quietService(operation)]
      + [Percentile.p50, .p95, .p99].map { .service(operation, $0) }
      + [
        Metric(operation, "busy_retry_rate", \.busyRetryRate, decimals: 6),
        Metric(operation, "busy_error_rate", \.busyErrorRate, decimals: 6),
        Metric(operation, "pages_per_task", \.pagesPerTask, decimals: 4),
        Metric(operation, "syncs_per_task", \.syncsPerTask, decimals: 4),
        .faultLatency(operation),
        Metric(operation, "fault_max_us", \.faultMaxUs),
      ] + counted(operation)
  }

  /// What an operation costs per task by a count that has no noise.
  package static func counted(_ operation: MeasuredOperation) -> [Metric] {
    [
      Metric(operation, "vm_steps", \.costs.vmSteps, decimals: 4),
      Metric(operation, "statements", \.costs.statements, decimals: 4),
      Metric(operation, "wal_frames", \.costs.walFrames, decimals: 4),
      Metric(operation, "fsyncs", \.costs.fsyncs, decimals: 4),
    ]
  }

  /// Load, contention and flow: what is not about one kind of operation.
  static let general: [Metric] =
    [.throughput, .offered, .achievedRatio] + summary(of: .lag) + summary(of: .endToEnd)
    + summary(of: .queued) + summary(of: .reclaim)
    + [
      .redeliveryRate, .wastedWorkRate, .oldestReady, .littlesLaw, .busyRetryRate, .busyErrorRate,
      .busyWaitShare, .fairness,
      Metric("slowest_worker_share", \.slowestWorkerShare, decimals: 6), .workerSpread,
      Metric("longest_wait_us", \.longestWaitUs, decimals: 3), .lockUtilisation, .lockHold,
      .walPeak, Metric("checkpoint_share", \.lock.checkpointShare, decimals: 6),
      Metric("phase_sum_ratio", \.lock.phaseSumRatio, decimals: 6),
      Metric("steady_from_s", \.steadyFromSeconds, decimals: 3),
      Metric("memory_growth", \.growth.memory, decimals: 4),
      Metric("descriptor_growth", \.growth.descriptors, decimals: 4),
      Metric("wal_growth", \.growth.wal, decimals: 4),
      Metric("bytes_per_task_growth", \.growth.bytesPerTask, decimals: 4),
    ]

  /// What the machine did meanwhile.
  static let conditions: [Metric] = [
    Metric("probe_fsync_us", \.conditions.probeFsyncUs, decimals: 3),
    Metric("probe_lock_us", \.conditions.probeLockUs, decimals: 3),
    Metric("probe_cpu_us", \.conditions.probeCPUUs, decimals: 3),
    .stealShare,
    Metric("producer_cpu_share", \.conditions.producerCPUShare, decimals: 6),
    Metric("consumer_cpu_share", \.conditions.consumerCPUShare, decimals: 6),
    .harnessCPUShare,
    Metric("run_queue_share", \.conditions.runQueueShare, decimals: 6),
    Metric("voluntary_switches_per_s", \.conditions.voluntarySwitchesPerSecond, decimals: 1),
    Metric("involuntary_switches_per_s", \.conditions.involuntarySwitchesPerSecond, decimals: 1),
    Metric("minor_faults_per_s", \.conditions.minorFaultsPerSecond, decimals: 1),
    Metric("major_faults_per_s", \.conditions.majorFaultsPerSecond, decimals: 1),
    Metric("written_bytes_per_s", \.conditions.writtenBytesPerSecond, decimals: 0),
    Metric("read_bytes_per_s", \.conditions.readBytesPerSecond, decimals: 0),
    Metric("orchestrator_ms", \.orchestratorMs, decimals: 3),
  ]

  /// Every metric, in the order of the columns; those of `summary.csv`, too.
  package static let all: [Metric] =
    general + MeasuredOperation.allCases.flatMap(all(of:)) + conditions
}

/// A latency that a repeat has one of, and that is not that of an operation.
package enum LatencyKind: String, CaseIterable, Hashable, Sendable {
  /// How late operations of an open loop began.
  case lag
  /// From the intended start of an enqueue to the end of the completion.
  case endToEnd = "end_to_end"
  /// From the end of an enqueue to the end of the task's first claim.
  case queued
  /// From the end of a lease that ran out to the end of the claim that took the task over.
  case reclaim
}

extension RepeatResult {
  /// One of its latencies that are not those of an operation.
  package subscript(latency kind: LatencyKind) -> LatencySummary {
    get {
      switch kind {
      case .lag: return load.lag
      case .endToEnd: return flow.endToEnd
      case .queued: return flow.queued
      case .reclaim: return flow.reclaim
      }
    }
    set {
      switch kind {
      case .lag: load.lag = newValue
      case .endToEnd: flow.endToEnd = newValue
      case .queued: flow.queued = newValue
      case .reclaim: flow.reclaim = newValue
      }
    }
  }
}

extension Percentile {
  fileprivate var path: any WritableKeyPath<LatencySummary, Double?> & Sendable {
    switch self {
    case .p50: return \.p50Us
    case .p90: return \.p90Us
    case .p95: return \.p95Us
    case .p99: return \.p99Us
    case .p999: return \.p999Us
    }
  }

  fileprivate var latencyPath: any WritableKeyPath<OperationResult, Double?> & Sendable {
    switch self {
    case .p50: return \.latency.p50Us
    case .p90: return \.latency.p90Us
    case .p95: return \.latency.p95Us
    case .p99: return \.latency.p99Us
    case .p999: return \.latency.p999Us
    }
  }

  fileprivate var servicePath: any WritableKeyPath<OperationResult, Double?> & Sendable {
    switch self {
    case .p50: return \.service.p50Us
    case .p90: return \.service.p90Us
    case .p95: return \.service.p95Us
    case .p99: return \.service.p99Us
    case .p999: return \.service.p999Us
    }
  }
}
