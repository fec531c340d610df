public import SQLite

extension SQLiteStoreOptions {
  /// What decides which losses there may be, as every process with these options has it.
  public var durabilitySettings: DurabilityClass.Settings {
    func value(_ pragma: Pragma) -> String? {
      effectivePragmas.last { $0.pragma == pragma }?.value
    }
    return DurabilityClass.Settings(
      journalMode: value(.journalMode) ?? "DELETE", synchronous: value(.synchronous) ?? "FULL",
      mmapSize: value(.mmapSize).flatMap { Int($0) } ?? 0,
      checkpointPolicy: effectiveCheckpointPolicy)
  }

  /// Why not even what processes have acknowledged is safe with these options on the SQLite that runs; nil if
  /// it is. `DurabilityClass.process` says what that means.
  public var hazard: String? { DurabilityClass.process.objection(to: durabilitySettings) }
}
