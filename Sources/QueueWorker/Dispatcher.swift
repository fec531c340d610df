internal import Logging
internal import Platform
internal import QueueEngine
internal import Synchronization

/// A run of a worker: takes tasks, starts handlers, renews leases, settles what has ended.
///
/// Lives on one thread, which alone calls the queue, and waits there for whatever comes next. Not Sendable.
final class Dispatcher {
  /// How far a shutdown has come; each step ends at a moment of the monotonic clock.
  private enum Stage {
    case serving
    /// Handlers may go on.
    case finishing(untilNs: UInt64)
    /// Handlers are cancelled, and may return.
    case cancelling(untilNs: UInt64)
    /// Nothing is waited for but the queue.
    case leaving(untilNs: UInt64)
  }

  let job: WorkerJob
  let claimant: Claimant
  /// Where to wait for tasks; made when there is nothing to do first.
  private var seat: (any WorkerSeat)?
  let logger: Logger
  /// Those that are held or whose handlers run.
  private(set) var attempts: [Fence: Attempt] = [:]
  /// How many handlers have not returned.
  private var runningCount = 0
  private var stage = Stage.serving
  /// Whether a claim has found nothing, and nothing has happened since.
  var isKnownEmpty = false
  /// Whether a claim has been carried out.
  var hasClaimed = false
  /// How often in a row the queue has said that there may be a task, and there was none.
  var emptyLooks = 0
  /// What has failed since the queue was last of use, and until when to leave it alone.
  var trouble = QueueTrouble()

  init(_ job: WorkerJob) {
    self.job = job
    claimant = job.claimant
    var logger = job.options.logger
    logger[metadataKey: "worker"] = "\(job.options.workerID)"
    self.logger = logger
    if let hazard = job.queue.hazard { logger.warning("this queue may lose tasks: \(hazard)") }
  }

  /// Works until the end of the run.
  func run() throws {
    defer { leaveHandlers() }
    while true {
      letOutcomesGather()
      let mail = job.inbox.take()
      let nowNs = MonotonicClock.nowNs()
      advance(to: mail.stop, nowNs: nowNs)
      for ended in mail.ended { handlerHasEnded(ended) }
      endOverdueHandlers(nowNs: nowNs)
      if isFinished { return }
      if try mustGiveUp(nowNs: nowNs) { return }
      if nowNs >= trouble.pausedUntilNs, try workQueue(nowNs: nowNs) { continue }
      try waitForNews()
    }
  }

  // MARK: Places

  /// How many tasks may be taken.
  var freePlaces: Int {
    guard case .serving = stage else { return 0 }
    if job.mode == .once, hasClaimed { return 0 }
    let aheadCount = job.mode == .once ? 0 : job.options.tasksAhead?() ?? 0
    return max(0, job.options.concurrency + aheadCount - runningCount)
  }

  /// How long outcomes may come together.
  private static let gatheringNs: UInt64 = 2_000_000

  /// While handlers wait for others to end, nobody waits for a turn.
  private func letOutcomesGather() {
    guard case .serving = stage, runningCount > job.options.concurrency else { return }
    MonotonicClock.sleep(untilNs: MonotonicClock.nowNs() + Self.gatheringNs)
  }

  /// Whether no lease is held.
  var isHoldingNothing: Bool { !attempts.values.contains { $0.isHeld } }

  /// Whether nothing is left to do in this run. Handlers whose outcome is of no use are not waited for.
  private var isFinished: Bool {
    guard isHoldingNothing else { return false }
    guard case .serving = stage else { return true }
    switch job.mode {
    case .untilShutdown: return false
    case .once: return hasClaimed
    case .drain: return isKnownEmpty
    }
  }

  // MARK: Handlers

