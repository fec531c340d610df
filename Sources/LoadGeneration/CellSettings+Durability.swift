internal import QueueEngine
package import SQLite
package import Scenarios

extension CellSettings {
  /// The strongest promise that these settings keep where every process has them, on that version of SQLite; nil
  /// if they promise nothing.
  package func durabilityClass(onSQLite version: String) -> DurabilityClass? {
    DurabilityClass.strongest(
      for: storeOptions(createsFile: false).durabilitySettings,
      bugs: SQLiteLibrary.knownBugs(ofVersion: version))
  }

  /// Why they promise nothing; nil if they do.
  package func hazard(onSQLite version: String) -> String? {
    DurabilityClass.process.objection(
      to: storeOptions(createsFile: false).durabilitySettings,
      bugs: SQLiteLibrary.knownBugs(ofVersion: version))
  }
}
