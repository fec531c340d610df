internal import ArgumentParser
internal import QueueEngine
internal import QueueOperations

/// `taskqueue logs`
struct LogsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Show what has happened to tasks, and keep that short.",
    discussion: """
      Workers log to the queue's file if log_to_database is on in their configuration.

        taskqueue logs --level error --limit 20
        taskqueue logs --task 42
        taskqueue logs add 42 'checked by hand' --level info
        taskqueue logs prune --older-than 30d
      """,
    subcommands: [Show.self, Add.self, Prune.self], defaultSubcommand: Show.self)

  /// `taskqueue logs show`
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show the newest entries, the newest at the end.")

    @Option(help: ArgumentHelp("Those about that task.", valueName: "id"))
    var task: TaskNumber?

    @Option(help: "Those of that level only.")
    var level: LevelWord?

    @Option(help: "How many at most.")
    var limit = PositiveCount(50)

    @Option(help: ArgumentHelp("Those before that entry: the page before.", valueName: "entry"))
    var before: Int64?

    @OptionGroup var options: QueueOptions

    func run() throws {
      let logger = try TaskLogger(database: try options.openDatabase())
      let entries: [TaskLog]
      if let task {
        entries = try logger.entries(
          of: task.id, level: level?.level, limit: limit.value, before: before)
      } else {
        entries = try logger.recent(limit: limit.value, level: level?.level, before: before)
      }
      let shown = entries.reversed()
      if options.json { return try JSONValue.array(shown.map(json)).print() }
      if shown.isEmpty { return try printLine("no entries") }
      let columns: [Table.Column] = [
        .number("entry"), .text("time"), .text("level"), .number("task"), .long("message"),
        .long("details"),
      ]
      let rows: [[String?]] = shown.map { entry in
        [
          "\(entry.id)", entry.at.map(\.description), entry.level.rawValue,
          "\(entry.taskID.rawValue)", entry.message, entry.details,
        ]
      }
      try Table(columns, rows).print()
    }

    private func json(_ entry: TaskLog) -> JSONValue {
      .object([
        ("entry", .integer(entry.id)), ("at", JSONValue(entry.at)),
        ("level", .string(entry.level.rawValue)), ("task", JSONValue(entry.taskID)),
        ("message", .string(entry.message)), ("details", .stored(entry.details)),
      ])
    }
  }

  /// `taskqueue logs add`
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Log something about a task.")

    @Argument(help: "The task's number.")
    var task: TaskNumber

    @Argument(help: "What happened.")
    var message: String

    @Option(help: "How grave it is. (default: info)")
    var level: LevelWord?

    @Option(help: ArgumentHelp("More about it, in JSON.", valueName: "json"))
    var details: String?

    @OptionGroup var options: QueueOptions

    func run() throws {
      let database = try options.openDatabase()
      let found = try TaskListing(database: database).tasks(
        after: TaskID(rawValue: task.id.rawValue - 1), limit: 1)
      guard found.first?.id == task.id else {
        throw CommandFailure(.refused, "there is no task \(task.id)")
      }
      let options = TaskLogOptions(minimumLevel: .debug, batchSize: 1)
      let logger = try TaskLogger(database: database, options: options)
      try logger.log(task.id, level?.level ?? .info, message, details: details)
      if self.options.json { try JSONValue.object([("added", true)]).print() }
    }
  }

  /// `taskqueue logs prune`
  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune", abstract: "Remove old entries, beside the work of others.")

    @Option(help: ArgumentHelp("Those older than that: 12h, 30d.", valueName: "time"))
    var olderThan: TimeLength?

    @Option(help: ArgumentHelp("All but that many, the newest.", valueName: "count"))
    var keepNewest: Int?

    @OptionGroup var options: QueueOptions

    func validate() throws {
      if olderThan == nil, keepNewest == nil {
        throw ValidationError("Which entries? Give --older-than or --keep-newest.")
      }
    }

    func run() throws {
      let policy = Retention(logsForMs: olderThan?.ms, logsAtMost: keepNewest)
      try PruneCommand.carryOut(
        policy, on: try options.openDatabase(), holdLimitMs: 4, asJSON: options.json)
    }
  }
}
