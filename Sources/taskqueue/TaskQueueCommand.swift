internal import ArgumentParser
internal import Platform
internal import SQLite

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The queue's command line.
@main
struct TaskQueueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "taskqueue",
    abstract: "A task queue in one SQLite file.",
    discussion: """
      Begin with:

        taskqueue init --db queue.db
        taskqueue enqueue --db queue.db --type hello '{"to": "world"}'
        taskqueue list --db queue.db

      With TASKQUEUE_DB set, --db can be left out. Times are in UTC. Every command prints a table for people, or \
      one JSON document with --json. Completions for your shell:

        taskqueue --generate-completion-script bash > taskqueue.bash

      Exit codes: 0 done, 1 not there or refused, 64 usage, 65 bad data, 66 no such file or queue, 69 the queue \
      is locked, 73 cannot create, 74 reading or writing failed, 77 no permission, 78 bad configuration, \
      130 interrupted.
      """,
    version: "taskqueue 0.1.0 (SQLite \(SQLiteLibrary.version))",
    groupedSubcommands: [
      CommandGroup(
        name: "Tasks",
        subcommands: [
          InitCommand.self, EnqueueCommand.self, GetCommand.self, ListCommand.self,
          CancelCommand.self, RetryCommand.self,
        ]),
      CommandGroup(
        name: "Work",
        subcommands: [
          WorkCommand.self,
          WorkersCommand.self,
        ]),
      CommandGroup(
        name: "Looking",
        subcommands: [
          TopCommand.self,
          // MetricsCommand.self,
          StatsCommand.self, LogsCommand.self,
        ]),
      CommandGroup(
        name: "Operation",
        subcommands: [
          BackupCommand.self, RestoreCommand.self, MaintainCommand.self, PruneCommand.self,
          ExportCommand.self, ImportCommand.self, ConfigCommand.self,
        ]),
    ])

  /// How the argument parser begins its errors.
  static var _errorPrefix: String { "taskqueue: error: " }

  /// Runs the command on the main thread, and maps its errors to exit codes.
  static func main() {
    // A reader that goes away, and a file size limit (`ulimit -f`), are then errors like any other.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try reportingErrors { try command.run() }
    } catch {
      exit(withError: error)
    }
  }
}
