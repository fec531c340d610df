internal import ArgumentParser
internal import Foundation
internal import Platform
internal import Reporting

extension GateFormat: ExpressibleByArgument {}

/// How a gate says what it found: on standard output, in files, and to GitHub where that runs it.
struct GateOutputOptions: ParsableArguments {
  @Option(help: "How the report is printed.")
  var format = GateFormat.text

  @Option(
    help: ArgumentHelp("Also writes the report as Markdown.", valueName: "file"),
    completion: .file(extensions: ["md"]))
  var exportMarkdown: String?

  @Option(
    help: ArgumentHelp("Also writes the report as JUnit XML.", valueName: "file"),
    completion: .file(extensions: ["xml"]))
  var exportJunit: String?

  @Option(
    help: ArgumentHelp("Also writes the report as JSON.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var exportJson: String?

  /// Prints a report, writes its files, and ends with the exit code that belongs to it: `overrule` if that is
  /// given, whatever the findings say.
  ///
  /// What overrules them becomes a finding of its own, so that no report can look better than the exit code:
  /// at `place`, by default the whole of what was judged, because of `detail`.
  ///
  /// Within a job of GitHub Actions, annotations are printed beside the text, and the Markdown goes into the
  /// job's summary. A file that cannot be written does not cost the report, but is the exit code.
  func finish(
    with report: GateReport, overruledBy overrule: Outcome? = nil, at place: String? = nil,
    because detail: String? = nil
  ) throws {
    var report = report
    if let overrule {
      report.findings.insert(overrule.finding(at: place ?? report.title, because: detail), at: 0)
    }
    let environment = ProcessInfo.processInfo.environment
    let workspace = environment["GITHUB_WORKSPACE"]
    print(
      report.rendered(
        as: format, width: Terminal.columns(of: 1, environment: environment),
        colours: Terminal.wantsColour(1, environment: environment), workspace: workspace),
      terminator: "")
    if format == .text, environment["GITHUB_ACTIONS"] == "true" {
      print(report.workflowCommands(workspace: workspace), terminator: "")
    }
    var files = ReportFiles()
    files.write(report.markdown, to: exportMarkdown)
    files.write(report.junit, to: exportJunit)
    files.write(report.json, to: exportJson)
    files.addToJobSummary(report.markdown, environment: environment)
    try files.finish()
    if let overrule { throw overrule.exitCode }
    switch report.outcome {
    case .met: break
    case .missed: throw Outcome.targetMissed.exitCode
    case .inconclusive: throw Outcome.inconclusive.exitCode
    }
  }
}

extension Outcome {
  /// An expectation that was not met and says why findings are overruled.
  fileprivate func finding(at place: String, because detail: String?) -> GateReport.Finding {
    let (expectation, measured, outcome): (String, String, GateReport.Outcome) =
      switch self {
      case .historyInvalid: ("a valid history", "INVALID", .missed)
      case .interrupted: ("everything measured", "interrupted", .inconclusive)
      default: ("something to be judged", "nothing", .missed)
      }
    return GateReport.Finding(
      place: place, expectation: expectation, measured: measured, outcome: outcome,
      explanation: detail
        ?? (self == .interrupted
          ? "only what was measured before is told" : "whatever else was measured is worth nothing")
    )
  }
}

/// The files of a report that is printed already: each is tried, whatever became of the others.
struct ReportFiles {
  private var hasFailed = false

  /// Replaces a file; nothing is done without a path.
  mutating func write(_ text: String, to path: String?) {
    if let path { write(text, to: path, mode: "w") }
  }

  /// Adds Markdown to the summary of a job of GitHub Actions, if this is one.
  mutating func addToJobSummary(_ markdown: String, environment: [String: String]) {
    guard let path = environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else { return }
    write("\(markdown)\n", to: path, mode: "a")
  }

  /// Fails if a file could not be written.
  func finish() throws {
    if hasFailed { throw Outcome.cannotWrite.exitCode }
  }

  private mutating func write(_ text: String, to path: String, mode: String) {
    guard let stream = fopen(path, mode) else { return fail(path) }
    let bytes = Array(text.utf8)
    let isWritten = fwrite(bytes, 1, bytes.count, stream) == bytes.count && fflush(stream) == 0
    let number = errno
    let isClosed = fclose(stream) == 0
    if !isWritten || !isClosed { fail(path, isWritten ? errno : number) }
  }

  private mutating func fail(_ path: String, _ number: Int32 = errno) {
    hasFailed = true
    printError("\(path): cannot be written: \(String(cString: strerror(number)))")
  }
}
