import Foundation
internal import Scenarios
package import Statistics

/// Looks for the combination with the least cost, block by block, without knowing how costs come about.
///
/// Ask ``next(elapsed:)`` what to measure, measure it on common ground, and ``record(_:of:)`` it; a block that
/// turns out void is simply measured again. Costs are compared by their logarithms, so a cost of 1.1 is 10 %
/// worse than 1, whatever the unit.
///
/// 1. **Screening**, by successive halving: a designed sample, of which the better half is measured again with
///    twice the evidence, and so on. "Better" is what a ``LevelModel`` of all measurements says, of every
///    combination in the space: so the best levels of different combinations come together in one that was not
///    in the sample.
/// 2. **Race** of the rest on common blocks: whoever is worse than the leader is out.
/// 3. **Confirmation** of the best three and the standard on fresh blocks; only these numbers decide.
/// 4. **Ablation** of the winner: each change alone is taken back.
/// 5. **Check** of the winner without the changes that made no difference.
package struct TuningSearch: Sendable {
  /// What a block is for.
  package enum Stage: String, Sendable, CaseIterable {
    case screening, race, confirmation, ablation, check
  }

  /// A block to be measured.
  package struct Request: Sendable, Equatable {
    package let stage: Stage
    /// The combinations, each to be run once.
    package let combinations: [Int]
  }

  /// What a combination brought in a block.
  package enum Outcome: Sendable, Equatable {
    /// A positive number; less is better.
    case cost(Double)
    /// It cannot be run, or its history is invalid: it is out.
    case failed
  }

  package let space: SearchSpace
  private let plan: TuningPlan
  private var random: SeededGenerator
  /// Runs so far, in units of those of full length.
  private var work = 0.0
  private(set) var failed: Set<Int> = []

  /// Everything measured so far of each combination in blocks with the standard: the sum of the logarithms
  /// relative to it, and how many. Relative, because no block has all combinations, and the machine drifts.
  private var totals: [Int: (sum: Double, count: Int)] = [:]
  /// The logarithms of the costs of the blocks of a stage.
  private(set) var blocks: [Stage: [[Int: Double]]] = [:]

  private var step = Step.begin
  private var isExtended = false
  private enum Step: Sendable {
    case begin
    case screening(chunks: [[Int]], rungSize: Int, round: Int)
    case race
    case confirmation(blocks: Int)
    case ablation(blocks: Int)
    case check(blocks: Int)
    case done
  }

  /// Combinations that the race dropped, with their adjusted p-values, in that order.
  package private(set) var dropped: [(combination: Int, pValue: Double, blocks: Int)] = []
  /// Who is still in the race.
  private var runners: [Int] = []
  /// Who is confirmed, the standard first.
  package private(set) var candidates: [Int] = []
  /// Who won the confirmation; the standard if nobody beat it by more than noise.
  package private(set) var winner: Int?
  /// Each change of the winner, and the combination without it (nil: there is none in the space).
  package private(set) var ablations: [(factor: Int, combination: Int?)] = []
  /// The winner without the changes that made no difference; nil if there is no such combination.
  package private(set) var simplified: Int?
  /// What to use in the end.
  package private(set) var recommended: Int?
  /// Why a later stage did not take place; empty if all did.
  package private(set) var omissions: [String] = []

  package init(space: SearchSpace, plan: TuningPlan, seed: UInt64) {
    self.space = space
    self.plan = plan
    random = SeededGenerator(seed: seed)
  }

  /// How long a run of full length takes on average.
  private func pace(_ elapsed: Double) -> Double {
    // The expectation counts like a few runs, so that the first ones alone do not decide.
    (elapsed + 4 * plan.secondsPerRun) / (work + 4)
  }

  /// The block to be measured next, `elapsed` seconds after the beginning; nil when the search is over.
  ///
  /// Also when the block would not fit into the budget: runs that are slower than planned cost a conclusion, not
  /// more time than was given.
  package mutating func next(elapsed: Double) -> Request? {
    guard let request = nextRequest(elapsed) else { return nil }
    let runs = Double(request.combinations.count)
    let weight = request.stage == .screening ? plan.screeningWeight : 1
    if elapsed + runs * weight * pace(elapsed) <= TuningPlan.overdraft * plan.budgetSeconds {
      return request
    }
    stop(at: request.stage)
    return nil
  }

  /// Ends the search for lack of time.
  private mutating func stop(at stage: Stage) {
    step = .done
    let done = blocks[.confirmation]?.count ?? 0
    if stage == .confirmation, done >= TuningPlan.fewestConfirmationBlocks {
      decide()
      recommended = winner
    } else if stage == .check {
      endCheck()
    }
    omissions.append(
      "the budget was used up in the \(stage.rawValue), because runs took longer than planned"
        + (recommended == nil ? ": nothing is confirmed" : ""))
  }

  private mutating func nextRequest(_ elapsed: Double) -> Request? {
    if failed.contains(space.standard) { step = .done }
    while true {
      switch step {
      case .begin: begin(elapsed)
      case .screening(let chunks, _, _):
        let chunk = chunks.first?.filter { !failed.contains($0) } ?? []
        if chunk.count > 1 { return Request(stage: .screening, combinations: chunk) }
        advanceScreening(elapsed)
      case .race:
        if let request = nextRace(elapsed) { return request }
        beginConfirmation(elapsed)
      case .confirmation(let count):
        guard candidates.count > 1 else {
          replaceCandidates(elapsed)
          continue
        }
        if count > 0 { return Request(stage: .confirmation, combinations: candidates) }
        decide()
        if !extendConfirmation(elapsed) { beginAblation(elapsed) }
      case .ablation(let count):
        if count > 0 {
          return Request(stage: .ablation, combinations: combinationsOfAblation)
        }
        beginCheck(elapsed)
      case .check(let count):
        if count > 0 {
          return Request(stage: .check, combinations: combinationsOfCheck)
        }
        endCheck()
      case .done: return nil
      }
    }
  }

  /// Takes a combination out that must not be chosen, whatever it costs.
  package mutating func exclude(_ combination: Int) {
    failed.insert(combination)
    candidates.removeAll { $0 == combination }
    withdraw()
  }

  /// Takes a choice back that has failed since.
  private mutating func withdraw() {
    guard let winner else { return }
    if failed.contains(winner) {
      omissions.append("what was confirmed as the best failed afterwards")
      candidates.removeAll(where: failed.contains)
      (self.winner, recommended, step) = (nil, nil, .done)
    } else if let recommended, failed.contains(recommended) {
      self.recommended = winner
    }
  }

  /// Notes what a block brought; every combination of the request must have an outcome.
  package mutating func record(_ outcomes: [Int: Outcome], of request: Request) {
    var block: [Int: Double] = [:]
    for combination in request.combinations {
      work += request.stage == .screening ? plan.screeningWeight : 1
      switch outcomes[combination] {
      case .cost(let cost) where cost > 0 && cost.isFinite:
        block[combination] = log(cost)
      default: failed.insert(combination)
      }
    }
    if let standard = block[space.standard] {
      for (combination, cost) in block {
        let before = totals[combination] ?? (0, 0)
        totals[combination] = (before.sum + cost - standard, before.count + 1)
      }
    }
    blocks[request.stage, default: []].append(block)
    switch step {
    case .screening(let chunks, let size, let round):
      step = .screening(chunks: Array(chunks.dropFirst()), rungSize: size, round: round)
    case .race: drop()
    case .confirmation(let count):
      candidates.removeAll(where: failed.contains)
      step = .confirmation(blocks: count - 1)
    case .ablation(let count): step = .ablation(blocks: count - 1)
    case .check(let count): step = .check(blocks: count - 1)
    case .begin, .done: break
    }
    withdraw()
  }

  // MARK: Screening

  private mutating func begin(_ elapsed: Double) {
    if space.count <= TuningPlan.fewestToScreen { return beginRace(Array(space.levels.indices)) }
    let runs = Int(plan.screeningEnds / plan.secondsPerScreeningRun)
    // Each chunk has the standard beside the others.
    let others = runs / 2 * (TuningPlan.screeningBlockSize - 1) / TuningPlan.screeningBlockSize
    let size = max(1 + space.oneFactorAtATime.count, TuningPlan.fewestToScreen, others)
    beginRung(space.design(size: min(size, space.count), using: &random), round: 0)
  }

  /// Every combination as many times as the round asks for, in chunks that all have the standard.
  private mutating func beginRung(_ combinations: [Int], round: Int) {
    var chunks: [[Int]] = []
    for _ in 0..<(round == 0 ? 1 : 1 << (round - 1)) {
      let others = combinations.filter { $0 != space.standard }
      let order = random.permutation(of: others.count).map { others[$0] }
      let count = TuningPlan.screeningBlocks(for: combinations.count)
      chunks += (0..<count).map { chunk in
        [space.standard]
          + order[chunk * order.count / count..<(chunk + 1) * order.count / count]
      }
    }
    step = .screening(chunks: chunks, rungSize: combinations.count, round: round)
  }

  private mutating func advanceScreening(_ elapsed: Double) {
    guard case .screening(let chunks, let rungSize, let round) = step else { return }
    if chunks.count > 1 {
      step = .screening(chunks: Array(chunks.dropFirst()), rungSize: rungSize, round: round)
      return
    }
    let size = max((rungSize + 1) / 2, TuningPlan.fewestToScreen)
    let repeats = 1 << round
    let runs = size - 1 + TuningPlan.screeningBlocks(for: size)
    let seconds = Double(runs * repeats) * plan.screeningWeight * pace(elapsed)
    let ranking = ranking(optimism: 0.5)
    // A hair's breadth of overdraft rather than a rung that is missing for one run.
    if rungSize > TuningPlan.fewestToScreen, elapsed + seconds <= 1.1 * plan.screeningEnds {
      var next = Array(ranking.prefix(size))
      if !next.contains(space.standard) { next[next.count - 1] = space.standard }
      return beginRung(next, round: round + 1)
    }
    beginRace(ranking)
    let raceRuns = max(0, plan.raceEnds - elapsed) / pace(elapsed)
    let most = max(
      TuningPlan.fewestToRace + 1, min(8, Int(raceRuns) / (TuningPlan.fewestRaceBlocks + 1)))
    let best = ranking.filter { $0 != space.standard && totals[$0] != nil }.prefix(most - 1)
    runners = [space.standard] + best
  }

  /// All combinations that can be run, the best first: by what is known of them and of their levels.
  ///
  /// `optimism` is by how many deviations a guess is improved: what is little known deserves a look.
  private func ranking(optimism: Double) -> [Int] {
    guard let model else { return [] }
    let scores = space.levels.indices.filter { !failed.contains($0) }.map { combination in
      let prediction = model.prediction(for: space.levels[combination])
      return (combination, prediction.mean - optimism * prediction.deviation)
    }
    return scores.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
  }

  /// What is known of all combinations, relative to the standard.
  private var model: LevelModel? {
    let known = totals.filter { !failed.contains($0.key) }
    // What is four times as bad is bad; how bad does not matter, and would drown the differences that do.
    let worst = log(4.0)
    return LevelModel(
      known.sorted { $0.key < $1.key }.map { combination, total in
        LevelModel.Sample(
          levels: space.levels[combination], value: min(worst, total.sum / Double(total.count)),
          count: total.count)
      })
  }

  /// What each level of each factor does to the logarithm of the cost, relative to the standard's level: the mean
  /// over all combinations that can be had with both, by the model of everything measured.
  ///
  /// A guess without an interval, from short runs for the most part. Empty before anything is measured.
  package var levelEffects: [[Int: Double]] {
    guard let model else { return [] }
    let means = space.levels.map { model.prediction(for: $0).mean }
    return (0..<space.factorCount).map { factor in
      var sums: [Int: (sum: Double, count: Int)] = [:]
      for combination in space.levels.indices where !failed.contains(combination) {
        guard let restored = space.restoring(factor, in: combination), restored != combination,
          !failed.contains(restored)
        else { continue }
        let level = space.levels[combination][factor]
        let before = sums[level] ?? (0, 0)
        sums[level] = (before.sum + means[combination] - means[restored], before.count + 1)
      }
      return sums.mapValues { $0.sum / Double($0.count) }
    }
  }

  // MARK: Race

  private mutating func beginRace(_ combinations: [Int]) {
    runners = combinations.filter { !failed.contains($0) }
    step = .race
  }

  private mutating func nextRace(_ elapsed: Double) -> Request? {
    runners.removeAll(where: failed.contains)
    let done = blocks[.race]?.count ?? 0
    // The confirmation takes three and the standard: with so few left, there is nothing to race for.
    guard runners.filter({ $0 != space.standard }).count > TuningPlan.confirmedCount,
      done < TuningPlan.mostRaceBlocks
    else { return nil }
    let seconds = Double(runners.count) * pace(elapsed)
    let reserve =
      Double(TuningPlan.fewestConfirmationBlocks * (TuningPlan.confirmedCount + 1)) * pace(elapsed)
    let limit = min(plan.raceEnds, plan.budgetSeconds - reserve)
    guard done < TuningPlan.fewestRaceBlocks || elapsed + seconds <= limit else { return nil }
    return Request(stage: .race, combinations: runners)
  }

  /// Drops who is worse than the leader, but never the standard, with which the confirmation compares.
  private mutating func drop() {
    runners.removeAll(where: failed.contains)
    let race = blocks[.race] ?? []
    guard race.count >= TuningPlan.fewestRaceBlocks, let leader = byRace(runners).first else {
      return
    }
    let others = runners.filter { $0 != leader && $0 != space.standard }
    let pValues = others.map { other in
      signFlipPValue(of: Self.differences(other, leader, race), using: &random) ?? 1
    }
    for (other, pValue) in zip(others, holmAdjusted(pValues)) where pValue < 0.05 {
      runners.removeAll { $0 == other }
      dropped.append((other, pValue, race.count))
    }
  }

  /// By how much `left` was worse than `right` in the blocks that have both.
  private static func differences(_ left: Int, _ right: Int, _ blocks: [[Int: Double]]) -> [Double]
  {
    blocks.compactMap { block in
      guard let left = block[left], let right = block[right] else { return nil }
      return left - right
    }
  }

  /// The best of the race first.
  private func byRace(_ combinations: [Int]) -> [Int] {
    let race = blocks[.race] ?? []
    return combinations.map { combination -> (Int, Double) in
      (combination, hodgesLehmann(of: race.compactMap { $0[combination] })?.value ?? .infinity)
    }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
  }

  // MARK: Confirmation

  /// Who would be chosen if nothing more could be measured; nil if nothing is known yet.
  package var bestSoFar: (combination: Int, stage: Stage)? {
    if let winner { return (recommended ?? winner, .confirmation) }
    if let confirmation = blocks[.confirmation], !confirmation.isEmpty,
      let best = Self.best(candidates, confirmation)
    {
      return (best, .confirmation)
    }
    if blocks[.race]?.isEmpty == false, let best = byRace(runners).first { return (best, .race) }
    let ranking = ranking(optimism: 0)
    guard let best = ranking.first(where: { totals[$0] != nil }) else { return nil }
    return (best, .screening)
  }

  private static func best(_ combinations: [Int], _ blocks: [[Int: Double]]) -> Int? {
    combinations.map { combination in
      (combination, hodgesLehmann(of: blocks.compactMap { $0[combination] })?.value ?? .infinity)
    }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
  }

  private mutating func beginConfirmation(_ elapsed: Double) {
    confirm(byRace(runners.filter { $0 != space.standard }), elapsed)
  }

  private mutating func confirm(_ others: [Int], _ elapsed: Double) {
    candidates = [space.standard] + others.prefix(TuningPlan.confirmedCount)
    guard candidates.count > 1 else { return replaceCandidates(elapsed) }
    step = .confirmation(
      blocks: blockCount(
        until: plan.confirmationEnds, elapsed, width: candidates.count,
        TuningPlan.fewestConfirmationBlocks...TuningPlan.mostConfirmationBlocks))
  }

  /// Confirms the next best, since all that were chosen have failed: who was measured before who was not.
  ///
  /// Ends the search if only the standard is left: that nothing else could be measured is no reason to keep it.
  private mutating func replaceCandidates(_ elapsed: Double) {
    let others = ranking(optimism: 0).filter { $0 != space.standard }
    guard !others.isEmpty else {
      step = .done
      omissions.append("no configuration but the default could be measured: nothing was compared")
      return
    }
    let measured = others.filter { totals[$0] != nil }
    confirm(measured.isEmpty ? others : measured, elapsed)
  }

  /// How many blocks there is time for, within limits.
  private func blockCount(
    until: Double, _ elapsed: Double, width: Int, _ limits: ClosedRange<Int>
  ) -> Int {
    let count = Int((until - elapsed) / (pace(elapsed) * Double(width)))
    return min(limits.upperBound, max(limits.lowerBound, count))
  }

  /// The confidence with which each of several candidates must beat the standard, so that noise alone makes
  /// any of them do so in at most 5 % of all searches.
  ///
  /// Two-sided: half of what is left is the chance that noise looks like a gain, and it may do so twice, since
  /// a confirmation that could not decide is extended once.
  package var confidence: Double { 1 - 0.05 / Double(max(1, candidates.count - 1)) }

  /// Goes on with the confirmation, if it found no difference and the time of later stages is free for that.
  private mutating func extendConfirmation(_ elapsed: Double) -> Bool {
    guard winner == space.standard, !isExtended, candidates.count > 1 else { return false }
    isExtended = true
    let count = Int((plan.budgetSeconds - elapsed) / (pace(elapsed) * Double(candidates.count)))
    guard count >= 2 else { return false }
    step = .confirmation(blocks: min(count, TuningPlan.mostConfirmationBlocks))
    return true
  }

  private mutating func decide() {
    let confirmation = blocks[.confirmation] ?? []
    let others = candidates.filter { $0 != space.standard }
    winner = space.standard
    guard let best = Self.best(others, confirmation),
      let estimate = hodgesLehmann(
        of: Self.differences(best, space.standard, confirmation), confidence: confidence),
      let interval = estimate.interval, interval.high < 0
    else { return }
    winner = best
  }

  // MARK: Ablation

  private var combinationsOfAblation: [Int] {
    var seen: Set<Int> = []
    return ([winner].compactMap(\.self) + ablations.compactMap(\.combination))
      .filter { !failed.contains($0) && seen.insert($0).inserted }
  }

  private mutating func beginAblation(_ elapsed: Double) {
    guard let winner, winner != space.standard else {
      recommended = winner
      step = .done
      return
    }
    recommended = winner
    ablations = space.changes(of: winner).map { factor in
      (factor, space.restoring(factor, in: winner))
    }
    let width = combinationsOfAblation.count
    // Time for the check is set aside.
    let reserve = Double(3 * TuningPlan.fewestConfirmationBlocks) * pace(elapsed)
    let until = max(plan.ablationEnds, plan.budgetSeconds - reserve)
    let count = Int((until - elapsed) / (pace(elapsed) * Double(width)))
    guard width > 1 else {
      step = .done
      return
    }
    guard count >= TuningPlan.fewestAblationBlocks else {
      omissions.append("no time was left to take back single settings")
      step = .done
      return
    }
    step = .ablation(blocks: min(count, TuningPlan.mostAblationBlocks))
  }

  /// What became of the winner when one change was taken back.
  package struct AblationFinding: Sendable {
    package let factor: Int
    /// The logarithm of how many times as costly it became; nil if it could not be tried.
    package let difference: Estimate?

    /// Whether one cannot tell that the change is worth anything.
    package var makesNoDifference: Bool {
      guard let interval = difference?.interval else { return false }
      return interval.low <= 0
    }
  }

  package var ablationFindings: [AblationFinding] {
    guard let winner, let measured = blocks[.ablation], !measured.isEmpty else { return [] }
    return ablations.map { factor, combination in
      let differences = combination.map { Self.differences($0, winner, measured) } ?? []
      return AblationFinding(factor: factor, difference: hodgesLehmann(of: differences))
    }
  }

  // MARK: Check

  private var combinationsOfCheck: [Int] {
    [space.standard, winner, simplified].compactMap(\.self).filter { !failed.contains($0) }
  }

  private mutating func beginCheck(_ elapsed: Double) {
    step = .done
    guard let winner else { return }
    var levels = space.levels[winner]
    let idle = ablationFindings.filter(\.makesNoDifference).map(\.factor)
    guard !idle.isEmpty else { return }
    for factor in idle { levels[factor] = space.levels[space.standard][factor] }
    guard let combination = space.index(of: levels), combination != winner,
      combination != space.standard, !failed.contains(combination)
    else {
      omissions.append(
        "the settings that made no difference one by one cannot all be taken back: no such "
          + "combination is left")
      return
    }
    simplified = combination
    let count = Int((plan.budgetSeconds - elapsed) / (3 * pace(elapsed)))
    guard count >= TuningPlan.fewestAblationBlocks else {
      omissions.append("no time was left to try the settings without those that made no difference")
      return
    }
    step = .check(blocks: min(count, TuningPlan.mostAblationBlocks))
  }

  /// The logarithm of how many times as costly as the winner it is without the changes that made no
  /// difference.
  package var simplificationCost: Estimate? {
    guard let winner, let simplified, let measured = blocks[.check] else { return nil }
    return hodgesLehmann(of: Self.differences(simplified, winner, measured))
  }

  private mutating func endCheck() {
    step = .done
    guard let simplified, !failed.contains(simplified), let measured = blocks[.check],
      let interval = simplificationCost?.interval
    else { return }
    // No worse than the winner, and still better than the standard.
    let gain = hodgesLehmann(of: Self.differences(simplified, space.standard, measured))
    if interval.high <= log1p(TuningPlan.simplificationMargin), let end = gain?.interval?.high,
      end < 0
    {
      recommended = simplified
    }
  }
}
