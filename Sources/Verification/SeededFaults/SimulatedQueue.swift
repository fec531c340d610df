/// A queue in memory that does what the engine promises, but for a fault that it is told to have.
///
/// All times are instants at which operations take effect; calls come in their order.
struct SimulatedQueue {
  /// When an operation began, took effect and ended.
  struct Moment {
    let startNs: UInt64
    let effectNs: UInt64
    let endNs: UInt64
  }

  enum Status: String {
    case queued
    case processing
    case completed
    case failed
  }

  struct Task {
    var status = Status.queued
    var priority: Int
    var runAfterMs: Int64
    var createdMs: Int64
    var attempts = 0
    var leaseUntilMs: Int64 = 0
    var enqueueEndNs: UInt64
    /// Those of the latest claim.
    var claimStartNs: UInt64 = 0
    var claimEndNs: UInt64 = 0
    var completionEndNs: UInt64 = 0
  }

  struct Fence {
    let id: Int
    let attempt: Int
  }

  /// By id; index 0 is unused.
  private(set) var tasks: [Task]
  /// Whether the fault has happened.
  private(set) var hasFault = false
  private let fault: SeededFault?
  private let leaseMs: Int64
  /// No task ever gets it: each record is of one task at most.
  private let strangerID: Int
  private let random: SimulatedRandom
  private var ready: ReadySet
  private var delayed: [Int] = []
  /// Leases in the order of their ends; those given up or extended since are passed by.
  private var leases: [(id: Int, untilMs: Int64)] = []
  private var endedLeases = 0
  /// Tasks that the queue has forgotten until a claim begins later than that.
  private var hidden: [(id: Int, untilNs: UInt64)] = []
  private var lastCompleted = 0
  /// Tasks in which the fault shows only if they are not given back.
  private(set) var witnesses: Set<Int> = []

  /// Attempts after which a task is given up.
  private static let maxAttempts = 6
  /// Beyond this, a lease that is ignored was ignored for certain.
  private static let marginMs: Int64 = 3

  init(_ load: SimulatedLoad, random: SimulatedRandom) {
    fault = load.fault
    leaseMs = Int64(load.leaseDurationMs)
    strangerID = load.prefilledCount + load.records * 2
    self.random = random
    ready = ReadySet(
      order: load.order, ignoresWeights: load.fault == .skewedLottery, random: random)
    hasFault = load.fault == .skewedLottery
    tasks = [Task(priority: 0, runAfterMs: 0, createdMs: 0, enqueueEndNs: 0)]
  }

  /// The wall clock's milliseconds at an instant.
  static func wallMs(_ ns: UInt64) -> Int64 { 1_795_000_000_000 + Int64(ns / 1_000_000) }

  var readyCount: Int { ready.count }

  /// Whether a fault is to happen now if it can.
  var isArmed = false

  private mutating func strikes(_ kind: SeededFault) -> Bool {
    guard fault == kind, isArmed, !hasFault else { return false }
    hasFault = true
    return true
  }

  // MARK: Enqueue

  mutating func enqueue(priority: Int, delayMs: Int64, _ moment: Moment) -> Int {
    if tasks.count > 1, strikes(.repeatedID) { return tasks.count - 1 }
    let id = tasks.count
    // Callers look at the clock before they wait for the lock.
    let createdMs = Self.wallMs(moment.startNs)
    tasks.append(
      Task(
        priority: priority, runAfterMs: createdMs + delayMs, createdMs: createdMs,
        enqueueEndNs: moment.endNs))
    if delayMs > 0 { delayed.append(id) } else { makeReady(id) }
    return id
  }

  private mutating func makeReady(_ id: Int) {
    tasks[id].status = .queued
    ready.insert(id, priority: tasks[id].priority, runAfterMs: tasks[id].runAfterMs)
  }

  // MARK: Claim

  mutating func claim(limit: Int, _ moment: Moment) -> [Fence] {
    let nowMs = Self.wallMs(moment.effectNs)
    seeToDuties(nowMs: nowMs, moment)
    var fences: [Fence] = []
    if let fence = faultyClaim(moment) { fences.append(fence) }
    while fences.count < limit, let id = nextTask(moment) {
      fences.append(hold(id, nowMs: nowMs, moment))
    }
    if !fences.isEmpty, strikes(.claimForNobody) { return [] }
    return fences
  }

