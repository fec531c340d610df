package import Results
internal import Verification

/// A run as its files have it: what checks and comparisons read of it.
package struct StoredRun: Sendable {
  /// The run's directory, as the user named it.
  package let path: String
  /// What it was.
  package let manifest: Manifest
  /// One row for each cell and repeat.
  package let rows: [RepeatResult]
  /// What the reader had to leave out; nil if nothing.
  package let note: String?

  /// A run that has been read already.
  package init(path: String, manifest: Manifest, rows: [RepeatResult], note: String? = nil) {
    self.path = path
    self.manifest = manifest
    self.rows = rows
    self.note = note
  }

  /// Reads `cells.csv` and `manifest.json`; fails if either cannot be read.
  package init(reading path: String) throws(ResultsError) {
    let directory = try RunDirectory.open(path)
    let stored = try directory.rows()
    self.init(
      path: path, manifest: try directory.manifest(), rows: stored.rows, note: stored.note)
  }

  /// The cells, by their names.
  var cells: [CellSummary] { summaries(of: rows) }

  /// Whether a repeat lost or doubled tasks, or left a corrupt database.
  package var isInvalid: Bool { rows.contains { $0.verdict == .invalid } }

  /// Whether it came to its end.
  package var isFinished: Bool { manifest.finishedAtUtc != nil }

  /// `commit 089ed4d720, SQLite 3.40.1, 2026-11-21 20:32`
  var origin: String {
    let day = manifest.createdAtUtc.prefix(16)
    let build = manifest.buildMode == "release" ? "" : ", \(manifest.buildMode) build"
    return "commit \(manifest.commit.isEmpty ? "unknown" : manifest.commit), SQLite "
      + "\(manifest.sqliteVersion)\(build), \(day)"
  }
}

/// Why runs cannot be held against each other.
package struct ComparisonRefusal: Error, Equatable, Sendable, CustomStringConvertible {
  /// One sentence with the remedy.
  package let description: String
}
