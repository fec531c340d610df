public import Logging
public import QueueEngine

/// Tells of tasks twice: in the task log, where it stays with the task, and in the program's own
/// log.
///
/// ```swift
/// let log = QueueLogger(taskLogger: try TaskLogger(database: database), logger: logger)
/// log.event(id, .info, "picked a mirror", details: ["mirror": "eu-2"])
/// ```
///
/// Details are metadata of swift-log there and a JSON object here. Nothing throws: that an entry
/// cannot be stored is an error in the program's log.
///
/// It is a `WorkerObserver`: a worker that has it among its observers logs every transition of its
/// tasks. What the worker says through its own logger comes on top.
public struct QueueLogger: Sendable {
  private let taskLogger: TaskLogger
  private let logger: Logger

  /// A logger that writes to both.
  public init(taskLogger: TaskLogger, logger: Logger) {
    self.taskLogger = taskLogger
    self.logger = logger
  }

  /// Something has happened to a task.
  ///
  /// - Parameters:
  ///   - taskID: the task.
  ///   - level: how grave it is. Details are not asked for where neither log keeps the level.
  ///   - message: what has happened.
  ///   - details: more about it.
  ///   - now: when it happened, for the task log.
  public func event(
    _ taskID: TaskID, _ level: TaskLogLevel, _ message: @autoclosure () -> String,
    details: @autoclosure () -> Logger.Metadata = [:], now: Timestamp = .now()
  ) {
    say(taskID, level, now, message: message, details: details)
  }

  /// A task has got another status. That is information, and a warning where it has failed for
  /// good.
  public func transition(
    _ taskID: TaskID, from old: TaskStatus?, to new: TaskStatus,
    details: @autoclosure () -> Logger.Metadata = [:], now: Timestamp = .now()
  ) {
    let level: TaskLogLevel = new == .failed || new == .deadLetter ? .warning : .info
    say(taskID, level, now) {
      "\(old?.rawValue ?? "nothing") -> \(new.rawValue)"
    } details: {
      var all = details()
      all["event"] = "transition"
      if let old { all["from"] = "\(old.rawValue)" }
      all["to"] = "\(new.rawValue)"
      return all
    }
  }

  /// An attempt at a task has ended in an error; its description is the message, and its type is
  /// among the details.
  public func error(
    _ taskID: TaskID, _ error: any Error, details: @autoclosure () -> Logger.Metadata = [:],
    now: Timestamp = .now()
  ) {
    say(taskID, .error, now) {
      String(describing: error)
    } details: {
      var all = details()
      all["event"] = "error"
      all["error_type"] = "\(String(reflecting: type(of: error)))"
      return all
    }
  }

  /// A failed attempt at a task will be followed by another one: a warning.
  ///
  /// - Parameters:
  ///   - taskID: the task.
  ///   - attempt: the number of the attempt that has failed, from 1.
  ///   - maxAttempts: how many there may be.
  ///   - nextRunAfter: when the next one may begin.
  ///   - details: more about it.
  ///   - now: when it happened, for the task log.
  public func retry(
    _ taskID: TaskID, attempt: Int, of maxAttempts: Int, nextRunAfter: Timestamp,
    details: @autoclosure () -> Logger.Metadata = [:], now: Timestamp = .now()
  ) {
    say(taskID, .warning, now) {
      "attempt \(attempt) of \(maxAttempts) has failed; the next one is due at \(nextRunAfter)"
    } details: {
      var all = details()
      all["event"] = "retry"
      all["attempt"] = .stringConvertible(attempt)
      all["max_attempts"] = .stringConvertible(maxAttempts)
      all["next_run_after"] = "\(nextRunAfter)"
      return all
    }
  }

  private func say(
    _ taskID: TaskID, _ level: TaskLogLevel, _ now: Timestamp, message: () -> String,
    details: () -> Logger.Metadata
  ) {
    let isStored = taskLogger.isEnabled(level)
    let isSaid = logger.logLevel <= level.logLevel
    guard isStored || isSaid else { return }
    let text = message()
    let described = details()
    if isSaid {
      var metadata = described
      metadata["task"] = "\(taskID)"
      logger.log(level: level.logLevel, "\(text)", metadata: metadata)
    }
    if isStored {
      do {
        try taskLogger.add(
          taskID, level, text,
          details: described.isEmpty ? nil : MetadataJSON.object(described), now: now)
      } catch {
        logger.error("an entry for the task log could not be stored: \(error)")
      }
    }
  }
}
