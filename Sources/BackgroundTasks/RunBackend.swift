public import QueueEngine

/// A place where runs are worked.
public protocol RunBackend: Sendable {
  /// Takes a run on; one that it knows already is not taken on again.
  func submit(_ run: Run) async throws -> EnqueueReceipt

  /// The run's task; nil if it has been forgotten.
  func task(_ id: TaskID) async throws -> QueueTask?

  /// Takes a run back that nobody works yet; true if so.
  func cancel(_ id: TaskID) async throws -> Bool
}

/// Runs in a queue: they survive the process, and any worker of the queue works them, in this
/// process or another; see ``BackgroundTaskManager/registerHandlers(with:retryPolicy:)``.
public struct QueueBackend: RunBackend {
  private let queue: TaskQueue

  /// Runs in a queue.
  public init(_ queue: TaskQueue) { self.queue = queue }

  /// Enqueues a run, with its id as idempotency key.
  public func submit(_ run: Run) async throws -> EnqueueReceipt {
    try await queue.enqueue(run.task)
  }

  /// The run's task.
  public func task(_ id: TaskID) async throws -> QueueTask? { try await queue.task(id) }

  /// Takes a run back that waits.
  public func cancel(_ id: TaskID) async throws -> Bool { try await queue.cancel(id) }

  /// The id of the run that a task is, for handlers.
  func runID(of id: TaskID) async -> String? { try? await queue.task(id)?.idempotencyKey }
}
