internal import SQLite

/// What a tuner may vary, and what not: each setting with the reason.
package enum TunableSettings {
  /// A setting that may be varied.
  package struct Axis: Sendable {
    package let name: String
    /// Why it is worth a look.
    package let reason: String
  }

  /// A setting that is left alone.
  package struct Exclusion: Sendable {
    package let name: String
    package let reason: String
    /// Whether a scenario may name it as an axis all the same.
    package let isAllowedAsAxis: Bool
  }

  /// What is varied where a scenario names no axes, in the order in which the axes stand.
  package static let axes: [Axis] = [
    Axis(name: "journal_mode", reason: "decides how many writes and syncs a commit takes"),
    Axis(name: "synchronous", reason: "decides how many of them wait for the disk"),
    Axis(name: checkpoint, reason: "who copies the log back, and when, makes the tail"),
    Axis(
      name: "page_size",
      reason: "large pages write more per commit, small ones spread payloads over several"),
    Axis(name: "cache_size", reason: "what does not fit in it is read again, or spilt early"),
    Axis(name: "mmap_size", reason: "saves copies of what is read"),
  ]

  package static let checkpoint = "checkpoint"

  /// What is not varied by itself.
  package static let exclusions: [Exclusion] = [
    Exclusion(
      name: "temp_store", reason: "the queue's statements make no temporary tables",
      isAllowedAsAxis: true),
    Exclusion(
      name: "journal_size_limit",
      reason: "it bounds the disk's space and can only cost time; no limit is the default",
      isAllowedAsAxis: true),
    Exclusion(
      name: "auto_vacuum",
      reason: "it gives space back and can only cost time; NONE is the default",
      isAllowedAsAxis: true),
    Exclusion(
      name: "secure_delete",
      reason: "whether deleted payloads stay readable in the file is not for a clock to decide",
      isAllowedAsAxis: true),
    Exclusion(
      name: "wal_autocheckpoint",
      reason: "the axis checkpoint covers it: auto is SQLite's own", isAllowedAsAxis: true),
    Exclusion(
      name: "locking_mode", reason: "EXCLUSIVE admits one process", isAllowedAsAxis: false),
    Exclusion(
      name: "foreign_keys", reason: "it is about correctness, not speed", isAllowedAsAxis: false),
    Exclusion(
      name: "busy_timeout",
      reason: "it replaces the busy policy, whose comparison is scenarios/contention.yaml",
      isAllowedAsAxis: false),
  ]

  /// Why a scenario's axis cannot be tuned; nil if it can.
  static func refusal(ofAxis name: String) -> String? {
    if axes.contains(where: { $0.name == name }) { return nil }
    if let exclusion = exclusions.first(where: { $0.name == name }) {
      return exclusion.isAllowedAsAxis ? nil : exclusion.reason
    }
    return "it is part of the load or of how workers behave, not of how the database is set; fix it under "
      + "`settings:`, and tune each load by itself"
  }

  /// The values of a PRAGMA in the default space, beside the one that the load has already.
  ///
  /// Few and far apart: what lies between two values of which neither is better is not either.
  static func levels(of pragma: Pragma) -> [String] {
    switch pragma {
    case .journalMode: return ["WAL", "TRUNCATE", "PERSIST", "DELETE"]
    case .synchronous: return ["NORMAL", "FULL", "EXTRA"]
    case .pageSize: return ["4096", "8192", "16384"]
    case .cacheSize: return ["-2000", "-20000", "-64000"]
    case .mmapSize: return ["0", "268435456"]
    default: return []
    }
  }

  /// The checkpoint policies of the default space.
  ///
  /// Not `none` and `dedicated`: under them the log grows without bound, for which a short block does not pay.
  static let policies: [CheckpointPolicy] = [
    .pinned(pages: 2000), .pinned(pages: 500), .pinned(pages: 8000), .gated(pages: 1000),
    .auto(pages: 1000), .auto(pages: 4000), .deferred(pages: 1000),
  ]
}
