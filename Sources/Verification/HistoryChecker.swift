package import Recording

/// Checks what processes say they did against what lies in the database.
///
/// Feed it every record of every log, in any order of the logs, then ``judge(against:)``. It needs about
/// 64 bytes per task, and 24 per event beyond a task's first claim and its completion.
///
/// Each operation took effect at some instant between its start and its end, or, if its outcome is
/// indeterminate, perhaps never. A finding is a contradiction that remains whichever instants these were:
/// what overlapped in time accuses nobody. Leases are of the wall clock, so one that is set forward during
/// a run, or goes on while the machine sleeps, can make leases look cut short; nothing else depends on it.
package struct HistoryChecker: Sendable {
  let order: ClaimOrder
  let leaseNs: UInt64
  /// By task id; index 0 is unused.
  var lives = SparseTable(blank: TaskLife())
  /// What is rare, in the order of the records.
  var laterEvents: [LaterEvent] = []
  /// The tasks of first claims in the order of the records; kept for `weightedRandom` only, where the
  /// order within a batch matters.
  var draws: [UInt32] = []
  /// What is found without the database.
  var early = Judgement()
  /// Tasks 1 to this one had ended before the run.
  let finishedCount: Int
  let prefilledCount: Int
  /// From when to when anything happened.
  var firstNs: UInt64 = .max
  var lastNs: UInt64 = 0

  private let recordsDraws: Bool
  /// Enqueues and completions that may have happened or not.
  private(set) var indeterminateEnqueues = 0
  private(set) var indeterminateCompletions: Set<Int64> = []
  private(set) var indeterminateClaims = 0
  /// Operations of killed processes that may have happened, of which nobody knows what they were about.
  private(set) var anonymousCompletions = 0
  /// Of these, how many may have been releases, after which a task may be claimed at once.
  private(set) var anonymousReleases = 0
  /// The tasks that killed processes held; nil if that is not known.
  private(set) var heldByKilled: Set<Int64>?

  /// A checker for one repeat.
  ///
  /// - Parameters:
  ///   - finishedCount: tasks 1 to this one had been completed before the run, which has nothing to do with them:
  ///     they may be removed, and must not change.
  ///   - prefilledCount: the queue was filled with that many tasks before the run, whose ids come next.
  ///   - order: which of the ready tasks every claim has to take, from workers that can serve all tasks.
  ///   - leaseDurationMs: how long all leases last; 0 leaves leases unchecked.
  package init(
    finishedCount: Int = 0, prefilledCount: Int, order: ClaimOrder, leaseDurationMs: Int
  ) {
    self.finishedCount = finishedCount
    self.prefilledCount = prefilledCount
    self.order = order
    leaseNs = UInt64(max(0, leaseDurationMs)) * 1_000_000
    if case .weightedRandom = order { recordsDraws = true } else { recordsDraws = false }
    for id in 0..<prefilledCount { lives.update(finishedCount + id + 1) { $0.markPrefilled() } }
  }

  /// Enters one record.
  @inline(__always)
  package mutating func add(_ record: OperationRecord) {
    if record.startNs < firstNs { firstNs = record.startNs }
    if record.endNs > lastNs { lastNs = record.endNs }
    switch (record.kind, record.outcome) {
    case (.enqueue, .ok): addEnqueue(record)
    case (.claim, .ok): addClaim(record)
    case (.complete, .ok): addCompletion(record)
    case (.claim, .empty): break
    default: addRare(record)
    }
  }

  /// Allows for what processes were doing when they were killed: an operation that took effect but was
  /// not recorded any more.
  ///
  /// `completions` stands for everything that consumers do: each may have been a claim, or an
  /// acknowledgement of any kind. `releases` is how many of them may have given a task back; nil for all, 0 where
  /// consumers never do. `tasks` are those that the killed consumers held, which alone they can have acknowledged;
  /// nil if that is not known.
  package mutating func allowUnrecorded(
    enqueues: Int, completions: Int, releases: Int? = nil, ofTasks tasks: Set<Int64>? = nil
  ) {
    indeterminateEnqueues += enqueues
    anonymousCompletions += completions
    anonymousReleases += releases ?? completions
    heldByKilled = tasks
  }

  /// Operations whose outcome nobody knows.
  var indeterminateCount: Int {
    indeterminateEnqueues + indeterminateCompletions.count + indeterminateClaims
      + anonymousCompletions
  }

  /// Whether tasks may have been claimed without a record that says so.
  var mayMissClaims: Bool { indeterminateClaims > 0 || anonymousCompletions > 0 }

  private mutating func addEnqueue(_ record: OperationRecord) {
    guard let index = index(of: record.taskID) else {
      return early.add(.unexpected, "#\(record.taskID)")
    }
    if lives.update(index, { $0.markEnqueued(record) }) {
      early.add(.enqueuedTwice, "#\(record.taskID)")
    }
  }

  private mutating func addClaim(_ record: OperationRecord) {
    guard let index = index(of: record.taskID) else {
      return early.add(.claimedUnknown, "#\(record.taskID)")
    }
    if lives.update(index, { $0.markClaimed(record) }) {
      early.add(.claimedTwice, "#\(record.taskID) attempt \(record.attempt)")
    }
    if record.attempt > 1 {
      early.redelivered += 1
      addLater(index, .claim, record)
    } else if recordsDraws {
      draws.append(UInt32(truncatingIfNeeded: index))
    }
  }

  private mutating func addCompletion(_ record: OperationRecord) {
    guard let index = index(of: record.taskID) else {
      return early.add(.completedUnclaimed, "#\(record.taskID)")
    }
    let before = lives[index]
    // Repeating a completion under one fence is allowed, and answered alike; see the engine.
    let isSecond = lives.update(index) { $0.markCompleted(record) }
    if isSecond {
      early.add(.completedTwice, "#\(record.taskID)")
      // A lone completion of attempt 1 is the life's own; now there are several to tell apart.
      if before.isCompletedFirst {
        laterEvents.append(
          LaterEvent(
            task: UInt32(truncatingIfNeeded: index), attempt: 1, kind: .complete,
            startNs: before.completionStartNs, endNs: before.completionEndNs))
      }
    }
    if isSecond || record.attempt > 1 { addLater(index, .complete, record) }
  }

  private mutating func addRare(_ record: OperationRecord) {
    switch (record.kind, record.outcome) {
    case (.enqueue, .indeterminate): indeterminateEnqueues += max(1, Int(record.batch))
    case (.claim, .indeterminate): indeterminateClaims += 1
    case (.complete, .indeterminate): indeterminateCompletions.insert(record.taskID)
    case (.extend, .ok): addLater(record, .extend)
    case (.fail, .ok), (.release, .ok): addLater(record, .giveUp)
    case (.fail, .indeterminate), (.release, .indeterminate): addLater(record, .mayGiveUp)
    case (.complete, .refused):
      early.refused += 1
      early.wasted += 1
    case (.fail, .refused), (.release, .refused), (.extend, .refused): early.refused += 1
    // Without effect on tasks: what found nothing, what failed, and what has nothing to do with them.
    default: break
    }
  }

  private mutating func addLater(_ record: OperationRecord, _ kind: LaterEvent.Kind) {
    guard let index = index(of: record.taskID) else { return }
    addLater(index, kind, record)
  }

  private mutating func addLater(
    _ index: Int, _ kind: LaterEvent.Kind, _ record: OperationRecord
  ) {
    laterEvents.append(
      LaterEvent(
        task: UInt32(truncatingIfNeeded: index), attempt: max(1, record.attempt), kind: kind,
        startNs: record.startNs, endNs: record.endNs))
  }

  @inline(__always)
  private func index(of id: Int64) -> Int? {
    // Task numbers of 32 bits are kept; no repeat has logs for more.
    guard FinalState.isPlausible(id, behind: max(1, lives.count)), id < UInt32.max else {
      return nil
    }
    return Int(id)
  }
}
