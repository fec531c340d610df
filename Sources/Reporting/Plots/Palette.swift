/// A colour with a meaning, in the light and on a dark page.
///
/// Files of their own have white paper and the light colours. On a page, pictures refer to colours by
/// name, so that they follow the reader's choice.
struct PaletteColour: Equatable, Sendable {
  /// The name of the CSS variable, without its dashes.
  let name: String
  /// As `#rrggbb`, on white.
  let light: String
  /// The same on a dark page.
  let dark: String

  /// The light colour as gnuplot's `0xrrggbb`, for colours in data files.
  var number: String { "0x" + light.dropFirst() }

  /// Red, green and blue of the light colour.
  var components: [Int] {
    let digits = Array(light.dropFirst())
    return [0, 2, 4].map { Int(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
  }
}

/// All colours of pictures and pages. No two light ones are alike, since that is how the page
/// recognises them in what gnuplot has drawn.
enum Palette {
  static let text = PaletteColour(name: "p-text", light: "#222222", dark: "#e4e6e8")
  static let quiet = PaletteColour(name: "p-quiet", light: "#666666", dark: "#9aa1a8")
  static let axis = PaletteColour(name: "p-axis", light: "#888888", dark: "#737a81")
  static let grid = PaletteColour(name: "p-grid", light: "#dddddd", dark: "#33383d")
  /// What separates filled areas.
  static let paper = PaletteColour(name: "p-paper", light: "#ffffff", dark: "#16191c")
  /// What is invalid, saturated or beyond its target.
  static let bad = PaletteColour(name: "p-bad", light: "#d00000", dark: "#ff6b5e")
  /// Stages of a repeat that are not measured.
  static let shade = PaletteColour(name: "p-shade", light: "#eef0f2", dark: "#22272b")
  /// Boxes without a value.
  static let missing = PaletteColour(name: "p-missing", light: "#cccccc", dark: "#555b61")
  /// Hatching over what noise could explain.
  static let hatch = PaletteColour(name: "p-hatch", light: "#9a9a9a", dark: "#767d84")

  // Okabe and Ito's colours, without the yellow that white paper swallows.
  // Source: <https://jfly.uni-koeln.de/color/>.
  static let series = [
    PaletteColour(name: "p-blue", light: "#0072b2", dark: "#4aa8e0"),
    PaletteColour(name: "p-vermilion", light: "#d55e00", dark: "#f08a3c"),
    PaletteColour(name: "p-green", light: "#009e73", dark: "#2fc79a"),
    PaletteColour(name: "p-pink", light: "#cc79a7", dark: "#e09cc2"),
    PaletteColour(name: "p-orange", light: "#e69f00", dark: "#f2bd4a"),
    PaletteColour(name: "p-sky", light: "#56b4e9", dark: "#8fd0f5"),
    PaletteColour(name: "p-black", light: "#000000", dark: "#f5f5f5"),
  ]

  /// From better (blue) over alike to worse (orange), in nine steps.
  static let diverging = zip(
    [
      "#0072b1", "#4095c5", "#80b8d8", "#bcd8e8", "#f7f7f7", "#f1d3bc", "#ebaf80", "#e08740",
      "#d55e01",
    ],
    [
      "#1d6ea6", "#1d5a86", "#1f4866", "#23384a", "#2b2f33", "#4a392c", "#6b452a", "#8c5025",
      "#ad5a1e",
    ]
  ).enumerated().map {
    PaletteColour(name: "p-d\($0.offset)", light: $0.element.0, dark: $0.element.1)
  }

  /// From few to many, in eight steps.
  static let sequential = zip(
    [
      "#e6eff6", "#cbdfee", "#a8cce4", "#7fb4d6", "#549bc6", "#2c80b3", "#12649a", "#06457a",
    ],
    [
      "#1c2a36", "#1f3a4d", "#234c66", "#296080", "#34789d", "#4a93b9", "#74b3d1", "#b4dcec",
    ]
  ).enumerated().map {
    PaletteColour(name: "p-s\($0.offset)", light: $0.element.0, dark: $0.element.1)
  }

  /// Text in the boxes of a heat map.
  static let boxText = PaletteColour(name: "p-box-text", light: "#1a1a1a", dark: "#f0f2f4")
  /// Text in its darkest boxes.
  static let brightText = PaletteColour(name: "p-bright-text", light: "#fefefe", dark: "#ffffff")

  static let all =
    [text, quiet, axis, grid, paper, bad, shade, missing, hatch, boxText, brightText]
    + series + diverging + sequential
}
