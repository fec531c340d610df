import Results

/// A quantity that is drawn against the number of processes.
struct ProcessesQuantity {
  /// The name of the picture.
  let plotName: String
  let title: String
  let singleCountTitle: String
  let advice: String
  private let metric: Metric
  private let factor: Double
  /// Whether a logarithmic axis may show it: not if zero is a value like others.
  let mayBeLogarithmic: Bool

  /// Operations per thousand that met a busy database at least once.
  static let busyRetries = ProcessesQuantity(
    plotName: "busy-vs-processes",
    title: "BUSY against processes: operations per 1,000 that met a busy database",
    singleCountTitle: "BUSY: operations per 1,000 that met a busy database",
    advice: "lower is better", metric: .busyRetryRate, factor: 1000, mayBeLogarithmic: false)

  /// The processes' time that went into waiting in the busy handler.
  static let busyWait = ProcessesQuantity(
    plotName: "busy-wait-vs-processes",
    title: "Waiting in the busy handler against processes: % of the processes' time",
    singleCountTitle: "Waiting in the busy handler: % of the processes' time",
    advice: "lower is better", metric: .busyWaitShare, factor: 100, mayBeLogarithmic: false)

  /// Completed tasks per second.
  static let throughput = ProcessesQuantity(
    plotName: "throughput-vs-processes",
    title: "Throughput against processes: tasks completed per second",
    singleCountTitle: "Throughput: tasks completed per second",
    advice: "higher is better", metric: .throughput, factor: 1, mayBeLogarithmic: true)

  var isThroughput: Bool { metric == .throughput }

  /// What it would come to if the write lock were held without a pause, and for as long per task: the
  /// tasks per second divided by the share of the time in which the lock was held.
  ///
  /// That is 1 / (mean hold · transactions per task), whatever number of transactions a task takes; one
  /// that is enqueued, claimed and completed by itself takes three. Nil for other quantities than
  /// throughput, and where nobody measured the lock.
  func lockBound(in cell: CellSummary) -> Double? {
    guard isThroughput else { return nil }
    return Spread(
      of: cell.usable.compactMap { result in
        guard let throughput = result.throughputPerSecond, let used = result.lock.utilisation,
          used > 0
        else { return nil }
        return throughput / used
      })?.median
  }

  /// Its value in a repeat.
  func value(in result: RepeatResult) -> Double? {
    metric.value(in: result).map { $0 * factor }
  }

  /// Its spread over the usable repeats of a cell.
  func spread(in cell: CellSummary) -> Spread? {
    Spread(of: cell.usable.compactMap(value(in:)))
  }
}
