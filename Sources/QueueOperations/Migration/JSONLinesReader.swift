public import QueueEngine

/// A task and the line that it stands in.
public struct TaskLine: Sendable, Hashable {
  /// The line's number, from 1.
  public let number: Int
  /// The task.
  public let task: NewTask
}

/// What tasks are of which a line does not say.
public struct TaskDefaults: Sendable, Hashable {
  /// Their type; nil demands one of every line.
  public var type: String?
  /// Their priority; nil for that of `NewTask`, as with all that follows.
  public var priority: Int?
  /// Not before that moment.
  public var runAfter: Timestamp?
  /// How often they may be claimed.
  public var maxAttempts: Int?
  /// JSON object that says what a worker must be capable of.
  public var compatibility: String?

  /// The defaults of `NewTask`.
  public init() {}

  func task(ofType type: String) -> NewTask {
    var task = NewTask(type: type)
    if let priority { task.priority = priority }
    task.runAfter = runAfter
    if let maxAttempts { task.maxAttempts = maxAttempts }
    if let compatibility { task.compatibility = compatibility }
    return task
  }
}

/// Reads tasks from JSON Lines: one object per line.
///
/// ```
/// {"type": "email", "payload": {"to": "a@example.org"}, "priority": 50}
/// {"type": "report", "run_after": "2026-11-22T06:00:00Z", "idempotency_key": "report:2026-11-22"}
/// ```
///
/// `type` must be there unless ``TaskDefaults`` name one; `payload` (any JSON, stored byte for byte), `priority`, `run_after` (UTC),
/// `max_attempts`, `idempotency_key` and `compatibility` (a JSON object) may be. Other keys are
/// errors, as are keys that are there twice. Empty lines, a byte order mark, CRLF and a last line
/// without an end are fine. The file may be of any size: one line at a time is held.
///
/// Not Sendable.
public final class JSONLinesReader {
  /// How many bytes a line may have unless told otherwise: 4 MiB, more than a task may.
  public static let standardLineByteLimit = 4 << 20

  static let keys = [
    "type", "payload", "priority", "run_after", "max_attempts", "idempotency_key", "compatibility",
  ]

  let lines: LineReader
  private let defaults: TaskDefaults

  /// - Parameters:
  ///   - source: where the lines come from.
  ///   - lineByteLimit: longer lines are errors, and are passed over without being held.
  ///   - defaults: what tasks are of which a line does not say.
  /// - Throws: ``MigrationError`` if the source cannot be opened.
  public init(
    _ source: LineSource, lineByteLimit: Int = JSONLinesReader.standardLineByteLimit,
    defaults: TaskDefaults = TaskDefaults()
  ) throws {
    self.defaults = defaults
    lines = LineReader(try ByteSource(source), lineByteLimit: max(1, lineByteLimit))
  }

  /// The next task; nil at the end.
  ///
  /// - Throws: ``MigrationError``. After one that ``MigrationError/isAboutOneLine`` the next call
  ///   goes on behind that line.
  public func next() throws -> TaskLine? {
    while let line = try lines.next() {
      if line.isTooLong { throw lines.tooLong(line.number) }
      if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { continue }
      do {
        return TaskLine(number: line.number, task: try Self.task(from: line.bytes, defaults))
      } catch {
        throw error.at(line.number, of: lines.source.name)
      }
    }
    return nil
  }

  static func task(
    from bytes: [UInt8], _ defaults: TaskDefaults = TaskDefaults()
  ) throws(LineFault) -> NewTask {
    let fields = try TaskFields(bytes, known: keys)
    guard let type = try fields.text("type") ?? defaults.type else {
      throw LineFault("\"type\" is missing")
    }
    try TaskCheck.name(type, "type")
    var task = defaults.task(ofType: type)
    if let payload = fields.json("payload") {
      try TaskCheck.json(payload, "payload")
      task.payload = payload
    }
    if let compatibility = fields.json("compatibility"), compatibility != "null" {
      try TaskCheck.json(compatibility, "compatibility", isObject: true)
      task.compatibility = compatibility
    }
    if let priority = try fields.integer("priority") { task.priority = priority }
    if let runAfter = try fields.time("run_after") { task.runAfter = runAfter }
    if let maxAttempts = try fields.integer("max_attempts") {
      guard maxAttempts >= 1 else {
        throw LineFault("\"max_attempts\" is \(maxAttempts), but a task needs at least 1")
      }
      task.maxAttempts = maxAttempts
    }
    if let key = try fields.text("idempotency_key") {
      try TaskCheck.name(key, "idempotency_key")
      task.idempotencyKey = key
    }
    // What the queue refuses must be found before anything is enqueued.
    do { try task.validate() } catch { throw LineFault(error.message) }
    return task
  }
}

@available(*, unavailable)
extension JSONLinesReader: Sendable {}
