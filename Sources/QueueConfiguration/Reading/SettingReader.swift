internal import Logging
internal import QueueEngine
internal import QueueWorker
internal import SQLite
internal import Wording

/// Reads the value of a key from its node into a configuration.
struct SettingReader {
  let diagnostics: Diagnostics

  /// False after reporting what is wrong with the value; the configuration is unchanged then.
  func read(
    _ key: ConfigurationKey, from node: ConfigurationNode,
    into configuration: inout WorkerConfiguration
  ) -> Bool {
    switch key {
    case .database: return assign(text(node, "a path"), to: &configuration.databasePath)
    case .workerID: return assign(name(node, "a name"), to: &configuration.workerID)
    case .concurrency:
      // With more, a worker refuses: one transaction that settles them all would be too long.
      return assign(integer(node, 1...1000), to: &configuration.concurrency)
    case .strategy:
      return assign(word(node, ClaimStrategy.self), to: &configuration.strategy)
    case .types:
      guard let filter = types(node) else { return false }
      switch filter {
      case .all: configuration.types = nil
      case .only(let names): configuration.types = names
      }
      return true
    case .capabilities: return assign(capabilities(node), to: &configuration.capabilities)
    case .lease:
      // A tenth of that passes before a busy machine has renewed anything.
      return assign(durationMs(node, minimumMs: 30), to: &configuration.leaseDurationMs)
    case .retry: return assign(retryPolicy(node), to: &configuration.retryPolicy)
    case .shutdownGrace:
      return assign(durationMs(node, minimumMs: 0), to: &configuration.shutdownGraceMs)
    case .cancellationGrace:
      return assign(durationMs(node, minimumMs: 0), to: &configuration.cancellationGraceMs)
    case .busyPolicy: return assign(busyPolicy(node), to: &configuration.busyPolicy)
    case .checkpoint: return assign(checkpoint(node), to: &configuration.checkpointPolicy)
    case .logLevel: return assign(word(node, Logger.Level.self), to: &configuration.logLevel)
    case .logToDatabase: return assign(onOrOff(node), to: &configuration.logsToDatabase)
    case .pragma(let pragma):
      guard let setting = self.pragma(pragma, node) else { return false }
      configuration.pragmas.removeAll { $0.pragma == pragma }
      configuration.pragmas.append(setting)
      return true
    }
  }

  private func assign<Value>(_ value: Value?, to target: inout Value) -> Bool {
    guard let value else { return false }
    target = value
    return true
  }

  // MARK: Scalars

  /// Text that is not empty.
  func text(_ node: ConfigurationNode, _ expected: String) -> String? {
    guard case .text(let text) = node.value, !text.isEmpty else {
      var hint = ""
      if case .number = node.value { hint = "; put it in quotes" }
      diagnostics.report("must be \(expected), not \(node.kind)\(hint)", at: node)
      return nil
    }
    return text
  }

  private func name(_ node: ConfigurationNode, _ expected: String) -> String? {
    guard let text = self.text(node, expected) else { return nil }
    guard text.utf8.count <= NewTask.nameByteLimit else {
      diagnostics.report("must have at most \(NewTask.nameByteLimit) bytes", at: node)
      return nil
    }
    return text
  }

  func integer(_ node: ConfigurationNode, _ range: ClosedRange<Int>) -> Int? {
    guard case .number(let text) = node.value, let value = Quantity.integer(text),
      range.contains(value)
    else {
      diagnostics.report(
        "must be an integer from \(range.lowerBound) to \(range.upperBound), not \(node.kind)",
        at: node)
      return nil
    }
    return value
  }

  func decimal(_ node: ConfigurationNode, _ range: ClosedRange<Double>) -> Double? {
    guard case .number(let text) = node.value, let quantity = Quantity(text),
      quantity.unit.isEmpty, range.contains(quantity.number)
    else {
      diagnostics.report(
        "must be a number from \(NumberText.label(range.lowerBound)) to "
          + "\(NumberText.label(range.upperBound)), not \(node.kind)", at: node)
      return nil
    }
    return quantity.number
  }

  func durationUs(
    _ node: ConfigurationNode, minimumUs: Int, resolutionUs: Int = 1
  ) -> Int? {
    let text: String
    switch node.value {
    case .text(let word): text = word
    case .number(let number): text = number
    default:
      diagnostics.report("must be a duration such as 30s, not \(node.kind)", at: node)
      return nil
    }
    do {
      return try DurationText.microseconds(
        of: text, minimumUs: minimumUs, resolutionUs: resolutionUs)
    } catch {
      diagnostics.report(error.message, at: node)
      return nil
    }
  }

  func durationMs(_ node: ConfigurationNode, minimumMs: Int) -> Int64? {
    durationUs(node, minimumUs: minimumMs * 1_000, resolutionUs: 1_000).map { Int64($0 / 1_000) }
  }

  private func word<Word: CaseIterable & RawRepresentable>(
    _ node: ConfigurationNode, _: Word.Type
  ) -> Word? where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    guard case .text(let text) = node.value, let value = Word(rawValue: text) else {
      reportWord(node, words)
      return nil
    }
    return value
  }

  private func onOrOff(_ node: ConfigurationNode) -> Bool? {
    switch node.value {
    case .boolean(let value): return value
    case .text("on"): return true
    case .text("off"): return false
    default:
      diagnostics.report("must be on or off, not \(node.kind)", at: node)
      return nil
    }
  }

  private func pragma(_ pragma: Pragma, _ node: ConfigurationNode) -> PragmaSetting? {
    let written: String?
    switch node.value {
    case .text(let word): written = word
    case .number(let number): written = Quantity.integer(number).map(String.init) ?? number
    // JSON's and TOML's way to say ON.
    case .boolean(let value): written = value ? "ON" : "OFF"
    case .nothing, .moment, .list, .map: written = nil
    }
    guard let text = written, let setting = PragmaSetting(pragma, text) else {
      diagnostics.report("must be \(pragma.expectation), not \(node.kind)", at: node)
      return nil
    }
    return setting
  }

  /// Says which words there are, and which of them was probably meant.
  func reportWord(_ node: ConfigurationNode, _ words: [String]) {
    var suggestion: String?
    if case .text(let text) = node.value {
      suggestion = Suggestion.nearest(to: text, among: words)
    }
    diagnostics.report(
      "must be \(Self.list(words)), not \(node.kind)", at: node, suggestion: suggestion)
  }

  /// `a, b or c`
  static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }

  // MARK: Lists and maps

  private enum TypeFilter {
    case all
    case only(Set<String>)
  }

  private func types(_ node: ConfigurationNode) -> TypeFilter? {
    let expected = "all, or a list of task types"
    switch node.value {
    case .text("all"): return .all
    case .text: return name(node, expected).map { TypeFilter.only([$0]) }
    case .list(let items):
      guard !items.isEmpty else {
        diagnostics.report("must name a task type, or be all", at: node)
        return nil
      }
      let names = items.compactMap { name($0, "a task type") }
      return names.count == items.count ? .only(Set(names)) : nil
    default:
      diagnostics.report("must be \(expected), not \(node.kind)", at: node)
      return nil
    }
  }

  private func capabilities(_ node: ConfigurationNode) -> Capabilities? {
    guard case .map = node.value else {
      diagnostics.report(
        "must be a map such as {gpu: true, region: [eu, us]}, not \(node.kind)", at: node)
      return nil
    }
    guard let json = CapabilityText.json(of: node, diagnostics) else { return nil }
    do {
      return try Capabilities(json: json)
    } catch {
      diagnostics.report("\(error)", at: node)
      return nil
    }
  }
}
