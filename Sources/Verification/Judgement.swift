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
    /// `PRAGMA integrity_check` complains.
    case corrupt = "complaints of integrity_check"
  }

  /// How often each finding was made; those not made are absent.
  package var counts: [Finding: Int] = [:]
  /// The first few cases of each finding, as ids or SQLite's words.
  package var examples: [Finding: [String]] = [:]
  /// Operations whose outcome nobody knows: they may have happened or not.
  package var indeterminate = 0

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

  private static let maxExamples = 3

  mutating func add(_ finding: Finding, _ example: String) {
    counts[finding, default: 0] += 1
    if examples[finding, default: []].count < Self.maxExamples {
      examples[finding, default: []].append(example)
    }
  }
}
