internal import Results
internal import Verification

/// Watches over a run whether the machine stays the one that the run began on.
///
/// A probe that has nothing to do with the queue is made between all repeats. A repeat between two probes of
/// which one leaves the band of the calibration is marked, and runs again, whatever its own numbers say.
struct ConditionsMonitor {
  private static let calibrationProbes = 5
  /// How often one repeat runs again at most.
  private static let mostRetries = 2

  private let measure: () throws -> ControlProbe
  private let band: ProbeBand?
  /// How many repeats of the run may still run again: a machine that has changed for good must not double the
  /// time of a run.
  private var retriesLeft: Int
  private var retries = 0
  /// The last probe, if nothing has happened since.
  private var latest: ControlProbe?

  /// Calibrates with the disk under `directory`, for a run of so many repeats; `retries` false only marks.
  init(directory: String, repeats: Int, retries: Bool) throws {
    let measure = { try ControlProbe.measure(directory: directory) }
    var probes: [ControlProbe] = []
    for _ in 0..<(repeats > 0 ? Self.calibrationProbes : 0) { probes.append(try measure()) }
    self.init(
      band: ProbeBand(calibration: probes), retries: retries ? max(2, repeats / 4) : 0,
      probe: measure)
  }

  /// Holds probes against a band; `retries` repeats may run again.
  init(band: ProbeBand?, retries: Int, probe: @escaping () throws -> ControlProbe) {
    self.band = band
    retriesLeft = retries
    measure = probe
  }

  /// Probes, unless that was just done.
  mutating func probe() throws -> ControlProbe {
    if let latest {
      self.latest = nil
      return latest
    }
    return try measure()
  }

  /// Enters into a result what the probes around it say; returns whether the repeat is to run again.
  mutating func judge(
    _ result: inout RepeatResult, before: ControlProbe, after: ControlProbe
  ) -> Bool {
    result.conditions.probeFsyncUs = before.fsyncUs
    result.conditions.probeLockUs = before.lockUs
    result.conditions.probeCPUUs = before.cpuUs
    latest = result.status == .measured ? after : nil
    guard result.status == .measured else { return end() }
    let complaints = [("before", before), ("after", after)].compactMap { moment, probe in
      band?.complaint(about: probe).map { "\(moment) it: \($0)" }
    }
    guard !complaints.isEmpty else {
      result.conditions.state = .normal
      return end()
    }
    result.conditions.state = .disturbed
    result.warnings.append("the machine was disturbed (\(complaints.joined(separator: "; ")))")
    // What is wrong with the queue is never measured away.
    guard result.verdict != .invalid, retries < Self.mostRetries, retriesLeft > 0 else {
      return end()
    }
    retries += 1
    retriesLeft -= 1
    latest = nil
    return true
  }

  private mutating func end() -> Bool {
    retries = 0
    return false
  }
}
