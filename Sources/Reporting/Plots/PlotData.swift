import Foundation

/// The data file of a picture under construction: blocks of rows that a script reads by index.
struct PlotData {
  private(set) var text: String
  private var blockCount = 0

  /// A file that begins with a line on what its columns hold.
  init(columns: String) {
    text = "# \(columns)\n"
  }

  /// Adds a block and returns its index; a row without fields interrupts a line.
  mutating func addBlock(_ title: String, rows: [[String]]) -> Int {
    defer { blockCount += 1 }
    // Two empty lines begin a new block.
    text += (blockCount == 0 ? "" : "\n\n") + "# \(singleLine(title))\n"
    text += rows.map { $0.joined(separator: " ") + "\n" }.joined()
    return blockCount
  }

  /// A number as the file holds it; what is missing is `NaN`, which gnuplot passes over.
  static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "NaN" }
    // Nine significant digits; a data file is read by people too.
    return String(format: "%.9g", value)
  }

  /// A text as a field of its own.
  static func string(_ text: String) -> String {
    "\"" + singleLine(text).filter { $0 != "\"" && $0 != "\\" } + "\""
  }
}
