internal import Recording
internal import Scenarios

extension CellSettings {
  /// When a caller of a producer has to offer tasks.
  ///
  /// - Parameters:
  ///   - process: which of the producers it belongs to, from 0.
  ///   - caller: which of the process's callers it is, from 0.
  ///   - seed: that of the process.
  ///   - startNs: when the load begins.
  ///   - measureStartNs: when the measurement begins.
  /// - Returns: nil in a closed loop.
  func arrivalSchedule(
    process: Int, caller: Int, seed: UInt64, startNs: UInt64, measureStartNs: UInt64
  ) -> ArrivalSchedule? {
    guard case .open(let profile) = arrivals else { return nil }
    let schedule = ArrivalSchedule(
      arrivalProcess == .poisson ? .poisson : .fixed,
      steps: profile.steps.map {
        ArrivalSchedule.Step(startNs: UInt64($0.startUs) * 1000, perSecond: $0.perSecond)
      },
      caller: .init(
        index: process * callers + caller, of: producers * callers, batch: batchSize, burst: burst),
      startNs: startNs, measureStartNs: measureStartNs,
      random: SeededGenerator(seed: Seeds.ofArrivals(caller: caller, process: seed)))
    // Scenarios admit no rate that has no schedule.
    precondition(schedule != nil, "\(arrivals) cannot be scheduled")
    return schedule
  }
}
