import Recording
import Testing

@testable import Verification

/// Leases of 100 ms and fences; all times in ms.
@Suite struct LeaseTests {
  /// A task that was claimed at 10…12.
  private static var claimed: TimedHistory {
    var history = TimedHistory()
    history.enqueue(1, 0...1)
    history.claim(1, 10...12)
    return history
  }

  @Test(
    arguments: [
      // The lease began at 10 or later, so it ended at 110 or later, and times are cut to ms.
      (11...20, true), (20...107.9, true), (20...108.1, false), (107...109, false),
      (111...112, false), (500...501, false),
    ] as [(ClosedRange<Double>, Bool)])
  func aClaimWithinALeaseIsFoundIfThatIsCertain(_ ms: ClosedRange<Double>, isFound: Bool) {
    var history = Self.claimed
    history.claim(1, attempt: 2, ms)
    #expect(history.counts == (isFound ? [.leasesOverlap: 1] : [:]))
    #expect(history.judgement.redelivered == 1)
  }

  @Test(arguments: [OperationKind.fail, .release], [OperationOutcome.ok, .indeterminate])
  func whatWasGivenBackMayBeClaimed(_ kind: OperationKind, _ outcome: OperationOutcome) {
    var history = Self.claimed
    history.record(kind, outcome, 1, 15...16)
    history.claim(1, attempt: 2, 20...21)
    #expect(history.counts.isEmpty)
  }

  @Test(arguments: [OperationOutcome.failed, .refused])
  func whatWasNotGivenBackMayNot(_ outcome: OperationOutcome) {
    var history = Self.claimed
    history.record(.release, outcome, 1, 15...16)
    history.claim(1, attempt: 2, 20...21)
    #expect(history.counts == [.leasesOverlap: 1])
  }

  @Test func anExtensionMovesTheEnd() {
    var history = Self.claimed
    history.record(.extend, 1, 60...61)
    history.claim(1, attempt: 2, 120...121)
    #expect(history.counts == [.leasesOverlap: 1])
  }

  @Test(arguments: [OperationOutcome.failed, .refused, .indeterminate])
  func anExtensionThatMayNotHaveHappenedMovesNothing(_ outcome: OperationOutcome) {
    var history = Self.claimed
    history.record(.extend, outcome, 1, 60...61)
    history.claim(1, attempt: 2, 120...121)
    #expect(history.counts.isEmpty)
  }

  @Test func eachAttemptIsHeldAgainstTheOneBefore() {
    var history = Self.claimed
    history.claim(1, attempt: 2, 120...121)
    history.claim(1, attempt: 3, 150...151)
    history.claim(1, attempt: 4, 260...261)
    #expect(history.counts == [.leasesOverlap: 1])
    #expect(history.judgement.examples[.leasesOverlap] == ["#1 attempt 3"])
  }

  @Test func killedProcessesMayHaveReleasedTheirTasks() {
    var history = Self.claimed
    history.claim(1, attempt: 2, 20...21)
    var checker = history.checker
    checker.allowUnrecorded(enqueues: 0, completions: 1)
    #expect(checker.judge(against: history.finalState).counts.isEmpty)
    history.enqueue(2, 0...1)
    history.claim(2, 30...31)
    history.claim(2, attempt: 2, 40...41)
    checker = history.checker
    checker.allowUnrecorded(enqueues: 0, completions: 1)
    #expect(checker.judge(against: history.finalState).counts == [.leasesOverlap: 2])
  }

  @Test(
    arguments: [OperationKind.complete, .fail, .release, .extend],
    [(121.5...122, true), (120.5...122, false), (100...119, false)]
      as [(ClosedRange<Double>, Bool)])
  func aLateAcknowledgementMustNotBeAccepted(
    _ kind: OperationKind, _ moment: (ms: ClosedRange<Double>, isFound: Bool)
  ) {
    var history = Self.claimed
    history.claim(1, attempt: 2, 120...121)
    history.record(kind, 1, moment.ms)
    if kind == .complete, !moment.isFound {
      // Not late for certain, but then the task was claimed although it was completed.
      #expect(history.counts == [.claimedCompleted: 1])
    } else if kind == .extend, moment.ms.lowerBound < 121, moment.ms.lowerBound >= 100 {
      #expect(history.counts == [.leasesOverlap: 1])
    } else {
      #expect(history.counts == (moment.isFound ? [.staleAccepted: 1] : [:]))
    }
    var refused = Self.claimed
    refused.claim(1, attempt: 2, 120...121)
    refused.record(kind, .refused, 1, moment.ms)
    #expect(refused.counts.isEmpty)
    #expect(refused.judgement.refused == 1)
  }

  @Test func aCompletedTaskIsNotClaimedAgain() {
    var history = Self.claimed
    history.complete(1, 20...21)
    history.complete(1, 22...23)
    history.claim(1, attempt: 2, 30...31)
    #expect(history.counts == [.claimedCompleted: 1])
  }

  @Test func aTaskThatIsRecoveredCountsAsSuch() {
    var history = Self.claimed
    history.claim(1, attempt: 2, 120...121)
    history.complete(1, attempt: 2, 130...131)
    history.record(.complete, .refused, 1, 140...141)
    let judgement = history.judgement
    #expect(judgement.counts.isEmpty)
    #expect(judgement.redelivered == 1 && judgement.recovered == 1 && judgement.refused == 1)
    #expect(judgement.unfinished == 0)
  }

  // MARK: Claims and the rows

  @Test func aRowKnowsOfEveryClaim() {
    var history = Self.claimed
    history.row(1, attempts: 0)
    #expect(history.counts == [.claimLost: 1])
    history.row(1, attempts: 2)
    #expect(history.counts == [.claimUnexpected: 1])
    history.record(.claim, .indeterminate, 0, 90...91)
    #expect(history.counts.isEmpty)
  }

  @Test func aTaskLaySomewhatLongUntilItWasClaimed() {
    var history = TimedHistory()
    history.enqueue(1, 0...1)
    history.enqueue(2, 2...3)
    history.claim(1, 10...12)
    #expect(history.judgement.oldestReadyNs == 11_000_000)
    history.enqueue(3, 2...3)
    history.row(3, isDelayed: true)
    history.claim(1, attempt: 2, 200...203)
    // Task 2 was never claimed; task 3 was not ready all the time.
    #expect(history.judgement.oldestReadyNs == 200_000_000)
  }
}
