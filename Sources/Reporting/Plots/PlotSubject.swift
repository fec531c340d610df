import Results
import Scenarios
internal import Verification

/// What the pictures of a run show: its cells, the axes that vary, and the words around the data.
struct PlotSubject {
  /// An axis with the labels that occur on it.
  struct Axis: Equatable {
    let name: String
    let labels: [String]
  }

  /// The cells, by their names.
  let cells: [CellSummary]
  /// The axes with more than one label, in the order of the scenario.
  let axes: [Axis]
  /// Everything that is known of the run.
  let record: RunRecord
  /// For what the picture is laid out.
  let format: PlotFormat
  /// The limits that the scenario sets for all its cells.
  let targets: [Target]
  private let run: String
  private var manifest: Manifest? { record.manifest }

  init(_ record: RunRecord, format: PlotFormat) {
    let rows = record.rows
    let manifest = record.manifest
    let cells = summaries(of: rows)
    self.cells = cells
    self.record = record
    self.format = format
    targets = (record.scenario()?.targets ?? []).filter(\.cells.isEmpty)
    run = manifest?.run ?? rows.first?.run ?? ""
    let names = cells.first?.axes.map(\.name) ?? []
    axes = names.compactMap { name in
      var labels: [String] = []
      for cell in cells {
        let label = Self.label(of: cell, on: name)
        if !labels.contains(label) { labels.append(label) }
      }
      return labels.count > 1 ? Axis(name: name, labels: labels) : nil
    }
  }

  /// The label of a cell on an axis.
  static func label(of cell: CellSummary, on axisName: String) -> String {
    cell.axes.first { $0.name == axisName }?.label ?? ""
  }

  /// The labels of a cell on some axes, with the axis' name where the label says too little.
  static func caption(of cell: CellSummary, on axes: [Axis]) -> String {
    guard !axes.isEmpty else { return cell.cell }
    return axes.map { axis in
      let label = label(of: cell, on: axis.name)
      // With one axis the heading says the name.
      if axes.count == 1 || isTelling(label) { return label.isEmpty ? "–" : label }
      return "\(axis.name) \(label.isEmpty ? "–" : label)"
    }.joined(separator: ", ")
  }

  /// Whether a label can be understood without the name of its axis.
  private static func isTelling(_ label: String) -> Bool {
    guard let first = label.first, first.isLetter else { return false }
    return !["on", "off", "true", "false", "yes", "no", "none", "default"]
      .contains(label.lowercased())
  }

  /// The cell that others are compared with.
  var baseline: CellSummary? {
    cells.first { $0.cell == manifest?.baselineCell } ?? cells.first
  }

  /// `median of 3 repeats`, with what error bars show if there are any.
  func repeatsText(withBars: Bool) -> String {
    let counts = cells.map(\.usable.count).filter { $0 > 0 }
    guard let fewest = counts.min(), let most = counts.max() else { return "nothing was measured" }
    guard most > 1 else { return "one repeat" }
    let repeats = "median of \(fewest == most ? "\(most)" : "\(fewest) to \(most)") repeats"
    guard withBars else { return repeats }
    let bars =
      fewest >= 6
      ? "95 % interval" : most < 6 ? "min–max" : "95 % interval, below 6 repeats min–max"
    return "\(repeats), bars \(bars)"
  }

  /// The lines at the foot of a picture: where the numbers come from, and what is left out of them.
  var footer: [String] {
    var origin: [String] = run.isEmpty ? [] : ["run \(run)"]
    let first = cells.lazy.flatMap { $0.usable + $0.invalid + $0.unmeasured }.first
    if let commit = manifest?.commit ?? first?.commit, !commit.isEmpty {
      origin.append("commit \(commit.prefix(12))")
    }
    if let version = manifest?.sqliteVersion ?? first?.sqliteVersion, !version.isEmpty {
      origin.append("SQLite \(version)")
    }
    let hashes = Set(cells.flatMap(\.usable).map(\.pragmaHash)).filter { !$0.isEmpty }
    if hashes.count == 1, let hash = hashes.first { origin.append("PRAGMAs \(hash.prefix(12))") }
    origin.append(repeatsText(withBars: false))
    if let manifest {
      origin.append("seed \(manifest.seed)")
      if manifest.buildMode != "release" { origin.append("\(manifest.buildMode) build") }
    }
    var lines = [origin.joined(separator: " · ")]
    let machine = ["cpu", "cores", "filesystem"].compactMap { key in
      manifest?.machine[key].map { key == "cores" ? "\($0) cores" : $0 }
    }
    if !machine.isEmpty { lines.append(machine.joined(separator: " · ")) }
    let omissions = omissions
    if !omissions.isEmpty { lines.append("left out: \(omissions.joined(separator: "; "))") }
    return lines
  }

  private var omissions: [String] {
    cells.flatMap { cell -> [String] in
      var texts: [String] = []
      if !cell.invalid.isEmpty {
        let numbers = cell.invalid.map { "\($0.repeatNumber)" }.joined(separator: ", ")
        texts.append("\(cell.cell) INVALID in repeat \(numbers)")
      }
      if cell.status != .measured {
        texts.append("\(cell.cell) \(cell.status.rawValue)")
      }
      return texts
    }
  }
}
