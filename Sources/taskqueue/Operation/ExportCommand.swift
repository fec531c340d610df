internal import ArgumentParser
internal import QueueEngine
internal import QueueOperations

/// `taskqueue export`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write all tasks to a file, as they are at one moment.",
    discussion: """
      As JSON Lines (jsonl) nothing is lost; the other format is the TSV file of dbbasic-queue, which has no room \
      for some columns: what is lost is told.

        taskqueue export tasks.jsonl
        taskqueue export queue.tsv
        taskqueue export - | gzip > tasks.jsonl.gz
      """)

  @Argument(
    help: ArgumentHelp(
      "The file, which must not be there; - is standard output.", valueName: "file"),
    completion: .file(extensions: ["jsonl", "tsv"]))
  var file: String

  @Option(help: "The format. (default: tsv for a file that ends so, else jsonl)")
  var format: TransferFormat?

  @OptionGroup var options: QueueOptions

  func run() throws {
    let format = format ?? (file.hasSuffix(".tsv") ? .tabSeparated : .jsonLines)
    if file != "-" { try PathFacts.requireFree(file) }
    let export = TaskExport(try options.openDatabase())
    let report: ExportReport
    if file == "-" {
      report = try Self.writeToStandardOutput(export, format)
    } else {
      report = try export.write(format, to: file)
    }
    for (column, count) in report.lost.sorted(by: { $0.key < $1.key }) {
      reportWarning("\(column) of \(counted(count, "task")) is lost: the format has no room for it")
    }
    // Standard output holds the tasks.
    if file == "-" { return }
    if options.json {
      let statuses = TaskStatus.allCases.map { status in
        (key: status.rawValue, value: JSONValue(report.byStatus[status] ?? 0))
      }
      return try JSONValue.object([
        ("tasks", JSONValue(report.tasks)), ("by_status", .object(statuses)),
        (
          "lost",
          .object(
            report.lost.sorted { $0.key < $1.key }.map { (key: $0.key, value: JSONValue($0.value)) }
          )
        ),
      ]).print()
    }
    try printLine("exported \(counted(report.tasks, "task")) to \(escapingControls(file))")
  }

  private static func writeToStandardOutput(
    _ export: TaskExport, _ format: TransferFormat
  ) throws -> ExportReport {
    var buffer: [UInt8] = []
    do {
      let report = try export.write(format) { line in
        buffer.append(contentsOf: line)
        if buffer.count >= 1 << 16 {
          try write(buffer)
          buffer.removeAll(keepingCapacity: true)
        }
      }
      try write(buffer)
      return report
    } catch is ReaderGone {
      // Half an export is none.
      throw CommandFailure(.inputOutput, "standard output was closed before all tasks were written")
    }
  }
}
