internal import Statistics

extension HistoryChecker {
  /// Whether claims of `weighted_random` follow the weights, by a chi-square test over priorities.
  ///
  /// Each first claim is a draw from what is ready, whose odds are known as far as it is known what was
  /// ready: between what was ready for certain during all of the claim and what may have been. Draws for
  /// which these two differ by more than 5 % of the weight are left out; the others are expected to go
  /// as the mean of both says. Tasks whose state nobody knows are left out as well, which is exact:
  /// among the rest, odds remain proportional to weight.
  func checkLottery(
    of tasks: [OrdinaryTask], weight: (Int) -> Double, _ judgement: inout Judgement
  ) {
    if let words = lottery(of: tasks, weight: weight)?.complaint {
      judgement.add(.lotterySkewed, words)
    }
  }

  /// The account of all draws; nil if there are fewer than two priorities.
  func lottery(of tasks: [OrdinaryTask], weight: (Int) -> Double) -> LotteryAccount? {
    guard var lottery = LotteryAccount(tasks: tasks, weight: weight) else { return nil }
    // By id; -1 for what is no ordinary task, or was entered.
    var indexes = [Int32](repeating: -1, count: lives.count)
    for (index, task) in tasks.enumerated() { indexes[Int(task.id)] = Int32(index) }
    var claims: [(end: UInt64, start: UInt64, index: Int32)] = []
    claims.reserveCapacity(draws.count)
    for id in draws {
      let index = indexes[Int(id)]
      guard index >= 0 else { continue }
      indexes[Int(id)] = -1
      let task = tasks[Int(index)]
      claims.append((task.claimEndNs, task.claimStartNs, index))
    }
    // The tasks of a batch share their times and stay in the order in which they were drawn.
    let order = claims.indices.sorted {
      (claims[$0].end, claims[$0].start, $0) < (claims[$1].end, claims[$1].start, $1)
    }
    var first = 0
    while first < order.count {
      let claim = claims[order[first]]
      var end = first
      while end < order.count, claims[order[end]].end == claim.end,
        claims[order[end]].start == claim.start
      {
        end += 1
      }
      lottery.add(order[first..<end].map { tasks[Int(claims[$0].index)] })
      first = end
    }
    return lottery
  }
}

/// What was drawn and what was to be expected, by priority.
struct LotteryAccount {
  /// What is ready of one priority, as sorted times, and how far they have been passed.
  private struct Pool {
    let priority: Int32
    let weight: Double
    var enqueueStarts: [UInt64] = []
    var enqueueEnds: [UInt64] = []
    var claimStarts: [UInt64] = []
    var claimEnds: [UInt64] = []
    var cursors = (0, 0, 0, 0)

    /// How many tasks may have been ready at some instant of a claim, and how many less than those
    /// were claimed by it or ready during all of it.
    mutating func ready(_ startNs: UInt64, _ endNs: UInt64) -> (least: Int, most: Int) {
      cursors.0 = lowerBound(of: startNs, in: enqueueEnds, near: cursors.0)
      cursors.1 = lowerBound(of: endNs + 1, in: claimStarts, near: cursors.1)
      cursors.2 = lowerBound(of: endNs, in: enqueueStarts, near: cursors.2)
      cursors.3 = lowerBound(of: startNs, in: claimEnds, near: cursors.3)
      return (cursors.0 - cursors.1, cursors.2 - cursors.3)
    }
  }

  private var pools: [Pool]
  private let poolOfPriority: [Int32: Int]
  private var observed: [Double]
  private var expected: [Double]
  /// The covariance of the observed numbers: the sum of those of the draws, as each draw is independent
  /// of the past given what was ready.
  private var covariance: [[Double]]
  private(set) var drawCount = 0

  /// The most frequent priorities are tested; among them, odds remain proportional to weight.
  private static let maxPools = 12
  private static let toleratedUncertainty = 0.05

  /// Nil if there are fewer than two priorities.
  init?(tasks: [OrdinaryTask], weight: (Int) -> Double) {
    var counts: [Int32: Int] = [:]
    for task in tasks { counts[task.priority, default: 0] += 1 }
    guard counts.count >= 2 else { return nil }
    let priorities = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(Self.maxPools).map(\.key).sorted()
    pools = priorities.map { Pool(priority: $0, weight: weight(Int($0))) }
    poolOfPriority = Dictionary(uniqueKeysWithValues: zip(priorities, 0...))
    observed = Array(repeating: 0, count: pools.count)
    expected = observed
    covariance = Array(repeating: observed, count: pools.count)
    for task in tasks {
      guard let index = poolOfPriority[task.priority] else { continue }
      pools[index].enqueueStarts.append(task.enqueueStartNs)
      pools[index].enqueueEnds.append(task.enqueueEndNs)
      guard task.isClaimed else { continue }
      pools[index].claimStarts.append(task.claimStartNs)
      pools[index].claimEnds.append(task.claimEndNs)
    }
    for index in pools.indices {
      pools[index].enqueueStarts.sort()
      pools[index].enqueueEnds.sort()
      pools[index].claimStarts.sort()
      pools[index].claimEnds.sort()
    }
  }

