internal import ArgumentParser
internal import Platform
internal import Reporting
internal import Results
internal import Scenarios
internal import Verification

/// The exit codes of `queuebench`.
enum Outcome: Int32 {
  case targetMissed = 2
  case cellFailed = 3
  case historyInvalid = 4
  case inconclusive = 5
  case badInput = 65
  case toolMissing = 69
  case cannotWrite = 73
  case interrupted = 130

  var exitCode: ExitCode { ExitCode(rawValue) }

  /// The worst that rows of results hold; nil if nothing is wrong with them.
  init?(of rows: [RepeatResult]) {
    if rows.contains(where: { $0.verdict == .invalid }) {
      self = .historyInvalid
    } else if rows.contains(where: { $0.status != .measured }) {
      self = .cellFailed
    } else {
      return nil
    }
  }
}

extension Outcome {
  /// What the targets of a scenario say; nil if all are met.
  init?(of report: TargetReport) {
    if report.hasMissed {
      self = .targetMissed
    } else if report.hasInconclusive {
      self = .inconclusive
    } else {
      return nil
    }
  }
}

/// Input that fits no command; the description names the place and the remedy.
struct InputError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Runs a command's body and turns what it throws into lines on standard error and an exit code.
func reportingErrors(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as ExitCode {
    throw error
  } catch let error as ScenarioErrors {
    printError("\(error)")
    throw Outcome.badInput.exitCode
  } catch let error as InputError {
    printError("\(error)")
    throw Outcome.badInput.exitCode
  } catch let error as ComparisonRefusal {
    printError("\(error)")
    throw Outcome.badInput.exitCode
  } catch let error as ResultsError {
    printError("\(error)")
    switch error.code {
    case .system: throw Outcome.cannotWrite.exitCode
    case .alreadyExists, .invalidRunName, .malformed, .notARun, .otherAxes:
      throw Outcome.badInput.exitCode
    }
  } catch let error as SystemError {
    // Where databases were to lie; what goes wrong within a repeat is a row of the results.
    printError("\(error)")
    throw Outcome.cannotWrite.exitCode
  } catch let failure as Gnuplot.Failure {
    printError("\(failure)")
    throw (failure == .notInstalled ? Outcome.toolMissing : .cannotWrite).exitCode
  } catch let error as ValidationError {
    throw error
  } catch {
    printError("\(error)")
    throw Outcome.cellFailed.exitCode
  }
}
