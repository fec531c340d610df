internal import Foundation
package import LoadGeneration
package import Results
package import Scenarios
internal import Statistics

/// The service-level objective of a capacity: which probes pass.
///
/// A probe passes if every expression holds, 99 % of what was due was enqueued in time, the backlog did not grow,
/// and no operation ended in an error that the objective does not speak of.
package struct CapacityObjectives: Sendable {
  /// Why an expression says nothing about a capacity.
  package struct Problem: Error, Equatable, CustomStringConvertible {
    /// Which of the expressions, from 0.
    package let index: Int
    package let message: String

    package var description: String { message }
  }

  /// What has to be enqueued of what is due.
  package static let leastAchieved = 0.99
  /// By how much of the offered rate the backlog may grow, at the upper end of the slope's interval (ε).
  package static let mostGrowth = 0.02
  /// Operations that a probe has at least: of fewer, a single late one decides whether 99 % were in time.
  private static let leastOperations = 100
  /// How many times as many operations as its percentiles need a probe is made for: chance makes fewer of them
  /// than their mean.
  private static let sampleReserve = 1.3

  package let targets: [Target]
  /// The latency that the curve shows: the first that is limited.
  package let latency: CapacityLatency
  private let settings: CellSettings

  /// Checks that each of `targets` says something about load that grows.
  package init(_ targets: [Target], settings: CellSettings) throws(Problem) {
    for (index, target) in targets.enumerated() {
      if let message = Self.problem(of: target, settings) {
        throw Problem(index: index, message: "\(target.text): \(message)")
      }
    }
    self.targets = targets
    self.settings = settings
    latency =
      targets.compactMap { Self.latency(of: $0.metric) }.first
      ?? (settings.consumers > 0 ? .claim : .enqueue)
  }

  private static func problem(of target: Target, _ settings: CellSettings) -> String? {
    let metric = target.metric
    let operation = operation(of: metric)
    if settings.consumers == 0, ["claim", "complete", "end_to_end", "queued"].contains(operation) {
      return "nobody claims tasks here (consumers: 0)"
    }
    if metric.isCost { return "that is the same at every load; see queuebench costs" }
    // `== 0` is an upper limit too, of what is never negative.
    let isUpperLimit =
      target.comparison == .less || target.comparison == .lessOrEqual
      || (target.comparison == .equal && target.value == 0)
    switch metric.name {
    case "throughput":
      return "throughput is what is searched for; leave it out"
    case "achieved_ratio":
      return isUpperLimit ? "less load is always achieved better; use > or >=" : nil
    case "steal_share":
      return "that depends on other machines, not on the load"
    default:
      return isUpperLimit ? nil : "that becomes easier with more load; use < or <="
    }
  }

  private static func operation(of metric: TargetMetric) -> String {
    String(metric.name.prefix { $0 != "." })
  }

  private static func latency(of metric: TargetMetric) -> CapacityLatency? {
    metric.dimension == .latency ? CapacityLatency(rawValue: operation(of: metric)) : nil
  }

  /// The limits of the latency that the curve shows, by percentile.
  package var latencyLimitsUs: [String: Double] {
    var limits: [String: Double] = [:]
    for target in targets where Self.latency(of: target.metric) == latency {
      guard let statistic = target.metric.name.split(separator: ".").last else { continue }
      limits[String(statistic)] = target.value
    }
    return limits
  }

  // MARK: How long

  /// How long a probe at `rate` has to be for each percentile to have its samples.
  package func leastSeconds(atRate rate: Double) -> Double {
    let samples = targets.compactMap { target -> Int? in
      let statistic = target.metric.name.split(separator: ".").last.map(String.init) ?? ""
      let name = statistic.hasPrefix("service_") ? String(statistic.dropFirst(8)) : statistic
      return Percentile(rawValue: name).map { minimumSampleCount(forQuantile: $0.quantile) }
    }.max()
    let operationsPerSecond = rate / Double(settings.batchSize)
    return Double(max(Self.leastOperations, samples ?? 0)) * Self.sampleReserve
      / operationsPerSecond
  }

  // MARK: Verdict

  /// What became of a probe.
  package enum Verdict: Equatable, Sendable {
    /// It passed or failed; the probe says why.
    case judged(CapacityProbe)
    /// A percentile lacks samples, and nothing else failed.
    case tooFewSamples(String)
    /// It did not run to its end, or lost tasks.
    case unusable(String)
  }

  /// Judges what was measured at `rate`.
  package func judge(
    _ findings: RepeatFindings, rate: Double, search: Int, purpose: CapacityProbe.Purpose
  ) -> Verdict {
    let result = findings.result
    guard result.isUsable, let seconds = result.measuredSeconds, seconds > 0 else {
      return .unusable(result.detail)
    }
    guard let achieved = result.load.achievedRatio, let scheduled = result.load.scheduled,
      scheduled > 0
    else { return .tooFewSamples("achieved_ratio") }

    var violations: [String] = []
    var isSaturated = false
    if achieved < Self.leastAchieved {
      isSaturated = true
      violations.append("only \(percent(achieved)) of what was due was enqueued in time")
    }
    var missing: String?
    let slope = backlogSlope(findings.timeline)
    if settings.consumers > 0, slope == nil { missing = "the backlog" }
    if settings.consumers > 0, let slope, slope > Self.mostGrowth * rate {
      isSaturated = true
      violations.append("the backlog grew by up to \(Int(slope)) tasks a second")
    }
    var missed: [String] = []
    for target in targets {
      guard let value = Self.value(of: target.metric, in: result) else {
        missing = missing ?? target.metric.name
        continue
      }
      if !target.comparison.holds(value, target.value) {
        missed.append(target.metric.name)
        violations.append("\(target.metric.name) was \(text(value, target.metric))")
      }
    }
    let speaksOfErrors = targets.contains { $0.metric.name == "busy_error_rate" }
    if !speaksOfErrors, let errors = result.busyErrorRate, errors > 0 {
      missed.append("busy_error_rate")
      violations.append("\(percent(errors)) of the operations ended in SQLITE_BUSY")
    }
    if violations.isEmpty, let missing { return .tooFewSamples(missing) }

    var probe = CapacityProbe(
      search: search, purpose: purpose, cell: result.cell, repeatNumber: result.repeatNumber,
      rate: rate, offered: Double(scheduled) / seconds, achieved: achieved,
      throughput: result.throughputPerSecond ?? 0, violations: violations, missed: missed,
      isSaturated: isSaturated, usage: CapacityUsage(findings, latency: latency))
    let latencies = latency.summary(of: result)
    (probe.p50Us, probe.p99Us, probe.p999Us) = (latencies.p50Us, latencies.p99Us, latencies.p999Us)
    probe.backlogSlope = slope
    return .judged(probe)
  }

  private static func value(of metric: TargetMetric, in result: RepeatResult) -> Double? {
    TaskCount(rawValue: metric.column).map { $0.value(in: result).map(Double.init) }
      ?? Metric.named(metric.column)?.value(in: result)
  }

  /// The upper end of the interval of the backlog's slope over the windows of the measurement, or the slope
  /// itself where there are too few for an interval; nil for less than two windows.
  private func backlogSlope(_ timeline: [TimelineRow]) -> Double? {
    let windows = timeline.filter { $0.stage == .measure }
    let slope = theilSenSlope(
      x: windows.map { $0.startSeconds + $0.lengthSeconds }, y: windows.map { Double($0.depth) })
    return slope?.interval?.high ?? slope?.value
  }

  private func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }

  private func text(_ value: Double, _ metric: TargetMetric) -> String {
    switch metric.dimension {
    case .latency: return String(format: "%.3g ms", value / 1000)
    case .share: return percent(value)
    default: return String(format: "%.4g", value)
    }
  }
}
