/// How the load that a repeat was to offer came about; nil in a closed loop.
package struct LoadResult: Equatable, Sendable {
  /// Tasks per second that the producers were told to offer, in the mean of the measured time.
  package var offeredPerSecond: Double?
  /// Tasks that were due within the measured time.
  package var scheduled: Int?
  /// Tasks enqueued within the measured time, relative to ``scheduled``.
  package var achievedRatio: Double?
  /// Operations that began more than a millisecond after they were due.
  package var late: Int?
  /// Operations that could not even begin before the end of the drain.
  package var skipped: Int?
  /// How long after it was due an operation began.
  package var lag = LatencySummary()

  /// Nothing, until it is measured.
  package init() {}
}
