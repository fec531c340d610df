public import SQLite

/// What can be configured. One key has one name in files, one variable and one flag.
public enum ConfigurationKey: Hashable, Sendable {
  /// The path of the queue's file.
  case database
  /// Who the worker is, as stored in `locked_by`.
  case workerID
  /// How many handlers run at once.
  case concurrency
  /// The order in which tasks are taken.
  case strategy
  /// The types of task to take.
  case types
  /// What the worker is capable of.
  case capabilities
  /// How long others wait before they take a task of a worker that has died.
  case lease
  /// When failed tasks are tried again.
  case retry
  /// How long handlers may go on at a shutdown.
  case shutdownGrace
  /// How long a cancelled handler may take to return.
  case cancellationGrace
  /// What to do while another process holds the write lock.
  case busyPolicy
  /// Who moves the write-ahead log back into the database, and when.
  case checkpoint
  /// The least important messages that are logged.
  case logLevel
  /// Whether what happens to tasks is logged to the queue's file, too.
  case logToDatabase
  /// A PRAGMA, under `pragmas` in files.
  case pragma(Pragma)

  /// All but the PRAGMAs, in the order in which they are shown.
  public static let plain: [ConfigurationKey] = [
    .database, .workerID, .concurrency, .strategy, .types, .capabilities, .lease, .retry,
    .shutdownGrace, .cancellationGrace, .busyPolicy, .checkpoint, .logLevel, .logToDatabase,
  ]

  /// Every key.
  public static let all: [ConfigurationKey] = plain + Pragma.all.map(ConfigurationKey.pragma)

  /// As it stands in files: `shutdown_grace`, `pragmas.synchronous`.
  public var name: String {
    switch self {
    case .database: return "database"
    case .workerID: return "worker_id"
    case .concurrency: return "concurrency"
    case .strategy: return "strategy"
    case .types: return "types"
    case .capabilities: return "capabilities"
    case .lease: return "lease"
    case .retry: return "retry"
    case .shutdownGrace: return "shutdown_grace"
    case .cancellationGrace: return "cancellation_grace"
    case .busyPolicy: return "busy_policy"
    case .checkpoint: return "checkpoint"
    case .logLevel: return "log_level"
    case .logToDatabase: return "log_to_database"
    case .pragma(let pragma): return "pragmas.\(pragma.name)"
    }
  }

  /// `TASKQUEUE_SHUTDOWN_GRACE`, `TASKQUEUE_PRAGMA_SYNCHRONOUS`; `TASKQUEUE_DB` for the database.
  public var variable: String {
    switch self {
    case .database: return "TASKQUEUE_DB"
    case .pragma(let pragma): return "TASKQUEUE_PRAGMA_\(pragma.name.uppercased())"
    default: return "TASKQUEUE_\(name.uppercased())"
    }
  }

  /// `--shutdown-grace`, `--pragma synchronous`; `--db` for the database.
  public var flag: String {
    switch self {
    case .database: return "--db"
    case .pragma(let pragma): return "--pragma \(pragma.name)"
    default: return "--" + name.split(separator: "_").joined(separator: "-")
    }
  }
}

/// What a flag of a command line says about a key.
public struct ConfigurationFlag: Hashable, Sendable {
  enum Target: Hashable, Sendable {
    case key(ConfigurationKey)
    /// The value is `name=value`.
    case pragma
  }

  let target: Target
  let text: String

  /// The flag of a key with its value, written as in a variable.
  public init(_ key: ConfigurationKey, _ text: String) {
    target = .key(key)
    self.text = text
  }

  /// `--pragma synchronous=FULL`; whether there is such a PRAGMA shows when the configuration is loaded.
  public static func pragma(_ text: String) -> ConfigurationFlag {
    ConfigurationFlag(target: .pragma, text: text)
  }

  private init(target: Target, text: String) {
    self.target = target
    self.text = text
  }
}

/// Which layer a value comes from; later layers win.
public enum ConfigurationOrigin: Hashable, Sendable, CustomStringConvertible {
  /// Nobody has said anything else.
  case standard
  /// A line of a configuration file.
  case file(String, line: Int?)
  /// An environment variable.
  case variable(String)
  /// A flag of the command line.
  case flag(String)

  /// `default`, `worker.yaml:7`, `TASKQUEUE_LEASE` or `--lease`.
  public var description: String {
    switch self {
    case .standard: return "default"
    case .file(let path, let line): return line.map { "\(path):\($0)" } ?? path
    case .variable(let name), .flag(let name): return name
    }
  }

  /// The number of the layer, from 0.
  var rank: Int {
    switch self {
    case .standard: return 0
    case .file: return 1
    case .variable: return 2
    case .flag: return 3
    }
  }
}
