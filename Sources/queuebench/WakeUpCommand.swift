internal import ArgumentParser
internal import Foundation
internal import LoadGeneration
internal import Recording
internal import Statistics

/// `queuebench wakeup`
struct WakeUpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wakeup",
    abstract: "Measure how fast an idle worker in another process is woken.",
    discussion: """
      From the commit of an enqueue to the first instruction of the handler, with the engine's real \
      worker, which has nothing to do in between.
      """)

  @Option(help: "How many tasks at each distance.")
  var samples = 2000

  @Option(
    parsing: .upToNextOption,
    help: "Mean milliseconds between two of them; the longer a machine has slept, the colder it is."
  )
  var gapMs = [1, 5, 20]

  @Option(help: "Where the database lies meanwhile.", completion: .directory)
  var databases = "."

  @Option(help: "The worker's program; by default worker-probe beside this one.")
  var worker: String?

  @OptionGroup var options: TrialOptions

  func validate() throws {
    guard (1...1_000_000).contains(samples), gapMs.allSatisfy((1...10_000).contains) else {
      throw ValidationError(
        "--samples must be from 1 to 1000000, each --gap-ms from 1 to 10000.")
    }
  }

  func run() throws {
    try reportingErrors {
      try options.requireRelease()
      let worker = try options.companion("worker-probe", given: worker)
      print("enqueue committed → handler entered, an idle worker in another process, in µs:")
      for gapMs in gapMs {
        var plan = WakeUpMeasurement.Plan()
        plan.samples = samples
        plan.gapMs = gapMs
        let latencies = try WakeUpMeasurement(
          plan: plan, workerExecutable: worker,
          directory: options.workDirectory("wakeup"))()
        show(latencies, gapMs: gapMs)
      }
    }
  }

  private func show(_ latencies: LatencyHistogram, gapMs: Int) {
    let quantiles: [(String, Double)] = [
      ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999),
    ]
    let parts = quantiles.compactMap { name, quantile -> String? in
      guard samples >= minimumSampleCount(forQuantile: quantile) else { return nil }
      return latencies.value(atQuantile: quantile).map { "\(name) \($0 / 1000)" }
    }
    print(
      "every \(gapMs) ms or so:  "
        + (parts + ["max \(latencies.maxNs / 1000)"]).joined(separator: "  ")
        + "  (\(latencies.count) samples)")
  }
}
