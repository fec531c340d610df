internal import ArgumentParser
internal import QueueEngine
internal import QueueOperations

/// `taskqueue maintain`
struct MaintainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maintain", abstract: "Look after the queue's file.",
    discussion: """
        taskqueue maintain checkpoint --mode truncate
        taskqueue maintain integrity-check
        taskqueue maintain counters --repair
        taskqueue maintain optimize --full
      """,
    subcommands: [
      Checkpoint.self, Analyze.self, Vacuum.self, IncrementalVacuum.self, IntegrityCheck.self,
      Counters.self, StaleLeases.self, Statistics.self, Optimize.self,
    ])

  /// `taskqueue maintain checkpoint`
  struct Checkpoint: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "checkpoint", abstract: "Move the write-ahead log into the database file.",
      discussion: """
        passive copies what it can without waiting; full waits for writers; restart waits for readers, too, until \
        the log can begin anew; truncate also gives its disk space back. Exit code 1 if others stood in the way.
        """)

    @Option(help: "How to deal with those who use the log.")
    var mode = CheckpointMode.passive

    @OptionGroup var options: QueueOptions

    func run() throws {
      let report = try QueueMaintenance(try options.openDatabase()).checkpoint(mode: mode)
      if options.json {
        try JSONValue.object([
          ("mode", .string(report.mode.rawValue)), ("is_busy", JSONValue(report.isBusy)),
          ("wal_frames", JSONValue(report.walFrames)),
          ("checkpointed_frames", JSONValue(report.checkpointedFrames)),
        ]).print()
      } else if let frames = report.walFrames {
        try printLine(
          "\(report.checkpointedFrames) of \(counted(frames, "page")) of the log are in the database"
        )
      } else {
        try printLine("there is no write-ahead log")
      }
      if report.isBusy {
        throw CommandFailure(
          .refused, "others use the log, so not all was done; try again when readers have ended")
      }
    }
  }

  /// `taskqueue maintain analyze`
  struct Analyze: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "analyze", abstract: "Update what SQLite's planner knows of the indexes.")

    @OptionGroup var options: QueueOptions

    func run() throws {
      try QueueMaintenance(try options.openDatabase()).analyze()
      try MaintainCommand.printDone("analyzed", asJSON: options.json)
    }
  }

  /// `taskqueue maintain vacuum`
  struct Vacuum: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "vacuum", abstract: "Write the whole file anew without its free pages.",
      discussion: """
        Keeps all writers waiting, some seconds per gigabyte, and needs that much room twice over. With --into a \
        compact copy is made instead, which keeps nobody waiting.
        """)

    @Option(
      help: ArgumentHelp("Writes a compact copy into that new file.", valueName: "path"),
      completion: .file())
    var into: String?

    @OptionGroup var options: QueueOptions

    func run() throws {
      let maintenance = QueueMaintenance(try options.openDatabase())
      if let into {
        try PathFacts.requireFree(into)
        try maintenance.vacuum(into: into)
      } else {
        try maintenance.vacuum()
      }
      try MaintainCommand.printDone(
        into.map { "wrote \(escapingControls($0))" } ?? "vacuumed", asJSON: options.json)
    }
  }

  /// `taskqueue maintain incremental-vacuum`
  struct IncrementalVacuum: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "incremental-vacuum",
      abstract: "Give free pages back in short transactions.",
      discussion: "Only for a queue that was made with --pragma auto_vacuum=INCREMENTAL.")

    @Option(help: ArgumentHelp("How many at most. (default: all)", valueName: "count"))
    var pages: PositiveCount?

    @OptionGroup var options: QueueOptions

    func run() throws {
      let freed = try QueueMaintenance(try options.openDatabase()).incrementalVacuum(
        pages: pages?.value)
      if options.json { return try JSONValue.object([("pages", JSONValue(freed))]).print() }
      try printLine("gave back \(counted(freed, "page"))")
    }
  }

  /// `taskqueue maintain integrity-check`
  struct IntegrityCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "integrity-check",
      abstract: "Read all of the file, and say what is wrong with it.",
      discussion: "Exit code 65 if something is.")

    @Flag(help: "Leaves out the comparison of indexes with their tables.")
    var quick = false

    @OptionGroup var options: QueueOptions

    func run() throws {
      let problems = try QueueMaintenance(try options.openDatabase()).integrityCheck(quick: quick)
      if options.json {
        try JSONValue.object([
          ("is_intact", JSONValue(problems.isEmpty)),
          ("problems", .array(problems.map { .string($0) })),
        ]).print()
      } else {
        for problem in problems { try printLine(escapingControls(problem)) }
        if problems.isEmpty { try printLine("intact") }
      }
      if !problems.isEmpty {
        throw CommandFailure(
          .badData, "the file is damaged; keep it and its -wal, and restore a backup")
      }
    }
  }

  /// `taskqueue maintain counters`
  struct Counters: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "counters", abstract: "Compare the queue's counters with its tasks.",
      discussion: """
        Looks at every task. Counters are wrong after a program has changed tasks with its triggers off. Exit code \
        65 if some are and --repair is not given; 1 if the queue does not count, which `taskqueue init` changes.
        """)

    @Flag(help: "Sets them right, and holds up writers meanwhile: some seconds per million tasks.")
    var repair = false

    @OptionGroup var options: QueueOptions

    func run() throws {
      let metrics = QueueMetrics(database: try options.openDatabase())
      guard try metrics.isCounting() else {
        throw CommandFailure(
          .refused, "the queue does not count its tasks; `taskqueue init` makes it count")
      }
      let differences = try metrics.counterDifferences()
      if repair, !differences.isEmpty { try metrics.recount() }
      if options.json {
        try JSONValue.object([
          ("is_right", JSONValue(differences.isEmpty)),
          ("is_repaired", JSONValue(repair && !differences.isEmpty)),
          (
            "differences",
            .array(
              differences.map { difference in
                [
                  "type": .string(difference.type),
                  "status": JSONValue(difference.status?.rawValue),
                  "counted": JSONValue(difference.counted),
                  "actual": JSONValue(difference.actual),
                ]
              })
          ),
        ]).print()
      } else {
        for difference in differences {
          let status = difference.status?.rawValue ?? "all"
          try printLine(
            "\(escapingControls(difference.type)), \(status): "
              + "counted \(difference.counted), there are \(difference.actual)")
        }
        try printLine(
          differences.isEmpty ? "right" : repair ? "set right" : "wrong; set right by --repair")
      }
      if !differences.isEmpty, !repair { throw Outcome.badData.exitCode }
    }
  }

  /// `taskqueue maintain stale-leases`
  struct StaleLeases: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "stale-leases", abstract: "End leases that have run out.",
      discussion: "As every claim does; needed only where nobody claims.")

    @Option(
      help: ArgumentHelp("Only those that ended at least that long ago.", valueName: "time"))
    var expiredFor = TimeLength(ms: 0)

    @OptionGroup var options: QueueOptions

    func run() throws {
      let report = try QueueMaintenance(try options.openDatabase()).cleanupStaleLeases(
        expiredForMs: expiredFor.ms)
      if options.json {
        return try JSONValue.object([
          ("requeued", JSONValue(report.requeued)),
          ("dead_lettered", JSONValue(report.deadLettered)),
        ]).print()
      }
      try printLine(
        "\(counted(report.requeued, "task")) ready again, \(report.deadLettered) in dead_letter")
    }
  }

  /// `taskqueue maintain statistics`
  struct Statistics: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "statistics", abstract: "Say how much room the queue takes.",
      discussion: """
        Reads the whole file for the sizes of tables and indexes, without keeping writers waiting.
        """)

    @OptionGroup var options: QueueOptions

    func run() throws {
      let statistics = try QueueMaintenance(try options.openDatabase()).statistics()
      if options.json { return try json(statistics).print() }
      var facts = FactList()
      facts.add("database", byteText(statistics.fileBytes))
      facts.add("log", byteText(statistics.walBytes))
      facts.add(
        "pages",
        "\(statistics.pageCount) of \(byteText(Int64(statistics.pageSize))), \(statistics.freePages) free"
      )
      let rows = statistics.rows
      facts.add(
        "rows",
        "\(counted(rows.tasks, "task")), \(counted(rows.logs, "log entry", "log entries")), "
          + "\(counted(rows.workers, "worker")), \(counted(rows.lanes, "lane"))")
      try facts.print()
      guard let parts = statistics.parts else { return }
      try printLine()
      let columns: [Table.Column] = [
        .text("table or index"), .text("of"), .number("pages"), .number("size"),
      ]
      try Table(
        columns,
        parts.map { part in
          [part.name, part.isIndex ? part.table : nil, "\(part.pages)", byteText(part.bytes)]
        }
      ).print()
    }

    private func json(_ statistics: QueueFileStatistics) -> JSONValue {
      let parts = statistics.parts?.map { part in
        JSONValue.object([
          ("name", .string(part.name)), ("table", .string(part.table)),
          ("is_index", JSONValue(part.isIndex)), ("pages", JSONValue(part.pages)),
          ("bytes", .integer(part.bytes)),
        ])
      }
      return .object([
        ("file_bytes", .integer(statistics.fileBytes)),
        ("wal_bytes", .integer(statistics.walBytes)),
        ("page_size", JSONValue(statistics.pageSize)),
        ("page_count", JSONValue(statistics.pageCount)),
        ("free_pages", JSONValue(statistics.freePages)),
        ("tasks", JSONValue(statistics.rows.tasks)), ("logs", JSONValue(statistics.rows.logs)),
        ("workers", JSONValue(statistics.rows.workers)),
        ("lanes", JSONValue(statistics.rows.lanes)),
        ("parts", parts.map(JSONValue.array) ?? .null),
      ])
    }
  }

  /// `taskqueue maintain optimize`
  struct Optimize: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "optimize", abstract: "Update the statistics; with --full also vacuum.")

    @Flag(help: "Writes the file anew, and moves the log into it: a matter for quiet hours.")
    var full = false

    @OptionGroup var options: QueueOptions

    func run() throws {
      let report = try QueueMaintenance(try options.openDatabase()).optimize(full: full)
      if options.json {
        return try JSONValue.object([
          ("analyze_ms", .integer(report.analyzeMs)), ("vacuum_ms", JSONValue(report.vacuumMs)),
          ("bytes_before", .integer(report.bytesBefore)),
          ("bytes_after", .integer(report.bytesAfter)),
        ]).print()
      }
      try printLine(
        full
          ? "optimized: \(byteText(report.bytesBefore)) before, \(byteText(report.bytesAfter)) now"
          : "optimized")
    }
  }

  private static func printDone(_ text: String, asJSON: Bool) throws {
    if asJSON { try JSONValue.object([("done", true)]).print() } else { try printLine(text) }
  }
}
