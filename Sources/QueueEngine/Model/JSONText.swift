/// Tells whether text is JSON (RFC 8259), and if not, where it ceases to be and what should stand there.
///
/// Every task passes here on its way in, which takes 4 µs in a batch. SQLite's `json_valid` needs 0.4 µs
/// for 118 bytes and cannot say where the fault lies; `JSONDecoder` builds the values and needs far more.
/// This scanner allocates nothing, passes each byte once and strings eight bytes at a time.
///
/// Whatever it accepts is accepted by `json_valid`, too, on whose judgement the JSON functions in other
/// people's SQL depend. It is stricter than newer versions of SQLite, which also know JSON5.
package enum JSONText {
  /// How deeply arrays and objects may lie in each other; SQLite refuses more than 2000 levels.
  package static let depthLimit = 1000

  /// Where text is no JSON.
  struct Fault: Equatable {
    /// The bytes of UTF-8 before the fault.
    let byteOffset: Int
    let expected: Expectation
  }

  /// What should stand at the place of a fault.
  enum Expectation: String {
    case value = "a value"
    case object = "a JSON object"
    case key = "a key in double quotes"
    case keyOrEnd = #"a key in double quotes or "}""#
    case colon = #"":""#
    case commaOrBrace = #""," or "}""#
    case commaOrBracket = #""," or "]""#
    case digit = "a digit"
    case closingQuote = "a closing double quote"
    case escapedControl = "control characters in escaped form only"
    case escape = #"one of "\/bfnrtu after the backslash"#
    case hexDigit = #"four hexadecimal digits after "\u""#
    case lessDepth = "fewer levels of nesting"
    case end = "the end of the text"
  }

  /// Whether a text is JSON, and an object where `isObject` asks for one, with at most that many levels of
  /// nesting, which may be ``depthLimit`` at most.
  package static func isValid(
    _ text: String, isObject: Bool = false, depthLimit: Int = depthLimit
  ) -> Bool {
    fault(in: text, isObject: isObject, depthLimit: depthLimit) == nil
  }

  /// The first fault of a text; nil if it is JSON, and an object where `isObject` asks for one, with at
  /// most that many levels of nesting, which may be ``depthLimit`` at most.
  @inline(__always)
  static func fault(
    in text: String, isObject: Bool = false, depthLimit: Int = depthLimit
  ) -> Fault? {
    text.utf8.count == 2 && text == "{}"
      ? nil : scan(text, isObject: isObject, depthLimit: depthLimit)
  }

  private static func scan(_ text: String, isObject: Bool, depthLimit: Int) -> Fault? {
    precondition(depthLimit <= Self.depthLimit)
    var text = text
    return text.withUTF8 { bytes in
      // One bit per level says whether it is an object; 128 bytes on the stack.
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (Self.depthLimit + 63) / 64) {
        $0.initialize(repeating: 0)
        var scanner = Scanner(bytes: bytes, isObjectBits: $0, depthLimit: depthLimit)
        let expected = scanner.scan(isObject: isObject)
        return expected.map { Fault(byteOffset: scanner.offset, expected: $0) }
      }
    }
  }
}

/// Passes over a text from left to right; each step returns what it missed, or nil.
private struct Scanner {
  typealias Expectation = JSONText.Expectation

  let bytes: UnsafeBufferPointer<UInt8>
  let isObjectBits: UnsafeMutableBufferPointer<UInt64>
  let depthLimit: Int
  var offset = 0
  private var depth = 0

  init(
    bytes: UnsafeBufferPointer<UInt8>, isObjectBits: UnsafeMutableBufferPointer<UInt64>,
    depthLimit: Int
  ) {
    self.bytes = bytes
    self.isObjectBits = isObjectBits
    self.depthLimit = depthLimit
  }

  mutating func scan(isObject: Bool) -> Expectation? {
    skipSpace()
    if isObject, next != UInt8(ascii: "{") { return .object }
    while true {
      switch next {
      case UInt8(ascii: "{"):
        guard enter(isObject: true) else { return .lessDepth }
        if next == UInt8(ascii: "}") { break }
        if let missing = key(orElse: .keyOrEnd) { return missing }
        continue
      case UInt8(ascii: "["):
        guard enter(isObject: false) else { return .lessDepth }
        if next == UInt8(ascii: "]") { break }
        continue
      case UInt8(ascii: "\""): if let missing = string() { return missing }
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        if let missing = number() { return missing }
      case UInt8(ascii: "t"): guard skip("true") else { return .value }
      case UInt8(ascii: "f"): guard skip("false") else { return .value }
      case UInt8(ascii: "n"): guard skip("null") else { return .value }
      default: return .value
      }
      // A value has ended, or an empty container is about to.
      guard let missing = leave() else { continue }
      return missing == .end && offset == bytes.count ? nil : missing
    }
  }

