import Results
internal import Verification

/// The quantity that the heat map shows.
struct MatrixQuantity {
  let title: String
  let isHigherBetter: Bool
  let metric: Metric

  private static let candidates = [
    MatrixQuantity(
      title: "Claim latency p99 over the matrix", isHigherBetter: false,
      metric: .latency(.claim, .p99)),
    MatrixQuantity(
      title: "Claim latency p95 over the matrix", isHigherBetter: false,
      metric: .latency(.claim, .p95)),
    MatrixQuantity(
      title: "Throughput over the matrix, tasks per second", isHigherBetter: true,
      metric: .throughput),
  ]

  /// The claim's p99, or what comes next to it, if the p99 has too few samples in most cells.
  ///
  /// Returns nil if no cell has any of them.
  static func best(for cells: [CellSummary]) -> MatrixQuantity? {
    func count(_ quantity: MatrixQuantity) -> Int {
      cells.count { quantity.value(of: $0) != nil }
    }
    let measured = cells.count { !$0.usable.isEmpty }
    return candidates.first { count($0) > 0 && 2 * count($0) > measured }
      ?? candidates.max { count($0) < count($1) }.flatMap { count($0) > 0 ? $0 : nil }
  }

  /// The median of a cell; nil if it has none.
  func value(of cell: CellSummary) -> Double? { cell.spread(of: metric)?.median }

  /// The value of a cell with its unit, or what the cell has instead.
  func text(of cell: CellSummary) -> String {
    if let value = value(of: cell) {
      return isHigherBetter ? threeDigits(value) : latencyText(us: value)
    }
    if cell.verdict == .invalid { return "INVALID" }
    return cell.status == .measured ? "too few" : cell.status.rawValue
  }
}
