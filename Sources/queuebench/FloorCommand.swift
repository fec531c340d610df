internal import ArgumentParser
internal import Foundation
internal import LoadGeneration
internal import Reporting
internal import Statistics

/// `queuebench floor`
struct FloorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "floor",
    abstract: "Compare the engine with a C program that executes the same statements by hand.",
    discussion: """
      One process, WAL. Blocks of engine and floor run in turn; shown are the medians per operation \
      and the ratio of engine to floor: its median over the pairs of blocks and, in brackets, its 95 % \
      interval.
      """)

  @Option(help: "Pairs of blocks per value of synchronous.")
  var blocks = 31

  @Option(help: "Operations of each kind in a block.")
  var operations = 3000

  @Option(help: "Tasks per transaction.")
  var batch = 1

  @Option(help: "Bytes of payload.")
  var payloadBytes = 256

  @Option(help: "The C program; by default sqlite-floor beside this one.")
  var floor: String?

  @OptionGroup var options: TrialOptions

  func validate() throws {
    guard blocks >= 1, operations >= 1, batch >= 1, payloadBytes >= 2 else {
      throw ValidationError(
        "--blocks, --operations and --batch must be at least 1, "
          + "--payload-bytes at least 2.")
    }
  }

  func run() throws {
    try reportingErrors {
      try options.requireRelease()
      let floor = try options.companion("sqlite-floor", given: floor)
      var plan = FloorComparison.Plan()
      plan.blocks = blocks
      plan.operations = operations
      plan.batch = batch
      plan.payloadBytes = payloadBytes
      let comparison = FloorComparison(
        plan: plan, executable: Build.executablePath, floorExecutable: floor,
        directory: options.workDirectory("floor"))
      let report = try comparison { _, _ in }
      show(report)
    }
  }

  /// Tasks per second at that many µs per transaction.
  private func rate(_ us: Double) -> String {
    (Double(batch) * 1_000_000 / us).formatted(
      .number.precision(.fractionLength(0)).locale(Locale(identifier: "en_US")))
  }

  private func show(_ report: FloorComparison.Report) {
    let rows = report.lines.map { line in
      [
        line.synchronous, line.operation, String(format: "%.1f µs", line.engineUs),
        String(format: "%.1f µs", line.floorUs), String(format: "%.3f", line.ratio),
        line.interval.map { String(format: "[%.3f, %.3f]", $0.low, $0.high) } ?? "",
      ]
    }
    print(
      TextTable(
        titles: ["synchronous", "operation", "engine", "floor", "ratio", "interval"], rows: rows
      ).text(width: nil))
    print("\(blocks) pairs of blocks, \(batch) task\(batch == 1 ? "" : "s") per transaction")
    for synchronous in Set(report.lines.map(\.synchronous)).sorted(by: >) {
      let us = Dictionary(
        report.lines.filter { $0.synchronous == synchronous }.map { ($0.operation, $0.engineUs) },
        uniquingKeysWith: { first, _ in first })
      guard let enqueue = us["enqueue"], let claim = us["claim"], let complete = us["complete"]
      else { continue }
      print(
        "engine at \(synchronous): \(rate(enqueue)) tasks/s enqueued, "
          + "\(rate(claim + complete)) tasks/s claimed and completed")
    }
    if let recording = report.recording {
      let shares = recording.shares.map {
        "\(String(format: "%.2f", $0.share * 100)) % of \($0.operation)"
      }
      print(
        """
        recording: \(String(format: "%.0f", recording.nsPerOperation)) ns per operation at NORMAL: \
        \(shares.joined(separator: ", "))
        """)
    }
  }
}
