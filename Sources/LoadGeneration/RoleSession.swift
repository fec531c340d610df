#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Platform
internal import QueueEngine
internal import Recording
internal import SQLite
internal import Scenarios

/// What one caller of a role works with: the queue, the clock instants and its own log.
///
/// Without instrumentation nothing is measured and nothing recorded, but for the count of tasks.
///
/// `@unchecked Sendable`: made before its thread starts, and used by that thread only.
final class RoleSession: @unchecked Sendable {
  let configuration: RoleConfiguration
  /// Which of the process's callers it is, from 0.
  let caller: Int
  let control: ControlBlock
  let queue: TaskQueue
  private let taskCount: SharedWord64
  /// What the operation under way has cost.
  private var cost = OperationCost()
  /// Nil without instrumentation.
  private var log: OperationLogWriter?
  /// Whether acknowledgements have their place among the writes.
  private let logsWrites: Bool
  /// By how much claims are made longer on purpose.
  private let claimExtraPercent: UInt64?

  init(
    _ configuration: RoleConfiguration, caller: Int, queue: TaskQueue, control: ControlBlock
  ) throws {
    self.configuration = configuration
    self.caller = caller
    self.control = control
    self.queue = queue
    taskCount = control.taskCounts[configuration.processIndex]
    isMeasured = configuration.settings.instrumentation
    logsWrites = configuration.writeLogPath != nil
    if case .slowClaim(let percent) = configuration.settings.injectedFault {
      claimExtraPercent = UInt64(percent)
    } else {
      claimExtraPercent = nil
    }
    if configuration.settings.instrumentation {
      log = try OperationLogWriter(
        path: configuration.logPaths[caller],
        header: OperationLogHeader(
          role: configuration.role.rawValue, processIndex: UInt32(configuration.processIndex),
          pid: getpid(), createdNs: MonotonicClock.nowNs()),
        initialRecords: configuration.expectedRecords,
        growthRecords: configuration.expectedRecords)
    }
  }

  /// Which of the callers of all processes of the role it is, from 0, and how many there are.
  var position: (index: Int, count: Int) {
    (configuration.index * settings.callers + caller, configuration.count * settings.callers)
  }

  var settings: CellSettings { configuration.settings }

  /// Whether the operation under way is measured.
  private var isMeasured: Bool

  /// Follows the harness where it has measuring paused and resumed within a repeat.
  @inline(__always)
  private func followPauses() {
    guard settings.instrumentation else { return }
    let isWanted = control.isMeasuringPaused.loadRelaxed() == 0
    guard isWanted != isMeasured else { return }
    isMeasured = isWanted
    CountingVFS.setEnabled(isWanted)
  }

  // MARK: The queue's operations

  @inline(__always)
  func enqueue(_ task: NewTask) throws -> EnqueueReceipt {
    try isMeasured ? queue.enqueue(task, cost: &cost) : queue.enqueue(task)
  }

  func enqueue(contentsOf tasks: [NewTask]) throws -> [EnqueueReceipt] {
    try isMeasured
      ? queue.enqueue(contentsOf: tasks, cost: &cost) : queue.enqueue(contentsOf: tasks)
  }

  @inline(__always)
  func claim(as claimant: Claimant, limit: Int, leaseDurationMs: Int64) throws -> [ClaimedTask] {
    try isMeasured
      ? queue.claim(as: claimant, limit: limit, leaseDurationMs: leaseDurationMs, cost: &cost)
      : queue.claim(as: claimant, limit: limit, leaseDurationMs: leaseDurationMs)
  }

  func extend(_ fences: [Fence], leaseDurationMs: Int64) throws -> [Acknowledgement] {
    // Renewals are no part of what is measured; what the meter holds of the operation before is not theirs.
    cost = OperationCost()
    return try queue.extend(fences, leaseDurationMs: leaseDurationMs)
  }

  @inline(__always)
  func complete(_ fence: Fence) throws -> Acknowledgement {
    try isMeasured ? queue.complete(fence, cost: &cost) : queue.complete(fence)
  }

  func complete(
    _ completions: [(fence: Fence, result: String?)]
  ) throws -> [Acknowledgement] {
    try isMeasured ? queue.complete(completions, cost: &cost) : queue.complete(completions)
  }

  /// Counts tasks that this process has finished with.
  @inline(__always)
  func count(finishedTasks tasks: Int) { taskCount.add(UInt64(tasks)) }

  // MARK: Recording

  /// The times and the kind of an operation that is under way.
  struct Operation {
    let kind: OperationKind
    let intendedNs: UInt64
    let startNs: UInt64
  }

