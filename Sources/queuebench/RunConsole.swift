internal import Foundation
internal import LoadGeneration
internal import Platform
internal import Reporting
internal import Results
internal import Scenarios
internal import Statistics
internal import Verification

/// Shows how a run goes: a line that changes on a terminal, plain lines elsewhere.
final class RunConsole: RunObserver {
  private let scenario: Scenario
  private let directory: String
  private let isTerminal = Terminal.isTerminal(1)
  private let width: Int?
  private let wantsColour: Bool

  init(scenario: Scenario, directory: String) {
    self.scenario = scenario
    self.directory = directory
    let environment = ProcessInfo.processInfo.environment
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
      run, at most \(Self.duration(Double(scenario.expectedDuration.maxMs) / 1000)) → \(directory)/
      """)
  }

  func repeatBegan(_ progress: RunProgress) {
    guard isTerminal else { return }
    showLine("\(place(progress))  setting up")
  }

  func repeatProgressed(_ progress: RunProgress, _ sample: LiveSample) {
    guard isTerminal else { return }
    var parts = [place(progress), "\(Int(sample.completedPerSecond.rounded())) tasks/s"]
    if let p95Us = sample.claimP95Us { parts.append("claim p95 \(Self.latency(p95Us))") }
    if let rate = sample.busyRetryRate {
      parts.append(String(format: "busy %.1f %%", rate * 100))
    }
    showLine(parts.joined(separator: "  "))
  }

  func repeatEnded(_ progress: RunProgress, _ result: RepeatResult) {
    clearLine()
    var parts = [place(progress, showsTimeLeft: false)]
    switch result.status {
    case .measured:
      parts.append("\(Int((result.throughputPerSecond ?? 0).rounded())) tasks/s")
      if let p95Us = result.claim.latency.p95Us {
        parts.append("claim p95 \(Self.latency(p95Us))")
      }
      if let rate = result.busyRetryRate {
        parts.append(String(format: "busy %.1f %%", rate * 100))
      }
      parts.append(result.verdict == .invalid ? "INVALID: \(result.detail)" : "valid")
    case .refused: parts.append("REFUSED: \(result.detail)")
    case .failed:
      parts.append("\(result.verdict == .invalid ? "INVALID" : "FAILED"): \(result.detail)")
    }
    print(parts.joined(separator: "  "))
  }

  func repeatDisturbed(_ progress: RunProgress, _ result: RepeatResult) {
    clearLine()
    let warning = result.warnings.last ?? "the machine was disturbed"
    print("\(place(progress, showsTimeLeft: false))  runs again: \(warning)")
  }

  func cellRefused(_ cell: Cell, reason: String) {
    clearLine()
    print("\(cell.id) \(cell.summary)  REFUSED: \(reason)")
  }

  /// Shows the table of what was measured.
  func end(_ rows: [RepeatResult]) {
    clearLine()
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

  private func place(_ progress: RunProgress, showsTimeLeft: Bool = true) -> String {
    let counter = "[\(progress.position)/\(progress.total)]"
    let left = showsTimeLeft ? " \(Self.duration(progress.secondsLeft)) left" : ""
    let name = "\(progress.cell.id) r\(progress.repeatNumber)"
    let summary = progress.cell.summary
    return "\(counter)\(left)  \(name)\(summary.isEmpty ? "" : "  \(summary)")"
  }

  private func showLine(_ text: String) {
    let room = max(20, (width ?? 80) - 1)
    let line = text.count > room ? text.prefix(room - 1) + "…" : Substring(text)
    write("\r\u{1B}[2K\(line)")
  }

  private func clearLine() {
    if isTerminal { write("\r\u{1B}[2K") }
  }

  private func write(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  private static func latency(_ us: Double) -> String {
    us < 1000 ? String(format: "%.0f µs", us) : String(format: "%.2f ms", us / 1000)
  }

  static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}

/// Writes a line to standard error, with the program's name before it.
func printError(_ text: String) {
  FileHandle.standardError.write(Data("queuebench: \(text)\n".utf8))
}
