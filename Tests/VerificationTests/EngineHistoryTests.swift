import LoadGeneration
import Platform
import QueueEngine
import Recording
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import Verification

/// Several connections at work on one file at once: the engine keeps what its strategies promise.
@Suite(.temporaryDirectory) struct EngineHistoryTests {
  /// How one thread records what it does.
  private final class Log {
    var records: [OperationRecord] = []

    func measure<R>(
      _ kind: OperationKind, _ operation: () throws -> R,
      outcomes: (R) -> [(outcome: OperationOutcome, id: Int64, attempt: Int)]
    ) throws -> R {
      let startNs = MonotonicClock.nowNs()
      let result = try operation()
      let endNs = MonotonicClock.nowNs()
      let answers = outcomes(result)
      for (index, answer) in answers.enumerated() {
        records.append(
          OperationRecord(
            kind: kind, outcome: answer.outcome, taskID: answer.id, attempt: answer.attempt,
            intendedStartNs: startNs, startNs: startNs, endNs: endNs,
            batch: index == 0 ? answers.count : 1, isMember: index > 0))
      }
      return result
    }
  }

  private static func open(_ path: String, _ strategy: ClaimStrategy) throws -> TaskQueue {
    TaskQueue(
      store: try SQLiteQueueStore(
        path: path,
        options: SQLiteStoreOptions(
          busyPolicy: .timeout(timeoutMs: 60_000), strategies: [strategy], wakesWorkers: false)))
  }

  private static let leaseDurationMs = 25
  private static let producers = 2
  private static let consumers = 3
  private static let tasksPerProducer = 600

  private static func produce(_ queue: TaskQueue, seed: UInt64) throws -> [OperationRecord] {
    let log = Log()
    var random = SeededGenerator(seed: seed)
    var left = tasksPerProducer
    while left > 0 {
      let batch = min(left, Int.random(in: 1...30, using: &random))
      left -= batch
      let tasks = (0..<batch).map { _ in
        NewTask(
          type: ["a", "b"].randomElement(using: &random)!,
          priority: [1, 5, 5, 20].randomElement(using: &random)!, maxAttempts: 1000)
      }
      _ = try log.measure(
        .enqueue, { try queue.enqueue(contentsOf: tasks) },
        outcomes: { $0.map { (.ok, $0.id.rawValue, 0) } })
    }
    return log.records
  }

