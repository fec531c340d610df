/// A number as files hold it: a point, no grouping, no exponent, at most `decimals` decimals,
/// no trailing zeros (`1234.5`, `0.25`, `7`).
///
/// Independent of the locale. The text of the number that the text reads back as is the same text.
/// What is not finite has no text; it becomes an empty field.
func decimalText(_ value: Double, decimals: Int) -> String {
  guard value.isFinite else { return "" }
  let scale = (0..<decimals).reduce(1) { product, _ in product * 10 }
  let scaled = (value.magnitude * Double(scale)).rounded()
  // Beyond 2^53 a Double has no decimals left, and the integer arithmetic below would be off.
  guard scaled < 0x1p53 else {
    return Int(exactly: value.rounded()).map(String.init) ?? "\(value)"
  }
  let digits = Int(scaled)
  var fraction = String(digits % scale)
  fraction = String(repeating: "0", count: max(0, decimals - fraction.count)) + fraction
  while fraction.last == "0" { fraction.removeLast() }
  let sign = value < 0 && digits != 0 ? "-" : ""
  return sign + String(digits / scale) + (fraction.isEmpty ? "" : "." + fraction)
}
