internal import Wording

/// Reads maps of settings to single values, as they stand in `exclude`, `include`, `baseline` and
/// the `cells` of a target.
struct PatternReader {
  let diagnostics: Diagnostics

  /// The setting that a key names; nil after reporting that there is no such `noun`.
  func setting(_ entry: SourceEntry, _ noun: String) -> Setting? {
    if let setting = Setting.named(entry.key) { return setting }
    diagnostics.report(
      "unknown \(noun)", at: entry.path, line: entry.line,
      suggestion: Suggestion.nearest(to: entry.key, among: Setting.names))
    return nil
  }

  /// The entries of a list of maps; those that are wrong are reported and left out.
  ///
  /// An entry may name the settings in `allowed`; any setting if that is nil.
  func list(_ node: SourceNode?, allowed: [Setting]?) -> [Matrix.Entry] {
    guard let node, let items = node.items("a list of maps", diagnostics) else { return [] }
    return items.compactMap { entry($0, allowed: allowed, line: $0.line) }
  }

  /// One map; nil after reporting what is wrong with it.
  func entry(_ node: SourceNode, allowed: [Setting]?, line: Int?) -> Matrix.Entry? {
    guard let entries = node.entries("a map of settings to values", diagnostics) else {
      return nil
    }
    guard !entries.isEmpty else {
      diagnostics.report("names no axis", at: node.path, line: line)
      return nil
    }
    let reader = SettingReader(diagnostics: diagnostics)
    var values: [Setting: SettingValue] = [:]
    var order: [Setting] = []
    for entry in entries {
      guard let setting = setting(entry, "axis") else { continue }
      if let allowed, !allowed.contains(setting) {
        diagnostics.report(
          "not an axis of this scenario", at: entry.path, line: entry.line)
        continue
      }
      guard let value = reader.value(of: setting, from: entry.value) else { continue }
      values[setting] = value
      order.append(setting)
    }
    guard order.count == entries.count else { return nil }
    return Matrix.Entry(values: values, order: order, path: node.path, line: line)
  }

  /// The entry as cells show it.
  static func axisValues(_ entry: Matrix.Entry) -> [AxisValue] {
    entry.order.compactMap { setting in
      entry.values[setting].map { AxisValue(name: setting.name, label: $0.label) }
    }
  }
}
