internal import Platform
internal import QueueEngine
internal import Recording
internal import Scenarios

/// Claims tasks, holds them for the work time and completes them, until the queue is empty or the
/// drain is over.
struct ConsumerRole {
  private let session: RoleSession
  private let claimant: Claimant
  private let seat: any WorkerSeat
  private let leaseDurationMs: Int64
  private let workNs: UInt64
  private let renewalNs: UInt64
  private let batchSize: Int
  private let measureEndNs: UInt64
  private let drainEndNs: UInt64
  private let producerCount: UInt32

  init(_ session: RoleSession) throws {
    self.session = session
    seat = try session.queue.makeSeat()
    let settings = session.settings
    claimant = Claimant(workerID: session.configuration.name, strategy: settings.strategy)
    leaseDurationMs = Int64(settings.leaseDurationMs)
    workNs = UInt64(settings.workTimeUs) * 1000
    renewalNs = UInt64(settings.renewalMs) * 1_000_000
    batchSize = settings.batchSize
    measureEndNs = session.control.measureEndNs.load()
    drainEndNs = session.control.drainEndNs.load()
    producerCount = UInt32(settings.producers * settings.callers)
  }

  func run() throws {
    MonotonicClock.sleep(untilNs: session.control.startNs.load())
    while true {
      let tasks = try claim()
      if tasks.isEmpty {
        try waitForTask()
        if isDone(nowNs: MonotonicClock.nowNs()) { return }
        continue
      }
      if workNs > 0 {
        let readyNs = MonotonicClock.nowNs() + workNs
        try work(on: tasks, untilNs: min(readyNs, drainEndNs))
        // The time is over before the work is: the task stays held, as when a worker ends.
        if readyNs > drainEndNs { return }
      }
      try complete(tasks)
      session.queue.tidyUp()
      if MonotonicClock.nowNs() >= drainEndNs { return }
    }
  }

  /// Holds the tasks until then, and renews their leases as often as the scenario wants.
  private func work(on tasks: [ClaimedTask], untilNs: UInt64) throws {
    guard renewalNs > 0 else { return MonotonicClock.sleep(untilNs: untilNs) }
    while true {
      let nextNs = MonotonicClock.nowNs() + renewalNs
      MonotonicClock.sleep(untilNs: min(nextNs, untilNs))
      guard nextNs < untilNs else { return }
      // Who has lost the task works on, as most handlers would; the fence turns the completion down.
      try renew(tasks)
    }
  }

  private func renew(_ tasks: [ClaimedTask]) throws {
    let operation = session.begin(.extend)
    do {
      let answers = try session.extend(tasks.map(\.fence), leaseDurationMs: leaseDurationMs)
      let endNs = try session.end(
        operation, answers[0].outcome, taskID: tasks[0].id.rawValue,
        attempt: tasks[0].fence.attempt, batch: tasks.count)
      for (task, answer) in zip(tasks, answers).dropFirst() {
        try session.recordMembers(
          of: operation, answer.outcome, endNs: endNs,
          tasks: CollectionOfOne((id: task.id.rawValue, attempt: task.fence.attempt)))
      }
    } catch {
      try session.endFailed(
        operation, error, tasks: tasks.map { ($0.id.rawValue, $0.fence.attempt) })
    }
  }

  /// Waits like a worker that has nothing to do, but looks at the clock now and then.
  private func waitForTask() throws {
    do {
      guard let waitMs = try session.queue.prepareToWait(as: claimant, on: seat) else { return }
      seat.wait(upToMs: min(waitMs, Self.longestWaitMs))
    } catch let error as QueueError where error.isRetryable || session.settings.faults.brings(error)
    {
      // Others hold the database: with a rollback journal even a look has to wait. The next claim will tell.
    }
  }

  /// How long an idle consumer waits at most before it looks whether it is done.
  private static let longestWaitMs: Int64 = 20

  /// Whether nothing can come any more, or the time is over.
  private func isDone(nowNs: UInt64) -> Bool {
    if nowNs >= drainEndNs { return true }
    guard nowNs >= measureEndNs, session.control.finishedProducers.load() >= producerCount else {
      return false
    }
    // What a process held that was killed or has overslept comes back when its lease is over.
    return session.settings.faults.isEmpty || !mayHaveOpenTasks
  }

  private var mayHaveOpenTasks: Bool {
    guard let counts = try? session.queue.counts() else { return true }
    return counts[.queued, default: 0] + counts[.processing, default: 0] > 0
  }

  @inline(__always)
  private func claim() throws -> [ClaimedTask] {
    let operation = session.begin(.claim)
    do {
      if batchSize > 1 { return try claimBatch(operation) }
      guard
        let task = try session.claim(
          as: claimant, limit: 1, leaseDurationMs: leaseDurationMs
        ).first
      else {
        session.slowDown(operation)
        try session.end(operation, .empty)
        return []
      }
      session.slowDown(operation)
      try session.end(
        operation, .ok, taskID: task.id.rawValue, attempt: task.fence.attempt)
      return [task]
    } catch {
      try session.endFailed(operation, error)
      return []
    }
  }

  private func claimBatch(_ operation: RoleSession.Operation) throws -> [ClaimedTask] {
    let tasks = try session.claim(
      as: claimant, limit: batchSize, leaseDurationMs: leaseDurationMs)
    session.slowDown(operation)
    guard let first = tasks.first else {
      try session.end(operation, .empty)
      return []
    }
    let endNs = try session.end(
      operation, .ok, taskID: first.id.rawValue, attempt: first.fence.attempt, batch: tasks.count)
    try session.recordMembers(
      of: operation, .ok, endNs: endNs,
      tasks: tasks.dropFirst().lazy.map { ($0.id.rawValue, $0.fence.attempt) })
    return tasks
  }

  /// Completes what was claimed; tries again, each time as an operation of its own, while others hold
  /// the database for longer than the busy policy waits.
  @inline(__always)
  private func complete(_ tasks: [ClaimedTask]) throws {
    while true {
      let operation = session.begin(.complete)
      do {
        if tasks.count > 1 { return try completeBatch(tasks, operation) }
        let fence = tasks[0].fence
        let answer = try session.complete(fence)
        try session.end(
          operation, answer.outcome, taskID: fence.id.rawValue, attempt: fence.attempt)
        session.count(finishedTasks: answer == .accepted ? 1 : 0)
        return
      } catch {
        try session.endFailed(
          operation, error, tasks: tasks.map { ($0.id.rawValue, $0.fence.attempt) })
      }
    }
  }

  private func completeBatch(_ tasks: [ClaimedTask], _ operation: RoleSession.Operation) throws {
    let answers = try session.complete(tasks.map { (fence: $0.fence, result: nil) })
    session.count(finishedTasks: answers.count { $0 == .accepted })
    let endNs = try session.end(
      operation, answers[0].outcome, taskID: tasks[0].id.rawValue,
      attempt: tasks[0].fence.attempt, batch: tasks.count)
    for (task, answer) in zip(tasks, answers).dropFirst() {
      try session.recordMembers(
        of: operation, answer.outcome, endNs: endNs,
        tasks: CollectionOfOne((id: task.id.rawValue, attempt: task.fence.attempt)))
    }
  }
}

extension Acknowledgement {
  /// How the history names it.
  fileprivate var outcome: OperationOutcome {
    switch self {
    case .accepted: return .ok
    case .leaseLost: return .refused
    }
  }
}
