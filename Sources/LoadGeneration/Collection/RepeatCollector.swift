internal import Foundation
internal import Platform
internal import Recording
internal import Results
internal import SQLite
internal import Scenarios
internal import Statistics
internal import Verification

/// Turns the operation logs of one repeat into its numbers when it is over.
///
/// The children only append to their logs; everything else happens here, in the orchestrator, and not before
/// the load has ended: with two processors, reading along cost 2 % of the throughput that was measured. Tasks
/// count if their operation ended within the measurement. Latencies count if the operation was meant to
/// begin within it, or was under way when it began: a process that waits for the lock from the warm-up
/// on must not pass for one that never met a busy database.
final class RepeatCollector {
  /// What one process did within the measurement.
  private struct ProcessTally {
    var completedTasks = 0
    var sleptUs = 0.0
  }

  /// What became of an open loop's schedule.
  private struct ScheduleTally {
    var scheduled = 0
    var achieved = 0
    var late = 0
    var skipped = 0
    var lag = LatencyHistogram()
  }

  private let configurations: [RoleConfiguration]
  private let isOpenLoop: Bool
  /// The logs of all callers, and which process each belongs to.
  private var readers: [(process: Int, log: OperationLogReader)] = []
  private var checkpointReaders: [OperationLogReader] = []
  private var checker: HistoryChecker
  private var startNs: UInt64 = 0
  private var windowStartNs: UInt64 = 0
  private var windowEndNs: UInt64 = .max
  private var processes: [ProcessTally]
  private var operations = MeasuredOperation.allCases.map { _ in OperationTally() }
  private var schedule = ScheduleTally()
  private var timeline: TimelineTally
  private var depth: DepthIntegral
  private var emptyClaims = 0
  private var codes: [String: Int] = [:]
  private var checkpoints = 0
  private var checkpointNs: UInt64 = 0
  private var longestWaitUs: UInt64 = 0
  private var walPeakBytes: Double?
  private var faultWindows = TimeWindows([])

  /// An operation that begins later than this after it was due is late.
  static let lateNs: UInt64 = 1_000_000

  init(_ configurations: [RoleConfiguration], settings: CellSettings) {
    self.configurations = configurations
    isOpenLoop = settings.arrivals != .closed
    processes = configurations.map { _ in ProcessTally() }
    checker = HistoryChecker(
      finishedCount: settings.finished, prefilledCount: settings.depth,
      order: ClaimOrder(settings.strategy),
      // A lease that the clock cuts short accuses nobody.
      leaseDurationMs: settings.faults.contains(.clock) ? 0 : settings.leaseDurationMs)
    timeline = TimelineTally()
    depth = DepthIntegral(prefilledCount: settings.depth)
  }

  /// Opens the logs and fixes the instants of the repeat, in monotonic ns.
  func begin(startNs: UInt64, measure: Range<UInt64>) throws {
    self.startNs = startNs
    windowStartNs = measure.lowerBound
    windowEndNs = measure.upperBound
    timeline = TimelineTally(
      startNs: startNs, measure: measure, prefilledCount: depth.prefilledCount)
    depth.window = measure
    for (index, configuration) in configurations.enumerated()
    where configuration.settings.instrumentation {
      for path in configuration.logPaths {
        readers.append((process: index, log: try OperationLogReader(path: path)))
      }
      checkpointReaders.append(try OperationLogReader(path: configuration.checkpointLogPath))
    }
  }

  /// Adds what processes have written that took the place of killed ones, and the times at which something was
  /// done to the repeat; to be called once, before anything else is read.
  func add(_ successors: [RoleConfiguration], underFaults windows: [Range<UInt64>]) throws {
    faultWindows = TimeWindows(windows)
    for configuration in successors where configuration.settings.instrumentation {
      // One after the other: there may be thousands.
      for path in configuration.logPaths {
        if let log = try Self.log(ofKilled: path) {
          try add(log, process: configuration.processIndex)
        }
      }
      if let log = try Self.log(ofKilled: configuration.checkpointLogPath) {
        try addCheckpoints(log)
      }
    }
  }

