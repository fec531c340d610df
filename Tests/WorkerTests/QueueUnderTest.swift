import Logging
import QueueEngine
import QueueWorker
import SQLite
import Synchronization
import TestSupport
import Testing

/// The kinds of call that a worker makes on a store.
enum StoreCall: Hashable, Sendable {
  case claim, mayClaim, extend, transaction, makeSeat, prepareToWait, tidyUp
}

/// What tests see of a store's calls, and the errors that they have it throw.
final class StoreProbe: Sendable {
  private struct State {
    var tallies: [StoreCall: Tally] = [:]
    var failures: [StoreCall: Tally] = [:]
    var errors: [StoreCall: [QueueError]] = [:]
    var completionError: QueueError?
  }

  private let state = Mutex(State())

  /// How often a call was made successfully.
  func tally(_ call: StoreCall) -> Tally {
    state.withLock { state in
      let tally = state.tallies[call] ?? Tally("\(call)")
      state.tallies[call] = tally
      return tally
    }
  }

  /// How often a call failed.
  func failures(_ call: StoreCall) -> Tally {
    state.withLock { state in
      let tally = state.failures[call] ?? Tally("failed \(call)")
      state.failures[call] = tally
      return tally
    }
  }

  /// Has the next calls of a kind fail, each with one of the errors.
  func fail(_ call: StoreCall, with errors: [QueueError]) {
    state.withLock { $0.errors[call] = errors }
  }

  /// What completions with that result are refused with.
  var completionError: QueueError? {
    get { state.withLock { $0.completionError } }
    set { state.withLock { $0.completionError = newValue } }
  }

  fileprivate func observe<R>(_ call: StoreCall, _ body: () throws -> R) throws -> R {
    let error = state.withLock { state -> QueueError? in
      guard let first = state.errors[call]?.first else { return nil }
      state.errors[call]?.removeFirst()
      return first
    }
    do {
      if let error { throw error }
      let result = try body()
      tally(call).add()
      return result
    } catch {
      failures(call).add()
      throw error
    }
  }
}

/// A store that tells a probe of its calls.
final class ProbedStore: QueueStore {
  private let store: SQLiteQueueStore
  private let probe: StoreProbe

  init(_ store: SQLiteQueueStore, _ probe: StoreProbe) {
    self.store = store
    self.probe = probe
  }

  var hazard: String? { store.hazard }

  func task(_ id: TaskID) throws -> QueueTask? { try store.task(id) }

  func counts() throws -> [TaskStatus: Int] { try store.counts() }

  func enqueue(_ tasks: [NewTask], now: Timestamp) throws -> [EnqueueReceipt] {
    try store.enqueue(tasks, now: now)
  }

  func enqueue(_ task: NewTask, now: Timestamp) throws -> EnqueueReceipt {
    try store.enqueue(task, now: now)
  }

  func claim(
    as claimant: Claimant, limit: Int, leaseDurationMs: Int64, now: @autoclosure () -> Timestamp
  ) throws -> [ClaimedTask] {
    try probe.observe(.claim) {
      try store.claim(as: claimant, limit: limit, leaseDurationMs: leaseDurationMs, now: now())
    }
  }

  func complete(
    _ completions: [(fence: Fence, result: String?)], now: Timestamp
  ) throws -> [Acknowledgement] {
    try store.complete(completions, now: now)
  }

  func complete(_ fence: Fence, result: String?, now: Timestamp) throws -> Acknowledgement {
    if let error = probe.completionError, result != nil { throw error }
    return try store.complete(fence, result: result, now: now)
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
    try probe.observe(.extend) {
      try store.extend(fences, leaseDurationMs: leaseDurationMs, now: now())
    }
  }

  func cancel(_ id: TaskID, evenIfHeld: Bool, now: Timestamp) throws -> Bool {
    try store.cancel(id, evenIfHeld: evenIfHeld, now: now)
  }

  func mayClaim(as claimant: Claimant, now: Timestamp) throws -> Bool {
    try probe.observe(.mayClaim) { try store.mayClaim(as: claimant, now: now) }
  }

  func tidyUp() {
    store.tidyUp()
    probe.tally(.tidyUp).add()
  }

  func makeSeat() throws -> any WorkerSeat { try probe.observe(.makeSeat) { try store.makeSeat() } }

  func prepareToWait(
    as claimant: Claimant, on seat: any WorkerSeat, now: Timestamp
  ) throws -> Int64? {
    try probe.observe(.prepareToWait) {
      try store.prepareToWait(as: claimant, on: seat, now: now)
    }
  }

  func atomically(_ body: () throws -> Void) throws {
    try probe.observe(.transaction) { try store.atomically(body) }
  }

  func readerFactory() -> () throws -> (any QueueReader)? { store.readerFactory() }
}

/// A queue in the running test's directory, and workers on it.
struct QueueUnderTest {
  let probe = StoreProbe()
  let queue: TaskQueue
  /// What its workers say.
  let log = LogCapture()

  init(clock: @escaping @Sendable () -> Timestamp = { Timestamp.now() }) throws {
    let options = SQLiteStoreOptions(
      pragmas: [PragmaSetting(.synchronous, "OFF")!], busyPolicy: .timeout(timeoutMs: 0))
    queue = TaskQueue(
      store: ProbedStore(
        try SQLiteQueueStore(path: TemporaryDirectory.path("queue.db"), options: options), probe),
      clock: clock)
  }

  /// A worker whose words are kept in ``log``.
  func worker(
    _ workerID: String = "w", concurrency: Int = 1, leaseDurationMs: Int64 = 60_000,
    retryPolicy: RetryPolicy = .fixed(delayMs: 0), shutdownGraceMs: Int64 = 60_000,
    cancellationGraceMs: Int64 = 60_000, seed: UInt64 = 1
  ) throws -> Worker {
    let logger = Logger(label: "test", factory: { _ in log.handler })
    return try Worker(
      queue: queue,
      options: WorkerOptions(
        workerID: workerID, concurrency: concurrency, leaseDurationMs: leaseDurationMs,
        retryPolicy: retryPolicy, shutdownGraceMs: shutdownGraceMs,
        cancellationGraceMs: cancellationGraceMs, logger: logger),
      random: SeededGenerator(seed: seed))
  }

  @discardableResult
  func enqueue(_ tasks: NewTask...) throws -> [TaskID] {
    try queue.enqueue(contentsOf: tasks).map(\.id)
  }

  func task(_ id: TaskID) throws -> QueueTask { try #require(try queue.task(id)) }

  /// How many tasks have each status, those that none has left out.
  func counts() throws -> [TaskStatus: Int] { try queue.counts().filter { $0.value != 0 } }
}

/// A SplitMix64 generator: the same seed gives the same draws.
struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// What a handler fails with.
struct Breakdown: Error, CustomStringConvertible {
  var description = "it broke down"
}

/// Keeps what is logged.
final class LogCapture: Sendable {
  struct Entry: Sendable {
    let level: Logger.Level
    let message: String
    let metadata: Logger.Metadata
  }

  private let state = Mutex<[Entry]>([])

  var entries: [Entry] { state.withLock { $0 } }

  var handler: any LogHandler { Handler(capture: self) }

  private struct Handler: LogHandler {
    let capture: LogCapture
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    init(capture: LogCapture) { self.capture = capture }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let entry = Entry(
        level: event.level, message: "\(event.message)",
        metadata: metadata.merging(event.metadata ?? [:]) { $1 })
      capture.state.withLock { $0.append(entry) }
    }
  }
}
