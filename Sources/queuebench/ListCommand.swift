internal import ArgumentParser
internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Reporting
internal import Scenarios

/// `queuebench list`
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print a scenario's cells and how long it will take.")

  @Argument(help: "The scenario's file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Flag(help: "Prints the order of the runs, and when operations at a rate are due, instead.")
  var schedule = false

  @Option(
    name: .customLong("repeat"), help: "With --schedule: whose operations to print. (default: 1)")
  var repeatNumber: Int?

  func validate() throws {
    if let repeatNumber {
      if !schedule { throw ValidationError("--repeat needs --schedule.") }
      if repeatNumber < 1 { throw ValidationError("--repeat must be at least 1.") }
    }
  }

  func run() throws {
    try reportingErrors {
      let scenario = try Scenario.load(path: scenario)
      print("\(scenario.name): \(scenario.question)\n")
      if schedule { return try printSchedule(of: scenario) }
      let rows = scenario.cells.map { cell in
        [cell.id] + cell.axisValues.map(\.label) + [cell.refusal.map { "refused: \($0)" } ?? ""]
      }
      let hasNotes = scenario.cells.contains { $0.refusal != nil }
      let titles = ["cell"] + scenario.axisNames + (hasNotes ? ["note"] : [])
      print(
        TextTable(titles: titles, rows: rows.map { hasNotes ? $0 : $0.dropLast() })
          .text(width: nil))
      let expected = scenario.expectedDuration
      let shortest = RunConsole.duration(Double(expected.minMs) / 1000)
      let longest = RunConsole.duration(Double(expected.maxMs) / 1000)
      print(
        """
        \(scenario.cells.count) cells × \(scenario.repeats) repeats, \(scenario.warmupMs) ms \
        warm-up + \(scenario.measureMs) ms measured + at most \(scenario.drainMs) ms drain each: \
        \(shortest == longest ? shortest : "\(shortest) to \(longest)")
        """)
    }
  }

  /// How many due times are printed of each caller.
  private static let shownDueTimes = 4

  private func printSchedule(of scenario: Scenario) throws {
    let repeatNumber = repeatNumber ?? 1
    guard repeatNumber <= scenario.repeats else {
      throw ValidationError("--repeat \(repeatNumber): the scenario has \(scenario.repeats).")
    }
    for run in scenario.runOrder(seed: scenario.seed) {
      print("\(scenario.cells[run.cellIndex].id)-r\(run.repeatNumber)")
    }
    let callers = scenario.callerSchedules(
      repeatNumber: repeatNumber, showing: Self.shownDueTimes)
    guard !callers.isEmpty else { return print("\nNo cell has a rate.") }
    let rows = callers.map { caller in
      [caller.cell, "\(caller.producer)", "\(caller.caller)", "\(caller.operations)"]
        + [caller.firstDueNs.map(String.init).joined(separator: " "), caller.fingerprint]
    }
    print("\nDue in the measurement of repeat \(repeatNumber):\n")
    print(
      TextTable(
        titles: ["cell", "producer", "caller", "operations", "first ns", "fingerprint"], rows: rows
      ).text(width: nil))
  }
}