  /// Enters the tasks of one claim in the order in which they were drawn.
  mutating func add(_ batch: [OrdinaryTask]) {
    let (startNs, endNs) = (batch[0].claimStartNs, batch[0].claimEndNs)
    var least: [Int] = []
    var most: [Int] = []
    for index in pools.indices {
      let ready = pools[index].ready(startNs, endNs)
      least.append(ready.least)
      most.append(ready.most)
    }
    let drawn = batch.compactMap { task in
      poolOfPriority[task.priority].map { (pool: $0, task: task) }
    }
    for (pool, task) in drawn {
      // What the claim took was there, but counts as begun to be claimed, and perhaps not as enqueued.
      least[pool] += task.enqueueEndNs < startNs ? 1 : 2
    }
    var remaining = Array(repeating: 0, count: pools.count)
    for (pool, _) in drawn { remaining[pool] += 1 }
    for (pool, _) in drawn {
      for index in pools.indices {
        least[index] = max(least[index], remaining[index])
        most[index] = max(most[index], least[index])
      }
      enter(drawn: pool, least: least, most: most)
      least[pool] -= 1
      most[pool] -= 1
      remaining[pool] -= 1
    }
  }

  private mutating func enter(drawn: Int, least: [Int], most: [Int]) {
    var certain = 0.0
    var uncertain = 0.0
    for index in pools.indices {
      certain += pools[index].weight * Double(least[index])
      uncertain += pools[index].weight * Double(most[index] - least[index])
    }
    guard uncertain <= Self.toleratedUncertainty * certain else { return }
    let total = certain + uncertain / 2
    let shares = pools.indices.map {
      pools[$0].weight * Double(least[$0] + most[$0]) / 2 / total
    }
    guard shares.count(where: { $0 > 0 }) >= 2 else { return }
    drawCount += 1
    observed[drawn] += 1
    for (row, share) in shares.enumerated() where share > 0 {
      expected[row] += share
      covariance[row][row] += share
      for (column, other) in shares.enumerated() { covariance[row][column] -= share * other }
    }
  }

  // MARK: Test

  private static let minDraws = 500
  private static let maxProbability = 1e-6
  private static let minDifference = 0.02
  /// Below, the tails of a count are not those of a normal variable.
  private static let minExpected = 50.0

  /// What the draws say about the weights.
  struct Test {
    /// Chi-square distributed if the weights are followed.
    let statistic: Double
    let degreesOfFreedom: Int
    /// The group of priorities whose share differs most from what was expected.
    let worst: (priorities: [Int32], observed: Double, expected: Double)
  }

  /// Nil if there is nothing to compare.
  func test() -> Test? {
    var account = self
    let groups = account.pooled()
    guard groups.count >= 2, let (statistic, freedom) = account.statistic(),
      let worst = groups.indices.max(by: { account.difference($0) < account.difference($1) })
    else { return nil }
    return Test(
      statistic: statistic, degreesOfFreedom: freedom,
      worst: (groups[worst], account.observed[worst], account.expected[worst]))
  }

  /// What is wrong, in words; nil if nothing is, or if there is too little to tell.
  var complaint: String? {
    guard drawCount >= Self.minDraws, let test = test(),
      let probability = chiSquareSurvival(
        test.statistic, degreesOfFreedom: test.degreesOfFreedom),
      probability < Self.maxProbability
    else { return nil }
    let count = Double(drawCount)
    guard abs(test.worst.observed - test.worst.expected) > Self.minDifference * count else {
      return nil
    }
    func percent(_ part: Double) -> String { "\((part / count * 1000).rounded() / 10) %" }
    return
      """
      priority \(test.worst.priorities.map(String.init).joined(separator: "+")): \
      \(percent(test.worst.observed)) of \(drawCount) draws, expected \
      \(percent(test.worst.expected))
      """
  }

  private func difference(_ group: Int) -> Double { abs(observed[group] - expected[group]) }

  /// Joins priorities that are expected too rarely; returns the priorities of each group left.
  private mutating func pooled() -> [[Int32]] {
    var groups = pools.map { [$0.priority] }
    while groups.count > 1 {
      let rarest = groups.indices.sorted { expected[$0] < expected[$1] }
      guard expected[rarest[0]] < Self.minExpected else { break }
      let (gone, kept) = (rarest[0], rarest[1])
      groups[kept] += groups[gone]
      observed[kept] += observed[gone]
      expected[kept] += expected[gone]
      for column in covariance.indices { covariance[kept][column] += covariance[gone][column] }
      for row in covariance.indices { covariance[row][kept] += covariance[row][gone] }
      groups.remove(at: gone)
      observed.remove(at: gone)
      expected.remove(at: gone)
      covariance.remove(at: gone)
      for row in covariance.indices { covariance[row].remove(at: gone) }
    }
    return groups
  }

  /// (O − E)ᵀ V⁻¹ (O − E) by a Cholesky decomposition, and the rank of V; the numbers add up to the
  /// draws, so that one of them follows from the others. Nil if nothing was left to chance.
  private func statistic() -> (value: Double, degreesOfFreedom: Int)? {
    let count = observed.count - 1
    var factor = covariance
    var solved: [Double] = []
    var value = 0.0
    var freedom = 0
    for row in 0..<count {
      for column in 0..<row {
        guard factor[column][column] > 0 else {
          factor[row][column] = 0
          continue
        }
        var sum = covariance[row][column]
        for k in 0..<column { sum -= factor[row][k] * factor[column][k] }
        factor[row][column] = sum / factor[column][column]
      }
      var pivot = covariance[row][row]
      for k in 0..<row { pivot -= factor[row][k] * factor[row][k] }
      guard pivot > 1e-9 * max(1, expected[row]) else {
        factor[row][row] = 0
        solved.append(0)
        continue
      }
      factor[row][row] = pivot.squareRoot()
      var rest = observed[row] - expected[row]
      for k in 0..<row { rest -= factor[row][k] * solved[k] }
      solved.append(rest / factor[row][row])
      value += solved[row] * solved[row]
      freedom += 1
    }
    return freedom > 0 ? (value, freedom) : nil
  }
}
