internal import ArgumentParser
internal import Foundation
internal import Platform
internal import QueueConfiguration
internal import QueueEngine
internal import QueueWorker

extension OutputChoice: ExpressibleByArgument {}
extension ErrorChoice: ExpressibleByArgument {}

/// `taskqueue work`
struct WorkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work",
    abstract: "Run a command for each task.",
    discussion: """
      The command finds the task's payload on its standard input, and facts about the task in its environment; \
      its exit code says how it went, and its standard output is the task's result:

        taskqueue work -- ./send-mail --fast
        taskqueue work --types email,sms --concurrency 4 --timeout 30s -- ./send
        taskqueue work --shell 'jq -r .url | xargs curl -fsS -o /dev/null'
        taskqueue work --drain --stdout pass -- cat
        taskqueue work --once -- ./nightly || echo "nothing done: $?"

      In the environment:

      \(facts)
        TASKQUEUE_DB                the queue, for `taskqueue enqueue` and others

      Exit codes of the command:

        0         completed. Standard output is the result: as it is if it is JSON,
                  else as a JSON string, cut at 1 MiB.
        65        failed for good (EX_DATAERR): another attempt at these data cannot
                  help; see --permanent-exit-codes.
        75        tried again (EX_TEMPFAIL), by the policy of --retry, as long as the
                  task has attempts left.
        126, 127  the command cannot be executed: the task is given back, and the
                  worker stops with that code; see --retry-exit-codes.
        others    tried again, and so is a task whose command a signal has ended or
                  whose time was up. 64 and 78 are among them, because a wrong call
                  or configuration is not the task's fault.

      The last lines of standard error are the error message of a task that fails.

      A command is ended by SIGTERM, and by SIGKILL after --cancellation-grace, with all that it has started: when \
      its time is up, when its task was cancelled or has passed to another worker, and when the worker stops. The \
      worker stops on SIGTERM or Ctrl-C: it takes no more tasks, commands may go on for --shutdown-grace, and the \
      tasks of those that are ended then are given back, without an attempt being counted. A second signal ends \
      commands at once, a third one kills them. If the worker itself is killed, so are its commands (on Linux), and \
      others take the tasks over when their leases expire.

      Exit codes of the worker: 0 stopped or drained; with --once 0 completed, 1 nothing was ready, 70 failed for \
      good, 75 to be tried again; 126, 127 the command cannot be executed; others as for all commands.
      """)

  private static var facts: String {
    let width = 28
    return TaskFacts.names.map { name, meaning in
      let variable = TaskFacts.prefix + name
      let padding = String(repeating: " ", count: max(1, width - variable.count))
      return "  \(variable)\(padding)\(meaning)"
    }.joined(separator: "\n")
  }

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The command and its arguments, after --.", valueName: "command"))
  var command: [String] = []

  @Option(
    help: ArgumentHelp("Runs that line with /bin/sh instead of a command.", valueName: "line"))
  var shell: String?

  @Option(
    help: ArgumentHelp("Where the command begins.", valueName: "path"), completion: .directory)
  var directory: String?

  @OptionGroup(title: "Which tasks") var choice: WorkChoice

  @OptionGroup(title: "How") var manner: WorkManner

  @OptionGroup(title: "Settings") var settings: WorkSettings

  @OptionGroup var options: QueueOptions

  func validate() throws {
    if command.isEmpty == (shell == nil) {
      throw ValidationError(
        command.isEmpty
          ? "Which command? Put it after --, as in: taskqueue work -- ./send, or give --shell."
          : "Give --shell or a command after --, not both.")
    }
    if choice.once, choice.drain { throw ValidationError("Give --once or --drain, not both.") }
    let isBoth = manner.permanentExitCodes.codes.intersection(manner.retryExitCodes?.codes ?? [])
    if let code = isBoth.min(), manner.permanentExitCodes != WorkManner.standardPermanent {
      throw ValidationError("Exit code \(code) cannot be both permanent and retried.")
    }
    if let timeout = manner.timeout, timeout.ms < 1 {
      throw ValidationError("--timeout must be longer than zero; leave it out for no limit.")
    }
    if manner.heartbeat.ms < 1 { throw ValidationError("--heartbeat must be longer than zero.") }
  }

  func run() throws {
    let effective = try options.effective(settings.flags + choice.flags)
    let configuration = effective.configuration
    let path = try QueueOptions.existingQueue(effective)
    // Found before a task is taken: nothing can be done for any.
    let command = try repeatedCommand(databasePath: Self.absolute(path))
    let queue = try options.openQueue(effective, strategies: [configuration.strategy])
    let session = WorkSession(
      configuration: configuration, queue: queue, database: try options.openDatabase(effective),
      command: command,
      commandOptions: CommandHandler.Options(
        policy: ExitCodePolicy(
          permanent: manner.permanentExitCodes.codes, retried: manner.retryExitCodes?.codes ?? []),
        timeoutMs: manner.timeout?.ms, graceMs: configuration.cancellationGraceMs,
        output: manner.stdout, errors: manner.stderr),
      mode: choice.once ? .once : choice.drain ? .drain : .untilShutdown,
      heartbeatInterval: manner.heartbeat.duration, json: options.json)
    let code = try session.run()
    if code != ExitCode.success { throw code }
  }

  // MARK: The command

  private func repeatedCommand(databasePath: String) throws -> RepeatedCommand {
    let own = ChildCommand.currentEnvironment()
    let words = shell.map { ["/bin/sh", "-c", $0] } ?? command
    if let directory, PathFacts.of(directory) != .directory {
      throw CommandFailure(.noInput, "\(directory): there is no such directory")
    }
    do {
      return try RepeatedCommand(
        executable: Self.absolute(
          try RepeatedCommand.path(of: words[0], searching: own["PATH"])),
        name: words[0], arguments: Array(words.dropFirst()),
        environment: TaskFacts.environment(own, databasePath: databasePath), directory: directory)
    } catch let missing as RepeatedCommand.Missing {
      switch missing {
      case .notFound:
        let place = words[0].contains("/") ? "" : " in PATH"
        reportError("\(words[0]): there is no such command\(place)")
        throw ExitCode(127)
      case .notExecutable(let path):
        reportError("\(path): cannot be executed; check its mode")
        throw ExitCode(126)
      }
    }
  }

  /// A path that means the same in another directory.
  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
  }
}

