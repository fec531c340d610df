#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The time of all processors since the boot, in ticks of the kernel: subtract two snapshots.
package struct CPUTimes: Equatable, Sendable {
  package let totalTicks: UInt64
  package let idleTicks: UInt64
  /// Time in which a virtual processor wanted to run and the host ran somebody else.
  package let stealTicks: UInt64

  /// Makes a snapshot from its parts.
  package init(totalTicks: UInt64, idleTicks: UInt64, stealTicks: UInt64) {
    self.totalTicks = totalTicks
    self.idleTicks = idleTicks
    self.stealTicks = stealTicks
  }

  /// The snapshot of this instant; nil where there is no `/proc/stat`.
  package static func now() -> CPUTimes? {
    SmallFile.read("/proc/stat").flatMap { parse(procStat: $0) }
  }

  /// Reads the first line of `/proc/stat`: user nice system idle iowait irq softirq steal guest …
  ///
  /// Guest time is contained in user time already and must not be counted twice.
  static func parse(procStat: String) -> CPUTimes? {
    guard let line = procStat.split(whereSeparator: \.isNewline).first else { return nil }
    let words = line.split(separator: " ")
    guard words.first == "cpu", words.count >= 5 else { return nil }
    var ticks: [UInt64] = []
    for word in words.dropFirst().prefix(8) {
      guard let value = UInt64(word) else { return nil }
      ticks.append(value)
    }
    var total: UInt64 = 0
    for value in ticks {
      let (sum, overflow) = total.addingReportingOverflow(value)
      if overflow { return nil }
      total = sum
    }
    // The sum did not overflow, so neither does a part of it.
    let idle = ticks[3] + (ticks.count > 4 ? ticks[4] : 0)
    return CPUTimes(
      totalTicks: total, idleTicks: idle, stealTicks: ticks.count > 7 ? ticks[7] : 0)
  }

  /// What has passed since an earlier snapshot.
  ///
  /// The kernel may let a counter step back a little (iowait does); that counts as no time.
  package func since(_ earlier: CPUTimes) -> CPUTimes {
    func difference(_ later: UInt64, _ earlier: UInt64) -> UInt64 {
      later > earlier ? later - earlier : 0
    }
    return CPUTimes(
      totalTicks: difference(totalTicks, earlier.totalTicks),
      idleTicks: difference(idleTicks, earlier.idleTicks),
      stealTicks: difference(stealTicks, earlier.stealTicks))
  }

  /// The share of the time that was stolen, 0…1; 0 for an empty difference.
  package var stealShare: Double { share(stealTicks) }

  /// The share of the time that was neither idle nor stolen, 0…1; 0 for an empty difference.
  package var busyShare: Double {
    let inactive = idleTicks + stealTicks
    return share(totalTicks > inactive ? totalTicks - inactive : 0)
  }

  private func share(_ ticks: UInt64) -> Double {
    totalTicks == 0 ? 0 : Double(ticks) / Double(totalTicks)
  }
}

/// How many processes want to run, averaged over the last 1, 5 and 15 minutes.
package struct LoadAverage: Equatable, Sendable {
  package let oneMinute: Double
  package let fiveMinutes: Double
  package let fifteenMinutes: Double

  /// The averages of this instant; nil if the system does not tell.
  package static func now() -> LoadAverage? {
    var averages: [Double] = [0, 0, 0]
    guard getloadavg(&averages, 3) == 3 else { return nil }
    return LoadAverage(
      oneMinute: averages[0], fiveMinutes: averages[1], fifteenMinutes: averages[2])
  }
}