  /// The tasks that processes held when they were killed, by the logs that they left. An acknowledgement of one of
  /// these may have taken effect without a record; of no other, since a claim is recorded before its work begins.
  static func tasksHeld(byKilled logPaths: [String]) throws -> Set<Int64> {
    var held: Set<Int64> = []
    for path in logPaths {
      guard let log = try log(ofKilled: path) else { continue }
      var own: Set<Int64> = []
      try log.tail { records in
        for record in records {
          switch (record.kind, record.outcome) {
          case (.claim, .ok): own.insert(record.taskID)
          case (.complete, .ok), (.complete, .refused), (.fail, .ok), (.release, .ok):
            own.remove(record.taskID)
          default: break
          }
        }
      }
      held.formUnion(own)
    }
    return held
  }

  /// The log of a process that may have been killed at any moment; nil if it had not begun one.
  private static func log(ofKilled path: String) throws -> OperationLogReader? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      return try OperationLogReader(path: path)
    } catch OperationLogError.truncated {
      return nil
    }
  }

  /// The length of the timeline's windows, which are best looked at as they end.
  var windowNs: UInt64 { timeline.windowNs }

  /// Reads what the children have appended since the last call; best called once, at the end.
  func poll() throws {
    for (process, log) in readers { try add(log, process: process) }
    for log in checkpointReaders { try addCheckpoints(log) }
  }

  private func add(_ log: OperationLogReader, process: Int) throws {
    try log.tail { records in
      // Not `for … in`, which is not specialised across modules and costs a microsecond per record.
      guard let first = records.baseAddress else { return }
      for index in 0..<records.count { add(first[index], process: process) }
    }
  }

  private func addCheckpoints(_ log: OperationLogReader) throws {
    try log.tail { records in
      for record in records { addCheckpoint(record) }
    }
  }

  /// Notes how large the write-ahead log is, and how much of it has been copied.
  ///
  /// Looks at the directory entry only: whoever opens and closes the file drops SQLite's locks.
  func noteLog(of databasePath: String, index: WALIndex?, atNs: UInt64) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: databasePath + "-wal")
    guard let size = (attributes?[.size] as? NSNumber)?.intValue else { return }
    // Its file never shrinks below its peak unless it is cut off.
    walPeakBytes = max(walPeakBytes ?? 0, Double(size))
    if let index { timeline.addLog(index, bytes: size, atNs: atNs) }
  }

  /// Notes what processes and the database's file keep, at the end of a window.
  func noteSizes(of pids: [Int32], databasePath: String, atNs: UInt64) {
    let sizes = pids.compactMap { ProcessSize.of(pid: $0) }
    let attributes = try? FileManager.default.attributesOfItem(atPath: databasePath)
    timeline.addSizes(
      TimelineTally.Sizes(
        memoryBytes: sizes.reduce(0) { $0 + $1.privateBytes },
        descriptors: sizes.reduce(0) { $0 + $1.descriptors },
        databaseBytes: (attributes?[.size] as? NSNumber)?.intValue), atNs: atNs)
  }

  /// Whether looking at what processes keep costs nothing against a window.
  var notesSizes: Bool { windowNs >= 1_000_000_000 }

  /// Fills in how much more processes and files kept at the end of the measurement.
  func fillGrowth(_ result: inout RepeatResult) {
    let rows = timeline.rows(of: result)
    result.growth.memory = timeline.growth(of: { $0.memoryBytes.map(Double.init) }, in: rows)
    result.growth.descriptors = timeline.growth(of: { $0.descriptors.map(Double.init) }, in: rows)
    result.growth.wal = timeline.growth(of: { $0.walBytes.map(Double.init) }, in: rows)
    // Finished tasks stay in the file: what counts is what each takes.
    var tasks = 0
    result.growth.bytesPerTask = timeline.growth(
      of: { row in
        tasks += row.enqueued
        return row.databaseBytes.flatMap { tasks > 0 ? Double($0) / Double(tasks) : nil }
      }, in: rows)
  }

  /// What knows the history of all tasks, of the warm-up and the drain as well.
  var historyChecker: HistoryChecker { checker }

  // MARK: Records

  @inline(__always)
  private func add(_ record: OperationRecord, process: Int) {
    checker.add(record)
    guard let kind = record.kind, let outcome = record.outcome,
      let operation = MeasuredOperation(kind)
    else { return }
    timeline.add(record, operation, outcome, isOpenLoop: isOpenLoop)
    let countsTasks = record.endNs >= windowStartNs && record.endNs < windowEndNs
    let isUnderWayAtStart = record.startNs < windowStartNs && record.endNs >= windowStartNs
    let isDueWithin =
      record.intendedStartNs >= windowStartNs && record.intendedStartNs < windowEndNs
    let countsLatency =
      !record.isMember && record.intendedStartNs < windowEndNs
      && (record.intendedStartNs >= windowStartNs || isUnderWayAtStart)
    if outcome == .ok { depth.add(operation, record) }
    if !record.isMember { processes[process].sleptUs += sleptUsWithinWindow(record) }
    guard countsTasks || countsLatency else { return }

    if countsTasks, outcome == .ok {
      operations[operation.index].addTasks(record)
      if operation == .complete { processes[process].completedTasks += 1 }
    }
    if countsTasks, operation == .claim, outcome == .empty { emptyClaims += 1 }
    if countsTasks, !record.isMember { operations[operation.index].addHold(record) }
    guard countsLatency else { return }
    if isOpenLoop, operation == .enqueue, isDueWithin { addToSchedule(record, outcome) }
    longestWaitUs = max(longestWaitUs, UInt64(record.busySleptUs))
    // A look that found nothing at once would only dilute the rates; one that had to wait counts.
    guard outcome != .empty || record.busyCallbacks > 0 else { return }
    operations[operation.index].addLatency(
      record, outcome,
      isUnderFault: faultWindows.overlap(from: record.intendedStartNs, to: record.endNs))
    if record.sqliteCode != 0 {
      let name = ResultCode(rawValue: record.sqliteCode).description
      codes["\(operation.rawValue)/\(name)", default: 0] += 1
    }
  }

  private func addToSchedule(_ record: OperationRecord, _ outcome: OperationOutcome) {
    schedule.scheduled += Int(record.batch)
    schedule.lag.record(record.lagNs)
    if outcome == .ok, record.startNs < windowEndNs { schedule.achieved += Int(record.batch) }
    if record.lagNs > Self.lateNs { schedule.late += 1 }
    if outcome == .skipped { schedule.skipped += 1 }
  }

  private func addCheckpoint(_ record: OperationRecord) {
    timeline.addCheckpoint(record)
    let fromNs = max(record.startNs, windowStartNs)
    let toNs = min(record.endNs, windowEndNs)
    if fromNs < toNs { checkpointNs += toNs - fromNs }
    if record.endNs >= windowStartNs, record.endNs < windowEndNs { checkpoints += 1 }
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

  // MARK: Results

  /// Fills the measured numbers into a result.
  func fill(_ result: inout RepeatResult, settings: CellSettings) {
    let seconds = Double(windowEndNs - windowStartNs) / 1e9
    result.measuredSeconds = seconds
    for operation in MeasuredOperation.allCases {
      result[operation] = operations[operation.index].result
    }
    func tasks(_ operation: MeasuredOperation) -> Int { operations[operation.index].tasks }
    (result.enqueued, result.claimed) = (tasks(.enqueue), tasks(.claim))
    (result.completed, result.emptyClaims) = (tasks(.complete), emptyClaims)
    // Where nobody consumes, the queue's work is to take tasks in.
    let finished = settings.consumers > 0 ? result.completed : result.enqueued
    result.throughputPerSecond = Double(finished) / seconds
    fillLoad(&result, settings: settings, seconds: seconds)
    fillContention(&result, settings: settings, seconds: seconds)
    fillShares(&result)
    let windows = timeline.finishedTasks(consumes: settings.consumers > 0)
    if let steadiness = steadyState(of: windows) {
      result.steadyState = steadiness.label
      result.steadyFromSeconds = steadiness.steadyFrom.map {
        Double($0) * Double(windowNs) / 1e9
      }
    }
  }

  private func fillLoad(
    _ result: inout RepeatResult, settings: CellSettings, seconds: Double
  ) {
    guard case .open(let profile) = settings.arrivals else { return }
    result.load.offeredPerSecond = profile.meanPerSecond(overSeconds: seconds)
    result.load.scheduled = schedule.scheduled
    result.load.achievedRatio = share(schedule.achieved, of: schedule.scheduled)
    (result.load.late, result.load.skipped) = (schedule.late, schedule.skipped)
    result.load.lag = schedule.lag.summary
  }

  private func fillContention(
    _ result: inout RepeatResult, settings: CellSettings, seconds: Double
  ) {
    let all = operations.reduce(0) { $0 + $1.operations }
    result.busyRetryRate = share(operations.reduce(0) { $0 + $1.met }, of: all)
    result.busyErrorRate = share(operations.reduce(0) { $0 + $1.failed }, of: all)
    let sleptUs = processes.reduce(0) { $0 + $1.sleptUs }
    // Of those that were killed, one at a time was there.
    let callers = configurations.reduce(0) { $0 + $1.logPaths.count }
    if !readers.isEmpty {
      result.busyWaitShare = sleptUs / (seconds * 1e6 * Double(callers))
    }
    result.busyCodes = codes
    result.longestWaitUs = Double(longestWaitUs)
    result.walPeakBytes = walPeakBytes

    let heldNs = operations.reduce(0) { $0 + Double($1.heldNs) }
    let transactions = operations.reduce(0) { $0 + $1.operations }
    // A connection that keeps the lock for itself is never seen to give it back.
    let isShared = settings.pragmas[.lockingMode]?.uppercased() != "EXCLUSIVE"
    result.lock.utilisation = isShared ? heldNs / (seconds * 1e9) : nil
    if isShared, transactions > 0 { result.lock.holdMeanUs = heldNs / Double(transactions) / 1000 }
    result.lock.checkpoints = checkpoints
    result.lock.checkpointShare = Double(checkpointNs) / (seconds * 1e9)
    let sums = operations.map(\.sumsNs)
    let responseNs = sums.reduce(0) { $0 + $1.response }
    if responseNs > 0 {
      result.lock.phaseSumRatio = sums.reduce(0) { $0 + $1.parts } / responseNs
    }
  }

  private func fillShares(_ result: inout RepeatResult) {
    let shares = zip(configurations, processes).filter { $0.0.role == .consumer }
      .map(\.1.completedTasks)
    result.consumerTasks = shares
    result.fairnessJain = jainIndex(of: shares)
    let total = shares.reduce(0, +)
    if total > 0, let slowest = shares.min() {
      result.slowestWorkerShare = Double(slowest * shares.count) / Double(total)
      if slowest > 0, let fastest = shares.max() {
        result.workerSpread = Double(fastest) / Double(slowest)
      }
    }
  }

  /// Fills in what is known of tasks across processes.
  func fillFlow(_ result: inout RepeatResult, _ judgement: Judgement, _ state: FinalState) {
    let lifetimes = checker.lifetimes(in: windowStartNs..<windowEndNs, state: state)
    // Who never got there has waited longer than anybody who did.
    result.flow.endToEnd = lifetimes.endToEnd.summary(beyond: lifetimes.neverCompleted)
    result.flow.queued = lifetimes.queued.summary(beyond: lifetimes.neverClaimed)
    result.flow.reclaim = lifetimes.reclaim.summary
    result.flow.unfinished = lifetimes.unfinished
    (result.flow.redelivered, result.flow.recovered) = (
      judgement.redelivered, judgement.recovered
    )
    (result.flow.refused, result.flow.indeterminate) = (judgement.refused, judgement.indeterminate)
    result.flow.redeliveryRate = share(judgement.redelivered, of: timeline.claimCount)
    result.flow.wastedWorkRate = share(judgement.wasted, of: timeline.claimCount)
    result.flow.oldestReadyMs = Double(judgement.oldestReadyNs) / 1e6
    // By counting alone, against what the tasks' own records say.
    if lifetimes.timeInWindowNs > 0 {
      result.flow.littlesLawRatio = depth.areaNs / lifetimes.timeInWindowNs
    }
  }

  /// The percentile distributions in the format of the HdrHistogram tools.
  var histograms: [MeasuredOperation: String] {
    var texts: [MeasuredOperation: String] = [:]
    for operation in MeasuredOperation.allCases {
      let response = operations[operation.index].response
      if response.count > 0 { texts[operation] = response.hgrmText() }
    }
    return texts
  }

  /// The distributions of each window, as interval logs of the HdrHistogram tools; `wallClockMs` is what time
  /// it was when the repeat began, in ms since 1970.
  func histogramLogs(wallClockMs: Int) -> [MeasuredOperation: String] {
    var texts: [MeasuredOperation: String] = [:]
    for operation in MeasuredOperation.allCases {
      let windows = timeline.histograms(of: operation)
      guard !windows.isEmpty else { continue }
      texts[operation] =
        HistogramLog(
          startMsSinceEpoch: wallClockMs,
          intervals: windows.map { window in
            HistogramLog.Interval(
              tag: nil, startMs: Int((window.startNs - startNs) / 1_000_000),
              lengthMs: Int((window.endNs - window.startNs) / 1_000_000),
              histogram: window.latencies)
          }
        ).text
    }
    return texts
  }

  /// Tasks finished from the first to the last record: completed, or enqueued where nobody consumes.
  func finishedCount(consumes: Bool) -> Int { timeline.finishedCount(consumes: consumes) }

  /// The rows of `phases.csv`.
  func phaseRows(of result: RepeatResult) -> [PhaseRow] {
    MeasuredOperation.allCases.flatMap {
      operations[$0.index].phaseRows($0, of: result)
    }
  }

  /// The rows of `timeline.csv`.
  func timelineRows(of result: RepeatResult) -> [TimelineRow] { timeline.rows(of: result) }
}

/// The number of tasks that were to be enqueued and are not completed over time, by counting alone: which task it
/// is plays no part, so that it can be held against what the tasks' own records say.
struct DepthIntegral {
  let prefilledCount: Int
  var window: Range<UInt64> = 0..<1
  private var before = 0
  private var changeNs = 0.0

  init(prefilledCount: Int) { self.prefilledCount = prefilledCount }

  @inline(__always)
  mutating func add(_ operation: MeasuredOperation, _ record: OperationRecord) {
    let change: Int
    let atNs: UInt64
    switch operation {
    case .enqueue: (change, atNs) = (1, record.intendedStartNs)
    case .claim: return
    case .complete: (change, atNs) = (-1, record.endNs)
    }
    if atNs < window.lowerBound {
      before += change
    } else if atNs < window.upperBound {
      changeNs += Double(change) * Double(window.upperBound - atNs)
    }
  }

  /// The sum over the window of the time that each task was there.
  var areaNs: Double {
    Double(prefilledCount + before) * Double(window.upperBound - window.lowerBound) + changeNs
  }
}
