internal import Scenarios

/// One fault at one time.
struct FaultEvent: Sendable, Hashable {
  let kind: FaultPlan.Kind
  /// When it begins, after the beginning of the measurement.
  let afterNs: UInt64
  /// 0 for what is over at once or lasts as long as it takes.
  let durationNs: UInt64
  /// Which of the repeat's processes it befalls; nil for all of them.
  var process: Int?
  /// By how many ms the clock is set forward.
  var byMs = 0
  /// What the shell is to run.
  var commandLine: String?
}

extension FaultPlan {
  /// What happens when within a measurement: of each kind one event per stretch of `everyMs`, at a random moment
  /// of it unless the plan says which, and over before the measurement is, unless it takes as long as it takes.
  func events(measureNs: UInt64, processCount: Int, seed: UInt64) -> [FaultEvent] {
    var events: [FaultEvent] = []
    for fault in faults {
      // A sequence of its own for each kind, so that another fault beside it changes nothing about this one.
      let kind = Kind.allCases.firstIndex(of: fault.kind) ?? 0
      var random = SeededGenerator(seed: seed &+ UInt64(kind) &* 0x9E37_79B9)
      let everyNs = UInt64(fault.everyMs) * 1_000_000
      let durationNs = UInt64(fault.forMs) * 1_000_000
      var beginNs: UInt64 = 0
      while beginNs + everyNs <= measureNs {
        let slackNs = Int(everyNs - durationNs)
        let randomNs = UInt64(random.index(below: slackNs))
        let afterNs = beginNs + (fault.atMs.map { UInt64($0) * 1_000_000 } ?? randomNs)
        let process = random.index(below: max(1, processCount))
        let isAimed = fault.kind == .kill || fault.kind == .stop
        events.append(
          FaultEvent(
            kind: fault.kind, afterNs: afterNs, durationNs: durationNs,
            process: isAimed ? process : nil, byMs: fault.byMs,
            commandLine: fault.commandLine))
        beginNs += everyNs
      }
    }
    return events.sorted { ($0.afterNs, $0.kind.rawValue) < ($1.afterNs, $1.kind.rawValue) }
  }
}
