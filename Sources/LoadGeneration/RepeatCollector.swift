internal import Foundation
internal import Platform
internal import Recording
internal import Results
internal import Scenarios
internal import SQLite
internal import Statistics
internal import Verification

/// Turns the operation logs of one repeat into its numbers, while it runs and when it is over.
///
/// The children only append to their logs; everything else happens here, in the orchestrator. Tasks
/// count if their operation ended within the measurement. Latencies count if the operation was meant to
/// begin within it, or was under way when it began: a process that waits for the lock from the warm-up
/// on must not pass for one that never met a busy database.
final class RepeatCollector {
  /// What one process did within the measurement.
  private struct ProcessTally {
    var completedTasks = 0
    var sleptUs = 0.0
  }

  /// What was measured of one kind of operation.
  private struct OperationTally {
    var latencies = LatencyHistogram()
    var tasks = 0
    var operations = 0
    var met = 0
    var failed = 0
    var pagesWritten = 0
    var syncs = 0
  }

  private let configurations: [RoleConfiguration]
  /// The logs of all callers, and which process each belongs to.
  private var readers: [(process: Int, log: OperationLogReader)] = []
  private var account: TaskAccount
  private var windowStartNs: UInt64 = 0
  private var windowEndNs: UInt64 = .max
  private var processes: [ProcessTally]
  private var enqueue = OperationTally()
  private var claim = OperationTally()
  private var complete = OperationTally()
  private var emptyClaims = 0
  private var busyCodes: [Int32: Int] = [:]
  private var longestWaitUs: UInt64 = 0
  private var walPeakBytes: Double?
  private var live = LiveTally()

  init(_ configurations: [RoleConfiguration], prefilledCount: Int) {
    self.configurations = configurations
    processes = configurations.map { _ in ProcessTally() }
    account = TaskAccount(prefilledCount: prefilledCount)
  }

  /// Opens the logs and fixes the measurement's limits, in monotonic ns.
  func begin(windowStartNs: UInt64, windowEndNs: UInt64) throws {
    self.windowStartNs = windowStartNs
    self.windowEndNs = windowEndNs
    for (index, configuration) in configurations.enumerated() {
      for path in configuration.logPaths {
        readers.append((process: index, log: try OperationLogReader(path: path)))
      }
    }
    live = LiveTally(startNs: MonotonicClock.nowNs())
  }

  /// Reads what the children have appended since the last call.
  func poll() throws {
    for (process, log) in readers {
      try log.tail { records in
        for record in records { add(record, process: process) }
      }
    }
  }

