internal import QueueEngine

/// How much is logged, and how soon it is written.
public struct TaskLogOptions: Sendable, Hashable {
  /// What is less grave is not logged and costs next to nothing; nil turns the log off.
  public var minimumLevel: TaskLogLevel?
  /// How many entries are waited for before they are written, in one transaction; 1 writes each by
  /// itself, before the call returns.
  public var batchSize: Int
  /// How long an entry waits at most before it is written, in milliseconds.
  public var flushIntervalMs: Int64
  /// How many entries may wait while the queue cannot be written to; what comes then is dropped and
  /// counted.
  public var capacity: Int

  /// Options.
  public init(
    minimumLevel: TaskLogLevel? = .info, batchSize: Int = 200, flushIntervalMs: Int64 = 500,
    capacity: Int = 10_000
  ) {
    self.minimumLevel = minimumLevel
    self.batchSize = batchSize
    self.flushIntervalMs = flushIntervalMs
    self.capacity = capacity
  }

  /// Logs nothing.
  public static let off = TaskLogOptions(minimumLevel: nil)

  /// Writes each entry before the call returns: nothing is lost, at a transaction per entry.
  public static let unbuffered = TaskLogOptions(batchSize: 1)

  func validate() throws(QueueError) {
    try check(batchSize >= 1, "batchSize must be at least 1, not \(batchSize)")
    try check(flushIntervalMs >= 1, "flushIntervalMs must be at least 1, not \(flushIntervalMs)")
    try check(
      capacity >= batchSize,
      "capacity must be at least the batchSize, \(batchSize), not \(capacity)")
  }

  private func check(_ isFine: Bool, _ message: String) throws(QueueError) {
    if !isFine { throw QueueError(code: .invalidArgument, message: "task log: \(message)") }
  }
}
