import QueueEngine
import SQLite
internal import Wording

/// Reads the value of a setting from its YAML node.
struct SettingReader {
  let diagnostics: Diagnostics

  /// The value, or nil after reporting what is wrong with it.
  func value(of setting: Setting, from node: SourceNode) -> SettingValue? {
    switch setting {
    case .pragma(let pragma): return self.pragma(pragma, from: node).map(SettingValue.pragma)
    case .load(let setting): return value(of: setting, from: node)
    }
  }

  private func value(of setting: LoadSetting, from node: SourceNode) -> SettingValue? {
    switch setting {
    case .lease: return durationMs(node, minimumMs: 1).map(SettingValue.lease(ms:))
    case .strategy: return word(node, ClaimStrategy.self).map(SettingValue.strategy)
    case .transaction: return word(node, TransactionMode.self).map(SettingValue.transaction)
    case .busyPolicy: return busyPolicy(node)
    case .checkpoint: return checkpoint(node).map(SettingValue.checkpoint)
    case .producers: return integer(node, 0...256).map(SettingValue.producers)
    case .consumers: return integer(node, 0...256).map(SettingValue.consumers)
    case .processes: return processes(node)
    case .callers: return integer(node, 1...256).map(SettingValue.callers)
    case .writeCombining: return word(node, Switch.self).map(SettingValue.writeCombining)
    case .depth: return integer(node, 0...100_000_000).map(SettingValue.depth)
    case .finished: return integer(node, 0...10_000_000).map(SettingValue.finished)
    case .payloadBytes:
      return integer(node, 2...NewTask.payloadByteLimit).map(SettingValue.payloadBytes)
    case .batch: return integer(node, 1...10_000).map(SettingValue.batch)
    case .workTime: return durationUs(node, minimumUs: 0).map(SettingValue.workTime(us:))
    case .renewal: return durationMs(node, minimumMs: 0).map(SettingValue.renewal(ms:))
    case .thinkTime: return durationUs(node, minimumUs: 0).map(SettingValue.thinkTime(us:))
    case .rate: return rate(node).map(SettingValue.rate)
    case .arrivals: return word(node, ArrivalProcess.self).map(SettingValue.arrivals)
    case .burst: return integer(node, 1...10_000).map(SettingValue.burst)
    case .taskTypes: return taskTypes(node).map(SettingValue.taskTypes)
    case .priorities: return priorities(node).map(SettingValue.priorities)
    case .faults: return faults(node).map(SettingValue.faults)
    case .sqliteLibrary: return sqliteLibrary(node)
    case .instrumentation: return word(node, Switch.self).map(SettingValue.instrumentation)
    }
  }

  // MARK: Scalars

  func durationUs(_ node: SourceNode, minimumUs: Int, resolutionUs: Int = 1) -> Int? {
    guard let text = node.text("a duration such as 500ms", diagnostics) else { return nil }
    do {
      return try DurationText.microseconds(
        of: text, minimumUs: minimumUs, resolutionUs: resolutionUs)
    } catch {
      diagnostics.report(error.message, at: node)
      return nil
    }
  }

  func durationMs(_ node: SourceNode, minimumMs: Int) -> Int? {
    durationUs(node, minimumUs: minimumMs * 1_000, resolutionUs: 1_000).map { $0 / 1_000 }
  }

  func integer(_ node: SourceNode, _ range: ClosedRange<Int>) -> Int? {
    let expected = "an integer from \(range.lowerBound) to \(range.upperBound)"
    guard let text = node.text(expected, diagnostics) else { return nil }
    guard let value = Quantity.integer(text), range.contains(value) else {
      diagnostics.report("must be \(expected), not \(quoted(text))", at: node)
      return nil
    }
    return value
  }

