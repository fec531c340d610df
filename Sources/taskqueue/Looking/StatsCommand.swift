internal import ArgumentParser
internal import QueueConfiguration
internal import QueueEngine
internal import QueueOperations

/// `taskqueue stats`
struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Say how the queue is, and how it has fared of late.",
    discussion: """
      How many tasks there are, how long they wait, how many were completed and failed within --hours and how long \
      that took, who works, and what is wrong. Takes some milliseconds in a queue that counts its tasks, which \
      `taskqueue init` sees to, and else a look at every task.

        taskqueue stats
        taskqueue stats --hours 1
        taskqueue stats --json | jq .tasks.queued
        taskqueue stats --json | jq -e '.health.level != "critical"'
      """)

  @OptionGroup var past: HoursOption
  @OptionGroup var options: QueueOptions

  func run() throws {
    let effective = try options.effective()
    let report = try QueueMetrics(database: try options.openDatabase(effective))
      .report(hours: past.hours)
    let file = QueueFile(effective.configuration.databasePath)
    if options.json { return try json(report, file).print() }
    try tables(report)
    try facts(report, file).print()
  }

  private func json(_ report: MetricsReport, _ file: QueueFile) -> JSONValue {
    let text = MetricsText(report: report)
    let counts = report.depthByStatus
    let workers = Self.workers(report)
    return .object([
      (
        "tasks",
        .object(
          TaskStatus.allCases.map { (key: $0.rawValue, value: JSONValue(counts[$0] ?? 0)) }
            + [(key: "total", value: JSONValue(report.total))])
      ),
      ("types", text.types), ("oldest_queued_seconds", JSONValue(report.oldestQueuedAge)),
      ("window", text.window), ("throughput", text.throughput),
      ("success_rates", text.successRates), ("retries", text.retries),
      ("processing_times", text.processingTimes),
      (
        "workers",
        .object(
          workers.map { (key: $0.word, value: JSONValue($0.count)) }
            + [(key: "held_tasks", value: JSONValue(Self.heldCount(report)))])
      ),
      ("health", text.health), ("is_counting", JSONValue(report.isCounting)),
      (
        "file",
        [
          "path": .string(file.path), "bytes": .integer(file.bytes),
          "wal_bytes": .integer(file.walBytes),
        ]
      ),
    ])
  }

  // MARK: For people

  /// How many types are shown.
  private static let typeLimit = 20

  private func tables(_ report: MetricsReport) throws {
    let counts = report.depthByStatus
    let rows = TaskStatus.allCases.map { [$0.rawValue, "\(counts[$0] ?? 0)"] }
    try Table([.text("status"), .number("tasks")], rows + [["total", "\(report.total)"]]).print()
    try printLine()
    let types = MetricsText(report: report).countsByType
    if types.count > 1 {
      // Those with most to do.
      func open(_ counts: [TaskStatus: Int]) -> Int {
        (counts[.queued] ?? 0) + (counts[.processing] ?? 0)
      }
      let shown = types.sorted { (open($0.counts), $1.type) > (open($1.counts), $0.type) }
        .prefix(Self.typeLimit)
      try Table(
        [.long("type")] + TaskStatus.allCases.map { .number($0.rawValue) },
        shown.map { type, counts in [type] + TaskStatus.allCases.map { "\(counts[$0] ?? 0)" } }
      ).print()
      if types.count > shown.count {
        try printLine("… and \(types.count - shown.count) more types; --json has all of them")
      }
      try printLine()
    }
  }

  private func facts(_ report: MetricsReport, _ file: QueueFile) -> FactList {
    var facts = FactList()
    facts.add(
      "waiting",
      report.oldestQueuedAge.map { "the oldest task for \(durationText(ms: $0.wholeMs))" }
        ?? "nothing that is due")
    facts.add("last \(past.hours) h", Self.outcomes(report))
    facts.add("retries", Self.retries(report.retries))
    facts.add("processing", Self.times(report.processingTimes))
    let parts = Self.workers(report).filter { $0.count > 0 || $0.word == "active" }
      .map { "\($0.count) \($0.word)" }
    let held = "holding \(counted(Self.heldCount(report), "task"))"
    facts.add("workers", (parts + [held]).joined(separator: ", "))
    facts.add("health", report.health.level.rawValue)
    for problem in report.health.problems { facts.add("", problem.message) }
    if !report.isCounting {
      facts.add("counting", "no: every task was looked at; `taskqueue init` makes it count")
    }
    facts.add("file", file.path)
    facts.add("size", "\(byteText(file.bytes)), and \(byteText(file.walBytes)) of write-ahead log")
    return facts
  }

  private static func outcomes(_ report: MetricsReport) -> String {
    let outcomes = report.successRates.outcomes
    guard outcomes.total > 0 else { return "nothing has ended" }
    var parts = [
      "\(outcomes.completed) completed (\(rateText(report.throughput)))",
      "\(outcomes.failed) failed", "\(outcomes.deadLettered) in dead_letter",
      "\(outcomes.cancelled) cancelled",
    ]
    if let rate = outcomes.successRate { parts.append("\(percentText(rate)) successful") }
    return parts.joined(separator: ", ")
  }

  /// In the largest unit of time in which it is not too small a number.
  private static func rateText(_ throughput: Throughput) -> String {
    if throughput.completedPerSecond >= 1 {
      return "\(numberText(throughput.completedPerSecond))/s"
    }
    return throughput.completedPerMinute >= 1
      ? "\(numberText(throughput.completedPerMinute))/min"
      : "\(numberText(throughput.completedPerHour))/h"
  }

  private static func retries(_ retries: RetryMetrics) -> String? {
    guard let perTask = retries.attemptsPerTask else { return nil }
    return "\(retries.retriedTasks) of \(counted(retries.ended, "task")) took more than one "
      + "attempt; \(numberText(perTask)) attempts a task"
  }

  private static func times(_ times: ProcessingTimes?) -> String? {
    guard let times else { return nil }
    let shares = [
      ("mean", times.meanMs), ("p50", times.p50Ms), ("p90", times.p90Ms), ("p95", times.p95Ms),
      ("p99", times.p99Ms),
    ]
    return shares.map { "\($0.0) \(spanText(ms: $0.1))" }.joined(separator: ", ")
  }

  /// Registered workers by what their heartbeats say.
  private static func workers(_ report: MetricsReport) -> [(word: String, count: Int)] {
    WorkerLiveness.allCases.map { liveness in
      (liveness.rawValue, report.workers.count { $0.liveness == liveness })
    } + [("unregistered", report.workers.count { $0.liveness == nil })]
  }

  private static func heldCount(_ report: MetricsReport) -> Int {
    report.workers.reduce(0) { $0 + $1.heldTasks }
  }
}

/// How far to look back.
struct HoursOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How far to look back, from 1 to \(QueueMetrics.mostHours).", valueName: "hours"))
  var hours = 24

  func validate() throws {
    guard (1...QueueMetrics.mostHours).contains(hours) else {
      throw ValidationError("--hours must be from 1 to \(QueueMetrics.mostHours).")
    }
  }
}

/// How large a queue's files are.
private struct QueueFile {
  let path: String
  let bytes: Int64
  let walBytes: Int64

  init(_ path: String) {
    func byteCount(_ path: String) -> Int64 {
      if case .file(let byteCount) = PathFacts.of(path) { return byteCount }
      return 0
    }
    self.path = path
    bytes = byteCount(path)
    walBytes = byteCount(path + "-wal")
  }
}
