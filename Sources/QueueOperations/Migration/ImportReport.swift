public import QueueEngine

/// What a file holds that may be imported.
public struct ImportSurvey: Sendable {
  /// How many good records the file has, by the source's own words for the status.
  public internal(set) var inSource: [String: Int] = [:]
  var bad = EnqueueLinesReport()

  /// Records that are no tasks.
  public var badCount: Int { bad.badCount }
  /// The first of them.
  public var problems: [MigrationError] { bad.problems }
}

/// What an import has led to.
public struct ImportReport: Sendable {
  /// Names the import, for ``TaskImport/rollBack(_:batchSize:)``.
  public let importID: Int64
  /// What the tasks were taken from, as later imports are told.
  public let source: String
  /// Whether it went on where an earlier one had been interrupted.
  public let isResumed: Bool
  /// How many good records the file has, by the source's own words for the status.
  public let inSource: [String: Int]
  /// Tasks that this import has added.
  public let added: Int
  /// Records that are in the queue from this or an earlier import of the same source.
  public let alreadyThere: Int
  /// Records whose idempotency key another task has; they were not added.
  public let keysTaken: Int
  /// Records left out because they are no tasks.
  public let badCount: Int
  /// The first of them.
  public let problems: [MigrationError]
  /// Where the added tasks are now: by the source's status, how many have each status in the queue.
  /// Workers may have worked some of them by then.
  public let inQueue: [String: [TaskStatus: Int]]
  /// Added tasks that are not in the queue any more, by the source's status.
  public let gone: [String: Int]

  /// Whether every record is accounted for: the queue's own count of what was added agrees with
  /// that of the file, for each status where nothing was there before.
  public var isVerified: Bool {
    let sourceTotal = inSource.values.reduce(0, +)
    guard sourceTotal == added + alreadyThere + keysTaken else { return false }
    var counted = gone
    for (status, tasks) in inQueue { counted[status, default: 0] += tasks.values.reduce(0, +) }
    guard counted.values.reduce(0, +) == added else { return false }
    return alreadyThere + keysTaken > 0 || counted == inSource
  }
}

extension ImportReport: CustomStringConvertible {
  /// A table: what was in the source, and where it is now.
  public var description: String {
    var lines = ["import \(importID) from \(source)\(isResumed ? ", resumed" : "")"]
    for status in inSource.keys.sorted() {
      let now = (inQueue[status] ?? [:]).sorted { $0.key.rawValue < $1.key.rawValue }
        .map { "\($0.value) \($0.key.rawValue)" }
      let gone = self.gone[status].map { ["\($0) gone"] } ?? []
      let places = now + gone
      let there = places.isEmpty ? "none" : places.joined(separator: ", ")
      lines.append(
        "  \(status): \(inSource[status] ?? 0) in the file; added: \(there)")
    }
    lines.append(
      """
        \(added) added, \(alreadyThere) there before, \(keysTaken) with a key that is taken, \
      \(badCount) left out
      """)
    lines.append(isVerified ? "  counts agree" : "  COUNTS DO NOT AGREE")
    return lines.joined(separator: "\n")
  }
}

/// What taking an import back has led to.
public struct RollbackReport: Sendable, Hashable {
  /// Tasks that were removed.
  public internal(set) var removed = 0
  /// Tasks that were gone already.
  public internal(set) var gone = 0
  /// Tasks that somebody has touched since (claimed, cancelled, changed); they stay.
  public internal(set) var keptCount = 0
  /// The first of them.
  public internal(set) var kept: [TaskID] = []

  /// How many of them are named.
  static let keptLimit = 100
}

/// An import that the queue remembers.
public struct ImportSummary: Sendable, Hashable {
  /// Names the import.
  public let importID: Int64
  /// What it was taken from.
  public let source: String
  /// `running` (or interrupted), `done` or `rolled_back`.
  public let state: String
  /// Tasks that it has added.
  public let added: Int
}
