public import Logging
public import QueueEngine
public import QueueWorker
internal import Synchronization

/// What a manager has done since it was made.
public struct BackgroundTaskCounters: Sendable, Hashable {
  /// Runs started in memory, fallbacks included.
  public internal(set) var startedInMemory = 0
  /// Runs started in the queue.
  public internal(set) var startedInQueue = 0
  /// Runs that were routed to the queue and started in memory because it could not be reached.
  public internal(set) var fallbacks = 0
  /// Starts of runs that had been started before.
  public internal(set) var startedBefore = 0
  /// Starts that failed without anybody knowing whether the queue has the run.
  public internal(set) var inDoubt = 0
}

/// Starts work in the background, in memory or in a queue, behind one method.
///
/// ```swift
/// let manager = try BackgroundTaskManager(queue: queue, routing: .percentage(10))
/// try manager.register("thumbnail") { task in try await makeThumbnail(task.payload) }
/// try await manager.start(Run(id: "thumbnail:42", type: "thumbnail", payload: #"{"image": 42}"#))
/// ```
///
/// Runs in memory are worked by the manager itself. Runs in the queue are worked by the queue's
/// workers; ``registerHandlers(with:retryPolicy:)`` gives a worker of this process the same handlers.
///
/// When the queue cannot be reached, a run that belongs there is started in memory instead, which
/// is counted and logged. A run is never started in both places:
/// - An error that says that nothing was written (the queue is locked, read-only, full, of another
///   version) leads to memory at once.
/// - After any other error the queue may have the run. It is asked again; the run's id is its
///   idempotency key, so that the answer is the run that is there or a new one. If it cannot
///   answer, ``start(_:)`` throws ``BackgroundTaskError/Code/inDoubt``, and the caller may start
///   the run again later, with the same id: until the queue has answered it is started nowhere else,
///   whatever the routing says by then.
/// - Of two simultaneous starts of one id, one is refused.
///
/// This holds within one process, for as many ids as are remembered. Across processes the queue
/// recognises its own runs, but nobody knows what another process has in memory.
public final class BackgroundTaskManager: Sendable {
  private struct Registration: Sendable {
    let type: String
    let retryPolicy: RetryPolicy?
    let timeoutMs: Int64?
    let handler: Worker.Handler
  }

  private struct State {
    var routing: RoutingPolicy
    var registrations: [Registration] = []
    var isDraining = false
    /// Ids that are just being started.
    var starting: Set<String> = []
    /// Ids of runs that the queue may have: they must not be started anywhere else.
    var inDoubt: Set<String> = []
    var started: [String: StartedRun] = [:]
    /// The ids of `started`, the oldest first.
    var order: [String] = []
    var counters = BackgroundTaskCounters()
  }

  private let memory: InMemoryBackend
  private let queue: QueueBackend?
  private let registry: (any RunRegistry)?
  private let defaultRetryPolicy: RetryPolicy
  private let rememberedLimit: Int
  private let logger: Logger
  private let state: Mutex<State>
  private let activity = Activity()

  /// - Parameters:
  ///   - queue: where runs survive the process; nil if there is none, which leaves memory for all.
  ///   - routing: which runs go there.
  ///   - memory: how runs in memory are worked.
  ///   - registry: is told of runs that begin and end; nil for nobody.
  ///   - rememberedLimit: of how many runs it is remembered where they were started.
  ///   - logger: told of fallbacks.
  /// - Throws: `WorkerError` or `QueueError` if there can be no worker in memory.
  public init(
    queue: TaskQueue? = nil, routing: RoutingPolicy = .memory,
    memory: InMemoryOptions = InMemoryOptions(), registry: (any RunRegistry)? = nil,
    rememberedLimit: Int = 100_000, logger: Logger = Logger(label: "background-tasks")
  ) throws {
    self.memory = try InMemoryBackend(options: memory)
    self.queue = queue.map { QueueBackend($0) }
    self.registry = registry
    defaultRetryPolicy = memory.worker.retryPolicy
    self.rememberedLimit = max(1, rememberedLimit)
    self.logger = logger
    state = Mutex(State(routing: routing))
  }

  /// What has been done so far.
  public var counters: BackgroundTaskCounters { state.withLock { $0.counters } }

  /// Which runs go to the queue. A change concerns runs that are started from then on.
  public var routing: RoutingPolicy {
    get { state.withLock { $0.routing } }
    set { state.withLock { $0.routing = newValue } }
  }

  // MARK: Handlers

