package import Recording

/// The account of all tasks of one repeat, from the logs of all its processes.
///
/// Feed it every record of every log, in any order, then ``judge(against:)``. It needs about 16 bytes
/// per task.
package struct TaskAccount: Sendable {
  /// What is known of one task.
  private struct Entry {
    /// Bit `n` is set if attempt `n + 1` was claimed; attempts beyond 64 share the last bit.
    var claimedAttempts: UInt64 = 0
    var completedAttempts: UInt64 = 0
    var isEnqueued = false
  }

  private var entries: [Entry]
  private var early = Judgement()
  /// Enqueues and completions that may have happened or not.
  private var indeterminateEnqueues = 0
  private var indeterminateCompletions: Set<Int64> = []
  private var indeterminateClaims = 0

  /// An account of a queue that was filled with tasks 1 to `prefilledCount` before the run.
  package init(prefilledCount: Int) {
    var prefilled = Entry()
    prefilled.isEnqueued = true
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

  private mutating func addEnqueue(_ id: Int64) {
    guard let index = index(of: id) else { return early.add(.unexpected, "#\(id)") }
    if entries[index].isEnqueued { early.add(.enqueuedTwice, "#\(id)") }
    entries[index].isEnqueued = true
  }

  private mutating func addClaim(_ id: Int64, attempt: Int) {
    guard let index = index(of: id) else { return early.add(.claimedUnknown, "#\(id)") }
    let bit = Self.bit(attempt)
    if entries[index].claimedAttempts & bit != 0, attempt <= Self.maxAttempt {
      early.add(.claimedTwice, "#\(id) attempt \(attempt)")
    }
    entries[index].claimedAttempts |= bit
  }

  private mutating func addCompletion(_ id: Int64, attempt: Int) {
    guard let index = index(of: id) else { return early.add(.completedUnclaimed, "#\(id)") }
    // Repeating a completion under one fence is allowed, and answered alike; see the engine.
    if entries[index].completedAttempts & ~Self.bit(attempt) != 0 {
      early.add(.completedTwice, "#\(id)")
    }
    entries[index].completedAttempts |= Self.bit(attempt)
  }

  private static let maxAttempt = 63

  private static func bit(_ attempt: Int) -> UInt64 {
    1 << UInt64(min(max(attempt, 1), maxAttempt + 1) - 1)
  }

  private mutating func index(of id: Int64) -> Int? {
    guard id > 0, id <= FinalState.maxTaskID else { return nil }
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
    for complaint in state.integrity where complaint != "ok" { judgement.add(.corrupt, complaint) }

    var unaccounted: [Int] = []
    for id in 1..<max(entries.count, state.statuses.count, 2) {
      let entry = id < entries.count ? entries[id] : Entry()
      let status = state.status(of: Int64(id))
      if entry.isEnqueued, status == .absent { judgement.add(.lost, "#\(id)") }
      if !entry.isEnqueued, status != .absent { unaccounted.append(id) }
      if status == .absent, !entry.isEnqueued, entry.claimedAttempts != 0 {
        judgement.add(.claimedUnknown, "#\(id)")
      }
      if entry.completedAttempts & ~entry.claimedAttempts != 0, indeterminateClaims == 0 {
        judgement.add(.completedUnclaimed, "#\(id)")
      }
      if entry.completedAttempts != 0, status != .completed, status != .absent {
        judgement.add(.completionLost, "#\(id)")
      }
      if entry.completedAttempts == 0, status == .completed,
        !indeterminateCompletions.contains(Int64(id))
      {
        judgement.add(.completionUnexpected, "#\(id)")
      }
    }
    // Rows that nobody was told of are those of enqueues whose answer got lost, but no more of them.
    if unaccounted.count > indeterminateEnqueues {
      for id in unaccounted { judgement.add(.unexpected, "#\(id)") }
    }
    return judgement
  }
}
