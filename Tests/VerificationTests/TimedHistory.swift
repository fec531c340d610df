import Recording

@testable import Verification

/// A history whose times are written down, in ms, with the rows it leaves behind.
struct TimedHistory {
  var order = ClaimOrder.unordered
  var leaseDurationMs = 100
  var prefilledCount = 0
  private(set) var records: [OperationRecord] = []
  private var rows: [Int64: FinalState.TaskEntry] = [:]

  init(_ order: ClaimOrder = .unordered, leaseDurationMs: Int = 100) {
    self.order = order
    self.leaseDurationMs = leaseDurationMs
  }

  mutating func record(
    _ kind: OperationKind, _ id: Int64, attempt: Int = 1, _ ms: ClosedRange<Double>,
    intendedMs: Double? = nil
  ) {
    record(kind, .ok, id, attempt: attempt, ms, intendedMs: intendedMs)
  }

  mutating func record(
    _ kind: OperationKind, _ outcome: OperationOutcome, _ id: Int64, attempt: Int = 1,
    _ ms: ClosedRange<Double>, intendedMs: Double? = nil
  ) {
    func ns(_ ms: Double) -> UInt64 { 1_000_000_000 + UInt64(ms * 1_000_000) }
    records.append(
      OperationRecord(
        kind: kind, outcome: outcome, taskID: id, attempt: attempt,
        intendedStartNs: ns(intendedMs ?? ms.lowerBound), startNs: ns(ms.lowerBound),
        endNs: ns(ms.upperBound)))
  }

  mutating func enqueue(_ id: Int64, _ ms: ClosedRange<Double>, intendedMs: Double? = nil) {
    record(.enqueue, id, attempt: 0, ms, intendedMs: intendedMs)
  }

  mutating func claim(_ id: Int64, attempt: Int = 1, _ ms: ClosedRange<Double>) {
    record(.claim, id, attempt: attempt, ms)
  }

  mutating func complete(_ id: Int64, attempt: Int = 1, _ ms: ClosedRange<Double>) {
    record(.complete, id, attempt: attempt, ms)
  }

  /// What lies in the queue; without it, what the records say of status and attempts.
  mutating func row(
    _ id: Int64, _ status: FinalState.Status? = nil, priority: Int = 100, runAfter: Int64? = nil,
    isDelayed: Bool = false, attempts: Int? = nil
  ) {
    rows[id] = FinalState.TaskEntry(
      id: id, status: status ?? self.status(id), priority: priority, runAfter: runAfter ?? id,
      isDelayed: isDelayed, attempts: attempts ?? self.attempts(id))
  }

  private func status(_ id: Int64) -> FinalState.Status {
    records.contains { $0.kind == .complete && $0.outcome == .ok && $0.taskID == id }
      ? .completed : .open
  }

  private func attempts(_ id: Int64) -> Int {
    Set(
      records.filter { $0.kind == .claim && $0.outcome == .ok && $0.taskID == id }
        .map(\.attempt)
    ).count
  }

  var checker: HistoryChecker {
    var checker = HistoryChecker(
      prefilledCount: prefilledCount, order: order, leaseDurationMs: leaseDurationMs)
    for record in records { checker.add(record) }
    return checker
  }

  var finalState: FinalState {
    var all = self
    let ids = Set(records.filter { $0.kind == .enqueue && $0.outcome == .ok }.map(\.taskID))
      .union(prefilledCount > 0 ? Array(1...Int64(prefilledCount)) : [])
    for id in ids where rows[id] == nil { all.row(id) }
    return FinalState(
      statuses: all.rows.values.sorted { $0.id < $1.id }, integrity: ["ok"])
  }

  var judgement: Judgement { checker.judge(against: finalState) }
  var counts: [Judgement.Finding: Int] { judgement.counts }
}
