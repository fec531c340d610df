/// A verdict with its reasons.
package struct Judgement: Equatable, Sendable {
  /// One way in which history and database contradict each other.
  package enum Finding: String, CaseIterable, Sendable {
    /// An acknowledged enqueue has no row.
    case lost = "acknowledged tasks lost"
    /// An id was acknowledged to two enqueues.
    case enqueuedTwice = "ids given to two tasks"
    /// A row that no enqueue accounts for.
    case unexpected = "tasks that nobody enqueued"
    /// A claim of a task that does not exist.
    case claimedUnknown = "claims of tasks that do not exist"
    /// Two claims with the same fence.
    case claimedTwice = "fences given out twice"
    /// Two accepted completions.
    case completedTwice = "tasks completed twice"
    /// An accepted completion under a fence that nobody was given.
    case completedUnclaimed = "completions without a claim"
    /// An acknowledged completion that the database does not know of.
    case completionLost = "acknowledged completions lost"
    /// A completed row that no completion accounts for.
    case completionUnexpected = "completions that nobody acknowledged"
    /// A row was claimed less often than claims were answered.
    case claimLost = "acknowledged claims lost"
    /// A row was claimed more often than claims were answered.
    case claimUnexpected = "tasks claimed for nobody"
    /// A completed task was claimed again.
    case claimedCompleted = "claims of completed tasks"
    /// A task was claimed while an earlier attempt still held it.
    case leasesOverlap = "claims within the lease of another"
    /// An acknowledgement was accepted after a later attempt had been given out.
    case staleAccepted = "late acknowledgements accepted"
    /// A claim took a task although one that had been due for longer was ready all the while.
    case olderPassedOver = "claims that passed over an older task"
    /// With `lifo`: a claim took a task although one that became due later was ready all the while.
    case newerPassedOver = "claims that passed over a newer task"
    /// A claim took a task although one of a better priority was ready all the while.
    case priorityPassedOver = "claims that passed over a better priority"
    /// What `weighted_random` took is not what the weights make likely.
    case lotterySkewed = "lotteries that do not follow the weights"
    /// A task that had ended before the run was given out, or is no longer completed.
    case finishedChanged = "tasks changed that had ended before"
    /// `PRAGMA integrity_check` complains.
    case corrupt = "complaints of integrity_check"
  }

  /// How often each finding was made; those not made are absent.
  package var counts: [Finding: Int] = [:]
  /// The first few cases of each finding, as ids or SQLite's words.
  package var examples: [Finding: [String]] = [:]
  /// Operations whose outcome nobody knows: they may have happened or not.
  package var indeterminate = 0

  // MARK: No findings, but worth knowing

  /// Claims beyond the first of a task.
  package var redelivered = 0
  /// Tasks that were completed under a later attempt than the first.
  package var recovered = 0
  /// Acknowledgements that the fence turned down.
  package var refused = 0
  /// Completions among them: work that was done for nothing.
  package var wasted = 0
  /// What the database knows of and no record, and killed processes explain.
  package var excused = 0
  /// Tasks that wait or are held in the end.
  package var unfinished = 0
  /// The longest that a task lay ready before its first claim ended, or until the end of the history
  /// for those never claimed: what starvation shows in. Delayed tasks are left out.
  package var oldestReadyNs: UInt64 = 0

  /// `invalid` if there is any finding. Indeterminate operations alone leave it `valid`: they were
  /// allowed to go either way.
  package var verdict: Verdict { counts.isEmpty ? .valid : .invalid }

  /// One line: `3 acknowledged tasks lost (#4, #7, #9)`; empty if there is nothing to say.
  package var summary: String {
    Finding.allCases.compactMap { finding in
      counts[finding].map {
        "\($0) \(finding.rawValue) (\(examples[finding, default: []].joined(separator: ", ")))"
      }
    }.joined(separator: "; ")
  }

  /// How many acknowledgements the database does not know of.
  package var lostCount: Int { count(of: [.lost, .completionLost, .claimLost]) }

  /// How often something was given out or done twice.
  package var duplicatedCount: Int {
    count(of: [.enqueuedTwice, .claimedTwice, .completedTwice, .claimedCompleted, .leasesOverlap])
  }

  private func count(of findings: [Finding]) -> Int {
    findings.reduce(0) { $0 + counts[$1, default: 0] }
  }

  private static let maxExamples = 3

  mutating func add(_ finding: Finding, _ example: String) {
    counts[finding, default: 0] += 1
    if examples[finding, default: []].count < Self.maxExamples {
      examples[finding, default: []].append(example)
    }
  }
}
