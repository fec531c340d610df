import Foundation
import QueueEngine
import QueueWorker
import TestSupport
import Testing

@Suite struct RetryPolicyTests {
  private func delays(_ policy: RetryPolicy, _ attempts: [Int], seed: UInt64 = 1) -> [Int64?] {
    var random = SeededGenerator(seed: seed)
    return attempts.map { policy.delayMs(afterAttempt: $0, using: &random) }
  }

  @Test(
    arguments: [
      (.none, [1, 2], [nil, nil]),
      (.fixed(delayMs: 250), [1, 2, 1000], [250, 250, 250]),
      (.fixed(delayMs: 0), [1], [0]),
      (.linear(stepMs: 100, maxMs: 350), [1, 2, 3, 4, 5], [100, 200, 300, 350, 350]),
      (.linear(stepMs: 1 << 40, maxMs: 1 << 41), [.max], [1 << 41]),
      (.exponential(initialMs: 100, maxMs: 1000), [1, 2, 3, 4, 5], [100, 200, 400, 800, 1000]),
      (.exponential(initialMs: 10, factor: 1.5, maxMs: 1000), [1, 2, 3, 4], [10, 15, 22, 33]),
      (
        .exponential(initialMs: 100, factor: 10, maxMs: 9_000), [3, 5000, .max], [9000, 9000, 9000]
      ),
      (.exponential(initialMs: 0, factor: 2, maxMs: 10), [1, 9], [0, 0]),
    ] as [(RetryPolicy, [Int], [Int64?])])
  func `Delays follow from the attempt`(
    policy: RetryPolicy, attempts: [Int], expected: [Int64?]
  ) {
    #expect(delays(policy, attempts) == expected)
  }

  @Test func `Jitter is exact for a seed`() {
    let half = RetryPolicy.exponential(initialMs: 1000, maxMs: 8000, jitter: 0.5)
    #expect(delays(half, [1, 2, 3, 4, 5], seed: 42) == [630, 1841, 3443, 6624, 7848])
    let full = RetryPolicy.exponential(initialMs: 1000, maxMs: 8000, jitter: 1)
    #expect(delays(full, [1, 2, 3, 4, 5], seed: 42) == [259, 1681, 2886, 5247, 7696])
  }

  @Test(arguments: [0.25, 0.5, 1])
  func `Jitter takes off its share and no more`(jitter: Double) {
    let policy = RetryPolicy.exponential(initialMs: 10_000, maxMs: 10_000, jitter: jitter)
    let drawn = delays(policy, Array(repeating: 1, count: 2000)).compactMap { $0 }
    let least = Int64(10_000 * (1 - jitter))
    #expect(drawn.allSatisfy { $0 >= least && $0 <= 10_000 })
    // Both ends are reached, and the mean lies between them: 2000 draws stray by less than 3 %.
    let width = 10_000 - least
    #expect(drawn.min()! < least + width / 50 && drawn.max()! > 10_000 - width / 50)
    let mean = drawn.reduce(0, +) / Int64(drawn.count)
    #expect(abs(mean - (least + width / 2)) < width * 3 / 100)
  }

  @Test(arguments: [
    RetryPolicy.none, .fixed(delayMs: 3), .linear(stepMs: 1, maxMs: 2),
    .exponential(initialMs: 1, factor: 3, maxMs: 4, jitter: 0.5),
  ])
  func `A policy survives JSON`(policy: RetryPolicy) throws {
    let data = try JSONEncoder().encode(policy)
    #expect(try JSONDecoder().decode(RetryPolicy.self, from: data) == policy)
  }

  @Test(
    .temporaryDirectory,
    arguments: [
      (.fixed(delayMs: -1), "delayMs"), (.linear(stepMs: -1, maxMs: 5), "stepMs"),
      (.linear(stepMs: 10, maxMs: 5), "maxMs"), (.fixed(delayMs: .max), "delayMs"),
      (.exponential(initialMs: -1, maxMs: 5), "initialMs"),
      (.exponential(initialMs: 10, maxMs: 5), "maxMs"),
      (.exponential(initialMs: 1, factor: 0.5, maxMs: 5), "factor"),
      (.exponential(initialMs: 1, factor: .nan, maxMs: 5), "factor"),
      (.exponential(initialMs: 1, factor: .infinity, maxMs: 5), "factor"),
      (.exponential(initialMs: 1, maxMs: 5, jitter: 1.5), "jitter"),
      (.exponential(initialMs: 1, maxMs: 5, jitter: .nan), "jitter"),
    ] as [(RetryPolicy, String)])
  func `A policy that makes no sense is refused by name`(
    policy: RetryPolicy, culprit: String
  ) throws {
    let test = try QueueUnderTest()
    let byOptions = #expect(throws: WorkerError.self) { try test.worker(retryPolicy: policy) }
    let worker = try test.worker()
    let byType = #expect(throws: WorkerError.self) {
      try worker.register("t", retryPolicy: policy) { _ in nil }
    }
    for error in [byOptions, byType] {
      #expect(error?.code == .invalidOption)
      #expect(error?.message.contains("\(culprit) must be") == true, "\(error?.message ?? "")")
    }
  }
}
