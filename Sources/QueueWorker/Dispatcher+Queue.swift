internal import Logging
internal import Platform
internal import QueueEngine

/// What a queue that fails is treated with: pauses, each longer than the one before.
struct QueueTrouble {
  private(set) var lastError: (any Error)?
  private(set) var pausedUntilNs: UInt64 = 0
  private var failuresInARow = 0

  mutating func hasFailed(_ error: any Error, longestPauseMs: Int64) {
    lastError = error
    failuresInARow += 1
    let pauseMs = min(longestPauseMs, Int64(20) << min(failuresInARow, 10))
    pausedUntilNs = MonotonicClock.nowNs().adding(milliseconds: pauseMs)
  }

  mutating func isOver() { self = QueueTrouble() }
}

/// The calls of a dispatcher on the queue.
extension Dispatcher {
  /// Settles, renews and claims what there is to; false if there was nothing.
  ///
  /// What has ended is settled in one transaction that does all the rest, too: a busy worker has one
  /// commit per turn. Without that, claims go by themselves, because they need no write lock then while
  /// the queue is empty.
  func workQueue(nowNs: UInt64) throws -> Bool {
    let unsettled = attempts.values.filter { $0.settlement != nil }
    let renewals = attemptsToRenew(nowNs: nowNs)
    let places = freePlaces
    do {
      if !unsettled.isEmpty {
        try settle(unsettled, renewing: renewals, claiming: places)
      } else if !renewals.isEmpty {
        try renew(renewals)
      } else if places > 0, !isKnownEmpty {
        try claim(places)
      } else {
        return false
      }
      trouble.isOver()
      // Handlers run by now: what can wait keeps none of them waiting.
      job.queue.tidyUp()
    } catch {
      try queueHasFailed(error)
      giveUpExpired(unsettled)
    }
    return true
  }

  // MARK: Settling

  private struct Turn: Sendable {
    enum Answer: Sendable {
      case acknowledged(Acknowledgement)
      /// The queue cannot take the settlement as it is.
      case refused(QueueError)
    }

    var answers: [Answer] = []
    var renewed: [Acknowledgement] = []
    var claimed: [ClaimedTask] = []
  }

  private func settle(
    _ unsettled: [Attempt], renewing renewals: [Attempt], claiming places: Int
  ) throws {
    let settlements = unsettled.compactMap { attempt in
      attempt.settlement.map { (fence: attempt.fence, settlement: $0) }
    }
    let fences = renewals.map(\.fence)
    let leaseDurationMs = job.options.leaseDurationMs
    let sentAtNs = MonotonicClock.nowNs()
    let turn = try job.queue.transaction { [claimant] transaction in
      var turn = Turn()
      for (fence, settlement) in settlements {
        turn.answers.append(try Self.settle(fence, settlement, in: transaction))
      }
      if !fences.isEmpty {
        turn.renewed = try transaction.extend(fences, leaseDurationMs: leaseDurationMs)
      }
      if places > 0 {
        turn.claimed = try transaction.claim(
          as: claimant, limit: places, leaseDurationMs: leaseDurationMs)
      }
      return turn
    }
    for (attempt, answer) in zip(unsettled, turn.answers) { isSettled(attempt, answer) }
    areRenewed(renewals, turn.renewed, sentAtNs: sentAtNs)
    // What was settled may be ready for us again.
    isKnownEmpty = false
    if places > 0 { areClaimed(turn.claimed, sentAtNs: sentAtNs) }
  }

  /// A settlement that is refused as senseless, such as a result that is no JSON, must not keep the
  /// others from being stored.
  private static func settle(
    _ fence: Fence, _ settlement: Settlement, in transaction: TaskTransaction
  ) throws -> Turn.Answer {
    do {
      return .acknowledged(try settlement.carriedOut(fence, in: transaction))
    } catch let error as QueueError where error.code == .invalidArgument {
      return .refused(error)
    }
  }

  private func isSettled(_ attempt: Attempt, _ answer: Turn.Answer) {
    guard let settlement = attempt.settlement else { return }
    switch answer {
    case .acknowledged(.accepted):
      count(settlement, of: attempt)
      letGo(attempt)
    case .acknowledged(.leaseLost):
      leaseIsLost(attempt)
    case .refused(let error):
      if case .complete = settlement {
        attempt.resettle(failure(of: attempt, "the handler's result is refused: \(error)"))
      } else {
        logger.error("\(attempt.fence.id): its failure cannot be stored: \(error)")
        letGo(attempt)
      }
    }
  }

