import Results
import Scenarios
import Testing
import Verification

@testable import Experiments
@testable import LoadGeneration

@Suite("Objectives of a capacity")
struct CapacityObjectivesTests {
  static func objectives(
    _ text: String, consumers: Int = 4, batch: Int = 1
  ) throws -> CapacityObjectives {
    var settings = CellSettings.standard
    settings.consumers = consumers
    settings.batchSize = batch
    return try CapacityObjectives(TargetList.parse(text), settings: settings)
  }

  @Test(arguments: [
    ("throughput < 500/s", "searched for"), ("throughput >= 500/s", "searched for"),
    ("claim.p99 > 10ms", "easier with more load"), ("achieved_ratio < 99%", "less load"),
    ("steal_share < 5%", "other machines"), ("vm_steps.claim <= 120", "the same at every load"),
    ("busy_error_rate >= 1%", "easier with more load"),
  ])
  func `what says nothing about load is refused`(text: String, reason: String) throws {
    do {
      _ = try Self.objectives("claim.p99 < 10ms, \(text)")
      Issue.record("\(text) was accepted")
    } catch let problem as CapacityObjectives.Problem {
      #expect(problem.index == 1)
      #expect(problem.message.hasPrefix("\(text): "))
      #expect(problem.message.contains(reason), "\(problem.message)")
    }
  }

