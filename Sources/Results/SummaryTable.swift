import Statistics
internal import Verification

/// The format of `summary.csv`: one row per cell, computed from the rows of `cells.csv` alone.
enum SummaryTable {
  /// The names of the columns.
  static func header(axisNames: [String]) -> [String] {
    ["schema_version", "run", "cell"] + axisNames.map { axisColumnPrefix + $0 }
      + ["producers", "consumers", "repeats", "repeats_invalid"]
      + Metric.all.map(\.columnName).flatMap { [$0, "\($0)_low", "\($0)_high"] }
      + ["status", "verdict", "detail"]
  }

  /// The fields of a cell, in the order of the header.
  static func fields(of summary: CellSummary) -> [String] {
    let numbers = Metric.all.flatMap { metric -> [String] in
      guard let spread = summary.spread(of: metric) else { return ["", "", ""] }
      return [spread.median, spread.interval?.low, spread.interval?.high].map { value in
        value.map { decimalText($0, decimals: metric.decimals) } ?? ""
      }
    }
    return [String(CellsTable.schemaVersion), summary.run, summary.cell]
      + summary.axes.map(\.label)
      + [
        String(summary.producers), String(summary.consumers), String(summary.usable.count),
        String(summary.invalid.count),
      ]
      + numbers + [summary.status.rawValue, summary.verdict.rawValue, summary.detail]
  }

  /// The whole file for the rows of a run.
  static func text(of rows: [RepeatResult], axisNames: [String]) -> String {
    CSVText.line(of: header(axisNames: axisNames))
      + summaries(of: rows).map { CSVText.line(of: fields(of: $0)) }.joined()
  }
}
