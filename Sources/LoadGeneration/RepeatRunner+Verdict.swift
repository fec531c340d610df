internal import Foundation
internal import Platform
internal import Results
internal import SQLite
internal import Scenarios
internal import Verification

/// What is said of a repeat when its load has ended.
extension RepeatRunner {
  func judge(
    _ result: inout RepeatResult, _ collector: RepeatCollector, _ checker: HistoryChecker
  ) throws {
    do {
      let state = try FinalState.read(databasePath: databasePath)
      let judgement = checker.judge(against: state)
      collector.fillFlow(&result, judgement, state)
      (result.flow.lost, result.flow.duplicated) = (judgement.lostCount, judgement.duplicatedCount)
      result.verdict = judgement.verdict
      result.detail = judgement.summary
      result.drained = !state.hasOpenTasks
      if judgement.excused > 0 {
        result.warnings.append(
          "\(judgement.excused) operations of killed processes took effect without a record")
      }
    } catch let error as SQLiteError where [.corrupt, .notADatabase].contains(error.code.primary) {
      // A file that is damaged after the run is the worst of verdicts, not a failure to run.
      result.verdict = .invalid
      result.detail = "the database is damaged after the run: \(error)"
    }
  }

  /// Holds the operation logs against what the processes have counted themselves.
  func audit(
    _ result: inout RepeatResult, _ collector: RepeatCollector, _ control: ControlBlock,
    _ configurations: [RoleConfiguration], _ nemesis: Nemesis
  ) {
    let counted = finishedTasks(control, configurations)
    let consumes = cell.settings.consumers > 0
    let recorded = collector.finishedCount(consumes: consumes)
    // Who is killed may come to do the one and not the other.
    let tolerance = unrecorded(nemesis, by: consumes ? .consumer : .producer)
    guard abs(Int(counted) - recorded) > tolerance else { return }
    result.warnings.append(
      "the operation logs hold \(recorded) finished tasks, the processes have counted \(counted): "
        + "records are missing or doubled")
    if result.verdict < .unknown { result.verdict = .unknown }
  }

  /// An open loop has reached its rate if it has enqueued this share of what was due.
  private static let leastAchieved = 0.99

  /// Says what a reader has to know about the numbers.
  func warn(_ result: inout RepeatResult) {
    func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
    let load = result.load
    if let achieved = load.achievedRatio, achieved < Self.leastAchieved {
      if result.verdict == .valid { result.verdict = .saturated }
      result.warnings.append(
        "the offered rate was not reached: \(percent(achieved)) of what was due was enqueued in time"
      )
    }
    if let late = load.late, let scheduled = load.scheduled, scheduled > 0,
      Double(late) > 0.01 * Double(result.enqueue.count)
    {
      let limitMs = RepeatCollector.lateNs / 1_000_000
      result.warnings.append("\(late) operations began more than \(limitMs) ms after they were due")
    }
    if let skipped = load.skipped, skipped > 0 {
      result.warnings.append("\(skipped) operations were never offered before the drain ended")
    }
    if let steal = result.conditions.stealShare, steal > 0.05 {
      result.warnings.append("the host gave \(percent(steal)) of the processors' time to others")
    }
    if let ratio = result.lock.phaseSumRatio, abs(ratio - 1) > 0.001 {
      result.warnings.append(
        "the phases add up to \(percent(ratio)) of the latencies: something was counted twice")
    }
    if let utilisation = result.lock.utilisation, utilisation > 1.02 {
      result.warnings.append(
        "the write lock was held \(percent(utilisation)) of the time, by the operations' records")
    }
  }

  /// Judges what a repeat that broke off has left behind: lost tasks stay lost.
  ///
  /// Each process may have been killed between an operation and its record.
  func judgeRemains(
    _ result: inout RepeatResult, _ collector: RepeatCollector, _ nemesis: Nemesis?
  ) {
    var judged = result
    do {
      if let nemesis {
        try collector.add(nemesis.successors, underFaults: nemesis.windows)
      }
      try collector.poll()
      var checker = collector.historyChecker
      func atEnd(_ role: Role, _ processes: Int) -> Int {
        processes * cell.settings.callers * cell.settings.batchSize
          + (nemesis.map { unrecorded($0, by: role) } ?? 0)
      }
      checker.allowUnrecorded(
        enqueues: atEnd(.producer, cell.settings.producers),
        completions: atEnd(.consumer, cell.settings.consumers), releases: 0)
      try judge(&judged, collector, checker)
    } catch {
      // Nothing can be said of it; the reason why it broke off stands.
      return
    }
    guard judged.verdict == .invalid else { return }
    result.verdict = .invalid
    result.detail += "; \(judged.detail)"
    (result.flow.lost, result.flow.duplicated) = (judged.flow.lost, judged.flow.duplicated)
  }
}
