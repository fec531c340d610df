package import Results
package import Scenarios

extension RunDirectory {
  /// Stores what one repeat of a cell left behind.
  ///
  /// Throws `ResultsError` if it cannot; the rows of earlier repeats are intact then.
  package func store(_ findings: RepeatFindings, of cell: Cell) throws {
    let result = findings.result
    for (operation, text) in findings.histograms {
      try writeHistogram(text, of: result.key, operation: operation)
    }
    for (operation, text) in findings.histogramLogs {
      try writeHistogramLog(text, of: result.key, operation: operation)
    }
    try appendPhases(findings.phases)
    try appendTimeline(findings.timeline)
    try appendFaults(findings.faults)
    try note(cell, pragmas: findings.pragmas)
    // The row comes last: a repeat that has one is complete.
    try appendRepeat(result)
  }

  /// Notes in the manifest what a cell is and what its processes read back, unless that stands there.
  private func note(_ cell: Cell, pragmas: [String: String]) throws {
    var manifest = try self.manifest()
    let isNew = manifest.settings[cell.id] == nil
    guard isNew || (!pragmas.isEmpty && manifest.pragmasReadBack[cell.id] != pragmas) else {
      return
    }
    if isNew { manifest.settings[cell.id] = cell.settings.described }
    if !pragmas.isEmpty { manifest.pragmasReadBack[cell.id] = pragmas }
    try write(manifest)
  }
}
