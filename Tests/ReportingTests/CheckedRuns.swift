import Results
import Verification

@testable import Reporting

/// Runs whose numbers a test decides.
struct CheckedRun {
  var name = "a"
  /// The labels on the axis `synchronous`: a cell each.
  var labels = ["NORMAL", "FULL"]
  var repeats = 8
  var targets = "[]"
  /// What is done to each repeat, which has a claim p99 of about 1000 µs and 100 tasks/s.
  var change: (inout RepeatResult) -> Void = { _ in }

  var scenarioText: String {
    """
    name: checked
    question: How fast?
    axes: {synchronous: [\(labels.joined(separator: ", "))]}
    targets: \(targets)
    """
  }

  var rows: [RepeatResult] {
    labels.enumerated().flatMap { index, label in
      (1...repeats).map { number in
        var row = RepeatResult(
          run: name, cell: "c0\(index + 1)", repeatNumber: number,
          axes: [AxisValue(name: "synchronous", label: label)], producers: 1, consumers: 1,
          status: .measured, verdict: .valid, detail: "")
        // Levels of cells differ far more than repeats do.
        let level = index == 0 ? 1.0 : 8.0
        let noise = 1 + Double((number * 5) % 8 - 4) / 400
        row.throughputPerSecond = 100 * level * noise
        for operation in MeasuredOperation.allCases {
          row[operation].latency.p50Us = 100 * level * noise
          row[operation].latency.p99Us = 1000 * level * noise
        }
        row.flow.endToEnd.p99Us = 5000 * level * noise
        (row.busyRetryRate, row.busyErrorRate) = (0.1, 0)
        (row.flow.lost, row.flow.duplicated, row.flow.redelivered) = (0, 0, 0)
        row.conditions.probeFsyncUs = 100 * noise
        change(&row)
        return row
      }
    }
  }

  var manifest: Manifest {
    var manifest = Manifest(
      run: name, createdAtUtc: "2026-11-21 12:00:00.123", commandLine: ["queuebench", "run"],
      scenarioName: "checked", scenarioFile: "checked.yaml", scenarioText: scenarioText,
      question: "How fast?", targets: [], seed: 1, repeats: repeats, axisNames: ["synchronous"],
      baselineCell: "c01", runOrder: [],
      settings: Dictionary(
        uniqueKeysWithValues: labels.indices.map { ("c0\($0 + 1)", ["batch": "1"]) }),
      commit: "371d9ce", buildMode: "release",
      machine: [
        "cpu": "AMD EPYC", "cores": "2", "filesystem": "ext4", "kernel": "Linux 6.18",
        "device": "/dev/vda",
      ],
      sqliteVersion: "3.40.1", sqliteSourceId: "2022", sqliteCompileOptions: ["THREADSAFE=1"])
    manifest.finishedAtUtc = "2026-11-21 12:10:00.000"
    manifest.pragmasReadBack = Dictionary(
      uniqueKeysWithValues: labels.indices.map { ("c0\($0 + 1)", ["cache_size": "-2000"]) })
    return manifest
  }

  /// The run as a comparison reads it, after a change of its manifest.
  func stored(_ change: (inout Manifest) -> Void = { _ in }) -> StoredRun {
    var manifest = manifest
    change(&manifest)
    return StoredRun(path: "results/\(name)", manifest: manifest, rows: rows)
  }
}
