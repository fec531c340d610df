import SQLite

/// Combinations that are known not to work, or in which a setting would silently do nothing.
///
/// Only what is certain from the settings alone; whether a PRAGMA took effect is found out by
/// reading it back. Dangerous but possible settings (`journal_mode = OFF`, where a rollback is
/// undefined) are not refused: showing what they do is the purpose.
enum Refusal {
  /// Why the combination cannot be run, or nil.
  ///
  /// `measureMs` is how long the measurement takes; nil if that is not known.
  static func reason(
    for values: some Collection<SettingValue>, _ settings: CellSettings, measureMs: Int?
  ) -> String? {
    let processes = settings.producers + settings.consumers
    if processes == 0 { return "no producers and no consumers: nothing to run" }
    if !settings.faults.isEmpty, !settings.instrumentation {
      return "faults \(settings.faults.label) need instrumentation: without a history, nobody can "
        + "tell what was lost"
    }
    if let measureMs, let late = settings.faults.faults.first(where: { $0.everyMs > measureMs }) {
      return "faults \(late.kind.rawValue): one in every "
        + "\(DurationText.label(us: late.everyMs * 1000)) is none in a measurement of "
        + DurationText.label(us: measureMs * 1000)
    }
    if let conflict = arrivalConflict(settings, measureMs: measureMs) { return conflict }
    if settings.pragmas[.lockingMode] == "EXCLUSIVE", processes > 1 {
      return "locking_mode EXCLUSIVE admits one process, not \(processes)"
    }
    if settings.renewalMs > 0, settings.renewalMs >= settings.leaseDurationMs {
      return
        "renewal \(DurationText.label(us: settings.renewalMs * 1000)) comes too late for a lease of "
        + DurationText.label(us: settings.leaseDurationMs * 1000)
    }
    return busyConflict(values, settings)
  }

  /// What only a closed loop has, what only an open one has, and what would come too late.
  private static func arrivalConflict(_ settings: CellSettings, measureMs: Int?) -> String? {
    switch settings.arrivals {
    case .closed:
      if settings.arrivalProcess != .fixed {
        return "arrivals \(settings.arrivalProcess.rawValue) has no effect in a closed loop: "
          + "set a rate"
      }
      if settings.burst > 1 { return "burst has no effect in a closed loop: set a rate" }
    case .open(let profile):
      if settings.producers == 0 { return "a rate needs at least one producer" }
      if settings.thinkTimeUs > 0 {
        return "think_time has no effect at a fixed rate: use rate closed"
      }
      if let measureMs, let last = profile.steps.last, last.startUs >= measureMs * 1_000 {
        return "the step of the rate at \(DurationText.label(us: last.startUs)) begins after the "
          + "measurement (measure: \(DurationText.label(us: measureMs * 1_000)))"
      }
    }
    return nil
  }

  /// SQLite keeps one busy handler per connection: `busy_timeout` and any other policy would
  /// overwrite each other.
  private static func busyConflict(
    _ values: some Collection<SettingValue>, _ settings: CellSettings
  ) -> String? {
    guard let timeout = settings.pragmas[.busyTimeout].flatMap({ Int($0) }) else { return nil }
    for case .busyPolicy(let policy, let timeoutIsExplicit) in values {
      guard case .sqlite = policy else {
        return "busy_timeout excludes busy_policy \(BusyPolicyText.label(policy)): "
          + "both set the connection's busy handler"
      }
      if timeoutIsExplicit, policy.timeoutMs != timeout {
        return "busy_timeout \(timeout) contradicts busy_policy sqlite with timeout "
          + DurationText.label(us: policy.timeoutMs * 1_000)
      }
    }
    return nil
  }
}
