internal import QueueEngine

/// Takes a JSON object apart without touching the text of its values, so that they can be stored
/// byte for byte.
struct JSONObjectText {
  private let bytes: [UInt8]
  private var offset = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The members of an object in their order, each value as the text that it is written in.
  static func members(of bytes: [UInt8]) throws(LineFault) -> [(key: String, value: String)] {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw LineFault("not UTF-8") }
    var scanner = JSONObjectText(bytes)
    return try scanner.object()
  }

  /// The text of a JSON string; nil if the value is none.
  static func string(_ value: String) throws(LineFault) -> String? {
    var scanner = JSONObjectText(Array(value.utf8))
    guard scanner.next == UInt8(ascii: "\"") else { return nil }
    return try scanner.string()
  }

  // MARK: Scanning

  /// The next byte; 0, which stands nowhere in JSON, at the end.
  private var next: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  private mutating func skipSpace() {
    while next == 0x20 || next == 0x09 || next == 0x0a || next == 0x0d { offset += 1 }
  }

  private func fault(_ expected: String) -> LineFault {
    let found: String
    if offset >= bytes.count {
      found = "the end of the line"
    } else if (0x20..<0x7f).contains(bytes[offset]) {
      found = "'\(Character(UnicodeScalar(bytes[offset])))'"
    } else {
      found = "the byte \(bytes[offset])"
    }
    return LineFault("not JSON: expected \(expected) at byte \(offset + 1), not \(found)")
  }

  private mutating func object() throws(LineFault) -> [(key: String, value: String)] {
    var members: [(key: String, value: String)] = []
    skipSpace()
    guard next == UInt8(ascii: "{") else { throw fault("a JSON object") }
    offset += 1
    skipSpace()
    if next == UInt8(ascii: "}") {
      offset += 1
    } else {
      while true {
        guard next == UInt8(ascii: "\"") else { throw fault("a key in double quotes") }
        // What follows looks at all keys for each.
        if members.count == 64 { throw LineFault("no task: more than 64 keys") }
        let key = try string()
        if members.contains(where: { $0.key == key }) {
          throw LineFault("the key \"\(key)\" is there twice")
        }
        skipSpace()
        guard next == UInt8(ascii: ":") else { throw fault("a colon") }
        offset += 1
        skipSpace()
        let start = offset
        try skipValue(depthLimit: JSONText.depthLimit)
        members.append((key, String(decoding: bytes[start..<offset], as: UTF8.self)))
        skipSpace()
        if next == UInt8(ascii: ",") {
          offset += 1
          skipSpace()
        } else if next == UInt8(ascii: "}") {
          offset += 1
          break
        } else {
          throw fault("a comma or a closing brace")
        }
      }
    }
    skipSpace()
    guard offset == bytes.count else { throw fault("the end of the line") }
    return members
  }

  /// Passes over a value, which begins here.
  private mutating func skipValue(depthLimit: Int) throws(LineFault) {
    // Whether each container that is open is an object.
    var open: [Bool] = []
    while true {
      switch next {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let isObject = next == UInt8(ascii: "{")
        guard open.count < depthLimit else {
          throw LineFault("not taken: nested more deeply than \(depthLimit) levels")
        }
        offset += 1
        skipSpace()
        open.append(isObject)
        if next != (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          if isObject { try skipKey() }
          continue
        }
      case UInt8(ascii: "\""): try skipString()
      case UInt8(ascii: "t"): try skip("true")
      case UInt8(ascii: "f"): try skip("false")
      case UInt8(ascii: "n"): try skip("null")
      default: try skipNumber()
      }
      // A value has ended, or an empty container is about to.
      var hasNext = false
      while !hasNext, let isObject = open.last {
        skipSpace()
        if next == UInt8(ascii: ",") {
          offset += 1
          skipSpace()
          if isObject { try skipKey() }
          hasNext = true
        } else if next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          offset += 1
          open.removeLast()
        } else {
          throw fault(isObject ? "a comma or a closing brace" : "a comma or a closing bracket")
        }
      }
      if !hasNext { return }
    }
  }

  private mutating func skipKey() throws(LineFault) {
    guard next == UInt8(ascii: "\"") else { throw fault("a key in double quotes") }
    try skipString()
    skipSpace()
    guard next == UInt8(ascii: ":") else { throw fault("a colon") }
    offset += 1
    skipSpace()
  }

  private mutating func skip(_ word: String) throws(LineFault) {
    guard bytes[offset...].starts(with: word.utf8) else { throw fault("a value") }
    offset += word.utf8.count
  }

  private mutating func skipNumber() throws(LineFault) {
    if next == UInt8(ascii: "-") { offset += 1 }
    if next == UInt8(ascii: "0") {
      offset += 1
    } else if !skipDigits() {
      throw fault("a value")
    }
    if next == UInt8(ascii: ".") {
      offset += 1
      if !skipDigits() { throw fault("a digit") }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      offset += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
      if !skipDigits() { throw fault("a digit") }
    }
  }

  private mutating func skipDigits() -> Bool {
    let first = offset
    while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { offset += 1 }
    return offset > first
  }

  private mutating func skipString() throws(LineFault) {
    offset += 1
    while true {
      switch next {
      case UInt8(ascii: "\""):
        offset += 1
        return
      case UInt8(ascii: "\\"):
        offset += 1
        _ = try escape()
      case 0..<0x20:
        if offset < bytes.count { throw fault("control characters in escaped form only") }
        throw fault("a closing double quote")
      default: offset += 1
      }
    }
  }

  /// The text of a string, which begins here.
  private mutating func string() throws(LineFault) -> String {
    let start = offset
    try skipString()
    let end = offset - 1
    guard bytes[start..<end].contains(UInt8(ascii: "\\")) else {
      return String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
    }
    var units: [UInt16] = []
    offset = start + 1
    while offset < end {
      if next == UInt8(ascii: "\\") {
        offset += 1
        units.append(try escape())
      } else {
        let plain = bytes[offset..<end].prefix { $0 != UInt8(ascii: "\\") }
        units.append(contentsOf: String(decoding: plain, as: UTF8.self).utf16)
        offset += plain.count
      }
    }
    offset = end + 1
    guard let text = String(validating: units, as: UTF16.self) else {
      throw LineFault("half of a surrogate pair in a string that ends at byte \(end + 1)")
    }
    return text
  }

  /// The UTF-16 unit of an escape, behind its backslash.
  private mutating func escape() throws(LineFault) -> UInt16 {
    let letter = next
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      offset += 1
      return UInt16(letter)
    case UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"),
      UInt8(ascii: "t"):
      offset += 1
      switch letter {
      case UInt8(ascii: "b"): return 0x08
      case UInt8(ascii: "f"): return 0x0c
      case UInt8(ascii: "n"): return 0x0a
      case UInt8(ascii: "r"): return 0x0d
      default: return 0x09
      }
    case UInt8(ascii: "u"):
      offset += 1
      var unit: UInt16 = 0
      for _ in 0..<4 {
        guard let digit = Character(UnicodeScalar(next)).hexDigitValue else {
          throw fault("four hexadecimal digits")
        }
        unit = unit << 4 | UInt16(digit)
        offset += 1
      }
      return unit
    default: throw fault("an escape")
    }
  }
}
