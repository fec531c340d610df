package import Verification

/// One cell over all its repeats: a row of `summary.csv`.
///
/// Only what was measured and is not invalid enters the numbers.
package struct CellSummary: Equatable, Sendable {
  /// The run's name.
  package let run: String
  /// The cell's name.
  package let cell: String
  /// The cell's value on each axis.
  package let axes: [AxisValue]
  /// Producer processes.
  package let producers: Int
  /// Consumer processes.
  package let consumers: Int
  /// The repeats that the numbers come from, by number.
  package let usable: [RepeatResult]
  /// The repeats whose history is invalid; their numbers are left out.
  package let invalid: [RepeatResult]
  /// The repeats that were refused or failed.
  package let unmeasured: [RepeatResult]

  /// The worst status of all repeats.
  package var status: RepeatStatus { unmeasured.map(\.status).max() ?? .measured }

  /// The worst verdict of the measured repeats, and of those that broke off with an invalid history;
  /// `unknown` if there is none.
  package var verdict: Verdict {
    if unmeasured.contains(where: { $0.verdict == .invalid }) { return .invalid }
    return (usable + invalid).map(\.verdict).max() ?? .unknown
  }

  /// The first finding or reason among the repeats that the numbers do not come from.
  package var detail: String { (invalid + unmeasured).first?.detail ?? "" }

  /// A metric over the usable repeats; nil if none of them has it.
  package func spread(of metric: Metric) -> Spread? {
    Spread(of: usable.compactMap(metric.value(in:)))
  }
}

/// The summaries of the cells that `rows` holds, by the cells' names; a repeat that stands there
/// twice counts once, with its later row.
package func summaries(of rows: [RepeatResult]) -> [CellSummary] {
  let byCell = Dictionary(grouping: rows.latestPerRepeat(), by: \.cell)
  return byCell.keys.sorted().compactMap { cell in
    let repeats = (byCell[cell] ?? []).sorted { $0.repeatNumber < $1.repeatNumber }
    guard let first = repeats.first else { return nil }
    return CellSummary(
      run: first.run, cell: cell, axes: first.axes, producers: first.producers,
      consumers: first.consumers,
      usable: repeats.filter(\.isUsable),
      invalid: repeats.filter { $0.status == .measured && $0.verdict == .invalid },
      unmeasured: repeats.filter { $0.status != .measured })
  }
}
