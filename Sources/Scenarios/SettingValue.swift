import QueueEngine
import SQLite

/// A validated value of one setting.
enum SettingValue: Hashable {
  case pragma(PragmaSetting)
  case lease(ms: Int)
  case strategy(ClaimStrategy)
  case transaction(TransactionMode)
  case busyPolicy(BusyPolicy, timeoutIsExplicit: Bool)
  case checkpoint(CheckpointPolicy)
  case producers(Int)
  case consumers(Int)
  case processes(Int)
  case callers(Int)
  case writeCombining(Switch)
  case depth(Int)
  case finished(Int)
  case payloadBytes(Int)
  case batch(Int)
  case workTime(us: Int)
  case renewal(ms: Int)
  case thinkTime(us: Int)
  case rate(Arrivals)
  case arrivals(ArrivalProcess)
  case burst(Int)
  case taskTypes([WeightedName])
  case priorities([WeightedPriority])
  case faults(FaultPlan)
  case sqliteLibrary(path: String?)
  case instrumentation(Switch)

  /// The value in tables and CSV: short, without comma, quote or line break.
  ///
  /// One value has one label however the file spells it (`2000ms` is `2s`), so values are compared
  /// by their labels.
  var label: String {
    switch self {
    case .pragma(let setting): return setting.value
    case .lease(let ms), .renewal(let ms): return DurationText.label(us: ms * 1_000)
    case .strategy(let strategy): return strategy.rawValue
    case .transaction(let mode): return mode.rawValue
    case .busyPolicy(let policy, _): return BusyPolicyText.label(policy)
    case .producers(let count), .consumers(let count), .processes(let count), .callers(let count),
      .depth(let count), .finished(let count), .payloadBytes(let count), .batch(let count),
      .burst(let count):
      return String(count)
    case .checkpoint(let policy): return CheckpointPolicyText.label(policy)
    case .writeCombining(let position), .instrumentation(let position): return position.rawValue
    case .workTime(let us), .thinkTime(let us): return DurationText.label(us: us)
    case .rate(let arrivals): return RateText.label(arrivals)
    case .arrivals(let process): return process.rawValue
    case .taskTypes(let mix): return mix.map { "\($0.name):\($0.weight)" }.joined(separator: "|")
    case .priorities(let mix):
      return mix.map { "\($0.priority):\($0.weight)" }.joined(separator: "|")
    case .faults(let plan): return plan.label
    case .sqliteLibrary(let path): return path ?? "system"
    }
  }
}

extension CellSettings {
  /// The standard settings with `values` applied.
  init(_ values: some Sequence<SettingValue>) {
    self = .standard
    apply(values)
  }

  /// Applies `values`, of which later ones count.
  ///
  /// `busy_timeout` is the limit of SQLite's own busy handler, so setting it chooses that policy.
  mutating func apply(_ values: some Sequence<SettingValue>) {
    var pragmas = self.pragmas.settings
    for value in values {
      switch value {
      case .pragma(let setting): pragmas.append(setting)
      case .lease(let ms): leaseDurationMs = ms
      case .strategy(let strategy): self.strategy = strategy
      case .transaction(let mode): transactionMode = mode
      case .busyPolicy(let policy, _): busyPolicy = policy
      case .checkpoint(let policy): checkpointPolicy = policy
      case .producers(let count): producers = count
      case .consumers(let count): consumers = count
      case .processes(let count):
        producers = count / 2
        consumers = count / 2
      case .callers(let count): callers = count
      case .writeCombining(let position): writeCombining = position == .on
      case .depth(let count): depth = count
      case .finished(let count): finished = count
      case .payloadBytes(let count): payloadBytes = count
      case .batch(let count): batchSize = count
      case .workTime(let us): workTimeUs = us
      case .renewal(let ms): renewalMs = ms
      case .thinkTime(let us): thinkTimeUs = us
      case .rate(let arrivals): self.arrivals = arrivals
      case .arrivals(let process): arrivalProcess = process
      case .burst(let count): burst = count
      case .taskTypes(let mix): taskTypes = mix
      case .priorities(let mix): priorities = mix
      case .faults(let plan): faults = plan
      case .sqliteLibrary(let path): sqliteLibraryPath = path
      case .instrumentation(let position): instrumentation = position == .on
      }
    }
    self.pragmas = PragmaList(pragmas)
    if let timeout = self.pragmas[.busyTimeout].flatMap({ Int($0) }) {
      busyPolicy = .sqlite(timeoutMs: timeout)
    }
  }
}

/// Something that is on or off.
enum Switch: String, CaseIterable {
  case on
  case off
}

