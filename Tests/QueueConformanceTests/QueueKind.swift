import QueueEngine
import Testing

/// A kind of queue that has to pass the suite.
struct QueueKind: Sendable, CustomTestStringConvertible {
  let name: String
  /// The strategies that its claims may use; `priority` is always among them.
  let strategies: [ClaimStrategy]
  /// How calls share its store.
  let options: TaskQueueOptions
  /// Opens a store of the running test by its name; opening it again gives another object on the same
  /// tasks. The seed is for whatever it draws. To be called by the test itself, not on a thread of its.
  let openStore: @Sendable (_ name: String, _ seed: UInt64) throws -> sending any QueueStore

  var testDescription: String { name }

  /// Opens a queue of the running test.
  func open(
    _ name: String = "queue", strategy: ClaimStrategy = .priority, seed: UInt64 = 1
  ) throws -> ClockedQueue {
    try ClockedQueue(store: openStore(name, seed), options: options, strategy: strategy)
  }
}

/// A kind of queue, and the strategy of its workers.
struct Subject: Sendable, CustomTestStringConvertible {
  let kind: QueueKind
  let strategy: ClaimStrategy

  var testDescription: String { "\(kind.name): \(strategy)" }

  /// Every strategy of every kind.
  static let all = QueueKind.all.flatMap { kind in
    kind.strategies.map { Subject(kind: kind, strategy: $0) }
  }

  /// The strategies whose order is fixed.
  static let ordered = all.filter { [.priority, .fifo, .lifo].contains($0.strategy) }

  /// The strategies that draw by weight.
  static let weighted = all.filter { $0.strategy == .weightedRandom }

  /// Opens a queue of the running test.
  func open(_ name: String = "queue", seed: UInt64 = 1) throws -> ClockedQueue {
    try kind.open(name, strategy: strategy, seed: seed)
  }
}

/// A queue whose clock stands where the last call has put it: every call names its moment.
///
/// Threads that share one have to name the same moment.
final class ClockedQueue: Sendable {
  let queue: TaskQueue
  /// The strategy of ``claim(worker:types:now:leaseMs:)``.
  let strategy: ClaimStrategy
  private let clock: TestClock

  init(store: sending any QueueStore, options: TaskQueueOptions, strategy: ClaimStrategy) {
    let clock = TestClock()
    queue = TaskQueue(store: store, options: options, clock: { clock.now })
    self.clock = clock
    self.strategy = strategy
  }

  /// The queue at that moment.
  func at(_ now: Timestamp) -> TaskQueue {
    clock.now = now
    return queue
  }

  @discardableResult
  func enqueue(_ task: NewTask, now: Timestamp = start) throws -> EnqueueReceipt {
    try at(now).enqueue(task)
  }

  @discardableResult
  func enqueue(_ tasks: [NewTask], now: Timestamp = start) throws -> [EnqueueReceipt] {
    try at(now).enqueue(contentsOf: tasks)
  }

  /// Claims the next task for a worker without special capabilities.
  @discardableResult
  func claim(
    worker: String = "w", types: Set<String>? = nil, now: Timestamp = start,
    leaseMs: Int64 = 60_000
  ) throws -> ClaimedTask? {
    try at(now).claim(
      as: Claimant(workerID: worker, strategy: strategy, types: types), leaseDurationMs: leaseMs)
  }

  @discardableResult
  func claim(
    as claimant: Claimant, limit: Int, leaseMs: Int64 = 60_000, now: Timestamp = start
  ) throws -> [ClaimedTask] {
    try at(now).claim(as: claimant, limit: limit, leaseDurationMs: leaseMs)
  }

  /// Claims until nothing is left, at most 10,000 tasks.
  @discardableResult
  func drain(types: Set<String>? = nil, now: Timestamp = start) throws -> [ClaimedTask] {
    var tasks: [ClaimedTask] = []
    while tasks.count < 10_000, let task = try claim(types: types, now: now) {
      tasks.append(task)
    }
    return tasks
  }

  @discardableResult
  func complete(
    _ fence: Fence, result: String? = nil, now: Timestamp = start
  ) throws -> Acknowledgement {
    try at(now).complete(fence, result: result)
  }

  @discardableResult
  func complete(
    _ completions: [(fence: Fence, result: String?)], now: Timestamp = start
  ) throws -> [Acknowledgement] {
    try at(now).complete(completions)
  }

  @discardableResult
  func fail(
    _ fence: Fence, _ failure: TaskFailure, now: Timestamp = start
  ) throws -> Acknowledgement {
    try at(now).fail(fence, failure)
  }

  @discardableResult
  func release(_ fence: Fence, now: Timestamp = start) throws -> Acknowledgement {
    try at(now).release(fence)
  }

  @discardableResult
  func extend(
    _ fence: Fence, leaseMs: Int64, now: Timestamp = start
  ) throws -> Acknowledgement {
    try at(now).extend(fence, leaseDurationMs: leaseMs)
  }

  @discardableResult
  func cancel(_ id: TaskID, evenIfHeld: Bool = false, now: Timestamp = start) throws -> Bool {
    try at(now).cancel(id, evenIfHeld: evenIfHeld)
  }

  func task(_ id: TaskID) throws -> QueueTask? { try queue.task(id) }

  func counts() throws -> [TaskStatus: Int] { try queue.counts() }

  /// How many tasks have a status.
  func count(_ status: TaskStatus) throws -> Int { try counts()[status] ?? 0 }
}
