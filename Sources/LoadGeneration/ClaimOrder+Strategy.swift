internal import QueueEngine
internal import Verification

extension ClaimOrder {
  /// What the engine promises of a strategy.
  init(_ strategy: ClaimStrategy) {
    switch strategy {
    case .fifo: self = .fifo
    case .lifo: self = .lifo
    case .priority: self = .priority
    case .weightedRandom:
      self = .weightedRandom(weight: { Lottery.weight(ofPriority: $0) })
    // What SQLite's random() picks is no promise of ours.
    case .orderByRandom: self = .unordered
    }
  }
}
