public import QueueEngine

/// Which tasks are meant; what is nil asks for nothing, and all that is set must be met.
public struct TaskFilter: Sendable, Hashable {
  /// In one of these statuses.
  public var statuses: Set<TaskStatus>?
  /// Of one of these types.
  public var types: Set<String>?
  /// Held by that worker, or held by it last.
  public var workerID: String?
  /// With a priority in that range.
  public var priorities: ClosedRange<Int>?
  /// Enqueued at that moment or later.
  public var createdSince: Timestamp?
  /// Enqueued before that moment.
  public var createdBefore: Timestamp?
  /// Final since that moment or a later one.
  public var finishedSince: Timestamp?
  /// Final since before that moment.
  public var finishedBefore: Timestamp?
  /// With that idempotency key.
  public var idempotencyKey: String?
  /// With an error message that contains this text; ASCII letters in either case.
  public var errorText: String?

  /// A filter.
  public init(
    statuses: Set<TaskStatus>? = nil, types: Set<String>? = nil, workerID: String? = nil,
    priorities: ClosedRange<Int>? = nil, createdSince: Timestamp? = nil,
    createdBefore: Timestamp? = nil, finishedSince: Timestamp? = nil,
    finishedBefore: Timestamp? = nil, idempotencyKey: String? = nil, errorText: String? = nil
  ) {
    self.statuses = statuses
    self.types = types
    self.workerID = workerID
    self.priorities = priorities
    self.createdSince = createdSince
    self.createdBefore = createdBefore
    self.finishedSince = finishedSince
    self.finishedBefore = finishedBefore
    self.idempotencyKey = idempotencyKey
    self.errorText = errorText
  }
}

/// The order in which tasks are listed.
public enum TaskOrder: String, Sendable, Hashable, CaseIterable {
  /// The one that was enqueued first comes first.
  case oldestFirst
  /// The one that was enqueued last comes first.
  case newestFirst
}

/// How many attempts a task gets that is queued anew.
///
/// The number of attempts made never goes back: together with the id it is the fence by which a
/// worker that lost the task long ago is recognised. A reset is therefore a higher `max_attempts`.
public enum RetryAttempts: Sendable, Hashable {
  /// Those that were left; one if none was.
  case remaining
  /// That many, at least 1, whatever was left.
  case further(Int)
}
