import Logging
import QueueEngine
import QueueWorker
import ServiceLifecycle
import UnixSignals

/// The code of the article `Tour`, in the order in which it stands there.
enum TourSnippets {
  static func open(_ path: String) throws -> TaskQueue {
    // snippet: open
    let queue = TaskQueue(store: try SQLiteQueueStore(path: path))
    // end
    return queue
  }

  static func enqueue(on queue: TaskQueue) async throws -> EnqueueReceipt {
    // snippet: enqueue
    let receipt = try await queue.enqueue(
      NewTask(
        type: "email", payload: #"{"to": "a@example.org"}"#, idempotencyKey: "welcome:17"))
    // receipt.id names the task; receipt.isNew is false if "welcome:17" was there already.
    // end
    return receipt
  }

  static func enqueueMany(on queue: TaskQueue) async throws {
    // snippet: enqueue-many
    var report = NewTask(type: "report", payload: #"{"month": "2026-11"}"#, priority: 10)
    report.runAfter = Timestamp.now().adding(.seconds(3600))
    report.maxAttempts = 3
    try await queue.enqueue(contentsOf: [report, NewTask(type: "cleanup")])
    // end
  }

  static func worker(
    of queue: TaskQueue, send: @escaping @Sendable (String) async throws -> Void
  ) throws -> Worker {
    // snippet: worker
    let worker = try Worker(
      queue: queue, options: WorkerOptions(workerID: "mail-1", concurrency: 4))
    try worker.register("email", timeoutMs: 10_000) { task in
      try await send(task.payload)
      return #"{"sent": true}"#
    }
    // end
    return worker
  }

  static func failures(
    _ worker: Worker, isBusy: @escaping @Sendable () -> Bool
  ) throws {
    // snippet: failures
    try worker.register("import", retryPolicy: .exponential(initialMs: 500, maxMs: 60_000)) {
      task in
      if task.payload == "{}" { throw PermanentFailure("the payload names no source") }
      if isBusy() { throw RetryLater(afterMs: 30_000, "the source is busy") }
      return nil
    }
    // end
  }

  static func drain(_ worker: Worker) async throws {
    // snippet: drain
    try await worker.run(.drain)
    // end
  }

  static func stop(_ worker: Worker) async throws {
    // snippet: stop
    let run = Task { try await worker.run(.untilShutdown) }
    worker.shutdown()
    try await run.value
    // end
  }

  /// Compiled, and not run: it would take the signals of the process that tests.
  static func service(_ worker: Worker) async throws {
    // snippet: service
    let group = ServiceGroup(
      services: [worker], gracefulShutdownSignals: [.sigterm, .sigint],
      logger: Logger(label: "mail"))
    try await group.run()
    // end
  }

  static func look(at queue: TaskQueue, _ receipt: EnqueueReceipt) async throws -> TaskStatus? {
    // snippet: look
    let task = try await queue.task(receipt.id)
    let waiting = try await queue.counts()[.queued] ?? 0
    // end
    _ = waiting
    return task?.status
  }

  static func byHand(on queue: TaskQueue) async throws -> Acknowledgement? {
    // snippet: by-hand
    let claimant = Claimant(workerID: "loader-1", types: ["page"])
    guard let task = try await queue.claim(as: claimant, leaseDurationMs: 30_000) else {
      return nil
    }
    let answer = try await queue.transaction { transaction in
      try transaction.enqueue(NewTask(type: "index", payload: task.payload))
      return try transaction.complete(task.fence)
    }
    // end
    return answer
  }
}
