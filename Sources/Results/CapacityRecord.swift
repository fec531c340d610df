package import Statistics

/// What a search for the capacity of a queue found: `capacity.json`, from which its text and its pictures are
/// made. The rows of the probes themselves are in `cells.csv`.
package struct CapacityRecord: Codable, Equatable, Sendable {
  /// The version of the format.
  package var schemaVersion = 1
  /// The scenario's name.
  package var scenario: String
  /// The scenario's cell whose settings were used.
  package var cell: String
  /// What has to hold, as the user wrote it; empty if only the number of processes was varied.
  package var objectives: [String]
  /// The latency that the curve shows.
  package var latency: CapacityLatency
  /// Where its limits lie, in microseconds, by percentile.
  package var latencyLimitsUs: [String: Double] = [:]
  /// Tasks per second of the closed loop, in the median of some probes; nil before it was measured.
  package var closedLoopPeak: Double?
  /// Each search, in the order of time.
  package var searches: [CapacitySearchRecord] = []
  /// Every probe at a rate, in the order of time.
  package var probes: [CapacityProbe] = []
  /// Latency against rate, in the order of rates.
  package var curve: [CapacityCurvePoint] = []
  /// Why the curve lacks rates, in words; nil if it does not.
  package var curveNote: String?
  /// Where latency begins to rise steeply; nil if it does so nowhere.
  package var knee: Double?
  /// What keeps the queue from taking more; nil where that was not asked.
  package var limit: CapacityLimit?
  /// How throughput depends on the number of processes; nil if that was not asked.
  package var scale: ScaleRecord?
  /// Probes that were thrown away because the machine was disturbed, and in how many blocks they ran.
  package var voidProbes = 0
  package var voidBlocks: Int?
  /// Probes that count although it was, because it did not become quiet again or the user wanted them.
  package var disturbedProbes = 0
  package var disturbedBlocks: Int?

  /// Nothing has been measured yet.
  package init(
    scenario: String, cell: String, objectives: [String], latency: CapacityLatency
  ) {
    self.scenario = scenario
    self.cell = cell
    self.objectives = objectives
    self.latency = latency
  }

  /// The capacity: the median over the searches that found one, confirmed or not.
  package var rate: Double? { median(of: foundRates) }

  /// (max − min) / median over those searches; nil for less than two.
  package var spread: Double? {
    let rates = foundRates
    guard rates.count > 1, let low = rates.min(), let high = rates.max(),
      let middle = median(of: rates), middle > 0
    else { return nil }
    return (high - low) / middle
  }

  private var foundRates: [Double] { searches.filter(\.foundRate).compactMap(\.rate) }
}

/// A latency that limits a capacity.
package enum CapacityLatency: String, Codable, Sendable, CaseIterable {
  case enqueue
  case claim
  case complete
  case endToEnd = "end_to_end"
  case queued

  /// Its percentiles in a repeat.
  package func summary(of result: RepeatResult) -> LatencySummary {
    switch self {
    case .enqueue: return result.enqueue.latency
    case .claim: return result.claim.latency
    case .complete: return result.complete.latency
    case .endToEnd: return result.flow.endToEnd
    case .queued: return result.flow.queued
    }
  }
}

/// One probe at a rate.
package struct CapacityProbe: Codable, Equatable, Sendable {
  /// What it was measured for.
  package enum Purpose: String, Codable, Sendable, CaseIterable {
    /// To find rates on both sides of the capacity.
    case bracket
    /// To come nearer to it.
    case refine
    /// To confirm what was found.
    case confirm
    /// To draw the curve.
    case curve
  }

  /// The search that it belongs to, from 1.
  package var search: Int
  package var purpose: Purpose
  /// Its row in `cells.csv`.
  package var cell: String
  package var repeatNumber: Int
  /// Tasks per second that were to be offered.
  package var rate: Double
  /// Tasks per second that chance made of that.
  package var offered: Double
  /// What was enqueued in time, relative to what was due.
  package var achieved: Double
  /// Tasks finished per second.
  package var throughput: Double
  /// The latency of the curve.
  package var p50Us: Double?
  package var p99Us: Double?
  package var p999Us: Double?
  /// Tasks by which the backlog grew per second, at most: the upper end of the interval of its slope.
  package var backlogSlope: Double?
  /// What did not hold, as text; empty if the probe passed.
  package var violations: [String]
  /// The metrics of the objective that did not hold.
  package var missed: [String]
  /// Whether it was the queue that did not keep up, whatever the objectives say.
  package var isSaturated: Bool
  package var usage: CapacityUsage

  package init(
    search: Int, purpose: Purpose, cell: String, repeatNumber: Int, rate: Double, offered: Double,
    achieved: Double, throughput: Double, violations: [String], missed: [String] = [],
    isSaturated: Bool, usage: CapacityUsage
  ) {
    self.search = search
    self.purpose = purpose
    self.cell = cell
    self.repeatNumber = repeatNumber
    self.rate = rate
    self.offered = offered
    self.achieved = achieved
    self.throughput = throughput
    self.violations = violations
    self.missed = missed
    self.isSaturated = isSaturated
    self.usage = usage
  }

  /// Whether everything held.
  package var passed: Bool { violations.isEmpty }
}

/// What a probe used of what there is; shares from 0 to 1, nil where nobody measured it.
package struct CapacityUsage: Codable, Equatable, Sendable {
  /// The time in which the write lock was held.
  package var lock: Double?
  /// How long an operation held it, in the mean.
  package var lockHoldUs: Double?
  /// Of the time in which it was held, that of commits.
  package var commitShareOfLock: Double?
  /// Waits for the disk per finished task, those of all its operations.
  package var syncsPerTask: Double?
  /// The time in which a checkpoint was at work.
  package var checkpoint: Double?
  /// Processors that producers, consumers and the harness kept busy.
  package var busyCores: Double?
  /// The time of one producer on a processor.
  package var producerCPU: Double?
  /// The time in which a process could have run and had no processor.
  package var runQueue: Double?
  /// How late operations began, in µs.
  package var lagP99Us: Double?
  /// Which part took most of the operations near the 99th percentile, and how much of them.
  package var tailPart: String?
  package var tailShare: Double?

  package init() {}
}

