/// A gnuplot script under construction: a page with a title, a legend, a footer, and panels at
/// places that we choose, so that nothing ever covers the data.
///
/// All places are in pixels from the top left corner.
struct PlotPage {
  /// An entry of a legend.
  struct LegendEntry {
    let label: String
    let style: LineStyle
    let sample: Sample

    /// What stands before the label.
    enum Sample {
      case lineAndPoint
      case line
      case point
      case box
    }

    init(label: String, style: LineStyle, sample: Sample = .lineAndPoint) {
      self.label = label
      self.style = style
      self.sample = sample
    }
  }

  /// A rectangle on the page.
  struct Frame {
    let left: Int
    let top: Int
    let right: Int
    let bottom: Int
  }

  static let legendLineHeight = 20
  private static let footLineHeight = 15
  /// Generous, because the reader's font is not known.
  private static let characterWidth = 6.9
  private static let sampleWidth = 44

  /// The look of an error bar that is drawn as a vector.
  static let errorBar = "heads size screen 0.0035,90 dt solid lw 1"

  /// The look of a line that others are compared with.
  static let referenceLine = "lw 0.9 dt (6,3) lc rgb '\(Palette.quiet.light)' notitle"

  static let textColour = Palette.text.light
  static let quietColour = Palette.quiet.light

  /// The picture's name, title and what one must know to read it.
  let heading: PlotHeading
  private let format: PlotFormat
  private let name: String
  private let height: Int
  private var setup: [String] = []
  private var panels: [[String]] = []
  private var labelCount = Self.titleLabel

  private static let titleLabel = 1

  /// A page whose panels and legends lie between the head and `bodyHeight` pixels below it.
  init(
    name: String, title: String, subtitle: String, notes: [String] = [], subject: PlotSubject,
    bodyHeight: Int
  ) {
    self.init(
      name: name, title: title, subtitle: subtitle, notes: notes, origin: subject.footer,
      format: subject.format, bodyHeight: bodyHeight)
  }

  /// The same for what is not a single run; `origin` says where the numbers come from.
  init(
    name: String, title: String, subtitle: String, notes: [String] = [], origin: [String],
    format: PlotFormat, bodyHeight: Int
  ) {
    self.name = name
    heading = PlotHeading(name: name, title: title, subtitle: subtitle, notes: notes)
    self.format = format
    let bodyBottom = format.headHeight + bodyHeight
    guard format == .file else {
      height = bodyBottom + 4
      return
    }
    let footer = notes + origin
    height = bodyBottom + footer.count * Self.footLineHeight + 18
    // Only our own words are set in bold: gnuplot needs its markup for that, and labels may hold
    // characters that mean something there.
    setup.append(
      "set label \(Self.titleLabel) \(Self.quoted("{/:Bold \(title)}")) at \(screen(format.margin, 22)) left "
        + "font 'sans-serif,16' tc rgb '\(Self.textColour)'")
    addText(subtitle, x: format.margin, y: 44, size: 12, colour: Self.quietColour)
    for (index, line) in footer.enumerated() {
      addText(
        line, x: format.margin, y: bodyBottom + 14 + index * Self.footLineHeight, size: 10,
        colour: Self.quietColour)
    }
  }

  /// About how wide a text of 11 or 12 pixels is.
  static func textWidth(_ text: String) -> Int {
    Int(Double(text.count) * characterWidth)
  }

