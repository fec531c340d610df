internal import QueueEngine
internal import SQLite
internal import Wording

/// A filter as SQL: conditions made of fixed text, and what is bound to their parameters.
///
/// Nothing that a caller gives becomes part of the text.
struct TaskConditions {
  private enum Value {
    case integer(Int64)
    case text(String)
  }

  private var conditions: [String] = []
  private var values: [Value] = []
  /// Whether the filter names held tasks only, so that there is an index for it.
  private let isAboutHeldTasks: Bool

  init(_ filter: TaskFilter) {
    isAboutHeldTasks = filter.statuses == [.processing]
    if isAboutHeldTasks {
      conditions.append("status = 'processing'")
    } else if let statuses = filter.statuses {
      add("status IN (SELECT value FROM json_each(", statuses.map(\.rawValue), "))")
    }
    if let types = filter.types {
      add("type IN (SELECT value FROM json_each(", Array(types), "))")
    }
    if let workerID = filter.workerID { add("locked_by = ", .text(workerID)) }
    if let priorities = filter.priorities {
      add("priority >= ", .integer(Int64(priorities.lowerBound)))
      add("priority <= ", .integer(Int64(priorities.upperBound)))
    }
    add("created_at_utc >= ", filter.createdSince)
    add("created_at_utc < ", filter.createdBefore)
    add("finished_at_utc >= ", filter.finishedSince)
    add("finished_at_utc < ", filter.finishedBefore)
    if let key = filter.idempotencyKey { add("idempotency_key = ", .text(key)) }
    if let text = filter.errorText {
      add("instr(lower(error_message), lower(", .text(text), ")) > 0")
    }
  }

  // MARK: Text

  /// The table, and the index for what is asked where the planner must not miss it.
  var table: String {
    isAboutHeldTasks ? "task_queue INDEXED BY ix_task_lease" : "task_queue"
  }

  /// What follows WHERE.
  var text: String { conditions.isEmpty ? "1" : conditions.joined(separator: " AND ") }

  // MARK: Parameters

  /// Adds a condition with one parameter, and returns that parameter's name for use elsewhere.
  @discardableResult
  mutating func add(_ start: String, integer: Int64, _ end: String = "") -> String {
    add(start, .integer(integer), end)
  }

  /// Adds a condition with the parameter of tasks' ids, which is a JSON array.
  mutating func add(_ start: String, ids: [TaskID], _ end: String) {
    let list = "[" + ids.map { "\($0.rawValue)" }.joined(separator: ",") + "]"
    add(start, .text(list), end)
  }

  /// A parameter that belongs to no condition; returns its name.
  mutating func parameter(integer: Int64) -> String {
    values.append(.integer(integer))
    return "?\(values.count)"
  }

  /// The same for a moment.
  mutating func parameter(_ moment: Timestamp) -> String {
    values.append(.text(moment.description))
    return "?\(values.count)"
  }

  @discardableResult
  private mutating func add(_ start: String, _ value: Value, _ end: String = "") -> String {
    values.append(value)
    let parameter = "?\(values.count)"
    conditions.append(start + parameter + end)
    return parameter
  }

  private mutating func add(_ start: String, _ moment: Timestamp?) {
    if let moment { add(start, .text(moment.description)) }
  }

  private mutating func add(_ start: String, _ texts: [String], _ end: String) {
    let list = "[" + texts.map { JSONString.quoted($0) }.joined(separator: ",") + "]"
    add(start, .text(list), end)
  }

  /// Binds every parameter of a statement that was made of ``text``.
  func bind(to statement: Statement) throws(SQLiteError) {
    for (index, value) in values.enumerated() {
      let place = Int32(index + 1)
      switch value {
      case .integer(let integer): statement.bind(integer, at: place)
      case .text(let text): try statement.bind(text, at: place)
      }
    }
  }
}
