import Platform

/// Measures what recording adds to an operation: two clock readings and one appended record.
package struct RecordingCost: Equatable, Sendable {
  /// The median over batches: the cost of an operation while the file does not grow.
  package let nsPerOperation: Double
  /// The mean over all operations, growth of the file included.
  package let meanNsPerOperation: Double
  /// The part of it that the two clock readings take.
  package let nsPerClockPair: Double
  /// The longest single append, that is one with a growth in it (or one that was preempted).
  package let longestAppendNs: UInt64

  /// Measures with a log of its own at `path`, which must not exist; the caller removes the file.
  ///
  /// `batches` must be positive; a batch is 4,096 operations.
  package static func measure(path: String, batches: Int) throws -> RecordingCost {
    precondition(batches > 0)
    let header = try OperationLogHeader(
      role: "cost", processIndex: 0, pid: 0, createdNs: MonotonicClock.nowNs())
    var log = try OperationLogWriter(path: path, header: header)
    var operationsNs: [Double] = []
    var clocksNs: [Double] = []
    for batch in 0..<batches {
      let startNs = MonotonicClock.nowNs()
      for index in 0..<operationsPerBatch {
        let operationStartNs = MonotonicClock.nowNs()
        let operationEndNs = MonotonicClock.nowNs()
        try log.append(record(batch, index, operationStartNs, operationEndNs))
      }
      let middleNs = MonotonicClock.nowNs()
      for _ in 0..<operationsPerBatch * 2 { _ = MonotonicClock.nowNs() }
      let endNs = MonotonicClock.nowNs()
      operationsNs.append(Double(middleNs - startNs) / Double(operationsPerBatch))
      clocksNs.append(Double(endNs - middleNs) / Double(operationsPerBatch))
    }
    let longestNs = try longestAppend(to: &log, operations: operationsPerBatch * min(batches, 16))
    try log.finish()
    return RecordingCost(
      nsPerOperation: median(operationsNs),
      meanNsPerOperation: operationsNs.reduce(0, +) / Double(batches),
      nsPerClockPair: median(clocksNs),
      longestAppendNs: longestNs)
  }

  private static let operationsPerBatch = 4096

  private static func longestAppend(
    to log: inout OperationLogWriter, operations: Int
  ) throws -> UInt64 {
    var longestNs: UInt64 = 0
    for index in 0..<operations {
      let startNs = MonotonicClock.nowNs()
      try log.append(record(0, index, startNs, startNs))
      longestNs = max(longestNs, MonotonicClock.nowNs() - startNs)
    }
    return longestNs
  }

  private static func record(
    _ batch: Int, _ index: Int, _ startNs: UInt64, _ endNs: UInt64
  ) -> OperationRecord {
    OperationRecord(
      kind: .claim, outcome: .ok, taskID: Int64(batch * operationsPerBatch + index), attempt: 1,
      intendedStartNs: startNs, startNs: startNs, endNs: endNs)
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
