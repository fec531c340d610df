import Statistics
import Testing

@testable import Experiments

@Suite struct GateTallyTests {
  private func tally(
    _ kind: GateTrial.Kind, failed: Int, passed: Int = 0, inconclusive: Int = 0,
    seconds: Double = 5, isByCosts: Bool = false
  ) -> GateTally {
    var tally = GateTally(kind)
    let decisions =
      Array(repeating: SequentialGate.Decision.failed, count: failed)
      + Array(repeating: .passed, count: passed) + Array(repeating: .undecided, count: inconclusive)
    for decision in decisions {
      tally.add(
        GateTrial.Result(
          decision: decision, seconds: seconds, blocks: 9, voidBlocks: 0, isByCosts: isByCosts,
          worst: "", broken: nil))
    }
    return tally
  }

  @Test func falseAlarmsAreCountedWithTheirInterval() {
    let fine = tally(.aa, failed: 1, passed: 190, inconclusive: 9)
    #expect(fine.complaint == nil)
    #expect(fine.summary.contains("1 of 200 comparisons of equal sides failed: 0.5 % false alarms"))
    #expect(fine.summary.contains("[0.01 %, 2.75 %]") && fine.summary.contains("9 inconclusive"))
    #expect(tally(.aa, failed: 3, passed: 197).complaint == "more than 1 % false alarms")
    // 2 of 200 are 1 %, of which 3.57 % cannot be excluded.
    #expect(tally(.aa, failed: 2, passed: 198).complaint == "the interval reaches beyond 3 %")
    // Not to know is no merit.
    #expect(tally(.aa, failed: 0, inconclusive: 200).complaint == "fewer than 90 % passed")
    #expect(tally(.aa, failed: 0, passed: 179, inconclusive: 21).complaint != nil)
    #expect(tally(.aa, failed: 0, passed: 180, inconclusive: 20).complaint == nil)
    // A few comparisons prove nothing, and need not.
    #expect(tally(.aa, failed: 0, passed: 5).complaint == nil)
  }

  @Test func nineteenOfTwentyFaultsMustBeCaught() {
    #expect(tally(.busyPolicy, failed: 19, inconclusive: 1).complaint == nil)
    #expect(tally(.busyPolicy, failed: 18, passed: 2).complaint == "fewer than 95 % caught")
    #expect(tally(.slowClaim, failed: 20, seconds: 299).complaint == nil)
    #expect(tally(.slowClaim, failed: 20, seconds: 301).complaint != nil)
  }

  @Test func aDroppedIndexIsCaughtByCountingAndAtOnce() {
    #expect(tally(.droppedIndex, failed: 20, isByCosts: true).complaint == nil)
    #expect(tally(.droppedIndex, failed: 20).complaint == "not by counting")
    #expect(
      tally(.droppedIndex, failed: 20, seconds: 11, isByCosts: true).complaint
        == "not within 10 s")
  }
}
