public import QueueEngine
internal import SQLite

/// What a queue is doing at one moment, for those who watch it: `taskqueue top` shows it.
public struct QueueSnapshot: Sendable {
  /// The moment.
  public let takenAt: Timestamp
  /// How many tasks of each type have each status, sorted; those of which there are none are missing.
  public let depths: [TaskDepth]
  /// How many tasks were ever added.
  public let addedCount: Int64
  /// How many tasks have ended, by how: ever, where the queue counts; else those that are still there.
  public let endedCounts: [TaskStatus: Int]
  /// How long the task that has waited for longest has been due; nil if none waits.
  public let oldestQueuedAge: Duration?
  /// The workers that are registered or hold tasks, sorted by their ids.
  public let workers: [WorkerActivity]
  /// Tasks that are held, the first ones to have been enqueued first; not all of them if they are many.
  public let running: [QueueTask]
  /// Tasks that have failed for good, the latest first; not all of them if they are many.
  public let failures: [QueueTask]

  /// A snapshot from its parts.
  package init(
    takenAt: Timestamp, depths: [TaskDepth], addedCount: Int64,
    endedCounts: [TaskStatus: Int], oldestQueuedAge: Duration?, workers: [WorkerActivity],
    running: [QueueTask], failures: [QueueTask]
  ) {
    self.takenAt = takenAt
    self.depths = depths
    self.addedCount = addedCount
    self.endedCounts = endedCounts
    self.oldestQueuedAge = oldestQueuedAge
    self.workers = workers
    self.running = running
    self.failures = failures
  }

  /// How many tasks are in a status.
  public func count(_ status: TaskStatus) -> Int {
    depths.reduce(0) { $1.status == status ? $0 + $1.count : $0 }
  }
}

extension QueueMetrics {
  /// What the queue is doing now.
  ///
  /// Where the queue counts its tasks this takes some milliseconds, however many there are. Where it does
  /// not, every task is looked at, and failures are found among the last 20,000 tasks only.
  ///
  /// - Parameters:
  ///   - runningLimit: how many held tasks are looked at.
  ///   - failureLimit: how many failed ones.
  ///   - thresholds: how long a worker may be silent.
  ///   - now: what time it is.
  /// - Returns: what was found, all of one moment.
  /// - Throws: `QueueError`.
  public func activity(
    runningLimit: Int = 200, failureLimit: Int = 50,
    thresholds: WorkerThresholds = WorkerThresholds(), now: Timestamp = .now()
  ) throws -> QueueSnapshot {
    try read(now) { (reading) throws(SQLiteError) -> QueueSnapshot in
      let depths: [TaskDepth]
      let addedCount: Int64
      var endedCounts: [TaskStatus: Int] = [:]
      if reading.isCounting {
        let totals = try reading.totals()
        depths = MetricsReading.depths(of: totals, held: try reading.heldByType())
        addedCount = totals.values.reduce(0) { $0 + Int64($1.added) }
        for totals in totals.values { endedCounts.merge(totals.everEnded, uniquingKeysWith: +) }
      } else {
        depths = try reading.depths()
        addedCount = try reading.lastNumber()
        endedCounts = Self.byStatus(depths).filter { $0.key.isFinal }
      }
      return QueueSnapshot(
        takenAt: now, depths: Self.sorted(depths), addedCount: addedCount,
        endedCounts: endedCounts, oldestQueuedAge: try reading.oldestQueuedAge(),
        workers: try reading.activity(thresholds),
        running: try reading.running(limit: runningLimit),
        failures: try reading.failures(limit: failureLimit))
    }
  }
}
