import Results
import Statistics

extension RunComparison {
  /// The comparison for a log: a table for each metric, then what there is to know.
  package var text: String { text() }

  /// The comparison for a terminal of that width; columns that do not fit are left out.
  package func text(width: Int? = nil, colours: Bool = false) -> String {
    var parts = ["A  \(a.path): \(a.origin)\n", "B  \(b.path): \(b.origin)\n"]
    parts += warnings.map { "⚠ \(singleLine($0))\n" }
    let forest = ForestText(for: rows.filter { !$0.metric.isShare }.map(\.estimate))
    let columns = Self.columns(forest)
    let names = names
    let cells = rows.map { Self.cells($0, names: names, forest) }
    // All tables get the columns of the widest, so that one can read across them.
    let widths = columns.indices.map { index in cells.map { $0[index].text.count }.max() ?? 0 }
    for metric in metrics {
      let own = zip(rows, cells).filter { $0.0.metric == metric }.map(\.1)
      guard !own.isEmpty else { continue }
      let table = TextTable(
        columns: columns,
        rows: own.map { row in row.indices.map { Self.padded(row[$0], to: widths[$0]) } })
      parts.append("\n\(metric.title)\n" + table.text(width: width, colours: colours))
    }
    if !costs.isEmpty { parts.append("\n" + costsText(width: width, colours: colours)) }
    parts += plans.filter(\.isChanged).map { plan in
      "query plans changed: \(names[plan.cell.name] ?? plan.cell.name): \(PlanRow.text(plan.a)) → "
        + "\(PlanRow.text(plan.b)); \(plansHint(plan))\n"
    }
    parts += onlyInA.map { "only in A: \($0)\n" } + onlyInB.map { "only in B: \($0)\n" }
    parts.append("\n\(summary)\n\(Self.legend)\n")
    return parts.joined()
  }

  /// What the columns mean, in a sentence.
  static let legend =
    "B/A is the Hodges–Lehmann estimate over all pairs of repeats; p is Mann–Whitney's (of all cells: van "
    + "Elteren's), adjusted after Holm over all rows; ~ is no difference beyond chance."

  /// Where the plans are.
  func plansHint(_ plan: PlanRow) -> String {
    "diff \(a.path)/plans/\(plan.cell.a.cell).txt \(b.path)/plans/\(plan.cell.b.cell).txt"
  }

  /// What tells the cells apart, as short as pictures have it; what all have in common is left out.
  var names: [String: String] {
    let axes = (pairs.first?.a.axes.map(\.name) ?? []).compactMap { name -> PlotSubject.Axis? in
      let labels = Set(pairs.map { PlotSubject.label(of: $0.a, on: name) }).sorted()
      return labels.count > 1 ? PlotSubject.Axis(name: name, labels: labels) : nil
    }
    return Dictionary(
      pairs.map { pair in
        // With one axis pictures have its name elsewhere.
        let caption =
          axes.count == 1
          ? "\(axes[0].name) \(PlotSubject.label(of: pair.a, on: axes[0].name))"
          : PlotSubject.caption(of: pair.a, on: axes)
        return (pair.name, axes.isEmpty ? pair.name : caption)
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func columns(_ forest: ForestText) -> [TextTable.Column] {
    [
      TextTable.Column("cell"), TextTable.Column("A", alignment: .right, dropOrder: 4),
      TextTable.Column("B", alignment: .right, dropOrder: 3),
      TextTable.Column("B/A", alignment: .right),
      TextTable.Column("95 % interval", alignment: .right, dropOrder: 2),
      TextTable.Column("p", alignment: .right, dropOrder: 5), TextTable.Column("result"),
      TextTable.Column(forest.heading, dropOrder: 1),
    ]
  }

  private static func cells(
    _ row: Row, names: [String: String], _ forest: ForestText
  ) -> [TextTable.Cell] {
    [
      TextTable.Cell(row.name(names)), TextTable.Cell(row.text(of: row.a)),
      TextTable.Cell(row.text(of: row.b)), TextTable.Cell(row.change),
      TextTable.Cell(row.intervalText), TextTable.Cell(pText(row.adjustedP)),
      TextTable.Cell(row.outcome.word, emphasis: row.outcome.emphasis),
      TextTable.Cell(row.metric.isShare ? "" : forest.bar(row.estimate)),
    ]
  }

  private static func padded(_ cell: TextTable.Cell, to width: Int) -> TextTable.Cell {
    // Nothing visible in columns of text to the left; the others are aligned to their right.
    let missing = width - cell.text.count
    guard missing > 0 else { return cell }
    let isNumber = cell.text.first.map { $0.isNumber || "×+-–<".contains($0) } ?? false
    let room = String(repeating: " ", count: missing)
    return TextTable.Cell(isNumber ? room + cell.text : cell.text + room, emphasis: cell.emphasis)
  }

  static func pText(_ p: Double?) -> String {
    guard let p else { return "–" }
    return p < 0.001 ? "<0.001" : fixed(p, decimals: 3)
  }

  private func costsText(width: Int?, colours: Bool) -> String {
    let changed = costs.filter { $0.outcome != .same }
    guard !changed.isEmpty else {
      return "costs, which are counted and have no noise: all \(costs.count) the same\n"
    }
    let names = names
    let table = TextTable(
      columns: [
        TextTable.Column("cost"), TextTable.Column("cell"),
        TextTable.Column("A", alignment: .right), TextTable.Column("B", alignment: .right),
        TextTable.Column("result"),
      ],
      rows: changed.map { row in
        [
          TextTable.Cell(row.name), TextTable.Cell(names[row.cell.name] ?? row.cell.name),
          TextTable.Cell(CostRow.text(row.a)), TextTable.Cell(CostRow.text(row.b)),
          TextTable.Cell(
            row.outcome.rawValue,
            emphasis: row.outcome == .worse ? .bad : row.outcome == .better ? .good : .doubtful),
        ]
      })
    let same = costs.count - changed.count
    return "costs, which are counted and have no noise\n"
      + table.text(width: width, colours: colours)
      + (same > 0 ? "\(same) more are the same\n" : "")
  }
}

extension RunComparison.Row {
  /// What it is about, as short as `names` has it.
  func name(_ names: [String: String]) -> String {
    cell.map { names[$0.name] ?? $0.name } ?? "all cells"
  }

  /// The median; nothing for all cells together.
  func text(of spread: Spread?) -> String {
    spread.map { metric.target.text(of: $0.median) } ?? ""
  }
}

extension RunComparison.Outcome {
  /// How it stands in tables.
  var word: String {
    switch self {
    case .better, .worse: return rawValue
    case .unclear: return "~"
    case .same: return "same"
    case .tooFew: return "too few repeats"
    }
  }

  var emphasis: TextTable.Emphasis {
    switch self {
    case .better: return .good
    case .worse: return .bad
    case .tooFew: return .doubtful
    case .unclear, .same: return .none
    }
  }
}
