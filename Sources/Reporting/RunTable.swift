package import Results
import Statistics
internal import Verification

/// The table with which a run ends: a row per cell, and beneath it what one must know to read it.
///
/// Numbers are medians over the repeats that are not invalid.
package struct RunTable: Sendable {
  private let cells: [CellSummary]
  private let table: TextTable

  /// The table of the repeats in `rows`.
  package init(rows: [RepeatResult]) {
    cells = summaries(of: rows)
    table = Self.table(of: cells)
  }

  /// The table and its notes, each line with its end.
  ///
  /// Without a `width` nothing is left out. `colours` asks for ANSI escape sequences.
  package func text(width: Int? = nil, colours: Bool = false) -> String {
    guard !cells.isEmpty else { return "No repeat has ended yet.\n" }
    var text = table.text(width: width, colours: colours) + "\n"
    text += repeatsNote + "\n"
    if let width {
      let dropped = table.fitted(to: width).dropped
      if !dropped.isEmpty {
        text += "Left out for want of width: \(dropped.joined(separator: ", ")).\n"
      }
    }
    for cell in cells {
      text += Self.notes(on: cell.invalid, are: "INVALID, the numbers are left out")
      text += Self.notes(
        on: cell.usable.filter { $0.verdict == .saturated },
        are: "saturated, the latencies are those of an overloaded queue")
      text += Self.notes(on: cell.unmeasured.filter { $0.status == .refused }, are: "refused")
      text += Self.notes(on: cell.unmeasured.filter { $0.status == .failed }, are: "FAILED")
    }
    return text
  }

  /// A line for each finding, with the repeats that share it.
  private static func notes(on results: [RepeatResult], are state: String) -> String {
    var findings: [String] = []
    for result in results where !findings.contains(result.detail) {
      findings.append(result.detail)
    }
    return findings.map { finding in
      let same = results.filter { $0.detail == finding }
      let numbers = same.map { "\($0.repeatNumber)" }.joined(separator: ", ")
      let noun = same.count == 1 ? "repeat" : "repeats"
      let reason = finding.isEmpty ? "" : ": \(singleLine(finding))"
      return "\(same[0].cell) \(noun) \(numbers) \(state)\(reason)\n"
    }.joined()
  }

  private var repeatsNote: String {
    let counts = cells.map(\.usable.count).filter { $0 > 0 }
    guard let fewest = counts.min(), let most = counts.max() else {
      return "Nothing was measured."
    }
    guard most > 1 else { return "One repeat per cell: nothing says how far to trust a number." }
    let repeats = fewest == most ? "\(most)" : "\(fewest) to \(most)"
    let ranges =
      fewest >= 6
      ? "95 % order-statistic intervals"
      : "min–max (an interval needs 6 repeats)"
    return "Medians of \(repeats) repeats; ranges are \(ranges)."
  }

  // MARK: Columns

  /// A column with the text that it shows of a cell.
  private struct CellColumn {
    let column: TextTable.Column
    let cell: (CellSummary) -> TextTable.Cell
  }

  private static func table(of cells: [CellSummary]) -> TextTable {
    let unit = latencyUnit(of: cells)
    let columns =
      nameColumns(of: cells) + throughputColumns(of: cells)
      + latencyColumns(
        of: .enqueue, in: unit, cells: cells, dropOrders: [9, 4, 8], rangeDropOrder: nil)
      + latencyColumns(
        of: .claim, in: unit, cells: cells, dropOrders: [5, 2, 1], rangeDropOrder: 11)
      + busyColumns()
      + [CellColumn(column: TextTable.Column("verdict"), cell: verdict)]
    return TextTable(
      columns: columns.map(\.column), rows: cells.map { cell in columns.map { $0.cell(cell) } })
  }

  private static func nameColumns(of cells: [CellSummary]) -> [CellColumn] {
    let axisNames = cells.first?.axes.map(\.name) ?? []
    var columns = [
      CellColumn(column: TextTable.Column("cell", dropOrder: 6), cell: { TextTable.Cell($0.cell) })
    ]
    columns += axisNames.enumerated().map { index, name in
      let labels = cells.map { index < $0.axes.count ? $0.axes[index].label : "" }
      let isNumeric = labels.allSatisfy { $0.first?.isNumber ?? false }
      return CellColumn(
        column: TextTable.Column(name, alignment: isNumeric ? .right : .left),
        cell: { TextTable.Cell(index < $0.axes.count ? $0.axes[index].label : "") })
    }
    let processes = Set(cells.map { [$0.producers, $0.consumers] })
    if processes.count > 1, !axisNames.contains("producers"), !axisNames.contains("consumers") {
      columns.append(
        CellColumn(
          column: TextTable.Column("prod+cons", alignment: .right, dropOrder: 7),
          cell: { "\($0.producers)+\($0.consumers)" }))
    }
    return columns
  }

  private static func throughputColumns(of cells: [CellSummary]) -> [CellColumn] {
    let median = CellColumn(
      column: TextTable.Column("tasks/s", alignment: .right),
      cell: { number($0, .throughput, threeDigits) })
    let range = CellColumn(
      column: TextTable.Column(rangeTitle(cells), alignment: .right, dropOrder: 10),
      cell: { self.range($0, .throughput, threeDigits) })
    return cells.contains { $0.usable.count > 1 } ? [median, range] : [median]
  }

  private static let shownPercentiles: [Percentile] = [.p50, .p95, .p99]

  /// One unit for all latencies of the table, so that they can be compared at a glance.
  private static func latencyUnit(of cells: [CellSummary]) -> LatencyUnit {
    LatencyUnit(
      forAllUs: cells.flatMap { cell in
        [MeasuredOperation.enqueue, .claim].flatMap { operation in
          shownPercentiles.compactMap { cell.spread(of: .latency(operation, $0))?.median }
        }
      })
  }

  private static func latencyColumns(
    of operation: MeasuredOperation, in unit: LatencyUnit, cells: [CellSummary], dropOrders: [Int],
    rangeDropOrder: Int?
  ) -> [CellColumn] {
    let group = "\(operation.rawValue) \(unit.rawValue)"
    var columns = zip(shownPercentiles, dropOrders).map { percentile, dropOrder in
      CellColumn(
        column: TextTable.Column(
          percentile.rawValue, group: group, alignment: .right, dropOrder: dropOrder),
        cell: { number($0, .latency(operation, percentile), unit.number) })
    }
    if let rangeDropOrder, cells.contains(where: { $0.usable.count > 1 }) {
      columns.append(
        CellColumn(
          column: TextTable.Column(
            "p99 \(rangeTitle(cells))", group: group, alignment: .right, dropOrder: rangeDropOrder),
          cell: { range($0, .latency(operation, .p99), unit.number) }))
    }
    return columns
  }

  private static func busyColumns() -> [CellColumn] {
    func percent(_ rate: Double) -> String {
      rate > 0 && rate < 0.000_05 ? "<0.01" : fixed(rate * 100, decimals: 2)
    }
    return [("retry %", Metric.busyRetryRate, 2), ("error %", .busyErrorRate, 3)].map {
      title, metric, dropOrder in
      CellColumn(
        column: TextTable.Column(title, group: "BUSY", alignment: .right, dropOrder: dropOrder),
        cell: { number($0, metric, percent) })
    }
  }

  private static func rangeTitle(_ cells: [CellSummary]) -> String {
    let counts = cells.map(\.usable.count).filter { $0 > 0 }
    return counts.allSatisfy { $0 >= 6 } ? "95 % interval" : "min–max"
  }

  private static func number(
    _ cell: CellSummary, _ metric: Metric, _ text: (Double) -> String
  ) -> TextTable.Cell {
    TextTable.Cell(cell.spread(of: metric).map { text($0.median) } ?? "–")
  }

  private static func range(
    _ cell: CellSummary, _ metric: Metric, _ text: (Double) -> String
  ) -> TextTable.Cell {
    guard let spread = cell.spread(of: metric), spread.count > 1 else { return "–" }
    return "\(text(spread.bar.low))–\(text(spread.bar.high))"
  }

  private static func verdict(_ cell: CellSummary) -> TextTable.Cell {
    if cell.verdict == .invalid {
      let measured = cell.usable.count + cell.invalid.count
      return TextTable.Cell("INVALID \(cell.invalid.count)/\(measured)", emphasis: .bad)
    }
    switch cell.status {
    case .failed: return TextTable.Cell("FAILED", emphasis: .bad)
    case .refused: return TextTable.Cell("refused", emphasis: .doubtful)
    case .measured:
      let isValid = cell.verdict == .valid
      return TextTable.Cell(cell.verdict.rawValue, emphasis: isValid ? .good : .doubtful)
    }
  }
}
