import Foundation
import Results
import Statistics
internal import Verification

extension PlotSubject {
  /// At most `most` of `cells`, all in their order if they are no more; else those that tell most.
  ///
  /// The baseline comes first, then the extremes of throughput and of claim latency, then what is saturated
  /// or never became steady, then the rest in their order.
  func chosen(_ cells: [CellSummary], most: Int) -> [CellSummary] {
    guard cells.count > most else { return cells }
    return Array(byInterest(cells).prefix(most))
  }

  /// All of `cells`, those that tell most first; see ``chosen(_:most:)``.
  func byInterest(_ cells: [CellSummary]) -> [CellSummary] {
    func extreme(_ metric: Metric, _ isBetter: (Double, Double) -> Bool) -> CellSummary? {
      cells.compactMap { cell in cell.spread(of: metric).map { (cell, $0.median) } }
        .min { isBetter($0.1, $1.1) }?.0
    }
    let unsteady: Set<SteadyState.Label?> = [.slowdown, SteadyState.Label.none]
    var order = cells.filter { $0.cell == baseline?.cell }
    order += [
      extreme(.throughput, >), extreme(.latency(.claim, .p99), >), extreme(.throughput, <),
      extreme(.latency(.claim, .p99), <),
    ].compactMap(\.self)
    order += cells.filter { $0.verdict == .saturated }
    order += cells.filter { $0.usable.contains { unsteady.contains($0.steadyState) } }
    order += cells
    var seen: Set<String> = []
    return order.filter { seen.insert($0.cell).inserted }
  }

  /// The repeat of a cell that stands for the others: the one whose throughput is nearest the median.
  func typicalRepeat(of cell: CellSummary, among keys: Set<RepeatKey>) -> RepeatResult? {
    let median = cell.spread(of: .throughput)?.median ?? 0
    return cell.usable.filter { keys.contains($0.key) }.min {
      abs(($0.throughputPerSecond ?? 0) - median) < abs(($1.throughputPerSecond ?? 0) - median)
    }
  }
}