  @Test func `where nobody claims, claims cannot be limited`() throws {
    #expect(throws: CapacityObjectives.Problem.self) {
      try Self.objectives("claim.p99 < 10ms", consumers: 0)
    }
    let objectives = try Self.objectives("enqueue.p99 < 10ms", consumers: 0)
    #expect(objectives.latency == .enqueue)
    #expect(objectives.latencyLimitsUs == ["p99": 10_000])
  }

  @Test func `a probe is as long as its percentile needs`() throws {
    // 368 samples for p99, and a reserve.
    let objectives = try Self.objectives("claim.p50 < 1ms, claim.p99 < 10ms, lost == 0")
    #expect(abs(objectives.leastSeconds(atRate: 368) - 1.3) < 1e-9)
    let batches = try Self.objectives("enqueue.p999 < 10ms", batch: 10)
    #expect(abs(batches.leastSeconds(atRate: 3688) - 13) < 1e-9)
    // What has no percentile still needs more than a handful.
    #expect(try abs(Self.objectives("busy_error_rate < 1%").leastSeconds(atRate: 100) - 1.3) < 1e-9)
  }

  /// What a probe at 1,000 tasks/s brought that passes `claim.p99 < 10ms`.
  static func findings(
    backlog: [Int] = Array(repeating: 3, count: 10),
    _ change: (inout RepeatResult) -> Void = { _ in }
  ) -> RepeatFindings {
    var result = RepeatResult(
      run: "made-up", cell: "c01", repeatNumber: 3, axes: [], producers: 4, consumers: 4,
      status: .measured, verdict: .valid, detail: "")
    result.measuredSeconds = 1
    result.load.scheduled = 1010
    result.load.achievedRatio = 0.999
    result.throughputPerSecond = 1005
    result.claim.latency = LatencySummary(p50Us: 100, p99Us: 2000)
    result.enqueue.latency = LatencySummary(p50Us: 90, maxUs: 3000)
    result.busyErrorRate = 0
    change(&result)
    var findings = RepeatFindings(result: result)
    findings.timeline = backlog.enumerated().map { index, depth in
      var row = TimelineRow(
        run: "made-up", cell: "c01", repeatNumber: 3, startSeconds: Double(index) / 10,
        lengthSeconds: 0.1, stage: .measure)
      row.depth = depth
      return row
    }
    return findings
  }

  static func judge(
    _ text: String, _ findings: RepeatFindings, consumers: Int = 4
  ) throws -> CapacityObjectives.Verdict {
    try objectives(text, consumers: consumers)
      .judge(findings, rate: 1000, search: 1, purpose: .refine)
  }

  @Test func `a probe that keeps to everything passes`() throws {
    guard case .judged(let probe) = try Self.judge("claim.p99 < 10ms", Self.findings()) else {
      Issue.record("not judged")
      return
    }
    #expect(probe.passed)
    #expect(probe.offered == 1010 && probe.rate == 1000)
    #expect(probe.p99Us == 2000 && probe.cell == "c01" && probe.repeatNumber == 3)
  }

  @Test(arguments: [
    ("claim.p99 < 1ms", "claim.p99 was 2 ms", false),
    ("busy_retry_rate < 1%", "busy_retry_rate", false),
  ])
  func `an expression that does not hold fails the probe`(
    text: String, violation: String, saturated: Bool
  ) throws {
    let findings = Self.findings { $0.busyRetryRate = 0.5 }
    guard case .judged(let probe) = try Self.judge(text, findings) else {
      Issue.record("not judged")
      return
    }
    #expect(probe.violations.count == 1)
    #expect(probe.violations[0].hasPrefix(violation), "\(probe.violations)")
    #expect(probe.isSaturated == saturated)
  }

  @Test func `a rate that is not reached fails the probe`() throws {
    let findings = Self.findings { $0.load.achievedRatio = 0.98 }
    guard case .judged(let probe) = try Self.judge("claim.p99 < 10ms", findings) else {
      Issue.record("not judged")
      return
    }
    #expect(probe.isSaturated)
    #expect(probe.violations == ["only 98.0 % of what was due was enqueued in time"])
  }

  @Test func `a backlog that grows fails the probe, unless nobody consumes`() throws {
    let growing = Self.findings(backlog: (0..<10).map { $0 * 10 })
    guard case .judged(let probe) = try Self.judge("claim.p99 < 10ms", growing),
      case .judged(let other) = try Self.judge("enqueue.max < 1s", growing, consumers: 0)
    else {
      Issue.record("not judged")
      return
    }
    // By 100 tasks a second, where 2 % of 1,000 are allowed.
    #expect(probe.isSaturated && !probe.passed)
    #expect(probe.violations == ["the backlog grew by up to 100 tasks a second"])
    #expect(probe.backlogSlope.map { abs($0 - 100) < 1e-6 } == true)
    #expect(other.passed)
  }

  @Test func `a backlog that goes up and down again is no growth`() throws {
    for backlog in [[4, 0, 2, 6, 0, 4, 1, 3, 0, 2], (0..<10).map { 90 - $0 * 10 }] {
      guard
        case .judged(let probe) = try Self.judge(
          "claim.p99 < 10ms", Self.findings(backlog: backlog))
      else {
        Issue.record("not judged")
        return
      }
      #expect(probe.passed, "\(backlog): \(probe.violations)")
    }
  }

  @Test func `a probe too short to see a backlog grow decides nothing`() throws {
    let short = Self.findings(backlog: [3])
    #expect(try Self.judge("claim.p99 < 10ms", short) == .tooFewSamples("the backlog"))
    guard case .judged(let probe) = try Self.judge("enqueue.max < 1s", short, consumers: 0) else {
      Issue.record("not judged")
      return
    }
    #expect(probe.passed)
  }

  @Test func `errors fail the probe if the objective does not speak of them`() throws {
    let findings = Self.findings { $0.busyErrorRate = 0.001 }
    guard case .judged(let silent) = try Self.judge("claim.p99 < 10ms", findings),
      case .judged(let lenient) = try Self.judge(
        "claim.p99 < 10ms, busy_error_rate < 1%", findings)
    else {
      Issue.record("not judged")
      return
    }
    #expect(!silent.passed && !silent.isSaturated)
    #expect(lenient.passed)
  }

  @Test func `a percentile without samples decides nothing`() throws {
    let few = Self.findings { $0.claim.latency.p99Us = nil }
    #expect(try Self.judge("claim.p99 < 10ms", few) == .tooFewSamples("claim.p99"))
    let none = Self.findings {
      $0.load.scheduled = 0
      $0.load.achievedRatio = nil
    }
    #expect(try Self.judge("claim.p99 < 10ms", none) == .tooFewSamples("achieved_ratio"))
    // What else fails, fails.
    let saturated = Self.findings {
      $0.claim.latency.p99Us = nil
      $0.load.achievedRatio = 0.5
    }
    guard case .judged(let probe) = try Self.judge("claim.p99 < 10ms", saturated) else {
      Issue.record("not judged")
      return
    }
    #expect(!probe.passed)
  }

  @Test func `a probe that lost tasks is no probe`() throws {
    let findings = Self.findings {
      $0.verdict = .invalid
      $0.detail = "3 tasks lost"
    }
    #expect(try Self.judge("claim.p99 < 10ms", findings) == .unusable("3 tasks lost"))
  }
}
