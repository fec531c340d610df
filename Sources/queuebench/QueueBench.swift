internal import ArgumentParser
internal import Foundation
internal import LoadGeneration
internal import Platform

/// The harness's command line.
@main
struct QueueBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queuebench",
    abstract: "Finds out what SQLite really does for a task queue.",
    discussion: """
      Runs producer and consumer processes against one SQLite queue across a matrix of settings, \
      and reports latency percentiles, SQLITE_BUSY rates and whether every task survived.

      Exit codes: 0 fine, 2 a target was missed, 3 a cell could not run, 4 a history was invalid \
      (tasks lost, fence broken, database corrupt), 5 inconclusive, 64 usage, 65 bad input file, \
      69 gnuplot missing, 73 results cannot be written, 130 interrupted.
      """,
    subcommands: [
      RunCommand.self, ListCommand.self, PlotCommand.self, ReportCommand.self, DoctorCommand.self,
      // Hidden: what `ab` says to the programs that it compares.
      BlocksCommand.self,
    ],
    groupedSubcommands: [
      CommandGroup(
        name: "Which settings, how much load",
        subcommands: [TuneCommand.self, CapacityCommand.self]),
      CommandGroup(
        name: "Did it become slower",
        subcommands: [
          AbCommand.self, CompareCommand.self, CheckCommand.self, CostsCommand.self,
        ]),
      CommandGroup(name: "What survives", subcommands: [PowerCommand.self]),
      CommandGroup(
        name: "How far to trust it",
        subcommands: [
          FloorCommand.self, OverheadCommand.self, StallCommand.self, CheckerCommand.self,
          GateCommand.self, TunerCommand.self, WakeUpCommand.self,
        ]),
    ])

  /// Branches off into the life of a child process before any argument is parsed.
  static func main() {
    // A file size limit (`ulimit -f`) is then an error like a full disk, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    // Line by line, so that a log shows how far a run has come.
    Terminal.bufferOutputByLine()
    let arguments = CommandLine.arguments
    if arguments.count == 3, arguments[1] == RoleProcess.argument {
      RoleProcess.main(configurationPath: arguments[2])
    }
    if arguments.count == 3, arguments[1] == FloorProcess.argument {
      FloorProcess.main(configurationPath: arguments[2])
    }
    Self.main(nil)
  }
}
