/// From JSON (RFC 8259) to nodes with their lines, which Foundation's reader does not tell.
enum JSONSource {
  /// The root of the document; nil after reporting what is wrong.
  static func root(of text: String, _ diagnostics: Diagnostics) -> ConfigurationNode? {
    var scanner = JSONScanner(text)
    do {
      let root = try scanner.document()
      for (path, line, first) in scanner.duplicates {
        diagnostics.report("duplicate key, first on line \(first)", at: path, line: line)
      }
      return root
    } catch {
      diagnostics.report("invalid JSON: \(error.message)", at: error.path, line: error.line)
      return nil
    }
  }
}

/// What is no JSON.
private struct JSONRefusal: Error {
  let message: String
  let path: String
  let line: Int
}

private struct JSONScanner {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private let depthLimit = 64
  /// Keys that stand twice in an object, of which the first counts.
  private(set) var duplicates: [(path: String, line: Int, first: Int)] = []

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func document() throws(JSONRefusal) -> ConfigurationNode {
    let root = try value(path: "", keyLine: nil, depth: 0)
    skipBlanks()
    if position < bytes.count { throw refusal("expected the end, not \(found)", "") }
    return root
  }

  private mutating func value(
    path: String, keyLine: Int?, depth: Int
  ) throws(JSONRefusal) -> ConfigurationNode {
    skipBlanks()
    guard depth < depthLimit else { throw refusal("nested too deeply", path) }
    let line = keyLine ?? self.line
    let value: ConfigurationNode.Value
    switch next ?? 0 {
    case UInt8(ascii: "{"): value = .map(try entries(path: path, depth: depth))
    case UInt8(ascii: "["): value = .list(try items(path: path, depth: depth))
    case UInt8(ascii: "\""): value = .text(try string(path))
    case UInt8(ascii: "-"), 48...57: value = .number(try number(path))
    default:
      if skip("true") {
        value = .boolean(true)
      } else if skip("false") {
        value = .boolean(false)
      } else if skip("null") {
        value = .nothing
      } else {
        throw refusal("expected a value, not \(found)", path)
      }
    }
    return ConfigurationNode(value: value, path: path, line: line)
  }

  private mutating func entries(
    path: String, depth: Int
  ) throws(JSONRefusal) -> [ConfigurationEntry] {
    position += 1
    var entries: [ConfigurationEntry] = []
    var firstLines: [String: Int] = [:]
    skipBlanks()
    if skip("}") { return entries }
    while true {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else {
        throw refusal("expected a key in quotes, not \(found)", path)
      }
      let keyLine = line
      let key = try string(path)
      let keyPath = ConfigurationNode.path(path, key: key)
      skipBlanks()
      guard skip(":") else { throw refusal("expected ':', not \(found)", keyPath) }
      let value = try self.value(path: keyPath, keyLine: keyLine, depth: depth + 1)
      if let first = firstLines[key] {
        duplicates.append((keyPath, keyLine, first))
      } else {
        firstLines[key] = keyLine
        entries.append(ConfigurationEntry(key: key, line: keyLine, value: value))
      }
      skipBlanks()
      if skip("}") { return entries }
      guard skip(",") else { throw refusal("expected ',' or '}', not \(found)", keyPath) }
    }
  }

  private mutating func items(
    path: String, depth: Int
  ) throws(JSONRefusal) -> [ConfigurationNode] {
    position += 1
    var items: [ConfigurationNode] = []
    skipBlanks()
    if skip("]") { return items }
    while true {
      items.append(try value(path: "\(path)[\(items.count)]", keyLine: nil, depth: depth + 1))
      skipBlanks()
      if skip("]") { return items }
      guard skip(",") else { throw refusal("expected ',' or ']', not \(found)", path) }
    }
  }

  // MARK: Scalars

  private mutating func number(_ path: String) throws(JSONRefusal) -> String {
    let start = position
    _ = skip("-")
    if !skip("0") { try digits(path) }
    if skip(".") { try digits(path) }
    if skip("e") || skip("E") {
      if !skip("+") { _ = skip("-") }
      try digits(path)
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits(_ path: String) throws(JSONRefusal) {
    guard let first = next, (48...57).contains(first) else {
      throw refusal("expected a digit, not \(found)", path)
    }
    while let digit = next, (48...57).contains(digit) { position += 1 }
  }

  private mutating func string(_ path: String) throws(JSONRefusal) -> String {
    position += 1
    var content: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &content, path)
      case 0..<0x20:
        throw refusal("a line break or a tab in text needs an escape", path)
      default:
        content.append(byte)
        position += 1
      }
    }
    throw refusal("text without an end", path)
  }

  private mutating func escape(into content: inout [UInt8], _ path: String) throws(JSONRefusal) {
    guard let letter = next else { throw refusal("text without an end", path) }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexCode(path)
      if (0xD800...0xDBFF).contains(code) {
        guard skip("\\u") else { throw refusal("half a surrogate pair", path) }
        let low = try hexCode(path)
        guard (0xDC00...0xDFFF).contains(low) else { throw refusal("half a surrogate pair", path) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard code != 0, let scalar = Unicode.Scalar(code) else {
        throw refusal("a NUL or half a surrogate pair in text", path)
      }
      content.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw refusal("unknown escape in text", path)
    }
  }

  private mutating func hexCode(_ path: String) throws(JSONRefusal) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw refusal("expected four hexadecimal digits after \\u", path)
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  // MARK: Places

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skip(_ word: StaticString) -> Bool {
    let word = Array(word.description.utf8)
    guard bytes[position...].starts(with: word) else { return false }
    position += word.count
    return true
  }

  private mutating func skipBlanks() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
      if byte == 0x0A { line += 1 }
      position += 1
    }
  }

  /// What stands here, for an error message.
  private var found: String {
    let rest = String(decoding: bytes[position...].prefix(16), as: UTF8.self)
    return rest.first.map { quoted(String($0)) } ?? "the end"
  }

  private func refusal(_ message: String, _ path: String) -> JSONRefusal {
    JSONRefusal(message: message, path: path, line: line)
  }
}
