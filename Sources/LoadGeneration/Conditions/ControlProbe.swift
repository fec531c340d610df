internal import Foundation
internal import Platform
internal import SQLite
internal import Statistics

/// What the machine gives to a fixed piece of work that has nothing to do with the queue.
package struct ControlProbe: Sendable, Equatable {
  /// The median wait for the disk.
  package let fsyncUs: Double
  /// The median of empty write transactions.
  package let lockUs: Double
  /// The median of a fixed piece of arithmetic.
  package let cpuUs: Double

  /// A probe that was made before.
  package init(fsyncUs: Double, lockUs: Double, cpuUs: Double) {
    self.fsyncUs = fsyncUs
    self.lockUs = lockUs
    self.cpuUs = cpuUs
  }

  private static let fsyncs = 15
  private static let transactions = 101
  private static let calculations = 15

  /// Probes the disk under `directory`; takes some tens of milliseconds.
  package static func measure(directory: String) throws -> ControlProbe {
    ControlProbe(
      fsyncUs: Double(
        try StorageProbe.fsyncCost(directory: directory, samples: fsyncs).medianNs) / 1000,
      lockUs: try lockUs(directory: directory), cpuUs: cpuUs())
  }

  /// The parts by name.
  package var parts: [(name: String, us: Double)] {
    [("fsync", fsyncUs), ("BEGIN IMMEDIATE", lockUs), ("arithmetic", cpuUs)]
  }

  private static func lockUs(directory: String) throws -> Double {
    let path = "\(directory)/probe.db"
    defer {
      for suffix in ["", "-wal", "-shm", "-handoff"] {
        try? FileManager.default.removeItem(atPath: path + suffix)
      }
    }
    let connection = try Connection(
      path: path, mode: .create, busyPolicy: .timeout(timeoutMs: 1000))
    try connection.execute(script: "PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS t (x)")
    var samples: [Double] = []
    for _ in 0..<transactions {
      let startNs = MonotonicClock.nowNs()
      try connection.begin(.immediate)
      try connection.commit()
      samples.append(Double(MonotonicClock.nowNs() - startNs) / 1000)
    }
    return median(of: samples) ?? 0
  }

  private static func cpuUs() -> Double {
    var samples: [Double] = []
    var state: UInt64 = 1
    for _ in 0..<calculations {
      let startNs = MonotonicClock.nowNs()
      // A chain in which each step needs the last, so that nothing can be skipped or done at once.
      for _ in 0..<50_000 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
      }
      samples.append(Double(MonotonicClock.nowNs() - startNs) / 1000)
    }
    // The state is used, or the work would be optimised away.
    return (median(of: samples) ?? 0) + (state == 0 ? 1 : 0)
  }
}

/// What probes have to be like for the machine to count as the one that the run began on.
package struct ProbeBand: Sendable, Equatable {
  /// The lowest and the highest value of each part.
  package let limits: [(name: String, low: Double, high: Double)]

  package static func == (left: ProbeBand, right: ProbeBand) -> Bool {
    left.limits.elementsEqual(right.limits, by: ==)
  }

  /// At least this far from the median, in both directions, is still normal.
  private static let leastFactor = 2.0
  /// How far beyond the calibration's own spread.
  private static let spreadFactor = 1.5

  /// The band around probes that were taken at the beginning, when nothing else was known; nil for none.
  package init?(calibration: [ControlProbe]) {
    guard let first = calibration.first else { return nil }
    limits = first.parts.indices.compactMap { part in
      let values = calibration.map { $0.parts[part].us }
      guard let middle = median(of: values), middle > 0, let low = values.min(),
        let high = values.max()
      else { return nil }
      let factor = max(
        Self.leastFactor, Self.spreadFactor * max(high / middle, middle / max(low, 1e-9)))
      return (first.parts[part].name, middle / factor, middle * factor)
    }
  }

  /// In words, what of a probe lies outside; nil if nothing does.
  package func complaint(about probe: ControlProbe) -> String? {
    let complaints = probe.parts.compactMap { part -> String? in
      guard let limit = limits.first(where: { $0.name == part.name }),
        part.us < limit.low || part.us > limit.high
      else { return nil }
      func text(_ us: Double) -> String { String(format: us < 10 ? "%.1f" : "%.0f", us) }
      return "\(part.name) \(text(part.us)) µs, expected \(text(limit.low)) to \(text(limit.high))"
    }
    return complaints.isEmpty ? nil : complaints.joined(separator: ", ")
  }
}
