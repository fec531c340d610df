internal import ArgumentParser
internal import Reporting

/// How a gate says what it found.
struct GateOutputOptions: ParsableArguments {
  /// Prints a report, and ends with the exit code that belongs to it.
  func finish(with report: GateReport) throws {
    print(report.text, terminator: "")
    switch report.outcome {
    case .met: break
    case .missed: throw Outcome.targetMissed.exitCode
    case .inconclusive: throw Outcome.inconclusive.exitCode
    }
  }
}