/// What one search found.
package struct CapacitySearchRecord: Codable, Equatable, Sendable {
  /// How it ended.
  package enum Outcome: String, Codable, Sendable, CaseIterable {
    /// A rate was found, and probes above and below it confirm it.
    case confirmed
    /// A rate was found, but the probes above or below it do not confirm it.
    case unconfirmed
    /// The objectives do not hold at the lowest rate either.
    case impossible
    /// They hold at the highest rate that can be offered.
    case unlimited
    /// It ended before it could say more than a bracket.
    case unfinished
  }

  /// From 1.
  package var number: Int
  package var outcome: Outcome
  /// The highest sustainable rate; of ``Outcome/impossible`` and ``Outcome/unlimited`` the rate where that
  /// was seen.
  package var rate: Double?
  /// Where it lies with a probability of 95 %.
  package var low: Double?
  package var high: Double?
  /// From which to which rate the share of probes that pass falls from 9 in 10 to 1 in 10.
  package var transitionLow: Double?
  package var transitionHigh: Double?
  /// The highest rate that passed and the lowest that did not, as far as that is known.
  package var highestPassed: Double?
  package var lowestFailed: Double?
  /// Confirmations at ``rate`` that passed, of how many.
  package var passedAt: Int = 0
  package var trialsAt: Int = 0
  /// Confirmations above it that failed, of how many.
  package var failedAbove: Int = 0
  package var trialsAbove: Int = 0
  /// Where they were made, and those above; nil in files of earlier versions, which made them at ``rate``.
  package var rateBelow: Double?
  package var rateAbove: Double?
  /// The probes that the confirmations are majorities of; nil in files of earlier versions.
  package var probesPassedAt: Int?
  package var probesFailedAt: Int?
  package var probesPassedAbove: Int?
  package var probesFailedAbove: Int?
  /// How often a rate had to be given up because its confirmation failed.
  package var givenUp: Int = 0
  /// Probes, void ones not counted.
  package var probes: Int = 0
  package var seconds: Double = 0
  /// Why it ended without an answer, in words.
  package var reason: String?

  /// Whether ``rate`` is a capacity, and not an end of the range.
  package var foundRate: Bool { outcome == .confirmed || outcome == .unconfirmed }

  package init(number: Int, outcome: Outcome) {
    self.number = number
    self.outcome = outcome
  }
}

/// The probes of one rate together: a point of the curve.
package struct CapacityCurvePoint: Codable, Equatable, Sendable {
  package var rate: Double
  /// How many probes it is the median of.
  package var probes: Int
  /// How many of them passed.
  package var passed: Int
  package var achieved: Double
  package var p50Us: Double?
  package var p99Us: Double?
  package var p999Us: Double?
  package var lock: Double?

  package init(rate: Double, probes: Int, passed: Int, achieved: Double) {
    self.rate = rate
    self.probes = probes
    self.passed = passed
    self.achieved = achieved
  }
}

/// What keeps a queue from taking more, with the numbers that it was concluded from.
package struct CapacityLimit: Codable, Equatable, Sendable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// Processes wait for each other's write lock.
    case writeLock = "write_lock"
    /// They do, and most of the time it is held for commits that wait for the disk.
    case fsync
    /// There are no processors left.
    case cpu
    /// Checkpoints.
    case checkpoint
    /// The producers cannot offer more.
    case generator
    /// The queue would take more, but an objective does not hold any longer.
    case objective
    /// Nothing of that.
    case unclear
  }

  /// From this share of the time on, a thing that only one can use is taken to be used up.
  package static let mostlyUsed = 0.85

  package var kind: Kind
  /// The objective that fails, or a part of operations.
  package var detail: String?
  /// Medians near the capacity.
  package var usage: CapacityUsage
  /// The most that the lock was held at any rate.
  package var mostLock: Double?
  /// Processors that the processes may use.
  package var cores: Double?

  package init(kind: Kind, detail: String? = nil, usage: CapacityUsage) {
    self.kind = kind
    self.detail = detail
    self.usage = usage
  }
}

/// Throughput of the closed loop against the number of processes.
package struct ScaleRecord: Codable, Equatable, Sendable {
  /// What the repeats of one number of processes came to.
  package struct Point: Codable, Equatable, Sendable {
    package var processes: Int
    package var throughputs: [Double]
    /// What it would come to if the write lock were held without a pause, in the median.
    package var lockBound: Double?
    package var lockHoldUs: Double?
    package var lock: Double?

    package init(processes: Int, throughputs: [Double]) {
      self.processes = processes
      self.throughputs = throughputs
    }
  }

  /// A parameter with its 95 % interval; nil for what is not finite.
  package struct Parameter: Codable, Equatable, Sendable {
    package var value: Double?
    package var low: Double?
    package var high: Double?

    package init(_ value: Double, _ interval: Interval?) {
      func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
      self.value = finite(value)
      low = finite(interval?.low)
      high = finite(interval?.high)
    }
  }

  package var points: [Point]
  package var lambda: Parameter?
  package var sigma: Parameter?
  package var kappa: Parameter?
  /// N*; a missing value means that more processes never harm, as far as the points say.
  package var peakProcesses: Parameter?

  package init(points: [Point]) { self.points = points }
}
