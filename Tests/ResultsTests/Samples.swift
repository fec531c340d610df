import Foundation
import Statistics
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
  result.load.offeredPerSecond = 1250
  (result.load.scheduled, result.load.late, result.load.skipped) = (2510, 12, 1)
  result.load.achievedRatio = 0.996016
  for (index, operation) in MeasuredOperation.allCases.enumerated() {
    let base = Double(index + 1) * 100
    result[operation] = OperationResult(
      count: 2500 - index,
      latency: LatencySummary(
        p50Us: base + 0.125, p90Us: base + 20, p95Us: base + 30.5, p99Us: base + 200, p999Us: nil,
        maxUs: base * 50, meanUs: base + 7.0625),
      service: LatencySummary(p50Us: base - 10, p95Us: base + 10, p99Us: base + 150),
      busyRetryRate: 0.125, busyErrorRate: 0.0004, pagesPerTask: 3.25, syncsPerTask: 0.03125)
    result[operation].serviceP10Us = base - 40
    (result[operation].faultP99Us, result[operation].faultMaxUs) = (base + 900, base + 1900.5)
    result[operation].costs.vmSteps = base + 21.335
    result[operation].costs.statements = 4
    result[operation].costs.walFrames = 3.365
    result[operation].costs.fsyncs = 1
  }
  result.busyRetryRate = 0.25
  result.busyErrorRate = 1.0 / 3
  result.busyWaitShare = 0.0625
  result.busyCodes = ["claim/SQLITE_BUSY_SNAPSHOT": 3, "claim/SQLITE_BUSY": 12]
  result.fairnessJain = 0.987654321
  result.slowestWorkerShare = 0.75
  result.workerSpread = 1.5
  result.longestWaitUs = 10_500.5
  result.walPeakBytes = 8_392_272
  for (index, kind) in LatencyKind.allCases.enumerated() {
    let base = Double(index + 1) * 10
    result[latency: kind] = LatencySummary(
      p50Us: base, p90Us: base + 1, p95Us: base + 2, p99Us: base + 3, p999Us: nil,
      maxUs: base + 5, meanUs: base + 0.5)
  }
  (result.flow.unfinished, result.flow.redelivered, result.flow.recovered) = (31, 7, 5)
  (result.flow.refused, result.flow.indeterminate) = (2, 1)
  (result.flow.lost, result.flow.duplicated) = (4, 6)
  result.flow.redeliveryRate = 0.002834
  result.flow.wastedWorkRate = 0.000812
  result.flow.oldestReadyMs = 12.5
  result.flow.littlesLawRatio = 1.0125
  result.lock.utilisation = 0.875
  result.lock.holdMeanUs = 31.25
  result.lock.checkpoints = 9
  result.lock.checkpointShare = 0.046875
  result.lock.phaseSumRatio = 1
  result.consumerTasks = [620, 610, 619, 620]
  result.steadyState = .warmUp
  result.steadyFromSeconds = 0.3
  result.conditions = sampleConditions()
  result.warnings = ["the machine was busy", "2 operations were late"]
  result.orchestratorMs = 123.4567
  result.drained = true
  (result.growth.memory, result.growth.descriptors) = (1.0125, 1)
  (result.growth.wal, result.growth.bytesPerTask) = (0.975, 1.0025)
  result.faults = 12
  result.power.durabilityClass = "process"
  result.power.hazard = "synchronous OFF"
  (result.power.cuts, result.power.lostMax, result.power.corrupt) = (1000, 31, 0)
  result.power.lostMs = 97.125
  result.sqliteVersion = "3.40.1"
  result.pragmaHash = "0123abcd"
  result.planHash = "4567cdef"
  result.commit = "371d9ce"
  return result
}

/// Conditions with every field filled in.
private func sampleConditions() -> ConditionsResult {
  var conditions = ConditionsResult()
  conditions.state = .normal
  (conditions.probeFsyncUs, conditions.probeLockUs, conditions.probeCPUUs) = (120.5, 21.25, 980)
  conditions.stealShare = 0.015625
  (conditions.producerCPUShare, conditions.consumerCPUShare) = (0.25, 0.125)
  (conditions.harnessCPUShare, conditions.runQueueShare) = (0.03125, 0.5)
  conditions.voluntarySwitchesPerSecond = 812.5
  conditions.involuntarySwitchesPerSecond = 64.5
  (conditions.minorFaultsPerSecond, conditions.majorFaultsPerSecond) = (17.5, 0)
  (conditions.writtenBytesPerSecond, conditions.readBytesPerSecond) = (1_048_576, 0)
  return conditions
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
