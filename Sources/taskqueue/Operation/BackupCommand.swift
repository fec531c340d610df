internal import ArgumentParser
internal import QueueConfiguration
internal import QueueEngine
internal import QueueOperations

/// `taskqueue backup`
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the queue while it is in use, and look after the copies.",
    discussion: """
      A backup is one file, private to you, with the state of one moment; in WAL mode no writer waits for it. It \
      is verified before it gets its name.

        taskqueue backup
        taskqueue backup create --to /var/backups/queue --name nightly --keep 7
        taskqueue backup list
        taskqueue backup verify backups/queue-20261121T120000.123Z.db
        taskqueue restore backups/queue-20261121T120000.123Z.db
      """,
    subcommands: [Create.self, List.self, Verify.self, Cleanup.self],
    defaultSubcommand: Create.self)

  /// Where the backups lie.
  struct Place: ParsableArguments {
    @Option(
      name: .customLong("to"),
      help: ArgumentHelp(
        "The directory of the backups. (default: backups, beside the queue)", valueName: "directory"
      ),
      completion: .directory)
    var directory: String?

    func path(_ configuration: EffectiveConfiguration) -> String {
      if let directory { return directory }
      let queue = configuration.configuration.databasePath
      let parent = PathFacts.directory(of: queue)
      if parent == "." { return "backups" }
      return parent == "/" ? "/backups" : "\(parent)/backups"
    }

    /// The same, if it is there.
    func existing(_ configuration: EffectiveConfiguration) throws -> String {
      let path = path(configuration)
      guard PathFacts.of(path) == .directory else {
        throw CommandFailure(.noInput, "\(path): there is no such directory of backups")
      }
      return path
    }
  }

  /// `taskqueue backup create`
  struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Make a backup.",
      discussion: """
        The directory is made if it is not there. With --keep all but the newest backups of that name are removed \
        afterwards.
        """)

    @OptionGroup var place: Place

    @Option(
      help: ArgumentHelp("What it is called. (default: as the queue's file)", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("Keeps only that many of that name.", valueName: "count"))
    var keep: PositiveCount?

    @Flag(help: "Copies a queue without a write-ahead log, too, though its writers wait meanwhile.")
    var writersMayWait = false

    @OptionGroup var options: QueueOptions

    func run() throws {
      let effective = try options.effective()
      let database = try options.openDatabase(effective)
      let directory = place.path(effective)
      try PathFacts.makeDirectory(directory)
      let backups = QueueBackup(database: database, directory: directory)
      let name = name ?? Self.name(of: effective.configuration.databasePath)
      let file = try namingFlags(["writersMayWait": "--writers-may-wait"]) {
        try backups.create(name: name, writersMayWait: writersMayWait)
      }
      let removed = try keep.map { try backups.cleanup(keep: $0.value, name: name) } ?? []
      if options.json {
        return try JSONValue.object([
          ("path", .string(file.path)), ("name", .string(file.name)),
          ("created_at", JSONValue(file.createdAt)), ("bytes", .integer(file.byteCount)),
          ("tasks", JSONValue(file.taskCount)),
          ("removed", .array(removed.map { .string($0) })),
        ]).print()
      }
      let size = "\(counted(file.taskCount ?? 0, "task")), \(byteText(file.byteCount))"
      try printLine("made \(escapingControls(file.path)) (\(size), verified)")
      for path in removed { try printLine("removed \(escapingControls(path))") }
    }

    /// `queue` for `/srv/queue.db`, with `-` for what cannot be part of the name of a backup.
    private static func name(of path: String) -> String {
      let file = path.split(separator: "/").last ?? "queue"
      let stem = file.hasSuffix(".db") ? file.dropLast(3) : file
      let name = stem.prefix(64).map { character -> Character in
        let isPlain = character.isASCII && (character.isLetter || character.isNumber)
        return isPlain || character == "_" ? character : "-"
      }
      return name.isEmpty ? "queue" : String(name)
    }
  }

  /// `taskqueue backup list`
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the backups, the newest first.",
      discussion: "That a backup can be read does not show that it is whole: see verify.")

    @OptionGroup var place: Place
    @OptionGroup var options: QueueOptions

    func run() throws {
      let now = Timestamp.now()
      let effective = try options.effective()
      let files = try QueueBackup.list(in: try place.existing(effective))
      if options.json { return try JSONValue.array(files.map(json)).print() }
      if files.isEmpty { return try printLine("no backups") }
      let columns: [Table.Column] = [
        .text("backup"), .text("made"), .number("tasks"), .number("size"), .long("state"),
      ]
      let rows: [[String?]] = files.map { file in
        [
          file.path, ageText(file.createdAt, now: now), file.taskCount.map { "\($0)" },
          byteText(file.byteCount), file.problem ?? "readable",
        ]
      }
      try Table(columns, rows).print()
    }

    private func json(_ file: BackupFile) -> JSONValue {
      .object([
        ("path", .string(file.path)), ("name", .string(file.name)),
        ("created_at", JSONValue(file.createdAt)), ("bytes", .integer(file.byteCount)),
        ("tasks", JSONValue(file.taskCount)), ("schema_version", JSONValue(file.schemaVersion)),
        ("problem", JSONValue(file.problem)),
      ])
    }
  }

  /// `taskqueue backup verify`
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Read every page and every row of a backup.",
      discussion: "Exit code 65 if it cannot be restored.")

    @Argument(help: "The backup's file.", completion: .file(extensions: ["db"]))
    var backup: String

    @OptionGroup var options: QueueOptions

    func run() throws {
      try PathFacts.requireFile(backup, "a backup")
      let effective = try options.effective()
      let check: BackupCheck
      if case .file = PathFacts.of(effective.configuration.databasePath) {
        let database = try options.openDatabase(effective)
        check = try QueueBackup(database: database, directory: ".").verify(backup)
      } else {
        // After the queue was lost there is nothing to compare it with.
        check = QueueBackup.verify(backup)
      }
      if options.json {
        try JSONValue.object([
          ("path", .string(check.path)), ("is_valid", JSONValue(check.isValid)),
          ("schema_version", JSONValue(check.schemaVersion)),
          ("tasks", JSONValue(check.rows?.tasks)),
          ("problems", .array(check.problems.map { .string($0) })),
        ]).print()
      } else if check.isValid {
        try printLine(
          "\(escapingControls(backup)) is whole, with \(counted(check.rows?.tasks ?? 0, "task"))")
      }
      if !check.isValid {
        throw CommandFailure(
          .badData,
          check.problems.map { problem in
            problem.hasPrefix(backup) ? problem : "\(backup): \(problem)"
          }.joined(separator: "\n"))
      }
    }
  }

  /// `taskqueue backup cleanup`
  struct Cleanup: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "cleanup", abstract: "Remove all backups but the newest.",
      discussion: """
        Backups that cannot be read neither count nor go: somebody should look at them. Copies that were broken \
        off are removed a day later.
        """)

    @Option(help: ArgumentHelp("How many to keep.", valueName: "count"))
    var keep: PositiveCount

    @Option(help: ArgumentHelp("Concerns those of that name only.", valueName: "name"))
    var name: String?

    @OptionGroup var place: Place
    @OptionGroup var options: QueueOptions

    func run() throws {
      let effective = try options.effective()
      let database = try options.openDatabase(effective)
      let backups = QueueBackup(database: database, directory: try place.existing(effective))
      let removed = try backups.cleanup(keep: keep.value, name: name)
      if options.json {
        return try JSONValue.object([("removed", .array(removed.map { .string($0) }))]).print()
      }
      for path in removed { try printLine("removed \(escapingControls(path))") }
      if removed.isEmpty { try printLine("nothing to remove") }
    }
  }
}
