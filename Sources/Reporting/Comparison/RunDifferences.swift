import Foundation
import Results
import Statistics
internal import Verification

/// In what two runs differ beside their numbers.
struct RunDifferences {
  /// What sentences call the two.
  struct Names {
    let a: String
    let b: String

    static let letters = Names(a: "A", b: "B")
    static let baseline = Names(a: "the baseline", b: "the run")
  }

  /// What makes the machines different ones, in words; empty for the same machine.
  let machine: [String]
  private let a: StoredRun
  private let b: StoredRun
  private let names: Names

  init(_ a: StoredRun, _ b: StoredRun, names: Names = .letters) {
    self.a = a
    self.b = b
    self.names = names
    machine =
      ["cpu", "cores", "cores_usable", "filesystem", "kernel", "virtualisation"].compactMap {
        key in Self.difference(key, a.manifest.machine[key], b.manifest.machine[key])
      }
      + [("device", Self.deviceKind)].compactMap { key, kind in
        Self.difference(key, a.manifest.machine[key].map(kind), b.manifest.machine[key].map(kind))
      }
  }

  private static func difference(_ name: String, _ a: String?, _ b: String?) -> String? {
    a == b ? nil : "\(name.replacing("_", with: " ")) \(a ?? "unknown") and \(b ?? "unknown")"
  }

  /// What a device is, without which of them it is: names change from boot to boot.
  private static func deviceKind(_ device: String) -> String {
    let name = device.split(separator: "/").last.map(String.init) ?? device
    let kinds = ["nvme", "mmcblk", "xvd", "sd", "vd", "dm-", "md", "loop", "zram"]
    return kinds.first { name.hasPrefix($0) } ?? name
  }

  // MARK: Warnings

  /// What a reader must know of the runs, and of these cells of theirs.
  func warnings(of pairs: [RunComparison.Pair]) -> [String] {
    [a.note, b.note].compactMap(\.self) + buildWarnings + sqliteWarnings + scenarioWarnings(pairs)
      + pragmaWarnings(pairs) + tuningWarnings + probeWarnings + verdictWarnings
      + unmeasuredWarnings(pairs)
  }

  private var buildWarnings: [String] {
    var warnings: [String] = []
    let modes = [a.manifest.buildMode, b.manifest.buildMode]
    if modes[0] != modes[1] {
      warnings.append("\(names.a) is a \(modes[0]) build and \(names.b) a \(modes[1]) build")
    } else if modes[0] != "release" {
      warnings.append("both are \(modes[0]) builds, whose numbers mean nothing")
    }
    for (name, run) in [(names.a, a), (names.b, b)] where run.manifest.commit.contains("dirty") {
      warnings.append(
        "\(name) was built from changes that no commit has (\(run.manifest.commit))")
    }
    for (name, run) in [(names.a, a), (names.b, b)] {
      let commits = Set(run.rows.map(\.commit)).filter { !$0.isEmpty }.sorted()
      if commits.count > 1 {
        warnings.append(
          "\(name) mixes repeats of several commits: \(commits.joined(separator: ", "))")
      }
    }
    return warnings
  }

  private var sqliteWarnings: [String] {
    let (a, b) = (a.manifest, b.manifest)
    guard a.sqliteVersion == b.sqliteVersion else {
      return [
        "SQLite is \(a.sqliteVersion) in \(names.a) and \(b.sqliteVersion) in \(names.b)"
      ]
    }
    guard a.sqliteSourceId == b.sqliteSourceId else {
      return [
        "SQLite \(a.sqliteVersion) was built from other sources in \(names.a) than in \(names.b)"
      ]
    }
    let (inA, inB) = (Set(a.sqliteCompileOptions), Set(b.sqliteCompileOptions))
    let different = inA.symmetricDifference(inB).sorted()
    return different.isEmpty
      ? []
      : [
        "SQLite was compiled with other options: "
          + different.map { "\($0) (\(inA.contains($0) ? names.a : names.b) alone)" }
          .joined(separator: ", ")
      ]
  }

  /// What the same labels hide.
  private func scenarioWarnings(_ pairs: [RunComparison.Pair]) -> [String] {
    var warnings: [String] = []
    if a.manifest.scenarioFingerprint != b.manifest.scenarioFingerprint {
      warnings.append(
        a.manifest.scenarioName == b.manifest.scenarioName
          ? "the scenario \(a.manifest.scenarioName) was changed between \(names.a) and \(names.b)"
          : "\(names.a) ran \(a.manifest.scenarioName), \(names.b) \(b.manifest.scenarioName)")
    }
    if a.manifest.seed != b.manifest.seed {
      warnings.append(
        "the seed is \(a.manifest.seed) in \(names.a) and \(b.manifest.seed) in \(names.b)")
    }
    if a.isQuick != b.isQuick { warnings.append("one of them was shortened with --quick") }
    warnings += differing(pairs, a.manifest.settings, b.manifest.settings, "the setting")
    return warnings
  }