  private mutating func hold(_ id: Int, nowMs: Int64, _ moment: Moment) -> Fence {
    tasks[id].status = .processing
    tasks[id].attempts += 1
    tasks[id].leaseUntilMs = nowMs + leaseMs
    tasks[id].claimStartNs = moment.startNs
    tasks[id].claimEndNs = moment.endNs
    leases.append((id, nowMs + leaseMs))
    return Fence(id: id, attempt: tasks[id].attempts)
  }

  private mutating func seeToDuties(nowMs: Int64, _ moment: Moment) {
    while endedLeases < leases.count, leases[endedLeases].untilMs <= nowMs {
      let (id, untilMs) = leases[endedLeases]
      endedLeases += 1
      guard tasks[id].status == .processing, tasks[id].leaseUntilMs == untilMs else { continue }
      if tasks[id].attempts >= Self.maxAttempts {
        tasks[id].status = .failed
      } else {
        makeReady(id)
      }
    }
    if !delayed.isEmpty {
      for id in delayed where tasks[id].runAfterMs <= nowMs { makeReady(id) }
      delayed.removeAll { tasks[$0].runAfterMs <= nowMs }
    }
    for (id, untilNs) in hidden where moment.startNs > untilNs { makeReady(id) }
    hidden.removeAll { moment.startNs > $0.untilNs }
  }

  private mutating func nextTask(_ moment: Moment) -> Int? {
    guard let id = ready.take() else { return nil }
    switch fault {
    case .swappedFIFO, .swappedLIFO, .swappedPriority:
      guard isArmed, !hasFault else { return id }
      return swapped(id, moment)
    default: return id
    }
  }

  /// Another task than that whose turn it is, which is not to be found for a while, if both are such
  /// that the fault shows; else the given one.
  private mutating func swapped(_ id: Int, _ moment: Moment) -> Int {
    func isPlain(_ id: Int) -> Bool {
      tasks[id].attempts == 0 && tasks[id].runAfterMs <= tasks[id].createdMs
    }
    guard isPlain(id), tasks[id].enqueueEndNs < moment.startNs else { return id }
    var passed: [Int] = []
    defer { for id in passed { makeReady(id) } }
    while let other = ready.take() {
      if isPlain(other),
        fault != .swappedPriority || tasks[other].priority > tasks[id].priority
      {
        hasFault = true
        hidden.append((id, moment.endNs))
        witnesses = [id, other]
        return other
      }
      passed.append(other)
    }
    return id
  }

  /// A task that no claim may take.
  private mutating func faultyClaim(_ moment: Moment) -> Fence? {
    switch fault {
    case .ignoredLease:
      guard isArmed, !hasFault else { return nil }
      let endMs = Self.wallMs(moment.endNs) + Self.marginMs
      for (id, untilMs) in leases.reversed().prefix(200) where untilMs > endMs {
        let task = tasks[id]
        guard task.status == .processing, task.leaseUntilMs == untilMs,
          Self.wallMs(task.claimStartNs) + leaseMs > endMs
        else { continue }
        hasFault = true
        return hold(id, nowMs: Self.wallMs(moment.effectNs), moment)
      }
      return nil
    case .strangerClaimed:
      return strikes(.strangerClaimed) ? Fence(id: strangerID, attempt: 1) : nil
    case .completedClaimed:
      guard lastCompleted > 0, tasks[lastCompleted].completionEndNs < moment.startNs,
        strikes(.completedClaimed)
      else { return nil }
      tasks[lastCompleted].attempts += 1
      return Fence(id: lastCompleted, attempt: tasks[lastCompleted].attempts)
    default: return nil
    }
  }

  // MARK: Acknowledgements

