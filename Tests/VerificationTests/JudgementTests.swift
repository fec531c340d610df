import Recording
import Testing

@testable import Verification

@Suite struct JudgementTests {
  /// A fault, and the findings that it must lead to, no others.
  struct Fault: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let findings: [Judgement.Finding: Int]
    let commit: @Sendable (inout History) -> Void

    init(
      _ name: String, _ findings: [Judgement.Finding: Int],
      _ commit: @escaping @Sendable (inout History) -> Void
    ) {
      testDescription = name
      self.findings = findings
      self.commit = commit
    }
  }

  static let faults: [Fault] = [
    Fault("a waiting task is gone", [.lost: 1]) { $0.statuses[3] = nil },
    Fault("a held task is gone", [.lost: 1]) { $0.statuses[2] = nil },
    Fault("a completed task is gone", [.lost: 1]) { $0.statuses[1] = nil },
    Fault("everything is gone", [.lost: 3]) { $0.statuses = [:] },
    Fault("an id acknowledged twice", [.enqueuedTwice: 1]) { $0.enqueue(3) },
    Fault("a row that nobody enqueued", [.unexpected: 1]) { $0.statuses[4] = .open },
    Fault("a claim of a task that does not exist", [.claimedUnknown: 1]) { $0.claim(9) },
    Fault("a fence given out twice", [.claimedTwice: 1]) { $0.claim(2) },
    Fault("two attempts completed", [.completedTwice: 1, .claimedCompleted: 1]) {
      $0.claim(1, attempt: 2)
      $0.complete(1, attempt: 2)
    },
    Fault("a completion without a claim", [.completedUnclaimed: 1]) { $0.complete(3) },
    Fault("a completion under another fence than was given", [.completedUnclaimed: 1]) {
      $0.complete(2, attempt: 2)
    },
    Fault("a lost answer to a claim does not excuse a completion", [.completedUnclaimed: 1]) {
      $0.record(.claim, .indeterminate)
      $0.complete(3)
    },
    Fault("an acknowledged completion whose row waits", [.completionLost: 1]) {
      $0.statuses[1] = .open
    },
    Fault("an acknowledged completion whose row has failed", [.completionLost: 1]) {
      $0.statuses[1] = .ended
    },
    Fault("a completed row that nobody acknowledged", [.completionUnexpected: 1]) {
      $0.statuses[2] = .completed
    },
    Fault("a refused completion is none", [.completionUnexpected: 1]) {
      $0.record(.complete, .refused, 2, attempt: 1)
      $0.statuses[2] = .completed
    },
    Fault("a failed completion is none", [.completionUnexpected: 1]) {
      $0.record(.complete, .failed, 2, attempt: 1)
      $0.statuses[2] = .completed
    },
    Fault("integrity_check complains", [.corrupt: 2]) {
      $0.integrity = ["row 3 missing from index a", "row 4 missing from index a"]
    },
    Fault("a member of a batch is gone", [.lost: 1]) {
      for id: Int64 in 4...6 {
        $0.record(.enqueue, .ok, id, batch: 3, isMember: id > 4)
        $0.statuses[id] = .open
      }
      $0.statuses[5] = nil
    },
    Fault("a member of a batch is claimed twice", [.claimedTwice: 1]) {
      $0.record(.claim, .ok, 3, attempt: 1, batch: 2)
      $0.record(.claim, .ok, 2, attempt: 1, batch: 2, isMember: true)
    },
    Fault("a prefilled task is gone", [.lost: 1]) {
      $0.prefilledCount = 5
      for id: Int64 in 4...5 { $0.statuses[id] = .open }
      $0.statuses[4] = nil
      $0.records.removeAll { $0.kind == .enqueue }
    },
    Fault("a prefilled id is given to a new task", [.enqueuedTwice: 3]) { $0.prefilledCount = 3 },
    Fault("a finished task waits again", [.finishedChanged: 1]) {
      $0 = .afterFinished
      $0.statuses[2] = .open
    },
    Fault("a finished task has ended otherwise", [.finishedChanged: 1]) {
      $0 = .afterFinished
      $0.statuses[3] = .ended
    },
    Fault("a finished task was worked again", [.finishedChanged: 1]) {
      $0 = .afterFinished
      $0.claim(1)
      $0.complete(1)
    },
    Fault("an id of a finished task is given to a new one", [.finishedChanged: 1]) {
      $0 = .afterFinished
      $0.enqueue(1)
    },
    Fault("finished tasks are gone, and one of the run with them", [.lost: 1]) {
      $0 = .afterFinished
      for id: Int64 in 1...4 { $0.statuses[id] = nil }
    },
    Fault("finished tasks are gone, and a prefilled one with them", [.lost: 1]) {
      $0 = .afterFinished
      $0.prefilledCount = 1
      $0.records.removeAll { $0.taskID == 4 }
      for id: Int64 in 1...4 { $0.statuses[id] = nil }
    },
    Fault("one row more than answers that got lost", [.unexpected: 3]) {
      $0.record(.enqueue, .indeterminate, batch: 2)
      for id: Int64 in 4...6 { $0.statuses[id] = .open }
    },
    Fault("an indeterminate completion excuses its own task only", [.completionUnexpected: 1]) {
      $0.record(.complete, .indeterminate, 2, attempt: 1)
      $0.statuses[3] = .completed
    },
    Fault("several at once", [.lost: 1, .completionUnexpected: 1, .corrupt: 1]) {
      $0.statuses[3] = nil
      $0.statuses[2] = .completed
      $0.integrity = ["malformed"]
    },
  ]

  @Test func nothingIsFoundInASoundHistory() {
    let judgement = History.sound.judgement
    #expect(judgement.counts.isEmpty)
    #expect(judgement.verdict == .valid)
    #expect(judgement.summary.isEmpty)
  }

  @Test(arguments: [[], [1], [1, 2, 3]] as [[Int64]])
  func finishedTasksMayBeRemoved(ids: [Int64]) {
    var history = History.afterFinished
    for id in ids { history.statuses[id] = nil }
    #expect(history.judgement.counts.isEmpty, "\(history.judgement.summary)")
  }

  @Test(arguments: faults)
  func aFaultIsFound(_ fault: Fault) {
    var history = History.sound
    fault.commit(&history)
    let judgement = history.judgement
    #expect(judgement.counts == fault.findings)
    #expect(judgement.verdict == .invalid)
    for finding in fault.findings.keys { #expect(judgement.summary.contains(finding.rawValue)) }
  }

  @Test(arguments: faults)
  func theOrderOfTheRecordsDoesNotMatter(_ fault: Fault) {
    var history = History.sound
    fault.commit(&history)
    for seed: UInt64 in 1...5 {
      #expect(history.shuffled(seed: seed).judgement.counts == fault.findings, "seed \(seed)")
    }
  }

  @Test func whatCannotBeKnownIsAllowedToGoEitherWay() {
    var history = History.sound
    history.record(.enqueue, .indeterminate, batch: 2)
    history.record(.complete, .indeterminate, 2, attempt: 1)
    history.record(.claim, .indeterminate)
    #expect(history.judgement.verdict == .valid)
    #expect(history.judgement.indeterminate == 4)

    history.statuses[4] = .open
    history.statuses[2] = .completed
    #expect(history.judgement.verdict == .valid)
    history.statuses[5] = .open
    #expect(history.judgement.verdict == .valid)
    history.statuses[6] = .open
    #expect(history.judgement.counts == [.unexpected: 3])
  }

  @Test func aTaskWhoseEnqueueGotNoAnswerMayLive() {
    var history = History.sound
    history.record(.enqueue, .indeterminate)
    history.claim(4)
    history.complete(4)
    #expect(history.judgement.verdict == .valid)
  }

  @Test(arguments: [0, 1, 2])
  func whatKilledProcessesDidNotRecordIsAllowedInItsNumber(killed: Int) {
    var history = History()
    history.live(1...1)
    // Two tasks that nobody recorded, each enqueued or completed just before the end.
    history.statuses[2] = .open
    history.statuses[3] = .open
    history.enqueue(4)
    history.claim(4)
    history.statuses[4] = .completed
    history.enqueue(5)
    history.claim(5)
    history.statuses[5] = .completed
    var checker = history.checker
    checker.allowUnrecorded(enqueues: killed, completions: killed)
    let judgement = checker.judge(against: history.finalState)
    #expect(judgement.verdict == (killed == 2 ? .valid : .invalid))
    #expect(judgement.counts[.unexpected] == (killed == 2 ? nil : 2))
    #expect(judgement.counts[.completionUnexpected] == (killed == 2 ? nil : 2))
  }

  @Test(arguments: [([Int64(4)], Verdict.valid), ([5], .invalid), ([], .invalid)])
  func onlyWhatAKilledConsumerHeldMayBeCompletedWithoutARecord(
    held: [Int64], verdict: Verdict
  ) {
    var history = History()
    history.live(1...1)
    history.enqueue(4)
    history.claim(4)
    history.statuses[4] = .completed
    var checker = history.checker
    checker.allowUnrecorded(enqueues: 0, completions: 3, releases: 0, ofTasks: Set(held))
    let judgement = checker.judge(against: history.finalState)
    #expect(judgement.verdict == verdict)
    #expect(judgement.excused == (verdict == .valid ? 1 : 0))
  }

  @Test func onlyRefusedCompletionsAreWastedWork() {
    var history = History.sound
    history.record(.extend, .refused, 2, attempt: 1)
    history.record(.complete, .refused, 2, attempt: 1)
    let judgement = history.judgement
    #expect(judgement.refused == 2 && judgement.wasted == 1)
  }

  @Test func aCompletionMayBeRepeatedUnderItsFence() {
    var history = History.sound
    history.complete(1)
    #expect(history.judgement.verdict == .valid)
  }

  @Test func attemptsBeyondThoseThatAreToldApartAccuseNobody() {
    var history = History()
    history.enqueue(1)
    for attempt in [62, 63, 64, 64, 70_000] { history.claim(1, attempt: attempt) }
    history.complete(1, attempt: 70_000)
    #expect(history.judgement.verdict == .valid)
    history.claim(1, attempt: 62)
    #expect(history.judgement.counts == [.claimedTwice: 1])
  }

  @Test(
    arguments: [
      0, -1, .min, .max, 1 << 24 + 100, 1 << 28, 1 << 40,
    ] as [Int64])
  func anImpossibleIDIsAFindingAndNoMore(_ id: Int64) {
    var history = History.sound
    history.record(.enqueue, .ok, id)
    #expect(history.judgement.counts == [.unexpected: 1])

    history = .sound
    history.claim(id)
    #expect(history.judgement.counts == [.claimedUnknown: 1])

    history = .sound
    history.record(.complete, .ok, id, attempt: 1)
    #expect(history.judgement.counts == [.completedUnclaimed: 1])

    history = .sound
    history.statuses[id] = .open
    #expect(history.judgement.counts == [.unexpected: 1])
    #expect(history.judgement.summary.contains("#\(id)"))
  }

  @Test func otherOperationsAreNoBusinessOfTheAccount() {
    var history = History.sound
    for kind in [OperationKind.fail, .release, .extend, .cancel] {
      for outcome in OperationOutcome.allCases { history.record(kind, outcome, 3, attempt: 1) }
    }
    #expect(history.judgement.verdict == .valid)
    #expect(history.judgement.indeterminate == 0)
  }

  @Test func aSummaryNamesAFewCasesOnly() {
    var history = History()
    history.live(1...100)
    for id: Int64 in 1...100 { history.statuses[id] = nil }
    #expect(history.judgement.summary == "100 acknowledged tasks lost (#1, #2, #3)")
  }

  @Test func verdictsAreOrderedFromBestToWorst() {
    #expect(Verdict.allCases.sorted() == [.valid, .saturated, .unknown, .invalid])
    #expect(Verdict.valid < .unknown && Verdict.unknown < .invalid)
  }
}
