/// Which ready task a claim takes. Chosen per worker.
public enum ClaimStrategy: String, Sendable, Codable, CaseIterable {
  /// The task that has been due for longest (`run_after_utc`, then `id`).
  case fifo
  /// The task that became due last.
  case lifo
  /// The lowest priority number; among equals the one that has been due for longest.
  case priority
  /// Each ready task with a probability proportional to its weight.
  case weightedRandom = "weighted_random"
  /// Any ready task, by sorting all of them at random: the statement `ORDER BY RANDOM() LIMIT 1` that
  /// people write by hand, whose work grows with the queue. Here to be measured against.
  case orderByRandom = "order_by_random"
}
