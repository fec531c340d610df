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
      The processes of one load have all instrumentation switched off and on again, slice by slice. Shown is \
      the throughput with it relative to that without, of neighbouring slices: the Hodges–Lehmann estimate over \
      the pairs with its 95 % interval. Fails with 2 if the interval lies below the limit, and with 5 if it \
      holds it.
      """)

  @Option(help: "Pairs of slices.")
  var pairs = 300

  @Option(help: "How long a slice is, in ms.")
  var sliceMs = 100

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
    guard pairs >= 1, (1...10_000).contains(sliceMs), (1...256).contains(producers),
      (1...256).contains(consumers)
    else { throw ValidationError("--pairs, --slice-ms and the processes must be at least 1.") }
  }

  func run() throws {
    try reportingErrors {
      try options.requireRelease()
      let interrupts = try InterruptMonitor()
      defer { interrupts.stop() }
      var plan = InstrumentationTrial.Plan()
      (plan.producers, plan.consumers) = (producers, consumers)
      (plan.pairs, plan.sliceMs, plan.seed) = (pairs, sliceMs, seed)
      let trial = InstrumentationTrial(
        plan: plan, executable: Build.executablePath,
        directory: options.workDirectory("overhead"), interrupts: interrupts)
      let report = try trial { number, pair in
        let throughputs = String(
          format: "%3d  with %.0f  without %.0f tasks/s", number, pair.with, pair.without)
        let ratio = pair.with / pair.without
        let hasRatio = pair.with > 0 && pair.without > 0
        print(throughputs + (hasRatio ? String(format: "  ratio %.3f", ratio) : "  no ratio"))
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
