internal import QueueEngine
internal import QueueOperations

/// JSON to be printed, with the members of objects in the order in which they were given.
indirect enum JSONValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral
{
  case null
  case boolean(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])
  /// Text that is JSON already.
  case json(String)

  init(stringLiteral value: String) { self = .string(value) }
  init(booleanLiteral value: Bool) { self = .boolean(value) }
  init(integerLiteral value: Int64) { self = .integer(value) }
  init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { (key: $0.0, value: $0.1) })
  }

  init(_ value: String?) { self = value.map(JSONValue.string) ?? .null }
  init(_ value: Int) { self = .integer(Int64(value)) }
  init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
  init(_ value: Int64?) { self = value.map(JSONValue.integer) ?? .null }
  init(_ value: Bool) { self = .boolean(value) }
  init(_ value: Double?) { self = value.map(JSONValue.number) ?? .null }
  /// In seconds.
  init(_ value: Duration?) { self.init(value.map { Double($0.wholeMs) / 1000 }) }
  init(_ value: TaskID) { self = .integer(value.rawValue) }
  /// UTC in the form of the database: `2026-11-21 12:00:00.123`.
  init(_ value: Timestamp?) { self = value.map { .string($0.description) } ?? .null }

  /// A payload or a result: as it is if it is JSON, else (other programs may store anything) a
  /// string.
  static func stored(_ text: String?) -> JSONValue {
    guard let text else { return .null }
    return JSONText.isValid(text) ? .json(text) : .string(text)
  }

  // MARK: Text

  /// Prints it: one JSON document, with what an array or object holds on a line each.
  func print() throws { try write(document) }

  /// Several lines, the last one with its end.
  var document: String {
    switch self {
    case .array(let elements) where !elements.isEmpty:
      return "[\n" + elements.map { "  " + $0.line }.joined(separator: ",\n") + "\n]\n"
    case .object(let members) where !members.isEmpty:
      let lines = members.map { "  \(Self.quoted($0.key)): \($0.value.nested)" }
      return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
    default: return line + "\n"
    }
  }

  /// As the value of a document's member: arrays of objects have a line for each, too.
  private var nested: String {
    guard case .array(let elements) = self, elements.contains(where: \.isObject) else {
      return line
    }
    return "[\n" + elements.map { "    " + $0.line }.joined(separator: ",\n") + "\n  ]"
  }

  private var isObject: Bool {
    if case .object = self { return true }
    return false
  }

  /// All of it on one line.
  var line: String {
    switch self {
    case .null: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return "\(value)"
    case .number(let value): return value.isFinite ? "\(value)" : "null"
    case .string(let text): return Self.quoted(text)
    case .array(let elements):
      return "[" + elements.map(\.line).joined(separator: ", ") + "]"
    case .object(let members):
      let parts = members.map { "\(Self.quoted($0.key)): \($0.value.line)" }
      return "{" + parts.joined(separator: ", ") + "}"
    case .json(let text): return Self.inOneLine(text)
    }
  }

  /// JSON without what would end a line or reach a terminal: line breaks can only stand between the
  /// parts, and the other ones only in strings, where they have escapes.
  private static func inOneLine(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0..<0x20: shown += " "
      case _ where isRisky(scalar): shown += escape(scalar)
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  private static func isRisky(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x2028...0x202e, 0x2066...0x2069: return true
    default: return false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// Also DEL and what else could reach a terminal is escaped.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: quoted += "\\\""
      case 0x5c: quoted += "\\\\"
      case 0x09: quoted += "\\t"
      case 0x0a: quoted += "\\n"
      case 0x0d: quoted += "\\r"
      case _ where isRisky(scalar): quoted += escape(scalar)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
