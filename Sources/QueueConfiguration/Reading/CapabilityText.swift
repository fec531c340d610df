internal import Wording

/// Capabilities as JSON, the same for one meaning in whatever format it was written.
enum CapabilityText {
  /// The JSON text with sorted keys; nil after reporting what JSON has no word for.
  static func json(of node: ConfigurationNode, _ diagnostics: Diagnostics) -> String? {
    switch node.value {
    case .nothing: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .number(let text):
      if let number = NumberText.json(text) { return number }
      diagnostics.report("must be a number that JSON has, not \(text)", at: node)
      return nil
    case .text(let text): return JSONString.quoted(text)
    case .moment:
      diagnostics.report("a date or time must be in quotes", at: node)
      return nil
    case .list(let items):
      let parts = items.map { json(of: $0, diagnostics) }
      guard !parts.contains(nil) else { return nil }
      return "[" + parts.compactMap { $0 }.joined(separator: ",") + "]"
    case .map(let entries):
      let parts = entries.sorted { $0.key < $1.key }.map { entry -> String? in
        json(of: entry.value, diagnostics).map { "\(JSONString.quoted(entry.key)):\($0)" }
      }
      guard !parts.contains(nil) else { return nil }
      return "{" + parts.compactMap { $0 }.joined(separator: ",") + "}"
    }
  }
}

/// Numbers as text.
enum NumberText {
  /// `2` or `0.5`.
  static func label(_ value: Double) -> String {
    abs(value) < 1e15 && value.rounded() == value ? String(Int(value)) : "\(value)"
  }

  /// A number as JSON writes it, `16.0` as `16`; nil for one that JSON does not have.
  static func json(_ text: String) -> String? {
    let digits = text.filter { $0 != "_" }
    if let integer = Int(digits) { return String(integer) }
    guard let value = Double(digits), value.isFinite else { return nil }
    return label(value)
  }
}
