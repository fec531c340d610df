import Yams

/// From bytes to a tree of YAML nodes, with every failure as an error of a line.
enum YAMLSource {
  /// The largest file that is read; a scenario is a page of text.
  static let maximumBytes = 1 << 20

  /// Marks the first of two equal keys. A private-use character: no keyboard has it.
  private static let repeatMark: Character = "\u{E000}"

  /// The text of a file in UTF-8, without a byte order mark; nil after reporting why not.
  static func text(of bytes: [UInt8], _ diagnostics: Diagnostics) -> String? {
    guard bytes.count <= maximumBytes else {
      diagnostics.report("larger than \(maximumBytes) bytes", at: "", line: nil)
      return nil
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let valid = validPrefixCount(bytes)
      let line = 1 + bytes[..<valid].count { $0 == UInt8(ascii: "\n") }
      diagnostics.report("not UTF-8 text", at: "", line: line)
      return nil
    }
    return text
  }

  /// The root node of the only document in `text`; nil after reporting why there is none.
  static func root(of text: String, _ diagnostics: Diagnostics) -> Node? {
    // Editors on Windows put a byte order mark in front.
    let text =
      text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    diagnostics.sourceText = text
    guard text.utf8.count <= maximumBytes else {
      diagnostics.report("larger than \(maximumBytes) bytes", at: "", line: nil)
      return nil
    }
    if let (line, scalar) = firstForbidden(in: text) {
      let code = String(scalar.value, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
      diagnostics.report("control character U+\(padded) is not allowed", at: "", line: line)
      return nil
    }
    do {
      if let node = try compose(text, repeatsLeft: 16) { return node }
      diagnostics.report("the file is empty", at: "", line: 1)
    } catch let error as YamlError {
      let line = line(of: error, in: text)
      diagnostics.report(message(of: error, on: line), at: "", line: line)
    } catch {
      diagnostics.report("invalid YAML: \(error)", at: "", line: nil)
    }
    return nil
  }

  /// The key as it stands in the file.
  static func withoutRepeatMarks(_ key: String) -> String {
    String(key.drop { $0 == repeatMark })
  }

  /// Parses, and on a repeated key parses again with the first of the two marked.
  ///
  /// Yams refuses a map with equal keys as a whole and tells the line of the first only. With the
  /// mark, the tree comes out complete, so that the reader of the map can name the path and both
  /// lines, and go on to find the other errors of the file.
  private static func compose(_ text: String, repeatsLeft: Int) throws -> Node? {
    // Yams keeps a pointer to the text's storage, which is sound only for a string on the heap: a
    // string of up to 15 bytes would live on its stack. Spaces at the end mean nothing.
    var source = text.utf8.count < 64 ? text + String(repeating: " ", count: 64) : text
    source.makeContiguousUTF8()
    do {
      // No resolver rules: what is a number and what a word is decided by the key, not by YAML
      // (`OFF` would be a Boolean).
      return try Yams.compose(yaml: source, .basic, .default, .utf8)
    } catch let error as YamlError {
      guard repeatsLeft > 0, case .duplicatedKeysInMapping(_, let context) = error,
        let marked = insertRepeatMark(into: text, at: context.mark)
      else { throw error }
      return try compose(marked, repeatsLeft: repeatsLeft - 1)
    }
  }

  private static func insertRepeatMark(into text: String, at mark: Mark) -> String? {
    var scalars = text.unicodeScalars
    var index = scalars.startIndex
    var line = 1
    while line < mark.line {
      guard index < scalars.endIndex else { return nil }
      let isReturn = scalars[index] == "\r"
      let isBreak = isLineBreak(scalars[index])
      index = scalars.index(after: index)
      if isReturn, index < scalars.endIndex, scalars[index] == "\n" {
        index = scalars.index(after: index)
      }
      if isBreak { line += 1 }
    }
    guard
      var position = scalars.index(
        index, offsetBy: mark.column - 1, limitedBy: scalars.index(before: scalars.endIndex))
    else { return nil }
    if scalars[position] == "\"" || scalars[position] == "'" {
      position = scalars.index(after: position)
    }
    scalars.insert(contentsOf: repeatMark.unicodeScalars, at: position)
    return String(scalars)
  }

  private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
    ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
  }

  /// The first character that YAML forbids, with its line.
  ///
  /// libyaml would find it too, but tells an offset instead of a line.
  private static func firstForbidden(in text: String) -> (line: Int, scalar: Unicode.Scalar)? {
    var line = 1
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A: line += 1
      case 0x09, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
        0x10000...0x10FFFF:
        break
      default: return (line, scalar)
      }
    }
    return nil
  }

  /// How many bytes at the beginning are valid UTF-8.
  private static func validPrefixCount(_ bytes: [UInt8]) -> Int {
    var count = 0
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      count += UTF8.width(scalar)
    }
    return count
  }

  private static func line(of error: YamlError, in text: String) -> Int? {
    switch error {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      // What is missing at the end is missed on the line after it, which no editor can show.
      let lastLine = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
      return min(mark.line, text.last?.isNewline == true ? lastLine - 1 : lastLine)
    case .duplicatedKeysInMapping(_, let context): return context.mark.line
    default: return nil
    }
  }

  private static func message(of error: YamlError, on line: Int?) -> String {
    switch error {
    case .scanner(let context, let problem, _, _),
      .parser(let context, let problem, _, _),
      .composer(let context, let problem, _, _):
      guard let context else { return "invalid YAML: \(problem)" }
      let isEarlier = line.map { context.mark.line < $0 } ?? false
      let start = isEarlier ? " from line \(context.mark.line)" : ""
      return "invalid YAML: \(context.text)\(start), \(problem)"
    case .duplicatedKeysInMapping(let keys, _):
      let shown = keys.map { quoted(withoutRepeatMarks($0)) }.joined(separator: ", ")
      return "duplicate key \(shown)"
    case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem),
      .representer(let problem):
      return "invalid YAML: \(problem)"
    case .no, .memory, .dataCouldNotBeDecoded: return "invalid YAML"
    }
  }
}
