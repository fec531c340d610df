/// What producers and consumers of a simulated queue do.
///
/// The simulation knows when each operation takes effect, and reports what its caller could have seen:
/// times around that instant, which overlap with those of others. So a history of it is valid unless a
/// ``SeededFault`` makes it otherwise, and the checker is not tried out on its own idea of valid.
package struct SimulatedLoad: Sendable {
  /// The orders of claims.
  package enum Order: String, CaseIterable, Sendable {
    case fifo
    case lifo
    case priority
    case weightedRandom = "weighted_random"
  }

  /// How many records to write; it may become a batch more.
  package var records: Int
  package var order: Order
  package var producers = 3
  package var consumers = 4
  /// Up to so many tasks per operation.
  package var batchSize = 1
  package var leaseDurationMs = 10
  package var prefilledCount = 0
  /// Drawn with equal probability.
  package var priorities = [1, 4, 10]
  /// How many tasks producers try to keep ready.
  package var backlog = 400
  /// How many of a thousand operations fail as busy.
  package var busyPerMille = 10
  /// How many of a thousand end without an answer, with or without effect.
  package var unansweredPerMille = 0
  /// How many of a thousand claims are held for longer than their lease, and how many forgotten.
  package var stalledPerMille = 10
  package var forgottenPerMille = 5
  /// How many of a thousand claims are extended, failed or released.
  package var otherPerMille = 10
  /// How many of a thousand tasks are to run later.
  package var delayedPerMille = 10
  /// What the queue does wrong, once unless it cannot be helped.
  package var fault: SeededFault?

  /// A load of many records.
  package init(records: Int, order: Order) {
    self.records = records
    self.order = order
  }

  /// A load in which a fault has occasion to happen.
  package init(records: Int, fault: SeededFault) {
    self.init(records: records, order: fault.order ?? .fifo)
    self.fault = fault
    // Two workers have to stall over the same task.
    if fault == .staleAcknowledgement { stalledPerMille = 300 }
  }

  /// The same load on a queue without a fault.
  package var withoutFault: SimulatedLoad {
    var load = self
    load.fault = nil
    return load
  }

  /// The weight of a priority in the lottery; any positive function would do.
  static func weight(ofPriority priority: Int) -> Double { 1 / (1 + Double(max(0, priority))) }

  /// A checker for the history.
  package var checker: HistoryChecker {
    let order: ClaimOrder =
      switch order {
      case .fifo: .fifo
      case .lifo: .lifo
      case .priority: .priority
      case .weightedRandom: .weightedRandom(weight: { Self.weight(ofPriority: $0) })
      }
    return HistoryChecker(
      prefilledCount: prefilledCount, order: order, leaseDurationMs: leaseDurationMs)
  }
}

/// A row of a simulated queue as it is in the end.
package struct SimulatedRow: Sendable {
  package let id: Int64
  /// A word of the schema's.
  package let status: String
  package let priority: Int
  package let attempts: Int
  /// In ms since 1970, as the creation.
  package let runAfterMs: Int64
  package let createdMs: Int64

  /// What the checker would read of it.
  package var entry: FinalState.TaskEntry {
    let known: FinalState.Status =
      switch status {
      case "queued", "processing": .open
      case "completed": .completed
      default: .ended
      }
    return FinalState.TaskEntry(
      id: id, status: known, priority: priority, runAfter: runAfterMs,
      isDelayed: runAfterMs > createdMs, attempts: attempts)
  }
}
