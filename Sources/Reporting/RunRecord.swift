package import Results
package import Scenarios

/// What the files of a run say, read once: the material of its plots and of its report.
///
/// Only `cells.csv` has to be there. Whatever else cannot be read is left out with a note, so that a run
/// that was interrupted or damaged still has a report of what is left.
package struct RunRecord: Sendable {
  /// One row for each cell and repeat.
  package var rows: [RepeatResult]
  /// The manifest; nil if it is lost.
  package var manifest: Manifest?
  /// The phases of all repeats.
  package var phases: [PhaseRow]
  /// The windows of all repeats.
  package var timeline: [TimelineRow]
  /// Interval logs of HdrHistogram of the claims, by repeat.
  package var claimLogs: [RepeatKey: String]
  /// What a tuner says of them; nil for the runs of anything else.
  package var tuning: TuningRecord?
  /// The capacity that the run searched for; nil if it did not.
  package var capacity: CapacityRecord?
  /// What could not be read, a line each.
  package var notes: [String] = []

  /// A record of what is at hand.
  package init(
    rows: [RepeatResult], manifest: Manifest?, phases: [PhaseRow] = [],
    timeline: [TimelineRow] = [], claimLogs: [RepeatKey: String] = [:]
  ) {
    self.rows = rows
    self.manifest = manifest
    self.phases = phases
    self.timeline = timeline
    self.claimLogs = claimLogs
  }

  /// Reads the files of a run; fails only if `cells.csv` cannot be read.
  package init(reading directory: RunDirectory) throws(ResultsError) {
    let stored = try directory.rows()
    self.init(rows: stored.rows, manifest: nil)
    if let note = stored.note { notes.append(note) }
    do { manifest = try directory.manifest() } catch { notes.append("\(error)") }
    do { phases = try directory.phases() } catch { notes.append("\(error)") }
    do { timeline = try directory.timeline() } catch { notes.append("\(error)") }
    do { tuning = try directory.tuningRecord() } catch { notes.append("\(error)") }
    do { capacity = try directory.capacity() } catch { notes.append("\(error)") }
    for row in rows where row.status == .measured {
      do {
        claimLogs[row.key] = try directory.histogramLog(of: row.key, operation: .claim)
      } catch {
        notes.append("\(error)")
      }
    }
  }

  /// The scenario as the manifest holds it; nil if it is lost, or if this version no longer reads it.
  package func scenario() -> Scenario? {
    manifest.flatMap { try? Scenario.parse(yaml: $0.scenarioText, file: $0.scenarioFile) }
  }
}
