/// On which line of a TOML document each key stands, and each element of a list.
///
/// TOMLKit tells lines of errors only. This walks over a document that TOMLKit has found to be valid, so
/// that it need not judge: it skips values, and follows tables, dotted keys, inline tables and arrays of
/// tables. A key that it does not find, because it is written with Unicode escapes, has the line of the
/// table around it.
struct TOMLKeyLines {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var lines: [[String]: Int] = [:]
  private var tableCounts: [[String]: Int] = [:]
  /// What is no TOML, but ends the process in the parser below TOMLKit, which asserts it away.
  struct Trap {
    let line: Int
    let expected: String
    /// How many bytes come before it.
    let byteOffset: Int
  }
  /// The first trap; a document that is no TOML in front of it may have none at all.
  private(set) var trap: Trap?

  init(_ text: String) {
    bytes = Array(text.utf8)
    var table: [String] = []
    while skipToStatement() {
      let start = position
      if next == UInt8(ascii: "[") {
        table = header()
      } else {
        statement(under: table)
      }
      // Never twice at the same place, whatever stands there.
      if position == start { position += 1 }
    }
  }

  /// The line of a key, which is given with the keys around it; elements of lists count as keys `[0]`.
  subscript(keys: [String]) -> Int? { lines[keys] }

  // MARK: Statements

  private mutating func header() -> [String] {
    let start = position
    position += 1
    let isElement = next == UInt8(ascii: "[")
    if isElement { position += 1 }
    skipBlanks()
    let isKey = next.map { Self.isBare($0) || Array("\"']".utf8).contains($0) } ?? true
    if !isKey { noteTrap("the name of a table after '['", at: start) }
    let keys = readKey()
    var table = current(keys.dropLast(), under: [])
    if let last = keys.last { table.append(last) }
    note(table)
    if isElement {
      let count = tableCounts[table, default: 0]
      tableCounts[table] = count + 1
      table.append("[\(count)]")
      note(table)
    }
    skipBlanks()
    while next == UInt8(ascii: "]") { position += 1 }
    return table
  }

  private mutating func statement(under table: [String]) {
    let keys = readKey()
    guard !keys.isEmpty else { return }
    var path = table
    for key in keys {
      path.append(key)
      note(path)
    }
    skipBlanks()
    guard next == UInt8(ascii: "=") else { return }
    position += 1
    skipBlanks()
    skipValue(path)
  }

  /// The path of a table that a header names, within the latest elements of arrays of tables.
  private func current(_ keys: some Sequence<String>, under table: [String]) -> [String] {
    var path = table
    for key in keys {
      path.append(key)
      if let count = tableCounts[path] { path.append("[\(count - 1)]") }
    }
    return path
  }

  /// The first place of a path is its line; what it lies in stands there, too, if nowhere before.
  private mutating func note(_ path: [String]) {
    for count in stride(from: path.count, to: 0, by: -1) {
      let prefix = Array(path.prefix(count))
      if lines[prefix] != nil { return }
      lines[prefix] = line
    }
  }

  private mutating func noteTrap(_ expected: String, at byteOffset: Int) {
    if trap == nil { trap = Trap(line: line, expected: expected, byteOffset: byteOffset) }
  }

  // MARK: Values

  private mutating func skipValue(_ path: [String]) {
    switch next ?? 0 {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = readString()
    case UInt8(ascii: "["):
      position += 1
      var index = 0
      while skipToStatement(), next != UInt8(ascii: "]") {
        let start = position
        if next == UInt8(ascii: "}") { noteTrap("a value or ']', not '}'", at: start) }
        let element = path + ["[\(index)]"]
        note(element)
        skipValue(element)
        index += 1
        _ = skipToStatement()
        if next == UInt8(ascii: ",") { position += 1 }
        if position == start { position += 1 }
      }
      position += 1
    case UInt8(ascii: "{"):
      position += 1
      while skipToStatement(), next != UInt8(ascii: "}") {
        let start = position
        statement(under: path)
        _ = skipToStatement()
        if next == UInt8(ascii: ",") { position += 1 }
        if position == start { position += 1 }
      }
      position += 1
    default:
      while let byte = next, !Array(",]}#\n".utf8).contains(byte) { position += 1 }
    }
  }

  // MARK: Words

  /// A key in its parts; none if no key stands here.
  private mutating func readKey() -> [String] {
    var keys: [String] = []
    while true {
      skipBlanks()
      if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") {
        keys.append(readString())
      } else {
        let start = position
        while let byte = next, Self.isBare(byte) { position += 1 }
        guard position > start else { return keys }
        keys.append(String(decoding: bytes[start..<position], as: UTF8.self))
      }
      skipBlanks()
      guard next == UInt8(ascii: ".") else { return keys }
      position += 1
    }
  }

  /// A text with quotes of any kind; escapes but for `\"` and `\\` stay as they are.
  private mutating func readString() -> String {
    guard let quote = next else { return "" }
    let isLong = bytes[position...].starts(with: [quote, quote, quote])
    position += isLong ? 3 : 1
    var content: [UInt8] = []
    while let byte = next {
      if byte == quote {
        if !isLong {
          position += 1
          break
        }
        if bytes[position...].starts(with: [quote, quote, quote]) {
          position += 3
          // Up to two more quotes belong to the text.
          while next == quote { position += 1 }
          break
        }
      } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        position += 1
        if let escaped = next, escaped != quote, escaped != byte { content.append(byte) }
      }
      guard let byte = next else { break }
      if byte == UInt8(ascii: "\n") { line += 1 }
      content.append(byte)
      position += 1
    }
    return String(decoding: content, as: UTF8.self)
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      return true
    default: return false
    }
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") { position += 1 }
  }

  /// Skips blanks, ends of lines and comments; false at the end of the document.
  private mutating func skipToStatement() -> Bool {
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        position += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "#"):
        while let byte = next, byte != UInt8(ascii: "\n") { position += 1 }
      default: return true
      }
    }
    return false
  }
}
