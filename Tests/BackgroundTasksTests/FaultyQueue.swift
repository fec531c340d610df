import Logging
import QueueEngine
import QueueWorker
import SQLite
import Synchronization
import TestSupport

@testable import BackgroundTasks

/// When an enqueue fails.
enum EnqueueFault: Sendable, Hashable {
  case none
  /// Before anything is written.
  case before(QueueError.Code)
  /// After the task is there for good.
  case after(QueueError.Code)
}

/// What tests tell a queue to fail with.
final class Faults: Sendable {
  private let faults = Mutex<[EnqueueFault]>([])

  /// Has the next calls fail, one after the other.
  func plan(_ next: [EnqueueFault]) { faults.withLock { $0 = next } }

  fileprivate func next() -> EnqueueFault {
    faults.withLock { $0.isEmpty ? .none : $0.removeFirst() }
  }
}

/// A store whose enqueues fail as planned.
final class FaultyStore: QueueStore {
  private let store: SQLiteQueueStore
  private let faults: Faults

  init(_ store: SQLiteQueueStore, _ faults: Faults) {
    self.store = store
    self.faults = faults
  }

  func task(_ id: TaskID) throws -> QueueTask? { try store.task(id) }

  func counts() throws -> [TaskStatus: Int] { try store.counts() }

  func enqueue(_ tasks: [NewTask], now: Timestamp) throws -> [EnqueueReceipt] {
    try store.enqueue(tasks, now: now)
  }

  func enqueue(_ task: NewTask, now: Timestamp) throws -> EnqueueReceipt {
    switch faults.next() {
    case .none: return try store.enqueue(task, now: now)
    case .before(let code): throw QueueError(code: code, message: "planned")
    case .after(let code):
      _ = try store.enqueue(task, now: now)
      throw QueueError(code: code, message: "planned")
    }
  }

  func claim(
    as claimant: Claimant, limit: Int, leaseDurationMs: Int64, now: @autoclosure () -> Timestamp
  ) throws -> [ClaimedTask] {
    try store.claim(as: claimant, limit: limit, leaseDurationMs: leaseDurationMs, now: now())
  }

  func complete(
    _ completions: [(fence: Fence, result: String?)], now: Timestamp
  ) throws -> [Acknowledgement] {
    try store.complete(completions, now: now)
  }

  func complete(_ fence: Fence, result: String?, now: Timestamp) throws -> Acknowledgement {
    try store.complete(fence, result: result, now: now)
  }

  func fail(_ fence: Fence, _ failure: TaskFailure, now: Timestamp) throws -> Acknowledgement {
    try store.fail(fence, failure, now: now)
  }

  func release(_ fence: Fence, now: Timestamp) throws -> Acknowledgement {
    try store.release(fence, now: now)
  }

  func extend(
    _ fences: [Fence], leaseDurationMs: Int64, now: @autoclosure () -> Timestamp
  ) throws -> [Acknowledgement] {
    try store.extend(fences, leaseDurationMs: leaseDurationMs, now: now())
  }

  func cancel(_ id: TaskID, evenIfHeld: Bool, now: Timestamp) throws -> Bool {
    try store.cancel(id, evenIfHeld: evenIfHeld, now: now)
  }

  func mayClaim(as claimant: Claimant, now: Timestamp) throws -> Bool {
    try store.mayClaim(as: claimant, now: now)
  }

  func makeSeat() throws -> any WorkerSeat { try store.makeSeat() }

  func prepareToWait(
    as claimant: Claimant, on seat: any WorkerSeat, now: Timestamp
  ) throws -> Int64? {
    try store.prepareToWait(as: claimant, on: seat, now: now)
  }

  func tidyUp() { store.tidyUp() }

  func atomically(_ body: () throws -> Void) throws { try store.atomically(body) }

  func readerFactory() -> () throws -> (any QueueReader)? { store.readerFactory() }
}

/// A queue, its faults, and managers on it.
struct ManagerFixture {
  let faults = Faults()
  let queue: TaskQueue

  init() throws {
    let options = SQLiteStoreOptions(
      pragmas: [PragmaSetting(.synchronous, "OFF")!], busyPolicy: .timeout(timeoutMs: 1000))
    queue = TaskQueue(
      store: FaultyStore(
        try SQLiteQueueStore(path: TemporaryDirectory.path("queue.db"), options: options), faults))
  }

  func manager(
    _ routing: RoutingPolicy, registry: (any RunRegistry)? = nil, concurrency: Int = 2,
    runLimit: Int = 1000
  ) throws -> BackgroundTaskManager {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return try BackgroundTaskManager(
      queue: queue, routing: routing,
      memory: InMemoryOptions(
        worker: WorkerOptions(
          workerID: "memory", concurrency: concurrency, retryPolicy: .fixed(delayMs: 0),
          shutdownGraceMs: 0, cancellationGraceMs: 1000, logger: logger),
        runLimit: runLimit),
      registry: registry, logger: logger)
  }

  /// How many tasks lie in the queue.
  func queuedCount() async throws -> Int { try await queue.counts().values.reduce(0, +) }
}

/// Keeps what handlers were given.
final class Worked: Sendable {
  private let state = Mutex<[String]>([])

  var payloads: [String] { state.withLock { $0 } }

  /// Notes a payload; returns how often it has been noted before.
  @discardableResult
  func note(_ payload: String) -> Int {
    state.withLock { state in
      defer { state.append(payload) }
      return state.count { $0 == payload }
    }
  }
}

/// Keeps what a registry is told.
final class RegistryLog: RunRegistry {
  private let state = Mutex<[String]>([])

  var entries: [String] { state.withLock { $0 } }

  func runHasStarted(_ id: String, type: String, attempt: Int, in place: RunPlace) async {
    state.withLock { $0.append("\(id) \(place) started \(attempt)") }
  }

  func runHasFinished(
    _ id: String, type: String, as status: TaskStatus, in place: RunPlace
  ) async {
    state.withLock { $0.append("\(id) \(place) \(status.rawValue)") }
  }
}
