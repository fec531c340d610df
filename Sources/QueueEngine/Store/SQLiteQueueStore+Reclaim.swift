internal import SQLite

/// What became of tasks whose leases had run out.
package struct ReclaimedLeases: Hashable, Sendable {
  /// Tasks that are ready again.
  package var requeued = 0
  /// Tasks that had no attempt left.
  package var buried = 0

  /// Nothing yet.
  package init() {}

  /// All of them.
  package var total: Int { requeued + buried }
}

extension SQLiteQueueStore {
  /// Does in one transaction what every claim does first, for a queue that nobody claims from: tasks whose
  /// leases have ended until `cutoff` are ready again, or go to `dead_letter` if no attempt is left.
  ///
  /// - Parameters:
  ///   - cutoff: Leases that end later are left alone.
  ///   - now: When tasks without attempts are said to have ended.
  ///   - limit: How many to see to at most.
  /// - Returns: What became of them; fewer than `limit` if none is left.
  /// - Throws: ``QueueError``.
  package func reclaimExpiredLeases(
    endedUntil cutoff: Timestamp, now: Timestamp, limit: Int
  ) throws -> ReclaimedLeases {
    try transaction { () throws(SQLiteError) in
      let reclaimed = try reclaimExpired(endedUntil: cutoff, now: now, limit: limit)
      // Unlike a claim, nobody here takes what is ready now.
      if reclaimed.requeued > 0 { noteArrival(dueAt: now, now: now) }
      return reclaimed
    }
  }

  /// Wakes all idle workers, after somebody else's transaction on ``connection`` that has made tasks ready or due.
  package func wakeWorkers() { board?.ringAll() }
}
