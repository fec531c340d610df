internal import Wording

/// A value of a configuration together with its place, whichever format it was read from.
struct ConfigurationNode {
  /// The values that the formats have in common.
  enum Value {
    /// YAML's and JSON's null, and a YAML key without a value.
    case nothing
    case boolean(Bool)
    /// As it was written, but for TOML, which hands numbers on as such.
    case number(String)
    case text(String)
    /// What only TOML has: a date or a time.
    case moment
    case list([ConfigurationNode])
    case map([ConfigurationEntry])
  }

  let value: Value
  /// Where it stands in the document, as in `retry.fixed` or `types[1]`.
  let path: String
  /// The line of its key, or of itself in a list, from 1; nil outside of files.
  let line: Int?

  /// What it is, for an error message.
  var kind: String {
    switch value {
    case .nothing: return "nothing"
    case .boolean(let value): return value ? "true" : "false"
    case .number(let text): return text
    case .text(let text): return quoted(text)
    case .moment: return "a date or time"
    case .list: return "a list"
    case .map: return "a map"
    }
  }

  /// The entries of a map; nil for everything else.
  var entries: [ConfigurationEntry]? {
    if case .map(let entries) = value { return entries }
    return nil
  }

  /// The path of an entry of a map that has this path.
  static func path(_ path: String, key: String) -> String {
    path.isEmpty ? shown(key) : "\(path).\(shown(key))"
  }

  /// A key as a path shows it: as it is if it is a plain word, else quoted and shortened.
  private static func shown(_ key: String) -> String {
    let isWord =
      !key.isEmpty && key.utf8.count <= 40
      && key.allSatisfy { $0.isLetter || $0.isNumber || "_-./".contains($0) }
    return isWord ? key : quoted(key)
  }
}

/// A key with its line and its value.
struct ConfigurationEntry {
  let key: String
  let line: Int?
  let value: ConfigurationNode
}

/// Words that stand without quotes: in YAML, in variables and in flags.
enum PlainScalar {
  /// What such a word means; by JSON's rules rather than those of YAML 1.1, to which `off` is a Boolean.
  static func value(of text: String) -> ConfigurationNode.Value {
    switch text {
    case "", "~", "null", "Null", "NULL": return .nothing
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    default: return isNumber(text) ? .number(text) : .text(text)
    }
  }

  private static func isNumber(_ text: String) -> Bool {
    if Quantity(text)?.unit.isEmpty == true { return true }
    guard let first = text.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first)
    else { return false }
    return Double(text) != nil && text.allSatisfy { "0123456789+-.eE".contains($0) }
  }
}

/// The formats that a configuration may have.
enum ConfigurationFormat: String, CaseIterable {
  case json
  case yaml
  case toml

  /// The format of a file of that name; nil if the ending says none.
  init?(path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard name.contains("."), let ending = name.split(separator: ".").last else { return nil }
    switch ending.lowercased() {
    case "json": self = .json
    case "yaml", "yml": self = .yaml
    case "toml": self = .toml
    default: return nil
    }
  }

  /// The largest file that is read; a configuration is a page of text.
  static let maximumBytes = 1 << 20

  /// The document in `bytes`, whose root is a map; nil after reporting why there is none.
  func root(of bytes: [UInt8], _ diagnostics: Diagnostics) -> ConfigurationNode? {
    guard bytes.count <= Self.maximumBytes else {
      diagnostics.report("larger than \(Self.maximumBytes) bytes", at: "", line: nil)
      return nil
    }
    guard var text = String(validating: bytes, as: UTF8.self) else {
      diagnostics.report("not UTF-8 text", at: "", line: 1 + Self.linesOfValidText(bytes))
      return nil
    }
    // Editors on Windows put a byte order mark in front.
    if text.unicodeScalars.first == "\u{FEFF}" { text = String(text.unicodeScalars.dropFirst()) }
    if let (line, scalar) = Self.firstForbidden(in: text) {
      let code = String(scalar.value, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
      diagnostics.report("control character U+\(padded) is not allowed", at: "", line: line)
      return nil
    }
    let document: ConfigurationNode?
    switch self {
    case .json: document = JSONSource.root(of: text, diagnostics)
    case .yaml: document = YAMLSource.root(of: text, diagnostics)
    case .toml: document = TOMLSource.root(of: text, diagnostics)
    }
    guard let root = document else { return nil }
    guard root.entries != nil else {
      diagnostics.report("must be a map of keys to values, not \(root.kind)", at: root)
      return nil
    }
    return root
  }

  /// The first character that none of the formats takes, with its line.
  private static func firstForbidden(in text: String) -> (line: Int, scalar: Unicode.Scalar)? {
    var line = 1
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A: line += 1
      case 0x00..<0x09, 0x0B, 0x0C, 0x0E..<0x20, 0x7F: return (line, scalar)
      default: break
      }
    }
    return nil
  }

  /// How many lines end before the first byte that is no UTF-8.
  private static func linesOfValidText(_ bytes: [UInt8]) -> Int {
    var lines = 0
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      if scalar == "\n" { lines += 1 }
    }
    return lines
  }
}
