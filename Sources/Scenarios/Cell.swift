/// One combination of settings.
package struct Cell: Hashable, Sendable {
  /// `c01`, `c02`, …: the place in the matrix. Stable as long as the scenario's matrix is.
  package let id: String
  /// The cell's value on every axis of the scenario, in the order of ``Scenario/axisNames``.
  package let axisValues: [AxisValue]
  /// Everything a run needs.
  package internal(set) var settings: CellSettings
  /// Why this combination cannot be run; nil if it can. A refused cell is reported, never run.
  package let refusal: String?

  /// The only cell of no scenario.
  package init(settings: CellSettings) {
    self.init(id: "c01", axisValues: [], settings: settings, refusal: nil)
  }

  /// A cell of an experiment, which makes its cells as it goes on.
  package init(id: String, axisValues: [AxisValue], settings: CellSettings) {
    self.init(id: id, axisValues: axisValues, settings: settings, refusal: nil)
  }

  init(id: String, axisValues: [AxisValue], settings: CellSettings, refusal: String?) {
    self.id = id
    self.axisValues = axisValues
    self.settings = settings
    self.refusal = refusal
  }

  /// The label of the cell on the axis of that name; nil if the scenario has no such axis.
  package func label(of axis: String) -> String? {
    axisValues.first { $0.name == axis }?.label
  }

  /// `journal_mode=WAL processes=4`; empty if the scenario has no axes.
  package var summary: String {
    axisValues.map(\.description).joined(separator: " ")
  }

  /// Whether the cell has all the given axis values.
  func matches(_ pattern: [AxisValue]) -> Bool {
    pattern.allSatisfy { axisValues.contains($0) }
  }
}

/// A name of an axis with the label of a value on it.
package struct AxisValue: Hashable, Sendable, CustomStringConvertible {
  /// The setting's name, as in the CSV column `axis.<name>`.
  package let name: String
  /// The value as tables and CSV show it: short, without comma, quote or line break. `default`
  /// stands for a PRAGMA that the cell leaves alone.
  package let label: String

  package init(name: String, label: String) {
    self.name = name
    self.label = label
  }

  /// `journal_mode=WAL`
  package var description: String { "\(name)=\(label)" }
}
