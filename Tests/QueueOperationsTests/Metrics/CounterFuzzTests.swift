import QueueEngine
import SQLite
import TestSupport
import Testing

@testable import QueueOperations

/// Counters agree with COUNT after every step of random work by engines, by hand and by operations.
@Suite(.temporaryDirectory, .timeLimit(.minutes(5)))
struct CounterFuzzTests {
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `Counters are right after every step`(seed: UInt64) throws {
    var run = try FuzzRun(seed: seed)
    for _ in 0..<250 {
      try run.step()
      guard try run.audit() else { return }
    }
    #expect(run.kinds.count > 20, "seed \(seed) has tried too little: \(run.kinds)")
    #expect(run.endedCount > 50, "seed \(seed) has ended too little")
  }
}

private struct FuzzRun {
  private struct RolledBack: Error {}

  private struct Kind: Hashable {
    let type: String
    let status: TaskStatus
  }

  private struct Row {
    let type: String
    let status: TaskStatus
  }

  let seed: UInt64
  let queue: MeasuredQueue
  let stores: [SQLiteQueueStore]
  let hand: Connection
  var random: SeededGenerator
  var now = MeasuredQueue.start
  var fences: [Fence] = []
  var trace: [String] = []
  var kinds: Set<String> = []
  /// How many tasks have ended how, as far as could be seen from one step to the next.
  private var ended: [Kind: Int] = [:]
  private var before: [Int64: Row] = [:]
  private var imports = 0

  init(seed: UInt64) throws {
    self.seed = seed
    random = SeededGenerator(seed: seed)
    queue = try MeasuredQueue(strategies: [.priority, .fifo])
    var deferred = MeasuredQueue.options()
    deferred.transactionMode = .deferred
    stores = [queue.store, try SQLiteQueueStore(path: queue.path, options: deferred)]
    hand = try queue.byHand()
  }

  private var comment: Comment {
    "seed \(seed), after: \(trace.suffix(8).joined(separator: "; "))"
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    .random(in: range, using: &random)
  }

  private mutating func note(_ kind: String, _ details: String = "") {
    kinds.insert(kind)
    trace.append("\(now): \(kind) \(details)")
  }

  /// How many tasks have ended.
  var endedCount: Int { ended.values.reduce(0, +) }

  // MARK: Steps

  mutating func step() throws {
    now = now.adding(milliseconds: Int64(number(0...9000)))
    switch number(0...99) {
    case 0...14: try enqueue(stores[number(0...1)])
    case 15...34: try claim(stores[number(0...1)])
    case 35...59: try acknowledge(stores[number(0...1)])
    case 60...67: try group(stores[number(0...1)])
    case 68...69:
      note("time")
      now = now.adding(milliseconds: Int64(number(1000...4_000_000)))
    case 70...84: try writeByHand()
    default: try operate()
    }
  }

  private mutating func enqueue(_ store: SQLiteQueueStore) throws {
    let count = number(0...3) == 0 ? number(2...30) : 1
    let hasKeys = number(0...3) == 0
    var tasks: [NewTask] = []
    for _ in 0..<count {
      tasks.append(
        NewTask(
          type: ["a", "b", "c\u{e9}", "ce\u{301}"].randomElement(using: &random)!,
          priority: number(0...3),
          runAfter: number(0...3) == 0
            ? now.adding(milliseconds: Int64(number(-50...20_000))) : nil,
          maxAttempts: number(1...3), idempotencyKey: hasKeys ? "k\(number(0...40))" : nil))
    }
    note(count == 1 ? "enqueue" : "enqueue many", "\(count)")
    if count == 1 {
      _ = try store.enqueue(tasks[0], now: now)
    } else {
      _ = try store.enqueue(tasks, now: now)
    }
  }

  private mutating func claim(_ store: SQLiteQueueStore) throws {
    note("claim")
    fences += try store.claim(
      as: Claimant(
        workerID: "w\(number(0...2))", strategy: number(0...1) == 0 ? .priority : .fifo),
      limit: number(1...6), leaseDurationMs: Int64(number(1...60_000)), now: now
    ).map(\.fence)
  }

  private mutating func acknowledge(_ store: SQLiteQueueStore) throws {
    guard let fence = fences.randomElement(using: &random) else { return }
    switch number(0...7) {
    case 0, 1:
      note("complete")
      _ = try store.complete(fence, result: number(0...1) == 0 ? nil : "1", now: now)
    case 2, 3:
      note("complete many")
      let many = fences.shuffled(using: &random).prefix(number(2...8))
      let result = number(0...2) == 0 ? "{}" : nil
      _ = try store.complete(many.map { (fence: $0, result: result) }, now: now)
    case 4:
      note("fail")
      _ = try store.fail(fence, .permanent(message: "p"), now: now)
    case 5:
      note("retry")
      _ = try store.fail(
        fence, .retry(at: now.adding(milliseconds: 500), message: "r"), now: now)
    case 6:
      note("release")
      _ = try store.release(fence, now: now)
    default:
      note("cancel")
      _ = try store.cancel(fence.id, evenIfHeld: number(0...1) == 0, now: now)
    }
  }

  /// Some calls in one transaction, which happens or does not.
  private mutating func group(_ store: SQLiteQueueStore) throws {
    let isRolledBack = number(0...1) == 0
    note(isRolledBack ? "group, rolled back" : "group")
    var copy = self
    let count = number(1...4)
    do {
      try store.atomically {
        for _ in 0..<count {
          if copy.number(0...2) == 0 {
            try copy.enqueue(store)
          } else {
            try copy.acknowledge(store)
          }
        }
        if isRolledBack { throw RolledBack() }
      }
    } catch is RolledBack {}
    self = copy
  }