  /// Notes how large the write-ahead log has become; its file never shrinks below its peak unless
  /// it is cut off.
  ///
  /// Looks at the directory entry only: whoever opens and closes the file drops SQLite's locks.
  func noteWALSize(of databasePath: String) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: databasePath + "-wal")
    guard let size = (attributes?[.size] as? NSNumber)?.doubleValue else { return }
    walPeakBytes = max(walPeakBytes ?? 0, size)
  }

  /// What has happened since the last call, for the live view.
  func takeLiveSample() -> LiveSample {
    live.take(nowNs: MonotonicClock.nowNs())
  }

  /// The account of all tasks, of the warm-up and the drain as well.
  var taskAccount: TaskAccount { account }

  @inline(__always)
  private func add(_ record: OperationRecord, process: Int) {
    account.add(record)
    guard let kind = record.kind, let outcome = record.outcome else { return }
    live.add(kind, outcome, record)
    let countsTasks = record.endNs >= windowStartNs && record.endNs < windowEndNs
    let isUnderWayAtStart = record.startNs < windowStartNs && record.endNs >= windowStartNs
    let countsLatency =
      !record.isMember && record.intendedStartNs < windowEndNs
      && (record.intendedStartNs >= windowStartNs || isUnderWayAtStart)
    guard countsTasks || countsLatency else { return }
    switch kind {
    case .enqueue: tally(record, outcome, countsTasks, countsLatency, &enqueue)
    case .claim:
      if outcome == .empty, countsTasks { emptyClaims += 1 }
      tally(record, outcome, countsTasks, countsLatency, &claim)
    case .complete:
      tally(record, outcome, countsTasks, countsLatency, &complete)
      if outcome == .ok, countsTasks { processes[process].completedTasks += 1 }
    case .fail, .release, .extend, .cancel: break
    }
    if countsLatency {
      processes[process].sleptUs += sleptUsWithinWindow(record)
      longestWaitUs = max(longestWaitUs, UInt64(record.busySleptUs))
    }
  }

  /// The part of an operation's waiting that falls into the measurement, if it is spread evenly.
  @inline(__always)
  private func sleptUsWithinWindow(_ record: OperationRecord) -> Double {
    guard record.busySleptUs > 0 else { return 0 }
    let fromNs = max(record.startNs, windowStartNs)
    let toNs = min(record.endNs, windowEndNs)
    guard fromNs < toNs else { return 0 }
    return Double(record.busySleptUs) * Double(toNs - fromNs) / Double(record.serviceNs)
  }

  @inline(__always)
  private func tally(
    _ record: OperationRecord, _ outcome: OperationOutcome, _ countsTasks: Bool,
    _ countsLatency: Bool, _ tally: inout OperationTally
  ) {
    if countsTasks, outcome == .ok {
      tally.tasks += 1
      tally.pagesWritten += Int(record.pagesWritten)
      tally.syncs += Int(record.syncs)
    }
    // A look that found nothing at once would only dilute the rates; one that had to wait counts.
    guard countsLatency, outcome != .empty || record.busyCallbacks > 0 else { return }
    tally.operations += 1
    if record.busyCallbacks > 0 { tally.met += 1 }
    let code = ResultCode(rawValue: record.sqliteCode)
    if code.isBusy {
      tally.failed += 1
      busyCodes[record.sqliteCode, default: 0] += 1
    }
    // Operations that timed out stay among the latencies: leaving them out would flatter the tail.
    tally.latencies.record(record.latencyNs)
  }

  /// Fills the measured numbers into a result.
  func fill(_ result: inout RepeatResult, settings: CellSettings) {
    let seconds = Double(windowEndNs - windowStartNs) / 1e9
    result.measuredSeconds = seconds
    result.enqueued = enqueue.tasks
    result.claimed = claim.tasks
    result.completed = complete.tasks
    result.emptyClaims = emptyClaims
    // Where nobody consumes, the queue's work is to take tasks in.
    let finished = settings.consumers > 0 ? complete.tasks : enqueue.tasks
    result.throughputPerSecond = Double(finished) / seconds
    if case .open(let profile) = settings.arrivals {
      result.load.offeredPerSecond = profile.meanPerSecond(overSeconds: seconds)
    }
    result.enqueue = Self.summary(of: enqueue)
    result.claim = Self.summary(of: claim)
    result.complete = Self.summary(of: complete)

    let all = [enqueue, claim, complete]
    let operations = all.reduce(0) { $0 + $1.operations }
    result.busyRetryRate = Self.share(all.reduce(0) { $0 + $1.met }, of: operations)
    result.busyErrorRate = Self.share(all.reduce(0) { $0 + $1.failed }, of: operations)
    let sleptUs = processes.reduce(0) { $0 + $1.sleptUs }
    result.busyWaitShare = sleptUs / (seconds * 1e6 * Double(readers.count))
    result.busyCodes = Dictionary(
      uniqueKeysWithValues: busyCodes.map { (ResultCode(rawValue: $0).description, $1) })
    result.longestWaitUs = Double(longestWaitUs)
    result.walPeakBytes = walPeakBytes

    let shares = zip(configurations, processes).filter { $0.0.role == .consumer }
      .map(\.1.completedTasks)
    result.fairnessJain = jainIndex(of: shares)
    let total = shares.reduce(0, +)
    if total > 0, let slowest = shares.min() {
      result.slowestWorkerShare = Double(slowest * shares.count) / Double(total)
      if slowest > 0, let fastest = shares.max() {
        result.workerSpread = Double(fastest) / Double(slowest)
      }
    }
  }

  /// The percentile distributions in the format of the HdrHistogram tools.
  var histograms: [MeasuredOperation: String] {
    var texts: [MeasuredOperation: String] = [:]
    for (operation, tally) in [
      (MeasuredOperation.enqueue, enqueue), (.claim, claim), (.complete, complete),
    ] where tally.latencies.count > 0 {
      texts[operation] = tally.latencies.hgrmText()
    }
    return texts
  }

  private static func share(_ part: Int, of whole: Int) -> Double? {
    whole > 0 ? Double(part) / Double(whole) : nil
  }

  private static func summary(of tally: OperationTally) -> OperationResult {
    let latencies = tally.latencies
    func percentile(_ quantile: Double) -> Double? {
      guard Int(latencies.count) >= minimumSampleCount(forQuantile: quantile) else { return nil }
      return latencies.value(atQuantile: quantile).map { Double($0) / 1000 }
    }
    let isEmpty = latencies.count == 0
    return OperationResult(
      count: Int(latencies.count),
      latency: LatencySummary(
        p50Us: percentile(0.5), p90Us: percentile(0.9), p95Us: percentile(0.95),
        p99Us: percentile(0.99), p999Us: percentile(0.999),
        maxUs: isEmpty ? nil : Double(latencies.maxNs) / 1000,
        meanUs: isEmpty ? nil : latencies.meanNs / 1000),
      busyRetryRate: share(tally.met, of: tally.operations),
      busyErrorRate: share(tally.failed, of: tally.operations),
      pagesPerTask: share(tally.pagesWritten, of: tally.tasks),
      syncsPerTask: share(tally.syncs, of: tally.tasks))
  }
}
