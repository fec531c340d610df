package import Recording

/// How long tasks took on their way through all processes.
package struct Lifetimes: Sendable {
  /// From the intended start of the enqueue to the end of the accepted completion.
  package var endToEnd = LatencyHistogram()
  /// From the end of the enqueue to the end of the first claim.
  package var queued = LatencyHistogram()
  /// From the end of a lease that ran out to the end of the claim that took the task again.
  package var reclaim = LatencyHistogram()
  /// Tasks meant to be enqueued in the window, and enqueued.
  package var enqueued = 0
  /// Those of ``enqueued`` that never got a completion that was acknowledged.
  package var neverCompleted = 0
  /// Those of ``enqueued`` that are not completed in the database either, if that was asked.
  package var unfinished = 0
  /// Those of ``enqueued`` that were never claimed.
  package var neverClaimed = 0
  /// How long all tasks together were in the system within the window: from the intended start of the
  /// enqueue, or from before the window, to the end of the completion, or beyond the window.
  package var timeInWindowNs = 0.0
  /// No lifetimes.
  package init() {}
}

extension HistoryChecker {
  /// The lifetimes of tasks by a window in monotonic ns.
  ///
  /// ``Lifetimes/endToEnd`` and ``Lifetimes/queued`` are of the tasks whose intended enqueue lies in the
  /// window, whenever they got as far; ``Lifetimes/reclaim`` is of the claims that end in it or later. Tasks that
  /// lay in the queue before the run, and those whose enqueue got no answer, are left out. Where the
  /// end of an operation was recorded late, so that a step seems to end before it begins, it took 0 ns.
  ///
  /// `state` is the database after the run: who is killed may complete a task and not come to record it.
  package func lifetimes(in window: Range<UInt64>, state: FinalState? = nil) -> Lifetimes {
    var lifetimes = Lifetimes()
    for id in 1..<max(1, lives.count) {
      let life = lives[id]
      guard life.isEnqueued else { continue }
      // Of tasks that lay there before the run, the intended start is 0: before any window.
      let leftNs = life.isCompleted ? life.completionEndNs : .max
      lifetimes.timeInWindowNs += Double(
        span(max(life.intendedNs, window.lowerBound), min(leftNs, window.upperBound)))
      // The clock of the history never stands at 0.
      guard life.enqueueEndNs > 0 else { continue }
      if window.contains(life.intendedNs) {
        lifetimes.enqueued += 1
        if life.isFirstClaimed {
          lifetimes.queued.record(span(life.enqueueEndNs, life.firstClaimEndNs))
        } else {
          lifetimes.neverClaimed += 1
        }
        if life.isCompleted {
          lifetimes.endToEnd.record(span(life.intendedNs, life.completionEndNs))
        } else {
          lifetimes.neverCompleted += 1
          if state?.row(id).status != .completed { lifetimes.unfinished += 1 }
        }
      }
    }
    for task in attemptsByTask() {
      for (one, next) in zip(task.attempts, task.attempts.dropFirst())
      where !one.mayHaveEnded && next.attempt == one.attempt + 1
        && next.claimEndNs >= window.lowerBound && leaseNs > 0
      {
        lifetimes.reclaim.record(span(one.leaseFromNs + leaseNs, next.claimEndNs))
      }
    }
    return lifetimes
  }

  private func span(_ fromNs: UInt64, _ toNs: UInt64) -> UInt64 {
    toNs > fromNs ? toNs - fromNs : 0
  }
}
