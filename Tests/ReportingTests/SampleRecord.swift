import Foundation
import Recording
import Results
import Statistics
import Verification

@testable import Reporting

/// A made-up run with all its files, from which every kind of picture can be drawn; the same name gives
/// the same numbers every time.
enum SampleRecord: String, CaseIterable, Sendable {
  /// Rate × busy policy: the highest rate saturates one policy, a third policy is refused, a repeat is
  /// invalid and another one disturbed.
  case rates
  /// Processes × journal mode in a closed loop, without a write-ahead log in one half.
  case scaling
  /// Lease × work time.
  case leases
  /// Three repeats, so that nothing can be claimed with confidence.
  case fewRepeats

  private var axes: [(name: String, labels: [String])] {
    switch self {
    case .rates, .fewRepeats:
      return [
        ("rate", ["670/s", "2000/s", "4000/s"]),
        ("busy_policy", ["sqlite", "handoff", "exclusive"]),
      ]
    case .scaling:
      return [("journal_mode", ["WAL", "DELETE"]), ("processes", ["2", "4", "8", "16"])]
    case .leases:
      return [("lease", ["25ms", "100ms", "1s", "30s"]), ("work_time", ["1ms", "50ms"])]
    }
  }

  var repeats: Int { self == .fewRepeats ? 3 : 6 }

  private var cells: [(name: String, axes: [AxisValue])] {
    var combinations: [[AxisValue]] = [[]]
    for axis in axes {
      combinations = combinations.flatMap { combination in
        axis.labels.map { combination + [AxisValue(name: axis.name, label: $0)] }
      }
    }
    return combinations.enumerated().map { index, axes in
      ((index < 9 ? "c0" : "c") + "\(index + 1)", axes)
    }
  }

  /// All files of the run.
  var record: RunRecord { Self.made[self] ?? make() }

  private static let made = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.make()) })

  private func make() -> RunRecord {
    var record = RunRecord(rows: [], manifest: manifest)
    for (index, cell) in cells.enumerated() {
      let behaviour = Behaviour(axes: cell.axes)
      if cell.axes.contains(where: { $0.label == "exclusive" }) {
        var refused = behaviour.result(rawValue, cell, repeatNumber: 1, noise: Noise(seed: 1))
        refused = RepeatResult(
          run: rawValue, cell: cell.name, repeatNumber: 1, axes: cell.axes,
          producers: refused.producers, consumers: refused.consumers, status: .refused,
          verdict: .unknown,
          detail: "busy_policy exclusive needs locking_mode=NORMAL, read back EXCLUSIVE")
        record.rows.append(refused)
        continue
      }
      for number in 1...repeats {
        let noise = Noise(seed: UInt64(index * 100 + number))
        var result = behaviour.result(rawValue, cell, repeatNumber: number, noise: noise)
        if self == .rates {
          if cell.name == "c02", number == 3 {
            result.verdict = .invalid
            result.detail =
              "task 4711 was completed twice: attempt 1 by consumer 2 & attempt 2 by 4"
          }
          if cell.name == "c04", number == 5 { result.conditions.state = .disturbed }
        }
        record.rows.append(result)
        record.phases += behaviour.phases(of: result, noise: noise)
        record.timeline += behaviour.timeline(of: result, noise: noise)
        if cell.name == "c01", number < 3 {
          record.claimLogs[result.key] = behaviour.claimLog(of: result, noise: noise).text
        }
      }
    }
    return record
  }

  var manifest: Manifest {
    var manifest = Manifest(
      run: "\(rawValue)-20261121-120000", createdAtUtc: "2026-11-21 12:00:00.123",
      commandLine: [
        ".build/release/queuebench", "run", "scenarios/\(rawValue).yaml", "--repeats", "\(repeats)",
        "--name", "it's quoted",
      ],
      scenarioName: rawValue, scenarioFile: "scenarios/\(rawValue).yaml",
      scenarioText: """
        name: \(rawValue.lowercased())
        question: \(question)
        repeats: \(repeats)
        axes:
          rate: [670/s, 2000/s, 4000/s]
          busy_policy: [sqlite, handoff]
        targets: [claim.p95 < 10ms, busy_error_rate < 1%]
        """,
      question: question, targets: ["claim.p95 < 10ms", "busy_error_rate < 1%"],
      seed: 20_261_121, repeats: repeats, axisNames: axes.map(\.name), baselineCell: "c01",
      runOrder: (1...repeats).flatMap { number in cells.reversed().map { "\($0.name)-r\(number)" }
      },
      settings: Dictionary(
        uniqueKeysWithValues: cells.map { cell in
          (
            cell.name,
            [
              "journal_mode": "WAL", "synchronous": "NORMAL", "payload_bytes": "256",
              "strategy": "priority", "transaction": "immediate", "lease_ms": "30000",
            ].merging(cell.axes.map { ($0.name, $0.label) }) { $1 }
          )
        }),
      commit: "371d9ce4c0ffee", buildMode: "release",
      machine: [
        "cpu": "AMD EPYC 7763", "cores": "2", "filesystem": "ext4", "memory_bytes": "25276514304",
        "kernel": "Linux 6.18.44 x86_64", "os": "Debian GNU/Linux 12 (bookworm)",
        "mount_options": "rw,relatime,discard,resv_strict,resuid=65534,resgid=65534",
      ],
      sqliteVersion: "3.40.1",
      sqliteSourceId: "2022-12-28 14:03:47 df5c253c0b3dd24916e4ec7cf77d3db5",
      sqliteCompileOptions: ["ENABLE_FTS5", "DEFAULT_SYNCHRONOUS=2", "THREADSAFE=1"])
    manifest.finishedAtUtc = "2026-11-21 12:41:07.000"
    manifest.pragmasReadBack = Dictionary(
      uniqueKeysWithValues: cells.map {
        ($0.name, ["journal_mode": "WAL", "synchronous": "NORMAL", "wal_autocheckpoint": "0"])
      })
    return manifest
  }

  private var question: String {
    switch self {
    case .rates, .fewRepeats:
      return "How long do claims of four consumers wait beside four producers, at a given rate?"
    case .scaling: return "How does a queue scale with processes?"
    case .leases:
      return "How does the ratio of lease to work time affect latency and repeated work?"
    }
  }
}