/// Which tasks are taken, and how many.
struct WorkChoice: ParsableArguments {
  @Option(
    help: ArgumentHelp("Only tasks of these types, with commas in between.", valueName: "types"))
  var types: String?

  @Option(
    help: ArgumentHelp(
      "The order in which they are taken: priority, fifo, lifo or weighted_random.",
      valueName: "strategy"))
  var strategy: String?

  @Option(
    help: ArgumentHelp(
      "What the worker is capable of: a JSON object, for the compatibility of tasks.",
      valueName: "json"))
  var capabilities: String?

  @Flag(help: "Works one task that is ready, and ends.")
  var once = false

  @Flag(
    help: """
      Ends when nothing is ready any more and nothing runs. What is due later, for a retry too, is left alone.
      """)
  var drain = false

  var flags: [ConfigurationFlag] {
    let given: [(ConfigurationKey, String?)] = [
      (.types, types), (.strategy, strategy), (.capabilities, capabilities),
    ]
    return given.compactMap { key, text in text.map { ConfigurationFlag(key, $0) } }
  }
}

/// How commands are run.
struct WorkManner: ParsableArguments {
  static let standardPermanent = ExitCodes([65])

  @Option(
    help: ArgumentHelp(
      "How long a command may take before it is ended: 500ms, 30s, 10min. (default: as long as it likes)",
      valueName: "time"))
  var timeout: TimeLength?

  @Option(
    help: ArgumentHelp(
      "What becomes of standard output: result (the task's), pass (to that of the worker), drop.",
      valueName: "choice"))
  var stdout = OutputChoice.result

  @Option(
    help: ArgumentHelp(
      """
      What becomes of standard error: pass (to that of the worker, line by line), log (at the level info, \
      with the task), drop.
      """, valueName: "choice"))
  var stderr = ErrorChoice.pass

  @Option(
    help: ArgumentHelp(
      "Exit codes after which no other attempt is made, such as 64-66,78; none for none.",
      valueName: "codes"))
  var permanentExitCodes = standardPermanent

  @Option(
    help: ArgumentHelp(
      "Exit codes after which another attempt is made although they have another meaning, such as 126-127.",
      valueName: "codes"))
  var retryExitCodes: ExitCodes?

  @Option(
    help: ArgumentHelp(
      "How often the worker says that it lives, see `taskqueue workers`.", valueName: "time"))
  var heartbeat = TimeLength(ms: 15_000)
}

/// What can be configured in a file, too.
struct WorkSettings: ParsableArguments {
  @Option(
    name: [.customShort("j"), .customLong("concurrency")],
    help: ArgumentHelp("How many commands run at once.", valueName: "count"))
  var concurrency: String?

  @Option(
    help: ArgumentHelp(
      "Who the worker is; unlike all others. (default: host and process)", valueName: "id"))
  var workerID: String?

  @Option(
    help: ArgumentHelp(
      "How long others wait before they take a task of a worker that has died; no limit for commands.",
      valueName: "time"))
  var lease: String?

  @Option(
    help: ArgumentHelp(
      "When failed tasks are tried again: none, '{fixed: 5s}', '{exponential: {initial: 1s, max: 10min}}'.",
      valueName: "policy"))
  var retry: String?

  @Option(
    help: ArgumentHelp(
      "How long commands may go on when the worker is told to stop.", valueName: "time"))
  var shutdownGrace: String?

  @Option(
    help: ArgumentHelp(
      "The time between SIGTERM and SIGKILL for a command that is ended.", valueName: "time"))
  var cancellationGrace: String?

  @Option(
    help: ArgumentHelp(
      "The least important messages that are logged: debug, info, warning, error.",
      valueName: "level"))
  var logLevel: String?

  @Option(
    help: ArgumentHelp(
      "Whether what happens to tasks is logged in the queue, too: on or off; see `taskqueue logs`.",
      valueName: "on|off"))
  var logToDatabase: String?

  @OptionGroup var pragmas: PragmaOptions

  var flags: [ConfigurationFlag] {
    let given: [(ConfigurationKey, String?)] = [
      (.concurrency, concurrency), (.workerID, workerID), (.lease, lease), (.retry, retry),
      (.shutdownGrace, shutdownGrace), (.cancellationGrace, cancellationGrace),
      (.logLevel, logLevel), (.logToDatabase, logToDatabase),
    ]
    return given.compactMap { key, text in text.map { ConfigurationFlag(key, $0) } }
      + pragmas.flags
  }
}