  /// Starts the handlers of tasks whose leases hold at least until then.
  func start(_ tasks: [ClaimedTask], leaseEndNs: UInt64, renewAtNs: UInt64) {
    job.counts.update { $0.claimed += tasks.count }
    let nowNs = MonotonicClock.nowNs()
    for task in tasks {
      // Somebody may have changed the type of a waiting task by hand.
      let handling =
        job.handlers[task.type] ?? .missing(task.type, retryPolicy: job.options.retryPolicy)
      var logger = logger
      logger[metadataKey: "task"] = "\(task.id)"
      logger[metadataKey: "attempt"] = "\(task.fence.attempt)"
      let signals = AttemptSignals(inbox: job.inbox)
      let context = TaskContext(task: task, logger: logger, signals: signals)
      let attempt = Attempt(
        task, handling: handling, signals: signals, leaseEndNs: leaseEndNs, renewAtNs: renewAtNs,
        timeOutAtNs: handling.timeoutMs.map { nowNs.adding(milliseconds: $0) })
      attempts[task.fence] = attempt
      observers { $0.workerStarted(task, workerID: $1) }
      attempt.handler = Task.detached { [inbox = job.inbox] in
        let outcome: Result<String?, any Error>
        do {
          outcome = .success(try await handling.handler(context))
        } catch {
          outcome = .failure(error)
        }
        inbox.handlerHasEnded(task.fence, outcome)
      }
    }
    runningCount += tasks.count
    job.counts.update { $0.running += tasks.count }
  }

  private func handlerHasEnded(_ ended: WorkerInbox.EndedHandler) {
    guard let attempt = attempts[ended.fence] else { return }
    if attempt.isWorking, case .failure(let error) = ended.outcome { attempt.error = error }
    attempt.handlerHasEnded { settlement(of: attempt, ended.outcome) }
    if attempt.isOver { attempts[ended.fence] = nil }
    runningCount -= 1
    job.counts.update { $0.running -= 1 }
  }

  /// Whatever ends the run, no handler shall go on in the belief that its outcome matters.
  private func leaveHandlers() {
    for attempt in attempts.values { attempt.handler?.cancel() }
    job.counts.update { [runningCount] in $0.running -= runningCount }
  }

  private func endOverdueHandlers(nowNs: UInt64) {
    for attempt in attempts.values where attempt.isWorking {
      guard let timeOutAtNs = attempt.timeOutAtNs, timeOutAtNs <= nowNs,
        let timeoutMs = attempt.handling.timeoutMs
      else { continue }
      let message = "timed out: the handler has taken longer than \(timeoutMs) ms"
      job.counts.update { $0.timedOut += 1 }
      attempt.settleWithoutHandler(failure(of: attempt, message))
      attempt.handler?.cancel()
    }
  }

  /// A lease is known to have passed on.
  func leaseIsLost(_ attempt: Attempt) {
    logger.warning(
      "the lease was lost: what the handler returns is dropped",
      metadata: ["task": "\(attempt.fence.id)", "attempt": "\(attempt.fence.attempt)"])
    job.counts.update { $0.leaseLost += 1 }
    observers { $0.workerLostLease(attempt.task, workerID: $1) }
    attempt.signals.isLeaseLost.store(true, ordering: .relaxed)
    letGo(attempt)
    attempt.handler?.cancel()
  }

  /// The queue needs to hear nothing more of an attempt.
  func letGo(_ attempt: Attempt) {
    attempt.letGo()
    if attempt.isOver { attempts[attempt.fence] = nil }
  }

  // MARK: Outcomes

  private func settlement(
    of attempt: Attempt, _ outcome: Result<String?, any Error>
  ) -> Settlement {
    switch outcome {
    case .success(let result):
      return .complete(result: result)
    case .failure(is GivenBack):
      return .release
    case .failure(let error as PermanentFailure):
      return .fail(.permanent(message: Self.stored(error.message)))
    case .failure(let error as RetryLater):
      let runAfter = job.queue.clock().adding(milliseconds: max(0, error.afterMs))
      return .fail(.retry(at: runAfter, message: Self.stored(error.message)))
    case .failure(let error):
      if attempt.isCancelledByShutdown || (job.inbox.isStopping && error is CancellationError) {
        return .release
      }
      return failure(of: attempt, String(describing: error))
    }
  }

  /// A failed attempt, by the retry policy.
  func failure(of attempt: Attempt, _ message: String) -> Settlement {
    let message = Self.stored(message)
    let delayMs = job.random.delayMs(
      attempt.handling.retryPolicy, afterAttempt: attempt.fence.attempt)
    guard let delayMs else { return .fail(.permanent(message: message)) }
    return .fail(.retry(at: job.queue.clock().adding(milliseconds: delayMs), message: message))
  }

