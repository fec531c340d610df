import SQLite

/// Combinations that are known not to work, or in which a setting would silently do nothing.
///
/// Only what is certain from the settings alone; whether a PRAGMA took effect is found out by
/// reading it back. Dangerous but possible settings (`journal_mode = OFF`, where a rollback is
/// undefined) are not refused: showing what they do is the purpose.
enum Refusal {
  /// Why the combination cannot be run, or nil.
  static func reason(for values: some Collection<SettingValue>, _ settings: CellSettings) -> String?
  {
    let processes = settings.producers + settings.consumers
    if processes == 0 { return "no producers and no consumers: nothing to run" }
    if case .open = settings.arrivals {
      if settings.producers == 0 { return "a rate needs at least one producer" }
      if settings.thinkTimeUs > 0 {
        return "think_time has no effect at a fixed rate: use rate closed"
      }
    }
    if settings.pragmas[.lockingMode] == "EXCLUSIVE", processes > 1 {
      return "locking_mode EXCLUSIVE admits one process, not \(processes)"
    }
    return busyConflict(values, settings)
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
