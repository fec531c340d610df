internal import Logging
internal import QueueEngine
internal import QueueWorker
internal import SQLite
internal import Wording

/// A value as it is shown, so that a file would take it back.
indirect enum ShownValue {
  case word(String)
  case number(String)
  case list([ShownValue])
  case map([(key: String, value: ShownValue)])
  /// JSON as it is, which is YAML too.
  case json(String)

  /// What a configuration says about a key.
  init(of key: ConfigurationKey, in configuration: WorkerConfiguration) {
    switch key {
    case .database: self = .word(configuration.databasePath)
    case .workerID: self = .word(configuration.workerID)
    case .concurrency: self = .number(String(configuration.concurrency))
    case .strategy: self = .word(configuration.strategy.rawValue)
    case .types:
      if let types = configuration.types {
        self = .list(types.sorted().map { ShownValue.word($0) })
      } else {
        self = .word("all")
      }
    case .capabilities: self = .json(configuration.capabilities.json)
    case .lease: self = .durationMs(configuration.leaseDurationMs)
    case .retry: self = ShownValue(configuration.retryPolicy)
    case .shutdownGrace: self = .durationMs(configuration.shutdownGraceMs)
    case .cancellationGrace: self = .durationMs(configuration.cancellationGraceMs)
    case .busyPolicy: self = ShownValue(configuration.busyPolicy)
    case .checkpoint:
      self = ShownValue(configuration.storeOptions().effectiveCheckpointPolicy)
    case .logLevel: self = .word(configuration.logLevel.rawValue)
    case .logToDatabase: self = .word(configuration.logsToDatabase ? "on" : "off")
    case .pragma(let pragma):
      let settings = configuration.storeOptions().effectivePragmas
      let value = settings.last { $0.pragma == pragma }?.value ?? ""
      self = Int(value) == nil ? .word(value) : .number(value)
    }
  }

  private init(_ policy: RetryPolicy) {
    switch policy {
    case .none: self = .word("none")
    case .fixed(let delayMs): self = .map([("fixed", .durationMs(delayMs))])
    case .linear(let stepMs, let maxMs):
      self = .map([
        ("linear", .map([("step", .durationMs(stepMs)), ("max", .durationMs(maxMs))]))
      ])
    case .exponential(let initialMs, let factor, let maxMs, let jitter):
      self = .map([
        (
          "exponential",
          .map([
            ("initial", .durationMs(initialMs)), ("factor", .number(NumberText.label(factor))),
            ("max", .durationMs(maxMs)), ("jitter", .number(NumberText.label(jitter))),
          ])
        )
      ])
    }
  }

  private init(_ policy: BusyPolicy) {
    let timeout = ShownValue.durationMs(Int64(policy.timeoutMs))
    switch policy {
    case .sqlite: self = .map([("sqlite", .map([("timeout", timeout)]))])
    case .timeout: self = .map([("timeout", .map([("timeout", timeout)]))])
    case .handoff: self = .map([("handoff", .map([("timeout", timeout)]))])
    case .fixed(let delayUs, _):
      self = .map([("fixed", .map([("delay", .durationUs(delayUs)), ("timeout", timeout)]))])
    case .backoff(let initialUs, let maxUs, _):
      self = .map([
        (
          "backoff",
          .map([
            ("initial", .durationUs(initialUs)), ("max", .durationUs(maxUs)), ("timeout", timeout),
          ])
        )
      ])
    }
  }

  private init(_ policy: CheckpointPolicy) {
    if let pages = policy.pages {
      self = .map([(policy.name, .map([("pages", .number(String(pages)))]))])
    } else {
      self = .word(policy.name)
    }
  }

  private static func durationMs(_ ms: Int64) -> ShownValue { .word(DurationText.label(ms: ms)) }
  private static func durationUs(_ us: Int) -> ShownValue { .word(DurationText.label(us: us)) }

  /// YAML on one line.
  var line: String {
    switch self {
    case .word(let text): return Self.yamlWord(text)
    case .number(let text), .json(let text): return text
    case .list(let items): return "[" + items.map(\.line).joined(separator: ", ") + "]"
    case .map(let entries):
      return "{" + entries.map { "\($0.key): \($0.value.line)" }.joined(separator: ", ") + "}"
    }
  }

  /// JSON on one line.
  var json: String {
    switch self {
    case .word(let text): return JSONString.quoted(text)
    case .number(let text), .json(let text): return text
    case .list(let items): return "[" + items.map(\.json).joined(separator: ", ") + "]"
    case .map(let entries):
      let parts = entries.map { "\(JSONString.quoted($0.key)): \($0.value.json)" }
      return "{" + parts.joined(separator: ", ") + "}"
    }
  }

  /// In quotes unless it is plain without doubt.
  private static func yamlWord(_ text: String) -> String {
    let isPlain = text.allSatisfy { $0.isLetter || $0.isNumber || "_./-".contains($0) }
    if isPlain, text.first != "-", case .text = PlainScalar.value(of: text) { return text }
    return JSONString.quoted(text)
  }
}
