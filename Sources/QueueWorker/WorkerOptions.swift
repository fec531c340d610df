public import Logging
public import QueueEngine

/// How a ``Worker`` works.
public struct WorkerOptions: Sendable {
  /// Stored in `locked_by`; says who holds a task. Each worker of a queue should have one of its own.
  public var workerID: String
  /// How many handlers run at once, at most.
  public var concurrency: Int
  /// The order in which tasks are taken.
  public var strategy: ClaimStrategy
  /// What the worker is capable of, for the `compatibility` of tasks.
  public var capabilities: Capabilities
  /// How long others wait before they take a task of a worker that has died.
  ///
  /// No limit for handlers: leases are renewed once a third of them is over.
  public var leaseDurationMs: Int64
  /// When failed tasks are tried again, unless their type was registered with a policy of its own.
  public var retryPolicy: RetryPolicy
  /// How long handlers may go on after ``Worker/shutdown()`` before they are cancelled.
  public var shutdownGraceMs: Int64
  /// How long a cancelled handler may take to return before its task is given back without it.
  public var cancellationGraceMs: Int64
  /// Told of errors and lost leases; of warnings and worse unless it is another one.
  public var logger: Logger
  /// Are told what becomes of the worker's tasks.
  public var observers: [any WorkerObserver]
  /// How many tasks are taken beyond ``concurrency`` now; nil for none.
  ///
  /// For handlers that wait for each other, such as those that share a few threads: the next ones are at
  /// hand when those are free, and as long as there are such the worker lets outcomes of a few
  /// milliseconds come together and stores them in one transaction. Tasks that are taken ahead are kept
  /// from other workers: ask for no more than will be begun soon, and have the others throw
  /// ``GivenBack``. It is called on the thread that renews leases and must return at once.
  public var tasksAhead: (@Sendable () -> Int)?

  /// Options.
  public init(
    workerID: String, concurrency: Int = 1, strategy: ClaimStrategy = .priority,
    capabilities: Capabilities = Capabilities(), leaseDurationMs: Int64 = 30_000,
    retryPolicy: RetryPolicy = .standard, shutdownGraceMs: Int64 = 20_000,
    cancellationGraceMs: Int64 = 1000, logger: Logger = WorkerOptions.quietLogger,
    observers: [any WorkerObserver] = []
  ) {
    self.workerID = workerID
    self.concurrency = concurrency
    self.strategy = strategy
    self.capabilities = capabilities
    self.leaseDurationMs = leaseDurationMs
    self.retryPolicy = retryPolicy
    self.shutdownGraceMs = shutdownGraceMs
    self.cancellationGraceMs = cancellationGraceMs
    self.logger = logger
    self.observers = observers
  }

  /// A logger for `queue-worker` that lets warnings and errors through.
  public static var quietLogger: Logger {
    var logger = Logger(label: "queue-worker")
    logger.logLevel = .warning
    return logger
  }

  /// Refuses what makes no sense.
  func validate() throws(WorkerError) {
    try check(!workerID.isEmpty, "workerID must not be empty: it says who holds a task")
    try check(
      1...Self.mostHandlers ~= concurrency,
      "concurrency must be from 1 to \(Self.mostHandlers), not \(concurrency)")
    // A tenth of that passes before a busy machine has renewed anything.
    try check(
      leaseDurationMs >= 30, "leaseDurationMs must be at least 30, not \(leaseDurationMs)")
    try check(shutdownGraceMs >= 0, "shutdownGraceMs must not be negative: \(shutdownGraceMs)")
    try check(
      cancellationGraceMs >= 0, "cancellationGraceMs must not be negative: \(cancellationGraceMs)")
    try retryPolicy.validate()
  }

  private func check(_ isFine: Bool, _ message: String) throws(WorkerError) {
    if !isFine {
      throw WorkerError(code: .invalidOption, message: "worker \"\(workerID)\": \(message)")
    }
  }

  /// With more, a transaction that settles them all would keep other writers waiting for long.
  private static let mostHandlers = 1000
}