  /// The next byte; 0, which stands nowhere in JSON, at the end.
  @inline(__always)
  private var next: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  @inline(__always)
  private mutating func skipSpace() {
    while true {
      switch next {
      case 0x20, 0x0a, 0x0d, 0x09: offset += 1
      default: return
      }
    }
  }

  // MARK: Containers

  private mutating func enter(isObject: Bool) -> Bool {
    guard depth < depthLimit else { return false }
    let bit: UInt64 = 1 << (depth % 64)
    if isObject { isObjectBits[depth / 64] |= bit } else { isObjectBits[depth / 64] &= ~bit }
    depth += 1
    offset += 1
    skipSpace()
    return true
  }

  /// Leaves what ends behind a value, up to where the next value begins; `end` where none can follow.
  @inline(__always)
  private mutating func leave() -> Expectation? {
    while true {
      skipSpace()
      guard depth > 0 else { return .end }
      let isObject = isObjectBits[(depth - 1) / 64] & (1 << ((depth - 1) % 64)) != 0
      switch next {
      case UInt8(ascii: ","):
        offset += 1
        skipSpace()
        return isObject ? key(orElse: .key) : nil
      case isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"):
        offset += 1
        depth -= 1
      default: return isObject ? .commaOrBrace : .commaOrBracket
      }
    }
  }

  @inline(__always)
  private mutating func key(orElse missing: Expectation) -> Expectation? {
    guard next == UInt8(ascii: "\"") else { return missing }
    if let missing = string() { return missing }
    skipSpace()
    guard next == UInt8(ascii: ":") else { return .colon }
    offset += 1
    skipSpace()
    return nil
  }

  // MARK: Scalars

  private mutating func skip(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard bytes.count - offset >= count else { return false }
    for index in 0..<count where bytes[offset + index] != word.utf8Start[index] { return false }
    offset += count
    return true
  }

  @inline(__always)
  private mutating func string() -> Expectation? {
    offset += 1
    while true {
      skipPlainBytes()
      switch next {
      case UInt8(ascii: "\""):
        offset += 1
        return nil
      case UInt8(ascii: "\\"):
        offset += 1
        if let missing = escape() { return missing }
      case 0..<0x20: return offset == bytes.count ? .closingQuote : .escapedControl
      default: offset += 1
      }
    }
  }

  /// Passes eight bytes at a time over what is neither a quote, nor a backslash, nor a control character.
  ///
  /// The lowest flag of each test is exact; borrows can only raise false flags above it.
  /// Source: "Bit Twiddling Hacks" (Anderson), "Determine if a word has a byte less than n".
  @inline(__always)
  private mutating func skipPlainBytes() {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let rawBytes = UnsafeRawBufferPointer(bytes)
    // A local copy stays in a register.
    var offset = offset
    defer { self.offset = offset }
    while rawBytes.count - offset >= 8 {
      let word = UInt64(
        littleEndian: rawBytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let quotes = word ^ (ones &* 0x22)
      let backslashes = word ^ (ones &* 0x5c)
      let flags =
        ((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes)
        | ((backslashes &- ones) & ~backslashes)
      let marked = flags & (ones &* 0x80)
      guard marked == 0 else {
        offset += marked.trailingZeroBitCount / 8
        return
      }
      offset += 8
    }
  }

  private mutating func escape() -> Expectation? {
    switch next {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      offset += 1
      return nil
    case UInt8(ascii: "u"):
      offset += 1
      for _ in 0..<4 {
        switch next {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
          UInt8(ascii: "A")...UInt8(ascii: "F"):
          offset += 1
        default: return .hexDigit
        }
      }
      return nil
    default: return .escape
    }
  }

  private mutating func number() -> Expectation? {
    if next == UInt8(ascii: "-") { offset += 1 }
    if next == UInt8(ascii: "0") {
      offset += 1
    } else if !skipDigits() {
      return .digit
    }
    if next == UInt8(ascii: ".") {
      offset += 1
      guard skipDigits() else { return .digit }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      offset += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
      guard skipDigits() else { return .digit }
    }
    return nil
  }

  /// Passes over digits; false if there are none.
  private mutating func skipDigits() -> Bool {
    let first = offset
    while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { offset += 1 }
    return offset > first
  }
}
