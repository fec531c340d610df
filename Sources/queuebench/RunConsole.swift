internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Reporting
internal import Results
internal import Scenarios
internal import Statistics
internal import Verification

/// Shows how a run goes: lines that change on a terminal, plain lines elsewhere.
final class RunConsole: RunObserver {
  private let scenario: Scenario
  private let directory: String
  private let isTerminal = Terminal.isTerminal(1)
  private let width: Int?
  private let wantsColour: Bool
  private let environment = ProcessInfo.processInfo.environment
  private var view = LiveView()
  private var shownLines = 0
  /// Cells of which it was said that they promise nothing.
  private var hazardous: Set<String> = []

  init(scenario: Scenario, directory: String) {
    self.scenario = scenario
    self.directory = directory
    width = Terminal.columns(of: 1, environment: environment)
    wantsColour = Terminal.wantsColour(1, environment: environment)
  }

  /// Says what is going to happen.
  func begin(remaining: Int) {
    print("\(scenario.name): \(scenario.question)")
    let cells = scenario.cells.count
    print(
      """
      \(cells) cell\(cells == 1 ? "" : "s"), \(remaining) repeat\(remaining == 1 ? "" : "s") to \
      run, at most \(durationText(Double(scenario.expectedDuration.maxMs) / 1000)) → \(directory)/
      """)
  }

  var wantsProgress: Bool { isTerminal }

  func repeatBegan(_ progress: RunProgress) {
    guard isTerminal else { return }
    view.begin(
      title: name(of: progress), position: progress.position, total: progress.total,
      secondsLeft: progress.secondsLeft)
    showView()
  }

  func repeatProgressed(_ progress: RunProgress, _ sample: LiveSample) {
    guard isTerminal else { return }
    view.add(
      LiveView.Sample(
        tasksPerSecond: scenario.consumesAnywhere
          ? sample.completedPerSecond : sample.enqueuedPerSecond,
        claimP50Us: sample.claimP50Us, claimP95Us: sample.claimP95Us,
        claimP99Us: sample.claimP99Us, busyRetryRate: sample.busyRetryRate,
        lagMaxUs: sample.lagMaxUs, failedCount: sample.failedCount),
      stage: stage(atSeconds: sample.measuredSeconds))
    showView()
  }

  private func stage(atSeconds seconds: Double) -> String {
    let measure = Double(scenario.measureMs) / 1000
    if seconds < 0 { return "warming up" }
    if seconds > measure { return "draining" }
    return String(format: "measuring, %.1f of %.1f s", seconds, measure)
  }

  func repeatEnded(_ progress: RunProgress, _ result: RepeatResult) {
    clearView()
    var parts = [place(progress)]
    switch result.status {
    case .measured:
      parts.append("\(Int((result.throughputPerSecond ?? 0).rounded())) tasks/s")
      if let p95Us = result.claim.latency.p95Us {
        parts.append("claim p95 \(Self.latency(p95Us))")
      }
      if let rate = result.busyRetryRate {
        parts.append(String(format: "busy %.1f %%", rate * 100))
      }
      parts.append(
        result.verdict == .invalid ? "INVALID: \(result.detail)" : result.verdict.rawValue)
    case .refused: parts.append("REFUSED: \(result.detail)")
    case .failed:
      parts.append("\(result.verdict == .invalid ? "INVALID" : "FAILED"): \(result.detail)")
    }
    print(parts.joined(separator: "  "))
    for warning in result.warnings { print("  ⚠ \(warning)") }
    if !result.power.hazard.isEmpty, hazardous.insert(result.cell).inserted {
      print("  ⚠ promises nothing: \(result.power.hazard)")
    }
  }

  func repeatDisturbed(_ progress: RunProgress, _ result: RepeatResult) {
    clearView()
    print("\(place(progress))  runs again: \(result.warnings.last ?? "the machine was disturbed")")
  }

  func cellRefused(_ cell: Cell, reason: String) {
    clearView()
    print("\(cell.id) \(cell.summary)  REFUSED: \(reason)")
  }

  /// Shows the table of what was measured.
  func end(_ rows: [RepeatResult]) {
    clearView()
    guard !rows.isEmpty else { return }
    print("\n" + RunTable(rows: rows).text(width: width, colours: wantsColour))
    printOwnTime(rows)
  }

  /// Says what the harness itself took per repeat, at the largest number of processes.
  private func printOwnTime(_ rows: [RepeatResult]) {
    let measured = rows.filter { $0.status == .measured }
    guard let processes = measured.map({ $0.producers + $0.consumers }).max() else { return }
    let ownMs = measured.filter { $0.producers + $0.consumers == processes }
      .compactMap(\.orchestratorMs)
    guard let median = median(of: ownMs), let largest = ownMs.max() else { return }
    print(
      """
      Harness: median \(Int(median.rounded())) ms, at most \(Int(largest.rounded())) ms of its own \
      per repeat with \(processes) processes (all but warm-up, measuring and drain)
      """)
  }

  private func place(_ progress: RunProgress) -> String {
    "[\(progress.position)/\(progress.total)]  \(name(of: progress))"
  }

  private func name(of progress: RunProgress) -> String {
    let summary = progress.cell.summary
    return "\(progress.cell.id) r\(progress.repeatNumber)\(summary.isEmpty ? "" : "  \(summary)")"
  }

  // MARK: The lines that change

  private func showView() {
    let lines = view.lines(width: (Terminal.columns(of: 1, environment: environment) ?? 80) - 1)
    var text = eraseText
    text += lines.map { $0 + "\n" }.joined()
    shownLines = lines.count
    write(text)
  }

  private func clearView() {
    guard shownLines > 0 else { return }
    write(eraseText)
    shownLines = 0
  }

  /// Puts the cursor where the view began, and clears all below.
  private var eraseText: String { shownLines > 0 ? "\u{1B}[\(shownLines)A\r\u{1B}[J" : "" }

  private func write(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  private static func latency(_ us: Double) -> String {
    us < 1000 ? String(format: "%.0f µs", us) : String(format: "%.2f ms", us / 1000)
  }
}

/// Writes a line to standard error, with the program's name before it.
func printError(_ text: String) {
  FileHandle.standardError.write(Data("queuebench: \(text)\n".utf8))
}