  /// Consumes until all tasks are done; some are forgotten, and acknowledged late.
  private static func consume(
    _ queue: TaskQueue, _ strategy: ClaimStrategy, worker: UInt64, done: borrowing Atomic<Int>
  ) throws -> [OperationRecord] {
    let log = Log()
    var random = SeededGenerator(seed: worker)
    let claimant = Claimant(workerID: "w\(worker)", strategy: strategy)
    var forgotten: [Fence] = []
    func acknowledged(_ fence: Fence) -> (Acknowledgement) -> [(OperationOutcome, Int64, Int)] {
      { [($0 == .accepted ? .ok : .refused, fence.id.rawValue, fence.attempt)] }
    }
    func complete(_ fences: [Fence]) throws {
      let answers = try log.measure(
        .complete, { try queue.complete(fences.map { (fence: $0, result: nil) }) },
        outcomes: { answers in
          zip(fences, answers).map {
            ($1 == .accepted ? .ok : .refused, $0.id.rawValue, $0.attempt)
          }
        })
      done.add(answers.count { $0 == .accepted }, ordering: .relaxed)
    }
    while done.load(ordering: .relaxed) < producers * tasksPerProducer {
      let limit = Int.random(in: 1...4, using: &random)
      let fences = try log.measure(
        .claim,
        { try queue.claim(as: claimant, limit: limit, leaseDurationMs: Int64(leaseDurationMs)) },
        outcomes: { tasks in
          tasks.isEmpty
            ? [(.empty, 0, 0)]
            : tasks.map { (.ok, $0.fence.id.rawValue, $0.fence.attempt) }
        }
      ).map(\.fence)
      guard let first = fences.first else { continue }
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<4: forgotten += fences
      case 4..<6:
        for fence in fences {
          _ = try log.measure(
            .release, { try queue.release(fence) }, outcomes: acknowledged(fence))
        }
      case 6..<8:
        for fence in fences {
          _ = try log.measure(
            .fail, { try queue.fail(fence, .retry(at: .now(), message: "again")) },
            outcomes: acknowledged(fence))
        }
      case 8..<12:
        _ = try log.measure(
          .extend, { try queue.extend(first, leaseDurationMs: Int64(leaseDurationMs)) },
          outcomes: acknowledged(first))
        try complete(fences)
      default: try complete(fences)
      }
    }
    // Every one of them has been completed by somebody, under whatever attempt.
    for fence in forgotten { try complete([fence]) }
    return log.records
  }

  @Test(arguments: ClaimStrategy.allCases, [1, 2] as [UInt64])
  func theEngineKeepsItsPromises(_ strategy: ClaimStrategy, seed: UInt64) throws {
    // Makes the file before several try to.
    let path = TemporaryDirectory.path("queue.db")
    _ = try Self.open(path, strategy)
    let counter = Counter()
    let logs = try inParallel(Self.producers + Self.consumers) { index -> [OperationRecord] in
      let queue = try Self.open(path, strategy)
      return index < Self.producers
        ? try Self.produce(queue, seed: seed &* 100 &+ UInt64(index))
        : try Self.consume(
          queue, strategy, worker: seed &* 100 &+ UInt64(index), done: counter.done)
    }
    let order: ClaimOrder =
      switch strategy {
      case .fifo: .fifo
      case .lifo: .lifo
      case .priority: .priority
      case .weightedRandom: .weightedRandom(weight: { Lottery.weight(ofPriority: $0) })
      case .orderByRandom: .unordered
      }
    var checker = HistoryChecker(
      prefilledCount: 0, order: order, leaseDurationMs: Self.leaseDurationMs)
    for record in logs.joined() { checker.add(record) }
    let state = try FinalState.read(databasePath: path)
    let judgement = checker.judge(against: state)
    #expect(judgement.counts.isEmpty, "\(strategy), seed \(seed): \(judgement.summary)")
    #expect(judgement.redelivered > 0 && judgement.recovered > 0)
    #expect(judgement.unfinished == 0 && judgement.oldestReadyNs > 0)
    let lifetimes = checker.lifetimes(in: 0..<UInt64.max)
    #expect(lifetimes.enqueued == Self.producers * Self.tasksPerProducer)
    #expect(lifetimes.neverCompleted == 0)
    #expect(lifetimes.endToEnd.count == UInt64(lifetimes.enqueued))

    // The same history, held to what the engine did not promise.
    if strategy == .lifo || strategy == .fifo {
      var other = HistoryChecker(
        prefilledCount: 0, order: strategy == .lifo ? .fifo : .lifo, leaseDurationMs: 0)
      for record in logs.joined() { other.add(record) }
      #expect(other.judge(against: state).verdict == .invalid, "\(strategy), seed \(seed)")
    }
  }

  /// Shared by threads that share nothing else.
  private final class Counter: Sendable {
    let done = Atomic<Int>(0)
  }
}

/// The trial that `queuebench checker` runs, with real logs and databases.
@Suite(.temporaryDirectory) struct CheckerTrialTests {
  @Test func aSoundHistoryIsValidAndItsFilesAreRemoved() throws {
    let directory = TemporaryDirectory.path("work")
    let measurement = try CheckerTrial(seed: 7, directory: directory).measure(
      records: 20_000, order: .priority)
    #expect(measurement.judgement.verdict == .valid, "\(measurement.judgement.summary)")
    #expect(measurement.records >= 20_000 && measurement.tasks > 4000)
    #expect(throws: (any Error).self) {
      try OperationLogReader(path: "\(directory)/0.log")
    }
  }

  @Test(arguments: SeededFault.allCases)
  func aFaultIsCaughtInRealFiles(_ fault: SeededFault) throws {
    let trial = CheckerTrial(seed: 42, directory: TemporaryDirectory.path("work"))
    let answer = try trial.tryOut(fault, records: 12_000)
    #expect(answer.isCaught, "\(answer.judgement.summary); \(answer.soundJudgement.summary)")
    // The real file says what the simulation does.
    let history = SimulatedHistory(SimulatedLoad(records: 12_000, fault: fault), seed: 42)
    #expect(answer.judgement == history.judgement)
  }
}
