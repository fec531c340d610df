public import QueueEngine
internal import SQLite

/// An entry of the task log.
public struct TaskLog: Sendable, Hashable, Identifiable {
  /// Its number; later entries have greater ones.
  public let id: Int64
  /// The task that it is about.
  public let taskID: TaskID
  /// When it was logged; nil if another program has written a time that cannot be read.
  public let at: Timestamp?
  /// How grave it is; other programs' words that mean no level are taken for ``TaskLogLevel/info``.
  public let level: TaskLogLevel
  /// What happened.
  public let message: String
  /// More about it, in JSON; nil if there is nothing more to say.
  public let details: String?

  static let columns = "log_id, task_id, at_utc, level, message, details"

  /// The entry in the standing row of a statement that selects ``columns``.
  init(row: Statement) {
    id = row.int64(0)
    taskID = TaskID(rawValue: row.int64(1))
    at = row.text(2).flatMap(Timestamp.init)
    level = row.text(3).flatMap(TaskLogLevel.init(named:)) ?? .info
    message = row.text(4) ?? ""
    details = row.text(5)
  }
}