  /// Has a handler work the runs of a type, wherever they are; before the first run is started.
  ///
  /// - Parameters: those of `Worker.register(_:retryPolicy:timeoutMs:handler:)`.
  /// - Throws: `WorkerError`.
  public func register(
    _ type: String, retryPolicy: RetryPolicy? = nil, timeoutMs: Int64? = nil,
    handler: @escaping Worker.Handler
  ) throws {
    let registration = Registration(
      type: type, retryPolicy: retryPolicy, timeoutMs: timeoutMs, handler: handler)
    try memory.register(
      type, retryPolicy: retryPolicy, timeoutMs: timeoutMs,
      handler: told(registration, in: .memory, retryPolicy ?? defaultRetryPolicy) {
        [weak memory] in await memory?.runID(of: $0)
      })
    state.withLock { $0.registrations.append(registration) }
  }

  /// Gives a worker of the queue the handlers that are registered here.
  ///
  /// - Parameters:
  ///   - worker: a worker of the manager's queue that does not run yet.
  ///   - retryPolicy: what the worker's options say; the registry is told by it which failures are
  ///     final.
  /// - Throws: `WorkerError`.
  public func registerHandlers(
    with worker: Worker, retryPolicy: RetryPolicy = .standard
  ) throws {
    let queue = queue
    for registration in state.withLock({ $0.registrations }) {
      try worker.register(
        registration.type, retryPolicy: registration.retryPolicy,
        timeoutMs: registration.timeoutMs,
        handler: told(registration, in: .queue, registration.retryPolicy ?? retryPolicy) {
          await queue?.runID(of: $0)
        })
    }
  }

  /// The handler, with word of it to the registry.
  private func told(
    _ registration: Registration, in place: RunPlace, _ retryPolicy: RetryPolicy,
    runID: @escaping @Sendable (TaskID) async -> String?
  ) -> Worker.Handler {
    let handler = registration.handler
    guard let registry else { return handler }
    return { context in
      guard let id = await runID(context.id) else { return try await handler(context) }
      let type = context.type
      await registry.runHasStarted(id, type: type, attempt: context.attempt, in: place)
      do {
        let result = try await handler(context)
        await registry.runHasFinished(id, type: type, as: .completed, in: place)
        return result
      } catch {
        if let end = Self.end(after: error, context, retryPolicy) {
          await registry.runHasFinished(id, type: type, as: end, in: place)
        }
        throw error
      }
    }
  }

  /// The final status that an error leads to; nil if there is another attempt.
  private static func end(
    after error: any Error, _ context: TaskContext, _ retryPolicy: RetryPolicy
  ) -> TaskStatus? {
    if error is PermanentFailure { return .failed }
    // Given back: the attempt does not count.
    if context.isShuttingDown, error is CancellationError { return nil }
    if !(error is RetryLater), retryPolicy == RetryPolicy.none { return .failed }
    return context.attempt >= context.maxAttempts ? .deadLetter : nil
  }

  // MARK: Starting

  /// Starts a run where the routing has it, in memory if the queue cannot be reached.
  ///
  /// A run that was started before is not started again, wherever the routing would have it now.
  ///
  /// - Throws: ``BackgroundTaskError``; `QueueError` if the run makes no sense.
  @discardableResult
  public func start(_ run: Run) async throws -> StartedRun {
    if let known = try begin(run.id) { return known }
    defer { end(run.id) }
    let isInDoubt = state.withLock { $0.inDoubt.contains(run.id) }
    var isFallback = false
    if let queue, isInDoubt || routing.place(of: run) == .queue {
      do {
        return note(run, .queue, try await submit(run, to: queue, isInDoubt: isInDoubt))
      } catch let error as QueueError where error.code != .invalidArgument {
        isFallback = true
        logger.warning(
          "the queue cannot be reached, the run is started in memory: \(error)",
          metadata: ["run": "\(run.id)", "type": "\(run.type)"])
      }
    }
    guard state.withLock({ $0.registrations.contains { $0.type == run.type } }) else {
      throw BackgroundTaskError(
        .noHandler, "run \"\(run.id)\": no handler is registered for type \"\(run.type)\"")
    }
    let receipt = try await memory.submit(run)
    if isFallback { state.withLock { $0.counters.fallbacks += 1 } }
    return note(run, .memory, receipt)
  }

  /// The run if it is known; otherwise nobody else may start it until ``end(_:)``.
  private func begin(_ id: String) throws -> StartedRun? {
    try state.withLock { state in
      if let known = state.started[id] {
        state.counters.startedBefore += 1
        return StartedRun(id: id, place: known.place, taskID: known.taskID, isNew: false)
      }
      guard !state.isDraining else {
        throw BackgroundTaskError(
          .draining, "run \"\(id)\": the manager takes nothing more on, it drains")
      }
      guard state.starting.insert(id).inserted else {
        throw BackgroundTaskError(
          .startUnderWay, "run \"\(id)\" is just being started by somebody else")
      }
      return nil
    }
  }

  private func end(_ id: String) {
    state.withLock { _ = $0.starting.remove(id) }
    activity.note()
  }