  /// Begins an operation; `intendedNs` nil means now.
  @inline(__always)
  func begin(_ kind: OperationKind, intendedNs: UInt64? = nil) -> Operation {
    followPauses()
    guard isMeasured else { return Operation(kind: kind, intendedNs: 0, startNs: 0) }
    let startNs = MonotonicClock.nowNs()
    return Operation(kind: kind, intendedNs: min(intendedNs ?? startNs, startNs), startNs: startNs)
  }

  /// Makes a claim longer where that is the injected fault.
  @inline(__always)
  func slowDown(_ operation: Operation) {
    guard let claimExtraPercent, isMeasured else { return }
    let nowNs = MonotonicClock.nowNs()
    let untilNs = nowNs + (nowNs - operation.startNs) * claimExtraPercent / 100
    // Not asleep, which takes as long as the system's timers like.
    while MonotonicClock.nowNs() < untilNs {}
  }

  /// Ends an operation on one task and records it; returns when it ended.
  @inline(__always)
  @discardableResult
  func end(
    _ operation: Operation, _ outcome: OperationOutcome, taskID: Int64 = 0, attempt: Int = 0,
    code: Int32 = 0, batch: Int = 1
  ) throws -> UInt64 {
    let endNs = MonotonicClock.nowNs()
    guard isMeasured else { return endNs }
    if logsWrites { mark(operation, outcome, taskID: taskID, attempt: attempt) }
    try log?.append(
      OperationRecord(
        kind: operation.kind, outcome: outcome, taskID: taskID, attempt: attempt,
        intendedStartNs: operation.intendedNs, startNs: operation.startNs, endNs: endNs,
        sqliteCode: code, busyCallbacks: UInt64(cost.busyCallbacks),
        busySleptUs: cost.busySleptNs / 1000, phases: cost.phases, batch: batch,
        syncs: cost.syncs, pagesWritten: cost.pagesWritten))
    return endNs
  }

  /// Records that an operation was never offered.
  func skip(_ kind: OperationKind, intendedNs: UInt64, batch: Int) throws {
    cost = OperationCost()
    try end(begin(kind, intendedNs: intendedNs), .skipped, batch: batch)
  }

  /// Records the second and later tasks of a batch whose first task was recorded by `end`.
  func recordMembers(
    of operation: Operation, _ outcome: OperationOutcome, endNs: UInt64,
    tasks: some Sequence<(id: Int64, attempt: Int)>
  ) throws {
    guard isMeasured else { return }
    for task in tasks {
      if logsWrites { mark(operation, outcome, taskID: task.id, attempt: task.attempt) }
      try log?.append(
        OperationRecord(
          kind: operation.kind, outcome: outcome, taskID: task.id, attempt: task.attempt,
          intendedStartNs: operation.intendedNs, startNs: operation.startNs, endNs: endNs,
          isMember: true))
    }
  }

  /// Notes among the writes that the operation was acknowledged by then.
  private func mark(
    _ operation: Operation, _ outcome: OperationOutcome, taskID: Int64, attempt: Int
  ) {
    guard outcome == .ok else { return }
    WriteLog.mark(
      kind: UInt32(operation.kind.rawValue), id: taskID, detail: UInt32(clamping: attempt),
      startNs: operation.startNs)
  }

  /// Records an operation that threw; throws on unless others merely held the database too long.
  ///
  /// `tasks` are those it was about, if they were known; else `batch` says how many there were.
  func endFailed(
    _ operation: Operation, _ error: any Error, tasks: [(id: Int64, attempt: Int)] = [],
    batch: Int = 1
  ) throws {
    guard let error = error as? QueueError else { throw error }
    // A full disk takes back what it could not hold.
    let outcome: OperationOutcome =
      error.isRetryable || error.code == .diskFull ? .failed : .indeterminate
    let endNs = try end(
      operation, outcome, taskID: tasks.first?.id ?? 0, attempt: tasks.first?.attempt ?? 0,
      code: (error.resultCode ?? .ok).rawValue, batch: max(tasks.count, batch))
    // Each of them may have been completed or not, and the account must know.
    try recordMembers(of: operation, outcome, endNs: endNs, tasks: tasks.dropFirst())
    guard !error.isRetryable else { return }
    guard settings.faults.brings(error) else { throw error }
    // A broken disk is no reason to burn a processor on it.
    MonotonicClock.sleep(untilNs: endNs + Self.pauseAfterFaultNs)
  }

  private static let pauseAfterFaultNs: UInt64 = 1_000_000
}

extension OperationCost {
  /// The parts that a record holds.
  @inline(__always)
  fileprivate var phases: OperationPhases {
    OperationPhases(
      lockWaitNs: lockWaitNs, lockHeldNs: lockHeldNs, commitNs: commitNs,
      checkpointNs: checkpointNs)
  }
}
