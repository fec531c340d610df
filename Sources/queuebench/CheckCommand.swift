internal import ArgumentParser
internal import Foundation
internal import Reporting
internal import Results
internal import Scenarios
internal import Verification

/// `queuebench check`
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Hold a run against targets, and against an earlier run.",
    discussion: """
      Targets are absolute limits such as claim.p95 < 10ms, lost == 0 or vm_steps.claim <= 120: those of \
      --targets, a YAML file with a list under targets, or else those of the run's scenario. A target is met if \
      the whole 95 % interval of the median keeps to it (below 6 repeats the whole range), missed if none of it \
      does, and inconclusive otherwise; counts have to hold in every repeat.

      A baseline is an earlier run of the same scenario on the same machine. Missed is what is worse than \
      --margin beyond chance, with Holm's adjustment over all cells and metrics; met is what keeps to the margin \
      with its whole 95 % interval. Shares such as busy_error_rate may always grow by 0.1 percentage points. \
      Counted costs (VM steps, statements, WAL frames, fsyncs) may not grow at all, and query plans may not \
      change. What only one of the two has is inconclusive.

      Exit codes: 0 all met, 2 something was missed, 4 the run has an invalid history, 5 inconclusive or no \
      baseline, 65 input that does not fit.
      """)

  @Argument(help: "The run's directory.", completion: .directory)
  var directory: String

  @Option(
    help: ArgumentHelp(
      "The targets; by default those of the run's scenario.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var targets: String?

  @Option(
    help: ArgumentHelp("The directory of an earlier run of the scenario.", valueName: "run"),
    completion: .directory)
  var baseline: String?

  @Option(help: "How much worse than the baseline a timing may be.")
  var margin = Percentage(share: 0.05)

  @Option(
    help: ArgumentHelp(
      "The timings that are compared with the baseline, as targets name them.", valueName: "list"))
  var metrics = MetricList.standard

  @Flag(help: "Compares only what is counted with the baseline, which may be of another machine.")
  var costsOnly = false

  @OptionGroup var output: GateOutputOptions

  func validate() throws {
    if costsOnly, baseline == nil { throw ValidationError("--costs-only needs a --baseline.") }
  }

  func run() throws {
    try reportingErrors {
      let run = try StoredRun(readingInput: directory)
      let baseline = try baseline.map { try read($0, against: run) }
      var findings = try targetFindings(run, hasBaseline: baseline != nil)
      var warnings = Self.warnings(on: run)
      if let baseline {
        let check = try BaselineCheck(
          run, against: baseline, margin: margin.share, metrics: metrics.metrics,
          costsOnly: costsOnly)
        findings += check.findings
        warnings += check.warnings.filter { !warnings.contains($0) }
      }
      findings += Self.completeness(of: run)
      let report = GateReport(title: title(run), warnings: warnings, findings: findings)
      try output.finish(with: report, overruledBy: run.isInvalid ? .historyInvalid : nil)
    }
  }

  /// The baseline at `path`, which must be there, and be another run.
  private func read(_ path: String, against run: StoredRun) throws -> StoredRun {
    guard FileManager.default.fileExists(atPath: path) else {
      printError(
        "\(path): there is no baseline; measure one from a commit that is known to be good: queuebench run "
          + "\(run.manifest.scenarioFile) --name …")
      throw Outcome.inconclusive.exitCode
    }
    func place(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
    guard place(path) != place(run.path) else {
      throw InputError(
        "\(path): is the run itself, which is always like itself; give an earlier one")
    }
    return try StoredRun(readingInput: path)
  }

  private func title(_ run: StoredRun) -> String {
    "check \(run.path)" + (baseline.map { " against \($0)" } ?? "")
  }

  private func targetFindings(
    _ run: StoredRun, hasBaseline: Bool
  ) throws -> [GateReport.Finding] {
    let record = RunRecord(rows: run.rows, manifest: run.manifest)
    let cells = TargetReport.cells(of: record)
    guard targets == nil else { return try findings(fromFile: run, cells) }
    guard !run.manifest.targets.isEmpty else {
      if hasBaseline { return [] }
      throw ValidationError(
        "There is nothing to check: the scenario of \(run.path) has no targets; give --targets, "
          + "--baseline, or both.")
    }
    let file = run.manifest.scenarioFile
    guard let scenario = record.scenario() else {
      throw InputError(
        "\(run.path): this version cannot read the run's scenario again; give its targets with --targets"
      )
    }
    try TargetList.check(scenario.targets, of: file, cells: cells.map(\.axisValues))
    return TargetReport(targets: scenario.targets, of: file, cells: cells, rows: run.rows).findings
  }

  private func findings(
    fromFile run: StoredRun, _ cells: [TargetReport.TargetCell]
  ) throws -> [GateReport.Finding] {
    guard let path = targets else { return [] }
    let list = try TargetList.load(path: path, cells: cells.map(\.axisValues))
    return TargetReport(targets: list, of: path, cells: cells, rows: run.rows).findings
  }

  /// A run that was interrupted may have measured the easier half.
  private static func completeness(of run: StoredRun) -> [GateReport.Finding] {
    guard !run.isFinished else { return [] }
    let planned = run.manifest.runOrder.count
    return [
      GateReport.Finding(
        place: run.path, expectation: "the run is finished",
        measured: "\(run.rows.count)\(planned > 0 ? " of \(planned)" : "") repeats",
        outcome: .inconclusive,
        explanation: "it was interrupted or still goes on; go on with --resume \(run.manifest.run)")
    ]
  }

  private static func warnings(on run: StoredRun) -> [String] {
    var warnings = [run.note].compactMap(\.self)
    if run.manifest.buildMode != "release" {
      warnings.append("it was a \(run.manifest.buildMode) build, whose numbers mean nothing")
    }
    let invalid = run.rows.filter { $0.verdict == .invalid }
    if let first = invalid.first {
      warnings.append(
        "INVALID: \(invalid.count) of \(run.rows.count) repeats, first \(first.cell)-r\(first.repeatNumber): "
          + first.detail)
    }
    let counts = Dictionary(grouping: run.rows.filter(\.isUsable), by: \.cell).values.map(\.count)
    if let fewest = counts.min(), fewest < 6 {
      warnings.append(
        fewest == 1
          ? "there is one repeat of some cells: nothing says how far to trust their numbers"
          : "some cells have \(fewest) repeats: below 6 their whole range decides instead of an interval"
      )
    }
    return warnings
  }
}

/// Metrics by which runs are compared: `claim.p99,throughput`.
struct MetricList: ExpressibleByArgument {
  let metrics: [ComparedMetric]

  static let standard = MetricList(metrics: ComparedMetric.standard)

  private init(metrics: [ComparedMetric]) { self.metrics = metrics }

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    metrics = names.compactMap(ComparedMetric.named)
    guard metrics.count == names.count else { return nil }
  }

  var defaultValueDescription: String { metrics.map(\.name).joined(separator: ",") }

  static var allValueStrings: [String] { ComparedMetric.allNames }
}

extension StoredRun {
  /// The run in a directory that the user named; whatever cannot be read there is the input's fault.
  init(readingInput path: String) throws {
    do {
      try self.init(reading: path)
    } catch {
      throw InputError("\(error)")
    }
  }
}
