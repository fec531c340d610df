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

  /// The largest number of usable repeats of a cell.
  private var mostRepeats: Int { measured.map(\.usable.count).max() ?? 0 }

  /// What stands in the cells of all tables, in a sentence.
  var spreadSentence: String {
    switch mostRepeats {
    case 0: return "Nothing was measured."
    case 1: return "There is one repeat of each cell, so nothing says how far to trust a number."
    case ..<6:
      return
        "Numbers are medians over the repeats. Beneath them stands the range from the smallest to the "
        + "largest (min–max): an interval needs 6 repeats, and without one nothing can be claimed with "
        + "confidence."
    default:
      return
        "Numbers are medians over the repeats. Beneath them stands the 95 % order-statistic interval of "
        + "the median"
        + (fewestRepeats < 6
          ? ", or in italics the range (min–max) where a cell has fewer than 6 repeats." : ".")
    }
  }

  /// The same for the caption of a table.
  var spreadWords: String {
    switch mostRepeats {
    case ..<2: return "one repeat"
    case ..<6: return "median, min–max"
    default: return "median, 95 % interval"
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
      detail: spread.count > 1 ? "\(text(bar.low))–\(text(bar.high))" : "",
      isRange: spread.interval == nil && mostRepeats >= 6, mark: mark)
  }

  /// A metric as a cell of a table.
  func cell(
    _ summary: CellSummary, _ metric: Metric, mark: HTMLTable.Mark? = nil,
    _ text: (Double) -> String
  ) -> HTMLTable.Cell {
    cell(summary.spread(of: metric), text, mark: mark)
  }

  /// The column that names a cell.
  var nameColumns: [HTMLTable.Column] {
    [HTMLTable.Column(title: "cell", isNumeric: false)]
  }

  /// What names a cell in the column of ``nameColumns``: its name, and beneath it its labels.
  func names(_ summary: CellSummary) -> [HTMLTable.Cell] {
    let caption = plots.axes.isEmpty ? "" : PlotSubject.caption(of: summary, on: plots.axes)
    return [HTMLTable.Cell(text: summary.cell, detail: caption)]
  }
}

/// A share as percent.
func percent(_ share: Double) -> String {
  let value = share * 100
  return value > 0 && value < 0.005 ? "<0.01" : value >= 99.95 ? "100" : fixed(value, decimals: 2)
}
