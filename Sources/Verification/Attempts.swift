/// The attempts of one task that was claimed more than once, extended, or given up.
struct TaskAttempts {
  /// One attempt as far as it is recorded; lists are sorted by attempt.
  struct Attempt {
    let attempt: UInt16
    let claimStartNs: UInt64
    let claimEndNs: UInt64
    /// When the lease was given or last extended, at the earliest.
    var leaseFromNs: UInt64
    /// Completed, failed or released, or perhaps: the lease need not have run out.
    var mayHaveEnded = false
  }

  let task: Int
  private(set) var attempts: [Attempt] = []
  /// Accepted acknowledgements.
  private(set) var accepted: [LaterEvent] = []
  /// Whether it was completed under an attempt after the first.
  private(set) var isRecovered = false

  /// From all later events of a task, claims first, and its life.
  init(task: Int, life: TaskLife, events: ArraySlice<LaterEvent>) {
    self.task = task
    if life.isFirstClaimed {
      attempts.append(
        Attempt(
          attempt: 1, claimStartNs: life.firstClaimStartNs, claimEndNs: life.firstClaimEndNs,
          leaseFromNs: life.firstClaimStartNs))
    }
    for event in events {
      switch event.kind {
      case .claim:
        // Of two claims under one fence, which is a finding of its own, the earlier.
        guard attempts.last?.attempt != event.attempt else { continue }
        attempts.append(
          Attempt(
            attempt: event.attempt, claimStartNs: event.startNs, claimEndNs: event.endNs,
            leaseFromNs: event.startNs))
      case .giveUp, .mayGiveUp:
        if let index = index(of: event.attempt) { attempts[index].mayHaveEnded = true }
      case .extend:
        guard let index = index(of: event.attempt) else { break }
        // An extension after the next claim is a stale acknowledgement and protects nothing.
        let next = attempts.index(after: index)
        if next == attempts.endIndex || event.startNs <= attempts[next].claimEndNs {
          attempts[index].leaseFromNs = max(attempts[index].leaseFromNs, event.startNs)
        }
      case .complete:
        if event.attempt > 1 { isRecovered = true }
        noteCompletion(event)
      }
      if event.isAccepted { accepted.append(event) }
    }
    if life.isCompletedFirst {
      let completion = LaterEvent(
        task: UInt32(truncatingIfNeeded: task), attempt: 1, kind: .complete,
        startNs: life.completionStartNs, endNs: life.completionEndNs)
      accepted.append(completion)
      noteCompletion(completion)
    }
  }

  /// A claim that follows is a claim of a completed task then, and not one within a lease; unless the
  /// completion came after it and is a stale one.
  private mutating func noteCompletion(_ event: LaterEvent) {
    guard let index = index(of: event.attempt) else { return }
    let next = attempts.index(after: index)
    if next == attempts.endIndex || event.startNs <= attempts[next].claimEndNs {
      attempts[index].mayHaveEnded = true
    }
  }

  private func index(of attempt: UInt16) -> Int? {
    attempts.firstIndex { $0.attempt == attempt }
  }
}

extension HistoryChecker {
  /// All tasks of which there is more to tell than one claim and one completion, by id.
  func attemptsByTask() -> [TaskAttempts] {
    let events = laterEvents.sorted {
      ($0.task, $0.kind.rawValue, $0.attempt, $0.endNs, $0.startNs)
        < ($1.task, $1.kind.rawValue, $1.attempt, $1.endNs, $1.startNs)
    }
    var tasks: [TaskAttempts] = []
    var first = events.startIndex
    while first < events.endIndex {
      let task = events[first].task
      var end = first
      while end < events.endIndex, events[end].task == task { end += 1 }
      tasks.append(
        TaskAttempts(task: Int(task), life: lives[Int(task)], events: events[first..<end]))
      first = end
    }
    return tasks
  }

  /// Leases that overlap, and acknowledgements that the fence should have turned down.
  func checkLeases(_ tasks: [TaskAttempts], _ judgement: inout Judgement) {
    var overlaps: [String] = []
    for task in tasks {
      for (one, next) in zip(task.attempts, task.attempts.dropFirst())
      where !one.mayHaveEnded && next.claimEndNs + Self.clockToleranceNs < one.leaseFromNs + leaseNs
      {
        overlaps.append("#\(task.task) attempt \(next.attempt)")
      }
      for event in task.accepted {
        let later = task.attempts.drop { $0.attempt <= event.attempt }
        guard !later.isEmpty else { continue }
        if later.contains(where: { $0.claimEndNs < event.startNs }) {
          judgement.add(.staleAccepted, "#\(task.task) attempt \(event.attempt)")
        } else if event.kind == .complete {
          // Whichever came first: what is completed is claimed no more, and what is claimed again
          // cannot be completed under the old fence.
          judgement.add(.claimedCompleted, "#\(task.task)")
        }
      }
    }
    // A killed process may have released its task without coming to say so.
    guard overlaps.count > anonymousReleases else { return }
    for overlap in overlaps { judgement.add(.leasesOverlap, overlap) }
  }

  /// Stored times are cut to milliseconds, those of the lease and of the claim that finds it over.
  private static let clockToleranceNs: UInt64 = 2_000_000
}
