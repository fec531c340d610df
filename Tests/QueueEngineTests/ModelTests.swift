@testable import QueueEngine
import SQLite
import TestSupport
import Testing

/// Random sequences of calls against a small model of the queue in memory.
@Suite(.temporaryDirectory)
struct ModelTests {
  @Test(arguments: [.priority, .fifo, .lifo] as [ClaimStrategy], 1...6 as ClosedRange<UInt64>)
  func `Random calls agree with the model`(strategy: ClaimStrategy, seed: UInt64) throws {
    var run = try ModelRun(strategy: strategy, seed: seed)
    for _ in 0..<250 {
      guard try run.step() else { break }
    }
    try run.compareEverything()
  }
}

/// The queue as it should be.
private struct ModelQueue {
  struct Row {
    let id: TaskID
    let task: NewTask
    var status = TaskStatus.queued
    var attempts = 0
    var maxAttempts: Int
    var runAfter: Timestamp
    var leaseUntil: Timestamp?
    var lockedBy: String?
    var finishedAt: Timestamp?
    var errorMessage: String?
    var result: String?
  }

  var rows: [Row] = []

  /// Where a task lies in ``rows``; nil if there is none.
  private func index(_ id: TaskID) -> Int? { rows.firstIndex { $0.id == id } }

  /// Adds a task under the number that the queue gave it, unless its key is known.
  ///
  /// Numbers rise, but with gaps: a refused insert may use one up.
  mutating func enqueue(
    _ task: NewTask, receipt: EnqueueReceipt, now: Timestamp
  ) -> EnqueueReceipt? {
    if let key = task.idempotencyKey,
      let row = rows.first(where: { $0.task.idempotencyKey == key })
    {
      return EnqueueReceipt(id: row.id, isNew: false)
    }
    if let last = rows.last, receipt.id <= last.id { return nil }
    rows.append(
      Row(
        id: receipt.id, task: task, maxAttempts: task.maxAttempts, runAfter: task.runAfter ?? now))
    return EnqueueReceipt(id: receipt.id, isNew: true)
  }

  mutating func claim(
    as claimant: Claimant, limit: Int, leaseUntil: Timestamp, now: Timestamp
  ) -> [Fence] {
    guard limit > 0 else { return [] }
    for index in rows.indices where rows[index].status == .processing {
      guard let end = rows[index].leaseUntil, end <= now else { continue }
      rows[index].leaseUntil = nil
      if rows[index].attempts >= rows[index].maxAttempts {
        rows[index].status = .deadLetter
        rows[index].finishedAt = now
        rows[index].errorMessage =
          rows[index].errorMessage ?? "the lease of the last attempt ran out"
      } else {
        rows[index].status = .queued
        rows[index].lockedBy = nil
      }
    }
    let candidates = rows.filter {
      $0.status == .queued && $0.runAfter <= now
        && claimant.types?.contains($0.task.type) ?? true
        && claimant.capabilities.meet(compatibility: $0.task.compatibility)
    }
    let sorted = candidates.sorted { left, right in
      switch claimant.strategy {
      case .lifo: return (left.runAfter, left.id) > (right.runAfter, right.id)
      case .fifo: return (left.runAfter, left.id) < (right.runAfter, right.id)
      case .priority, .weightedRandom, .orderByRandom:
        return (left.task.priority, left.runAfter, left.id)
          < (right.task.priority, right.runAfter, right.id)
      }
    }
    return sorted.prefix(limit).compactMap { row in
      guard let index = index(row.id) else { return nil }
      rows[index].status = .processing
      rows[index].attempts += 1
      rows[index].leaseUntil = leaseUntil
      rows[index].lockedBy = claimant.workerID
      return Fence(id: row.id, attempt: rows[index].attempts)
    }
  }

  mutating func acknowledge(_ fence: Fence, _ change: (inout Row) -> Void) -> Acknowledgement {
    guard let index = index(fence.id), rows[index].status == .processing,
      rows[index].attempts == fence.attempt
    else { return .leaseLost }
    rows[index].leaseUntil = nil
    change(&rows[index])
    return .accepted
  }

  mutating func complete(_ fence: Fence, result: String?, now: Timestamp) -> Acknowledgement {
    if let index = index(fence.id), rows[index].status == .completed,
      rows[index].attempts == fence.attempt
    {
      return .accepted
    }
    return acknowledge(fence) {
      $0.status = .completed
      $0.result = result
      $0.finishedAt = now
    }
  }

