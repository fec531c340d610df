import Foundation

/// `text` on one line: control characters, line breaks among them, become single blanks.
func singleLine(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
    return text
  }
  return text.split { character in
    character.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }.joined(separator: " ")
}

/// `text` in at most `count` characters; what is left out of its middle becomes an ellipsis.
///
/// The middle, because labels often differ at their ends (`…,timeout=5s)`).
func shortened(_ text: String, to count: Int) -> String {
  guard text.count > count else { return text }
  guard count > 1 else { return String(text.prefix(max(0, count))) }
  let tail = (count - 1) / 3
  return text.prefix(count - 1 - tail) + "…" + text.suffix(tail)
}

/// A decimal with exactly `decimals` decimals, and a point in every locale.
func fixed(_ value: Double, decimals: Int) -> String {
  String(format: "%.\(decimals)f", value)
}

/// About three significant digits: `0.412`, `8.31`, `23.5`, `120`, `12,345`.
func threeDigits(_ value: Double) -> String {
  switch value.magnitude {
  case 0: return "0"
  case ..<0.9995: return fixed(value, decimals: 3)
  case ..<9.995: return fixed(value, decimals: 2)
  case ..<99.95: return fixed(value, decimals: 1)
  default: return grouped(value)
  }
}

/// An integer with a comma between the thousands.
func grouped(_ value: Double) -> String {
  let digits = fixed(value.magnitude, decimals: 0)
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0 && (digits.count - index).isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return value < 0 && digits != "0" ? "-" + text : text
}

/// A unit in which latencies are shown.
enum LatencyUnit: String {
  case microseconds = "µs"
  case milliseconds = "ms"
  case seconds = "s"

  var microseconds: Double {
    switch self {
    case .microseconds: return 1
    case .milliseconds: return 1e3
    case .seconds: return 1e6
    }
  }

  /// The unit that shows one value with few digits.
  init(forUs value: Double) {
    switch value {
    case ..<999.5: self = .microseconds
    case ..<999_500: self = .milliseconds
    default: self = .seconds
    }
  }

  /// The unit that serves for a whole column: values of one unit can be compared at a glance.
  init(forAllUs values: [Double]) {
    self = (values.max() ?? 0) < 9999.5 ? .microseconds : .milliseconds
  }

  /// The number without the unit.
  func number(_ microseconds: Double) -> String {
    let value = microseconds / self.microseconds
    return self == .microseconds && value >= 10 ? grouped(value) : threeDigits(value)
  }
}

/// A latency in a unit of its own: `41.2 µs`, `8.31 ms`, `1.20 s`.
func latencyText(us value: Double) -> String {
  let unit = LatencyUnit(forUs: value)
  return "\(threeDigits(value / unit.microseconds)) \(unit.rawValue)"
}
