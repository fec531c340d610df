import QueueEngine

/// A call on a queue, as a value: it can be made on the model, on a queue, and within a transaction.
enum Operation: Sendable {
  case enqueue([NewTask])
  case claim(Claimant, limit: Int, leaseDurationMs: Int64)
  /// Completes a task; without a fence, the first one that the last claim of this group has taken.
  case complete(Fence?, result: String)
  case fail(Fence, TaskFailure)
  case release(Fence)
  case extend([Fence], leaseDurationMs: Int64)
  case cancel(TaskID, evenIfHeld: Bool)
}

/// What a call returned.
enum Answer: Sendable, Equatable {
  case receipts([EnqueueReceipt])
  case claimed([Fence])
  case acknowledged([Acknowledgement])
  case cancelled(Bool)
  /// The call had nothing to refer to and was left out.
  case none
}

extension Operation {
  /// Makes the call on a queue.
  func perform(on queue: TaskQueue) throws -> Answer {
    switch self {
    case .enqueue(let tasks):
      return .receipts(
        tasks.count == 1
          ? [try queue.enqueue(tasks[0])] : try queue.enqueue(contentsOf: tasks))
    case .claim(let claimant, let limit, let leaseDurationMs):
      return .claimed(
        try queue.claim(as: claimant, limit: limit, leaseDurationMs: leaseDurationMs).map(\.fence))
    case .complete(let fence, let result):
      guard let fence else { return .none }
      return .acknowledged([try queue.complete(fence, result: result)])
    case .fail(let fence, let failure): return .acknowledged([try queue.fail(fence, failure)])
    case .release(let fence): return .acknowledged([try queue.release(fence)])
    case .extend(let fences, let leaseDurationMs):
      return .acknowledged(try queue.extend(fences, leaseDurationMs: leaseDurationMs))
    case .cancel(let id, let evenIfHeld):
      return .cancelled(try queue.cancel(id, evenIfHeld: evenIfHeld))
    }
  }

  /// Makes the call within a transaction; `claimed` is what was claimed last in it.
  func perform(on transaction: TaskTransaction, claimed: [Fence]) throws -> Answer {
    switch self {
    case .enqueue(let tasks):
      return .receipts(
        tasks.count == 1
          ? [try transaction.enqueue(tasks[0])] : try transaction.enqueue(contentsOf: tasks))
    case .claim(let claimant, let limit, let leaseDurationMs):
      return .claimed(
        try transaction.claim(as: claimant, limit: limit, leaseDurationMs: leaseDurationMs)
          .map(\.fence))
    case .complete(let fence, let result):
      guard let fence = fence ?? claimed.first else { return .none }
      return .acknowledged([try transaction.complete(fence, result: result)])
    case .fail(let fence, let failure): return .acknowledged([try transaction.fail(fence, failure)])
    case .release(let fence): return .acknowledged([try transaction.release(fence)])
    case .extend(let fences, let leaseDurationMs):
      return .acknowledged(try transaction.extend(fences, leaseDurationMs: leaseDurationMs))
    case .cancel(let id, let evenIfHeld):
      return .cancelled(try transaction.cancel(id, evenIfHeld: evenIfHeld))
    }
  }
}

/// The queue as it should be.
struct ModelQueue {
  struct Row: Equatable {
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

  private(set) var rows: [Row] = []

  var counts: [TaskStatus: Int] {
    Dictionary(
      uniqueKeysWithValues: TaskStatus.allCases.map { status in
        (status, rows.filter { $0.status == status }.count)
      })
  }

  /// Tasks that are not final.
  var liveCount: Int { rows.filter { !$0.status.isFinal }.count }

  /// Makes a call; what a queue is free in (numbers, and draws) it takes from the real answer, if that
  /// is among those it may give.
  mutating func perform(
    _ operation: Operation, real: Answer, claimed: [Fence] = [], now: Timestamp
  ) -> Answer {
    switch operation {
    case .enqueue(let tasks):
      guard case .receipts(let receipts) = real, receipts.count == tasks.count else {
        return .receipts([])
      }
      return .receipts(
        zip(tasks, receipts).compactMap { enqueue($0, receipt: $1, now: now) })
    case .claim(let claimant, let limit, let leaseDurationMs):
      guard case .claimed(let fences) = real else { return .claimed([]) }
      return .claimed(
        claim(
          as: claimant, limit: limit, leaseUntil: now.adding(milliseconds: leaseDurationMs),
          drawn: fences.map(\.id), now: now))
    case .complete(let fence, let result):
      guard let fence = fence ?? claimed.first else { return .none }
      return .acknowledged([complete(fence, result: result, now: now)])
    case .fail(let fence, let failure): return .acknowledged([fail(fence, failure, now: now)])
    case .release(let fence):
      return .acknowledged([
        acknowledge(fence) {
          $0.status = .queued
          $0.maxAttempts += 1
          $0.lockedBy = nil
        }
      ])
    case .extend(let fences, let leaseDurationMs):
      return .acknowledged(
        fences.map { fence in
          acknowledge(fence) { $0.leaseUntil = now.adding(milliseconds: leaseDurationMs) }
        })
    case .cancel(let id, let evenIfHeld):
      return .cancelled(cancel(id, evenIfHeld: evenIfHeld, now: now))
    }
  }

