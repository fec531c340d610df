internal import ArgumentParser
internal import Foundation
internal import Platform
internal import Reporting
internal import Results

/// `queuebench compare`
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two finished runs, cell by cell.",
    discussion: """
      Shown is by which factor B differs from A, with its 95 % interval: two-sample Hodges–Lehmann estimates on \
      logarithms. Better and worse stand where Mann and Whitney's test, with Holm's adjustment over all cells and \
      metrics, leaves less than 5 % to chance, and ~ elsewhere. Shares are compared by their difference in \
      percentage points. Nothing is judged here: `check --baseline` fails where a commit made something slower.
      """)

  @Argument(help: "The directory of the run that is compared with.", completion: .directory)
  var a: String

  @Argument(help: "The directory of the run that is compared.", completion: .directory)
  var b: String

  @Option(
    help: ArgumentHelp(
      "What is compared, as targets name it, with commas between.", valueName: "list"))
  var metrics: String?

  @Flag(help: "Compares runs of different machines, too.")
  var acrossMachines = false

  @Option(help: "Draws the intervals into a directory.", completion: .directory)
  var plot: String?

  @OptionGroup var output: ComparisonOutputOptions

  func run() throws {
    try reportingErrors {
      let (a, b) = (try StoredRun(readingInput: a), try StoredRun(readingInput: b))
      let comparison = try RunComparison(
        a, b, by: try comparedMetrics(), acrossMachines: acrossMachines)
      output.print(comparison)
      let files = output.write(comparison)
      if let plot {
        for picture in try draw(comparison, in: plot) where output.format == .text {
          print("Plot: \(picture)")
        }
      }
      try files.finish()
      if a.isInvalid || b.isInvalid { throw Outcome.historyInvalid.exitCode }
    }
  }

  private func comparedMetrics() throws -> [ComparedMetric] {
    guard let metrics else { return ComparedMetric.standard }
    return try metrics.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let name = part.trimmingCharacters(in: .whitespaces)
      guard let metric = ComparedMetric.named(name) else {
        throw ValidationError(
          "--metrics: \"\(name)\" is nothing that runs are compared by; there are "
            + ComparedMetric.allNames.joined(separator: ", ") + ".")
      }
      return metric
    }
  }

  private func draw(_ comparison: RunComparison, in directory: String) throws -> [String] {
    guard let plot = comparison.forestPlot else {
      printError("no plot: no metric of both runs has a ratio")
      return []
    }
    let plots = [plot]
    // The script stays where gnuplot is missing.
    try Gnuplot.write(plots, to: directory)
    return try Gnuplot().draw(plots, in: directory)
  }
}

extension ComparisonFormat: ExpressibleByArgument {}

/// How a comparison is shown: on standard output, in files, and in the summary of a job of GitHub Actions.
struct ComparisonOutputOptions: ParsableArguments {
  @Option(help: "How the comparison is printed.")
  var format = ComparisonFormat.text

  @Option(
    help: ArgumentHelp("Also writes the comparison as Markdown.", valueName: "file"),
    completion: .file(extensions: ["md"]))
  var exportMarkdown: String?

  @Option(
    help: ArgumentHelp("Also writes the comparison as JSON.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var exportJson: String?

  /// Prints a comparison.
  func print(_ comparison: RunComparison) {
    let environment = ProcessInfo.processInfo.environment
    Swift.print(
      comparison.rendered(
        as: format, width: Terminal.columns(of: 1, environment: environment),
        colours: Terminal.wantsColour(1, environment: environment)),
      terminator: "")
  }

  /// Writes the files that were asked for; what could not be written is said, and fails at the end.
  func write(_ comparison: RunComparison) -> ReportFiles {
    var files = ReportFiles()
    files.write(comparison.markdown, to: exportMarkdown)
    files.write(comparison.json, to: exportJson)
    files.addToJobSummary(
      comparison.markdown, environment: ProcessInfo.processInfo.environment)
    return files
  }
}
