internal import QueueEngine
internal import SQLite

extension CellSettings {
  /// Every setting by its name in a scenario, for the record.
  package var described: [String: String] {
    var described = [
      "lease_ms": String(leaseDurationMs), "strategy": strategy.rawValue,
      "transaction": transactionMode.rawValue, "busy_policy": busyPolicy.description,
      "checkpoint": checkpointPolicy.description,
      "producers": String(producers), "consumers": String(consumers), "depth": String(depth),
      "callers": String(callers), "write_combining": writeCombining ? "on" : "off",
      "payload_bytes": String(payloadBytes), "batch": String(batchSize),
      "work_time_us": String(workTimeUs), "think_time_us": String(thinkTimeUs),
      "task_types": taskTypes.map { "\($0.name):\($0.weight)" }.joined(separator: "|"),
      "rate": RateText.label(arrivals), "arrivals": arrivalProcess.rawValue,
      "burst": String(burst), "instrumentation": instrumentation ? "on" : "off",
      "priorities": priorities.map { "\($0.priority):\($0.weight)" }.joined(separator: "|"),
    ]
    for setting in pragmas.settings { described[setting.pragma.name] = setting.value }
    if finished > 0 { described["finished"] = String(finished) }
    if renewalMs > 0 { described["renewal_ms"] = String(renewalMs) }
    if !faults.isEmpty { described["faults"] = faults.label }
    if let sqliteLibraryPath { described["sqlite_library"] = sqliteLibraryPath }
    if let injectedFault { described["injected_fault"] = injectedFault.description }
    return described
  }
}
