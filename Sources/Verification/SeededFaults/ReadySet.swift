/// The tasks that are ready in a simulated queue, in the order of a strategy.
struct ReadySet {
  /// What stands before what: smaller first.
  struct Key: Comparable {
    let priority: Int
    let runAfter: Int64
    let id: Int64

    static func < (left: Key, right: Key) -> Bool {
      (left.priority, left.runAfter, left.id) < (right.priority, right.runAfter, right.id)
    }
  }

  private let order: SimulatedLoad.Order
  private let ignoresWeights: Bool
  private let random: SimulatedRandom
  /// A binary heap; unused for the lottery.
  private var heap: [(key: Key, id: Int)] = []
  /// The tasks by priority, for the lottery.
  private var pools: [Int: [Int]] = [:]
  private(set) var count = 0

  init(order: SimulatedLoad.Order, ignoresWeights: Bool, random: SimulatedRandom) {
    self.order = order
    self.ignoresWeights = ignoresWeights
    self.random = random
  }

  mutating func insert(_ id: Int, priority: Int, runAfterMs: Int64) {
    count += 1
    switch order {
    case .weightedRandom: return pools[priority, default: []].append(id)
    case .fifo: push(Key(priority: 0, runAfter: runAfterMs, id: Int64(id)), id)
    case .lifo: push(Key(priority: 0, runAfter: -runAfterMs, id: -Int64(id)), id)
    case .priority: push(Key(priority: priority, runAfter: runAfterMs, id: Int64(id)), id)
    }
  }

  /// Takes the task whose turn it is.
  mutating func take() -> Int? {
    guard count > 0 else { return nil }
    count -= 1
    return order == .weightedRandom ? draw() : pop()
  }

  private mutating func draw() -> Int? {
    // In a fixed order, so that the seed alone decides.
    let priorities = pools.keys.sorted()
    func weight(_ priority: Int) -> Double {
      let one = ignoresWeights ? 1 : SimulatedLoad.weight(ofPriority: priority)
      return one * Double(pools[priority]?.count ?? 0)
    }
    var ticket = random.unit() * priorities.reduce(0) { $0 + weight($1) }
    var winner = priorities.last { pools[$0]?.isEmpty == false }
    for priority in priorities where pools[priority]?.isEmpty == false {
      ticket -= weight(priority)
      if ticket < 0 {
        winner = priority
        break
      }
    }
    guard let winner, let size = pools[winner]?.count else { return nil }
    pools[winner]?.swapAt(random.index(below: size), size - 1)
    return pools[winner]?.removeLast()
  }

  private mutating func push(_ key: Key, _ id: Int) {
    heap.append((key, id))
    var child = heap.count - 1
    while child > 0, case let parent = (child - 1) / 2, heap[child].key < heap[parent].key {
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func pop() -> Int {
    heap.swapAt(0, heap.count - 1)
    let first = heap.removeLast()
    var parent = 0
    while case let child = 2 * parent + 1, child < heap.count {
      let smaller =
        child + 1 < heap.count && heap[child + 1].key < heap[child].key ? child + 1 : child
      guard heap[smaller].key < heap[parent].key else { break }
      heap.swapAt(smaller, parent)
      parent = smaller
    }
    return first.id
  }
}

/// The random numbers of a simulation, from any generator.
struct SimulatedRandom {
  let next: () -> UInt64

  /// Uniform in 0..<bound, but for a bias of bound / 2^64.
  func index(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Uniform in a range.
  func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + index(below: range.count)
  }

  /// Uniform in [0, 1).
  func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  func happens(perMille: Int) -> Bool { index(below: 1000) < perMille }
}