  mutating func fail(_ fence: Fence, _ failure: TaskFailure, now: Timestamp) -> Acknowledgement {
    acknowledge(fence) { row in
      switch failure {
      case .permanent(let message):
        row.status = .failed
        row.finishedAt = now
        row.errorMessage = message
      case .retry(let runAfter, let message):
        row.runAfter = runAfter
        row.errorMessage = message
        if row.attempts >= row.maxAttempts {
          row.status = .deadLetter
          row.finishedAt = now
        } else {
          row.status = .queued
          row.lockedBy = nil
        }
      }
    }
  }

  mutating func release(_ fence: Fence) -> Acknowledgement {
    acknowledge(fence) {
      $0.status = .queued
      $0.maxAttempts += 1
      $0.lockedBy = nil
    }
  }

  mutating func cancel(_ id: TaskID, evenIfHeld: Bool, now: Timestamp) -> Bool {
    guard let index = index(id),
      rows[index].status == .queued || (rows[index].status == .processing && evenIfHeld)
    else { return false }
    rows[index].status = .cancelled
    rows[index].leaseUntil = nil
    rows[index].finishedAt = now
    return true
  }

  var counts: [TaskStatus: Int] {
    Dictionary(
      uniqueKeysWithValues: TaskStatus.allCases.map { status in
        (status, rows.filter { $0.status == status }.count)
      })
  }

  /// Tasks that are not final.
  var liveCount: Int { rows.filter { !$0.status.isFinal }.count }
}

/// One sequence of calls, made on the model and, through two connections, on a real queue.
private struct ModelRun {
  let strategy: ClaimStrategy
  let seed: UInt64
  let queues: [SQLiteQueueStore]
  let claimants: [Claimant]
  var model = ModelQueue()
  var random: SeededGenerator
  var now = start
  var fences: [Fence] = []
  var trace: [String] = []

  init(strategy: ClaimStrategy, seed: UInt64) throws {
    self.strategy = strategy
    self.seed = seed
    queues = [try openQueue(), try openQueue()]
    random = SeededGenerator(seed: seed)
    let eu = try Capabilities(json: #"{"region":"eu"}"#)
    claimants = [
      Claimant(workerID: "all", strategy: strategy, capabilities: eu),
      Claimant(workerID: "plain", strategy: strategy),
      Claimant(workerID: "a", strategy: strategy, types: ["a"], capabilities: eu),
      Claimant(workerID: "ab", strategy: strategy, types: ["a", "b"]),
      Claimant(workerID: "none", strategy: strategy, types: ["none"]),
    ]
  }

  private var comment: Comment {
    "strategy \(strategy), seed \(seed), after: \(trace.suffix(12).joined(separator: "; "))"
  }

  /// Whether the real answer is the model's.
  private func agree<Value: Equatable>(_ real: Value, _ expected: Value) -> Bool {
    #expect(real == expected, comment)
    return real == expected
  }

  /// Makes one random call on both and compares; false if they differ.
  mutating func step() throws -> Bool {
    let queue = queues.randomElement(using: &random)!
    now = now.adding(milliseconds: .random(in: 0...30, using: &random))
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<30: return try enqueue(queue)
    case 30..<55: return try claim(queue)
    case 55..<70: return try complete(queue)
    case 70..<80: return try fail(queue)
    case 80..<85:
      guard let fence = fences.randomElement(using: &random) else { return true }
      trace.append("release \(fence.id)/\(fence.attempt)")
      return try agree(queue.release(fence, now: now), model.release(fence))
    case 85..<90:
      guard let fence = fences.randomElement(using: &random) else { return true }
      let durationMs = Int64.random(in: 1...200, using: &random)
      let end = now.adding(milliseconds: durationMs)
      trace.append("extend \(fence.id)/\(fence.attempt) to \(end)")
      return try agree(
        queue.extend(fence, leaseDurationMs: durationMs, now: now),
        model.acknowledge(fence) { $0.leaseUntil = end })
    case 90..<95:
      let id = TaskID(
        rawValue: .random(in: 0...(model.rows.last?.id.rawValue ?? 0) + 1, using: &random))
      let evenIfHeld = Bool.random(using: &random)
      trace.append("cancel \(id) \(evenIfHeld)")
      return try agree(
        queue.cancel(id, evenIfHeld: evenIfHeld, now: now),
        model.cancel(id, evenIfHeld: evenIfHeld, now: now))
    case 95..<98:
      trace.append("counts")
      return try agree(queue.counts(), model.counts)
    default:
      trace.append("wait")
      now = now.adding(milliseconds: .random(in: 100...400, using: &random))
      return try agree(queue.counts(), model.counts)
    }
  }

