internal import ArgumentParser
internal import QueueEngine

/// What became of tasks that were named one by one, or found by a filter.
struct SelectedTasks {
  /// What was done to them: `cancelled`.
  let verb: String
  /// Of those that were named.
  var changed: [TaskID] = []
  private var refused: [(id: TaskID, reason: String)] = []
  /// How many a filter has found; nil if tasks were named.
  var count: Int?

  init(verb: String) { self.verb = verb }

  /// Notes a task to which nothing was done, and why; nil if there is no such task.
  mutating func refuse(_ id: TaskID, _ task: QueueTask?, _ reason: (QueueTask) -> String) {
    refused.append((id, task.map(reason) ?? "does not exist"))
  }

  /// Prints it; throws with exit code 1 if a task that was named was refused.
  func report(asJSON: Bool) throws {
    if asJSON {
      try json.print()
    } else if let count {
      try printLine("\(verb) \(counted(count, "task"))")
    } else if !changed.isEmpty {
      try printLine("\(verb) \(changed.map(\.description).joined(separator: " "))")
    }
    if !refused.isEmpty {
      throw CommandFailure(
        .refused, refused.map { "\($0.id) \(escapingControls($0.reason))" }.joined(separator: "\n"))
    }
  }

  private var json: JSONValue {
    if let count { return .object([("count", JSONValue(count))]) }
    let refusals = refused.map { refusal in
      JSONValue.object([("id", JSONValue(refusal.id)), ("reason", .string(refusal.reason))])
    }
    return .object([
      ("count", JSONValue(changed.count)), (verb, .array(changed.map { JSONValue($0) })),
      ("refused", .array(refusals)),
    ])
  }

  /// Numbers, a filter, or a clear word that all are meant: one of these.
  static func validate(hasIDs: Bool, hasFilter: Bool, isAll: Bool) throws {
    if hasIDs, hasFilter || isAll {
      throw ValidationError("Either tasks' numbers, or options that say which; not both.")
    }
    if !hasIDs, !hasFilter, !isAll {
      throw ValidationError("Which tasks? Give their numbers, options that say which, or --all.")
    }
  }
}
