internal import ArgumentParser
internal import QueueEngine
internal import QueueOperations

/// `taskqueue workers`
struct WorkersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workers",
    abstract: "See who works, and take tasks from those who have fallen silent.",
    discussion: """
      A worker is active while its heartbeats come, then late, then stale.

        taskqueue workers
        taskqueue workers list --stale
        taskqueue workers show host-4711 --window 1h
        taskqueue workers reclaim --stale-after 2min
        taskqueue workers cleanup --force
      """,
    subcommands: [List.self, Show.self, Reclaim.self, Cleanup.self], defaultSubcommand: List.self)

  /// `taskqueue workers list`
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List workers, the one heard of last first.")

    @Flag(help: "Those that are active.")
    var active = false

    @Flag(help: "Those that are stale.")
    var stale = false

    @Option(
      help: ArgumentHelp("How old the last heartbeat of an active one may be.", valueName: "time"))
    var activeWithin = TimeLength(ms: 60_000)

    @Option(help: ArgumentHelp("How old that of a stale one is.", valueName: "time"))
    var staleAfter = TimeLength(ms: 300_000)

    @OptionGroup var options: QueueOptions

    func run() throws {
      let thresholds = WorkerThresholds(
        activeWithin: activeWithin.duration, staleAfter: staleAfter.duration)
      let all = try WorkerRegistry(database: try options.openDatabase()).summary(
        thresholds: thresholds)
      let shown = all.filter { worker in
        guard active || stale else { return true }
        return (active && worker.liveness == .active) || (stale && worker.liveness == .stale)
      }
      if options.json { return try JSONValue.array(shown.map(json)).print() }
      if shown.isEmpty { return try printLine("no workers") }
      let columns: [Table.Column] = [
        .text("worker"), .text("state"), .text("heard of"), .number("holds"),
        .long("capabilities"),
      ]
      let rows: [[String?]] = shown.map { worker in
        [
          worker.id, worker.liveness.rawValue, worker.silenceMs.map(Self.ago),
          "\(worker.heldTasks)", worker.worker.capabilities,
        ]
      }
      try Table(columns, rows).print()
    }

    private static func ago(_ silenceMs: Int64) -> String {
      silenceMs < 0
        ? "clock \(durationText(ms: silenceMs)) ahead" : "\(durationText(ms: silenceMs)) ago"
    }

    private func json(_ worker: WorkerSummary) -> JSONValue {
      .object([
        ("id", .string(worker.id)), ("state", .string(worker.liveness.rawValue)),
        ("last_heartbeat", JSONValue(worker.worker.lastHeartbeat)),
        ("silence_ms", JSONValue(worker.silenceMs)), ("held_tasks", JSONValue(worker.heldTasks)),
        ("capabilities", .stored(worker.worker.capabilities)),
      ])
    }
  }

  /// `taskqueue workers show`
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Say what a worker holds and has done of late.")

    @Argument(help: "The worker's id.")
    var worker: String

    @Option(help: ArgumentHelp("How far to look back.", valueName: "time"))
    var window = TimeLength(ms: 86_400_000)

    @OptionGroup var options: QueueOptions

    func run() throws {
      let now = Timestamp.now()
      let stats = try WorkerRegistry(database: try options.openDatabase()).stats(
        of: worker, window: window.duration, now: now)
      if options.json {
        return try JSONValue.object([
          ("id", .string(stats.workerID)), ("last_heartbeat", JSONValue(stats.lastHeartbeat)),
          ("held_tasks", JSONValue(stats.heldTasks)), ("window_ms", .integer(window.ms)),
          ("completed", JSONValue(stats.completed)), ("failed", JSONValue(stats.failed)),
          ("retried", JSONValue(stats.retried)),
        ]).print()
      }
      let since = "in the last \(durationText(ms: window.ms))"
      var facts = FactList()
      facts.add("worker", stats.workerID)
      facts.add(
        "heartbeat", stats.lastHeartbeat.map { momentText($0, now: now) } ?? "never, or long gone")
      facts.add("holds", counted(stats.heldTasks, "task"))
      facts.add("completed", "\(stats.completed) \(since)")
      facts.add("failed", "\(stats.failed) \(since)")
      facts.add("retried", "\(stats.retried) \(since), as far as the task log knows")
      try facts.print()
    }
  }

  /// `taskqueue workers reclaim`
  struct Reclaim: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reclaim",
      abstract: "Give back what stale workers hold, before their leases run out.")

    @Option(help: ArgumentHelp("How old the last heartbeat of a stale one is.", valueName: "time"))
    var staleAfter = TimeLength(ms: 300_000)

    @OptionGroup var options: QueueOptions

    func run() throws {
      let result = try WorkerRegistry(database: try options.openDatabase()).reclaim(
        staleAfter: staleAfter.duration)
      if options.json { return try JSONValue.object(WorkersCommand.members(result)).print() }
      try printLine(WorkersCommand.text(result))
    }
  }

  /// `taskqueue workers cleanup`
  struct Cleanup: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "cleanup", abstract: "Forget stale workers that hold nothing.")

    @Option(help: ArgumentHelp("How old the last heartbeat of a stale one is.", valueName: "time"))
    var staleAfter = TimeLength(ms: 300_000)

    @Flag(help: "Gives back what they hold, and forgets those, too.")
    var force = false

    @OptionGroup var options: QueueOptions

    func run() throws {
      let result = try WorkerRegistry(database: try options.openDatabase()).cleanup(
        staleAfter: staleAfter.duration, force: force)
      if options.json {
        return try JSONValue.object(
          [(key: "forgotten", value: JSONValue(result.forgotten))]
            + WorkersCommand.members(result.reclaimed)
        ).print()
      }
      let reclaimed = force ? "; \(WorkersCommand.text(result.reclaimed))" : ""
      try printLine("forgot \(counted(result.forgotten, "worker"))\(reclaimed)")
    }
  }

  private static func text(_ result: ReclaimResult) -> String {
    "gave back \(counted(result.requeued, "task")), "
      + "and put \(result.deadLettered) without attempts left into dead_letter"
  }

  private static func members(_ result: ReclaimResult) -> [(key: String, value: JSONValue)] {
    [
      ("requeued", JSONValue(result.requeued)), ("dead_lettered", JSONValue(result.deadLettered)),
    ]
  }
}
