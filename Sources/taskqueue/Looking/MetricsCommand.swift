internal import ArgumentParser
internal import QueueConfiguration
internal import QueueOperations

/// `taskqueue metrics`
struct MetricsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Print the queue's metrics for monitoring.",
    discussion: """
      Prints the text format that Prometheus reads: how many tasks there are, by type and status; how many were \
      ever added and have ended, how often they were tried again and how long they took (in queues that count their \
      tasks, which `taskqueue init` sees to); how long the oldest one waits; workers and leases. With --json, one \
      document with all metrics instead, those of the past over --hours.

        taskqueue metrics
        taskqueue metrics --json --hours 1 | jq .success_rates
        taskqueue metrics --json | jq -r .health.level

      For the node exporter's textfile collector, from cron or a timer each minute; the file is there whole or not \
      at all:

        taskqueue metrics --output /var/lib/node_exporter/taskqueue.prom
      """)

  @Option(
    help: ArgumentHelp(
      "How far --json looks back, from 1 to \(QueueMetrics.mostHours). (default: 24)",
      valueName: "hours"))
  var hours: Int?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Writes to that file instead, in one step: beside it first, and then under its name.",
      valueName: "file"),
    completion: .file())
  var output: String?

  @OptionGroup var options: QueueOptions

  func validate() throws {
    if hours != nil, !options.json {
      throw ValidationError(
        "--hours is for --json: the text holds totals, of which Prometheus makes rates itself.")
    }
    guard (1...QueueMetrics.mostHours).contains(hours ?? 24) else {
      throw ValidationError("--hours must be from 1 to \(QueueMetrics.mostHours).")
    }
  }

  func run() throws {
    let effective = try options.effective()
    if let output {
      try ReplacedFile.refuse(output, ifOneOf: effective.configuration.databasePath)
    }
    let metrics = QueueMetrics(database: try options.openDatabase(effective))
    let text =
      options.json
      ? MetricsText(report: try metrics.report(hours: hours ?? 24)).json.document
      : PrometheusText(of: try metrics.snapshot()).text
    if let output {
      try ReplacedFile.write(text, to: output)
    } else {
      try write(text)
    }
  }
}
