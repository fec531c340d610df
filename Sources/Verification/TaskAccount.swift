package import Recording

/// The account of all tasks of one repeat, from the logs of all its processes.
///
/// Feed it every record of every log, in any order, then ``judge(against:)``. It needs about 16 bytes
/// per task.
package struct TaskAccount: Sendable {
  /// What is known of one task, in 16 bytes.
  private struct Entry {
    /// Bit `n` is set if attempt `n + 1` was claimed; attempts beyond 62 share bit 62.
    private(set) var claimedAttempts: UInt64 = 0
    private(set) var completedAttempts: UInt64 = 0

    private static let enqueuedBit: UInt64 = 1 << 63
    /// From this attempt on, attempts cannot be told apart.
    static let sharedAttempt = 63

    private static func bit(_ attempt: Int) -> UInt64 {
      1 << UInt64(min(max(attempt, 1), sharedAttempt) - 1)
    }

    var isEnqueued: Bool { completedAttempts & Self.enqueuedBit != 0 }
    var isClaimed: Bool { claimedAttempts != 0 }
    var isCompleted: Bool { completedAttempts & ~Self.enqueuedBit != 0 }
    var isCompletedUnclaimed: Bool {
      completedAttempts & ~Self.enqueuedBit & ~claimedAttempts != 0
    }

    mutating func markEnqueued() { completedAttempts |= Self.enqueuedBit }

    /// Returns whether that attempt was claimed before.
    mutating func markClaimed(_ attempt: Int) -> Bool {
      let bit = Self.bit(attempt)
      defer { claimedAttempts |= bit }
      return claimedAttempts & bit != 0 && attempt < Self.sharedAttempt
    }

    /// Returns whether another attempt was completed before.
    mutating func markCompleted(_ attempt: Int) -> Bool {
      let bit = Self.bit(attempt)
      defer { completedAttempts |= bit }
      return completedAttempts & ~Self.enqueuedBit & ~bit != 0
    }
  }

  private var entries: [Entry]
  private var early = Judgement()
  /// Enqueues and completions that may have happened or not.
  private var indeterminateEnqueues = 0
  private var indeterminateCompletions: Set<Int64> = []
  private var indeterminateClaims = 0
  /// Completions that may have happened, of which nobody knows which tasks they were about.
  private var anonymousCompletions = 0

  /// An account of a queue that was filled with tasks 1 to `prefilledCount` before the run.
  package init(prefilledCount: Int) {
    var prefilled = Entry()
    prefilled.markEnqueued()
    entries = [Entry()] + Array(repeating: prefilled, count: prefilledCount)
  }

  /// Enters one record.
  package mutating func add(_ record: OperationRecord) {
    switch (record.kind, record.outcome) {
    case (.enqueue, .ok): addEnqueue(record.taskID)
    case (.enqueue, .indeterminate): indeterminateEnqueues += max(1, Int(record.batch))
    case (.claim, .ok): addClaim(record.taskID, attempt: Int(record.attempt))
    case (.claim, .indeterminate): indeterminateClaims += 1
    case (.complete, .ok): addCompletion(record.taskID, attempt: Int(record.attempt))
    case (.complete, .indeterminate): indeterminateCompletions.insert(record.taskID)
    default: break
    }
  }

  /// Allows for what processes were doing when they were killed: an operation that took effect but was
  /// not recorded any more.
  package mutating func allowUnrecorded(enqueues: Int, completions: Int) {
    indeterminateEnqueues += enqueues
    anonymousCompletions += completions
  }

  private mutating func addEnqueue(_ id: Int64) {
    guard let index = index(of: id) else { return early.add(.unexpected, "#\(id)") }
    if entries[index].isEnqueued { early.add(.enqueuedTwice, "#\(id)") }
    entries[index].markEnqueued()
  }

  private mutating func addClaim(_ id: Int64, attempt: Int) {
    guard let index = index(of: id) else { return early.add(.claimedUnknown, "#\(id)") }
    if entries[index].markClaimed(attempt) {
      early.add(.claimedTwice, "#\(id) attempt \(attempt)")
    }
  }

  private mutating func addCompletion(_ id: Int64, attempt: Int) {
    guard let index = index(of: id) else { return early.add(.completedUnclaimed, "#\(id)") }
    // Repeating a completion under one fence is allowed, and answered alike; see the engine.
    if entries[index].markCompleted(attempt) { early.add(.completedTwice, "#\(id)") }
  }

  private mutating func index(of id: Int64) -> Int? {
    guard FinalState.isPlausible(id, behind: entries.count) else { return nil }
    let index = Int(id)
    if index >= entries.count {
      let missing = max(index + 1 - entries.count, entries.count)
      entries.append(contentsOf: repeatElement(Entry(), count: missing))
    }
    return index
  }

  /// Compares the account with what lies in the database.
  package func judge(against state: FinalState) -> Judgement {
    var judgement = early
    judgement.indeterminate =
      indeterminateEnqueues + indeterminateCompletions.count + indeterminateClaims
      + anonymousCompletions
    for complaint in state.integrity where complaint != "ok" { judgement.add(.corrupt, complaint) }

    var unaccounted: [Int] = []
    var unaccountedCompletions: [Int] = []
    for id in 1..<max(entries.count, state.statuses.count, 2) {
      let entry = id < entries.count ? entries[id] : Entry()
      let status = state.status(of: Int64(id))
      if entry.isEnqueued, status == .absent { judgement.add(.lost, "#\(id)") }
      if !entry.isEnqueued, status != .absent { unaccounted.append(id) }
      if status == .absent, !entry.isEnqueued, entry.isClaimed {
        judgement.add(.claimedUnknown, "#\(id)")
      }
      // An indeterminate claim excuses nothing here: who got no answer got no fence to complete under.
      if entry.isCompletedUnclaimed { judgement.add(.completedUnclaimed, "#\(id)") }
      if entry.isCompleted, status != .completed, status != .absent {
        judgement.add(.completionLost, "#\(id)")
      }
      if !entry.isCompleted, status == .completed,
        !indeterminateCompletions.contains(Int64(id))
      {
        unaccountedCompletions.append(id)
      }
    }
    if unaccountedCompletions.count > anonymousCompletions {
      for id in unaccountedCompletions { judgement.add(.completionUnexpected, "#\(id)") }
    }
    // Rows that nobody was told of are those of enqueues whose answer got lost, but no more of them.
    if unaccounted.count > indeterminateEnqueues {
      for id in unaccounted { judgement.add(.unexpected, "#\(id)") }
    }
    for id in state.outlyingIDs { judgement.add(.unexpected, "#\(id)") }
    return judgement
  }
}
