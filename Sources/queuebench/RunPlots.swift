internal import Reporting
internal import Results

/// The plots of a run, drawn from its CSV.
struct RunPlots {
  private let directory: RunDirectory

  init(_ directory: RunDirectory) { self.directory = directory }

  /// Writes script, data and picture of each plot; says why one is left out if `explainsOmissions`.
  ///
  /// Returns the paths of the pictures. Without gnuplot, scripts and data are written all the same
  /// before it throws.
  func draw(explainsOmissions: Bool) throws -> [String] {
    let record = try RunRecord(reading: directory)
    for note in record.notes { printError(note) }
    let plots = PlotSet(record)
    for skipped in plots.skipped where explainsOmissions {
      printError("no plot \"\(skipped.name)\": \(skipped.reason)")
    }
    do {
      return try Gnuplot().draw(plots.plots, in: directory.plotsPath)
    } catch Gnuplot.Failure.notInstalled {
      try Gnuplot.write(plots.plots, to: directory.plotsPath)
      throw Gnuplot.Failure.notInstalled
    }
  }
}
