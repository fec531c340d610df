internal import Recording
internal import Results
internal import SQLite
internal import Statistics

/// The windows of one repeat, from the beginning of the warm-up to the end of the drain.
struct TimelineTally {
  /// What happened in one window.
  private struct Window {
    var due: Int?
    var enqueued = 0
    var claimed = 0
    var completed = 0
    var latencies = Array(
      repeating: LatencyHistogram(.twoDigits), count: MeasuredOperation.allCases.count)
    var operations = 0
    var met = 0
    var heldNs: UInt64 = 0
    var lagMaxNs: UInt64?
    var log: (index: WALIndex, bytes: Int)?
    var sizes: Sizes?
    var checkpoints = 0
    var checkpointNs: UInt64 = 0
  }

  /// What would grow if something leaked.
  struct Sizes {
    var memoryBytes: Int
    var descriptors: Int
    var databaseBytes: Int?
  }

  /// The length of a window, unless there would be too many of them.
  private static let shortestWindowNs: UInt64 = 100_000_000
  private static let mostWindows: UInt64 = 250

  let startNs: UInt64
  let windowNs: UInt64
  private let measure: Range<UInt64>
  private let prefilledCount: Int
  private var windows: [Window] = []

  /// An empty timeline from `startNs` on, of which `measure` is measured.
  init(startNs: UInt64 = 0, measure: Range<UInt64> = 0..<1, prefilledCount: Int = 0) {
    self.startNs = startNs
    self.measure = measure
    self.prefilledCount = prefilledCount
    windowNs = Self.windowNs(of: measure.upperBound - startNs)
  }

  /// The length of the windows of a repeat that takes so long; twice the shortest, four times, ….
  static func windowNs(of durationNs: UInt64) -> UInt64 {
    var windowNs = shortestWindowNs
    while durationNs / windowNs > mostWindows { windowNs *= 2 }
    return windowNs
  }

  @inline(__always)
  private mutating func index(of ns: UInt64) -> Int {
    let index = ns > startNs ? Int((ns - startNs) / windowNs) : 0
    // Damaged input must not reserve memory without limit.
    let last = min(index, 4 * Int(Self.mostWindows))
    while windows.count <= last { windows.append(Window()) }
    return last
  }

  @inline(__always)
  mutating func add(
    _ record: OperationRecord, _ operation: MeasuredOperation, _ outcome: OperationOutcome,
    isOpenLoop: Bool
  ) {
    if isOpenLoop, operation == .enqueue, !record.isMember { addDue(record) }
    guard outcome != .skipped else { return }
    let index = index(of: record.endNs)
    if outcome == .ok {
      switch operation {
      case .enqueue: windows[index].enqueued += 1
      case .claim: windows[index].claimed += 1
      case .complete: windows[index].completed += 1
      }
    }
    guard !record.isMember else { return }
    windows[index].heldNs += record.phases.lockHeldNs
    guard outcome != .empty || record.busyCallbacks > 0 else { return }
    windows[index].operations += 1
    if record.busyCallbacks > 0 { windows[index].met += 1 }
    windows[index].latencies[operation.index].record(record.latencyNs)
  }

  private mutating func addDue(_ record: OperationRecord) {
    let index = index(of: record.intendedStartNs)
    windows[index].due = (windows[index].due ?? 0) + Int(record.batch)
    windows[index].lagMaxNs = max(windows[index].lagMaxNs ?? 0, record.lagNs)
  }

  mutating func addCheckpoint(_ record: OperationRecord) {
    let last = index(of: record.endNs)
    windows[last].checkpoints += 1
    // One that went on for several windows was at work in each of them.
    for index in index(of: record.startNs)...last {
      let windowStartNs = startNs + UInt64(index) * windowNs
      let fromNs = max(record.startNs, windowStartNs)
      let toNs = min(record.endNs, windowStartNs + windowNs)
      if fromNs < toNs { windows[index].checkpointNs += toNs - fromNs }
    }
  }

  /// Notes the state of the log; what is noted last in a window counts.
  mutating func addLog(_ walIndex: WALIndex, bytes: Int, atNs: UInt64) {
    let index = index(of: atNs)
    windows[index].log = (walIndex, bytes)
  }

  /// Notes what processes and files keep; what is noted last in a window counts.
  mutating func addSizes(_ sizes: Sizes, atNs: UInt64) { windows[index(of: atNs)].sizes = sizes }

