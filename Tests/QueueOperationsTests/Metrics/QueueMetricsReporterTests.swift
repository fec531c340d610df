import Logging
import Metrics
import MetricsTestKit
import QueueEngine
import TestSupport
import Testing

@testable import QueueOperations

/// What a swift-metrics backend is told.
@Suite(.temporaryDirectory, .timeLimit(.minutes(2)))
struct QueueMetricsReporterTests {
  private static let start = MeasuredQueue.start

  private func reporter(
    of queue: MeasuredQueue, _ backend: TestMetrics, bell: Bell? = nil
  ) throws -> QueueMetricsReporter {
    try QueueMetricsReporter(
      metrics: queue.metrics, interval: .milliseconds(1), thresholds: WorkerThresholds(),
      factory: backend, logger: Logger(label: "test"), clock: { MeasuredQueue.start },
      whenReported: { bell?.ring() })
  }

  @Test func `Gauges stand where the queue does`() throws {
    let queue = try MeasuredQueue()
    let backend = TestMetrics()
    let reporter = try reporter(of: queue, backend)
    try queue.enqueue(3)
    _ = try queue.claim(worker: "w1")
    try reporter.report(now: MeasuredQueue.at(10))
    func gauge(_ label: String, _ dimensions: [(String, String)] = []) throws -> Double? {
      try backend.expectRecorder(label, dimensions).lastValue
    }
    let queued = [("type", "t"), ("status", "queued")]
    #expect(try gauge("taskqueue_tasks", queued) == 2)
    #expect(try gauge("taskqueue_tasks", [("type", "t"), ("status", "processing")]) == 1)
    #expect(try gauge("taskqueue_tasks", [("type", "t"), ("status", "failed")]) == 0)
    #expect(try gauge("taskqueue_oldest_task_age_seconds") == 10)
    #expect(try gauge("taskqueue_worker_held_tasks", [("worker", "w1")]) == 1)
    let held = try backend.expectRecorder("taskqueue_worker_held_tasks", [("worker", "w1")])
    let task = try #require(try queue.store.task(TaskID(rawValue: 1)))
    _ = try queue.store.complete(
      Fence(id: task.id, attempt: 1), result: nil, now: MeasuredQueue.at(11))
    try reporter.report(now: MeasuredQueue.at(11))
    // A worker that is gone holds nothing.
    #expect(held.lastValue == 0)
    #expect(throws: (any Error).self) {
      try backend.expectRecorder("taskqueue_worker_held_tasks", [("worker", "w1")])
    }
  }

  @Test func `Counters grow by what has happened since the last report`() throws {
    let queue = try MeasuredQueue()
    let backend = TestMetrics()
    let reporter = try reporter(of: queue, backend)
    try queue.complete(at: Self.start)
    try reporter.report(now: Self.start)
    func ended(_ status: String) -> Int64 {
      backend.counterTotal(
        label: "taskqueue_tasks_ended_total", dimensions: [("type", "t"), ("status", status)])
    }
    #expect(ended("completed") == 0)
    for _ in 0..<3 { try queue.complete(at: Self.start) }
    try queue.fail("new", at: Self.start)
    try reporter.report(now: Self.start)
    try reporter.report(now: Self.start)
    #expect(ended("completed") == 3)
    #expect(
      backend.counterTotal(
        label: "taskqueue_tasks_added_total", dimensions: [("type", "new")]) == 1)
    _ = try QueueMaintenance(queue.database).prune(.days(0), now: MeasuredQueue.at(60))
    try reporter.report(now: MeasuredQueue.at(60))
    #expect(ended("completed") == 3)
  }

  @Test func `A thread reports again and again until it is stopped`() throws {
    let queue = try MeasuredQueue()
    let backend = TestMetrics()
    let bell = Bell()
    let reporter = try reporter(of: queue, backend, bell: bell)
    try queue.enqueue(1)
    reporter.start()
    reporter.start()
    for _ in 0..<3 { try bell.wait() }
    reporter.stop()
    let gauge = try backend.expectRecorder(
      "taskqueue_tasks", [("type", "t"), ("status", "queued")])
    let count = gauge.values.count
    #expect(count >= 3 && gauge.lastValue == 1)
    #expect(gauge.values.count == count)
    reporter.start()
    for _ in 0..<3 { try bell.wait() }
    reporter.stop()
    #expect(gauge.values.count > count)
  }

  @Test func `Attempts are timed by type and outcome`() throws {
    let queue = try MeasuredQueue()
    let backend = TestMetrics()
    let reporter = try reporter(of: queue, backend)
    try queue.enqueue(5)
    let tasks = try (0..<5).map { _ in try queue.claim() }
    for task in tasks { reporter.workerStarted(task, workerID: "w") }
    reporter.workerCompleted(tasks[0], workerID: "w")
    reporter.workerFailed(
      tasks[1], endedAs: .failed, message: "", error: nil, workerID: "w")
    reporter.workerWillRetry(
      tasks[2], at: Self.start, message: "", error: nil, workerID: "w")
    reporter.workerReleased(tasks[3], workerID: "w")
    reporter.workerLostLease(tasks[4], workerID: "w")
    // One that it has not seen begin.
    reporter.workerCompleted(tasks[4], workerID: "w")
    for outcome in ["completed", "failed", "retry", "released", "lost_lease"] {
      let timer = try backend.expectTimer(
        "taskqueue_attempt_seconds", [("type", "t"), ("outcome", outcome)])
      #expect(timer.values.count == 1)
      #expect((0..<60_000_000_000).contains(timer.values[0]))
    }
  }

  @Test func `An interval of nothing is refused`() throws {
    let metrics = try MeasuredQueue().metrics
    #expect(throws: QueueError.self) {
      try QueueMetricsReporter(metrics: metrics, interval: .zero, factory: TestMetrics())
    }
  }
}
