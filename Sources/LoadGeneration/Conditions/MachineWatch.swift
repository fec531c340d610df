internal import Platform
internal import Results

/// What the processes of a repeat and the machine around them used between two moments.
///
/// The harness looks at the processes from outside, at the beginning of the measurement and shortly before its
/// end, when nobody has ended yet.
struct MachineWatch {
  private struct Snapshot {
    let nowNs: UInt64
    let cpu: CPUTimes?
    let ownNs: UInt64
    let usages: [ProcessUsage?]
  }

  private let children: [(role: Role, pid: Int32)]
  private let first: Snapshot

  /// Begins to watch.
  init(_ children: [(role: Role, pid: Int32)]) {
    self.children = children
    first = Self.snapshot(of: children)
  }

  private static func snapshot(of children: [(role: Role, pid: Int32)]) -> Snapshot {
    Snapshot(
      nowNs: MonotonicClock.nowNs(), cpu: CPUTimes.now(), ownNs: ProcessUsage.ownRunningNs(),
      usages: children.map { ProcessUsage.of(pid: $0.pid) })
  }

  /// Enters what was used since into `conditions`; `hasStrangers` says that some of the processes have ended since,
  /// so that their numbers may be somebody else's by now.
  func finish(_ conditions: inout ConditionsResult, hasStrangers: Bool) {
    let last = Self.snapshot(of: children)
    let seconds = max(Double(last.nowNs - first.nowNs) / 1e9, 1e-9)
    if let before = first.cpu, let after = last.cpu {
      conditions.stealShare = after.since(before).stealShare
    }
    conditions.harnessCPUShare = Double(last.ownNs - first.ownNs) / 1e9 / seconds

    let used = zip(children, zip(first.usages, last.usages)).compactMap { child, usages in
      usages.0.flatMap { before in usages.1.map { (role: child.role, usage: $0.since(before)) } }
    }
    guard !hasStrangers, used.count == children.count, let total = sum(used.map(\.usage)) else {
      return
    }
    func perSecond(_ count: UInt64?) -> Double? { count.map { Double($0) / seconds } }
    func cpuShare(of role: Role) -> Double? {
      let ofRole = used.filter { $0.role == role }
      guard let usage = sum(ofRole.map(\.usage)) else { return nil }
      return perSecond(usage.runningNs).map { $0 / 1e9 / Double(ofRole.count) }
    }
    conditions.producerCPUShare = cpuShare(of: .producer)
    conditions.consumerCPUShare = cpuShare(of: .consumer)
    conditions.runQueueShare = perSecond(total.runnableNs).map { $0 / 1e9 / Double(used.count) }
    conditions.voluntarySwitchesPerSecond = perSecond(total.voluntarySwitches)
    conditions.involuntarySwitchesPerSecond = perSecond(total.involuntarySwitches)
    conditions.minorFaultsPerSecond = perSecond(total.minorFaults)
    conditions.majorFaultsPerSecond = perSecond(total.majorFaults)
    conditions.readBytesPerSecond = perSecond(total.readBytes)
    conditions.writtenBytesPerSecond = perSecond(total.writtenBytes)
  }

  private func sum(_ usages: [ProcessUsage]) -> ProcessUsage? {
    guard let first = usages.first else { return nil }
    return usages.dropFirst().reduce(first, +)
  }
}
