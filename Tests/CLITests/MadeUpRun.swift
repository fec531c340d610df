import Foundation
import HarnessDriver
import Results
import Verification

/// A run whose numbers a test decides, as files.
struct MadeUpRun {
  var repeats = 8
  var targets = "[]"
  /// What is done to each repeat, which has a claim p99 of about 1 ms.
  var change: (inout RepeatResult) -> Void = { _ in }
  var changeManifest: (inout Manifest) -> Void = { _ in }

  /// Writes it into a directory and returns its path.
  func write(to directory: TemporaryDirectory, name: String) throws -> String {
    let axis = "synchronous"
    let labels = ["NORMAL", "FULL"]
    var manifest = Manifest(
      run: name, createdAtUtc: "2026-11-21 12:00:00.123", commandLine: ["queuebench", "run"],
      scenarioName: "made-up", scenarioFile: "made-up.yaml",
      scenarioText: """
        name: made-up
        question: How fast?
        axes: {\(axis): [\(labels.joined(separator: ", "))]}
        targets: \(targets)
        """,
      question: "How fast?", targets: targets == "[]" ? [] : ["some"], seed: 1, repeats: repeats,
      axisNames: [axis], baselineCell: "c01", runOrder: [], settings: ["c01": [:], "c02": [:]],
      commit: "371d9ce", buildMode: "release",
      machine: ["cpu": "AMD EPYC", "cores": "2", "filesystem": "ext4", "kernel": "Linux 6.18"],
      sqliteVersion: "3.40.1", sqliteSourceId: "2022", sqliteCompileOptions: [])
    manifest.finishedAtUtc = "2026-11-21 12:10:00.000"
    changeManifest(&manifest)
    let run = try RunDirectory.create(in: directory.path, manifest: manifest)
    for (index, label) in labels.enumerated() {
      for number in 1...repeats {
        var row = RepeatResult(
          run: name, cell: "c0\(index + 1)", repeatNumber: number,
          axes: [AxisValue(name: axis, label: label)], producers: 1, consumers: 1,
          status: .measured, verdict: .valid, detail: "")
        row.throughputPerSecond = 100
        for operation in MeasuredOperation.allCases {
          row[operation].latency.p50Us = 100 + Double(number % 3)
          row[operation].latency.p99Us = 2000 + Double(number % 4)
        }
        row.flow.endToEnd.p99Us = 9000 + Double(number % 5)
        row.claim.latency.p99Us = 1000 + Double((number * 5) % 8)
        row.busyErrorRate = 0
        row.flow.lost = 0
        change(&row)
        try run.appendRepeat(row)
      }
    }
    return run.path
  }
}

extension Harness {
  /// Runs the program as if no CI server did.
  static func runAtHome(
    _ arguments: [String], environment: [String: String] = [:], in directory: TemporaryDirectory
  ) throws -> HarnessResult {
    try run(
      arguments,
      environment: [
        "GITHUB_ACTIONS": "", "GITHUB_STEP_SUMMARY": "", "GITHUB_WORKSPACE": "",
      ].merging(environment) { $1 }, in: directory)
  }
}

func text(of path: String) throws -> String {
  try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
}
