internal import ArgumentParser
internal import Platform
internal import QueueEngine
internal import QueueOperations

/// `taskqueue prune`
struct PruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Remove finished tasks and log entries, beside the work of others.",
    discussion: """
      In short transactions, between which others get the write lock; may be broken off and called again at any \
      time. A task goes with its log and its idempotency key. Tasks that wait or are held always stay.

        taskqueue prune --older-than 30d
        taskqueue prune --older-than 7d --status completed --status cancelled
        taskqueue prune --keep-newest 100000 --logs-older-than 14d
      """)

  @Option(help: ArgumentHelp("Tasks that ended longer ago than that: 12h, 30d.", valueName: "time"))
  var olderThan: TimeLength?

  @Option(
    help: ArgumentHelp(
      "With --older-than: only those that ended so. May be given several times.",
      valueName: "status"))
  var status: [TaskStatus] = []

  @Option(
    help: ArgumentHelp("All finished tasks but that many, the newest.", valueName: "count"))
  var keepNewest: Int?

  @Option(help: ArgumentHelp("Log entries older than that.", valueName: "time"))
  var logsOlderThan: TimeLength?

  @Option(help: ArgumentHelp("All log entries but that many, the newest.", valueName: "count"))
  var keepNewestLogs: Int?

  @Option(
    help: ArgumentHelp(
      "How long the write lock is held at a time, in milliseconds.", valueName: "ms"))
  var holdLimit = PositiveCount(4)

  @OptionGroup var options: QueueOptions

  func validate() throws {
    let rules: [Any?] = [olderThan, keepNewest, logsOlderThan, keepNewestLogs]
    if rules.allSatisfy({ $0 == nil }) {
      throw ValidationError(
        "What is to go? Give --older-than, --keep-newest, --logs-older-than or --keep-newest-logs.")
    }
    if !status.isEmpty, olderThan == nil { throw ValidationError("--status needs --older-than.") }
    if let open = status.first(where: { !$0.isFinal }) {
      throw ValidationError("--status \(open.rawValue): such tasks always stay.")
    }
  }

  func run() throws {
    let statuses = status.isEmpty ? TaskStatus.allCases.filter(\.isFinal) : status
    let ages = olderThan.map { length in Set(statuses).map { ($0, length.ms) } } ?? []
    let policy = Retention(
      tasksForMs: Dictionary(uniqueKeysWithValues: ages), tasksAtMost: keepNewest,
      logsForMs: logsOlderThan?.ms, logsAtMost: keepNewestLogs)
    try Self.carryOut(
      policy, on: try options.openDatabase(), holdLimitMs: holdLimit.value, asJSON: options.json)
  }

  /// Prunes, and ends early but cleanly when the user asks for it.
  static func carryOut(
    _ policy: Retention, on database: QueueDatabase, holdLimitMs: Int, asJSON: Bool
  ) throws {
    let interrupts = try InterruptMonitor()
    defer { interrupts.stop() }
    let report = try namingFlags(["holdLimitMs": "--hold-limit"]) {
      try QueueMaintenance(database).prune(
        policy, holdLimitMs: holdLimitMs, goingOnIf: { !interrupts.isInterrupted })
    }
    if asJSON {
      try JSONValue.object([
        ("tasks", JSONValue(report.tasks)), ("logs", JSONValue(report.logs)),
        ("batches", JSONValue(report.batches)),
        ("longest_hold_us", .integer(report.longestHoldUs)),
        ("is_complete", JSONValue(report.isComplete)),
      ]).print()
    } else {
      let entries = counted(report.logs, "log entry", "log entries")
      try printLine("removed \(counted(report.tasks, "task")) and \(entries)")
    }
    if !report.isComplete {
      throw CommandFailure(.interrupted, "broken off; the same command goes on where it was")
    }
  }
}
