import Results
import Testing
import Verification

@testable import Experiments

@Suite("Tuning observations")
struct TuningObservationTests {
  private func result(_ change: (inout RepeatResult) -> Void = { _ in }) -> RepeatResult {
    var result = RepeatResult(
      run: "r", cell: "c01", repeatNumber: 1, axes: [], producers: 1, consumers: 1,
      status: .measured, verdict: .valid, detail: "why")
    result.measuredSeconds = 2
    (result.enqueued, result.claimed, result.completed) = (900, 800, 800)
    for (operation, p99Us) in zip(MeasuredOperation.allCases, [50.0, 90, 70]) {
      result[operation].latency.p99Us = p99Us
    }
    change(&result)
    return result
  }

  private func cost(
    _ objective: TuningObjective = .p99, _ change: (inout RepeatResult) -> Void = { _ in }
  ) throws -> Double? {
    try TuningObservation(result(change), for: objective).cost(for: objective)
  }

  @Test func `the slowest kind and all handled tasks count`() throws {
    #expect(try cost() == 90)
    #expect(try cost(.throughput) == 1 / 850.0)
    // Nobody consumes: there is nothing to wait for.
    let producing = try cost { result in
      (result.consumers, result.claimed, result.completed) = (0, 0, 0)
      (result.claim, result.complete) = (OperationResult(), OperationResult())
    }
    #expect(producing == 50)
  }

  @Test func `what does not keep up or turns operations away loses to any that does neither`()
    throws
  {
    let overloads: [(inout RepeatResult) -> Void] = [
      { $0.verdict = .saturated }, { $0.load.achievedRatio = 0.98 }, { $0.busyErrorRate = 0.001 },
    ]
    for objective in TuningObjective.allCases {
      let fine = try #require(try cost(objective) { $0.load.achievedRatio = 0.995 })
      for overload in overloads {
        #expect(try cost(objective, overload) == 10 * fine)
      }
    }
  }

  @Test func `what says nothing gives its reason`() {
    typealias Unusable = TuningObservation.Unusable
    let cases: [(TuningObjective, Unusable, (inout RepeatResult) -> Void)] = [
      (.throughput, .invalid("why"), { $0.verdict = .invalid }),
      (.throughput, .invalid("why"), { ($0.status, $0.verdict) = (.failed, .invalid) }),
      (.throughput, .unknown("why"), { $0.verdict = .unknown }),
      (.throughput, .failed("failed: why"), { $0.status = .failed }),
      (.throughput, .starved(.enqueue), { $0.enqueued = 0 }),
      (.throughput, .starved(.complete), { $0.completed = 0 }),
      (.p99, .tooFewSamples(.complete), { $0.complete.latency.p99Us = nil }),
    ]
    for (objective, reason, change) in cases {
      #expect(throws: reason) { _ = try TuningObservation(result(change), for: objective) }
    }
    // Throughput needs no p99, but has none to show then.
    let observation = try? TuningObservation(
      result { $0.claim.latency.p99Us = nil }, for: .throughput)
    #expect(observation?.throughput == 850 && observation?.p99Us == nil)
  }
}
