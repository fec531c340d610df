import Scenarios
import Testing

@testable import LoadGeneration

@Suite struct FaultEventTests {
  private static let second: UInt64 = 1_000_000_000

  @Test(arguments: [UInt64(1), 2, 99])
  func `one event of each kind falls into each stretch, and ends in it`(seed: UInt64) {
    let plan = FaultPlan([
      .init(kind: .kill, everyMs: 100), .init(kind: .stop, everyMs: 1000, forMs: 900),
      .init(kind: .clock, everyMs: 700, forMs: 10, byMs: 5000),
    ])
    let events = plan.events(measureNs: 3 * Self.second, processCount: 4, seed: seed)
    #expect(events == plan.events(measureNs: 3 * Self.second, processCount: 4, seed: seed))
    #expect(events != plan.events(measureNs: 3 * Self.second, processCount: 4, seed: seed + 1))
    #expect(events.map(\.afterNs) == events.map(\.afterNs).sorted())
    for (kind, everyMs, count) in [
      (FaultPlan.Kind.kill, UInt64(100), 30), (.stop, 1000, 3), (.clock, 700, 4),
    ] {
      let ofKind = events.filter { $0.kind == kind }
      #expect(ofKind.count == count, "\(kind)")
      for (index, event) in ofKind.enumerated() {
        let beginNs = UInt64(index) * everyMs * 1_000_000
        #expect(event.afterNs >= beginNs)
        #expect(event.afterNs + event.durationNs <= beginNs + everyMs * 1_000_000)
        #expect((event.process != nil) == (kind != .clock))
        #expect(event.process.map { (0..<4).contains($0) } ?? true)
      }
    }
    // All processes get their share.
    #expect(Set(events.filter { $0.kind == .kill }.map(\.process)).count == 4)
  }

  @Test func `a command begins at its moment of each stretch`() {
    let plan = FaultPlan([
      .init(kind: .command, everyMs: 500, atMs: 120, commandLine: "true")
    ])
    let events = plan.events(measureNs: 2 * Self.second, processCount: 4, seed: 1)
    #expect(events.map(\.afterNs) == [120, 620, 1120, 1620].map { $0 * 1_000_000 })
    #expect(events.allSatisfy { $0.commandLine == "true" && $0.durationNs == 0 })
  }

  @Test(arguments: [FaultPlan.Kind.kill, .vacuum])
  func `another kind beside it changes nothing about a fault`(other: FaultPlan.Kind) {
    let stop = FaultPlan.Fault(kind: .stop, everyMs: 100, forMs: 10)
    let alone = FaultPlan([stop]).events(measureNs: Self.second, processCount: 4, seed: 5)
    let both = FaultPlan([stop, .init(kind: other, everyMs: 300)]).events(
      measureNs: Self.second, processCount: 4, seed: 5)
    #expect(both.filter { $0.kind == .stop } == alone)
    #expect(both.count == alone.count + 3)
  }

  @Test func `windows overlap what they touch`() {
    let windows = TimeWindows([50..<60, 10..<20, 15..<30, 30..<31, 40..<40])
    for (from, to, expected) in [
      (UInt64(0), UInt64(9), false), (0, 10, true), (12, 13, true), (30, 30, true),
      (31, 49, false), (31, 50, true), (59, 100, true), (60, 100, false), (0, 100, true),
    ] {
      #expect(windows.overlap(from: from, to: to) == expected, "\(from) to \(to)")
    }
    #expect(!TimeWindows([]).overlap(from: 0, to: .max))
  }
}
