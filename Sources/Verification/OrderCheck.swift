extension HistoryChecker {
  /// Claims that took a task although another was ready during all of the claim and had to go first.
  ///
  /// Ready during all of a claim is what was enqueued before the claim began and claimed, if at all, by
  /// one that began after it had ended. Going through the claims from the last end to the first, the
  /// tasks with such later claims pile up, and a Fenwick tree over the ends of their enqueues knows the
  /// first in line among those enqueued early enough: O(n log n).
  func checkOrder(of tasks: [OrdinaryTask], _ judgement: inout Judgement) {
    let line = lineUp(tasks)
    var place = [Int32](repeating: 0, count: tasks.count)
    for (position, index) in line.enumerated() { place[Int(index)] = Int32(position) }

    let byEnqueue = sortedIndices(of: tasks, by: \.enqueueEndNs)
    var enqueueRank = [Int32](repeating: 0, count: tasks.count)
    var enqueueEnds: [UInt64] = []
    enqueueEnds.reserveCapacity(tasks.count)
    for (rank, index) in byEnqueue.enumerated() {
      enqueueRank[Int(index)] = Int32(rank)
      enqueueEnds.append(tasks[Int(index)].enqueueEndNs)
    }

    var left = sortedIndices(of: tasks, by: \.claimStartNs)
    var first = FirstInLine(count: tasks.count)
    var found: [(taken: Int, passedOver: Int)] = []
    var early = 0
    for claim in sortedIndices(of: tasks, by: \.claimEndNs).reversed() {
      let taken = tasks[Int(claim)]
      guard taken.isClaimed else { continue }
      while let last = left.last, tasks[Int(last)].claimStartNs > taken.claimEndNs {
        first.insert(place: place[Int(last)], at: Int(enqueueRank[Int(last)]))
        left.removeLast()
      }
      early = lowerBound(of: taken.claimStartNs, in: enqueueEnds, near: early)
      let best = first.first(below: early)
      if best < place[Int(claim)] { found.append((Int(claim), Int(line[Int(best)]))) }
    }
    report(found.sorted { $0.taken < $1.taken }, tasks, &judgement)
  }

  /// The tasks in the order in which the strategy takes them if all are ready.
  private func lineUp(_ tasks: [OrdinaryTask]) -> [Int32] {
    var line = Array(Int32(0)..<Int32(tasks.count))
    switch order {
    case .priority:
      line.sort {
        let (one, other) = (tasks[Int($0)], tasks[Int($1)])
        return one.priority == other.priority
          ? one.isOlder(than: other) : one.priority < other.priority
      }
    case .lifo: line.sort { tasks[Int($1)].isOlder(than: tasks[Int($0)]) }
    case .fifo, .weightedRandom, .unordered:
      line.sort { tasks[Int($0)].isOlder(than: tasks[Int($1)]) }
    }
    return line
  }

  private func report(
    _ found: [(taken: Int, passedOver: Int)], _ tasks: [OrdinaryTask],
    _ judgement: inout Judgement
  ) {
    for (taken, passedOver) in found.lazy.map({ (tasks[$0.taken], tasks[$0.passedOver]) }) {
      let finding: Judgement.Finding
      switch order {
      case .lifo: finding = .newerPassedOver
      case .priority where passedOver.priority < taken.priority: finding = .priorityPassedOver
      default: finding = .olderPassedOver
      }
      judgement.add(finding, "#\(taken.id) before #\(passedOver.id)")
    }
  }
}

/// Indices of elements in ascending order of a time.
func sortedIndices<Element>(
  of elements: [Element], by time: (Element) -> UInt64
) -> [Int32] {
  var keys: [(time: UInt64, index: Int32)] = []
  keys.reserveCapacity(elements.count)
  for (index, element) in elements.enumerated() { keys.append((time(element), Int32(index))) }
  keys.sort { $0.time == $1.time ? $0.index < $1.index : $0.time < $1.time }
  return keys.map(\.index)
}

/// How many of the sorted times lie before a time, sought from where the last search has ended.
///
/// Searches come nearly in the order of time, so that most end after a few steps.
@inline(__always)
func lowerBound(of time: UInt64, in sorted: [UInt64], near start: Int) -> Int {
  var low = start
  var high = start
  var step = 1
  // Outwards in doubling steps, then by halves: everything below `low` lies before, nothing from
  // `high` on.
  while low > 0, sorted[low - 1] >= time {
    high = low - 1
    low = max(0, low - step)
    step *= 2
  }
  while high < sorted.count, sorted[high] < time {
    low = high + 1
    high = min(sorted.count, high + step)
    step *= 2
  }
  while low < high {
    let middle = (low + high) / 2
    if sorted[middle] < time { low = middle + 1 } else { high = middle }
  }
  return low
}

/// The smallest of the numbers at the first positions, with insertion: a Fenwick tree of minima.
struct FirstInLine {
  private var tree: [Int32]

  init(count: Int) { tree = Array(repeating: .max, count: count + 1) }

  mutating func insert(place: Int32, at position: Int) {
    var node = position + 1
    while node < tree.count {
      if place < tree[node] { tree[node] = place }
      node += node & -node
    }
  }

  /// The smallest number at the positions below `limit`; the largest Int32 if there is none.
  func first(below limit: Int) -> Int32 {
    var node = limit
    var first = Int32.max
    while node > 0 {
      first = min(first, tree[node])
      node &= node - 1
    }
    return first
  }
}