  /// How many times as much of something there was in the last quarter of the measurement as in the second, by
  /// medians; nil without enough windows that know.
  func growth(of value: (TimelineRow) -> Double?, in rows: [TimelineRow]) -> Double? {
    let known = rows.filter { $0.stage == .measure }.compactMap(value)
    // A median of fewer says nothing.
    guard known.count >= 16 else { return nil }
    let quarter = known.count / 4
    guard let before = median(of: Array(known[quarter..<2 * quarter])),
      let after = median(of: Array(known.suffix(quarter))), before > 0
    else { return nil }
    return after / before
  }

  /// The rows of `timeline.csv`.
  func rows(of result: RepeatResult) -> [TimelineRow] {
    var depth = prefilledCount
    return windows.enumerated().map { index, window in
      let fromNs = startNs + UInt64(index) * windowNs
      let seconds = Double(windowNs) / 1e9
      var row = TimelineRow(
        run: result.run, cell: result.cell, repeatNumber: result.repeatNumber,
        startSeconds: (Double(fromNs) - Double(measure.lowerBound)) / 1e9, lengthSeconds: seconds,
        stage: stage(ofWindowFrom: fromNs))
      depth += window.enqueued - window.completed
      (row.due, row.depth) = (window.due, depth)
      (row.enqueued, row.claimed, row.completed) = (
        window.enqueued, window.claimed, window.completed
      )
      row.enqueue = window.latencies[MeasuredOperation.enqueue.index].summary
      row.claim = window.latencies[MeasuredOperation.claim.index].summary
      row.complete = window.latencies[MeasuredOperation.complete.index].summary
      row.lagMaxUs = window.lagMaxNs.map { Double($0) / 1000 }
      row.busyRetryRate = share(window.met, of: window.operations)
      row.lockUtilisation = Double(window.heldNs) / Double(windowNs)
      row.walFrames = window.log?.index.frames
      row.walBackfilledFrames = window.log?.index.backfilledFrames
      row.walBytes = window.log?.bytes
      row.memoryBytes = window.sizes?.memoryBytes
      row.descriptors = window.sizes?.descriptors
      row.databaseBytes = window.sizes?.databaseBytes
      row.checkpoints = window.checkpoints
      row.checkpointShare = Double(window.checkpointNs) / Double(windowNs)
      return row
    }
  }

  private func stage(ofWindowFrom fromNs: UInt64) -> RepeatStage {
    let middleNs = fromNs + windowNs / 2
    if middleNs < measure.lowerBound { return .warmUp }
    return middleNs < measure.upperBound ? .measure : .drain
  }

  /// The windows' distributions of one kind of operation, with where they begin and end.
  func histograms(
    of operation: MeasuredOperation
  ) -> [(startNs: UInt64, endNs: UInt64, latencies: LatencyHistogram)] {
    windows.enumerated().compactMap { index, window in
      let latencies = window.latencies[operation.index]
      guard latencies.count > 0 else { return nil }
      let fromNs = startNs + UInt64(index) * windowNs
      return (fromNs, fromNs + windowNs, latencies)
    }
  }

  /// Tasks claimed in all windows.
  var claimCount: Int { windows.reduce(0) { $0 + $1.claimed } }

  /// Tasks finished in all windows: completed, or enqueued where nobody consumes.
  func finishedCount(consumes: Bool) -> Int {
    windows.reduce(0) { $0 + (consumes ? $1.completed : $1.enqueued) }
  }

  /// What the windows of the measurement finished: completed tasks, or enqueued where nobody consumes.
  func finishedTasks(consumes: Bool) -> [Double] {
    windows.enumerated().compactMap { index, window in
      guard stage(ofWindowFrom: startNs + UInt64(index) * windowNs) == .measure else { return nil }
      return Double(consumes ? window.completed : window.enqueued)
    }
  }
}

extension MeasuredOperation {
  /// Its place among all of them.
  @inline(__always)
  var index: Int {
    switch self {
    case .enqueue: return 0
    case .claim: return 1
    case .complete: return 2
    }
  }

  /// The kind of operation in logs that is measured under this name.
  @inline(__always)
  init?(_ kind: OperationKind) {
    switch kind {
    case .enqueue: self = .enqueue
    case .claim: self = .claim
    case .complete: self = .complete
    case .fail, .release, .extend, .cancel, .checkpoint: return nil
    }
  }
}
