/// How a line looks. Colour, dash and point all differ, so that it is recognised without colours.
struct LineStyle: Hashable {
  let colour: String
  let dash: String
  let point: Int

  private static let colours = Palette.series.map(\.light)
  private static let dashes = ["solid", "(9,5)", "(2,4)", "(12,4,2,4)"]
  // Filled: circle, square, triangle, diamond, triangle upside down, pentagon; then hollow ones.
  private static let points = [7, 5, 9, 13, 11, 15, 6, 4]

  /// The style of the line with that number, when nothing is known of how the lines are related.
  init(index: Int) {
    let round = index / Self.colours.count
    colour = Self.colours[index % Self.colours.count]
    dash = Self.dashes[round % Self.dashes.count]
    point = Self.points[index % Self.points.count]
  }

  /// The style of the crosses that stand for invalid repeats.
  init(invalidColour: String) {
    colour = invalidColour
    dash = "solid"
    point = 2
  }

  /// The style of what stands behind the lines proper.
  init(serviceColour: String) {
    colour = serviceColour
    dash = "(6,3)"
    point = 1
  }

  /// The style of what was computed from points.
  init(fitColour: String) {
    colour = fitColour
    dash = "(2,3)"
    point = 1
  }

  /// The style of rings around points.
  init(ringColour: String) {
    colour = ringColour
    dash = "solid"
    point = 6
  }

  /// The style of a limit.
  init(limitColour: String) {
    colour = limitColour
    dash = "(3,3)"
    point = 1
  }

  /// The style of an area.
  init(fill: PaletteColour) {
    colour = fill.light
    dash = "solid"
    point = 5
  }

  /// The style of points alone.
  init(colour: PaletteColour, point: Int) {
    self.colour = colour.light
    dash = "solid"
    self.point = point
  }

  /// The style where lines of one colour belong together, and lines of one dash and point too.
  init(colourIndex: Int, shapeIndex: Int) {
    colour = Self.colours[colourIndex % Self.colours.count]
    dash = Self.dashes[shapeIndex % Self.dashes.count]
    point = Self.points[shapeIndex % Self.points.count]
  }

  /// Whether two axes can be told apart by colour on one and by shape on the other.
  static func canCross(_ axes: [PlotSubject.Axis]) -> Bool {
    axes.count == 2 && axes[0].labels.count <= colours.count && axes[1].labels.count <= dashes.count
  }

  /// As a gnuplot line style.
  var gnuplot: String { "lw 1.8 lc rgb '\(colour)' dt \(dash) pt \(point) ps 0.6" }
}
