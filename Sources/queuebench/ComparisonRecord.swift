internal import Experiments
internal import Foundation
internal import Results
internal import Scenarios

/// The blocks of a comparison as rows of a run, each side a cell of its own on the axis `side`.
struct ComparisonRecord {
  /// The axis that tells the sides apart.
  static let sideAxis = "side"

  private let directory: RunDirectory
  private let run: String
  /// What the manifest has of each cell, so that it need not be read after each block.
  private var notedPragmas: [String: [String: String]] = [:]

  /// Notes in the manifest what the cells are.
  init(_ directory: RunDirectory, run: String, cells: [ComparedCell]) throws {
    self.directory = directory
    self.run = run
    var manifest = try directory.manifest()
    for cell in cells {
      manifest.settings[Self.id(cell, "base")] = cell.base.settings.described
      manifest.settings[Self.id(cell, "head")] = cell.head.settings.described
    }
    manifest.baselineCell = cells.first.map { Self.id($0, "base") }
    try directory.write(manifest)
  }

  /// Stores a block; those of one that is void as disturbed.
  mutating func store(_ block: Comparison.Block) throws {
    for pair in block.pairs {
      for (side, answer) in [("base", pair.base), ("head", pair.head)] {
        var result = answer.result
        result.run = run
        result.cell = Self.id(pair.cell, side)
        result.axes.append(Results.AxisValue(name: Self.sideAxis, label: side))
        result.conditions.state = block.disturbance == nil ? .normal : .disturbed
        if let disturbance = block.disturbance { result.warnings.append(disturbance) }
        try directory.appendRepeat(result)
        try note(answer.pragmas, of: result.cell)
      }
    }
  }

  private mutating func note(_ pragmas: [String: String], of cell: String) throws {
    guard !pragmas.isEmpty, notedPragmas[cell] != pragmas else { return }
    notedPragmas[cell] = pragmas
    var manifest = try directory.manifest()
    manifest.pragmasReadBack[cell] = pragmas
    try directory.write(manifest)
  }

  private static func id(_ cell: ComparedCell, _ side: String) -> String { "\(cell.id)-\(side)" }
}