/// Busy policies as they stand in a scenario.
enum BusyPolicyText {
  /// The policies by name, with the parameters they have when only the name is given.
  static let standard: KeyValuePairs<String, BusyPolicy> = [
    "sqlite": .sqlite(timeoutMs: 5_000),
    "timeout": .timeout(timeoutMs: 5_000),
    "fixed": .fixed(delayUs: 1_000, timeoutMs: 5_000),
    "backoff": .backoff(initialUs: 100, maxUs: 20_000, timeoutMs: 5_000),
    "handoff": .handoff(timeoutMs: 5_000),
  ]

  /// The bare name if all parameters are standard, else all parameters:
  /// `fixed(delay=2ms timeout=5s)`.
  static func label(_ policy: BusyPolicy) -> String {
    if let named = standard.first(where: { $0.value == policy }) { return named.key }
    let timeout = "timeout=\(DurationText.label(us: policy.timeoutMs * 1_000))"
    switch policy {
    case .sqlite: return "sqlite(\(timeout))"
    case .timeout: return "timeout(\(timeout))"
    case .handoff: return "handoff(\(timeout))"
    case .fixed(let delayUs, _):
      return "fixed(delay=\(DurationText.label(us: delayUs)) \(timeout))"
    case .backoff(let initialUs, let maxUs, _):
      let initial = DurationText.label(us: initialUs)
      let maximum = DurationText.label(us: maxUs)
      return "backoff(initial=\(initial) max=\(maximum) \(timeout))"
    }
  }
}

/// Checkpoint policies as they stand in a scenario.
enum CheckpointPolicyText {
  /// The policies by name, with the pages they have when only the name is given: SQLite's own number for
  /// those on a connection's own thread, and twice as many for those in the background, whose checkpoints
  /// should be rare and yet short.
  static let standard: KeyValuePairs<String, CheckpointPolicy> = [
    "auto": .auto(pages: 1000), "deferred": .deferred(pages: 1000),
    "dedicated": .dedicated(pages: 2000), "gated": .gated(pages: 2000),
    "pinned": .pinned(pages: 2000), "none": .none,
  ]

  /// The same policy from another number of pages.
  static func policy(_ policy: CheckpointPolicy, pages: Int) -> CheckpointPolicy {
    switch policy {
    case .auto: return .auto(pages: pages)
    case .deferred: return .deferred(pages: pages)
    case .dedicated: return .dedicated(pages: pages)
    case .gated: return .gated(pages: pages)
    case .pinned: return .pinned(pages: pages)
    case .none: return .none
    }
  }

  /// The bare name if the pages are standard, else `pinned(pages=2000)`.
  static func label(_ policy: CheckpointPolicy) -> String {
    standard.first { $0.value == policy }?.key ?? policy.description
  }
}

/// Arrival rates as they stand in a scenario.
enum RateText {
  /// More than any SQLite database takes; a larger number is a slip.
  static let maximumPerSecond = 1_000_000.0
  /// Less than this offers nothing in any run; a smaller number is a slip too.
  static let minimumPerSecond = 0.001 / 60

  /// `closed`, a rate that never changes, or every step as in `0s:500/s|1.5s:2000/s`.
  static func label(_ arrivals: Arrivals) -> String {
    guard case .open(let profile) = arrivals else { return "closed" }
    if profile.steps.count == 1 { return label(perSecond: profile.steps[0].perSecond) }
    return profile.steps.map { "\(label(atUs: $0.startUs)):\(label(perSecond: $0.perSecond))" }
      .joined(separator: "|")
  }

  /// A time in seconds, with the decimals that it needs.
  private static func label(atUs us: Int) -> String {
    let fraction = String(1_000_000 + us % 1_000_000).dropFirst()
    let decimals = fraction.prefix(6 - fraction.reversed().prefix { $0 == "0" }.count)
    return "\(us / 1_000_000)\(decimals.isEmpty ? "" : ".")\(decimals)s"
  }

  /// The rate per second if that is a whole number, else per minute if that is, else the fraction per
  /// second.
  private static func label(perSecond: Double) -> String {
    if perSecond == 0 { return "0/s" }
    if let whole = whole(perSecond) { return "\(whole)/s" }
    if let whole = whole(perSecond * 60) { return "\(whole)/min" }
    return "\(perSecond)/s"
  }

  private static func whole(_ value: Double) -> Int? {
    let rounded = value.rounded()
    return abs(rounded - value) <= 1e-9 * value && rounded >= 1 ? Int(rounded) : nil
  }
}
