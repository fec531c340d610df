import QueueEngine
import QueueWorker
import Synchronization
import TestSupport
import Testing

/// Observers hear what becomes of a worker's tasks.
@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct ObserverTests {
  /// Writes down what it hears.
  private final class Listener: WorkerObserver {
    private let state = Mutex<[String]>([])

    var heard: [String] { state.withLock { $0 } }

    private func note(_ text: String, _ task: ClaimedTask, _ workerID: String) {
      let line = "\(workerID): \(text) \(task.id)/\(task.fence.attempt)"
      state.withLock { $0.append(line) }
    }

    func workerStarted(_ task: ClaimedTask, workerID: String) { note("started", task, workerID) }

    func workerCompleted(_ task: ClaimedTask, workerID: String) {
      note("completed", task, workerID)
    }

    func workerFailed(
      _ task: ClaimedTask, endedAs status: TaskStatus, message: String, error: (any Error)?,
      workerID: String
    ) {
      note("\(status.rawValue) \(message) \(error is Breakdown)", task, workerID)
    }

    func workerWillRetry(
      _ task: ClaimedTask, at runAfter: Timestamp, message: String, error: (any Error)?,
      workerID: String
    ) {
      note("retry \(message) \(error is Breakdown)", task, workerID)
    }

    func workerReleased(_ task: ClaimedTask, workerID: String) { note("released", task, workerID) }

    func workerLostLease(_ task: ClaimedTask, workerID: String) { note("lost", task, workerID) }
  }

  private func worker(_ test: QueueUnderTest, _ listeners: [Listener]) throws -> Worker {
    try Worker(
      queue: test.queue,
      options: WorkerOptions(
        workerID: "w", leaseDurationMs: 60_000, retryPolicy: .fixed(delayMs: 0),
        logger: WorkerOptions.quietLogger, observers: listeners))
  }

  @Test func `Each attempt is told of once, to every observer`() async throws {
    let test = try QueueUnderTest()
    try test.enqueue(NewTask(type: "t", maxAttempts: 2))
    let listeners = [Listener(), Listener()]
    let worker = try worker(test, listeners)
    try worker.register("t") { task in
      if task.attempt == 1 { throw Breakdown() }
      return nil
    }
    try await worker.run(.drain)
    for listener in listeners {
      #expect(
        listener.heard == [
          "w: started #1/1", "w: retry it broke down true #1/1", "w: started #1/2",
          "w: completed #1/2",
        ])
    }
  }

  @Test func `The last attempt and a permanent failure are told as such`() async throws {
    let test = try QueueUnderTest()
    try test.enqueue(
      NewTask(type: "last", maxAttempts: 1), NewTask(type: "permanent", maxAttempts: 9))
    let listener = Listener()
    let worker = try worker(test, [listener])
    try worker.register("last") { _ in throw Breakdown() }
    try worker.register("permanent") { _ in throw PermanentFailure("never") }
    try await worker.run(.drain)
    #expect(
      listener.heard == [
        "w: started #1/1", "w: dead_letter it broke down true #1/1", "w: started #2/1",
        "w: failed never false #2/1",
      ])
  }

  @Test func `A task that was taken away is told of as lost`() async throws {
    let test = try QueueUnderTest()
    let id = try test.enqueue(NewTask(type: "t"))[0]
    let listener = Listener()
    let worker = try worker(test, [listener])
    let queue = test.queue
    try worker.register("t") { _ in
      _ = try await queue.cancel(id, evenIfHeld: true)
      return nil
    }
    try await worker.run(.drain)
    #expect(listener.heard == ["w: started #1/1", "w: lost #1/1"])
  }
}
