internal import ArgumentParser
internal import Foundation
internal import LoadGeneration
internal import Platform

/// `queuebench stall`
struct StallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stall",
    abstract: "Show that a stall is counted: stop a producer of an open loop for a while.",
    discussion: """
      Response times count from when operations were due, so those that were due during the stall must \
      show it as arithmetic says. What the other producers do takes no longer than before, apart from \
      the write lock that the stopped one may hold. Fails with 2 if a percentile is off by more than the \
      tolerance, or the others suffered.
      """)

  @Option(help: "How long the producer is stopped, in ms.")
  var stallMs = 500

  @Option(help: "Tasks per second of all four producers.")
  var rate = 1000

  @Option(help: "How much is measured, in ms.")
  var measureMs = 5000

  @Option(help: "How far a percentile may be off, relative to what is expected.")
  var tolerance = 0.1

  @Option(help: "How long any operation of the others may take beyond the lock, in ms.")
  var othersLimitMs = 100.0

  @OptionGroup var options: TrialOptions

  func validate() throws {
    guard (10...10_000).contains(stallMs), (4...100_000).contains(rate), measureMs >= 2 * stallMs
    else {
      throw ValidationError(
        "--stall-ms must be from 10 to 10000, --rate from 4 to 100000, and --measure-ms at least "
          + "twice --stall-ms.")
    }
  }

  func run() throws {
    try reportingErrors {
      try options.requireRelease()
      let interrupts = try InterruptMonitor()
      defer { interrupts.stop() }
      var plan = StallTrial.Plan()
      (plan.stallMs, plan.ratePerSecond, plan.measureMs) = (stallMs, rate, measureMs)
      let report = try StallTrial(
        plan: plan, executable: Build.executablePath, directory: options.workDirectory("stall"),
        interrupts: interrupts)()
      show(report, producers: plan.producers)
      let isOff = report.responses.contains { $0.error > tolerance }
      if isOff || report.othersBeyondLockMaxMs > othersLimitMs {
        throw Outcome.targetMissed.exitCode
      }
    }
  }

  private func show(_ report: StallTrial.Report, producers: Int) {
    print(
      "one of \(producers) producers stopped for \(stallMs) ms, \(rate) tasks/s, "
        + "\(report.operations) operations")
    for response in report.responses {
      print(
        String(
          format: "response p%.3f: %.1f ms, expected %.1f ms (off by %.1f %%)",
          response.quantile * 100, response.measuredMs, response.expectedMs, response.error * 100))
    }
    print(
      String(
        format: "the other producers' service time: at most %.2f ms; beyond the write lock p99.9 "
          + "%.2f ms, at most %.2f ms", report.othersServiceMaxMs, report.othersBeyondLockP999Ms,
        report.othersBeyondLockMaxMs))
  }
}
