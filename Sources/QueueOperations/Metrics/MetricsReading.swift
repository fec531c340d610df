internal import QueueEngine
internal import SQLite

/// Metrics of one moment: what is asked within one read transaction.
///
/// Not Sendable: lives as long as the transaction.
struct MetricsReading {
  let connection: Connection
  let now: Timestamp
  /// Whether the queue counts its tasks.
  let isCounting: Bool
  private let hasTimeIndex: Bool
  private let hasPriorityIndex: Bool
  private let hasFailureIndex: Bool

  init(_ connection: Connection, now: Timestamp) throws(SQLiteError) {
    self.connection = connection
    self.now = now
    let rows = try connection.cached(MetricsStatements.names)
    defer { rows.reset() }
    var names: Set<String> = []
    while try rows.step() { if let name = rows.text(0) { names.insert(name) } }
    isCounting = names.contains("queue_counters")
    hasTimeIndex = names.contains("ix_task_status_time")
    hasPriorityIndex = names.contains("ix_task_status_prio_time")
    hasFailureIndex = names.contains("ix_task_failed")
  }

  // MARK: How many there are

  /// How many tasks each type has in each status, those with none apart.
  func depths() throws(SQLiteError) -> [TaskDepth] {
    guard isCounting else { return try scannedDepths() }
    return Self.depths(of: try totals(), held: try heldByType())
  }

  private func scannedDepths() throws(SQLiteError) -> [TaskDepth] {
    let rows = try connection.cached(MetricsStatements.counted)
    defer { rows.reset() }
    var depths: [TaskDepth] = []
    while try rows.step() {
      if let status = rows.text(1).flatMap(TaskStatus.init(rawValue:)) {
        depths.append(
          TaskDepth(type: rows.text(0) ?? "", status: status, count: Int(rows.int64(2))))
      }
    }
    return depths
  }

  /// What the counters say of a type.
  struct Totals {
    /// Tasks that there are.
    var all = 0
    /// Tasks that were ever added.
    var added = 0
    /// Those that have ended, by status.
    var ended: [TaskStatus: Int] = [:]
    /// Those that ever have.
    var everEnded: [TaskStatus: Int] = [:]
    /// Attempts that those took beyond the first.
    var retries = 0
  }

  /// What the counters say, by type; types that are spelt in other bytes but the same for Swift, such as
  /// an `é` in one scalar and in two, are one here.
  func totals() throws(SQLiteError) -> [String: Totals] {
    let rows = try connection.cached(MetricsStatements.counters)
    defer { rows.reset() }
    var totals: [String: Totals] = [:]
    while try rows.step() {
      let type = rows.text(0) ?? ""
      let (count, ever) = (Int(rows.int64(2)), Int(rows.int64(3)))
      if let status = rows.text(1).flatMap(TaskStatus.init(rawValue:)) {
        totals[type, default: Totals()].ended[status, default: 0] += count
        totals[type, default: Totals()].everEnded[status, default: 0] += ever
        totals[type, default: Totals()].retries += Int(rows.int64(4))
      } else {
        totals[type, default: Totals()].all += count
        totals[type, default: Totals()].added += ever
      }
    }
    return totals
  }

  func heldByType() throws(SQLiteError) -> [String: Int] {
    let rows = try connection.cached(MetricsStatements.held)
    defer { rows.reset() }
    var held: [String: Int] = [:]
    while try rows.step() { held[rows.text(0) ?? "", default: 0] += Int(rows.int64(1)) }
    return held
  }

  static func depths(of totals: [String: Totals], held: [String: Int]) -> [TaskDepth] {
    var depths: [TaskDepth] = []
    for (type, totals) in totals {
      let held = held[type] ?? 0
      let waiting = totals.all - totals.ended.values.reduce(0, +) - held
      var counts = totals.ended
      counts[.processing] = held
      counts[.queued] = waiting
      for (status, count) in counts where count != 0 {
        depths.append(TaskDepth(type: type, status: status, count: count))
      }
    }
    return depths
  }

  // MARK: The past

  /// What has ended in a window, alike in type, status and class of processing time.
  struct Ended {
    let type: String
    let status: TaskStatus
    /// The bound of the class; 0 if there is no time.
    let upToMs: Int64
    var count = 0
    var retried = 0
    var retries = 0
    var busyMs: Int64 = 0
  }

