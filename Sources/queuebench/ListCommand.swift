internal import ArgumentParser
internal import Foundation
internal import Platform
internal import Reporting
internal import Scenarios

/// `queuebench list`
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print a scenario's cells and how long it will take.")

  @Argument(help: "The scenario's file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  func run() throws {
    try reportingErrors {
      let scenario = try Scenario.load(path: scenario)
      print("\(scenario.name): \(scenario.question)\n")
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
}
