internal import Foundation
internal import Platform
internal import Results
internal import Scenarios
internal import Verification

/// Runs single repeats of settings that are no cell of any scenario, for what is compared pair by pair.
final class BlockRunner {
  /// Why a block has no numbers.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let executable: String
  private let directory: String
  private let times: PhaseTimes
  private let seed: UInt64
  private let interrupts: InterruptMonitor
  private let templates: DatabaseTemplates

  /// - Parameters:
  ///   - executable: this program, which is spawned as every child.
  ///   - directory: for the databases; made, and removed with this object.
  ///   - times: how long the phases of a block take.
  ///   - seed: fixes what is random; blocks of the same number are offered the same tasks.
  ///   - interrupts: ends a block when it counts a signal.
  /// - Throws: `SystemError` if the directory cannot be made.
  init(
    executable: String, directory: String, times: PhaseTimes, seed: UInt64,
    interrupts: InterruptMonitor
  ) throws {
    self.executable = executable
    self.directory = directory
    self.times = times
    self.seed = seed
    self.interrupts = interrupts
    templates = DatabaseTemplates(directory: directory, seed: seed)
    try makeDirectory(directory, withParents: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// Runs one block; `inspect` may look at the operation logs before they are removed.
  func run(
    _ settings: CellSettings, block: Int, stalls: [Stall] = [], slices: [MeasuringSlice] = [],
    inspect: (_ logDirectory: String) throws -> Void = { _ in }
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
      cell: Cell(settings: settings), repeatNumber: block, run: "", times: times,
      seed: Seeds.ofRepeat(block, scenario: seed), commit: "", executable: executable,
      directory: place, logDirectory: logs.path, templates: templates, interrupts: interrupts,
      stalls: stalls, slices: slices, onProgress: nil)
    switch try runner() {
    case .interrupted: throw CancellationError()
    case .finished(let findings):
      let result = findings.result
      guard result.status == .measured, result.verdict != .invalid else {
        throw Failure(description: "block \(block): \(result.detail)")
      }
      try inspect(logs.path)
      return findings
    }
  }
}