/// How a cell of a sample behaves.
private struct Behaviour {
  let labels: [String: String]
  private let processes: Int
  private let rate: Double?
  private let leaseMs: Double?
  private let workMs: Double
  private let baseUs: Double
  /// What the cell could do at most, in tasks per second.
  private let capacity: Double
  private var isWAL: Bool { labels["journal_mode"] != "DELETE" }

  init(axes: [AxisValue]) {
    labels = Dictionary(uniqueKeysWithValues: axes.map { ($0.name, $0.label) })
    processes = labels["processes"].flatMap(Int.init) ?? 8
    leaseMs = labels["lease"].flatMap(milliseconds)
    workMs = labels["work_time"].flatMap(milliseconds) ?? 0
    rate = labels["rate"].flatMap { Double($0.dropLast(2)) } ?? (leaseMs == nil ? nil : 100)
    baseUs =
      (labels["journal_mode"] == "DELETE" ? 400 : 45)
      * (labels["busy_policy"] == "handoff" ? 0.8 : 1)
    let n = Double(processes / 2)
    let scaled = n / (1 + 0.55 * (n - 1) + 0.01 * n * (n - 1))
    capacity = 120_000 / baseUs * scaled
  }

  private var offered: Double? { rate }
  private var isSaturated: Bool { rate.map { $0 > capacity } ?? false }