  private func count(_ settlement: Settlement, of attempt: Attempt) {
    job.counts.update { statistics in
      switch settlement {
      case .complete: statistics.completed += 1
      case .release: statistics.released += 1
      case .fail(.permanent): statistics.failed += 1
      case .fail(.retry):
        if attempt.fence.attempt < attempt.task.maxAttempts {
          statistics.retried += 1
        } else {
          statistics.deadLettered += 1
        }
      }
    }
    observersHear(settlement, of: attempt)
    if case .fail(let failure) = settlement {
      logger.info(
        "an attempt has failed: \(failure)",
        metadata: ["task": "\(attempt.fence.id)", "attempt": "\(attempt.fence.attempt)"])
    }
  }

  // MARK: Renewing

  /// Once one lease is due, those that will be soon are renewed with it.
  private func attemptsToRenew(nowNs: UInt64) -> [Attempt] {
    let working = attempts.values.filter(\.isWorking)
    guard working.contains(where: { $0.renewAtNs <= nowNs }) else { return [] }
    let soonNs = nowNs.adding(milliseconds: job.options.leaseDurationMs / 6)
    return working.filter { $0.renewAtNs <= soonNs }
  }

  private func renew(_ renewals: [Attempt]) throws {
    let sentAtNs = MonotonicClock.nowNs()
    let answers = try job.queue.extend(
      renewals.map(\.fence), leaseDurationMs: job.options.leaseDurationMs)
    areRenewed(renewals, answers, sentAtNs: sentAtNs)
  }

  private func areRenewed(
    _ renewals: [Attempt], _ answers: [Acknowledgement], sentAtNs: UInt64
  ) {
    for (attempt, answer) in zip(renewals, answers) {
      switch answer {
      case .accepted:
        attempt.leaseEndNs = leaseEndNs(sentAtNs: sentAtNs)
        attempt.renewAtNs = renewAtNs(sentAtNs: sentAtNs)
        job.counts.update { $0.renewed += 1 }
      case .leaseLost:
        leaseIsLost(attempt)
      }
    }
  }

  /// The queue reads its clock after the call was sent, so the lease cannot end before that.
  private func leaseEndNs(sentAtNs: UInt64) -> UInt64 {
    sentAtNs.adding(milliseconds: job.options.leaseDurationMs)
  }

  private func renewAtNs(sentAtNs: UInt64) -> UInt64 {
    sentAtNs.adding(milliseconds: job.options.leaseDurationMs / 3)
  }

  // MARK: Claiming

  private func claim(_ places: Int) throws {
    let sentAtNs = MonotonicClock.nowNs()
    let tasks = try job.queue.claim(
      as: claimant, limit: places, leaseDurationMs: job.options.leaseDurationMs)
    areClaimed(tasks, sentAtNs: sentAtNs)
  }

  private func areClaimed(_ tasks: [ClaimedTask], sentAtNs: UInt64) {
    hasClaimed = true
    isKnownEmpty = tasks.isEmpty
    guard !tasks.isEmpty else { return }
    emptyLooks = 0
    start(
      tasks, leaseEndNs: leaseEndNs(sentAtNs: sentAtNs), renewAtNs: renewAtNs(sentAtNs: sentAtNs))
  }

  // MARK: Errors

  /// Throws if nothing can come of trying again; otherwise sees to a pause.
  func queueHasFailed(_ error: any Error) throws {
    job.counts.update { $0.queueErrors += 1 }
    isKnownEmpty = false
    let code = (error as? QueueError)?.code
    switch code {
    case .corrupt, .notAQueue, .schemaTooNew, .invalidArgument:
      logger.error("the queue is beyond help: \(error)")
      throw error
    case .busy:
      break
    case .diskFull, .readOnly, .storage, nil:
      // Nobody looks at a worker that a timer has started, unless it ends.
      if job.mode != .untilShutdown, isHoldingNothing { throw error }
    }
    logger.warning("a call on the queue has failed and is made again: \(error)")
    // Renewals are to have several tries before a lease ends.
    trouble.hasFailed(
      error, longestPauseMs: min(5000, max(5, job.options.leaseDurationMs / 6)))
  }

  /// What could not be settled while its lease held is tried by itself and then let go, so that an
  /// outcome that the queue cannot store does not keep others from being stored for ever.
  ///
  /// A queue that is busy or full takes nothing from anybody; then everything is kept.
  private func giveUpExpired(_ unsettled: [Attempt]) {
    guard let error = trouble.lastError as? QueueError, error.code == .storage else { return }
    let nowNs = MonotonicClock.nowNs()
    for attempt in unsettled where attempt.leaseEndNs <= nowNs {
      do {
        try settle([attempt], renewing: [], claiming: 0)
      } catch {
        logger.error("\(attempt.fence.id): its outcome is lost, its lease has expired: \(error)")
        letGo(attempt)
      }
    }
  }
}
