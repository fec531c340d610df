/// The Cartesian product of axes, with `exclude` and `include` as in GitHub Actions.
///
/// - The first axis varies slowest.
/// - `exclude` goes first. An entry removes every combination that has all of its values; partial
///   entries are fine. An entry that matches no combination of the product is an error here.
/// - `include` follows. The values of an entry are added to each original combination (one of the
///   product, not excluded) where they overwrite no original axis value; they may overwrite what an
///   earlier entry added. An entry that can be added to none becomes a new combination at the end,
///   which later entries do not touch. Without axes there are no original combinations, so that
///   each entry becomes one.
///
/// Beyond GitHub Actions: an included value may replace a fixed one from `settings`.
/// Source: <https://docs.github.com/en/actions/writing-workflows/choosing-what-your-workflow-does/running-variations-of-jobs-in-a-workflow>.
struct Matrix {
  /// A setting with the values it takes.
  struct Axis {
    let setting: Setting
    let values: [SettingValue]
  }

  /// Some settings with a value each, and where they stand in the file.
  struct Entry {
    let values: [Setting: SettingValue]
    /// The settings in the order of the file.
    let order: [Setting]
    let path: String
    let line: Int?
  }

  /// A combination, and the `include` entry that created it if it is none of the product.
  struct Combination {
    var values: [Setting: SettingValue]
    var createdBy: Entry?
  }

  let axes: [Axis]

  /// How many combinations the product has; nil if too many for an `Int`.
  var productCount: Int? {
    var product = 1
    for axis in axes {
      let (next, overflow) = product.multipliedReportingOverflow(by: axis.values.count)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// The combinations after `exclude` and `include`; exclusions that match nothing are reported.
  func combinations(
    exclude: [Entry], include: [Entry], _ diagnostics: Diagnostics
  ) -> [Combination] {
    let product = self.product()
    for entry in exclude where !product.contains(where: { Self.matches($0, entry.values) }) {
      diagnostics.report("matches no cell", at: entry.path, line: entry.line)
    }
    let originals = product.filter { values in
      !exclude.contains { Self.matches(values, $0.values) }
    }
    if axes.isEmpty, !include.isEmpty {
      return include.map { Combination(values: $0.values, createdBy: $0) }
    }

    let axisSettings = Set(axes.map(\.setting))
    var combinations = originals.map { Combination(values: $0) }
    for entry in include {
      let fixed = entry.values.filter { axisSettings.contains($0.key) }
      let matching = originals.indices.filter { Self.matches(originals[$0], fixed) }
      for index in matching {
        combinations[index].values.merge(entry.values) { $1 }
      }
      if matching.isEmpty {
        combinations.append(Combination(values: entry.values, createdBy: entry))
      }
    }
    return combinations
  }

  private func product() -> [[Setting: SettingValue]] {
    axes.reduce([[:]]) { partial, axis in
      partial.flatMap { values in
        axis.values.map { value in values.merging([axis.setting: value]) { $1 } }
      }
    }
  }

  private static func matches(
    _ values: [Setting: SettingValue], _ pattern: [Setting: SettingValue]
  ) -> Bool {
    pattern.allSatisfy { values[$0.key]?.label == $0.value.label }
  }
}
