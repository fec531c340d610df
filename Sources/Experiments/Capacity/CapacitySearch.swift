internal import Foundation
package import Results
internal import Statistics

/// The search for the highest rate that a queue sustains: which rates are probed, and when that is enough.
///
/// A probe passes or fails, and near the capacity chance has a say in it. So no verdict is final:
/// 1. From the beginning rate on, the rate is doubled or halved until a probe passed and a later one failed.
/// 2. Then each probe goes where it tells most, into the middle half of what is still likely for the threshold θ
///    at which half of the probes fail, until θ is known to 5 % on each side (``ThresholdEstimate``).
/// 3. λ*, a ninth below θ, is confirmed from below and above, in common blocks: 5 of 5 have to pass at λ*, or below
///    it where probes differ so much that not most of them pass there, and 4 of 5 to fail above θ. Each is the
///    majority of up to seven fresh probes, which ends when four agree. Where one does not, the probes of the
///    confirmation count like all others, and the new λ* is confirmed anew, some times.
///
/// A majority, because what a queue finishes differs from one three-second probe to the next: by 7 % as counted on
/// one day, by some 14 % as the slope of a search said on another. How far the two rates lie from θ follows from
/// how gradually probes begin to fail: where 85 in 100 are on the right side, the majority of seven is wrong one time
/// in eighty.
///
/// It knows nothing of databases and clocks: whoever measures asks ``step`` and ``add(_:)``s what came of it.
package struct CapacitySearch: Sendable {
  /// What is searched, and how thoroughly.
  package struct Plan: Sendable {
    /// Where to begin, and how far to go, in tasks per second.
    package var firstRate: Double
    package var lowestRate: Double
    package var highestRate: Double
    /// The ratio of the interval of θ at which refining ends.
    package var precision = 1.1
    package var leastRefinements = 10
    package var mostRefinements = 24
    /// θ relative to λ*; and where probes differ little, θ relative to the rate that has to pass, which is λ*, and
    /// the rate that has to fail relative to θ. That is nearer, because one confirmation may pass there.
    package var leastRatioBelow = 1.12
    package var leastRatioAbove = 1.1
    /// Further away than this, nothing is confirmed that anybody wants to know.
    package var mostRatio = 1.25
    /// The share of probes that is to be on the right side of θ at the two rates.
    package var rightShare = 0.85
    package var confirmations = 5
    /// How many of the confirmations above have to fail.
    package var leastFailures = 4
    /// The majority of how many probes a confirmation is.
    package var probesPerConfirmation = 7
    /// How many rates are tried to be confirmed.
    package var mostRounds = 4
    /// How many probes in turn have to agree that the lowest or the highest rate is the end.
    package var probesAtTheEnds = 3

    package init(firstRate: Double, lowestRate: Double, highestRate: Double) {
      self.firstRate = firstRate
      self.lowestRate = lowestRate
      self.highestRate = highestRate
    }

    /// How many probes it takes at least.
    package var leastProbes: Int { 2 + leastRefinements + 2 * confirmations * majority }

    var majority: Int { probesPerConfirmation / 2 + 1 }

    /// How far below θ the rate lies that has to pass, and how far above θ the one that has to fail, where probes
    /// begin to fail as gradually as `width` says.
    func ratios(width: Double) -> (below: Double, above: Double) {
      let far = min(neededRatio(width: width), mostRatio)
      return (max(leastRatioBelow, far), max(leastRatioAbove, far))
    }

    /// How far from θ enough probes are on the right side.
    private func neededRatio(width: Double) -> Double {
      exp(log(rightShare / (1 - rightShare)) * width)
    }

    /// Whether probes begin to fail so gradually that a confirmation would be luck.
    func isTooGradual(width: Double) -> Bool { neededRatio(width: width) > 1.1 * mostRatio }
  }

  /// What to do next.
  package enum Step: Equatable, Sendable {
    /// Probe each of the rates once.
    case probe(rates: [Double], purpose: CapacityProbe.Purpose)
    /// That was all.
    case finished
  }

  /// What came of a probe.
  package struct Trial: Sendable {
    /// As it was asked for.
    package let rate: Double
    /// As chance made it.
    package let offered: Double
    package let passed: Bool

    package init(rate: Double, offered: Double, passed: Bool) {
      self.rate = rate
      self.offered = offered
      self.passed = passed
    }
  }

  private struct Vote {
    var passed = 0
    var failed = 0
    let needed: Int

    var verdict: Bool? { passed >= needed ? true : failed >= needed ? false : nil }

    mutating func add(_ didPass: Bool) { if didPass { passed += 1 } else { failed += 1 } }
  }

  private struct Round {
    /// λ*
    let answer: Double
    let rate: Double
    let above: Double
    var passedAt = 0
    var trialsAt = 0
    var failedAbove = 0
    var trialsAbove = 0
    var at: Vote
    var over: Vote
    /// What the votes were about: probes that passed and that failed.
    var probesAt = (passed: 0, failed: 0)
    var probesAbove = (passed: 0, failed: 0)
  }

  private enum Phase {
    case bracketing(rate: Double)
    case refining
    case confirming(Round)
    case ended(CapacitySearchRecord.Outcome)
  }

  private let plan: Plan
  private var phase: Phase
  private var trials: [Trial] = []
  private var highestPassed: Double?
  private var lowestFailed: Double?
  private var agreeingAtTheEnd = 0
  private var estimate: ThresholdEstimate?
  private var refinements = 0
  private var rounds = 0
  private var latestRound: Round?

  package init(_ plan: Plan) {
    self.plan = plan
    let first = min(max(plan.firstRate, plan.lowestRate), plan.highestRate)
    phase = .bracketing(rate: roundedRate(first))
  }

  /// What to do next.
  package var step: Step {
    switch phase {
    case .bracketing(let rate): return .probe(rates: [rate], purpose: .bracket)
    case .refining: return .probe(rates: [nextRefinement], purpose: .refine)
    case .confirming(let round):
      var rates: [Double] = []
      if round.at.verdict == nil { rates.append(round.rate) }
      if round.over.verdict == nil { rates.append(round.above) }
      return .probe(rates: rates, purpose: .confirm)
    case .ended: return .finished
    }
  }

  /// Whether there is nothing more to probe.
  package var isOver: Bool {
    if case .probe = step { return false }
    return true
  }

  /// Learns what came of the probes that ``step`` asked for, in their order.
  package mutating func add(_ results: [Trial]) {
    trials += results
    for result in results { estimate?.add(x: log(result.offered), passed: result.passed) }
    switch phase {
    case .bracketing(let rate):
      for result in results { bracket(rate, passed: result.passed) }
    case .refining:
      refinements += 1
      if isPreciseEnough { beginRound() }
    case .confirming(let round):
      confirm(round, results)
    case .ended: break
    }
  }

  // MARK: Bracket

  private mutating func bracket(_ rate: Double, passed: Bool) {
    if passed {
      highestPassed = max(highestPassed ?? 0, rate)
    } else {
      lowestFailed = min(lowestFailed ?? .infinity, rate)
    }
    if highestPassed != nil, lowestFailed != nil { return beginRefining() }
    let isAtTheEnd = passed ? rate >= plan.highestRate : rate <= plan.lowestRate
    guard !isAtTheEnd else {
      agreeingAtTheEnd += 1
      if agreeingAtTheEnd >= plan.probesAtTheEnds {
        phase = .ended(passed ? .unlimited : .impossible)
      }
      return
    }
    let next = passed ? min(rate * 2, plan.highestRate) : max(rate / 2, plan.lowestRate)
    phase = .bracketing(rate: next >= plan.highestRate ? plan.highestRate : roundedRate(next))
  }

  private mutating func beginRefining() {
    guard let low = highestPassed, let high = lowestFailed else { return }
    // Both verdicts may have been luck.
    let ends = (min(low, high) / 3, max(low, high) * 3)
    var estimate = ThresholdEstimate(range: log(ends.0)...log(ends.1))
    for trial in trials { estimate.add(x: log(trial.offered), passed: trial.passed) }
    self.estimate = estimate
    phase = .refining
  }

  // MARK: Refine

  private var isPreciseEnough: Bool {
    guard refinements >= plan.leastRefinements else { return false }
    guard refinements < plan.mostRefinements, let interval = estimate?.threshold.interval else {
      return true
    }
    return interval.high - interval.low <= log(plan.precision)
  }

  private var nextRefinement: Double {
    let quantiles = [0.5, 0.25, 0.75]
    return roundedRate(exp(estimate?.quantile(quantiles[refinements % 3]) ?? 0))
  }

  // MARK: Confirm

  private mutating func beginRound() {
    guard let estimate else { return }
    let threshold = exp(estimate.threshold.value)
    let ratios = plan.ratios(width: estimate.width)
    rounds += 1
    phase = .confirming(
      Round(
        answer: roundedRate(threshold / plan.leastRatioBelow),
        rate: roundedRate(threshold / ratios.below), above: roundedRate(threshold * ratios.above),
        at: Vote(needed: plan.majority), over: Vote(needed: plan.majority)))
  }

  private mutating func confirm(_ round: Round, _ results: [Trial]) {
    var round = round
    for result in results {
      if result.rate == round.rate {
        round.at.add(result.passed)
        count(result, in: &round.probesAt)
      } else {
        round.over.add(result.passed)
        count(result, in: &round.probesAbove)
      }
    }
    if round.at.verdict == false, round.over.verdict == nil {
      // Lost already, whatever the probes above say.
      round.trialsAt += 1
    } else if let at = round.at.verdict, let over = round.over.verdict {
      round.passedAt += at ? 1 : 0
      round.failedAbove += over ? 0 : 1
      round.trialsAt += 1
      round.trialsAbove += 1
      round.at = Vote(needed: round.at.needed)
      round.over = Vote(needed: round.over.needed)
    }
    latestRound = round
    let allowed = plan.confirmations - plan.leastFailures
    if round.passedAt < round.trialsAt || round.trialsAbove - round.failedAbove > allowed {
      if rounds >= plan.mostRounds { phase = .ended(.unconfirmed) } else { beginRound() }
    } else if round.trialsAt >= plan.confirmations {
      let isLuck = plan.isTooGradual(width: estimate?.width ?? 0)
      phase = .ended(isLuck ? .unconfirmed : .confirmed)
    } else {
      phase = .confirming(round)
    }
  }

  private func count(_ trial: Trial, in counts: inout (passed: Int, failed: Int)) {
    if trial.passed { counts.passed += 1 } else { counts.failed += 1 }
  }

  // MARK: Result

  /// What is known so far; `.unfinished` unless the search has ended.
  package func record(number: Int) -> CapacitySearchRecord {
    var outcome = CapacitySearchRecord.Outcome.unfinished
    if case .ended(let end) = phase { outcome = end }
    var record = CapacitySearchRecord(number: number, outcome: outcome)
    record.probes = trials.count
    record.highestPassed = highestPassed
    record.lowestFailed = lowestFailed
    switch outcome {
    case .impossible: record.rate = lowestFailed
    case .unlimited: record.rate = highestPassed
    case .confirmed, .unconfirmed, .unfinished: break
    }
    guard let estimate, let interval = estimate.threshold.interval else { return record }
    record.low = exp(interval.low) / plan.leastRatioBelow
    record.high = exp(interval.high) / plan.leastRatioBelow
    // From 9 in 10 to 1 in 10, a logistic curve takes ln 9 times its width on each side.
    let reach = log(9) * estimate.width
    record.transitionLow = exp(estimate.threshold.value - reach)
    record.transitionHigh = exp(estimate.threshold.value + reach)
    if let round = latestRound {
      record.givenUp = rounds - 1
      (record.passedAt, record.trialsAt) = (round.passedAt, round.trialsAt)
      (record.failedAbove, record.trialsAbove) = (round.failedAbove, round.trialsAbove)
      (record.rateBelow, record.rateAbove) = (round.rate, round.above)
      (record.probesPassedAt, record.probesFailedAt) = round.probesAt
      (record.probesPassedAbove, record.probesFailedAbove) = round.probesAbove
    }
    if outcome == .confirmed || outcome == .unconfirmed { record.rate = latestRound?.answer }
    // What was confirmed lies within what is likely, even if chance moved the estimate meanwhile.
    if let rate = record.rate {
      record.low = min(record.low ?? rate, rate)
      record.high = max(record.high ?? rate, rate)
    }
    return record
  }
}

/// A rate with three significant digits, so that probes of nearly the same rate share a cell.
package func roundedRate(_ rate: Double) -> Double {
  guard rate > 0, rate.isFinite else { return rate }
  let power = pow(10, (log10(rate).rounded(.down) - 2))
  return power < 1 ? (rate / power).rounded() / (1 / power) : (rate / power).rounded() * power
}
