/// A task as it lies in the queue.
public struct QueueTask: Sendable, Hashable {
  /// Its identity.
  public let id: TaskID
  /// What kind of work it is.
  public let type: String
  /// JSON for the handler.
  public let payload: String
  /// Lower numbers are taken first.
  public let priority: Int
  /// JSON object that says what a worker must be capable of.
  public let compatibility: String
  /// Where it stands.
  public let status: TaskStatus
  /// How often it has been claimed.
  public let attempts: Int
  /// How often it may be claimed.
  public let maxAttempts: Int
  /// Not claimed before this moment.
  public let runAfter: Timestamp?
  /// Until when its holder may work on it.
  public let leaseUntil: Timestamp?
  /// When it was last claimed.
  public let processingStarted: Timestamp?
  /// When it reached a final status.
  public let finishedAt: Timestamp?
  /// Who holds it, or held it last.
  public let lockedBy: String?
  /// The last error.
  public let errorMessage: String?
  /// What completing it left behind.
  public let result: String?
  /// Its idempotency key.
  public let idempotencyKey: String?
  /// When it was enqueued.
  public let createdAt: Timestamp?
}
