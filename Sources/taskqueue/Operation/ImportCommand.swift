internal import ArgumentParser
internal import QueueEngine
internal import QueueOperations

/// `taskqueue import`
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take over the tasks of another queue.",
    discussion: """
      From what export has written, or from the TSV file of dbbasic-queue. Stop whatever works on that queue first. \
      The whole file is checked before anything is added; the tasks keep their status and get new numbers. An \
      import that was broken off goes on when it is run again, and one that is run twice adds nothing. At the end \
      the queue's own count is compared with that of the file.

        taskqueue import --dry-run queue.tsv
        taskqueue import queue.tsv
        taskqueue import list
        taskqueue import rollback 1
      """,
    subcommands: [File.self, List.self, Rollback.self], defaultSubcommand: File.self)

  /// `taskqueue import file`
  struct File: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "file", abstract: "Import a file.",
      discussion: "Exit code 65 if the file is bad or the counts do not agree.")

    @Argument(help: "The file.", completion: .file(extensions: ["jsonl", "tsv"]))
    var file: String

    @Option(help: "The format. (default: as the first line tells)")
    var format: TransferFormat?

    @Option(
      help: ArgumentHelp(
        "Names where the tasks come from: what is there from the same source is not added again. (default: the file's absolute path)",
        valueName: "name"))
    var source: String?

    @Flag(help: "Leaves out records that are no tasks.")
    var skipBad = false

    @Option(
      help: ArgumentHelp(
        "How many attempts tasks of a TSV file have, which does not say.", valueName: "count"))
    var maxAttempts = PositiveCount(3)

    @Flag(help: "Only checks the file and counts its tasks; no queue is needed.")
    var dryRun = false

    @OptionGroup var options: QueueOptions

    func run() throws {
      try PathFacts.requireFile(file, "a file of tasks")
      let importOptions = ImportOptions(
        format: format, source: source, skipsBad: skipBad, maxAttempts: maxAttempts.value)
      if dryRun { return try check(importOptions) }
      let database = try options.openDatabase()
      let report: ImportReport
      do {
        report = try TaskImport(database).run(from: file, options: importOptions)
      } catch let error as MigrationError where error.isAboutOneLine {
        throw CommandFailure(
          .badData,
          """
          \(error)
          nothing was imported; correct the record, or leave bad ones out with --skip-bad
          """)
      }
      warn(of: report.problems, of: report.badCount)
      if options.json { try json(report).print() } else { try printTable(report) }
      if !report.isVerified {
        throw CommandFailure(
          .badData,
          "the counts do not agree; take the import back with: taskqueue import rollback \(report.importID)"
        )
      }
    }

    private func warn(of problems: [MigrationError], of badCount: Int) {
      for problem in problems { reportWarning("left out: \(problem)") }
      if badCount > problems.count {
        reportWarning("left out: \(badCount - problems.count) more records")
      }
    }

    private func check(_ importOptions: ImportOptions) throws {
      let survey: ImportSurvey
      do {
        survey = try TaskImport.check(file, options: importOptions)
      } catch let error as MigrationError where error.isAboutOneLine {
        throw CommandFailure(.badData, "\(error)")
      }
      warn(of: survey.problems, of: survey.badCount)
      let counts = survey.inSource.sorted { $0.key < $1.key }
      if options.json {
        return try JSONValue.object([
          (
            "in_file",
            .object(counts.map { (key: $0.key, value: JSONValue($0.value)) })
          ),
          ("left_out", JSONValue(survey.badCount)),
        ]).print()
      }
      try Table([.text("in the file"), .number("tasks")], counts.map { [$0.key, "\($0.value)"] })
        .print()
    }

    private func printTable(_ report: ImportReport) throws {
      let resumed = report.isResumed ? ", which had been broken off" : ""
      try printLine("import \(report.importID) of \(escapingControls(report.source))\(resumed)")
      let rows = report.inSource.keys.sorted().map { word -> [String?] in
        let places = (report.inQueue[word] ?? [:]).sorted { $0.key.rawValue < $1.key.rawValue }
          .map { "\($0.value) \($0.key.rawValue)" }
        let gone = report.gone[word].map { ["\($0) gone"] } ?? []
        return [
          word, "\(report.inSource[word] ?? 0)",
          (places + gone).isEmpty ? nil : (places + gone).joined(separator: ", "),
        ]
      }
      try Table([.text("in the file"), .number("tasks"), .text("added, and now")], rows).print()
      var parts = ["added \(report.added)"]
      if report.alreadyThere > 0 { parts.append("\(report.alreadyThere) there before") }
      if report.keysTaken > 0 { parts.append("\(report.keysTaken) with a key that is taken") }
      if report.badCount > 0 { parts.append("\(report.badCount) left out") }
      if report.isVerified { parts.append("counts agree") }
      try printLine(parts.joined(separator: ", "))
    }

    private func json(_ report: ImportReport) -> JSONValue {
      let statuses = report.inSource.keys.sorted().map { word -> JSONValue in
        let places = (report.inQueue[word] ?? [:]).sorted { $0.key.rawValue < $1.key.rawValue }
        return .object([
          ("status", .string(word)), ("in_file", JSONValue(report.inSource[word] ?? 0)),
          (
            "in_queue",
            .object(places.map { (key: $0.key.rawValue, value: JSONValue($0.value)) })
          ),
          ("gone", JSONValue(report.gone[word] ?? 0)),
        ])
      }
      return .object([
        ("import", .integer(report.importID)), ("source", .string(report.source)),
        ("is_resumed", JSONValue(report.isResumed)), ("is_verified", JSONValue(report.isVerified)),
        ("added", JSONValue(report.added)), ("already_there", JSONValue(report.alreadyThere)),
        ("keys_taken", JSONValue(report.keysTaken)), ("bad", JSONValue(report.badCount)),
        ("statuses", .array(statuses)),
      ])
    }
  }

  /// `taskqueue import list`
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the imports that the queue remembers.")

    @OptionGroup var options: QueueOptions

    func run() throws {
      let imports = try TaskImport(try options.openDatabase()).imports()
      if options.json {
        return try JSONValue.array(
          imports.map { entry in
            .object([
              ("import", .integer(entry.importID)), ("source", .string(entry.source)),
              ("state", .string(entry.state)), ("added", JSONValue(entry.added)),
            ])
          }
        ).print()
      }
      if imports.isEmpty { return try printLine("no imports") }
      let columns: [Table.Column] = [
        .number("import"), .text("state"), .number("added"), .long("source"),
      ]
      try Table(
        columns,
        imports.map { ["\($0.importID)", $0.state, "\($0.added)", $0.source] }
      ).print()
    }
  }

  /// `taskqueue import rollback`
  struct Rollback: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rollback", abstract: "Take an import back, finished or not.",
      discussion: """
        Removes the tasks that it has added and that nobody has touched since; tasks that were claimed, cancelled \
        or changed stay.
        """)

    @Argument(help: "The import's number.")
    var number: Int64

    @OptionGroup var options: QueueOptions

    func run() throws {
      let report = try TaskImport(try options.openDatabase()).rollBack(number)
      if options.json {
        return try JSONValue.object([
          ("removed", JSONValue(report.removed)), ("gone", JSONValue(report.gone)),
          ("kept_count", JSONValue(report.keptCount)),
          ("kept", .array(report.kept.map { JSONValue($0) })),
        ]).print()
      }
      var parts = ["removed \(counted(report.removed, "task"))"]
      if report.gone > 0 { parts.append("\(report.gone) gone before") }
      if report.keptCount > 0 {
        let ids = report.kept.map(\.description).joined(separator: " ")
        parts.append("kept \(report.keptCount) that were touched since: \(ids)")
      }
      try printLine(parts.joined(separator: ", "))
    }
  }
}