  func window(hours: Int) -> MetricsWindow {
    let asked = now.adding(milliseconds: -Int64(hours) * 3_600_000)
    return MetricsWindow(
      since: HistoryResolution.beginning(of: asked, now: now), until: now)
  }

  func ended(in window: MetricsWindow) throws(SQLiteError) -> [Ended] {
    isCounting ? try counted(in: window) : try scanned(in: window)
  }

  private func counted(in window: MetricsWindow) throws(SQLiteError) -> [Ended] {
    let rows = try connection.cached(MetricsStatements.history)
    defer { rows.reset() }
    try rows.bind(HistoryResolution.minute(window.since), at: 1)
    var ended: [Ended] = []
    while try rows.step() {
      let count = Int(rows.int64(3))
      guard count > 0, let status = rows.text(1).flatMap(TaskStatus.init(rawValue:)) else {
        continue
      }
      ended.append(
        Ended(
          type: rows.text(0) ?? "", status: status, upToMs: rows.int64(2), count: count,
          retried: Int(rows.int64(4)), retries: Int(rows.int64(5)), busyMs: rows.int64(6)))
    }
    return ended
  }

  private struct Kind: Hashable {
    let type: String
    let status: TaskStatus
    let upToMs: Int64
  }

  private func scanned(in window: MetricsWindow) throws(SQLiteError) -> [Ended] {
    let rows = try connection.cached(MetricsStatements.endedSince)
    defer { rows.reset() }
    try rows.bind(window.since.description, at: 1)
    var ended: [Kind: Ended] = [:]
    while try rows.step() {
      guard let status = rows.text(1).flatMap(TaskStatus.init(rawValue:)) else { continue }
      let retries = Int(max(0, rows.int64(2) - 1))
      let ms = rows.isNull(3) ? nil : rows.int64(3)
      let kind = Kind(
        type: rows.text(0) ?? "", status: status,
        upToMs: ms.map { ProcessingTimeBounds.bound(of: $0) } ?? 0)
      var sum =
        ended[kind] ?? Ended(type: kind.type, status: kind.status, upToMs: kind.upToMs)
      sum.count += 1
      sum.retried += retries > 0 ? 1 : 0
      sum.retries += retries
      sum.busyMs += max(0, ms ?? 0)
      ended[kind] = sum
    }
    return Array(ended.values)
  }

  // MARK: Processing times

  /// All processing times ever, by type and by the bound of their class.
  struct EverProcessed {
    var byBound: [Int64: Int] = [:]
    var busyMs: Int64 = 0
  }

  func everProcessed() throws(SQLiteError) -> [String: EverProcessed] {
    let rows = try connection.cached(MetricsStatements.processingTimes)
    defer { rows.reset() }
    var processed: [String: EverProcessed] = [:]
    while try rows.step() {
      let bound = rows.int64(1)
      guard bound > 0 else { continue }
      let type = rows.text(0) ?? ""
      processed[type, default: EverProcessed()].byBound[bound, default: 0] += Int(rows.int64(2))
      processed[type, default: EverProcessed()].busyMs += rows.int64(3)
    }
    return processed
  }

  // MARK: Waiting

  /// How long the task that has waited for longest has been due; nil if none waits.
  func oldestQueuedAge() throws(SQLiteError) -> Duration? {
    let ready = try text(
      hasTimeIndex
        ? MetricsStatements.oldestByTime
        : hasPriorityIndex
          ? MetricsStatements.oldestByPriority : MetricsStatements.oldestByScan)
    let unplaced = try text(MetricsStatements.oldestUnplaced)
    let moments = [ready, unplaced].compactMap { $0.flatMap(Timestamp.init) }
    guard let oldest = moments.min() else { return nil }
    let ageMs = now.millisecondsSinceEpoch - oldest.millisecondsSinceEpoch
    // What is due later does not wait; what the engine has placed does, whatever the clock says.
    if ready == nil, ageMs < 0 { return nil }
    return .milliseconds(max(0, ageMs))
  }

  // MARK: Workers and leases

  struct Holder {
    var heldTasks = 0
    var busySince: Timestamp?
    var nextLeaseEnd: Timestamp?
  }

