internal import Foundation
package import Platform
internal import Recording
internal import Results
internal import Scenarios

/// Shows that a stall is counted: one producer of an open loop is stopped by a signal for a while, and the
/// response times must be what arithmetic says.
///
/// A load generator that waits with its next operation until the last has ended leaves out just those that
/// would have suffered ("coordinated omission"). Here, everything that was due while the process stood still
/// is offered late and counts from when it was due: of operations that are due every g, the k-th after the
/// beginning of a stall of length S waits for S − k·g. What it takes then to work off what has piled up is not
/// in the formula; it is small against the stall.
package struct StallTrial {
  /// What is done.
  package struct Plan: Sendable {
    package var producers = 4
    package var consumers = 2
    /// Tasks per second of all producers.
    package var ratePerSecond = 1000
    package var measureMs = 5000
    package var stallMs = 500
    package var seed: UInt64 = 42

    package init() {}
  }

  /// A response percentile as it was measured and as it follows from the stall.
  package struct Comparison: Sendable {
    package let quantile: Double
    package let measuredMs: Double
    package let expectedMs: Double
    /// The relative error, ≥ 0.
    package var error: Double { abs(measuredMs / expectedMs - 1) }
  }

  /// What came out.
  package struct Report: Sendable {
    package let operations: Int
    /// Response percentiles of all producers' operations.
    package let responses: [Comparison]
    /// The longest service time of the producers that were not stopped.
    package let othersServiceMaxMs: Double
    /// The same without their waits for the write lock, which the stopped one may have held.
    package let othersBeyondLockMaxMs: Double
    /// The 99.9th percentile of the latter.
    package let othersBeyondLockP999Ms: Double
  }

  private let plan: Plan
  private let blocks: BlockRunner

  /// `executable` is this program, `directory` is made for the databases and removed at the end.
  package init(
    plan: Plan, executable: String, directory: String, interrupts: InterruptMonitor
  ) throws {
    self.plan = plan
    blocks = try BlockRunner(
      executable: executable, directory: directory,
      times: PhaseTimes(warmupMs: 500, measureMs: plan.measureMs, drainMs: 1000), seed: plan.seed,
      interrupts: interrupts)
  }

  /// Runs the load with the stall and compares.
  package func callAsFunction() throws -> Report {
    var settings = CellSettings.standard
    settings.producers = plan.producers
    settings.consumers = plan.consumers
    settings.arrivals = .open(
      RateProfile(steps: [.init(startUs: 0, perSecond: Double(plan.ratePerSecond))]))
    let stall = FaultEvent(
      kind: .stop, afterNs: UInt64(plan.measureMs) * 400_000,
      durationNs: UInt64(plan.stallMs) * 1_000_000, process: 0)
    var responses = LatencyHistogram()
    var othersService = LatencyHistogram()
    var othersBeyondLock = LatencyHistogram()
    let findings = try blocks.run(settings, block: 1, faults: [stall]) { _, logs in
      for producer in 1...plan.producers {
        let log = try OperationLogReader(path: "\(logs)/producer-\(producer).log")
        try log.tail { records in
          for record in records {
            responses.record(record.latencyNs)
            guard producer > 1 else { continue }
            othersService.record(record.serviceNs)
            let waitNs = min(record.phases.lockWaitNs, record.serviceNs)
            othersBeyondLock.record(record.serviceNs - waitNs)
          }
        }
      }
    }
    // With those of the warm-up: they do not suffer either.
    let count = Int(responses.count)
    let suffering = plan.ratePerSecond * plan.stallMs / 1000 / plan.producers
    guard count > 0, findings.result.status == .measured else {
      throw BlockRunner.Failure(description: "nothing was measured")
    }
    // Where a half, nine tenths and all but one per cent of those that suffer lie.
    let comparisons = [0.5, 0.9, 0.99].map { share -> Comparison in
      let above = Double(suffering) * (1 - share)
      let quantile = 1 - above / Double(count)
      let gapMs = 1000 / (Double(plan.ratePerSecond) / Double(plan.producers))
      return Comparison(
        quantile: quantile,
        measuredMs: Double(responses.value(atQuantile: quantile) ?? 0) / 1e6,
        expectedMs: Double(plan.stallMs) - above * gapMs)
    }
    return Report(
      operations: count, responses: comparisons,
      othersServiceMaxMs: Double(othersService.maxNs) / 1e6,
      othersBeyondLockMaxMs: Double(othersBeyondLock.maxNs) / 1e6,
      othersBeyondLockP999Ms: Double(othersBeyondLock.value(atQuantile: 0.999) ?? 0) / 1e6)
  }
}