  private func word<Word: CaseIterable & RawRepresentable>(
    _ node: SourceNode, _: Word.Type
  ) -> Word? where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    let expected = Self.list(words)
    guard let text = node.text(expected, diagnostics) else { return nil }
    guard let value = Word(rawValue: text) else {
      diagnostics.report(
        "must be \(expected), not \(quoted(text))", at: node,
        suggestion: Suggestion.nearest(to: text, among: words))
      return nil
    }
    return value
  }

  private func pragma(_ pragma: Pragma, from node: SourceNode) -> PragmaSetting? {
    guard let text = node.text(pragma.expectation, diagnostics) else { return nil }
    let value = Quantity.integer(text).map(String.init) ?? text
    guard let setting = PragmaSetting(pragma, value) else {
      diagnostics.report("must be \(pragma.expectation), not \(quoted(text))", at: node)
      return nil
    }
    return setting
  }

  private func processes(_ node: SourceNode) -> SettingValue? {
    guard let count = integer(node, 2...512) else { return nil }
    guard count.isMultiple(of: 2) else {
      diagnostics.report(
        "must be even (half producers, half consumers), not \(count); "
          + "use producers and consumers for other shares", at: node)
      return nil
    }
    return .processes(count)
  }

  private func sqliteLibrary(_ node: SourceNode) -> SettingValue? {
    let expected = "system, or the path of a library such as /opt/sqlite/libsqlite3.so.0"
    guard let text = node.text(expected, diagnostics) else { return nil }
    if text == "system" { return .sqliteLibrary(path: nil) }
    // It becomes a label, and a word of an environment variable that separates words. Without a slash, it would be
    // looked for where the system keeps its libraries.
    guard text.contains("/"), !text.contains(where: { $0.isWhitespace || ",:\"|".contains($0) })
    else {
      diagnostics.report("must be \(expected), not \(quoted(text))", at: node)
      return nil
    }
    return .sqliteLibrary(path: text)
  }

  // MARK: Maps

  private func busyPolicy(_ node: SourceNode) -> SettingValue? {
    guard let (standard, parameters) = policy(node, among: BusyPolicyText.standard) else {
      return nil
    }
    return parameters.map { busyPolicy(standard, parameters: $0) }
      ?? .busyPolicy(standard, timeoutIsExplicit: false)
  }

  private func checkpoint(_ node: SourceNode) -> CheckpointPolicy? {
    guard let (standard, parameters) = policy(node, among: CheckpointPolicyText.standard) else {
      return nil
    }
    guard let parameters else { return standard }
    guard let entries = parameters.entries("a map with pages", diagnostics) else { return nil }
    var policy = standard
    var isFine = true
    for entry in entries {
      guard entry.key == "pages", standard.pages != nil else {
        diagnostics.report(
          "unknown parameter", at: entry.path, line: entry.line,
          suggestion: Suggestion.nearest(to: entry.key, among: ["pages"]))
        isFine = false
        continue
      }
      if let pages = integer(entry.value, 1...10_000_000) {
        policy = CheckpointPolicyText.policy(policy, pages: pages)
      } else {
        isFine = false
      }
    }
    return isFine ? policy : nil
  }

  /// A policy by its name, and its parameters if it stands in a map.
  private func policy<Policy>(
    _ node: SourceNode, among standard: KeyValuePairs<String, Policy>
  ) -> (standard: Policy, parameters: SourceNode?)? {
    let names = standard.map(\.key)
    let expected = Self.list(names) + ", or a map of one of them to its parameters"
    if node.isMap {
      guard let entries = node.entries(expected, diagnostics) else { return nil }
      guard entries.count == 1 else {
        diagnostics.report("must name exactly one policy", at: node)
        return nil
      }
      let entry = entries[0]
      return policy(entry.key, standard, names, at: entry.path, entry.line).map {
        ($0, entry.value)
      }
    }
    guard let name = node.text(expected, diagnostics) else { return nil }
    return policy(name, standard, names, at: node.path, node.line).map { ($0, nil) }
  }

  private func policy<Policy>(
    _ name: String, _ standard: KeyValuePairs<String, Policy>, _ names: [String], at path: String,
    _ line: Int?
  ) -> Policy? {
    if let known = standard.first(where: { $0.key == name }) { return known.value }
    diagnostics.report(
      "must be \(Self.list(names)), not \(quoted(name))", at: path, line: line,
      suggestion: Suggestion.nearest(to: name, among: names))
    return nil
  }

  /// The policy with the given parameters in place of its standard ones.
  private func busyPolicy(_ standard: BusyPolicy, parameters node: SourceNode) -> SettingValue? {
    var known: [String: Int] = ["timeout": standard.timeoutMs * 1_000]
    switch standard {
    case .sqlite, .timeout, .handoff: break
    case .fixed(let delayUs, _): known["delay"] = delayUs
    case .backoff(let initialUs, let maxUs, _):
      known["initial"] = initialUs
      known["max"] = maxUs
    }
    let names = known.keys.sorted()
    guard let entries = node.entries("a map with \(Self.list(names))", diagnostics) else {
      return nil
    }
    let errorsBefore = diagnostics.count
    var isTimeoutExplicit = false
    for entry in entries {
      guard known[entry.key] != nil else {
        diagnostics.report(
          "unknown parameter", at: entry.path, line: entry.line,
          suggestion: Suggestion.nearest(to: entry.key, among: names))
        continue
      }
      let isTimeout = entry.key == "timeout"
      let resolutionUs = isTimeout ? 1_000 : 1
      known[entry.key] =
        durationUs(entry.value, minimumUs: resolutionUs, resolutionUs: resolutionUs) ?? 0
      isTimeoutExplicit = isTimeoutExplicit || isTimeout
    }
    guard diagnostics.count == errorsBefore else { return nil }
    let timeoutMs = known["timeout", default: 0] / 1_000
    let policy: BusyPolicy
    switch standard {
    case .sqlite: policy = .sqlite(timeoutMs: timeoutMs)
    case .timeout: policy = .timeout(timeoutMs: timeoutMs)
    case .handoff: policy = .handoff(timeoutMs: timeoutMs)
    case .fixed: policy = .fixed(delayUs: known["delay", default: 0], timeoutMs: timeoutMs)
    case .backoff:
      let initialUs = known["initial", default: 0]
      let maxUs = known["max", default: 0]
      guard initialUs <= maxUs else {
        diagnostics.report(
          "initial (\(DurationText.label(us: initialUs))) must not be longer than max "
            + "(\(DurationText.label(us: maxUs)))", at: node)
        return nil
      }
      policy = .backoff(initialUs: initialUs, maxUs: maxUs, timeoutMs: timeoutMs)
    }
    return .busyPolicy(policy, timeoutIsExplicit: isTimeoutExplicit)
  }

  private func taskTypes(_ node: SourceNode) -> [WeightedName]? {
    weights(node, "a map of task types to weights, such as {video: 3, email: 1}") { key in
      // The names become part of a CSV label.
      let isPlain = key.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "."):
          return true
        default: return false
        }
      }
      return isPlain && (1...64).contains(key.utf8.count) ? key : nil
    } invalid: {
      "a task type must be 1 to 64 letters, digits, '_', '-' or '.'"
    }?.map { WeightedName(name: $0, weight: $1) }
  }

  private func priorities(_ node: SourceNode) -> [WeightedPriority]? {
    let range = -1_000_000...1_000_000
    return weights(node, "a map of priorities to weights, such as {10: 1, 100: 9}") { key in
      Quantity.integer(key).flatMap { range.contains($0) ? $0 : nil }
    } invalid: {
      "a priority must be an integer from \(range.lowerBound) to \(range.upperBound)"
    }?.map { WeightedPriority(priority: $0, weight: $1) }
  }

  private func weights<Key>(
    _ node: SourceNode, _ expected: String, key: (String) -> Key?, invalid: () -> String
  ) -> [(Key, Int)]? {
    guard let entries = node.entries(expected, diagnostics) else { return nil }
    guard (1...64).contains(entries.count) else {
      diagnostics.report("must have 1 to 64 entries, not \(entries.count)", at: node)
      return nil
    }
    var result: [(Key, Int)] = []
    for entry in entries {
      let weight = integer(entry.value, 1...1_000_000)
      guard let key = key(entry.key) else {
        diagnostics.report(invalid(), at: entry.path, line: entry.line)
        continue
      }
      if let weight { result.append((key, weight)) }
    }
    return result.count == entries.count ? result : nil
  }

  /// `a, b or c`
  static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}
