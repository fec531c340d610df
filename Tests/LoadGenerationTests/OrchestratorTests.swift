import Foundation
import HarnessDriver
import Platform
import Results
import SQLite
import Scenarios
import Testing
import Verification

@testable import LoadGeneration

/// The orchestrator with children that are not as they should be.
///
/// Each case runs in a process of its own: an `InterruptMonitor` takes a process's signal handlers.
@Suite struct OrchestratorTests {
  /// What each child does instead of playing its role: a script with its configuration as `$2`.
  ///
  /// Checks inside the other process end it with a failure.
  private static func run(children script: String) throws -> [RepeatResult] {
    let directory = TemporaryDirectory()
    var tiny = TinyScenario()
    tiny.cells = ["NORMAL"]
    tiny.settings = ["cache_size: -2000"]
    let scenario = try Scenario.load(path: tiny.write(to: directory))
    let child = try directory.writeProgram(
      "#!/bin/sh\nPROGRAM='\(try Harness.executable())'\n\(script)\n", to: "child")
    let results = try RunDirectory.create(in: directory.path, manifest: manifest(scenario))
    let interrupts = try InterruptMonitor()
    defer { interrupts.stop() }
    let observer = SilentObserver()
    let orchestrator = Orchestrator(
      scenario: scenario, results: results, run: "run", executable: child,
      workDirectory: "\(directory.path)/databases", commit: "none", keepsDatabases: false,
      interrupts: interrupts, observer: observer)
    guard case .finished = try orchestrator() else { return [] }
    return try results.rows().rows
  }

  private static func manifest(_ scenario: Scenario) -> Manifest {
    Manifest(
      run: "run", createdAtUtc: "", commandLine: [], scenarioName: scenario.name,
      scenarioFile: scenario.file, scenarioText: scenario.sourceText, question: scenario.question,
      targets: [], seed: scenario.seed, repeats: scenario.repeats, axisNames: scenario.axisNames,
      baselineCell: nil, runOrder: [], settings: [:], commit: "", buildMode: "debug", machine: [:],
      sqliteVersion: "", sqliteSourceId: "", sqliteCompileOptions: [])
  }

  private final class SilentObserver: RunObserver {
    let wantsProgress = true
    func repeatBegan(_ progress: RunProgress) {}
    func repeatProgressed(_ progress: RunProgress, _ sample: LiveSample) {}
    func repeatEnded(_ progress: RunProgress, _ result: RepeatResult) {}
    func repeatDisturbed(_ progress: RunProgress, _ result: RepeatResult) {}
    func cellRefused(_ cell: Cell, reason: String) {}
  }

  /// Changes the PRAGMAs that a child is told to set.
  private static func settingOtherCache(if pattern: String) -> String {
    """
    case "$2" in \(pattern)) sed -i 's/cache_size=-2000/cache_size=-4000/' "$2";; esac
    exec "$PROGRAM" "$@"
    """
  }

  @Test func honestChildrenAreMeasured() async {
    await #expect(processExitsWith: .success) {
      let rows = try Self.run(children: #"exec "$PROGRAM" "$@""#)
      #expect(rows.map(\.status) == [.measured])
      #expect(rows.map(\.verdict) == [.valid])
    }
  }

  @Test func aProcessThatReadsBackOtherwiseRefusesTheCell() async {
    await #expect(processExitsWith: .success) {
      let rows = try Self.run(children: Self.settingOtherCache(if: "*/consumer-1.json"))
      #expect(rows.map(\.status) == [.refused])
      #expect(
        rows.map(\.detail) == [
          "PRAGMA cache_size reads back as -4000 in consumer 1 but as -2000 in producer 1"
        ])
      #expect(rows.allSatisfy { $0.throughputPerSecond == nil && $0.verdict == .unknown })
    }
  }

  @Test func aPragmaThatDidNotTakeEffectRefusesTheCell() async {
    await #expect(processExitsWith: .success) {
      let rows = try Self.run(children: Self.settingOtherCache(if: "*"))
      #expect(rows.map(\.status) == [.refused])
      #expect(
        rows.map(\.detail) == ["PRAGMA cache_size: asked for -2000, reads back as -4000"])
    }
  }

  @Test func aChildThatEndsBeforeItIsReadyFailsTheRepeat() async {
    await #expect(processExitsWith: .success) {
      let rows = try Self.run(
        children: #"case "$2" in *producer-2*) exit 7;; esac; exec "$PROGRAM" "$@""#)
      #expect(rows.map(\.status) == [.failed])
      #expect(rows.map(\.detail) == ["producer 2: it ended early (exit code 7)"])
    }
  }

  @Test func aChildWithoutItsDatabaseSaysWhich() async {
    await #expect(processExitsWith: .success) {
      let rows = try Self.run(
        children: """
          case "$2" in *consumer-2*) sed -i 's/queue.db/missing.db/' "$2";; esac
          exec "$PROGRAM" "$@"
          """)
      #expect(rows.map(\.status) == [.failed])
      let detail = rows.first?.detail ?? ""
      #expect(detail.hasPrefix("consumer 2: "))
      #expect(detail.contains("missing.db") && detail.contains("SQLITE_CANTOPEN"))
    }
  }

  @Test func aChildThatEndsInPeaceTooEarlyFailsTheRepeat() async {
    await #expect(processExitsWith: .success) {
      let rows = try Self.run(children: "")
      #expect(rows.map(\.status) == [.failed])
      #expect(rows.first?.detail.contains("ended early (exit code 0)") == true)
    }
  }
}
