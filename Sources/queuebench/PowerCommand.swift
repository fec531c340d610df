internal import ArgumentParser
internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Reporting
internal import Scenarios
internal import Verification

/// `queuebench power`
struct PowerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "power",
    abstract: "Cut the power, on paper, at thousands of moments: what does each setting lose?",
    discussion: """
      For each cell, its processes run for a moment and log every write, truncation, sync and deletion in one \
      order, with the operations that were acknowledged. From that follows what a disk may hold after a power \
      cut at any moment: all that was synced, and any part of the rest, torn and out of order. SQLite opens \
      it, and what it knows is held against what was acknowledged.

      Fails with 4 if a setting loses what its durability class promises to keep: with `power`, anything that \
      was acknowledged; with `process`, anything but the latest operations, or a sound file. The first such cut of a \
      cell is kept then: the database before, the log of what was done to it, and the files after.
      """)

  @Argument(help: "The scenario's file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario = "scenarios/power.yaml"

  @Option(help: "Power cuts per cell.")
  var cuts = 10_000

  @Option(
    help: "Where the evidence of a broken promise is kept, in a directory of its own.",
    completion: .directory)
  var evidence = "results"

  @Option(help: "Only this cell (c01).")
  var cell: String?

  @OptionGroup var options: TrialOptions

  func validate() throws {
    guard (1...10_000_000).contains(cuts) else {
      throw ValidationError("--cuts must be from 1 to 10000000.")
    }
  }

  func run() throws {
    try reportingErrors {
      let scenario = try Scenario.load(path: scenario)
      let cells = scenario.cells.filter { cell == nil || $0.id == cell }
      guard !cells.isEmpty else {
        throw InputError(
          "--cell \(cell ?? ""): \(self.scenario) has the cells "
            + scenario.cells.map(\.id).joined(separator: ", "))
      }
      let interrupts = try InterruptMonitor()
      defer { interrupts.stop() }
      let trial = try PowerTrial(
        executable: Build.executablePath, directory: options.workDirectory("power"),
        seed: scenario.seed, interrupts: interrupts)
      let kept = "\(evidence)/power-\(scenario.name)-\(RunSession.stamp(Date(), "yyyyMMdd-HHmmss"))"
      var outcome: Outcome?
      do {
        for cell in cells { try show(cell, trial, &outcome, evidencePath: "\(kept)/\(cell.id)") }
      } catch is CancellationError {
        printError("interrupted")
        throw Outcome.interrupted.exitCode
      }
      if let outcome { throw outcome.exitCode }
    }
  }

  private func show(
    _ cell: Cell, _ trial: PowerTrial, _ outcome: inout Outcome?, evidencePath: String
  ) throws {
    print("\(cell.id) \(cell.summary)")
    if let reason = cell.refusal {
      print("  not run: \(reason)")
      outcome = outcome ?? .cellFailed
      return
    }
    let finding: PowerTrial.Finding
    do {
      finding = try trial(cell.settings, cuts: cuts, evidencePath: evidencePath)
    } catch let failure as BlockRunner.Failure {
      print("  could not run: \(failure)")
      outcome = outcome ?? .cellFailed
      return
    }
    for line in PowerText.lines(finding.loss, promised: finding.promised) { print("  \(line)") }
    if let kept = finding.evidence { print("  \(kept)") }
    if finding.complaint(about: finding.promised) != nil { outcome = .historyInvalid }
  }
}
