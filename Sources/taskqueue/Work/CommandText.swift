internal import QueueEngine

/// What a command has written, as it is stored with its task.
enum CommandText {
  /// How many bytes of standard output are kept; what a result may have.
  static let outputByteLimit = NewTask.payloadByteLimit
  /// How many bytes of standard error are kept.
  static let errorTailByteLimit = 4096
  /// How many characters of them are stored; the worker adds the exit code.
  private static let errorCharacterLimit = 1500
  private static let errorLineLimit = 20

  // MARK: Results

  /// The result of a task.
  ///
  /// A string loses the end of its last line, as in a shell's `$(…)`. What does not fit into a result
  /// is cut, and says so.
  ///
  /// - Parameters:
  ///   - bytes: the beginning of the output.
  ///   - byteCount: how long it was in all.
  /// - Returns: standard output as it is if it is JSON, else as a JSON string; nil if it is empty.
  static func result(_ bytes: [UInt8], of byteCount: Int) -> String? {
    let isWhole = byteCount == bytes.count
    // What is no UTF-8 becomes replacement characters.
    let text = String(decoding: isWhole ? bytes[...] : wholeCharacters(bytes), as: UTF8.self)
    let trimmed = trimmed(text)
    if trimmed.isEmpty { return nil }
    if isWhole, trimmed.utf8.count <= outputByteLimit, JSONText.isValid(String(trimmed)) {
      return String(trimmed)
    }
    var line = text[...]
    if isWhole, line.last?.isNewline == true { line.removeLast() }
    return quoted(line, isWhole: isWhole, byteCount: byteCount)
  }

  /// A JSON string of at most ``outputByteLimit`` bytes.
  private static func quoted(_ text: Substring, isWhole: Bool, byteCount: Int) -> String {
    let note = "… [cut: the output has \(byteCount) bytes]"
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    quoted.reserveCapacity(min(outputByteLimit, text.utf8.count + text.utf8.count / 16 + 64))
    // The length up to which the note fits, too.
    var cutAt = 1
    let room = outputByteLimit - 1
    for scalar in text.unicodeScalars {
      append(scalar, to: &quoted)
      if quoted.count <= room - note.utf8.count { cutAt = quoted.count }
      if quoted.count > room { break }
    }
    if !isWhole || quoted.count > room {
      quoted.removeLast(quoted.count - cutAt)
      quoted += Array(note.utf8)
    }
    quoted.append(UInt8(ascii: "\""))
    return String(decoding: quoted, as: UTF8.self)
  }

  private static func append(_ scalar: Unicode.Scalar, to quoted: inout [UInt8]) {
    switch scalar.value {
    case 0x22: quoted += [0x5c, 0x22]
    case 0x5c: quoted += [0x5c, 0x5c]
    case 0x0a: quoted += [0x5c, UInt8(ascii: "n")]
    case 0x0d: quoted += [0x5c, UInt8(ascii: "r")]
    case 0x09: quoted += [0x5c, UInt8(ascii: "t")]
    case 0..<0x20:
      let digits = String(scalar.value, radix: 16)
      quoted += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    case 0x20..<0x80: quoted.append(UInt8(scalar.value))
    default: quoted.append(contentsOf: UTF8.encode(scalar)!)
    }
  }

  /// Without a character that was cut in the middle.
  private static func wholeCharacters(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    for tail in 0..<min(4, bytes.count) {
      let index = bytes.count - 1 - tail
      if bytes[index] & 0xc0 == 0x80 { continue }
      let length = bytes[index] < 0x80 ? 1 : bytes[index] < 0xe0 ? 2 : bytes[index] < 0xf0 ? 3 : 4
      return length > tail + 1 ? bytes[..<index] : bytes[...]
    }
    return bytes[...]
  }

  /// Without JSON's white space at both ends.
  private static func trimmed(_ text: String) -> Substring {
    func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0a, 0x0d].contains(byte) }
    let utf8 = text.utf8
    guard let first = utf8.firstIndex(where: { !isSpace($0) }),
      let last = utf8.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return text[first..<utf8.index(after: last)]
  }

  // MARK: Errors

  /// The last lines of what a command has written, for the error message of its task.
  ///
  /// - Parameters:
  ///   - bytes: the end of what was written.
  ///   - byteCount: how long it was in all.
  /// - Returns: the lines; nil if there are none.
  static func lastLines(_ bytes: [UInt8], of byteCount: Int) -> String? {
    var rest = bytes[...]
    if byteCount > bytes.count, let newline = rest.firstIndex(of: UInt8(ascii: "\n")),
      newline < rest.endIndex - 1
    {
      // The first line was cut.
      rest = rest[(newline + 1)...]
    }
    let text = String(decoding: rest.filter { $0 != 0 }, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).suffix(errorLineLimit)
    let joined = lines.joined(separator: "\n")
    let end = joined.suffix(errorCharacterLimit)
    if end.allSatisfy(\.isWhitespace) { return nil }
    return end.startIndex == joined.startIndex ? joined : "…" + end
  }
}
