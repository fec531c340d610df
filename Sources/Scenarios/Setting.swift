import SQLite

/// A name that may stand in `settings`, `axes`, `include`, …: a PRAGMA or a property of the load.
enum Setting: Hashable {
  case pragma(Pragma)
  case load(LoadSetting)

  /// All of them, PRAGMAs first.
  static let all: [Setting] =
    Pragma.all.map(Setting.pragma) + LoadSetting.allCases.map(Setting.load)

  /// All names, for suggestions.
  static let names: [String] = all.map(\.name)

  /// The setting of exactly that name.
  static func named(_ name: String) -> Setting? {
    all.first { $0.name == name }
  }

  /// The name in a scenario file.
  var name: String {
    switch self {
    case .pragma(let pragma): return pragma.name
    case .load(let setting): return setting.rawValue
    }
  }

  /// What a cell shows for an axis that it does not set: `default` for a PRAGMA, which is then left
  /// alone.
  var standardLabel: String {
    switch self {
    case .pragma: return "default"
    case .load(let setting): return setting.standardValue.label
    }
  }
}

/// The settings that are not PRAGMAs.
enum LoadSetting: String, CaseIterable {
  case lease
  case strategy
  case transaction
  case busyPolicy = "busy_policy"
  case checkpoint
  case producers
  case consumers
  case processes
  case callers
  case writeCombining = "write_combining"
  case depth
  case finished
  case payloadBytes = "payload_bytes"
  case batch
  case workTime = "work_time"
  case renewal
  case thinkTime = "think_time"
  case rate
  case arrivals
  case burst
  case taskTypes = "task_types"
  case priorities
  case faults
  case sqliteLibrary = "sqlite_library"
  case instrumentation

  /// The value in ``CellSettings/standard``.
  var standardValue: SettingValue {
    let standard = CellSettings.standard
    switch self {
    case .lease: return .lease(ms: standard.leaseDurationMs)
    case .strategy: return .strategy(standard.strategy)
    case .transaction: return .transaction(standard.transactionMode)
    case .busyPolicy: return .busyPolicy(standard.busyPolicy, timeoutIsExplicit: false)
    case .checkpoint: return .checkpoint(standard.checkpointPolicy)
    case .producers: return .producers(standard.producers)
    case .consumers: return .consumers(standard.consumers)
    case .processes: return .processes(standard.producers + standard.consumers)
    case .callers: return .callers(standard.callers)
    case .writeCombining: return .writeCombining(standard.writeCombining ? .on : .off)
    case .depth: return .depth(standard.depth)
    case .finished: return .finished(standard.finished)
    case .payloadBytes: return .payloadBytes(standard.payloadBytes)
    case .batch: return .batch(standard.batchSize)
    case .workTime: return .workTime(us: standard.workTimeUs)
    case .renewal: return .renewal(ms: standard.renewalMs)
    case .thinkTime: return .thinkTime(us: standard.thinkTimeUs)
    case .rate: return .rate(standard.arrivals)
    case .arrivals: return .arrivals(standard.arrivalProcess)
    case .burst: return .burst(standard.burst)
    case .taskTypes: return .taskTypes(standard.taskTypes)
    case .priorities: return .priorities(standard.priorities)
    case .faults: return .faults(standard.faults)
    case .sqliteLibrary: return .sqliteLibrary(path: standard.sqliteLibraryPath)
    case .instrumentation: return .instrumentation(standard.instrumentation ? .on : .off)
    }
  }
}
