/// A task that is to be enqueued.
public struct NewTask: Sendable, Hashable {
  /// What kind of work it is; selects the handler.
  public var type: String
  /// JSON for the handler.
  public var payload: String
  /// Lower numbers are taken first.
  public var priority: Int
  /// Not before this moment; nil for at once.
  public var runAfter: Timestamp?
  /// How often it may be claimed before it goes to `dead_letter`; at least 1.
  public var maxAttempts: Int
  /// A second task with the same key is not made: the first one's id is returned.
  public var idempotencyKey: String?
  /// JSON object that says what a worker must be capable of; `{}` is met by all.
  public var compatibility: String

  /// A task with the defaults of the documented schema.
  public init(
    type: String, payload: String = "{}", priority: Int = 100, runAfter: Timestamp? = nil,
    maxAttempts: Int = 5, idempotencyKey: String? = nil, compatibility: String = "{}"
  ) {
    self.type = type
    self.payload = payload
    self.priority = priority
    self.runAfter = runAfter
    self.maxAttempts = maxAttempts
    self.idempotencyKey = idempotencyKey
    self.compatibility = compatibility
  }
}

/// What enqueueing led to.
public struct EnqueueReceipt: Sendable, Hashable {
  /// The task's identity.
  public let id: TaskID
  /// False if a task with the same idempotency key was there before.
  public let isNew: Bool

  /// A receipt from its parts, for those who write a ``QueueStore``.
  public init(id: TaskID, isNew: Bool) {
    self.id = id
    self.isNew = isNew
  }
}
