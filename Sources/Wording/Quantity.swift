/// A number directly followed by a unit, as in `500ms`, `1.5s` or `1000/min`.
package struct Quantity: Equatable, Sendable {
  /// The number.
  package let number: Double
  /// What follows it; empty if nothing does.
  package let unit: String

  /// Splits at the end of the number; nil if the text does not begin with a plain decimal number.
  ///
  /// A number is digits, perhaps with a sign, a fraction and single underscores between digits
  /// (`1_000_000`). No exponents, `inf` or `nan`: they hide slips in a configuration file.
  package init?(_ text: some StringProtocol) {
    let characters = Array(text.utf8)
    var position = 0
    var digits = ""
    func isDigit(_ index: Int) -> Bool {
      index < characters.count && (48...57).contains(characters[index])
    }
    if position < characters.count, characters[position] == UInt8(ascii: "-") {
      digits = "-"
      position += 1
    }
    guard isDigit(position) else { return nil }
    while true {
      if isDigit(position) {
        digits.unicodeScalars.append(Unicode.Scalar(characters[position]))
        position += 1
      } else if position < characters.count, characters[position] == UInt8(ascii: "_"),
        isDigit(position + 1)
      {
        position += 1
      } else {
        break
      }
    }
    if position < characters.count, characters[position] == UInt8(ascii: "."), isDigit(position + 1)
    {
      digits += "."
      position += 1
      while isDigit(position) {
        digits.unicodeScalars.append(Unicode.Scalar(characters[position]))
        position += 1
      }
    }
    guard let number = Double(digits), number.isFinite else { return nil }
    self.number = number
    unit = String(decoding: characters[position...], as: UTF8.self)
  }

  /// A whole number without a unit; underscores between digits are allowed.
  package static func integer(_ text: String) -> Int? {
    guard let quantity = Quantity(text), quantity.unit.isEmpty, !text.contains(".") else {
      return nil
    }
    return Int(text.filter { $0 != "_" })
  }
}
