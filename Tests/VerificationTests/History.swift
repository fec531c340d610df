import Recording
import Scenarios

@testable import Verification

/// A history and the final state that goes with it, to be damaged by tests.
struct History {
  var finishedCount = 0
  var prefilledCount = 0
  var records: [OperationRecord] = []
  var statuses: [Int64: FinalState.Status] = [:]
  var integrity = ["ok"]

  mutating func record(
    _ kind: OperationKind, _ outcome: OperationOutcome, _ id: Int64 = 0, attempt: Int = 0,
    batch: Int = 1, isMember: Bool = false
  ) {
    let ns = UInt64(records.count + 1) * 1000
    records.append(
      OperationRecord(
        kind: kind, outcome: outcome, taskID: id, attempt: attempt, intendedStartNs: ns,
        startNs: ns, endNs: ns + 500, batch: batch, isMember: isMember))
  }

  mutating func enqueue(_ id: Int64) {
    record(.enqueue, .ok, id)
    statuses[id] = .open
  }

  mutating func claim(_ id: Int64, attempt: Int = 1) {
    record(.claim, .ok, id, attempt: attempt)
  }

  mutating func complete(_ id: Int64, attempt: Int = 1) {
    record(.complete, .ok, id, attempt: attempt)
    statuses[id] = .completed
  }

  /// Tasks `ids` through their whole lives.
  mutating func live(_ ids: ClosedRange<Int64>) {
    for id in ids {
      enqueue(id)
      claim(id)
      complete(id)
    }
  }

  var finalState: FinalState {
    FinalState(
      statuses: statuses.sorted { $0.key < $1.key }.map {
        FinalState.TaskEntry(id: $0.key, status: $0.value)
      }, integrity: integrity)
  }

  /// Times mean nothing in these histories: no order, no leases.
  var checker: HistoryChecker {
    var checker = HistoryChecker(
      finishedCount: finishedCount, prefilledCount: prefilledCount, order: .unordered,
      leaseDurationMs: 0)
    for record in records { checker.add(record) }
    return checker
  }

  var judgement: Judgement { checker.judge(against: finalState) }

  /// Three tasks that had ended before, and one that lives.
  static var afterFinished: History {
    var history = History()
    history.finishedCount = 3
    for id: Int64 in 1...3 { history.statuses[id] = .completed }
    history.live(4...4)
    return history
  }

  /// Three tasks: one completed, one held, one waiting.
  static var sound: History {
    var history = History()
    history.live(1...1)
    history.enqueue(2)
    history.claim(2)
    history.enqueue(3)
    return history
  }
}

extension History {
  /// What a correct queue might do in `operationCount` operations: leases that expire, late
  /// acknowledgements, operations without an answer, batches.
  static func random(seed: UInt64, operationCount: Int) -> History {
    var generator = SeededGenerator(seed: seed)
    var history = History(prefilledCount: generator.index(below: 50))
    var attempts = [0] + Array(repeating: 0, count: history.prefilledCount)
    for id in 0..<history.prefilledCount { history.statuses[Int64(id + 1)] = .open }
    var held: [(id: Int64, attempt: Int)] = []

    func isLatest(_ fence: (id: Int64, attempt: Int)) -> Bool {
      attempts[Int(fence.id)] == fence.attempt && history.statuses[fence.id] == .open
    }
    while history.records.count < operationCount {
      switch generator.index(below: 10) {
      case 0...2:
        let batch = generator.index(below: 3) + 1
        for index in 0..<batch {
          let id = Int64(attempts.count)
          attempts.append(0)
          history.record(.enqueue, .ok, id, batch: batch, isMember: index > 0)
          history.statuses[id] = .open
        }
      case 3 where generator.index(below: 20) == 0:
        history.record(.enqueue, .indeterminate)
        guard generator.index(below: 2) == 0 else { continue }
        history.statuses[Int64(attempts.count)] = .open
        attempts.append(0)
      case 3: history.record(.enqueue, .failed)
      case 4...6 where attempts.count > 1:
        let id = Int64(generator.index(below: attempts.count - 1) + 1)
        guard history.statuses[id] == .open, attempts[Int(id)] < 60 else {
          history.record(.claim, .empty)
          continue
        }
        attempts[Int(id)] += 1
        if generator.index(below: 50) == 0 {
          history.record(.claim, .indeterminate)
        } else {
          history.claim(id, attempt: attempts[Int(id)])
          held.append((id, attempts[Int(id)]))
        }
      case 7...8 where !held.isEmpty:
        let fence = held.remove(at: generator.index(below: held.count))
        if !isLatest(fence) {
          history.record(.complete, .refused, fence.id, attempt: fence.attempt)
        } else if generator.index(below: 50) == 0 {
          history.record(.complete, .indeterminate, fence.id, attempt: fence.attempt)
          if generator.index(below: 2) == 0 { history.statuses[fence.id] = .completed }
        } else {
          history.complete(fence.id, attempt: fence.attempt)
          // Repeated under the same fence, it is answered alike.
          if generator.index(below: 50) == 0 {
            history.record(.complete, .ok, fence.id, attempt: fence.attempt)
          }
        }
      default: history.record(.claim, .empty)
      }
    }
    return history
  }

  /// The same records in another order.
  func shuffled(seed: UInt64) -> History {
    var generator = SeededGenerator(seed: seed)
    var copy = self
    copy.records = generator.permutation(of: records.count).map { records[$0] }
    return copy
  }
}
