public import Logging
public import QueueEngine
internal import Synchronization

/// What a handler gets to know of the attempt it is to make.
///
/// A handler is cancelled like any Swift task when its time is up, when its lease is lost and at the end
/// of a shutdown; long ones should look at `Task.isCancelled` and ``isShuttingDown``.
public struct TaskContext: Sendable {
  /// The task, as it was claimed.
  public let task: ClaimedTask
  /// Names the task in everything that is logged through it.
  public let logger: Logger
  let signals: AttemptSignals

  /// The task's identity.
  public var id: TaskID { task.id }
  /// What kind of work it is.
  public var type: String { task.type }
  /// JSON for the handler.
  public var payload: String { task.payload }
  /// What the task was enqueued with so that it is not enqueued twice; of use where what a handler does
  /// must not be done twice either.
  public var idempotencyKey: String? { task.idempotencyKey }
  /// The number of the attempt, from 1.
  public var attempt: Int { task.fence.attempt }
  /// How many attempts there may be.
  public var maxAttempts: Int { task.maxAttempts }

  /// Whether the task is known to have passed to another worker: what the handler returns is dropped.
  public var isLeaseLost: Bool { signals.isLeaseLost.load(ordering: .relaxed) }

  /// Whether the worker is about to stop. A handler that cannot finish soon may throw
  /// `CancellationError` then: its task goes back to the queue, and the attempt does not count.
  public var isShuttingDown: Bool { signals.inbox.isStopping }
}

/// Thrown by a handler where no other attempt can help: the task goes to `failed`.
public struct PermanentFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// Stored in `error_message`.
  public let message: String

  /// A failure with its reason.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}

/// Thrown by a handler that knows when another attempt is worth while, whatever the retry policy says.
///
/// The attempt counts: the last one leads to `dead_letter` all the same.
public struct RetryLater: Error, Sendable, Hashable, CustomStringConvertible {
  /// How long to wait; 0 or less for not at all.
  public let afterMs: Int64
  /// Stored in `error_message`.
  public let message: String

  /// A failure with its reason.
  public init(afterMs: Int64, _ message: String) {
    self.afterMs = afterMs
    self.message = message
  }

  /// The message.
  public var description: String { message }
}

/// Thrown by a handler that cannot get to its task soon, although others might: the task goes back to the
/// queue, is ready at once, and the attempt does not count.
///
/// The same worker may take it again: whoever throws this should have ``WorkerOptions/tasksAhead`` ask for
/// fewer.
public struct GivenBack: Error, Sendable, Hashable {
  /// Gives a task back.
  public init() {}
}

/// What a worker and a running handler share.
final class AttemptSignals: Sendable {
  let isLeaseLost = Atomic<Bool>(false)
  let inbox: WorkerInbox

  init(inbox: WorkerInbox) { self.inbox = inbox }
}
