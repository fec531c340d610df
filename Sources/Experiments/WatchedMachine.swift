internal import LoadGeneration

/// A machine that is looked at before and after a piece of work, by probes that have nothing to do with it.
package final class WatchedMachine {
  private static let calibrationProbes = 5

  private let probe: () throws -> ControlProbe
  private let band: ProbeBand?
  private var latest: ControlProbe?

  /// Calibrates the control probe on the disk under `directory`, which must exist; takes a quarter of a second.
  package convenience init(probing directory: String) throws {
    try self.init { try ControlProbe.measure(directory: directory) }
  }

  /// The same with any probe.
  init(probe: @escaping () throws -> ControlProbe) throws {
    self.probe = probe
    var probes: [ControlProbe] = []
    for _ in 0..<Self.calibrationProbes { probes.append(try probe()) }
    band = ProbeBand(calibration: probes)
    latest = probes.last
  }

  /// Does the work, and says why its numbers are void; nil if the machine was not disturbed.
  ///
  /// The probe after one piece of work is the one before the next, unless it was a bad one: so a disturbance
  /// that is over voids no more than the work that it fell into.
  package func watch<R>(_ work: () throws -> R) throws -> (result: R, disturbance: String?) {
    let before = try latest.flatMap { band?.complaint(about: $0) == nil ? $0 : nil } ?? probe()
    let result = try work()
    let after = try probe()
    latest = after
    let complaints = [("before", before), ("after", after)].compactMap { moment, probe in
      band?.complaint(about: probe).map { "\(moment) it: \($0)" }
    }
    return (
      result,
      complaints.isEmpty
        ? nil : "the machine was disturbed (\(complaints.joined(separator: "; ")))"
    )
  }
}
