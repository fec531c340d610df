internal import Foundation
internal import Platform
internal import SQLite
internal import Scenarios
internal import Verification

/// What settings promise to keep when the power fails, and on which SQLite.
struct PowerClaim {
  let settings: CellSettings
  let sqliteVersion: String

  var promised: DurabilityClass? { settings.durabilityClass(onSQLite: sqliteVersion) }
}

/// The power cut that broke a promise, kept for somebody to look at.
///
/// A directory with the database before the load (`initial.db`), everything that was done to it since
/// (`writes.log`), what the disk held after the cut (`after-cut.db`, with `-wal` and `-journal` where there were
/// such files), and `cut.json`, which says which cut it was. Seed, number of cuts and log lead to the same files
/// again, by ``PowerLossStudy/cut(_:of:using:)``. SQLite changes what it opens: look at copies.
package struct PowerEvidence: Equatable, Sendable, CustomStringConvertible {
  /// The directory.
  package let path: String
  /// Why it could not be kept; nil if it was.
  package let trouble: String?

  package var description: String {
    trouble.map { "no evidence could be kept in \(path): \($0)" } ?? "evidence in \(path)"
  }

  static func databasePath(in directory: String) -> String { "\(directory)/after-cut.db" }
  static func cutPath(in directory: String) -> String { "\(directory)/cut.json" }

  /// Which cut it was.
  struct Record: Codable, Equatable {
    let seed: UInt64
    let cuts: Int
    let cut: Int
    let beforeEvent: Int
    let fate: String
    let complaint: String
    let promised: String
    let sqliteVersion: String
    let settings: [String: String]

    enum CodingKeys: String, CodingKey {
      case seed, cuts, cut, fate, complaint, promised, settings
      case beforeEvent = "before_event"
      case sqliteVersion = "sqlite_version"
    }
  }

  /// Keeps the evidence of one of `cuts` cuts in a directory, in place of what is there.
  ///
  /// Trouble with that is noted, and changes nothing in what was found.
  static func keep(
    _ cut: PowerCut, of cuts: Int, seed: UInt64, complaint: String, claim: PowerClaim,
    logDirectory: String, in path: String
  ) -> PowerEvidence {
    let record = Record(
      seed: seed, cuts: cuts, cut: cut.number, beforeEvent: cut.place, fate: "\(cut.fate)",
      complaint: complaint, promised: claim.promised?.rawValue ?? "",
      sqliteVersion: claim.sqliteVersion, settings: claim.settings.described)
    do {
      let files = FileManager.default
      if files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
      // The tasks are the user's: nobody else may look at them.
      try files.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      for source in [
        RepeatRunner.initialDatabasePath(in: logDirectory),
        RepeatRunner.writeLogPath(in: logDirectory),
      ] {
        let name = URL(fileURLWithPath: source).lastPathComponent
        try files.copyItem(atPath: source, toPath: "\(path)/\(name)")
      }
      for (file, content) in cut.files {
        try Data(content).write(to: URL(fileURLWithPath: databasePath(in: path) + file.suffix))
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try (encoder.encode(record) + Data("\n".utf8))
        .write(to: URL(fileURLWithPath: cutPath(in: path)))
      return PowerEvidence(path: path, trouble: nil)
    } catch {
      let trouble = SystemError("write", path, hidden: error)
      return PowerEvidence(path: path, trouble: trouble.description)
    }
  }
}
