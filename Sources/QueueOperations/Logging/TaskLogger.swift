public import Logging
public import QueueEngine

/// What has happened to tasks, in the table `task_logs`; an entry goes when its task does.
///
/// Entries wait in memory until a batch of them, or some time, has come together, and are then
/// written by a thread of the logger's own: a call costs no more than adding to an array. Of a
/// process that is killed those are lost that were waiting, at most those of
/// ``TaskLogOptions/flushIntervalMs``, or of ``TaskLogOptions/capacity`` while the queue cannot be
/// written to; ``flush()`` and ``close()`` write them, and so does the end of the logger.
/// ``TaskLogOptions/unbuffered`` loses none.
public final class TaskLogger: Sendable {
  /// How much is logged, and how soon it is written.
  public let options: TaskLogOptions
  let database: QueueDatabase
  private let buffer: TaskLogBuffer
  private let writer: PeriodicThread
  private let logger: Logger

  /// How many characters of a message are kept; some errors describe themselves by megabytes.
  public static let messageLimit = 10_000
  /// How many bytes of UTF-8 the details of an entry may have.
  public static let detailsByteLimit = 1 << 16

  /// A logger for the tasks of a queue.
  ///
  /// - Parameters:
  ///   - database: the queue.
  ///   - options: how much is logged, and how soon it is written.
  ///   - logger: told what the thread that writes cannot throw.
  /// - Throws: `QueueError` with `invalidArgument` if the options make no sense.
  public convenience init(
    database: QueueDatabase, options: TaskLogOptions = TaskLogOptions(),
    logger: Logger = Logger(label: "queue-task-log")
  ) throws {
    try self.init(database: database, options: options, logger: logger, whenWritten: {})
  }

  /// `whenWritten` is called by the thread that writes, after each of its turns.
  package init(
    database: QueueDatabase, options: TaskLogOptions, logger: Logger,
    whenWritten: @escaping @Sendable () -> Void
  ) throws {
    try options.validate()
    self.database = database
    self.options = options
    self.logger = logger
    let buffer = TaskLogBuffer(database: database, options: options)
    self.buffer = buffer
    writer = PeriodicThread(name: "queue-task-log", intervalMs: options.flushIntervalMs) {
      TaskLogger.flush(buffer, reportingTo: logger)
      whenWritten()
    }
  }

  deinit {
    writer.stop()
    TaskLogger.flush(buffer, reportingTo: logger)
  }

  // MARK: Writing

  /// Whether entries of a level are kept.
  public func isEnabled(_ level: TaskLogLevel) -> Bool {
    options.minimumLevel.map { level >= $0 } ?? false
  }

  /// How many entries were lost because too many waited, see ``TaskLogOptions/capacity``.
  public var droppedCount: Int { buffer.droppedCount }

  /// Logs something about a task.
  ///
  /// - Parameters:
  ///   - taskID: the task. That there is none is found when the entry is written: unbuffered it is
  ///     thrown here, else by ``flush()``, or told to the logger that was given.
  ///   - level: how grave it is.
  ///   - message: what happened; cut after ``messageLimit`` characters.
  ///   - details: more about it, in JSON.
  ///   - now: when it happened.
  /// - Throws: `QueueError` with `invalidArgument` if the details are no JSON or longer than
  ///   ``detailsByteLimit``; unbuffered, whatever the queue reports.
  public func log(
    _ taskID: TaskID, _ level: TaskLogLevel, _ message: String, details: String? = nil,
    now: Timestamp = .now()
  ) throws {
    guard isEnabled(level) else { return }
    if let details { try Self.check(details: details) }
    try add(taskID, level, message, details: details, now: now)
  }

  /// Logs something whose details are known to be JSON.
  func add(
    _ taskID: TaskID, _ level: TaskLogLevel, _ message: String, details: String?, now: Timestamp
  ) throws {
    let entry = TaskLogBuffer.Entry(
      taskID: taskID, at: now, level: level, message: Self.stored(message), details: details)
    switch buffer.append(entry) {
    case .none: break
    case .startClock: writer.start()
    case .wakeWriter:
      writer.start()
      writer.poke()
    case .flush: try buffer.flush()
    }
  }

  /// Writes what waits.
  ///
  /// - Throws: `QueueError`: with `invalidArgument` if there are no such tasks as some entries
  ///   are about, which are dropped, while all others are written; otherwise everything that has
  ///   not been written goes on waiting.
  public func flush() throws { try buffer.flush() }

  /// Writes what waits, and ends the thread that writes. What is logged later is written at once.
  ///
  /// - Throws: as ``flush()``.
  public func close() throws {
    buffer.close()
    writer.stop()
    try buffer.flush()
  }

  /// Has readers see what was logged; what goes wrong is told to the logger, for it is not theirs.
  func writeForReader() {
    if buffer.count > 0 { TaskLogger.flush(buffer, reportingTo: logger) }
  }

  private static func flush(_ buffer: TaskLogBuffer, reportingTo logger: Logger) {
    do {
      try buffer.flush()
    } catch {
      let droppedCount = buffer.droppedCount
      let lost = droppedCount > 0 ? "; \(droppedCount) entries were lost so far" : ""
      logger.warning("the task log could not be written: \(error)\(lost)")
    }
  }

  private static func stored(_ message: String) -> String {
    // Most are short, and counting their bytes takes no time.
    if message.utf8.count <= messageLimit { return message }
    let start = message.prefix(messageLimit)
    return start.endIndex == message.endIndex ? message : start + "…"
  }

  private static func check(details: String) throws {
    let byteCount = details.utf8.count
    guard byteCount <= detailsByteLimit else {
      throw QueueError(
        code: .invalidArgument,
        message: "details have \(byteCount) bytes, and at most \(detailsByteLimit) are taken")
    }
    guard JSONText.isValid(details) else {
      throw QueueError(
        code: .invalidArgument, message: "details must be JSON, not: \(details.prefix(80))")
    }
  }
}
