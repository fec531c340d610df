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
  /// Tasks enqueued plus tasks completed, per second.
  package let throughput: Double
  /// The largest of the p99s of enqueuing, claiming and completing: so that no kind of operation is
  /// sacrificed for another.
  package let p99Us: Double?
  /// Whether a rate that was offered was not reached.
  package let isSaturated: Bool
  /// Checkpoints within the measured time.
  package let checkpoints: Int

  /// Nil if nothing usable was measured.
  package init?(_ result: RepeatResult) {
    guard result.isUsable, let seconds = result.measuredSeconds, seconds > 0,
      result.enqueued + result.completed > 0
    else { return nil }
    throughput = Double(result.enqueued + result.completed) / seconds
    p99Us = MeasuredOperation.allCases.compactMap { result[$0].latency.p99Us }.max()
    isSaturated = result.verdict == .saturated
    checkpoints = result.lock.checkpoints ?? 0
  }

  package init(throughput: Double, p99Us: Double?, isSaturated: Bool, checkpoints: Int) {
    self.throughput = throughput
    self.p99Us = p99Us
    self.isSaturated = isSaturated
    self.checkpoints = checkpoints
  }

  /// What ten times the latency costs: a saturated queue loses to any that keeps up, and of two saturated ones
  /// the better still wins.
  private static let saturationFactor = 10.0

  /// What the search minimises; nil where too few operations were measured for a p99.
  package func cost(for objective: TuningObjective) -> Double? {
    let factor = isSaturated ? Self.saturationFactor : 1
    switch objective {
    case .p99: return p99Us.map { $0 * factor }
    case .throughput: return factor / throughput
    }
  }
}
