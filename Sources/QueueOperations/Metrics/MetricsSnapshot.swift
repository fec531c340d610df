public import QueueEngine
internal import SQLite

/// All numbers of a queue at one moment, for those who pass them on.
public struct MetricsSnapshot: Sendable, Hashable {
  /// Processing times that are about the same.
  public struct TimeClass: Sendable, Hashable {
    /// The longest that are among them, in milliseconds; `Int64.max` if there is no limit.
    public let upToMs: Int64
    /// How many there are.
    public let count: Int
  }

  /// What only grows, of one type; there where the queue counts.
  public struct Totals: Sendable, Hashable {
    /// The type.
    public let type: String
    /// Tasks that were ever added, those that were there before the queue counted included.
    public let added: Int
    /// Tasks that have ever ended, by how.
    public let ended: [TaskStatus: Int]
    /// Attempts that these took beyond the first of each.
    public let retries: Int
    /// The processing times of all tasks that were ever completed, by classes; ascending.
    public let processingTimes: [TimeClass]
    /// All these processing times together, in milliseconds.
    public let processingMs: Int64
  }

  /// The moment.
  public let takenAt: Timestamp
  /// How many tasks of each type have each status, sorted; those of which there are none are missing.
  public let depths: [TaskDepth]
  /// What only grows, by type, sorted; nil where the queue does not count.
  public let totals: [Totals]?
  /// How long the task that has waited for longest has been due; nil if none waits.
  public let oldestQueuedAge: Duration?
  /// The workers that are registered or hold tasks.
  public let workers: [WorkerActivity]
  /// Leases that have run out and that nobody has taken back yet.
  public let expiredLeases: Int
}

extension QueueMetrics {
  /// All numbers at once.
  ///
  /// - Parameters:
  ///   - thresholds: how long a worker may be silent.
  ///   - now: what time it is.
  /// - Returns: the numbers.
  /// - Throws: `QueueError`.
  public func snapshot(
    thresholds: WorkerThresholds = WorkerThresholds(), now: Timestamp = .now()
  ) throws -> MetricsSnapshot {
    try read(now) { (reading) throws(SQLiteError) -> MetricsSnapshot in
      let totals = try reading.isCounting ? reading.totals() : nil
      let depths =
        if let totals {
          MetricsReading.depths(of: totals, held: try reading.heldByType())
        } else {
          try reading.depths()
        }
      let processed = try reading.isCounting ? reading.everProcessed() : [:]
      return MetricsSnapshot(
        takenAt: now, depths: Self.sorted(depths),
        totals: totals?.sorted { $0.key < $1.key }.map { type, totals in
          MetricsSnapshot.Totals(
            type: type, added: totals.added, ended: totals.everEnded, retries: totals.retries,
            processingTimes: (processed[type]?.byBound ?? [:]).sorted { $0.key < $1.key }
              .map { MetricsSnapshot.TimeClass(upToMs: $0.key, count: $0.value) },
            processingMs: processed[type]?.busyMs ?? 0)
        },
        oldestQueuedAge: try reading.oldestQueuedAge(),
        workers: try reading.activity(thresholds),
        expiredLeases: try reading.expiredLeases(before: now))
    }
  }
}
