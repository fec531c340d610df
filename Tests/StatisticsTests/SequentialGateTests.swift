import Foundation
import TestSupport
import Testing

@testable import Statistics

@Suite("Sequential gate")
struct SequentialGateTests {
  /// What a gate says about a series of blocks, and after how many.
  private func decide(
    _ gate: SequentialGate, blocks: Int, next: () -> Double
  ) -> (decision: SequentialGate.Decision, count: Int) {
    var gate = gate
    while gate.count < blocks, gate.decision == .undecided { gate.add(next()) }
    return (gate.decision, gate.count)
  }

  @Test func `fortunes are those of the bets by hand`() {
    var gate = SequentialGate(margin: 0.05)
    gate.add(0.1)
    gate.add(0.1)
    gate.add(0.01)
    func fortune(_ signs: [Double]) -> Double {
      var sum = 0.0
      for stake in [0.2, 0.4, 0.6, 0.8] {
        sum += signs.reduce(1.0) { product, sign in product * (1 + sign * stake) }
      }
      return sum / 4
    }
    #expect(abs(gate.evidenceOfWorse - fortune([1, 1, -1])) < 1e-12)
    #expect(abs(gate.evidenceOfFine - fortune([-1, -1, 1])) < 1e-12)
  }

  @Test(arguments: [1, 4, 12])
  func `the fewest blocks are just enough`(metricCount: Int) {
    let gate = SequentialGate(margin: 0.05, metricCount: metricCount)
    #expect(
      decide(gate, blocks: 100) { 0.1 } == (.failed, gate.fewestBlocksToFail))
    #expect(
      decide(gate, blocks: 100) { 0 } == (.passed, gate.fewestBlocksToPass))
    // What lies exactly on the margin is evidence for neither side.
    #expect(decide(gate, blocks: 100) { log1p(0.05) }.decision == .undecided)
  }

  @Test func `what was decided stays`() {
    var gate = SequentialGate(margin: 0.05)
    while gate.decision == .undecided { gate.add(1) }
    for _ in 0..<100 { gate.add(-1) }
    #expect(gate.decision == .failed)
  }

  /// At the worst that is still allowed, the median being just the margin, false alarms stay below their rate
  /// although there is a look after every one of 200 blocks; likewise for passes.
  @Test(arguments: [0.01, 0.05])
  func `keeps its rates under continuous looking`(rate: Double) {
    var noise = NormalGenerator(seed: 5)
    let limit = log1p(0.05)
    var decisions: [SequentialGate.Decision: Int] = [:]
    for _ in 0..<2000 {
      let gate = SequentialGate(margin: 0.05, falseAlarmRate: rate, missRate: rate)
      decisions[decide(gate, blocks: 200) { limit + 0.1 * noise.next() }.decision, default: 0] += 1
    }
    let most = Int(2000 * rate + 4 * (2000 * rate * (1 - rate)).squareRoot())
    #expect(decisions[.failed, default: 0] <= most, "\(decisions)")
    #expect(decisions[.passed, default: 0] <= most, "\(decisions)")
  }

  @Test func `finds what nine blocks of ten show`() {
    var random = SeededGenerator(seed: 9)
    var counts: [Int] = []
    for _ in 0..<500 {
      let gate = SequentialGate(margin: 0.05, falseAlarmRate: 0.05)
      let (decision, count) = decide(gate, blocks: 30) {
        Double.random(in: 0..<1, using: &random) < 0.9 ? 0.1 : 0
      }
      if decision == .failed { counts.append(count) }
    }
    #expect(counts.count >= 470, "\(counts.count) of 500")
    #expect(counts.sorted()[counts.count / 2] <= 15)
  }
}
