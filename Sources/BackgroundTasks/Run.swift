public import QueueEngine

/// Work that is to be done in the background.
public struct Run: Sendable, Hashable, Identifiable {
  /// Names the run for ever: the same id is the same work, and is done once. At most 255 bytes of
  /// UTF-8.
  public let id: String
  /// What kind of work it is; selects the handler.
  public var type: String
  /// JSON for the handler.
  public var payload: String
  /// Lower numbers are taken first.
  public var priority: Int
  /// How often it may be tried.
  public var maxAttempts: Int
  /// Not before this moment; nil for at once.
  public var runAfter: Timestamp?
  /// JSON object that says what a worker must be capable of. The worker in memory is capable of
  /// nothing special, so that a run that asks for something waits there for ever: route such types
  /// to the queue.
  public var compatibility: String

  /// A run with the defaults of tasks.
  public init(
    id: String, type: String, payload: String = "{}", priority: Int = 100, maxAttempts: Int = 5,
    runAfter: Timestamp? = nil, compatibility: String = "{}"
  ) {
    self.id = id
    self.type = type
    self.payload = payload
    self.priority = priority
    self.maxAttempts = maxAttempts
    self.runAfter = runAfter
    self.compatibility = compatibility
  }

  /// The run as a task: its id is the idempotency key, so that enqueueing it again finds it.
  var task: NewTask {
    NewTask(
      type: type, payload: payload, priority: priority, runAfter: runAfter,
      maxAttempts: maxAttempts, idempotencyKey: id, compatibility: compatibility)
  }
}

/// Where a run is worked.
public enum RunPlace: String, Sendable, Codable, CaseIterable {
  /// In this process; lost if it dies.
  case memory
  /// By a worker of the queue.
  case queue
}

/// A run that has been taken on.
public struct StartedRun: Sendable, Hashable {
  /// The run's id.
  public let id: String
  /// Where it is worked.
  public let place: RunPlace
  /// Its task in that place.
  public let taskID: TaskID
  /// False if it had been started before.
  public let isNew: Bool
}

/// Where a run stands.
public struct RunStatus: Sendable, Hashable {
  /// The run's id.
  public let id: String
  /// Where it is worked.
  public let place: RunPlace
  /// Where it stands.
  public let status: TaskStatus
  /// How often it has been tried.
  public let attempts: Int
  /// The last error.
  public let errorMessage: String?
  /// What it has returned, in JSON.
  public let result: String?
}

/// Is told of runs as they begin and end; a place for the application's own records.
///
/// Calls come from handlers' Swift tasks, any number at once, and are waited for.
public protocol RunRegistry: Sendable {
  /// An attempt begins.
  func runHasStarted(_ id: String, type: String, attempt: Int, in place: RunPlace) async

  /// A run has reached its end: completed, failed, dead_letter or cancelled. After a crash between
  /// this call and the storing of the outcome the run is worked, and its end told, once more.
  func runHasFinished(_ id: String, type: String, as status: TaskStatus, in place: RunPlace) async
}

/// Why a run cannot be started.
public struct BackgroundTaskError: Error, Sendable {
  /// The kinds of error.
  public enum Code: String, Sendable, Hashable {
    /// The manager takes nothing more on.
    case draining
    /// Nobody has registered a handler for the type, which is to be worked in memory.
    case noHandler
    /// As many runs wait in memory as may.
    case memoryFull
    /// A run of that id is just being started by somebody else.
    case startUnderWay
    /// The queue has failed in the middle, and nobody can tell whether the run lies in it. It was
    /// started nowhere else, lest it be worked twice. Start it again with the same id to find out.
    case inDoubt
  }

  /// The kind of error.
  public let code: Code
  /// What, and the remedy.
  public let message: String
  /// The queue's own error.
  public let underlying: (any Error)?

  init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.underlying = underlying
  }
}

extension BackgroundTaskError: CustomStringConvertible {
  /// The message.
  public var description: String { message }
}