  private func pragmaWarnings(_ pairs: [RunComparison.Pair]) -> [String] {
    differing(pairs, a.manifest.pragmasReadBack, b.manifest.pragmasReadBack, "PRAGMA")
  }

  /// `PRAGMA cache_size is -2000 in A and -20000 in B (c01, c02)`.
  private func differing(
    _ pairs: [RunComparison.Pair], _ inA: [String: [String: String]],
    _ inB: [String: [String: String]], _ noun: String
  ) -> [String] {
    var order: [String] = []
    var cells: [String: [String]] = [:]
    for pair in pairs {
      guard let a = inA[pair.a.cell], let b = inB[pair.b.cell] else { continue }
      for key in Set(a.keys).union(b.keys).sorted() where a[key] != b[key] {
        let text =
          "\(noun) \(key) is \(a[key] ?? "absent") in \(names.a) and \(b[key] ?? "absent") in "
          + names.b
        if cells[text] == nil { order.append(text) }
        cells[text, default: []].append(pair.a.cell)
      }
    }
    return order.map { text in
      let names = cells[text] ?? []
      return names.count == pairs.count ? text : "\(text) (\(names.joined(separator: ", ")))"
    }
  }

  private var tuningWarnings: [String] {
    let ignored: Set = [
      "cpu", "cores", "cores_usable", "filesystem", "kernel", "virtualisation", "device",
      "load_average", "memory_bytes",
    ]
    let (inA, inB) = (a.manifest.machine, b.manifest.machine)
    let keys = Set(inA.keys).union(inB.keys).subtracting(ignored).sorted()
    let different = keys.compactMap { Self.difference($0, inA[$0], inB[$0]) }
    return different.isEmpty
      ? [] : ["the machine is set up differently: \(different.joined(separator: "; "))"]
  }

  /// A probe must differ by this factor, and beyond chance, to be worth a warning.
  private static let probeTolerance = 1.1

  /// The control probe does the same in every repeat: where it differs, the machine does.
  private var probeWarnings: [String] {
    let probes = [
      ("probe_fsync_us", "an fsync"), ("probe_lock_us", "taking the write lock"),
      ("probe_cpu_us", "a fixed piece of computing"),
    ]
    return probes.compactMap { column, noun in
      guard let metric = Metric.named(column) else { return nil }
      let (inA, inB) = (
        a.rows.compactMap(metric.value(in:)), b.rows.compactMap(metric.value(in:))
      )
      guard let ratio = hodgesLehmannShiftRatio(of: inB, to: inA),
        let p = mannWhitneyPValue(inB, inA), p < 0.01 / Double(probes.count),
        max(ratio.value, 1 / ratio.value) > Self.probeTolerance,
        let medianA = median(of: inA), let medianB = median(of: inB)
      else { return nil }
      return
        "the machine was not the same: \(noun) took the control probe \(latencyText(us: medianA)) in "
        + "\(names.a) and \(latencyText(us: medianB)) in \(names.b) (×\(fixed(ratio.value, decimals: 2)))"
    }
  }

  /// Repeats that are missing are seldom the easy ones.
  private func unmeasuredWarnings(_ pairs: [RunComparison.Pair]) -> [String] {
    pairs.flatMap { pair in
      [(names.a, pair.a), (names.b, pair.b)].compactMap { name, cell in
        guard !cell.usable.isEmpty, let first = cell.unmeasured.first else { return nil }
        let count = cell.usable.count + cell.invalid.count + cell.unmeasured.count
        return
          "\(cell.unmeasured.count) of \(count) repeats of \(cell.cell) in \(name) are left out: "
          + "\(first.status.rawValue)" + (first.detail.isEmpty ? "" : ", \(first.detail)")
      }
    }
  }

  private var verdictWarnings: [String] {
    [(names.a, a), (names.b, b)].compactMap { name, run in
      let count = run.rows.count { $0.verdict == .invalid }
      return count == 0
        ? nil : "\(count) of \(run.rows.count) repeats of \(name) are INVALID and left out"
    }
  }
}

extension StoredRun {
  /// Whether every phase was shortened to a glance.
  var isQuick: Bool { manifest.commandLine.contains("--quick") }
}