  func result(
    _ run: String, _ cell: (name: String, axes: [AxisValue]), repeatNumber: Int, noise: Noise
  ) -> RepeatResult {
    var noise = noise
    let half = max(1, processes / 2)
    var result = RepeatResult(
      run: run, cell: cell.name, repeatNumber: repeatNumber, axes: cell.axes, producers: half,
      consumers: half, status: .measured, verdict: isSaturated ? .saturated : .valid,
      detail: isSaturated ? "offered \(Int(rate ?? 0))/s, enqueued less" : "")
    let seconds = 6.0
    let throughput = min(rate ?? .infinity, capacity * noise.factor(0.04)) * noise.factor(0.003)
    result.measuredSeconds = seconds
    result.throughputPerSecond = throughput
    result.completed = Int(throughput * seconds)
    (result.enqueued, result.claimed) = (result.completed, result.completed)
    let load = min(0.98, throughput / capacity)
    let wait = isSaturated ? 400 : 1 / (1 - load)
    if let rate {
      result.load.offeredPerSecond = rate
      result.load.scheduled = Int(rate * seconds)
      result.load.achievedRatio = throughput / rate
      result.load.late = Int(load * 300)
      result.load.skipped = isSaturated ? 3200 : 0
      result.load.lag = latency(p50: isSaturated ? 90_000 : 12, tail: wait, &noise)
    }
    for (operation, scale) in [(MeasuredOperation.enqueue, 0.8), (.claim, 1.2), (.complete, 1)] {
      var measured = OperationResult(count: result.completed)
      measured.service = latency(
        p50: baseUs * scale * sqrt(Double(processes)), tail: 1 + load * 4, &noise)
      measured.latency = measured.service
      if rate != nil, operation == .enqueue {
        measured.latency = latency(
          p50: baseUs * scale * sqrt(Double(processes)) * (isSaturated ? 700 : 1.3),
          tail: 1.5 + wait, &noise)
      }
      measured.busyRetryRate = min(0.9, 0.04 * Double(processes) * load * noise.factor(0.2))
      measured.busyErrorRate = 0
      measured.pagesPerTask = 4.2 * noise.factor(0.02)
      measured.syncsPerTask = isWAL ? 0 : 2
      result[operation] = measured
    }
    result.busyRetryRate = result.claim.busyRetryRate
    result.busyErrorRate = labels["journal_mode"] == "DELETE" ? 0.002 : 0
    result.busyWaitShare = min(0.95, 0.02 * Double(processes) * load * noise.factor(0.1))
    result.busyCodes = result.busyErrorRate == 0 ? [:] : ["claim/SQLITE_BUSY": 12]
    result.consumerTasks = (0..<half).map {
      Int(throughput * seconds / Double(half) * (1 - 0.1 * Double($0)) * noise.factor(0.05))
    }
    result.fairnessJain = 0.97
    result.workerSpread = 1.4
    result.walPeakBytes = isWAL ? 4_194_304 * noise.factor(0.2) : nil
    result.flow.endToEnd = latency(p50: baseUs * 6 * (isSaturated ? 900 : 1), tail: wait, &noise)
    result.flow.queued = latency(p50: baseUs * 3 * (isSaturated ? 700 : 1), tail: wait, &noise)
    result.flow.unfinished = isSaturated ? 5120 : 0
    result.flow.oldestReadyMs = (isSaturated ? 2100 : 14) * noise.factor(0.3)
    result.flow.littlesLawRatio = (isSaturated ? 1.34 : 1) * noise.factor(0.002)
    if let leaseMs {
      let lost = max(0, min(0.9, (workMs - leaseMs + 20) / 60)) * noise.factor(0.15)
      result.flow.redelivered = Int(lost * 600)
      result.flow.redeliveryRate = lost
      result.flow.wastedWorkRate = lost * 0.9
      result.flow.recovered = Int(lost * 580)
      result.flow.refused = Int(lost * 550)
      if lost > 0 { result.flow.reclaim = latency(p50: 900, tail: 3, &noise) }
    }
    result.lock.utilisation = load * 0.9
    result.lock.holdMeanUs = baseUs * 0.55 * noise.factor(0.03)
    result.lock.checkpoints = isWAL ? 9 : nil
    result.lock.checkpointShare = isWAL ? 0.06 : nil
    result.lock.phaseSumRatio = 1 - 0.004 * noise.factor(0.5)
    result.steadyState = isSaturated ? .slowdown : repeatNumber == 2 ? .warmUp : .flat
    result.steadyFromSeconds = result.steadyState == .warmUp ? 0.7 : 0
    result.conditions.state = .normal
    result.conditions.probeFsyncUs = 1310 * noise.factor(0.1)
    result.conditions.probeLockUs = 21 * noise.factor(0.1)
    result.conditions.probeCPUUs = 5004 * noise.factor(0.02)
    result.conditions.stealShare = 0.004 * noise.factor(0.9)
    result.conditions.producerCPUShare = 0.11 * noise.factor(0.1)
    result.conditions.consumerCPUShare = 0.17 * noise.factor(0.1)
    result.conditions.harnessCPUShare = 0.012 * noise.factor(0.1)
    result.conditions.runQueueShare = 0.08 * noise.factor(0.2)
    result.conditions.voluntarySwitchesPerSecond = 12_400 * noise.factor(0.1)
    result.conditions.involuntarySwitchesPerSecond = 310 * noise.factor(0.1)
    if repeatNumber == 4, isWAL { result.warnings = ["the harness took 3 % of a processor"] }
    result.orchestratorMs = 210 * noise.factor(0.1)
    (result.sqliteVersion, result.pragmaHash, result.commit) = (
      "3.40.1", "a1b2c3d4", "371d9ce4c0ffee"
    )
    return result
  }

  private func latency(p50: Double, tail: Double, _ noise: inout Noise) -> LatencySummary {
    let p50 = p50 * noise.factor(0.05)
    let tail = tail > 100 ? 1.1 : tail * noise.factor(0.15)
    return LatencySummary(
      p50Us: p50, p90Us: p50 * (1.5 + 0.2 * tail), p95Us: p50 * (2 + 0.5 * tail),
      p99Us: p50 * (3.5 + 2 * tail), p999Us: p50 * (8 + 9 * tail), maxUs: p50 * (20 + 30 * tail),
      meanUs: p50 * 1.3)
  }