  private mutating func enqueue(_ queue: SQLiteQueueStore) throws -> Bool {
    // Bounded for the sake of speed; one claim sees to 256 due tasks at most.
    let room = min(3, 60 - model.liveCount)
    guard room > 0 else { return true }
    let tasks = (0..<Int.random(in: 1...room, using: &random)).map { _ in
      NewTask(
        type: ["a", "b", "c"].randomElement(using: &random)!,
        payload: "\(model.rows.count)", priority: .random(in: 0...3, using: &random),
        runAfter: Bool.random(using: &random)
          ? nil : now.adding(milliseconds: .random(in: -20...150, using: &random)),
        maxAttempts: .random(in: 1...3, using: &random),
        idempotencyKey: Int.random(in: 0..<4, using: &random) == 0
          ? "k\(Int.random(in: 0..<20, using: &random))" : nil,
        compatibility: Int.random(in: 0..<4, using: &random) == 0 ? #"{"region":"eu"}"# : "{}")
    }
    trace.append("enqueue \(tasks.map { "\($0.type)@\($0.runAfter ?? now)" })")
    let real =
      tasks.count == 1
      ? [try queue.enqueue(tasks[0], now: now)] : try queue.enqueue(tasks, now: now)
    guard agree(real.count, tasks.count) else { return false }
    let expected = zip(tasks, real).map { model.enqueue($0, receipt: $1, now: now) }
    return agree(real, expected)
  }

  private mutating func claim(_ queue: SQLiteQueueStore) throws -> Bool {
    let claimant = claimants.randomElement(using: &random)!
    let limit = Int.random(in: 0...3, using: &random)
    let durationMs = Int64.random(in: 1...120, using: &random)
    let end = now.adding(milliseconds: durationMs)
    trace.append("claim \(limit) as \(claimant.workerID) at \(now) until \(end)")
    let real =
      limit == 1
      ? try [queue.claim(as: claimant, leaseDurationMs: durationMs, now: now)].compactMap { $0 }
      : try queue.claim(as: claimant, limit: limit, leaseDurationMs: durationMs, now: now)
    let expected = model.claim(as: claimant, limit: limit, leaseUntil: end, now: now)
    fences += expected
    for task in real { #expect(task.leaseUntil == end, comment) }
    return agree(real.map(\.fence), expected)
  }

  private mutating func complete(_ queue: SQLiteQueueStore) throws -> Bool {
    guard let fence = fences.randomElement(using: &random) else { return true }
    trace.append("complete \(fence.id)/\(fence.attempt)")
    let result = "\(trace.count)"
    let expected = model.complete(fence, result: result, now: now)
    if Bool.random(using: &random) {
      return try agree(queue.complete(fence, result: result, now: now), expected)
    }
    return try agree(queue.complete([(fence, result)], now: now), [expected])
  }

  private mutating func fail(_ queue: SQLiteQueueStore) throws -> Bool {
    guard let fence = fences.randomElement(using: &random) else { return true }
    let failure: TaskFailure =
      Int.random(in: 0..<4, using: &random) == 0
      ? .permanent(message: "p\(trace.count)")
      : .retry(
        at: now.adding(milliseconds: .random(in: -10...100, using: &random)),
        message: "r\(trace.count)")
    trace.append("fail \(fence.id)/\(fence.attempt) \(failure)")
    return try agree(queue.fail(fence, failure, now: now), model.fail(fence, failure, now: now))
  }

  /// Compares every task, field by field.
  func compareEverything() throws {
    for queue in queues { #expect(try queue.counts() == model.counts, comment) }
    for row in model.rows {
      let real = try #require(try queues[0].task(row.id), comment)
      #expect(real.type == row.task.type, comment)
      #expect(real.payload == row.task.payload, comment)
      #expect(real.status == row.status, comment)
      #expect(real.attempts == row.attempts, comment)
      #expect(real.maxAttempts == row.maxAttempts, comment)
      #expect(real.runAfter == row.runAfter, comment)
      #expect(real.leaseUntil == row.leaseUntil, comment)
      #expect(real.lockedBy == row.lockedBy, comment)
      #expect(real.finishedAt == row.finishedAt, comment)
      #expect(real.errorMessage == row.errorMessage, comment)
      #expect(real.result == row.result, comment)
    }
  }
}
