internal import ArgumentParser
internal import Foundation
internal import LoadGeneration
internal import Verification

/// `queuebench checker`
struct CheckerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checker",
    abstract: "Try the check of histories out: its speed, and whether it catches faults.",
    discussion: """
      Simulates producers and consumers of a sound queue, writes their logs and the database that they \
      would leave, and judges them. Then it plants one fault after the other in a smaller history.

      Exit codes: 0 fine, 4 if a fault was not caught or something was found in a sound history.
      """)

  @Option(help: "Records of operations in the history that is timed.")
  var operations = 1_000_000

  @Option(help: "The strategy of the history that is timed.")
  var strategy = SimulatedLoad.Order.priority

  @Option(help: "Records of operations in the histories with faults.")
  var faultOperations = 12_000

  @Option(help: "Decides everything that is random.")
  var seed: UInt64 = 42

  @Option(help: "Where logs and databases lie meanwhile.", completion: .directory)
  var databases = FileManager.default.temporaryDirectory.path

  func validate() throws {
    guard (1000...50_000_000).contains(operations),
      (5000...50_000_000).contains(faultOperations)
    else {
      throw ValidationError(
        "--operations must be from 1000, --fault-operations from 5000 to 50000000.")
    }
  }

  func run() throws {
    try reportingErrors {
      let trial = CheckerTrial(
        seed: seed,
        directory: "\(databases)/checker-\(ProcessInfo.processInfo.processIdentifier).work")
      let isValid = show(try trial.measure(records: operations, order: strategy))
      print()
      var missed = 0
      for fault in SeededFault.allCases {
        let answer = try trial.tryOut(fault, records: faultOperations)
        show(answer)
        if !answer.isCaught { missed += 1 }
      }
      let count = SeededFault.allCases.count
      print("\n\(count - missed) of \(count) faults caught, seed \(seed)")
      if !isValid || missed > 0 { throw Outcome.historyInvalid.exitCode }
    }
  }

  private func show(_ measurement: CheckerTrial.Measurement) -> Bool {
    let judgement = measurement.judgement
    let rate = Double(measurement.records) / measurement.seconds
    print(
      """
      \(measurement.records) operations on \(measurement.tasks) tasks judged in \
      \(String(format: "%.2f", measurement.seconds)) s: \
      \(String(format: "%.0f", rate)) operations/s, \
      peak memory \(measurement.peakRSSBytes / 1_000_000) MB
        reading logs \(String(format: "%.2f", measurement.readingSeconds)) s, reading the database \
      and integrity_check \(String(format: "%.2f", measurement.databaseSeconds)) s
        \(judgement.verdict.rawValue)\(judgement.summary.isEmpty ? "" : ": " + judgement.summary)
        \(judgement.redelivered) redelivered, \(judgement.recovered) recovered, \
      \(judgement.refused) refused, \(judgement.unfinished) unfinished, longest ready \
      \(judgement.oldestReadyNs / 1_000_000) ms
      """)
    if !Build.isRelease { print("  (a debug build: the times mean nothing)") }
    return judgement.verdict == .valid
  }

  private func show(_ answer: CheckerTrial.Answer) {
    let verdict =
      answer.isCaught ? "caught    " : answer.isPlanted ? "NOT CAUGHT" : "NOT PLANTED"
    print("\(verdict)  \(answer.fault.rawValue): \(answer.judgement.summary)")
    if answer.soundJudgement.verdict != .valid {
      print("            without the fault: \(answer.soundJudgement.summary)")
    }
  }
}

extension SimulatedLoad.Order: ExpressibleByArgument {}
