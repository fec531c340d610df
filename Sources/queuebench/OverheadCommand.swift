internal import ArgumentParser
internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Statistics

/// `queuebench overhead`
struct OverheadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "overhead",
    abstract: "Measure what measuring costs: a saturated load with and without instrumentation.",
    discussion: """
      Pairs of blocks in random order. Shown is the throughput with all instrumentation relative to that \
      without: the Hodges–Lehmann estimate over the pairs with its 95 % interval. Fails with 2 if the \
      interval lies below the limit, and with 5 if it holds it.
      """)

  @Option(help: "Pairs of blocks.")
  var pairs = 21

  @Option(help: "How much of a block is measured, in ms.")
  var measureMs = 2000

  @Option(help: "Producer processes.")
  var producers = 4

  @Option(help: "Consumer processes.")
  var consumers = 4

  @Option(help: "Decides who of each pair goes first.")
  var seed: UInt64 = 42

  @Option(help: "The throughput that instrumentation must leave, relative to that without it.")
  var atLeast = 0.98

  @OptionGroup var options: TrialOptions

  func validate() throws {
    guard pairs >= 1, measureMs >= 1, (1...256).contains(producers), (1...256).contains(consumers)
    else { throw ValidationError("--pairs, --measure-ms and the processes must be at least 1.") }
  }

  func run() throws {
    try reportingErrors {
      try options.requireRelease()
      let interrupts = try InterruptMonitor()
      defer { interrupts.stop() }
      var plan = InstrumentationTrial.Plan()
      (plan.producers, plan.consumers) = (producers, consumers)
      (plan.pairs, plan.measureMs, plan.seed) = (pairs, measureMs, seed)
      let trial = try InstrumentationTrial(
        plan: plan, executable: Build.executablePath,
        directory: options.workDirectory("overhead"), interrupts: interrupts)
      let report = try trial { number, pair in
        print(
          String(
            format: "%3d  with %.0f  without %.0f tasks/s  ratio %.3f", number, pair.with,
            pair.without, pair.with / pair.without))
      }
      try show(report)
    }
  }

  private func show(_ report: InstrumentationTrial.Report) throws {
    guard let ratio = report.ratio, let interval = ratio.interval else {
      print("too few pairs for an interval (6 are needed)")
      throw Outcome.inconclusive.exitCode
    }
    print(
      String(
        format: "%d + %d processes, saturated: throughput with instrumentation %.4f of that "
          + "without, 95 %% interval [%.4f, %.4f] of %d pairs", producers, consumers, ratio.value,
        interval.low, interval.high, report.pairs.count))
    if interval.high < atLeast { throw Outcome.targetMissed.exitCode }
    if interval.low < atLeast { throw Outcome.inconclusive.exitCode }
  }
}
