import Testing

@testable import Scenarios

@Suite struct TargetTests {
  @Test(arguments: [
    ("claim.p95 < 10ms", "claim_p95_us", Target.Comparison.less, 10_000.0),
    ("enqueue.max<=1.5s", "enqueue_max_us", .lessOrEqual, 1_500_000),
    ("complete.mean > 250us", "complete_mean_us", .greater, 250),
    ("busy_error_rate < 1%", "busy_error_rate", .less, 0.01),
    ("  busy_retry_rate  <=  12.5%  ", "busy_retry_rate", .lessOrEqual, 0.125),
    ("claim.service_p99 < 1ms", "claim_service_p99_us", .less, 1_000),
    ("lag.p99 < 1ms", "lag_p99_us", .less, 1_000),
    ("end_to_end.p999 < 1s", "end_to_end_p999_us", .less, 1_000_000),
    ("queued.mean < 1s", "queued_mean_us", .less, 1_000_000),
    ("achieved_ratio >= 99%", "achieved_ratio", .greaterOrEqual, 0.99),
    ("lock_utilisation < 80%", "lock_utilisation", .less, 0.8),
    ("steal_share < 1%", "steal_share", .less, 0.01),
    ("throughput >= 500/s", "throughput_per_s", .greaterOrEqual, 500),
    ("throughput >= 600/min", "throughput_per_s", .greaterOrEqual, 10),
    ("lost == 0", "lost", .equal, 0), ("duplicated==0", "duplicated", .equal, 0),
    ("redelivered != 1_000", "redelivered", .notEqual, 1000),
    ("vm_steps.claim <= 120", "claim_vm_steps", .lessOrEqual, 120),
    ("fsyncs.complete < 0.5", "complete_fsyncs", .less, 0.5),
    ("busy_error_rate == 0%", "busy_error_rate", .equal, 0),
  ])
  func parses(text: String, column: String, comparison: Target.Comparison, value: Double) throws {
    let expression = try TargetExpression(text)
    #expect(expression.metric.column == column)
    #expect(expression.comparison == comparison)
    #expect(abs(expression.value - value) < 1e-9)
  }

  @Test(arguments: [
    ("", 1, "expected a metric such as claim.p95"),
    ("< 10ms", 1, "expected a metric such as claim.p95"),
    ("  latency < 1ms", 3, "unknown metric \"latency\""),
    ("claim.p95", 10, "expected <, <=, > or >="),
    ("claim.p95 == 10ms", 11, "expected <, <=, > or >="),
    ("lost = 0", 6, "expected <, <=, >, >=, == or !="),
    ("lost == 0ms", 10, "lost is a count, which has no unit"),
    ("lost == 1%", 10, "lost is a count, which has no unit"),
    ("lost == none", 9, "expected a number, as in 10"),
    ("vm_steps < 10", 1, "unknown metric \"vm_steps\""),
    ("lost == 0, late < 5", 10, "one expression at a time: another one is another target"),
    ("claim.p95 <", 12, "expected a number with a unit, as in 10ms"),
    ("claim.p95 < fast", 13, "expected a number with a unit, as in 10ms"),
    ("claim.p95 < -1ms", 13, "expected a number with a unit, as in 10ms"),
    ("claim.p95 < 10", 15, "expected the unit us, ms or s for claim.p95"),
    ("claim.p95 < 10%", 15, "expected the unit us, ms or s for claim.p95"),
    ("busy_error_rate < 0.01", 23, "expected the unit % for busy_error_rate"),
    ("throughput > 10ms", 16, "expected the unit /s or /min for throughput"),
    ("throughput > x", 14, "expected a number with a unit, as in 10/s"),
    ("claim.p95 < 10ms or so", 18, "unexpected text after the limit"),
  ])
  func pointsAtTheProblem(text: String, column: Int, message: String) {
    let problem = #expect(throws: TargetExpression.Problem.self) { try TargetExpression(text) }
    #expect(problem?.column == column)
    #expect(problem?.message == message)
  }

  @Test(arguments: [
    (Target.Comparison.less, [true, false, false]), (.lessOrEqual, [true, true, false]),
    (.greater, [false, false, true]), (.greaterOrEqual, [false, true, true]),
    (.equal, [false, true, false]), (.notEqual, [true, false, true]),
  ])
  func comparesWithTheLimit(comparison: Target.Comparison, expected: [Bool]) {
    #expect([1.0, 2.0, 3.0].map { comparison.holds($0, 2) } == expected)
  }

  /// Bars from 1 to 2, and what they say of limits below, at and between their ends, and above.
  @Test(arguments: [
    (Target.Comparison.less, [false, false, nil, nil, true]),
    (.lessOrEqual, [false, nil, nil, true, true]), (.greater, [true, nil, nil, false, false]),
    (.greaterOrEqual, [true, true, nil, nil, false]), (.equal, [false, nil, nil, nil, false]),
    (.notEqual, [true, nil, nil, nil, true]),
  ])
  func comparesBarsWithTheLimit(comparison: Target.Comparison, expected: [Bool?]) {
    let limits = [0.5, 1, 1.5, 2, 2.5]
    #expect(limits.map { comparison.holds(from: 1, to: 2, $0) } == expected)
    #expect(comparison.holds(from: 2, to: 2, 2) == comparison.holds(2, 2))
  }

  @Test func metricsHaveDistinctNamesAndColumns() {
    #expect(Set(TargetMetric.all.map(\.name)).count == TargetMetric.all.count)
    #expect(Set(TargetMetric.all.map(\.column)).count == TargetMetric.all.count)
  }
}
