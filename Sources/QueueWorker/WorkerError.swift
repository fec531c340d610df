/// Why a worker cannot do what it was told.
public struct WorkerError: Error, Sendable, Hashable {
  /// The kinds of error.
  public enum Code: String, Sendable, Hashable {
    /// A worker without handlers was to run.
    case noHandlers
    /// A type has a handler already.
    case duplicateHandler
    /// A handler was to be registered while the worker ran.
    case registeredTooLate
    /// The worker runs already.
    case alreadyRunning
    /// An option that makes no sense.
    case invalidOption
  }

  /// The kind of error.
  public let code: Code
  /// What, where and the remedy.
  public let message: String

  /// An error from its parts.
  public init(code: Code, message: String) {
    self.code = code
    self.message = message
  }
}

extension WorkerError: CustomStringConvertible {
  /// The message.
  public var description: String { message }
}
