internal import Foundation
internal import Logging
public import QueueEngine
public import ServiceLifecycle
internal import Synchronization

/// Takes tasks from a queue and has handlers work them.
///
/// ```swift
/// let worker = try Worker(queue: queue, options: WorkerOptions(workerID: "mail-1", concurrency: 4))
/// try worker.register("email", timeoutMs: 10_000) { task in
///   try await send(task.payload)
///   return nil
/// }
/// try await worker.run()
/// ```
///
/// Handlers are Swift tasks. Everything that may block, the calls on the queue, happens on one thread of
/// the worker's own, so that leases are renewed even while handlers keep all threads of the cooperative
/// pool busy. What has ended since the last transaction is settled in the next one, which also renews
/// leases and takes new tasks.
///
/// A task is worked at least once: if a worker dies, its leases expire and others take over. Its
/// outcome is stored once: what a worker has to say after its lease has passed on is refused.
///
/// A worker is a `Service`: in a `ServiceGroup` with `gracefulShutdownSignals: [.sigterm, .sigint]` it
/// finishes or gives back what it holds when the process is told to end.
public final class Worker: Sendable {
  /// Works a task; returns its result in JSON or nil.
  ///
  /// An error makes the attempt fail: by the retry policy, unless it is ``PermanentFailure`` or
  /// ``RetryLater``. A handler has no task-local values of whoever runs the worker. What it does on its
  /// cancellation must not block, because it happens on the thread that renews leases.
  public typealias Handler = @Sendable (TaskContext) async throws -> String?

  /// How long a run goes on.
  public enum RunMode: String, Sendable, Codable, CaseIterable {
    /// Until the worker is told to stop.
    case untilShutdown
    /// For what is ready now, as much as handlers may run at once.
    case once
    /// Until nothing is ready any more and nothing is held; tasks that are due later are left alone.
    case drain
  }

  private struct State {
    var handlers = Handlers()
    var run: WorkerInbox?
    var isShutDown = false
  }

  private let queue: TaskQueue
  private let options: WorkerOptions
  private let random: WorkerRandom
  private let state = Mutex(State())
  private let counts = WorkerCounts()

  /// A worker of a queue.
  ///
  /// - Parameters:
  ///   - queue: where the tasks lie.
  ///   - options: how to work.
  ///   - random: what the jitter of retry policies is drawn from.
  /// - Throws: ``WorkerError`` if the options make no sense.
  public init(
    queue: TaskQueue, options: WorkerOptions,
    random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) throws {
    try options.validate()
    self.queue = queue
    self.options = options
    self.random = WorkerRandom(random)
  }

  /// What has been done so far.
  public var statistics: WorkerStatistics { counts.current }

  // MARK: Handlers

  /// Has a handler work the tasks of a type. Tasks of types that nobody has registered stay in the queue
  /// for other workers.
  ///
  /// - Parameters:
  ///   - type: the tasks' type.
  ///   - retryPolicy: when failed ones are tried again; nil for what the options say.
  ///   - timeoutMs: how long an attempt may take; nil for as long as it likes. Then the attempt has
  ///     failed, and the handler is cancelled. Its place is free only once it has returned, and what it
  ///     returns is dropped.
  ///   - handler: works a task. Long work that blocks its thread keeps other Swift tasks from running, and
  ///     belongs on a thread of its own.
  /// - Throws: ``WorkerError``.
  public func register(
    _ type: String, retryPolicy: RetryPolicy? = nil, timeoutMs: Int64? = nil,
    handler: @escaping Handler
  ) throws {
    let handling = try handling(retryPolicy, timeoutMs, handler, of: "type \"\(type)\"")
    try changeHandlers { handlers throws(WorkerError) in
      if handlers.byType[type] != nil {
        throw WorkerError(
          code: .duplicateHandler, message: "type \"\(type)\" has a handler already")
      }
      handlers.byType[type] = handling
    }
  }

  /// Has a handler work the tasks of all types that have none of their own.
  ///
  /// The worker then takes tasks of every type. For parameters and errors see
  /// ``register(_:retryPolicy:timeoutMs:handler:)``.
  public func registerForOtherTypes(
    retryPolicy: RetryPolicy? = nil, timeoutMs: Int64? = nil, handler: @escaping Handler
  ) throws {
    let handling = try handling(retryPolicy, timeoutMs, handler, of: "other types")
    try changeHandlers { handlers throws(WorkerError) in
      if handlers.forOtherTypes != nil {
        throw WorkerError(
          code: .duplicateHandler, message: "there is a handler for other types already")
      }
      handlers.forOtherTypes = handling
    }
  }

  private func handling(
    _ retryPolicy: RetryPolicy?, _ timeoutMs: Int64?, _ handler: @escaping Handler, of what: String
  ) throws(WorkerError) -> Handling {
    try retryPolicy?.validate()
    if let timeoutMs, timeoutMs < 1 {
      throw WorkerError(
        code: .invalidOption,
        message: "\(what): timeoutMs must be at least 1, not \(timeoutMs); nil is for no limit")
    }
    return Handling(
      retryPolicy: retryPolicy ?? options.retryPolicy, timeoutMs: timeoutMs, handler: handler)
  }