  /// A text in gnuplot's quotes, on one line.
  static func quoted(_ text: String) -> String {
    "'"
      + singleLine(text).split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "''") + "'"
  }

  /// A text for a tick, where gnuplot would take a percent sign for a format.
  static func quotedTick(_ text: String) -> String {
    quoted(text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%"))
  }

  private func screen(_ x: Int, _ y: Int) -> String {
    "screen \(fixed(Double(x) / Double(format.width), decimals: 5)), "
      + "screen \(fixed(1 - Double(y) / Double(height), decimals: 5))"
  }

  /// Puts a text on the page, shortened to what has room to the right of `x`.
  mutating func addText(
    _ text: String, x: Int, y: Int, size: Int = 11, colour: String = Self.textColour,
    maximumWidth: Int? = nil
  ) {
    let room = maximumWidth ?? format.width - format.margin - x
    let count = Int(Double(room) / (Self.characterWidth * Double(size) / 11.5))
    labelCount += 1
    setup.append(
      "set label \(labelCount) \(Self.quoted(shortened(text, to: count))) at \(screen(x, y)) left "
        + "noenhanced font 'sans-serif,\(size)' tc rgb '\(colour)'")
  }

  // MARK: Legends

  private static func legendColumnCount(_ entries: [LegendEntry], width: Int) -> Int {
    let widest = (entries.map { textWidth($0.label) }.max() ?? 0) + sampleWidth + 14
    return max(1, min(entries.count, width / widest))
  }

  /// The height that a legend takes in `width` pixels, with the line that heads it.
  static func legendHeight(_ entries: [LegendEntry], width: Int) -> Int {
    let columns = legendColumnCount(entries, width: width)
    return ((entries.count + columns - 1) / columns + 1) * legendLineHeight
  }

  /// Puts a legend under `heading` with its top left corner at `x`, `y`.
  mutating func addLegend(
    _ entries: [LegendEntry], heading: String, x: Int, y: Int, width: Int
  ) {
    addText(
      heading, x: x, y: y + Self.legendLineHeight / 2, size: 11, colour: Self.quietColour,
      maximumWidth: width)
    let columns = Self.legendColumnCount(entries, width: width)
    let columnWidth = width / columns
    let rows = (entries.count + columns - 1) / columns
    for (index, entry) in entries.enumerated() {
      let left = x + index / rows * columnWidth
      let middle = y + (index % rows + 1) * Self.legendLineHeight + Self.legendLineHeight / 2
      let style = entry.style
      if entry.sample == .box {
        setup.append(
          "set object \(labelCount) rectangle from \(screen(left + 8, middle - 6)) to "
            + "\(screen(left + 24, middle + 6)) fs solid noborder fc rgb '\(style.colour)' front")
      }
      if entry.sample == .line || entry.sample == .lineAndPoint {
        // Alternating widths: gnuplot 5.4 joins neighbours of one colour and width into one path,
        // and then all of them get the dashes of the first.
        let lineWidth = index.isMultiple(of: 2) ? "1.8" : "1.82"
        setup.append(
          "set arrow from \(screen(left, middle)) to \(screen(left + 32, middle)) nohead "
            + "dt \(style.dash) lw \(lineWidth) lc rgb '\(style.colour)'")
      }
      labelCount += 1
      if entry.sample == .point || entry.sample == .lineAndPoint {
        let isPoint = entry.sample == .point
        setup.append(
          "set label \(labelCount) '' at \(screen(left + 16, middle)) point pt \(style.point) "
            + "ps \(isPoint ? 0.9 : 0.7) lw \(isPoint ? 2 : 1) lc rgb '\(style.colour)'")
      }
      addText(
        entry.label, x: left + Self.sampleWidth - 4, y: middle, size: 11,
        maximumWidth: columnWidth - Self.sampleWidth)
    }
  }

  // MARK: Panels

  /// Adds a panel whose plotting area is `frame`; `commands` end with its plot command.
  mutating func addPanel(_ frame: Frame, title: String, commands: [String]) {
    if !title.isEmpty {
      addText(
        title, x: frame.left, y: frame.top - 12, size: 12,
        maximumWidth: frame.right - frame.left)
    }
    func horizontal(_ x: Int) -> String { fixed(Double(x) / Double(format.width), decimals: 5) }
    func vertical(_ y: Int) -> String { fixed(1 - Double(y) / Double(height), decimals: 5) }
    panels.append(
      [
        "set lmargin at screen \(horizontal(frame.left))",
        "set rmargin at screen \(horizontal(frame.right))",
        "set tmargin at screen \(vertical(frame.top))",
        "set bmargin at screen \(vertical(frame.bottom))",
      ] + commands)
  }

  /// The finished script.
  var script: String {
    var lines = [
      "# Run `gnuplot \(name).gp` in this directory to draw the picture again.",
      "set encoding utf8",
      "set terminal svg size \(format.width),\(height) fixed enhanced font 'sans-serif,11' "
        + "background rgb '#ffffff'",
      "set output '\(name).svg'",
      "unset key",
      "set border 3 lc rgb '\(Palette.axis.light)' lw 0.8",
      "set tics nomirror scale 0.5 noenhanced textcolor rgb '\(Self.textColour)'",
      "set grid xtics ytics lc rgb '\(Palette.grid.light)' lw 0.6 dt solid",
    ]
    lines += setup
    lines.append("set multiplot")
    for (index, panel) in panels.enumerated() {
      lines += panel
      // The texts of the page are drawn with the first panel; gnuplot would repeat them.
      if index == 0 { lines += ["unset label", "unset arrow", "unset object"] }
    }
    lines += ["unset multiplot", "unset output", ""]
    return lines.joined(separator: "\n")
  }
}
