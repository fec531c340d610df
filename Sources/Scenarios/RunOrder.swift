/// One run of one cell: a place in the run order.
package struct ScheduledRun: Hashable, Sendable {
  /// The index into ``Scenario/cells``.
  package let cellIndex: Int
  /// Which repeat of that cell it is, from 1.
  package let repeatNumber: Int

  package init(cellIndex: Int, repeatNumber: Int) {
    self.cellIndex = cellIndex
    self.repeatNumber = repeatNumber
  }
}

extension Scenario {
  /// The order in which to run the cells: randomised blocks, the same for the same seed.
  ///
  /// First every cell once in random order, then every cell a second time in another order, and so
  /// on: drift of the machine hits all cells alike, and a run that is interrupted has measured all
  /// cells about equally often. More repeats only append to the order. Refused cells are not part
  /// of it. The generator is ``SeededGenerator``; `seed` is normally that of the scenario.
  package func runOrder(seed: UInt64) -> [ScheduledRun] {
    let runnable = cells.indices.filter { cells[$0].refusal == nil }
    var generator = SeededGenerator(seed: seed)
    return (1...repeats).flatMap { repeatNumber in
      generator.permutation(of: runnable.count).map {
        ScheduledRun(cellIndex: runnable[$0], repeatNumber: repeatNumber)
      }
    }
  }
}