  func holders() throws(SQLiteError) -> [String: Holder] {
    let rows = try connection.cached(MetricsStatements.holders)
    defer { rows.reset() }
    var holders: [String: Holder] = [:]
    while try rows.step() {
      holders[rows.text(0) ?? ""] = Holder(
        heldTasks: Int(rows.int64(1)), busySince: rows.text(2).flatMap(Timestamp.init),
        nextLeaseEnd: rows.text(3).flatMap(Timestamp.init))
    }
    return holders
  }

  func expiredLeases(before moment: Timestamp) throws(SQLiteError) -> Int {
    let row = try connection.cached(MetricsStatements.expiredLeases)
    defer { row.reset() }
    try row.bind(moment.description, at: 1)
    return try row.step() ? Int(row.int64(0)) : 0
  }

  // MARK: Tasks themselves

  /// Tasks that are held, the first ones to have been enqueued first.
  func running(limit: Int) throws(SQLiteError) -> [QueueTask] {
    let rows = try connection.cached(MetricsStatements.running)
    defer { rows.reset() }
    rows.bind(Int64(limit), at: 1)
    return try Self.tasks(of: rows)
  }

  /// Failures are looked for among that many tasks that were enqueued last, where there is no index of them.
  private static let failureWindow: Int64 = 20_000

  /// Tasks that have failed for good, the latest first.
  func failures(limit: Int) throws(SQLiteError) -> [QueueTask] {
    let rows = try connection.cached(
      hasFailureIndex ? MetricsStatements.failures : MetricsStatements.failuresOfLate)
    defer { rows.reset() }
    rows.bind(Int64(limit), at: 1)
    if !hasFailureIndex { rows.bind(Self.failureWindow, at: 2) }
    return try Self.tasks(of: rows)
  }

  private static func tasks(of rows: Statement) throws(SQLiteError) -> [QueueTask] {
    var tasks: [QueueTask] = []
    while try rows.step() { tasks.append(QueueTask(row: rows)) }
    return tasks
  }

  /// The highest number that a task ever had.
  func lastNumber() throws(SQLiteError) -> Int64 {
    let row = try connection.cached(MetricsStatements.lastNumber)
    defer { row.reset() }
    return try row.step() ? row.int64(0) : 0
  }

  private func text(_ sql: String) throws(SQLiteError) -> String? {
    let row = try connection.cached(sql)
    defer { row.reset() }
    return try row.step() ? row.text(0) : nil
  }
}

// MARK: Registered workers

extension MetricsReading {
  /// All workers that are registered or hold tasks, by their ids.
  func activity(_ thresholds: WorkerThresholds) throws(SQLiteError) -> [WorkerActivity] {
    var holders = try holders()
    var activity: [WorkerActivity] = []
    for (id, heartbeat) in try heartbeats() {
      let silenceMs = heartbeat.map {
        now.millisecondsSinceEpoch - $0.millisecondsSinceEpoch
      }
      activity.append(
        Self.activity(
          of: id, liveness: Self.liveness(silenceMs, thresholds), silenceMs: silenceMs,
          holders.removeValue(forKey: id)))
    }
    for (id, holder) in holders {
      activity.append(Self.activity(of: id, liveness: nil, silenceMs: nil, holder))
    }
    return activity.sorted { $0.id < $1.id }
  }

  private static func activity(
    of id: String, liveness: WorkerLiveness?, silenceMs: Int64?, _ holder: Holder?
  ) -> WorkerActivity {
    WorkerActivity(
      id: id, liveness: liveness, silenceMs: silenceMs, heldTasks: holder?.heldTasks ?? 0,
      busySince: holder?.busySince, nextLeaseEnd: holder?.nextLeaseEnd)
  }

  private static func liveness(
    _ silenceMs: Int64?, _ thresholds: WorkerThresholds
  ) -> WorkerLiveness {
    guard let silenceMs else { return .unknown }
    let silence = Duration.milliseconds(silenceMs)
    return silence <= thresholds.activeWithin
      ? .active : silence > thresholds.staleAfter ? .stale : .late
  }

  private func heartbeats() throws(SQLiteError) -> [(id: String, heartbeat: Timestamp?)] {
    let rows = try connection.cached(WorkerStatements.all)
    defer { rows.reset() }
    var heartbeats: [(id: String, heartbeat: Timestamp?)] = []
    while try rows.step() {
      heartbeats.append((rows.text(0) ?? "", rows.text(2).flatMap(Timestamp.init)))
    }
    return heartbeats
  }
}
