internal import Recording
internal import Results
internal import SQLite
internal import Statistics

/// What was measured of one kind of operation.
struct OperationTally {
  /// From the intended start, of all operations: those that timed out, failed or were never offered, too.
  private(set) var response = LatencyHistogram()
  /// The same of those that were offered, which are all that phases can be told of.
  private var offered = LatencyHistogram()
  private var service = LatencyHistogram()
  private var handler = LatencyHistogram()
  /// The response time of those that were under way while something was done to the repeat on purpose.
  private var underFault = LatencyHistogram()
  /// In the order of ``PhaseParts/phases``.
  private var parts = Array(repeating: LatencyHistogram(), count: PhaseParts.phases.count)
  private var profile = PhaseProfile()
  /// The response time of the operations that ``parts`` are of, and the sum of these.
  private var responseSumNs = 0.0
  private var partsSumNs = 0.0

  private(set) var tasks = 0
  /// Those that were offered.
  private(set) var operations = 0
  /// Operations that met a busy database.
  private(set) var met = 0
  /// Operations that ended in an error of the SQLITE_BUSY family.
  private(set) var failed = 0
  private(set) var heldNs: UInt64 = 0
  private var pagesWritten = 0
  private var syncs = 0

  /// Enters what an operation did with tasks within the measurement.
  @inline(__always)
  mutating func addTasks(_ record: OperationRecord) {
    tasks += 1
    pagesWritten += Int(record.pagesWritten)
    syncs += Int(record.syncs)
  }

  /// Enters that an operation held the write lock within the measurement.
  @inline(__always)
  mutating func addHold(_ record: OperationRecord) { heldNs += record.phases.lockHeldNs }

  /// Enters how long an operation took.
  @inline(__always)
  mutating func addLatency(
    _ record: OperationRecord, _ outcome: OperationOutcome, isUnderFault: Bool = false
  ) {
    response.record(record.latencyNs)
    if isUnderFault { underFault.record(record.latencyNs) }
    // Nothing has happened in what was never offered.
    guard outcome != .skipped else { return }
    operations += 1
    if record.busyCallbacks > 0 { met += 1 }
    if ResultCode(rawValue: record.sqliteCode).isBusy { failed += 1 }
    offered.record(record.latencyNs)
    service.record(record.serviceNs)
    handler.record(UInt64(record.busySleptUs) * 1000)
    let phases = PhaseParts(of: record)
    for index in parts.indices { parts[index].record(phases[index]) }
    profile.add(phases, responseNs: record.latencyNs)
    responseSumNs += Double(record.latencyNs)
    partsSumNs += Double(phases.sumNs)
  }

  /// All response time, and the sum of its parts.
  var sumsNs: (response: Double, parts: Double) { (responseSumNs, partsSumNs) }

  /// The numbers of `cells.csv`.
  var result: OperationResult {
    var result = OperationResult(
      count: Int(response.count), latency: response.summary, service: service.summary,
      busyRetryRate: share(met, of: operations), busyErrorRate: share(failed, of: operations),
      pagesPerTask: share(pagesWritten, of: tasks), syncsPerTask: share(syncs, of: tasks))
    result.faultP99Us = underFault.summary.p99Us
    result.faultMaxUs = underFault.summary.maxUs
    // As many as its mirror image at the upper end needs.
    if Int(service.count) >= minimumSampleCount(forQuantile: 0.9) {
      result.serviceP10Us = service.value(atQuantile: 0.1).map { Double($0) / 1000 }
    }
    return result
  }

  /// The rows of `phases.csv`.
  func phaseRows(_ operation: MeasuredOperation, of result: RepeatResult) -> [PhaseRow] {
    guard offered.count > 0 else { return [] }
    let near = [0.5, 0.99].map { quantile -> PhaseParts.Means? in
      guard Int(offered.count) >= minimumSampleCount(forQuantile: quantile) else { return nil }
      return offered.value(atQuantile: quantile).flatMap(profile.means(near:))
    }
    func row(
      _ phase: OperationPhase, _ histogram: LatencyHistogram, part: Int? = nil
    ) -> PhaseRow {
      let sumNs = histogram.meanNs * Double(histogram.count)
      return PhaseRow(
        run: result.run, cell: result.cell, repeatNumber: result.repeatNumber,
        operation: operation, phase: phase, count: Int(histogram.count),
        latency: histogram.summary, share: responseSumNs > 0 ? sumNs / responseSumNs : nil,
        meanNearP50Us: part.flatMap { near[0]?[$0] }, meanNearP99Us: part.flatMap { near[1]?[$0] })
    }
    return [row(.response, offered), row(.service, service)]
      + PhaseParts.phases.enumerated().map { row($1, parts[$0], part: $0) }
      + [row(.handler, handler)]
  }
}

/// The share of a part; nil of nothing.
func share(_ part: Int, of whole: Int) -> Double? {
  whole > 0 ? Double(part) / Double(whole) : nil
}

extension LatencyHistogram {
  /// What it comes down to; percentiles without enough samples are nil.
  var summary: LatencySummary { summary(beyond: 0) }

  /// The same with so many more values, of which nothing is known but that they are larger than all others:
  /// what depends on them is nil.
  func summary(beyond unknownCount: Int) -> LatencySummary {
    let total = Double(count) + Double(unknownCount)
    func percentile(_ quantile: Double) -> Double? {
      guard Int(total) >= minimumSampleCount(forQuantile: quantile),
        quantile * total <= Double(count)
      else { return nil }
      return value(atQuantile: min(1, quantile * total / Double(count))).map { Double($0) / 1000 }
    }
    guard count > 0 else { return LatencySummary() }
    return LatencySummary(
      p50Us: percentile(0.5), p90Us: percentile(0.9), p95Us: percentile(0.95),
      p99Us: percentile(0.99), p999Us: percentile(0.999),
      maxUs: unknownCount == 0 ? Double(maxNs) / 1000 : nil,
      meanUs: unknownCount == 0 ? meanNs / 1000 : nil)
  }
}