  /// Where a task lies in ``rows``; nil if there is none.
  private func index(_ id: TaskID) -> Int? { rows.firstIndex { $0.id == id } }

  /// Adds a task under the number that the queue gave it, unless its key is known.
  ///
  /// Numbers rise, but with gaps: what was refused or rolled back may use one up.
  private mutating func enqueue(
    _ task: NewTask, receipt: EnqueueReceipt, now: Timestamp
  ) -> EnqueueReceipt? {
    if let key = task.idempotencyKey,
      let row = rows.first(where: { $0.task.idempotencyKey == key })
    {
      return row.id == receipt.id && !receipt.isNew ? receipt : nil
    }
    if let last = rows.last, receipt.id <= last.id { return nil }
    rows.append(
      Row(
        id: receipt.id, task: task, maxAttempts: task.maxAttempts, runAfter: task.runAfter ?? now))
    return receipt.isNew ? receipt : nil
  }

  private mutating func claim(
    as claimant: Claimant, limit: Int, leaseUntil: Timestamp, drawn: [TaskID], now: Timestamp
  ) -> [Fence] {
    guard limit > 0 else { return [] }
    reclaim(now: now)
    let candidates = rows.filter {
      $0.status == .queued && $0.runAfter <= now
        && claimant.types?.contains($0.task.type) ?? true
        && claimant.capabilities.meet(compatibility: $0.task.compatibility)
    }
    let chosen: [TaskID]
    switch claimant.strategy {
    case .priority:
      chosen = candidates.sorted {
        ($0.task.priority, $0.runAfter, $0.id) < ($1.task.priority, $1.runAfter, $1.id)
      }.prefix(limit).map(\.id)
    case .fifo:
      chosen = candidates.sorted { ($0.runAfter, $0.id) < ($1.runAfter, $1.id) }
        .prefix(limit).map(\.id)
    case .lifo:
      chosen = candidates.sorted { ($0.runAfter, $0.id) > ($1.runAfter, $1.id) }
        .prefix(limit).map(\.id)
    case .weightedRandom, .orderByRandom:
      // Any of the candidates, each once, and as many as there are.
      let isPossible =
        Set(drawn).isSubset(of: candidates.map(\.id)) && Set(drawn).count == drawn.count
        && drawn.count == min(limit, candidates.count)
      chosen = isPossible ? drawn : []
    }
    return chosen.compactMap { id in
      guard let index = index(id) else { return nil }
      rows[index].status = .processing
      rows[index].attempts += 1
      rows[index].leaseUntil = leaseUntil
      rows[index].lockedBy = claimant.workerID
      return Fence(id: id, attempt: rows[index].attempts)
    }
  }

  /// Takes back what is held under leases that have run out.
  private mutating func reclaim(now: Timestamp) {
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
  }

  private mutating func acknowledge(
    _ fence: Fence, _ change: (inout Row) -> Void
  ) -> Acknowledgement {
    guard let index = index(fence.id), rows[index].status == .processing,
      rows[index].attempts == fence.attempt
    else { return .leaseLost }
    rows[index].leaseUntil = nil
    change(&rows[index])
    return .accepted
  }

  private mutating func complete(
    _ fence: Fence, result: String, now: Timestamp
  ) -> Acknowledgement {
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

  private mutating func fail(
    _ fence: Fence, _ failure: TaskFailure, now: Timestamp
  ) -> Acknowledgement {
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

  private mutating func cancel(_ id: TaskID, evenIfHeld: Bool, now: Timestamp) -> Bool {
    guard let index = index(id),
      rows[index].status == .queued || (rows[index].status == .processing && evenIfHeld)
    else { return false }
    rows[index].status = .cancelled
    rows[index].leaseUntil = nil
    rows[index].finishedAt = now
    return true
  }
}
