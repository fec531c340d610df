internal import Recording
package import Scenarios

/// What one caller of an open loop has to do in the measurement of a repeat.
package struct CallerSchedule: Hashable, Sendable {
  /// The cell's id.
  package let cell: String
  /// Which producer it belongs to, from 1.
  package let producer: Int
  /// Which of the producer's callers it is, from 1.
  package let caller: Int
  /// How many operations are due.
  package let operations: Int
  /// When the first of them are due, from the start of the measurement.
  package let firstDueNs: [UInt64]
  /// The ``ScheduleFingerprint`` of all of them, counted from the start of the measurement.
  package let fingerprint: String
}

extension Scenario {
  /// What every caller of every cell with an open loop will do in a repeat: known before it runs.
  package func callerSchedules(repeatNumber: Int, showing limit: Int) -> [CallerSchedule] {
    let seed = Seeds.ofRepeat(repeatNumber, scenario: seed)
    return cells.filter { $0.refusal == nil }.flatMap { cell in
      (0..<cell.settings.producers).flatMap { producer in
        (0..<cell.settings.callers).compactMap { caller in
          schedule(of: cell, producer, caller, repeatSeed: seed, showing: limit)
        }
      }
    }
  }

  private func schedule(
    of cell: Cell, _ producer: Int, _ caller: Int, repeatSeed: UInt64, showing limit: Int
  ) -> CallerSchedule? {
    let times = PhaseTimes(warmupMs: warmupMs, measureMs: measureMs, drainMs: drainMs)
    guard
      var schedule = cell.settings.arrivalSchedule(
        process: producer, caller: caller,
        seed: Seeds.ofProcess(producer, repeat: repeatSeed), startNs: 0,
        measureStartNs: times.warmupNs)
    else { return nil }
    var fingerprint = ScheduleFingerprint()
    var operations = 0
    var firstDueNs: [UInt64] = []
    while let dueNs = schedule.next(), dueNs < times.warmupNs + times.measureNs {
      guard dueNs >= times.warmupNs else { continue }
      operations += 1
      if firstDueNs.count < limit { firstDueNs.append(dueNs - times.warmupNs) }
      fingerprint.add(dueNs - times.warmupNs)
    }
    return CallerSchedule(
      cell: cell.id, producer: producer + 1, caller: caller + 1, operations: operations,
      firstDueNs: firstDueNs, fingerprint: fingerprint.description)
  }
}
