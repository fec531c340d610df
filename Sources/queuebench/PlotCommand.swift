internal import ArgumentParser
internal import Foundation
internal import Reporting
internal import Results

/// `queuebench plot`
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draw the plots of a run again, from its CSV alone.")

  @Argument(help: "The run's directory.", completion: .directory)
  var directory: String

  func run() throws {
    try reportingErrors {
      for picture in try RunPlots(RunDirectory.open(directory)).draw(explains: true) {
        print(picture)
      }
    }
  }
}
