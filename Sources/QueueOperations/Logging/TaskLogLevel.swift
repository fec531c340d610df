public import Logging

/// How grave an entry of the task log is; stored by these words.
public enum TaskLogLevel: String, Sendable, Codable, CaseIterable, Comparable {
  /// Of use to those who look for a fault.
  case debug = "DEBUG"
  /// The usual course of things.
  case info = "INFO"
  /// Something went wrong and is seen to.
  case warning = "WARNING"
  /// Something went wrong for good.
  case error = "ERROR"
  /// The queue or the program is in danger.
  case critical = "CRITICAL"

  /// The level of a word in any case; nil for words that mean none. Knows those of other programs,
  /// too: `trace`, `notice`, `warn`, `fatal`.
  public init?(named name: String) {
    switch name.uppercased() {
    case "DEBUG", "TRACE": self = .debug
    case "INFO", "NOTICE": self = .info
    case "WARNING", "WARN": self = .warning
    case "ERROR": self = .error
    case "CRITICAL", "FATAL": self = .critical
    default: return nil
    }
  }

  /// The level that comes nearest to one of swift-log.
  public init(_ level: Logger.Level) {
    switch level {
    case .trace, .debug: self = .debug
    case .info, .notice: self = .info
    case .warning: self = .warning
    case .error: self = .error
    case .critical: self = .critical
    }
  }

  /// The same level of swift-log.
  public var logLevel: Logger.Level {
    switch self {
    case .debug: return .debug
    case .info: return .info
    case .warning: return .warning
    case .error: return .error
    case .critical: return .critical
    }
  }

  private var gravity: Int {
    switch self {
    case .debug: return 0
    case .info: return 1
    case .warning: return 2
    case .error: return 3
    case .critical: return 4
    }
  }

  /// The less grave one first.
  public static func < (left: TaskLogLevel, right: TaskLogLevel) -> Bool {
    left.gravity < right.gravity
  }
}
