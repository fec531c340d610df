import Results
import Testing

@testable import Experiments

@Suite("What limits a capacity, and where its knee is")
struct CapacityConclusionTests {
  static func probe(
    _ rate: Double, passed: Bool = true, violation: String = "only 90.0 % of what was due",
    isSaturated: Bool = true, p99Us: Double = 1000, _ use: (inout CapacityUsage) -> Void = { _ in }
  ) -> CapacityProbe {
    var usage = CapacityUsage()
    use(&usage)
    var probe = CapacityProbe(
      search: 1, purpose: .refine, cell: "c01", repeatNumber: 1, rate: rate, offered: rate,
      achieved: passed ? 1 : 0.9, throughput: rate, violations: passed ? [] : [violation],
      missed: isSaturated || passed ? [] : ["claim.p99"],
      isSaturated: !passed && isSaturated, usage: usage)
    probe.p99Us = p99Us
    return probe
  }

  static func limit(_ use: @escaping (inout CapacityUsage) -> Void) -> CapacityLimit? {
    CapacityLimit(
      probes: [probe(1000, use), probe(1100, passed: false, use), probe(4000, passed: false, use)],
      rate: 1000, cores: 4)
  }

  @Test func `each thing that is used up is recognised`() {
    #expect(Self.limit { $0.lock = 0.93 }?.kind == .writeLock)
    #expect(
      Self.limit {
        ($0.lock, $0.commitShareOfLock, $0.syncsPerTask) = (0.93, 0.8, 3)
      }?.kind == .fsync)
    // Long commits that wait for no disk are not the disk's.
    #expect(
      Self.limit {
        ($0.lock, $0.commitShareOfLock, $0.syncsPerTask) = (0.93, 0.8, 0.01)
      }?.kind == .writeLock)
    #expect(Self.limit { ($0.lock, $0.busyCores) = (0.4, 3.8) }?.kind == .cpu)
    #expect(Self.limit { ($0.lock, $0.busyCores, $0.runQueue) = (0.4, 2, 0.5) }?.kind == .cpu)
    #expect(Self.limit { ($0.lock, $0.checkpoint) = (0.3, 0.7) }?.kind == .checkpoint)
    #expect(Self.limit { ($0.lock, $0.producerCPU) = (0.3, 0.97) }?.kind == .generator)
    #expect(Self.limit { $0.lock = 0.3 }?.kind == .unclear)
  }

  @Test func `a lock that is held as much as under any load is used up, too`() {
    #expect(Self.limit { $0.lock = 0.65 }?.kind == .writeLock)
    let probes = [
      Self.probe(1000) { $0.lock = 0.55 }, Self.probe(1100, passed: false) { $0.lock = 0.55 },
      Self.probe(4000, passed: false) { $0.lock = 0.8 },
    ]
    let limit = CapacityLimit(probes: probes, rate: 1000, cores: 4)
    #expect(limit?.kind == .unclear)
    #expect(limit?.mostLock == 0.8)
  }

  @Test func `where the queue keeps up, the objective is the limit`() {
    let late = { (rate: Double) in
      Self.probe(rate, passed: false, violation: "claim.p99 was 12 ms", isSaturated: false) {
        ($0.lock, $0.tailPart, $0.tailShare) = (0.9, "lock_wait", 0.8)
      }
    }
    let probes = [Self.probe(1000) { $0.lock = 0.9 }, late(1100), late(1110)]
    let limit = CapacityLimit(probes: probes, rate: 1000, cores: 4)
    #expect(limit?.kind == .objective)
    #expect(limit?.detail == "claim.p99")
    #expect(limit?.usage.tailPart == "lock_wait")
  }

  @Test func `failures as far above as they are confirmed count, further ones do not`() {
    let late = { (rate: Double) in
      Self.probe(rate, passed: false, violation: "claim.p99 was 12 ms", isSaturated: false) {
        $0.lock = 0.9
      }
    }
    let passed = Self.probe(1000) { $0.lock = 0.9 }
    #expect(
      CapacityLimit(probes: [passed, late(1400)], rate: 1000, cores: 4)?.kind == .objective)
    #expect(
      CapacityLimit(probes: [passed, late(1500)], rate: 1000, cores: 4)?.kind == .writeLock)
  }

  @Test func `nothing near the capacity, no conclusion`() {
    #expect(CapacityLimit(probes: [Self.probe(10)], rate: 1000, cores: 4) == nil)
  }

  @Test func `probes of nearly the same rate are one point`() {
    let points = CapacityCurve.points([
      Self.probe(1010, passed: false, p99Us: 3000), Self.probe(1000, p99Us: 1000),
      Self.probe(2000, p99Us: 9000), Self.probe(1020, p99Us: 2000),
    ])
    #expect(points.map(\.rate) == [1010, 2000])
    #expect(points.map(\.probes) == [3, 1])
    #expect(points[0].p99Us == 2000 && points[0].passed == 2)
  }

  @Test func `the ladder leaves out what was probed`() {
    let rates = CapacityCurve.missingRates(
      around: 1000, atMost: 1300, probes: [Self.probe(510), Self.probe(1000)])
    #expect(rates == [125, 250, 700, 850, 1100, 1250])
  }

  @Test func `the knee is where latency begins to rise`() {
    let latencies: [(Double, Double)] = [
      (1000, 500), (2000, 520), (4000, 560), (6000, 700), (7000, 2500), (8000, 9000),
    ]
    let probes = latencies.map { Self.probe($0.0, passed: $0.0 < 8000, p99Us: $0.1) }
    // Far beyond the capacity latencies say nothing.
    let beyond = [Self.probe(16_000, passed: false, p99Us: 900_000)]
    #expect(CapacityCurve.knee(of: CapacityCurve.points(probes + beyond)) == 6000)
    let straight = (1...6).map { Self.probe(Double($0) * 1000, p99Us: Double($0) * 100) }
    #expect(CapacityCurve.knee(of: CapacityCurve.points(straight)) == nil)
    #expect(CapacityCurve.knee(of: CapacityCurve.points(Array(probes.prefix(3)))) == nil)
  }
}
