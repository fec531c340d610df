import Foundation
import Results
import Statistics
internal import Verification

/// The matrix as a heat map over the two axes with the most values: how much better or worse each
/// cell is than the baseline, with the value itself printed in each box.
func matrixPlot(subject: PlotSubject) -> PlotOutcome {
  let name = "matrix"
  guard !subject.axes.isEmpty else {
    return .skipped(name, "the scenario has no axis with more than one value")
  }
  guard let quantity = MatrixQuantity.best(for: subject.cells) else {
    return .skipped(name, "nothing was measured")
  }
  let layout = MatrixLayout(subject: subject)
  let baseline = subject.baseline.flatMap(quantity.value(of:)).map { (subject.baseline, $0) }
  let reference = baseline?.1 ?? Statistics.median(of: subject.cells.compactMap(quantity.value))
  /// How many times the reference a cell has: over repeats with the same number, where both have them.
  func ratio(_ cell: CellSummary) -> Double? {
    guard let value = quantity.value(of: cell), let reference, value > 0, reference > 0 else {
      return nil
    }
    let paired = baseline?.0.flatMap { PairedRatio(of: quantity.metric, in: cell, to: $0) }
    return paired?.median ?? value / reference
  }
  func badness(_ cell: CellSummary) -> Double? {
    ratio(cell).map { log2($0) * (quantity.isHigherBetter ? -1 : 1) }
  }
  /// Whether noise could explain the difference; nil where too few repeats say anything of it.
  func isNoise(_ cell: CellSummary) -> Bool {
    guard let base = subject.baseline, cell.cell != base.cell else { return false }
    return PairedRatio(of: quantity.metric, in: cell, to: base)?.isDifference == false
  }
  // At least a factor of two each way, so that noise does not look like a finding; at most
  // sixteen, so that one outlier does not make all the others look alike.
  let extent = min(4, max(1, subject.cells.compactMap(badness).map(abs).max() ?? 1))

  let comparison =
    baseline.map { _ in
      "compared with the framed baseline \(subject.baseline?.cell ?? "")"
    } ?? "compared with the median cell"
  var page = PlotPage(
    name: name, title: quantity.title,
    subtitle: "\(subject.repeatsText(withBars: false)), \(comparison); blue better, orange worse"
      + (subject.cells.contains(where: isNoise) ? ", hatched: may be noise" : ""),
    subject: subject, bodyHeight: layout.bodyHeight)
  var data = PlotData(
    columns: "column row log2_badness value_text ratio_text text_colour box_colour cell")
  var commands = [
    "unset grid", "unset border", "set tics scale 0", "unset colorbox",
    "set xrange [-0.5:\(Double(layout.columns.labels.count) - 0.5)]",
    "set yrange [\(Double(layout.rowLabels.count) - 0.5):-0.5]",
    "set xtics \(layout.columnTicks) noenhanced",
    "set ytics \(layout.rowTicks) noenhanced",
  ]
  for (panel, frame) in zip(layout.panels, layout.frames) {
    var (measured, other): ([[String]], [[String]]) = ([], [])
    var (framed, hatched): ([[String]], [[String]]) = ([], [])
    var taken: Set<[Int]> = []
    for cell in panel.cells {
      let place = layout.place(of: cell)
      // Two cells on one place differ in something that is no axis; the first stands for both.
      guard taken.insert(place).inserted else { continue }
      let badness = badness(cell)
      let row = [
        "\(place[0])", "\(place[1])",
        PlotData.number(badness.map { max(-extent, min(extent, $0)) }),
        PlotData.string("{/:Bold \(quantity.text(of: cell))}"),
        PlotData.string(ratioText(of: cell, ratio: ratio(cell))),
        textColour(of: cell, badness: badness, extent: extent),
        boxColour(badness ?? 0, extent: extent), cell.cell,
      ]
      if badness == nil { other.append(row) } else { measured.append(row) }
      if badness != nil && isNoise(cell) { hatched.append(row) }
      if baseline != nil && cell.cell == subject.baseline?.cell { framed.append(row) }
    }
    let box = "using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5)"
    var curves: [String] = []
    if !measured.isEmpty {
      let source = "'\(name).dat' index \(data.addBlock("measured", rows: measured))"
      curves.append(
        "\(source) \(box):7 with boxxyerror fs solid noborder lc rgb variable notitle")
      if !hatched.isEmpty {
        let source = "'\(name).dat' index \(data.addBlock("may be noise", rows: hatched))"
        curves.append(
          "\(source) \(box) with boxxyerror fs transparent pattern 5 noborder "
            + "lc rgb '\(Palette.hatch.light)' notitle")
      }
      curves.append(
        "\(source) \(box) with boxxyerror fs empty border rgb '\(Palette.paper.light)' lw 2 "
          + "lc rgb '\(Palette.paper.light)' notitle")
      curves += texts(source, font: layout.fontSize)
    }
    if !other.isEmpty {
      let source = "'\(name).dat' index \(data.addBlock("without a value", rows: other))"
      curves.append(
        "\(source) \(box) with boxxyerror fs transparent pattern 4 noborder "
          + "lc rgb '\(Palette.missing.light)' notitle"
      )
      curves += texts(source, font: layout.fontSize)
    }
    if !framed.isEmpty {
      let source = "'\(name).dat' index \(data.addBlock("baseline", rows: framed))"
      curves.append(
        "\(source) \(box) with boxxyerror fs empty border rgb '\(Palette.text.light)' lw 2 "
          + "lc rgb '\(Palette.text.light)' notitle"
      )
    }
    commands.append("plot " + (curves.isEmpty ? "NaN" : curves.joined(separator: ", \\\n  ")))
    page.addPanel(frame, title: panel.title, commands: commands)
    commands = []
  }
  page.addText(
    layout.axesText, x: subject.format.margin,
    y: subject.format.headHeight + layout.bodyHeight - 12,
    colour: PlotPage.quietColour)
  return .plot(Plot(page, data: data))
}

/// The two lines of text in the boxes that `source` draws.
private func texts(_ source: String, font: Int) -> [String] {
  let style = "tc rgb variable notitle"
  return [
    "\(source) using 1:2:4:6 with labels offset 0,0.45 font 'sans-serif,\(font)' \(style)",
    "\(source) using 1:2:5:6 with labels offset 0,-0.6 font 'sans-serif,\(font - 1)' \(style)",
  ]
}

/// How a value relates to the reference: `×1.80`; a word where there is no number to trust.
private func ratioText(of cell: CellSummary, ratio: Double?) -> String {
  if cell.verdict == .invalid { return ratio == nil ? "✗" : "✗ INVALID" }
  guard let ratio else { return " " }
  return "×" + (ratio < 9.995 ? fixed(ratio, decimals: 2) : threeDigits(ratio))
}

/// White on the dark ends of the palette, dark elsewhere.
private func textColour(of cell: CellSummary, badness: Double?, extent: Double) -> String {
  guard let badness else {
    return (cell.verdict == .invalid ? Palette.bad : Palette.quiet).number
  }
  return (step(badness, extent: extent) == 0 ? Palette.brightText : Palette.boxText).number
}

private func boxColour(_ badness: Double, extent: Double) -> String {
  Palette.diverging[step(badness, extent: extent)].number
}

/// The place on the palette, whose middle is the baseline.
private func step(_ badness: Double, extent: Double) -> Int {
  let half = Double(Palette.diverging.count / 2)
  return Int((max(-1, min(1, badness / extent)) * half).rounded() + half)
}
