internal import Reporting
internal import Results

/// The plots of a run, drawn from its CSV.
struct RunPlots {
  private let directory: RunDirectory

  init(_ directory: RunDirectory) { self.directory = directory }

  /// Writes script, data and picture of each plot; if `explains`, says why one is left out.
  ///
  /// No run has an axis for every plot, so that the reasons are for those who ask; the report has them too.
  /// Returns the paths of the pictures. Without gnuplot, scripts and data are written all the same
  /// before it throws.
  func draw(explains: Bool = false) throws -> [String] {
    let record = try RunRecord(reading: directory)
    for note in record.notes { printError(note) }
    let plots = PlotSet(record)
    if explains {
      for skipped in plots.skipped {
        printError("no plot \"\(skipped.name)\": \(skipped.reason)")
      }
    }
    do {
      return try Gnuplot().draw(plots.plots, in: directory.plotsPath)
    } catch Gnuplot.Failure.notInstalled {
      try Gnuplot.write(plots.plots, to: directory.plotsPath)
      throw Gnuplot.Failure.notInstalled
    }
  }
}
