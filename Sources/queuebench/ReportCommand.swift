internal import ArgumentParser
internal import Foundation
internal import Reporting
internal import Results

/// `queuebench report`
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write the report of a run again, from its files alone.")

  @Argument(help: "The run's directory.", completion: .directory)
  var directory: String

  func run() throws {
    try reportingErrors { print(try RunReport(RunDirectory.open(directory)).write()) }
  }
}

/// The report of a run: `report.html` beside its CSV.
struct RunReport {
  private let directory: RunDirectory

  init(_ directory: RunDirectory) { self.directory = directory }

  /// Writes the page and returns its path; without gnuplot it is a page without pictures, which says so.
  func write() throws -> String {
    let page = try ReportPage(directory: directory)
    try directory.writePage(page.html(gnuplot: try? Gnuplot()), name: Self.fileName)
    return "\(directory.path)/\(Self.fileName)"
  }

  private static let fileName = "report.html"
}
