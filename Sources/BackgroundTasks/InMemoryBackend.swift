internal import Foundation
public import QueueEngine
public import QueueWorker
internal import SQLite
internal import Synchronization

/// How runs in memory are worked.
public struct InMemoryOptions: Sendable {
  /// How their worker works: how many handlers run at once, when failed runs are tried again, its
  /// logger.
  public var worker: WorkerOptions
  /// How many runs may wait or be worked at once.
  public var runLimit: Int
  /// How many finished runs are remembered at least, for their status.
  public var finishedLimit: Int

  /// Options.
  public init(
    worker: WorkerOptions = WorkerOptions(workerID: "background-memory", concurrency: 4),
    runLimit: Int = 10_000, finishedLimit: Int = 1000
  ) {
    self.worker = worker
    self.runLimit = runLimit
    self.finishedLimit = finishedLimit
  }
}

/// Runs in this process: they are lost when it ends.
///
/// They lie in a queue of their own with a worker of its own, so that handlers, retries, priorities
/// and delays are those of the real queue. Its file, in the directory for temporary files, is
/// written without waiting for the disk, belongs to this object and is removed with it.
public final class InMemoryBackend: RunBackend {
  private let queue: TaskQueue
  private let worker: Worker
  private let options: InMemoryOptions
  private let activity: Activity
  private let directory: URL

  private struct State {
    var working: Task<Void, any Error>?
    /// How many runs may be taken on before they have to be counted again.
    var room = 0
  }

  private let state = Mutex(State())

  /// - Throws: `QueueError` if there is no room for the file; `WorkerError` if the options make no
  ///   sense.
  public init(options: InMemoryOptions = InMemoryOptions()) throws {
    let activity = Activity()
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "taskqueue-memory-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: directory, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    var storeOptions = SQLiteStoreOptions(
      pragmas: [
        PragmaSetting(.journalMode, "MEMORY"), PragmaSetting(.synchronous, "OFF"),
      ].compactMap { $0 },
      busyPolicy: .timeout(timeoutMs: 0))
    storeOptions.strategies = [options.worker.strategy]
    do {
      let store = MemoryStore(
        try SQLiteQueueStore(
          path: directory.appending(path: "runs.db").path, options: storeOptions),
        activity: activity, finishedLimit: max(1, options.finishedLimit))
      let queue = TaskQueue(store: store)
      worker = try Worker(queue: queue, options: options.worker)
      self.queue = queue
    } catch {
      try? FileManager.default.removeItem(at: directory)
      throw error
    }
    self.options = options
    self.activity = activity
    self.directory = directory
  }

  deinit {
    worker.shutdown()
    try? FileManager.default.removeItem(at: directory)
  }

  /// What its worker has done.
  public var statistics: WorkerStatistics { worker.statistics }

  /// Has a handler work the runs of a type; before the first run is submitted. See
  /// `Worker.register(_:retryPolicy:timeoutMs:handler:)`.
  public func register(
    _ type: String, retryPolicy: RetryPolicy? = nil, timeoutMs: Int64? = nil,
    handler: @escaping Worker.Handler
  ) throws {
    try worker.register(type, retryPolicy: retryPolicy, timeoutMs: timeoutMs, handler: handler)
  }

  /// Takes a run on, and starts the worker with the first one.
  ///
  /// - Throws: ``BackgroundTaskError`` if as many runs wait as may.
  public func submit(_ run: Run) async throws -> EnqueueReceipt {
    startWorking()
    try await makeRoom(for: run)
    return try await queue.enqueue(run.task)
  }

  /// The run's task; nil if it is over and forgotten.
  public func task(_ id: TaskID) async throws -> QueueTask? { try await queue.task(id) }

  /// Takes a run back that waits.
  public func cancel(_ id: TaskID) async throws -> Bool { try await queue.cancel(id) }

  /// How many runs wait or are worked.
  public func unfinishedCount() async throws -> Int {
    let counts = try await queue.counts()
    return (counts[.queued] ?? 0) + (counts[.processing] ?? 0)
  }

  /// Waits until no run is left, at most that long, then ends the worker: what runs is told to stop
  /// by its options. Returns how many runs are left, which are lost with the process.
  public func drain(deadlineMs: Int64) async throws -> Int {
    let deadline = Deadline(inMs: deadlineMs)
    activity.note(at: deadline)
    while true {
      let generation = activity.generation
      if try await unfinishedCount() == 0 || deadline.isOver { break }
      await activity.wait(since: generation)
    }
    worker.shutdown()
    let working = state.withLock { $0.working }
    try await working?.value
    return try await unfinishedCount()
  }

  /// The id of the run that a task is, for handlers.
  func runID(of id: TaskID) async -> String? { try? await queue.task(id)?.idempotencyKey }

  /// Each run takes one place at most, so that they need not be counted for every one.
  private func makeRoom(for run: Run) async throws {
    func takePlace() -> Bool {
      state.withLock { state in
        guard state.room > 0 else { return false }
        state.room -= 1
        return true
      }
    }
    if takePlace() { return }
    let room = options.runLimit - (try await unfinishedCount())
    state.withLock { $0.room = room }
    guard takePlace() else {
      throw BackgroundTaskError(
        .memoryFull, "\(options.runLimit) runs wait in memory; start run \"\(run.id)\" later")
    }
  }

  private func startWorking() {
    state.withLock { state in
      guard state.working == nil else { return }
      state.working = Task.detached { [worker] in try await worker.run(.untilShutdown) }
    }
  }
}
