import Results
import Verification

/// A made-up run that looks like a real one; the same name gives the same numbers every time.
enum SampleRun: String, CaseIterable, Sendable {
  /// journal_mode × synchronous × processes, three repeats.
  case typical
  /// One axis, seven repeats, the number of processes fixed.
  case oneAxis
  /// No axis at all.
  case noAxes
  /// journal_mode × processes, once each.
  case oneRepeat
  /// A cell with an invalid repeat, one with nothing else, one refused, one failed.
  case troubled
  /// Labels as long as busy policies have them.
  case longLabels
  /// Forty cells on two axes.
  case forty
  /// Forty cells on one axis.
  case fortyOnOneAxis
  /// Producers × consumers, so that several cells have the same number of processes.
  case producersByConsumers

  private typealias Axis = (name: String, labels: [String])

  private var axes: [Axis] {
    let modes = ["DELETE", "WAL"]
    switch self {
    case .typical:
      return [("journal_mode", modes), ("synchronous", ["NORMAL", "FULL"]), ("processes", counts)]
    case .oneAxis: return [("synchronous", ["OFF", "NORMAL", "FULL", "EXTRA"])]
    case .noAxes: return []
    case .oneRepeat: return [("journal_mode", modes), ("processes", counts)]
    case .troubled: return [("journal_mode", modes + ["OFF"]), ("processes", counts)]
    case .longLabels:
      return [
        ("processes", counts),
        (
          "busy_policy",
          [
            "sqlite(timeout=5000ms)", "timeout(timeout=5000ms)",
            "fixed(delay=200us,timeout=5000ms)",
            "backoff(initial=100us,max=20000us,timeout=5000ms)",
            "it's 100% \"quoted\", under_scored & {braced}\\n",
          ]
        ),
      ]
    case .forty:
      return [
        ("wal_autocheckpoint", ["0", "10", "100", "1000", "10000"]),
        ("cache_size", ["-500", "-1000", "-2000", "-4000", "-8000", "-16000", "-32000", "-64000"]),
      ]
    case .fortyOnOneAxis: return [("prefilled_depth", (1...40).map { "\($0 * 1000)" })]
    case .producersByConsumers:
      return [("producers", ["1", "3"]), ("consumers", ["1", "3", "7"])]
    }
  }

  private var counts: [String] { ["2", "4", "8"] }

  private var repeats: Int {
    switch self {
    case .oneAxis: return 7
    case .oneRepeat, .fortyOnOneAxis: return 1
    default: return 3
    }
  }

  /// The rows of the run.
  var rows: [RepeatResult] {
    var combinations: [[AxisValue]] = [[]]
    for axis in axes {
      combinations = combinations.flatMap { combination in
        axis.labels.map { combination + [AxisValue(name: axis.name, label: $0)] }
      }
    }
    var noise = Noise()
    return combinations.enumerated().flatMap { index, combination in
      (1...repeats).map { number in
        let name = (index < 9 ? "c0" : "c") + "\(index + 1)"
        return result(
          cell: name, number: number, index: index, axes: combination, noise: &noise)
      }
    }
  }

  private func result(
    cell: String, number: Int, index: Int, axes: [AxisValue], noise: inout Noise
  ) -> RepeatResult {
    let labels = Dictionary(uniqueKeysWithValues: axes.map { ($0.name, $0.label) })
    let processes = labels["processes"].flatMap(Int.init) ?? 4
    var result = RepeatResult(
      run: rawValue, cell: cell, repeatNumber: number, axes: axes,
      producers: labels["producers"].flatMap(Int.init) ?? processes / 2,
      consumers: labels["consumers"].flatMap(Int.init) ?? processes / 2, status: .measured,
      verdict: .valid, detail: "")
    let total = Double(result.producers + result.consumers)
    let isWAL = labels["journal_mode"] != "DELETE"
    let syncCosts = ["OFF": 0.6, "FULL": 3.5, "EXTRA": 4]
    let syncCost = labels["synchronous"].flatMap { syncCosts[$0] } ?? 1
    let other = 1 + 0.15 * Double(index % 7)
    let baseUs = 38 * (isWAL ? 1 : 9) * syncCost * other
    result.measuredSeconds = 2
    result.throughputPerSecond = 240_000 / baseUs * (1 - 0.04 * total) * noise.factor(0.06)
    result.completed = Int((result.throughputPerSecond ?? 0) * 2)
    for operation in MeasuredOperation.allCases {
      let scale = operation == .enqueue ? 0.8 : operation == .claim ? 1.3 : 1
      let p50 = baseUs * scale * noise.factor(0.05)
      let tail = total * noise.factor(0.15)
      result[operation] = OperationResult(
        count: isWAL ? 5000 : 900,
        latency: LatencySummary(
          p50Us: p50, p90Us: p50 * (1.6 + 0.2 * tail), p95Us: p50 * (2.2 + 0.6 * tail),
          p99Us: p50 * (4 + 2.5 * tail), p999Us: isWAL ? p50 * (9 + 12 * tail) : nil,
          maxUs: p50 * 200, meanUs: p50 * 1.4))
    }
    result.busyRetryRate = min(0.9, 0.02 * (total - 1) * (isWAL ? 1 : 3) * noise.factor(0.2))
    result.busyErrorRate = isWAL ? 0 : 0.0004 * total
    (result.sqliteVersion, result.pragmaHash, result.commit) = ("3.40.1", "a1b2c3d4", "371d9ce")
    if self == .troubled { trouble(&result) }
    return result
  }

  private func trouble(_ result: inout RepeatResult) {
    switch (result.cell, result.repeatNumber) {
    case ("c02", 2), ("c05", _):
      result.verdict = .invalid
      result.detail = "2 acknowledged tasks are not in the database"
    case ("c07", _), ("c09", 1):
      let isRefused = result.cell == "c07"
      result = RepeatResult(
        run: result.run, cell: result.cell, repeatNumber: result.repeatNumber, axes: result.axes,
        producers: result.producers, consumers: result.consumers,
        status: isRefused ? .refused : .failed, verdict: .unknown,
        detail: isRefused
          ? "asked for journal_mode=OFF, read back DELETE" : "consumer 2 died of signal 9")
    case ("c04", 1): result.verdict = .unknown
    default: break
    }
  }

  /// The manifest that belongs to it.
  var manifest: Manifest {
    Manifest(
      run: rawValue, createdAtUtc: "2026-11-21 12:00:00.123", commandLine: ["queuebench"],
      scenarioName: rawValue, scenarioFile: "scenarios/\(rawValue).yaml", scenarioText: "",
      question: "", targets: [], seed: 20_261_121, repeats: repeats, axisNames: axes.map(\.name),
      baselineCell: "c01", runOrder: [], settings: [:], commit: "371d9ce", buildMode: "release",
      machine: ["cpu": "AMD EPYC 7763", "cores": "2", "filesystem": "ext4"],
      sqliteVersion: "3.40.1", sqliteSourceId: "", sqliteCompileOptions: [])
  }
}

/// Repeatable noise.
struct Noise {
  private var state: UInt64

  /// The noise that belongs to a seed.
  init(seed: UInt64 = 42) { state = seed }

  /// A factor between 1 − spread and 1 + spread.
  mutating func factor(_ spread: Double) -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return 1 + spread * (Double(state >> 11) / 0x1p52 - 1)
  }
}
