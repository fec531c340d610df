public import Logging
public import QueueEngine
internal import Synchronization

/// Sends a worker's heartbeats from a thread of its own, so that they do not depend on what the
/// worker does.
///
/// ```swift
/// let heartbeats = try HeartbeatService(registry: registry, workerID: "mail-1")
/// try heartbeats.start()
/// defer { heartbeats.stop(forgettingWorker: true) }
/// try await worker.run()
/// ```
public final class HeartbeatService: Sendable {
  /// The worker whose heartbeats are sent.
  public let workerID: String
  private let registry: WorkerRegistry
  private let capabilities: Capabilities
  private let intervalMs: Int64
  private let logger: Logger
  private let clock: @Sendable () -> Timestamp
  private let whenSent: @Sendable () -> Void
  private let thread = Mutex<PeriodicThread?>(nil)

  /// The heartbeats of a worker.
  ///
  /// - Parameters:
  ///   - registry: where they go.
  ///   - workerID: the worker.
  ///   - capabilities: what it is capable of.
  ///   - interval: the time between heartbeats: a fraction of that after which others take the
  ///     worker for dead, so that one may fail because the queue is busy.
  ///   - logger: told of heartbeats that fail.
  /// - Throws: `QueueError` with `invalidArgument` if the interval is less than a millisecond.
  public convenience init(
    registry: WorkerRegistry, workerID: String, capabilities: Capabilities = Capabilities(),
    interval: Duration = .seconds(15), logger: Logger = Logger(label: "queue-heartbeat")
  ) throws {
    try self.init(
      registry: registry, workerID: workerID, capabilities: capabilities, interval: interval,
      logger: logger, clock: { Timestamp.now() }, whenSent: {})
  }

  /// `whenSent` is called by the thread after each heartbeat, also after one that has failed.
  package init(
    registry: WorkerRegistry, workerID: String, capabilities: Capabilities, interval: Duration,
    logger: Logger, clock: @escaping @Sendable () -> Timestamp,
    whenSent: @escaping @Sendable () -> Void
  ) throws {
    guard interval >= .milliseconds(1) else {
      throw QueueError(
        code: .invalidArgument,
        message: "the interval of heartbeats must be at least 1 ms, not \(interval)")
    }
    self.registry = registry
    self.workerID = workerID
    self.capabilities = capabilities
    let (seconds, attoseconds) = interval.components
    let wholeMs = min(seconds, Int64(Int32.max)) * 1000
    intervalMs = wholeMs + attoseconds / 1_000_000_000_000_000
    self.logger = logger
    self.clock = clock
    self.whenSent = whenSent
  }

  deinit { thread.withLock { $0 }?.stop() }

  /// Registers the worker and sends heartbeats from now on; does nothing if that is so already.
  ///
  /// - Throws: `QueueError` if the worker cannot be registered; then none are sent.
  public func start() throws {
    if thread.withLock({ $0 != nil }) { return }
    try registry.register(workerID, capabilities: capabilities, now: clock())
    let sender = PeriodicThread(name: "queue-heartbeat", intervalMs: intervalMs) {
      [registry, workerID, capabilities, logger, clock, whenSent] in
      do {
        // Registers the worker anew if somebody has forgotten it.
        try registry.heartbeat(workerID, capabilities: capabilities, now: clock())
      } catch {
        logger.warning("a heartbeat has failed: \(error)", metadata: ["worker": "\(workerID)"])
      }
      whenSent()
    }
    let isOurs = thread.withLock { thread in
      guard thread == nil else { return false }
      thread = sender
      return true
    }
    if isOurs { sender.start() }
  }

  /// Sends a heartbeat now, without waiting for it; does nothing unless started.
  public func beat() { thread.withLock { $0 }?.poke() }

  /// Ends the heartbeats and waits until one that is under way is sent; they may be started again.
  ///
  /// - Parameter forgettingWorker: whether to remove the worker from the table, because it has
  ///   ended in good order; otherwise it becomes stale with time.
  public func stop(forgettingWorker: Bool = false) {
    let sender = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    guard let sender else { return }
    sender.stop()
    guard forgettingWorker else { return }
    do {
      try registry.forget(workerID)
    } catch {
      logger.warning(
        "a worker that has ended could not be forgotten: \(error)",
        metadata: ["worker": "\(workerID)"])
    }
  }
}
