import Foundation
import Platform
import QueueEngine
import QueueOperations
import SQLite

/// Times what one looks at a queue with, and counts what counting costs; for a release build.
///
/// ```
/// operations-probe metrics [tasks] [runs]   every metric on a queue of a million tasks of all kinds
/// operations-probe counting [tasks]         what counting adds to an enqueue and to a completion
/// operations-probe logging [tasks] [rounds] what a log of tasks adds to the work of a task
/// ```
@main
struct OperationsProbe {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    func number(_ index: Int, or standard: Int) -> Int {
      arguments.dropFirst(index).first.flatMap { Int($0) } ?? standard
    }
    let directory =
      FileManager.default.temporaryDirectory.path
      + "/operations-probe-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    switch arguments.first {
    case "metrics":
      try MetricsProbe(
        path: "\(directory)/queue.db", tasks: number(1, or: 1_000_000), runs: number(2, or: 200)
      ).run()
    case "counting":
      try CountingProbe(directory: directory, tasks: number(1, or: 20_000)).run()
    case "logging":
      try LoggingProbe(
        directory: directory, tasks: number(1, or: 10_000), rounds: number(2, or: 10)
      ).run()
    default:
      print(
        "usage: operations-probe metrics [tasks] [runs] | counting [tasks] | logging [tasks] [rounds]"
      )
      exit(64)
    }
  }

  /// A number with that many digits behind the point, in a column.
  static func text(_ value: Double, digits: Int = 3, width: Int = 10) -> String {
    let text = String(format: "%.\(digits)f", value)
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
