internal import Recording

/// What happened in the last moments of a repeat, of all processes together.
package struct LiveSample: Sendable {
  /// Completed tasks per second.
  package let completedPerSecond: Double
  /// Enqueued tasks per second.
  package let enqueuedPerSecond: Double
  /// The 95th percentile of the claims' latency in µs; nil if there were too few claims.
  package let claimP95Us: Double?
  /// Share of operations that met a busy database; nil if there were none.
  package let busyRetryRate: Double?
}

/// Collects records between two samples.
struct LiveTally {
  private var startNs: UInt64
  private var completed = 0
  private var enqueued = 0
  private var operations = 0
  private var met = 0
  private var claims = LatencyHistogram()

  init(startNs: UInt64 = 0) { self.startNs = startNs }

  @inline(__always)
  mutating func add(_ kind: OperationKind, _ outcome: OperationOutcome, _ record: OperationRecord) {
    if outcome == .ok {
      if kind == .complete { completed += 1 }
      if kind == .enqueue { enqueued += 1 }
    }
    guard !record.isMember, outcome != .empty || record.busyCallbacks > 0 else { return }
    operations += 1
    if record.busyCallbacks > 0 { met += 1 }
    if kind == .claim { claims.record(record.latencyNs) }
  }

  /// The sample, and a fresh start.
  mutating func take(nowNs: UInt64) -> LiveSample {
    let seconds = max(Double(nowNs - startNs) / 1e9, 1e-9)
    let sample = LiveSample(
      completedPerSecond: Double(completed) / seconds,
      enqueuedPerSecond: Double(enqueued) / seconds,
      claimP95Us: claims.count >= 72
        ? claims.value(atQuantile: 0.95).map { Double($0) / 1000 } : nil,
      busyRetryRate: operations > 0 ? Double(met) / Double(operations) : nil)
    self = LiveTally(startNs: nowNs)
    return sample
  }
}
