internal import Foundation
package import Platform
internal import Results
package import Scenarios
internal import Verification

/// Runs single repeats on demand: of settings that are compared pair by pair, or searched through.
package final class BlockRunner {
  /// Why a block has no numbers.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private let executable: String
  private let directory: String
  private let seed: UInt64
  private let times: PhaseTimes
  private let interrupts: InterruptMonitor
  private let run: String
  private let commit: String
  private let keepsDetails: Bool
  private let templates: DatabaseTemplates

  /// - Parameters:
  ///   - executable: this program, which is spawned as every child.
  ///   - directory: for the databases; made, and removed with this object.
  ///   - times: how long the phases of a block take, unless it is told otherwise.
  ///   - seed: fixes what is random; blocks of the same number are offered the same tasks.
  ///   - interrupts: ends a block when it counts a signal.
  ///   - run: the name of the run that the blocks belong to, for their rows.
  ///   - commit: what is measured, for the record.
  ///   - keepsDetails: whether distributions, phases and windows are wanted, too; without them, a short block
  ///     takes half of the time that it takes beyond its phases.
  /// - Throws: `SystemError` if the directory cannot be made.
  package init(
    executable: String, directory: String, times: PhaseTimes, seed: UInt64,
    interrupts: InterruptMonitor, run: String = "", commit: String = "", keepsDetails: Bool = true
  ) throws {
    self.executable = executable
    self.directory = directory
    self.times = times
    self.seed = seed
    self.interrupts = interrupts
    self.run = run
    self.commit = commit
    self.keepsDetails = keepsDetails
    templates = DatabaseTemplates(directory: directory, seed: seed)
    try makeDirectory(directory, withParents: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// Runs one block and returns whatever came of it: also one that was refused or failed, or whose history is
  /// invalid.
  ///
  /// Blocks with the same number are offered the same tasks at the same times, whatever their settings.
  /// Throws `CancellationError` when the user interrupts, and `SystemError` if no file can be made.
  package func measure(
    _ cell: Cell, block: Int, times: PhaseTimes? = nil
  ) throws -> RepeatFindings {
    try run(cell, block: block, times: times ?? self.times)
  }

  /// Runs one block, which must be measured and not invalid; `inspect` may look at the logs before they
  /// are removed.
  func run(
    _ settings: CellSettings, block: Int, faults: [FaultEvent] = [], slices: [MeasuringSlice] = [],
    times: PhaseTimes? = nil, logsWrites: Bool = false,
    inspect: (_ findings: RepeatFindings, _ logDirectory: String) throws -> Void = { _, _ in }
  ) throws -> RepeatFindings {
    try run(
      Cell(settings: settings), block: block, times: times ?? self.times, faults: faults,
      slices: slices, logsWrites: logsWrites
    ) { findings, logDirectory in
      let result = findings.result
      guard result.isUsable else {
        throw Failure(description: "block \(block): \(result.detail)")
      }
      try inspect(findings, logDirectory)
    }
  }

  private func run(
    _ cell: Cell, block: Int, times: PhaseTimes, faults: [FaultEvent] = [],
    slices: [MeasuringSlice] = [], logsWrites: Bool = false,
    inspect: (_ findings: RepeatFindings, _ logDirectory: String) throws -> Void = { _, _ in }
  ) throws -> RepeatFindings {
    let place = "\(directory)/block"
    try? FileManager.default.removeItem(atPath: place)
    try makeDirectory(place)
    let logs = try LogDirectory(fallback: place)
    defer {
      logs.remove()
      try? FileManager.default.removeItem(atPath: place)
    }
    let runner = RepeatRunner(
      cell: cell, repeatNumber: block, run: run, times: times,
      seed: Seeds.ofRepeat(block, scenario: seed), commit: commit, executable: executable,
      directory: place, logDirectory: logs.path, templates: templates, interrupts: interrupts,
      extraFaults: faults, logsWrites: logsWrites, slices: slices, keepsDetails: keepsDetails,
      onProgress: nil)
    switch try runner() {
    case .interrupted: throw CancellationError()
    case .finished(let findings):
      try inspect(findings, logs.path)
      return findings
    }
  }
}
