import Results
import Scenarios
import Statistics
internal import Verification

/// What the sections of a report are made from.
struct ReportSubject {
  let record: RunRecord
  let cells: [CellSummary]
  let plots: PlotSubject
  /// The means of phases of the usable repeats.
  let phases: PhaseMeans

  init(_ record: RunRecord) {
    self.record = record
    plots = PlotSubject(record, format: .page)
    cells = plots.cells
    let usable = Set(cells.flatMap(\.usable).map(\.key))
    phases = PhaseMeans(record.phases.filter { usable.contains($0.key) })
  }

  /// The cells that have numbers.
  var measured: [CellSummary] { cells.filter { !$0.usable.isEmpty } }

  /// The smallest number of usable repeats of a cell that has any; 0 if none has.
  var fewestRepeats: Int { measured.map(\.usable.count).min() ?? 0 }

  /// What stands beneath medians.
  var spreadWords: String {
    switch fewestRepeats {
    case 0: return "nothing was measured"
    case 1 where measured.allSatisfy { $0.usable.count == 1 }:
      return "one repeat, so nothing says how far to trust a number"
    case ..<6: return "median of the repeats, beneath it min–max (an interval needs 6 repeats)"
    default: return "median of the repeats, beneath it the 95 % order-statistic interval"
    }
  }

  /// `c04 (2000/s, handoff)`.
  func name(of cell: CellSummary) -> String {
    let caption = PlotSubject.caption(of: cell, on: plots.axes)
    return plots.axes.isEmpty ? cell.cell : "\(cell.cell) (\(caption))"
  }

  // MARK: Table cells

  /// A spread as a cell of a table: the median, and beneath it how far to trust it.
  func cell(
    _ spread: Spread?, _ text: (Double) -> String, mark: HTMLTable.Mark? = nil
  ) -> HTMLTable.Cell {
    guard let spread else { return HTMLTable.Cell(text: "–") }
    let bar = spread.bar
    return HTMLTable.Cell(
      text: text(spread.median),
      detail: spread.count > 1 ? "\(text(bar.low))–\(text(bar.high))" : "", mark: mark)
  }

  /// A metric as a cell of a table.
  func cell(
    _ summary: CellSummary, _ metric: Metric, mark: HTMLTable.Mark? = nil,
    _ text: (Double) -> String
  ) -> HTMLTable.Cell {
    cell(summary.spread(of: metric), text, mark: mark)
  }

  /// The columns that name a cell: its own name and its labels.
  var nameColumns: [HTMLTable.Column] {
    [HTMLTable.Column(title: "cell", isNumeric: false)]
      + plots.axes.map { HTMLTable.Column(title: $0.name, isNumeric: false) }
  }

  /// What names a cell in the columns of ``nameColumns``.
  func names(_ summary: CellSummary) -> [HTMLTable.Cell] {
    [HTMLTable.Cell(text: summary.cell)]
      + plots.axes.map { HTMLTable.Cell(text: PlotSubject.label(of: summary, on: $0.name)) }
  }
}

/// A share as percent.
func percent(_ share: Double) -> String {
  let value = share * 100
  return value > 0 && value < 0.005 ? "<0.01" : value >= 99.95 ? "100" : fixed(value, decimals: 2)
}
