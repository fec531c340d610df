import Foundation
import Testing

@testable import Results
import Verification

/// A repeat with every field filled in.
func sampleResult(
  cell: String = "c01", repeatNumber: Int = 1, throughput: Double = 1234.5678,
  verdict: Verdict = .valid
) -> RepeatResult {
  var result = RepeatResult(
    run: "night", cell: cell, repeatNumber: repeatNumber,
    axes: [
      AxisValue(name: "journal_mode", label: "WAL"), AxisValue(name: "synchronous", label: "FULL"),
    ],
    producers: 2, consumers: 4, status: .measured, verdict: verdict, detail: "")
  result.measuredSeconds = 2.000125
  (result.enqueued, result.claimed, result.completed, result.emptyClaims) = (2500, 2470, 2469, 31)
  result.throughputPerSecond = throughput
  result.offeredPerSecond = 1250
  for (index, operation) in MeasuredOperation.allCases.enumerated() {
    let base = Double(index + 1) * 100
    result[operation] = OperationResult(
      count: 2500 - index,
      latency: LatencySummary(
        p50Us: base + 0.125, p90Us: base + 20, p95Us: base + 30.5, p99Us: base + 200, p999Us: nil,
        maxUs: base * 50, meanUs: base + 7.0625),
      busyRetryRate: 0.125, busyErrorRate: 0.0004, pagesPerTask: 3.25, syncsPerTask: 0.03125)
  }
  result.busyRetryRate = 0.25
  result.busyErrorRate = 1.0 / 3
  result.busyWaitShare = 0.0625
  result.busyCodes = ["SQLITE_BUSY_SNAPSHOT": 3, "SQLITE_BUSY": 12]
  result.fairnessJain = 0.987654321
  result.slowestWorkerShare = 0.75
  result.workerSpread = 1.5
  result.longestWaitUs = 10_500.5
  result.walPeakBytes = 8_392_272
  result.orchestratorMs = 123.4567
  result.drained = true
  result.sqliteVersion = "3.40.1"
  result.pragmaHash = "0123abcd"
  result.commit = "371d9ce"
  return result
}

/// A repeat that was refused, with text that needs quoting.
func refusedResult() -> RepeatResult {
  RepeatResult(
    run: "night", cell: "c02", repeatNumber: 1,
    axes: [
      AxisValue(name: "journal_mode", label: " a, \"b\"\r\n"),
      AxisValue(name: "synchronous", label: ""),
    ],
    producers: 2, consumers: 4, status: .refused, verdict: .unknown,
    detail: "asked for \"WAL\",\nread back delete — ,\u{301}")
}

/// A manifest for results of ``sampleResult(cell:repeatNumber:throughput:verdict:)``.
func sampleManifest(run: String = "night") -> Manifest {
  Manifest(
    run: run, createdAtUtc: "2026-11-21 12:00:00.123",
    commandLine: ["queuebench", "run", "x.yaml"],
    scenarioName: "x", scenarioFile: "scenarios/x.yaml", scenarioText: "axes:\n  a: [1, \"é\"]\n",
    question: "Which?", targets: ["claim.p95 < 10ms"], seed: .max, repeats: 3,
    axisNames: ["journal_mode", "synchronous"], baselineCell: "c01",
    runOrder: ["c02-r1", "c01-r1"],
    settings: ["c01": ["journal_mode": "WAL"]], commit: "371d9ce", buildMode: "release",
    machine: ["cpu": "a/b"], sqliteVersion: "3.40.1", sqliteSourceId: "2022-12-28",
    sqliteCompileOptions: ["THREADSAFE=1"])
}

/// Runs `body` with a fresh directory that is gone afterwards.
func withTemporaryDirectory<Value>(_ body: (String) throws -> Value) throws -> Value {
  let directory = FileManager.default.temporaryDirectory
    .appendingPathComponent("queuebench-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: directory) }
  return try body(directory)
}

func contents(_ path: String) throws -> String {
  try String(contentsOfFile: path, encoding: .utf8)
}
