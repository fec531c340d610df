internal import QueueEngine

/// What a command finds in its environment about the task that it is to work.
///
/// The configuration's own variables begin with `TASKQUEUE_`, those of tasks with `TASKQUEUE_TASK_`, so
/// that a command can use `taskqueue` itself. `TASKQUEUE_DB` is the queue that the task is from.
struct TaskFacts {
  static let prefix = "TASKQUEUE_TASK_"

  let task: ClaimedTask
  let workerID: String
  /// When the command's time is up; nil for never.
  let timeOutAt: Timestamp?

  /// The names, with what they mean: for the help.
  static let names: KeyValuePairs<String, String> = [
    "ID": "the task's number",
    "TYPE": "its type",
    "PRIORITY": "its priority",
    "ATTEMPT": "the number of this attempt, from 1",
    "MAX_ATTEMPTS": "how many there may be",
    "KEY": "its idempotency key, if it has one",
    "WORKER": "the worker's id",
    "LEASE_UNTIL": "when its lease ends, in UTC; it is renewed",
    "TIMEOUT_AT": "when --timeout ends the command, in UTC",
  ]

  /// `NAME=value` for each; facts that there are none of are left out.
  var variables: [String] {
    var variables: [String] = []
    func add(_ name: String, _ value: String?) {
      guard let value else { return }
      variables.append(Self.prefix + name + "=" + Self.withoutNULs(value))
    }
    add("ID", "\(task.id.rawValue)")
    add("TYPE", task.type)
    add("PRIORITY", "\(task.priority)")
    add("ATTEMPT", "\(task.fence.attempt)")
    add("MAX_ATTEMPTS", "\(task.maxAttempts)")
    add("KEY", task.idempotencyKey)
    add("WORKER", workerID)
    add("LEASE_UNTIL", task.leaseUntil.description)
    add("TIMEOUT_AT", timeOutAt?.description)
    return variables
  }

  /// The environment of every command: the worker's own, without facts about another task that the worker
  /// itself may have been started for.
  static func environment(_ own: [String: String], databasePath: String) -> [String: String] {
    var environment = own.filter { !$0.key.hasPrefix(prefix) }
    environment["TASKQUEUE_DB"] = databasePath
    return environment
  }

  /// A variable would end there.
  private static func withoutNULs(_ text: String) -> String {
    guard text.utf8.contains(0) else { return text }
    return String(text.unicodeScalars.filter { $0 != "\0" }.map(Character.init))
  }
}
