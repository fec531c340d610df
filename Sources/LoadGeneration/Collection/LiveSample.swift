internal import Platform
internal import Recording
internal import Results

/// What happened in the last moments of a repeat, of all processes together.
package struct LiveSample: Sendable {
  /// When it was taken, in seconds since the measurement began; negative in the warm-up.
  package let measuredSeconds: Double
  /// Completed tasks per second.
  package let completedPerSecond: Double
  /// Enqueued tasks per second.
  package let enqueuedPerSecond: Double
  /// Percentiles of the claims' latency in µs, each nil if there were too few claims.
  package let claimP50Us: Double?
  package let claimP95Us: Double?
  package let claimP99Us: Double?
  /// Share of operations that met a busy database; nil if there were none.
  package let busyRetryRate: Double?
  /// The largest lag behind the schedule in µs; nil in a closed loop.
  package let lagMaxUs: Double?
  /// Operations that failed since the repeat began.
  package let failedCount: Int
}

/// Collects records between two samples.
struct LiveTally {
  private var startNs: UInt64
  private var completed = 0
  private var enqueued = 0
  private var operations = 0
  private var met = 0
  private var failed = 0
  private var lagMaxNs: UInt64 = 0
  private var claims = LatencyHistogram(.twoDigits)

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
    if outcome == .failed || outcome == .indeterminate || outcome == .skipped { failed += 1 }
    if kind == .claim { claims.record(record.latencyNs) }
    if kind == .enqueue { lagMaxNs = max(lagMaxNs, record.lagNs) }
  }

  /// The sample, and a fresh start.
  mutating func take(nowNs: UInt64, measureStartNs: UInt64, isOpenLoop: Bool) -> LiveSample {
    let seconds = max(Double(nowNs - startNs) / 1e9, 1e-9)
    let latency = claims.summary
    let sample = LiveSample(
      measuredSeconds: (Double(nowNs) - Double(measureStartNs)) / 1e9,
      completedPerSecond: Double(completed) / seconds,
      enqueuedPerSecond: Double(enqueued) / seconds,
      claimP50Us: latency.p50Us, claimP95Us: latency.p95Us, claimP99Us: latency.p99Us,
      busyRetryRate: share(met, of: operations),
      lagMaxUs: isOpenLoop ? Double(lagMaxNs) / 1000 : nil, failedCount: failed)
    let failedSoFar = failed
    self = LiveTally(startNs: nowNs)
    failed = failedSoFar
    return sample
  }
}

/// Reads along while a repeat runs, as far as the live view needs it.
final class LiveReader {
  private var logs: [OperationLogReader]
  /// Logs that somebody is about to begin.
  private var awaited: [String] = []
  private let measureStartNs: UInt64
  private let isOpenLoop: Bool
  private var tally = LiveTally(startNs: MonotonicClock.nowNs())

  /// Opens the logs of a repeat whose measurement begins at `measureStartNs`.
  init(_ paths: [String], measureStartNs: UInt64, isOpenLoop: Bool) throws {
    logs = try paths.map { try OperationLogReader(path: $0) }
    self.measureStartNs = measureStartNs
    self.isOpenLoop = isOpenLoop
  }

  /// Follows the logs of a process that took the place of another one, too, once it has begun them.
  func follow(_ paths: [String]) { awaited += paths }

  /// What has happened since the last call.
  func takeSample() throws -> LiveSample {
    awaited.removeAll { path in
      guard let log = try? OperationLogReader(path: path) else { return false }
      logs.append(log)
      return true
    }
    for log in logs {
      try log.tail { records in
        guard let first = records.baseAddress else { return }
        for index in 0..<records.count {
          let record = first[index]
          guard let kind = record.kind, let outcome = record.outcome else { continue }
          tally.add(kind, outcome, record)
        }
      }
    }
    return tally.take(
      nowNs: MonotonicClock.nowNs(), measureStartNs: measureStartNs, isOpenLoop: isOpenLoop)
  }
}