  private func changeHandlers(
    _ change: (inout Handlers) throws(WorkerError) -> Void
  ) throws(WorkerError) {
    try state.withLock { state throws(WorkerError) in
      guard state.run == nil else {
        throw WorkerError(
          code: .registeredTooLate,
          message: "worker \"\(options.workerID)\" runs: register all handlers before that")
      }
      try change(&state.handlers)
    }
  }

  // MARK: Running

  /// Works until the mode's end, until the worker is told to stop, or until the queue is beyond help.
  ///
  /// A graceful shutdown, ordered by ``shutdown()`` or by a `ServiceGroup`, goes in steps:
  /// 1. Nothing more is taken. Handlers may go on for ``WorkerOptions/shutdownGraceMs``.
  /// 2. Handlers that still run are cancelled. What ends with an error now is given back, unless the
  ///    handler says otherwise by ``PermanentFailure`` or ``RetryLater``.
  /// 3. After ``WorkerOptions/cancellationGraceMs`` the tasks of handlers that still run are given back:
  ///    they are ready for others at once, and the attempt does not count.
  ///
  /// Cancelling the Swift task that runs the worker skips the first step. The method returns after that
  /// even if a handler ignores its cancellation; such a handler goes on until it returns or the process
  /// ends, and its outcome is dropped.
  ///
  /// When a call on the queue fails, because it is busy or the disk is full, it is made again after a
  /// while; outcomes are kept until then. In the modes ``RunMode/once`` and ``RunMode/drain`` a queue that
  /// is not merely busy ends the run if nothing is held.
  ///
  /// - Throws: ``WorkerError`` if the worker has no handlers or runs already. `QueueError` if the queue is
  ///   damaged or none of ours, if a claim is refused as senseless, or if outcomes could not be stored
  ///   before the end of a shutdown; then handlers are cancelled, and leases are left to expire.
  public func run(_ mode: RunMode) async throws {
    let inbox = WorkerInbox()
    guard let handlers = try begin(inbox) else { return }
    defer { state.withLock { $0.run = nil } }
    let job = WorkerJob(
      queue: queue, options: options, handlers: handlers, mode: mode, inbox: inbox, counts: counts,
      random: random)
    try await withTaskCancellationHandler {
      try await withGracefulShutdownHandler {
        try await Self.onOwnThread { try Dispatcher(job).run() }
      } onGracefulShutdown: {
        inbox.stop(.graceful)
      }
    } onCancel: {
      inbox.stop(.immediate)
    }
  }

  /// Stops the present run gracefully, see ``run(_:)``; later ones end at once. Returns without waiting,
  /// and may be called again and from any thread.
  public func shutdown() {
    let inbox = state.withLock { state in
      state.isShutDown = true
      return state.run
    }
    inbox?.stop(.graceful)
  }

  /// The handlers to run with; nil if the worker was shut down.
  private func begin(_ inbox: WorkerInbox) throws(WorkerError) -> Handlers? {
    try state.withLock { state throws(WorkerError) in
      if state.handlers.isEmpty {
        throw WorkerError(
          code: .noHandlers,
          message: "worker \"\(options.workerID)\" has no handlers: register one for each type")
      }
      if state.run != nil {
        throw WorkerError(
          code: .alreadyRunning,
          message: "worker \"\(options.workerID)\" runs already: make another one with its own id")
      }
      if state.isShutDown { return nil }
      state.run = inbox
      return state.handlers
    }
  }

  private static func onOwnThread(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Void, any Error>) in
      let thread = Thread { continuation.resume(with: Result { try body() }) }
      thread.name = "queue-worker"
      thread.stackSize = 1 << 20
      thread.start()
    }
  }
}

extension Worker: Service {
  /// Works until the worker is told to stop: ``run(_:)`` with ``RunMode/untilShutdown``.
  public func run() async throws { try await run(.untilShutdown) }
}

/// Statistics that several threads share.
final class WorkerCounts: Sendable {
  private let statistics = Mutex(WorkerStatistics())

  var current: WorkerStatistics { statistics.withLock { $0 } }

  func update(_ change: (inout WorkerStatistics) -> Void) { statistics.withLock { change(&$0) } }
}

/// A generator that goes on where the last run has left it.
final class WorkerRandom: Sendable {
  private let generator: Mutex<any RandomNumberGenerator & Sendable>

  init(_ generator: any RandomNumberGenerator & Sendable) { self.generator = Mutex(generator) }

  func delayMs(_ policy: RetryPolicy, afterAttempt attempt: Int) -> Int64? {
    generator.withLock { generator in
      // An existential can be opened only where it stands by itself.
      var random: any RandomNumberGenerator & Sendable = generator
      defer { generator = random }
      return policy.delayMs(afterAttempt: attempt, using: &random)
    }
  }
}

/// All that a dispatcher needs.
struct WorkerJob: Sendable {
  let queue: TaskQueue
  let options: WorkerOptions
  let handlers: Handlers
  let mode: Worker.RunMode
  let inbox: WorkerInbox
  let counts: WorkerCounts
  let random: WorkerRandom

  var claimant: Claimant {
    Claimant(
      workerID: options.workerID, strategy: options.strategy, types: handlers.types,
      capabilities: options.capabilities)
  }
}
