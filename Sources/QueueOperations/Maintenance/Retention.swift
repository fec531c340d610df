public import QueueEngine

/// How long finished tasks and log entries stay.
///
/// Nothing is removed unless a rule says so. A finished task goes when one of the rules wants it gone, with its
/// log. Its idempotency key goes with it: the same key makes a new task from then on. Tasks that other programs
/// have finished without `finished_at_utc` stay.
public struct Retention: Hashable, Sendable {
  /// How long tasks stay after their end, in milliseconds, by how they ended; those that are not named stay.
  public var tasksForMs: [TaskStatus: Int64]
  /// How many finished tasks stay at most, of all statuses together, the newest first; nil for all.
  public var tasksAtMost: Int?
  /// How long log entries stay, in milliseconds; nil for as long as their task.
  public var logsForMs: Int64?
  /// How many log entries stay at most, the newest first; nil for all.
  public var logsAtMost: Int?

  /// A day in milliseconds.
  public static let dayMs: Int64 = 86_400_000

  /// Rules from their parts.
  public init(
    tasksForMs: [TaskStatus: Int64] = [:], tasksAtMost: Int? = nil, logsForMs: Int64? = nil,
    logsAtMost: Int? = nil
  ) {
    self.tasksForMs = tasksForMs
    self.tasksAtMost = tasksAtMost
    self.logsForMs = logsForMs
    self.logsAtMost = logsAtMost
  }

  /// All finished tasks for that many days, and logs too if `logDays` is given.
  public static func days(_ days: Int, logDays: Int? = nil) -> Retention {
    let statuses = TaskStatus.allCases.filter(\.isFinal)
    return Retention(
      tasksForMs: Dictionary(uniqueKeysWithValues: statuses.map { ($0, Int64(days) * dayMs) }),
      logsForMs: logDays.map { Int64($0) * dayMs })
  }

  /// Throws `QueueError` `invalidArgument` for a status that is not final, and for negative numbers.
  func validate() throws {
    func refuse(_ message: String) -> QueueError {
      QueueError(code: .invalidArgument, message: "retention: \(message)")
    }
    for (status, ms) in tasksForMs {
      guard status.isFinal else { throw refuse("tasks that are \(status.rawValue) always stay") }
      guard ms >= 0 else { throw refuse("\(status.rawValue): \(ms) ms must not be negative") }
    }
    if let ms = logsForMs, ms < 0 { throw refuse("logs: \(ms) ms must not be negative") }
    for limit in [tasksAtMost, logsAtMost].compactMap(\.self) where limit < 0 {
      throw refuse("at most \(limit): must not be negative")
    }
  }
}

/// What ``QueueMaintenance/prune(_:holdLimitMs:now:goingOnIf:)`` has removed.
public struct RetentionReport: Hashable, Sendable {
  /// Finished tasks.
  public internal(set) var tasks = 0
  /// Log entries, those of removed tasks included.
  public internal(set) var logs = 0
  /// Transactions that it took.
  public internal(set) var batches = 0
  /// The longest that the write lock was held, in microseconds.
  public internal(set) var longestHoldUs: Int64 = 0
  /// How often the write lock was held for longer than was asked: a slow disk, or a busy machine.
  public internal(set) var holdsOverLimit = 0
  /// Whether nothing is left to be removed. If not, another call goes on where this one was stopped.
  public internal(set) var isComplete = false
}
