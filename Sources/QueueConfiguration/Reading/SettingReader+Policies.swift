internal import QueueWorker
internal import SQLite
internal import Wording

extension SettingReader {
  /// `none`, `exponential`, `linear`, or a map of one policy to its parameters.
  func retryPolicy(_ node: ConfigurationNode) -> RetryPolicy? {
    guard let (name, parameters) = policy(node, among: PolicyText.retryNames) else { return nil }
    switch name {
    case "none":
      guard let parameters else { return RetryPolicy.none }
      diagnostics.report("takes no parameters", at: parameters)
      return nil
    case "fixed":
      guard let parameters else {
        diagnostics.report("fixed needs a delay, as in {fixed: 5s}", at: node)
        return nil
      }
      return durationMs(parameters, minimumMs: 0).map { RetryPolicy.fixed(delayMs: $0) }
    case "linear":
      guard let parameters else { return PolicyText.standardLinear }
      return linear(parameters)
    default:
      guard let parameters else { return RetryPolicy.standard }
      return exponential(parameters)
    }
  }

  private func linear(_ parameters: ConfigurationNode) -> RetryPolicy? {
    guard case .linear(var stepMs, var maxMs) = PolicyText.standardLinear else { return nil }
    let isFine = readParameters(parameters, ["step", "max"]) { name, node in
      guard let ms = durationMs(node, minimumMs: 0) else { return false }
      if name == "step" { stepMs = ms } else { maxMs = ms }
      return true
    }
    guard isFine, isInOrder(parameters, "step", stepMs, maxMs) else { return nil }
    return .linear(stepMs: stepMs, maxMs: maxMs)
  }

  private func exponential(_ parameters: ConfigurationNode) -> RetryPolicy? {
    guard
      case .exponential(var initialMs, var factor, var maxMs, var jitter) = RetryPolicy.standard
    else { return nil }
    let isFine = readParameters(parameters, ["initial", "factor", "max", "jitter"]) { name, node in
      switch name {
      case "factor":
        guard let value = decimal(node, 1...1000) else { return false }
        factor = value
      case "jitter":
        guard let value = decimal(node, 0...1) else { return false }
        jitter = value
      default:
        guard let ms = durationMs(node, minimumMs: 0) else { return false }
        if name == "initial" { initialMs = ms } else { maxMs = ms }
      }
      return true
    }
    guard isFine, isInOrder(parameters, "initial", initialMs, maxMs) else { return nil }
    return .exponential(initialMs: initialMs, factor: factor, maxMs: maxMs, jitter: jitter)
  }

  private func isInOrder(
    _ node: ConfigurationNode, _ name: String, _ firstMs: Int64, _ maxMs: Int64
  ) -> Bool {
    guard firstMs > maxMs else { return true }
    diagnostics.report(
      "\(name) (\(DurationText.label(ms: firstMs))) must not be longer than max "
        + "(\(DurationText.label(ms: maxMs)))", at: node)
    return false
  }

  /// One of the busy policies, perhaps with other parameters than its standard ones.
  func busyPolicy(_ node: ConfigurationNode) -> BusyPolicy? {
    guard let (name, given) = policy(node, among: PolicyText.busy.map(\.key)),
      let standard = PolicyText.busy.first(where: { $0.key == name })?.value
    else { return nil }
    guard let parameters = given else { return standard }
    var valuesUs: [String: Int] = ["timeout": standard.timeoutMs * 1_000]
    switch standard {
    case .sqlite, .timeout, .handoff: break
    case .fixed(let delayUs, _): valuesUs["delay"] = delayUs
    case .backoff(let initialUs, let maxUs, _):
      valuesUs["initial"] = initialUs
      valuesUs["max"] = maxUs
    }
    let isFine = readParameters(parameters, valuesUs.keys.sorted()) { name, node in
      let resolutionUs = name == "timeout" ? 1_000 : 1
      guard let us = durationUs(node, minimumUs: resolutionUs, resolutionUs: resolutionUs) else {
        return false
      }
      valuesUs[name] = us
      return true
    }
    guard isFine else { return nil }
    let timeoutMs = valuesUs["timeout", default: 0] / 1_000
    switch standard {
    case .sqlite: return .sqlite(timeoutMs: timeoutMs)
    case .timeout: return .timeout(timeoutMs: timeoutMs)
    case .handoff: return .handoff(timeoutMs: timeoutMs)
    case .fixed: return .fixed(delayUs: valuesUs["delay", default: 0], timeoutMs: timeoutMs)
    case .backoff:
      let initialUs = valuesUs["initial", default: 0]
      let maxUs = valuesUs["max", default: 0]
      guard initialUs <= maxUs else {
        diagnostics.report(
          "initial (\(DurationText.label(us: initialUs))) must not be longer than max "
            + "(\(DurationText.label(us: maxUs)))", at: parameters)
        return nil
      }
      return .backoff(initialUs: initialUs, maxUs: maxUs, timeoutMs: timeoutMs)
    }
  }

  /// One of the checkpoint policies, perhaps from another number of pages.
  func checkpoint(_ node: ConfigurationNode) -> CheckpointPolicy? {
    guard let (name, given) = policy(node, among: PolicyText.checkpoint.map(\.key)),
      let standard = PolicyText.checkpoint.first(where: { $0.key == name })?.value
    else { return nil }
    guard let parameters = given else { return standard }
    var chosenPages = standard.pages
    guard chosenPages != nil else {
      diagnostics.report("takes no parameters", at: parameters)
      return nil
    }
    let isFine = readParameters(parameters, ["pages"]) { _, node in
      chosenPages = integer(node, 1...10_000_000)
      return chosenPages != nil
    }
    guard isFine, let pages = chosenPages else { return nil }
    return PolicyText.policy(standard, pages: pages)
  }

  // MARK: Names and parameters

  /// A policy by its name, and its parameters if it stands in a map.
  private func policy(
    _ node: ConfigurationNode, among names: [String]
  ) -> (name: String, parameters: ConfigurationNode?)? {
    if let entries = node.entries {
      guard let entry = entries.first, entries.count == 1 else {
        diagnostics.report("must name exactly one policy", at: node)
        return nil
      }
      guard names.contains(entry.key) else {
        diagnostics.report(
          "unknown policy, use \(Self.list(names))", at: entry.value.path, line: entry.line,
          suggestion: Suggestion.nearest(to: entry.key, among: names))
        return nil
      }
      return (entry.key, entry.value)
    }
    guard case .text(let name) = node.value, names.contains(name) else {
      reportWord(node, names)
      return nil
    }
    return (name, nil)
  }

  /// Whether all parameters are known and `read` has taken each.
  private func readParameters(
    _ node: ConfigurationNode, _ names: [String],
    _ read: (_ name: String, _ node: ConfigurationNode) -> Bool
  ) -> Bool {
    guard let entries = node.entries else {
      diagnostics.report("must be a map with \(Self.list(names)), not \(node.kind)", at: node)
      return false
    }
    var isFine = true
    for entry in entries {
      if names.contains(entry.key) {
        if !read(entry.key, entry.value) { isFine = false }
      } else {
        diagnostics.report(
          "unknown parameter", at: entry.value.path, line: entry.line,
          suggestion: Suggestion.nearest(to: entry.key, among: names))
        isFine = false
      }
    }
    return isFine
  }
}
