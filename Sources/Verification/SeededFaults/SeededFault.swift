/// A fault that a queue may have, for trying the checker out on.
package enum SeededFault: String, CaseIterable, Sendable {
  case droppedTask = "a task is dropped"
  case doubleCompletion = "a task is completed by two workers"
  case swappedFIFO = "fifo takes a newer task first"
  case swappedLIFO = "lifo takes an older task first"
  case swappedPriority = "priority takes a worse task first"
  case staleAcknowledgement = "a late acknowledgement is accepted"
  case ignoredLease = "a claim ignores a lease"
  case unexpectedTask = "a task comes from nowhere"
  case lostCompletion = "a completion is lost"
  case skewedLottery = "the lottery ignores the weights"
  case repeatedID = "an id is given to two tasks"
  case repeatedFence = "two workers get the same fence"
  case strangerClaimed = "a claim returns a task that does not exist"
  case completionWithoutClaim = "a fence that was never given out completes a task"
  case completedClaimed = "a completed task is claimed again"
  case lostClaim = "a claim is lost"
  case claimForNobody = "a claim takes a task and says that there is none"
  case hiddenCompletion = "a completion takes effect and is answered with an error"

  /// What the checker has to find; it may find more.
  package var finding: Judgement.Finding {
    switch self {
    case .droppedTask: .lost
    case .doubleCompletion: .completedTwice
    case .swappedFIFO: .olderPassedOver
    case .swappedLIFO: .newerPassedOver
    case .swappedPriority: .priorityPassedOver
    case .staleAcknowledgement: .staleAccepted
    case .ignoredLease: .leasesOverlap
    case .unexpectedTask: .unexpected
    case .lostCompletion: .completionLost
    case .skewedLottery: .lotterySkewed
    case .repeatedID: .enqueuedTwice
    case .repeatedFence: .claimedTwice
    case .strangerClaimed: .claimedUnknown
    case .completionWithoutClaim: .completedUnclaimed
    case .completedClaimed: .claimedCompleted
    case .lostClaim: .claimLost
    case .claimForNobody: .claimUnexpected
    case .hiddenCompletion: .completionUnexpected
    }
  }

  /// The order of claims that it needs to show in; nil for any.
  package var order: SimulatedLoad.Order? {
    switch self {
    case .swappedFIFO: .fifo
    case .swappedLIFO: .lifo
    case .swappedPriority: .priority
    case .skewedLottery: .weightedRandom
    default: nil
    }
  }
}
