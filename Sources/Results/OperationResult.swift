/// An operation of the queue that is measured.
package enum MeasuredOperation: String, CaseIterable, Hashable, Sendable {
  case enqueue
  case claim
  case complete
}

/// What a latency distribution comes down to, in microseconds.
///
/// A percentile without enough samples is nil, never an estimate.
package struct LatencySummary: Equatable, Sendable {
  /// The median.
  package var p50Us: Double?
  /// The 90th percentile.
  package var p90Us: Double?
  /// The 95th percentile.
  package var p95Us: Double?
  /// The 99th percentile.
  package var p99Us: Double?
  /// The 99.9th percentile.
  package var p999Us: Double?
  /// The largest latency of all.
  package var maxUs: Double?
  /// The arithmetic mean.
  package var meanUs: Double?

  /// A summary of the values that could be measured.
  package init(
    p50Us: Double? = nil, p90Us: Double? = nil, p95Us: Double? = nil, p99Us: Double? = nil,
    p999Us: Double? = nil, maxUs: Double? = nil, meanUs: Double? = nil
  ) {
    self.p50Us = p50Us
    self.p90Us = p90Us
    self.p95Us = p95Us
    self.p99Us = p99Us
    self.p999Us = p999Us
    self.maxUs = maxUs
    self.meanUs = meanUs
  }
}

/// What was measured of one kind of operation in one repeat.
package struct OperationResult: Equatable, Sendable {
  /// How many of them were meant to begin within the measured time, or were under way when it began.
  package var count: Int
  /// How long they took from their intended start (the response time).
  package var latency: LatencySummary
  /// How long they took from their actual start.
  package var service: LatencySummary
  /// The service time that a tenth of them stayed below, in µs: what the way through the code takes if nobody is
  /// in it. It differs least between two runs of one program.
  package var serviceP10Us: Double?
  /// The 99th percentile and the largest of the response times of those that were under way while something was
  /// done to the repeat on purpose, in µs.
  package var faultP99Us: Double?
  package var faultMaxUs: Double?
  /// Share that met a busy database at least once, from 0 to 1.
  package var busyRetryRate: Double?
  /// Share that ended in an error of the SQLITE_BUSY family, from 0 to 1.
  package var busyErrorRate: Double?
  /// Pages written per task, to the log if there is one.
  package var pagesPerTask: Double?
  /// Waits for the disk per task.
  package var syncsPerTask: Double?
  /// What it costs by a count apart from the load.
  package var costs = CountedCosts()

  /// The result of `count` operations.
  package init(
    count: Int = 0, latency: LatencySummary = LatencySummary(),
    service: LatencySummary = LatencySummary(), busyRetryRate: Double? = nil,
    busyErrorRate: Double? = nil, pagesPerTask: Double? = nil, syncsPerTask: Double? = nil
  ) {
    self.count = count
    self.latency = latency
    self.service = service
    self.busyRetryRate = busyRetryRate
    self.busyErrorRate = busyErrorRate
    self.pagesPerTask = pagesPerTask
    self.syncsPerTask = syncsPerTask
  }
}

/// What one task costs in one kind of operation, counted by ``CostProfile``.
package struct CountedCosts: Equatable, Sendable {
  /// Operations of SQLite's virtual machine.
  package var vmSteps: Double?
  /// Statements that are run.
  package var statements: Double?
  /// Frames of the log that are written; pages of the database file where there is no log.
  package var walFrames: Double?
  /// Waits for the disk.
  package var fsyncs: Double?

  /// Nothing was counted.
  package init() {}
}