  private mutating func writeByHand() throws {
    let id = number(1...60)
    let moment = now.adding(milliseconds: Int64(number(-3_000_000...0)))
    let scripts = [
      "INSERT INTO task_queue (type, priority) VALUES ('b', 1), ('hand', 2)",
      "INSERT INTO task_queue (type, run_after_utc) VALUES ('b', '2020-01-01T00:00:00Z')",
      """
      INSERT INTO task_queue (type, status, finished_at_utc, processing_started_utc)
      VALUES ('hand', 'completed', '\(now)', '\(moment)')
      """,
      """
      UPDATE task_queue SET status = 'processing', locked_by = 'hand',
        processing_started_utc = '\(moment)', lease_until_utc = '\(now)'
      WHERE id % 7 = \(id % 7) AND status = 'queued'
      """,
      """
      UPDATE task_queue SET status = 'completed', finished_at_utc = '\(now)'
      WHERE id % 5 = \(id % 5) AND status = 'processing'
      """,
      "UPDATE task_queue SET status = 'failed', finished_at_utc = NULL WHERE id = \(id)",
      """
      UPDATE task_queue SET status = 'queued', locked_by = NULL, lease_until_utc = NULL,
        finished_at_utc = NULL, run_after_utc = '\(now)' WHERE id = \(id)
      """,
      "UPDATE task_queue SET type = 'hand' WHERE id = \(id)",
      "UPDATE task_queue SET finished_at_utc = '\(moment)' WHERE id = \(id)",
      "UPDATE task_queue SET processing_started_utc = '\(moment)' WHERE id = \(id)",
      "DELETE FROM task_queue WHERE id = \(id)",
      "BEGIN; DELETE FROM task_queue; INSERT INTO task_queue (type) VALUES ('b'); ROLLBACK",
    ]
    let script = scripts.randomElement(using: &random)!
    note("hand \(scripts.firstIndex(of: script)!)", "\(id)")
    try hand.execute(script: script)
  }

  private mutating func operate() throws {
    let listing = TaskListing(database: queue.database)
    let maintenance = QueueMaintenance(queue.database)
    switch number(0...8) {
    case 0:
      note("listing retry")
      _ = try listing.retry(
        matching: TaskFilter(statuses: [.failed, .deadLetter, .completed]),
        attempts: .further(1), limit: number(1...5), now: now)
    case 1:
      note("listing retry by id")
      _ = try listing.retry(ids: [TaskID(rawValue: Int64(number(1...60)))], now: now)
    case 2:
      note("listing cancel")
      _ = try listing.cancel(
        matching: TaskFilter(), evenIfHeld: number(0...1) == 0, limit: number(1...3), now: now)
    case 3:
      note("prune")
      _ = try maintenance.prune(
        Retention(
          tasksForMs: [.completed: Int64(number(0...600_000)), .failed: 0],
          tasksAtMost: number(5...80)), now: now)
    case 4:
      note("stale leases")
      _ = try maintenance.cleanupStaleLeases(now: now)
    case 5:
      note("reclaim")
      let registry = WorkerRegistry(database: queue.database)
      try registry.register("w0", now: now.adding(milliseconds: -400_000))
      _ = try registry.reclaim(now: now)
    case 6:
      imports += 1
      note("import")
      let path = TemporaryDirectory.path("export-\(imports)")
      _ = try TaskExport(queue.database).write(
        number(0...2) == 0 ? .tabSeparated : .jsonLines, to: path)
      // An import would make a queue of thousands out of one of hundreds.
      if before.count < 120 { _ = try TaskImport(queue.database).run(from: path, now: now) }
    case 7:
      note("roll back")
      if let last = try TaskImport(queue.database).imports().last {
        _ = try TaskImport(queue.database).rollBack(last.importID)
      }
    default:
      note("optimize")
      try maintenance.analyze()
    }
  }

  // MARK: Looking

  private func rows() throws -> [Int64: Row] {
    let rows = try hand.prepare("SELECT id, type, status FROM task_queue")
    defer { rows.reset() }
    var found: [Int64: Row] = [:]
    while try rows.step() {
      found[rows.int64(0)] = Row(
        type: rows.text(1) ?? "", status: TaskStatus(rawValue: rows.text(2) ?? "")!)
    }
    return found
  }

  /// Compares counters with tasks; false if they differ.
  mutating func audit() throws -> Bool {
    let now = try rows()
    for (id, row) in now where row.status.isFinal {
      if let before = before[id], !before.status.isFinal {
        ended[Kind(type: row.type, status: row.status), default: 0] += 1
      }
    }
    before = now
    let differences = try queue.metrics.counterDifferences()
    #expect(differences.isEmpty, comment)
    var counts = Dictionary(uniqueKeysWithValues: TaskStatus.allCases.map { ($0, 0) })
    for row in now.values { counts[row.status, default: 0] += 1 }
    #expect(try queue.metrics.depthByStatus() == counts, comment)
    for store in stores { #expect(try store.counts() == counts, comment) }
    let totals = try queue.metrics.snapshot().totals ?? []
    var everEnded: [Kind: Int] = [:]
    for totals in totals {
      for (status, count) in totals.ended where count > 0 {
        everEnded[Kind(type: totals.type, status: status)] = count
      }
    }
    #expect(everEnded == ended, comment)
    return differences.isEmpty && everEnded == ended
  }
}