  func phases(of result: RepeatResult, noise: Noise) -> [PhaseRow] {
    var noise = noise
    return MeasuredOperation.allCases.flatMap { operation -> [PhaseRow] in
      let whole = result[operation]
      let shares: [OperationPhase: (near50: Double, near99: Double)] = [
        .lag: operation == .enqueue && rate != nil ? (0.1, 0.4) : (0, 0),
        .lockWait: (0.15, 0.4), .execute: (0.5, 0.12), .commit: (0.25, 0.05),
        .checkpoint: isWAL ? (0, 0.03) : (0, 0), .handler: (0.1, 0.35),
      ]
      let sum50 = OperationPhase.parts.compactMap { shares[$0]?.near50 }.reduce(0, +)
      let sum99 = OperationPhase.parts.compactMap { shares[$0]?.near99 }.reduce(0, +)
      return OperationPhase.allCases.map { phase in
        var row = PhaseRow(
          run: result.run, cell: result.cell, repeatNumber: result.repeatNumber,
          operation: operation, phase: phase, count: whole.count)
        let share = shares[phase] ?? (1, 1)
        let isWhole = shares[phase] == nil
        row.latency = latency(p50: (whole.latency.p50Us ?? 0) * share.near50, tail: 2, &noise)
        row.share = isWhole ? 1 : share.near50 / sum50
        row.meanNearP50Us = (whole.latency.p50Us ?? 0) * share.near50 / (isWhole ? 1 : sum50)
        row.meanNearP99Us = (whole.latency.p99Us ?? 0) * share.near99 / (isWhole ? 1 : sum99)
        return row
      }
    }
  }

  /// The claims as windows of 100 ms, slower at each checkpoint.
  func claimLog(of result: RepeatResult, noise: Noise) -> HistogramLog {
    var noise = noise
    let p50 = result.claim.latency.p50Us ?? 50
    let intervals = (0..<70).map { index in
      var histogram = LatencyHistogram()
      for _ in 0..<80 {
        // The product of some factors is about log-normal.
        var us = p50 * noise.factor(0.5) * noise.factor(0.4) * noise.factor(0.4)
        if noise.factor(1) > 1.9 { us *= 6 * noise.factor(0.5) }
        if index % 8 == 6 { us *= 4 }
        histogram.record(UInt64(us * 1000))
      }
      return HistogramLog.Interval(
        tag: nil, startMs: index * 100, lengthMs: 100, histogram: histogram)
    }
    return HistogramLog(startMsSinceEpoch: 1_795_262_400_000, intervals: intervals)
  }

  func timeline(of result: RepeatResult, noise: Noise) -> [TimelineRow] {
    var noise = noise
    let throughput = result.throughputPerSecond ?? 0
    var (depth, frames, backfilled) = (0.0, 0, 0)
    return (-5..<70).map { index in
      let start = Double(index) / 10
      let stage: RepeatStage = index < 0 ? .warmUp : index < 60 ? .measure : .drain
      var row = TimelineRow(
        run: result.run, cell: result.cell, repeatNumber: result.repeatNumber, startSeconds: start,
        lengthSeconds: 0.1, stage: stage)
      let warm = index < 0 ? 0.4 + 0.1 * Double(index + 6) : 1
      let isCheckpointing = isWAL && index % 8 == 6
      let done = throughput / 10 * warm * (isCheckpointing ? 0.7 : 1) * noise.factor(0.06)
      let due = stage == .drain ? 0 : (rate ?? throughput) / 10
      (row.enqueued, row.claimed, row.completed) = (Int(min(due, done * 1.1)), Int(done), Int(done))
      row.due = rate == nil ? nil : Int(due)
      depth = max(0, depth + due - done)
      row.depth = Int(depth) + Int(noise.factor(0.8) * 3)
      if isWAL {
        frames += Int(done * 12)
        if isCheckpointing { backfilled = frames }
        row.walFrames = frames
        row.walBackfilledFrames = backfilled
        row.walBytes = frames * 4120
        row.checkpoints = isCheckpointing ? 1 : 0
        row.checkpointShare = isCheckpointing ? 0.45 : 0
        if index % 8 == 7 { (frames, backfilled) = (0, 0) }
      }
      row.claim = latency(
        p50: result.claim.latency.p50Us ?? 50, tail: isCheckpointing ? 9 : 3, &noise)
      row.claim.p999Us = nil
      if throughput < 3680 { row.claim.p99Us = nil }
      if throughput < 720 { row.claim.p95Us = nil }
      row.enqueue = latency(p50: result.enqueue.latency.p50Us ?? 50, tail: 3, &noise)
      row.lockUtilisation = result.lock.utilisation
      return row
    }
  }
}