  /// What is stored of an error; some describe themselves by megabytes.
  private static func stored(_ message: String) -> String {
    let start = message.prefix(2000)
    return start.endIndex == message.endIndex ? message : start + "…"
  }

  // MARK: Shutdown

  private func advance(to stop: WorkerInbox.Stop, nowNs: UInt64) {
    let options = job.options
    if case .serving = stage, stop != .none {
      stage = .finishing(untilNs: nowNs.adding(milliseconds: options.shutdownGraceMs))
    }
    if case .finishing(let endNs) = stage, nowNs >= endNs || stop == .immediate {
      for attempt in attempts.values where attempt.isWorking {
        attempt.isCancelledByShutdown = true
        attempt.handler?.cancel()
      }
      stage = .cancelling(untilNs: nowNs.adding(milliseconds: options.cancellationGraceMs))
    }
    if case .cancelling(let endNs) = stage, nowNs >= endNs {
      for attempt in attempts.values { attempt.settleWithoutHandler(.release) }
      stage = .leaving(untilNs: nowNs.adding(milliseconds: Self.leavingMs))
    }
  }

  /// Whether the queue has been out of order until the end of a shutdown.
  private func mustGiveUp(nowNs: UInt64) throws -> Bool {
    guard case .leaving(let endNs) = stage, nowNs >= endNs, let error = trouble.lastError else {
      return false
    }
    logger.error("outcomes could not be stored; the tasks' leases will expire: \(error)")
    throw error
  }

  /// How long a worker that has nothing else to do any more waits for its queue.
  private static let leavingMs: Int64 = 1000

  // MARK: Waiting

  /// When something is to be done even without news; the end of time if nothing is.
  private var nextTimerNs: UInt64 {
    var nextNs = UInt64.max
    switch stage {
    case .serving: break
    case .finishing(let endNs), .cancelling(let endNs), .leaving(let endNs): nextNs = endNs
    }
    for attempt in attempts.values {
      if attempt.settlement != nil { nextNs = min(nextNs, trouble.pausedUntilNs) }
      guard attempt.isWorking else { continue }
      nextNs = min(nextNs, attempt.timeOutAtNs ?? .max)
      nextNs = min(nextNs, max(attempt.renewAtNs, trouble.pausedUntilNs))
    }
    if freePlaces > 0, trouble.lastError != nil { nextNs = min(nextNs, trouble.pausedUntilNs) }
    return nextNs
  }

  private func waitForNews() throws {
    let timerNs = nextTimerNs
    guard freePlaces > 0, trouble.lastError == nil else {
      job.inbox.wait(forNs: timerNs.remaining)
      return
    }
    let seat: any WorkerSeat
    let adviceMs: Int64?
    do {
      seat = try self.seat ?? job.queue.makeSeat()
      self.seat = seat
      adviceMs = try job.queue.prepareToWait(as: claimant, on: seat)
    } catch {
      try queueHasFailed(error)
      return
    }
    isKnownEmpty = false
    guard let adviceMs else {
      emptyLooks += 1
      // Whatever makes the queue believe so, it must not keep a processor busy.
      if emptyLooks > 3 { job.inbox.wait(forNs: min(timerNs.remaining, 20_000_000)) }
      return
    }
    emptyLooks = 0
    // Up to the next millisecond: less would be a turn too many.
    let timerMs = Int64(min(timerNs.remaining / 1_000_000, UInt64(Int32.max))) + 1
    job.inbox.wait(on: seat, upToMs: min(max(1, adviceMs), timerMs))
  }
}

extension UInt64 {
  /// A moment of the monotonic clock that much later, or the last one there is.
  func adding(milliseconds: Int64) -> UInt64 {
    let (ns, isTooLong) = UInt64(Swift.max(0, milliseconds)).multipliedReportingOverflow(
      by: 1_000_000)
    let (sum, hasOverflow) = addingReportingOverflow(ns)
    return isTooLong || hasOverflow ? .max : sum
  }

  /// How far off a moment of the monotonic clock is, in nanoseconds; 0 if it is over.
  var remaining: UInt64 {
    if self == .max { return .max }
    let nowNs = MonotonicClock.nowNs()
    return self > nowNs ? self - nowNs : 0
  }
}
