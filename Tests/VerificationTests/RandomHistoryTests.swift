import Recording
import Scenarios
import Testing

@testable import Verification

@Suite struct RandomHistoryTests {
  @Test(arguments: [1, 42, 0xDEAD_BEEF] as [UInt64])
  func aHundredThousandOperationsOfACorrectQueueAreValid(seed: UInt64) {
    let history = History.random(seed: seed, operationCount: 100_000)
    #expect(history.records.count >= 100_000)
    let judgement = history.judgement
    #expect(judgement.verdict == .valid, "seed \(seed): \(judgement.summary)")
    let shuffled = history.shuffled(seed: seed).judgement
    #expect(shuffled.verdict == .valid, "seed \(seed), shuffled: \(shuffled.summary)")
  }

  /// The findings that one change of a correct history must lead to, if it finds a task to change.
  static let changes: [(name: String, finding: Judgement.Finding)] = [
    ("drop", .lost), ("uncomplete", .completionLost), ("complete", .completionUnexpected),
    ("claim again", .claimedTwice), ("complete again", .completedTwice),
    ("complete unclaimed", .completedUnclaimed), ("enqueue again", .enqueuedTwice),
  ]

  @Test(arguments: changes, [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func oneFaultAmongManyOperationsIsFound(
    _ change: (name: String, finding: Judgement.Finding), seed: UInt64
  ) throws {
    var history = History.random(seed: seed, operationCount: 4_000)
    let uncertain = Set(
      history.records.filter { $0.kind == .complete && $0.outcome == .indeterminate }.map(\.taskID))
    func pick(_ isFit: (OperationRecord) -> Bool) throws -> OperationRecord {
      let fit = history.records.filter { $0.outcome == .ok && isFit($0) }
      var generator = SeededGenerator(seed: seed)
      try #require(!fit.isEmpty)
      return fit[generator.index(below: fit.count)]
    }
    let victim: Int64
    switch change.name {
    case "drop":
      victim = try pick { $0.kind == .enqueue }.taskID
      history.statuses[victim] = nil
    case "uncomplete":
      victim = try pick { $0.kind == .complete }.taskID
      history.statuses[victim] = .open
    case "complete":
      victim = try pick {
        $0.kind == .enqueue && history.statuses[$0.taskID] == .open
          && !uncertain.contains($0.taskID)
      }.taskID
      history.statuses[victim] = .completed
    case "claim again":
      let claim = try pick { $0.kind == .claim && $0.attempt < 60 }
      victim = claim.taskID
      history.claim(victim, attempt: Int(claim.attempt))
    case "complete again":
      let completion = try pick { $0.kind == .complete }
      victim = completion.taskID
      history.claim(victim, attempt: Int(completion.attempt) + 1)
      history.complete(victim, attempt: Int(completion.attempt) + 1)
    case "complete unclaimed":
      victim = try pick {
        $0.kind == .enqueue && history.statuses[$0.taskID] == .open
      }.taskID
      history.complete(victim, attempt: 61)
    default:
      victim = try pick { $0.kind == .enqueue }.taskID
      history.record(.enqueue, .ok, victim)
    }
    let judgement = history.shuffled(seed: seed).judgement
    var expected = [change.finding: 1]
    if change.name == "complete again" { expected[.claimedCompleted] = 1 }
    #expect(judgement.counts == expected, "seed \(seed): \(judgement.summary)")
    #expect(judgement.examples[change.finding]?.first?.hasPrefix("#\(victim)") == true)
  }
}
