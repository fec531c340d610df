import Platform
import QueueEngine
import QueueOperations
import SQLite

/// What counting costs: VM steps, statements and frames of the log, which have no noise, and time in turns.
struct CountingProbe {
  let directory: String
  let tasks: Int

  private enum Operation: String, CaseIterable {
    case enqueue
    case claim
    case complete
  }

  private struct Cost {
    var steps: Int64 = 0
    var statements = 0
    var frames = 0
    var ns: UInt64 = 0
  }

  func run() throws {
    print("per task: VM steps, statements, frames of the log, µs (median of 7 blocks, in turns)")
    print("batch operation        plain                             counting")
    for batch in [1, 10, 25, 100] {
      let plain = try measure(batch: batch, counting: false, isTimed: false)
      let counting = try measure(batch: batch, counting: true, isTimed: false)
      var times: [Bool: [[Operation: Double]]] = [:]
      for block in 0..<7 {
        for isCounting in block % 2 == 0 ? [false, true] : [true, false] {
          let costs = try measure(batch: batch, counting: isCounting, isTimed: true)
          times[isCounting, default: []].append(
            costs.mapValues { Double($0.ns) / 1000 / Double(tasks) })
        }
      }
      for operation in Operation.allCases {
        func columns(_ costs: [Operation: Cost], _ isCounting: Bool) -> String {
          let cost = costs[operation] ?? Cost()
          let sorted = (times[isCounting] ?? []).compactMap { $0[operation] }.sorted()
          return OperationsProbe.text(Double(cost.steps) / Double(tasks), digits: 1, width: 9)
            + OperationsProbe.text(Double(cost.statements) / Double(tasks), digits: 2, width: 7)
            + OperationsProbe.text(Double(cost.frames) / Double(tasks), digits: 2, width: 7)
            + OperationsProbe.text(sorted[sorted.count / 2], digits: 2, width: 9)
        }
        let name = operation.rawValue + String(repeating: " ", count: 9 - operation.rawValue.count)
        let number = String(repeating: " ", count: 5 - "\(batch)".count) + "\(batch)"
        print("\(number) \(name)\(columns(plain, false))   \(columns(counting, true))")
      }
    }
  }

  /// Has tasks go through a fresh queue in which a thousand others wait.
  private func measure(
    batch: Int, counting: Bool, isTimed: Bool
  ) throws -> [Operation: Cost] {
    let path = "\(directory)/\(counting)-\(MonotonicClock.nowNs()).db"
    let store = try SQLiteQueueStore(
      path: path, options: SQLiteStoreOptions(wakesWorkers: false, countsTasks: counting))
    _ = try store.enqueue((0..<1000).map { _ in NewTask(type: "task") }, now: .now())
    let claimant = Claimant(workerID: "w")
    var costs: [Operation: Cost] = [:]
    func measured<R>(_ operation: Operation, _ body: () throws -> R) rethrows -> R {
      store.resetMeter()
      let startNs = MonotonicClock.nowNs()
      let result = try body()
      costs[operation, default: Cost()].ns += MonotonicClock.nowNs() - startNs
      guard !isTimed else { return result }
      costs[operation, default: Cost()].frames += Int(store.meteredCost.pagesWritten)
      for use in store.connection.takeStatementUses() {
        costs[operation, default: Cost()].steps += use.vmSteps
        costs[operation, default: Cost()].statements += use.runs
      }
      return result
    }
    if !isTimed { store.connection.setStatementCounting(true) }
    for round in 0..<(tasks / batch + 3) {
      // What is only done once is left out.
      if round == 3 { costs.removeAll() }
      try measured(.enqueue) {
        if batch == 1 {
          _ = try store.enqueue(NewTask(type: "task"), now: .now())
        } else {
          _ = try store.enqueue((0..<batch).map { _ in NewTask(type: "task") }, now: .now())
        }
      }
      let claimed = try measured(.claim) {
        try store.claim(as: claimant, limit: batch, leaseDurationMs: 60_000, now: .now())
      }
      try measured(.complete) {
        if batch == 1 {
          _ = try store.complete(claimed[0].fence, result: nil, now: .now())
        } else {
          _ = try store.complete(claimed.map { (fence: $0.fence, result: nil) }, now: .now())
        }
      }
    }
    return costs
  }
}
