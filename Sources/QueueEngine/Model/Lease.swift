/// Proof of a claim: a task and which of its attempts it is.
///
/// Every claim raises the attempt, so that an acknowledgement by somebody whose lease has passed to
/// another worker is recognised and refused.
public struct Fence: Sendable, Hashable {
  /// The task.
  public let id: TaskID
  /// The number of the claim, from 1.
  public let attempt: Int

  /// A fence from its parts.
  public init(id: TaskID, attempt: Int) {
    self.id = id
    self.attempt = attempt
  }
}

/// A task that a worker holds under a lease.
public struct ClaimedTask: Sendable, Hashable {
  /// Goes with every acknowledgement.
  public let fence: Fence
  /// What kind of work it is.
  public let type: String
  /// JSON for the handler.
  public let payload: String
  /// Its priority.
  public let priority: Int
  /// How often it may be claimed.
  public let maxAttempts: Int
  /// The idempotency key that it was enqueued with; nil if there was none.
  public let idempotencyKey: String?
  /// Until when the claim holds unless it is extended.
  public let leaseUntil: Timestamp

  /// The task's identity.
  public var id: TaskID { fence.id }

  /// A claimed task from its parts, for those who write a ``QueueStore``.
  public init(
    fence: Fence, type: String, payload: String, priority: Int, maxAttempts: Int,
    idempotencyKey: String? = nil, leaseUntil: Timestamp
  ) {
    self.fence = fence
    self.type = type
    self.payload = payload
    self.priority = priority
    self.maxAttempts = maxAttempts
    self.idempotencyKey = idempotencyKey
    self.leaseUntil = leaseUntil
  }
}

/// The answer to an acknowledgement under a fence.
public enum Acknowledgement: Sendable, Hashable {
  /// The task was still held under that fence; the change is stored.
  case accepted
  /// The lease has passed on, or the task is final or gone: nothing was changed.
  case leaseLost
}

/// How a worker's attempt failed.
public enum TaskFailure: Sendable, Hashable {
  /// Worth another attempt, from that moment on; `dead_letter` if no attempt is left.
  case retry(at: Timestamp, message: String)
  /// No attempt can help: the task goes to `failed`.
  case permanent(message: String)
}
