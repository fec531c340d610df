package import Results
internal import Verification

/// What a tuner optimises.
package enum TuningObjective: String, CaseIterable, Sendable, Codable {
  /// The 99th percentile of latency, of the slowest kind of operation.
  case p99
  /// Tasks handled per second: enqueued ones and completed ones together, so that producers are not starved for
  /// consumers or the other way round.
  case throughput
}

/// What matters of one run of one configuration.
package struct TuningObservation: Sendable, Equatable {
  /// Why a run says nothing about its configuration.
  package enum Unusable: Error, Sendable, Equatable, CustomStringConvertible {
    /// It could not run, or broke off.
    case failed(String)
    /// Tasks were lost, or worse.
    case invalid(String)
    /// Nobody can say whether tasks were lost.
    case unknown(String)
    /// A kind of operation that the load asks for never came about.
    case starved(MeasuredOperation)
    /// A kind of operation was too rare for a p99.
    case tooFewSamples(MeasuredOperation)

    package var description: String {
      switch self {
      case .failed(let detail): return detail
      case .invalid(let detail): return "INVALID history: \(detail)"
      case .unknown(let detail):
        return "it is unknown whether the history is valid: \(detail)"
      case .starved(let operation): return "not one \(operation.rawValue) came about"
      case .tooFewSamples(let operation):
        return "too few operations for a p99 of \(operation.rawValue) (368 of a kind are needed): "
          + "lengthen `measure:`"
      }
    }

    package var kind: TuningRecord.Drop.Kind {
      switch self {
      case .failed: return .failed
      case .invalid: return .invalid
      case .unknown: return .unknown
      case .starved: return .starved
      case .tooFewSamples: return .tooFewSamples
      }
    }
  }

  /// Tasks enqueued plus tasks completed, per second.
  package let throughput: Double
  /// The largest of the p99s of the kinds of operations that the load performs: so that none is sacrificed for
  /// another. Nil if one of them was too rare for a p99.
  package let p99Us: Double?
  /// Whether a rate that was offered was not reached.
  package let isSaturated: Bool
  /// Whether operations gave up waiting for the lock.
  package let hasBusyErrors: Bool
  /// Checkpoints within the measured time.
  package let checkpoints: Int

  /// Fails if the run says nothing that `objective` needs.
  package init(_ result: RepeatResult, for objective: TuningObjective) throws(Unusable) {
    if result.verdict == .invalid { throw .invalid(result.detail) }
    guard result.status == .measured else {
      throw .failed("\(result.status.rawValue): \(result.detail)")
    }
    if result.verdict == .unknown { throw .unknown(result.detail) }
    guard let seconds = result.measuredSeconds, seconds > 0 else {
      throw .failed("no time was measured")
    }
    if result.producers > 0, result.enqueued == 0 { throw .starved(.enqueue) }
    if result.consumers > 0, result.completed == 0 { throw .starved(.complete) }
    let performed = MeasuredOperation.allCases.filter {
      ($0 == .enqueue ? result.producers : result.consumers) > 0
    }
    let rare = performed.first { result[$0].latency.p99Us == nil }
    if objective == .p99, let rare { throw .tooFewSamples(rare) }
    self.init(
      throughput: Double(result.enqueued + result.completed) / seconds,
      p99Us: rare == nil ? performed.compactMap { result[$0].latency.p99Us }.max() : nil,
      isSaturated: result.verdict == .saturated
        || result.load.achievedRatio ?? 1 < CapacityObjectives.leastAchieved,
      hasBusyErrors: result.busyErrorRate ?? 0 > 0, checkpoints: result.lock.checkpoints ?? 0)
  }

  package init(
    throughput: Double, p99Us: Double?, isSaturated: Bool, hasBusyErrors: Bool = false,
    checkpoints: Int
  ) {
    self.throughput = throughput
    self.p99Us = p99Us
    self.isSaturated = isSaturated
    self.hasBusyErrors = hasBusyErrors
    self.checkpoints = checkpoints
  }

  /// What the search minimises; nil where too few operations were measured for a p99.
  ///
  /// A queue that does not keep up, or that turns operations away, loses to any that does neither, and of two of
  /// them the better still wins. A capacity fails in the same blocks.
  package func cost(for objective: TuningObjective) -> Double? {
    let factor = isSaturated || hasBusyErrors ? TuningRecord.failingFactor : 1
    switch objective {
    case .p99: return p99Us.map { $0 * factor }
    case .throughput: return factor / throughput
    }
  }
}
