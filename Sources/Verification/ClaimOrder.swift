/// What the order of claims is held to: which of the ready tasks a claim has to take.
package enum ClaimOrder: Sendable {
  /// The smallest (run_after, id).
  case fifo
  /// The largest (run_after, id).
  case lifo
  /// The lowest priority number; among equals the smallest (run_after, id).
  case priority
  /// Each with a probability proportional to the weight of its priority, which must be positive.
  case weightedRandom(weight: @Sendable (_ priority: Int) -> Double)
  /// Any.
  case unordered
}
