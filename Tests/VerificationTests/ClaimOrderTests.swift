import Recording
import Testing

@testable import Verification

/// Which claims passed a better task over; all times in ms, and `run_after` goes by id.
@Suite struct ClaimOrderTests {
  /// Tasks 1 and 2, claimed in the other order.
  private static func swapped(
    _ order: ClaimOrder, firstClaim: ClosedRange<Double> = 10...12,
    secondClaim: ClosedRange<Double>? = 20...21
  ) -> TimedHistory {
    var history = TimedHistory(order)
    history.enqueue(1, 0...1)
    history.enqueue(2, 2...3)
    history.claim(2, firstClaim)
    if let secondClaim { history.claim(1, secondClaim) }
    return history
  }

  @Test func anOlderTaskGoesFirst() {
    #expect(Self.swapped(.fifo).counts == [.olderPassedOver: 1])
    #expect(Self.swapped(.fifo).judgement.examples[.olderPassedOver] == ["#2 before #1"])
    #expect(Self.swapped(.priority).counts == [.olderPassedOver: 1])
    #expect(Self.swapped(.lifo).counts.isEmpty)
    #expect(Self.swapped(.unordered).counts.isEmpty)
    #expect(Self.swapped(.fifo, secondClaim: nil).counts == [.olderPassedOver: 1])
  }

  @Test(
    arguments: [
      // Before or while task 1 was enqueued; while it was being claimed.
      (0.5...12, 20...21), (10...20, 15...18), (10...20, 20...21), (10...20, 5...25),
    ] as [(ClosedRange<Double>, ClosedRange<Double>)])
  func whatOverlapsAccusesNobody(_ first: ClosedRange<Double>, _ second: ClosedRange<Double>) {
    #expect(Self.swapped(.fifo, firstClaim: first, secondClaim: second).counts.isEmpty)
  }

  @Test func aNewerTaskGoesFirstWithLIFO() {
    var history = TimedHistory(.lifo)
    history.enqueue(1, 0...1)
    history.enqueue(2, 2...3)
    history.claim(1, 10...12)
    history.claim(2, 20...21)
    #expect(history.counts == [.newerPassedOver: 1])
  }

  @Test func theBetterPriorityGoesFirst() {
    var history = Self.swapped(.priority)
    history.row(1, priority: 5)
    history.row(2, priority: 7)
    #expect(history.counts == [.priorityPassedOver: 1])
    history.row(1, priority: 7)
    history.row(2, priority: 5)
    #expect(history.counts.isEmpty)
  }

  @Test func theStoredTimeDecidesAndNotTheClock() {
    var history = Self.swapped(.fifo)
    history.row(1, runAfter: 1000)
    history.row(2, runAfter: 999)
    #expect(history.counts.isEmpty)
    history.row(2, runAfter: 1000)
    #expect(history.counts == [.olderPassedOver: 1])
  }

  @Test func tasksOfABatchDoNotAccuseEachOther() {
    var history = TimedHistory(.fifo)
    for id: Int64 in 1...3 { history.enqueue(id, 0...1) }
    for id: Int64 in [3, 1] { history.claim(id, 10...12) }
    history.claim(2, 20...21)
    // Task 3 was taken with 1, and before 2.
    #expect(history.counts == [.olderPassedOver: 1])
    #expect(history.judgement.examples[.olderPassedOver] == ["#3 before #2"])
  }

  @Test func tasksFromBeforeTheRunWereReadyAllTheWhile() {
    var history = TimedHistory(.fifo)
    history.prefilledCount = 1
    history.enqueue(2, 0...1)
    history.claim(2, 10...12)
    #expect(history.counts == [.olderPassedOver: 1])
  }

  @Test func whatWasNotReadyOrMayNotHaveBeenAccusesNobody() {
    var delayed = Self.swapped(.fifo)
    delayed.row(1, isDelayed: true)
    #expect(delayed.counts.isEmpty)

    var given = Self.swapped(.fifo)
    given.record(.fail, 1, 30...31)
    #expect(given.counts.isEmpty)

    var cancelled = Self.swapped(.fifo, secondClaim: nil)
    cancelled.row(1, .ended)
    #expect(cancelled.counts.isEmpty)

    // A claim without an answer took it, and its lease has run out.
    var unanswered = Self.swapped(.fifo, secondClaim: nil)
    unanswered.record(.claim, .indeterminate, 0, 5...6)
    unanswered.claim(1, attempt: 2, 200...201)
    unanswered.row(1, attempts: 2)
    #expect(unanswered.counts.isEmpty)

    // A row that says that no claim took it is proof, whatever else is unknown.
    var certain = Self.swapped(.fifo, secondClaim: nil)
    certain.record(.claim, .indeterminate, 0, 5...6)
    #expect(certain.counts == [.olderPassedOver: 1])
  }

  @Test func aSecondAttemptIsNoClaimThatOrderIsAskedOf() {
    var history = TimedHistory(.fifo)
    history.enqueue(2, 0...1)
    history.claim(2, 2...3)
    history.enqueue(1, 4...5)
    history.claim(2, attempt: 2, 110...111)
    history.claim(1, 120...121)
    #expect(history.counts.isEmpty)
  }

  /// Against the definition, pair by pair.
  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func aFewHundredClaimsAreJudgedAsTheDefinitionSays(seed: UInt64) {
    var load = SimulatedLoad(records: 700, order: .fifo)
    load.batchSize = 3
    load.backlog = 20
    let history = SimulatedHistory(load, seed: seed)
    for order in [ClaimOrder.fifo, .lifo, .priority] {
      // A fifo history, judged by other orders, has many inversions.
      var checker = HistoryChecker(prefilledCount: 0, order: order, leaseDurationMs: 0)
      for record in history.logs.joined() { checker.add(record) }
      let judgement = checker.judge(against: history.outcome.finalState)
      let tasks = checker.ordinaryTasks(in: history.outcome.finalState)
      let inversions = tasks.count { taken in
        taken.isClaimed
          && tasks.contains { other in
            guard other.enqueueEndNs < taken.claimStartNs, other.claimStartNs > taken.claimEndNs
            else { return false }
            switch order {
            case .lifo: return taken.isOlder(than: other)
            case .priority:
              return other.priority < taken.priority
                || (other.priority == taken.priority && other.isOlder(than: taken))
            default: return other.isOlder(than: taken)
            }
          }
      }
      let found = judgement.counts.filter {
        [.olderPassedOver, .newerPassedOver, .priorityPassedOver].contains($0.key)
      }
      #expect(found.values.reduce(0, +) == inversions, "\(order), seed \(seed)")
      if case .fifo = order {} else { #expect(inversions > 0, "\(order), seed \(seed)") }
    }
  }
}
