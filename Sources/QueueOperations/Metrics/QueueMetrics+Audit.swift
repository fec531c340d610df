public import QueueEngine
internal import SQLite

/// A counter that is wrong.
public struct CounterDifference: Sendable, Hashable {
  /// The type that is counted.
  public let type: String
  /// The status that is counted; nil for tasks of all statuses.
  public let status: TaskStatus?
  /// The bound of the class of processing times that is counted, in milliseconds; 0 where there is none.
  public let upToMs: Int64
  /// What the counter says.
  public let counted: Int
  /// How many tasks there are.
  public let actual: Int
}

extension QueueMetrics {
  /// The counters that are wrong, by a look at every task; none where the queue does not count.
  ///
  /// There should be none. What makes some is a program that changes tasks with its triggers off, or by
  /// `REPLACE`.
  public func counterDifferences() throws -> [CounterDifference] {
    guard try isCounting() else { return [] }
    return try database.read { (connection) throws(SQLiteError) -> [CounterDifference] in
      let rows = try connection.cached(CountingStatements.differences)
      defer { rows.reset() }
      var differences: [CounterDifference] = []
      while try rows.step() {
        differences.append(
          CounterDifference(
            type: rows.text(0) ?? "", status: rows.text(1).flatMap(TaskStatus.init(rawValue:)),
            upToMs: rows.int64(2), counted: Int(rows.int64(3)), actual: Int(rows.int64(4))))
      }
      return differences
    }
  }

  /// Sets the counters anew by a look at every task, which holds the write lock for some seconds per
  /// million. The past stays as it is. Does nothing where the queue does not count.
  public func recount() throws {
    guard try isCounting() else { return }
    try database.write { (connection) throws(SQLiteError) -> Void in
      try connection.execute(script: CountingStatements.recount)
    }
  }
}
