internal import Wording

/// A setting that is given on a command line, as `name=value`, in place of what a scenario says.
///
/// The value is written as in a scenario: `synchronous=FULL`, `busy_policy={fixed: {delay: 2ms}}`.
package struct SettingOverride: Hashable, Sendable, CustomStringConvertible {
  private let setting: Setting
  private let value: SettingValue

  /// Reads `text`; errors call it by the name of its `option` (`--base-set`).
  package init(_ text: String, option: String) throws(ScenarioErrors) {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw Self.error(
        option, "", "must be name=value, such as synchronous=FULL, not \(quoted(text))")
    }
    let name = String(text[..<equals])
    guard let setting = Setting.named(name) else {
      throw Self.error(
        option, quoted(name), "unknown setting",
        suggestion: Suggestion.nearest(to: name, among: Setting.names))
    }
    let diagnostics = Diagnostics(file: option)
    let valueText = String(text[text.index(after: equals)...])
    guard valueText.contains(where: { !$0.isWhitespace }) else {
      throw Self.error(option, name, "has no value: give \(name)=value")
    }
    guard let root = YAMLSource.root(of: valueText, diagnostics),
      let value = SettingReader(diagnostics: diagnostics)
        .value(of: setting, from: SourceNode(node: root, path: name))
    else {
      // A line of a command line is nothing that anybody could look up.
      throw ScenarioErrors(
        errors: diagnostics.errors.errors.map {
          ScenarioError(
            file: option, line: nil, path: $0.path.isEmpty ? name : $0.path, message: $0.message,
            suggestion: $0.suggestion)
        })
    }
    self.setting = setting
    self.value = value
  }

  /// The setting's name.
  package var name: String { setting.name }

  /// `synchronous=FULL`, the value as tables show it.
  package var description: String { "\(name)=\(value.label)" }

  /// Whether it decides something that the axis of that name decides too.
  package func overlaps(axis: String) -> Bool {
    let processes: Set = ["producers", "consumers", "processes"]
    return axis == name
      || (processes.isSuperset(of: [axis, name]) && [axis, name].contains("processes"))
  }

  private static func error(
    _ option: String, _ path: String, _ message: String, suggestion: String? = nil
  ) -> ScenarioErrors {
    ScenarioErrors(
      errors: [
        ScenarioError(
          file: option, line: nil, path: path, message: message, suggestion: suggestion)
      ])
  }

  /// The settings with all of the overrides applied, in their order.
  fileprivate static func apply(
    _ overrides: [SettingOverride], to settings: CellSettings
  ) -> CellSettings {
    var settings = settings
    settings.apply(overrides.map(\.value))
    return settings
  }

  fileprivate static func refusal(
    _ overrides: [SettingOverride], _ settings: CellSettings, measureMs: Int
  ) -> String? {
    Refusal.reason(for: overrides.map(\.value), settings, measureMs: measureMs)
  }
}

extension Cell {
  /// The cell with other settings than its scenario gave it, refused if they do not go together.
  ///
  /// Overrides must not decide what an axis of the scenario decides: its label would be wrong.
  package func overridden(by overrides: [SettingOverride], measureMs: Int) -> Cell {
    guard !overrides.isEmpty, refusal == nil else { return self }
    let settings = SettingOverride.apply(overrides, to: settings)
    return Cell(
      id: id, axisValues: axisValues, settings: settings,
      refusal: SettingOverride.refusal(overrides, settings, measureMs: measureMs))
  }
}