  /// Whether it is accepted.
  mutating func complete(_ fence: Fence, _ moment: Moment) -> Bool {
    guard fence.id < tasks.count else { return false }
    let task = tasks[fence.id]
    if !holds(fence) {
      if task.status == .completed, task.attempts == fence.attempt { return true }
      guard task.attempts > fence.attempt, task.claimEndNs < moment.startNs else { return false }
      if task.status == .processing, strikes(.staleAcknowledgement) {
        tasks[fence.id].status = .completed
        return true
      }
      return task.status == .completed && strikes(.doubleCompletion)
    }
    tasks[fence.id].status = .completed
    tasks[fence.id].completionEndNs = moment.endNs
    lastCompleted = fence.id
    return true
  }

  /// Puts a held task back; delayed if it failed. Whether it is accepted.
  mutating func giveUp(_ fence: Fence, failed: Bool, delayMs: Int64, _ moment: Moment) -> Bool {
    guard holds(fence) else { return false }
    if failed {
      tasks[fence.id].runAfterMs = Self.wallMs(moment.startNs) + delayMs
      tasks[fence.id].status = .queued
      delayed.append(fence.id)
    } else {
      makeReady(fence.id)
    }
    return true
  }

  /// Whether it is accepted.
  mutating func extend(_ fence: Fence, _ moment: Moment) -> Bool {
    guard holds(fence) else { return false }
    let untilMs = Self.wallMs(moment.effectNs) + leaseMs
    tasks[fence.id].leaseUntilMs = untilMs
    leases.append((fence.id, untilMs))
    return true
  }

  private func holds(_ fence: Fence) -> Bool {
    fence.id < tasks.count && tasks[fence.id].status == .processing
      && tasks[fence.id].attempts == fence.attempt
  }

  /// A fence that nobody was given, if that is the fault.
  mutating func inventedFence(insteadOf fence: Fence) -> Fence? {
    guard holds(fence), strikes(.completionWithoutClaim) else { return nil }
    tasks[fence.id].attempts += 1
    return Fence(id: fence.id, attempt: tasks[fence.id].attempts)
  }

  /// Whether a claim is to be answered to two callers, if that is the fault.
  mutating func repeatsFence() -> Bool { strikes(.repeatedFence) }

  /// Whether a completion is to be answered with an error, if that is the fault.
  mutating func hidesCompletion(of fence: Fence) -> Bool {
    holds(fence) && strikes(.hiddenCompletion)
  }

  // MARK: End

  /// What lies in the queue.
  mutating func finalRows() -> [SimulatedRow] {
    var rows = tasks.indices.dropFirst().map { id in
      let task = tasks[id]
      return SimulatedRow(
        id: Int64(id), status: task.status.rawValue, priority: task.priority,
        attempts: task.attempts, runAfterMs: task.runAfterMs, createdMs: task.createdMs)
    }
    func pick(_ isFit: (SimulatedRow) -> Bool) -> Int? {
      let fit = rows.indices.filter { isFit(rows[$0]) }
      return fit.isEmpty ? nil : fit[random.index(below: fit.count)]
    }
    func changed(_ row: SimulatedRow, status: Status, attempts: Int) -> SimulatedRow {
      SimulatedRow(
        id: row.id, status: status.rawValue, priority: row.priority, attempts: attempts,
        runAfterMs: row.runAfterMs, createdMs: row.createdMs)
    }
    switch fault {
    case .droppedTask:
      guard let index = pick({ _ in true }) else { break }
      rows.remove(at: index)
      hasFault = true
    case .unexpectedTask:
      let row = SimulatedRow(
        id: Int64(tasks.count), status: "queued", priority: 1, attempts: 0,
        runAfterMs: rows.last?.runAfterMs ?? 0, createdMs: rows.last?.createdMs ?? 0)
      rows.append(row)
      hasFault = true
    case .lostCompletion:
      guard let index = pick({ $0.status == "completed" }) else { break }
      rows[index] = changed(rows[index], status: .processing, attempts: rows[index].attempts)
      hasFault = true
    case .lostClaim:
      guard let index = pick({ $0.attempts > 0 }) else { break }
      let status = Status(rawValue: rows[index].status) ?? .queued
      rows[index] = changed(rows[index], status: status, attempts: rows[index].attempts - 1)
      hasFault = true
    default: break
    }
    return rows
  }
}