  private func note(_ run: Run, _ place: RunPlace, _ receipt: EnqueueReceipt) -> StartedRun {
    let started = StartedRun(
      id: run.id, place: place, taskID: receipt.id, isNew: receipt.isNew)
    state.withLock { state in
      switch (receipt.isNew, place) {
      case (false, _): state.counters.startedBefore += 1
      case (true, .memory): state.counters.startedInMemory += 1
      case (true, .queue): state.counters.startedInQueue += 1
      }
      state.started[run.id] = started
      state.order.append(run.id)
      // Half of them at once: taking away the first of an array costs all of it.
      if state.order.count > 2 * rememberedLimit {
        let forgotten = state.order.count - rememberedLimit
        for id in state.order.prefix(forgotten) { state.started[id] = nil }
        state.order.removeFirst(forgotten)
      }
    }
    return started
  }

  /// Enqueues a run. Throws `QueueError` only if the queue certainly does not have it.
  private func submit(
    _ run: Run, to queue: QueueBackend, isInDoubt: Bool
  ) async throws -> EnqueueReceipt {
    var first: (any Error)?
    if !isInDoubt {
      do {
        return try await queue.submit(run)
      } catch {
        guard !Self.hasCertainlyChangedNothing(error) else { throw error }
        first = error
      }
    }
    do {
      // The key tells the run that may be there from a new one.
      let receipt = try await queue.submit(run)
      state.withLock { _ = $0.inDoubt.remove(run.id) }
      return receipt
    } catch let error as QueueError where error.code == .invalidArgument {
      throw error
    } catch {
      // Whatever this error says, an earlier attempt may have got through.
      state.withLock { state in
        state.counters.inDoubt += 1
        state.inDoubt.insert(run.id)
      }
      let cause = first ?? error
      logger.error(
        "nobody can tell whether the queue has the run: \(cause); asked again: \(error)",
        metadata: ["run": "\(run.id)", "type": "\(run.type)"])
      throw BackgroundTaskError(
        .inDoubt,
        """
        run \"\(run.id)\": the queue has failed in the middle and may have it; start it again \
        with the same id: \(cause)
        """, underlying: cause)
    }
  }

  private static func hasCertainlyChangedNothing(_ error: any Error) -> Bool {
    switch (error as? QueueError)?.code {
    case .busy, .readOnly, .diskFull, .notAQueue, .schemaTooNew, .invalidArgument: return true
    case .corrupt, .storage, nil: return false
    }
  }

  // MARK: Looking and taking back

  /// Where a run stands; nil if it was not started by this manager, or so long ago that it is
  /// forgotten.
  public func status(of id: String) async throws -> RunStatus? {
    guard let started = state.withLock({ $0.started[id] }),
      let task = try await backend(started.place)?.task(started.taskID)
    else { return nil }
    return RunStatus(
      id: id, place: started.place, status: task.status, attempts: task.attempts,
      errorMessage: task.errorMessage, result: task.result)
  }

  /// Takes a run back that nobody works yet; true if so. A run that is being worked goes on.
  public func cancel(_ id: String) async throws -> Bool {
    guard let started = state.withLock({ $0.started[id] }),
      let backend = backend(started.place), try await backend.cancel(started.taskID)
    else { return false }
    if let registry, let task = try? await backend.task(started.taskID) {
      await registry.runHasFinished(id, type: task.type, as: .cancelled, in: started.place)
    }
    return true
  }

  private func backend(_ place: RunPlace) -> (any RunBackend)? {
    switch place {
    case .memory: return memory
    case .queue: return queue
    }
  }

  // MARK: Stopping

  /// Takes nothing more on, and waits until the runs in memory are done, at most that long; then
  /// their handlers are told to stop. Runs in the queue stay there for its workers.
  ///
  /// - Returns: how many runs in memory are left, which are lost when the process ends.
  /// - Throws: `QueueError`.
  public func drain(deadlineMs: Int64) async throws -> Int {
    let deadline = Deadline(inMs: deadlineMs)
    activity.note(at: deadline)
    state.withLock { $0.isDraining = true }
    while true {
      let generation = activity.generation
      if state.withLock({ $0.starting.isEmpty }) || deadline.isOver { break }
      await activity.wait(since: generation)
    }
    return try await memory.drain(deadlineMs: deadline.remainingMs)
  }

  /// Routes every run to memory again, from now on, and returns how it was before.
  ///
  /// What lies in the queue stays there and is worked by its workers: taking it back would be a
  /// race with them. Stop the workers only once it is done.
  @discardableResult
  public func rollback() -> RoutingPolicy {
    let before = state.withLock { state in
      defer { state.routing = .memory }
      return state.routing
    }
    logger.notice("all runs are routed to memory from now on")
    return before
  }
}
