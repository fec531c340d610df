import Foundation

/// What a strict reader says of a page: XML without name spaces and entities of its own.
struct MarkupChecker {
  /// The first thing that is wrong; nil if nothing is.
  private(set) var problem: String?
  /// Every element with its attributes, in the order of the page.
  private(set) var elements: [(name: String, attributes: [String: String])] = []
  /// All text between tags and in attributes.
  private(set) var text = ""

  init(_ page: String) {
    // Bytes, and memory as it is: pages are large, and characters of a debug build are slow.
    var page = page
    page.withUTF8 { read(page: Bytes(rebasing: $0[...])) }
  }

  private typealias Bytes = UnsafeBufferPointer<UInt8>

  private mutating func read(page: Bytes) {
    let doctype = "<!DOCTYPE html>"
    var place = 0
    if Self.text(page, 0, min(page.count, doctype.utf8.count)) == doctype {
      place = doctype.utf8.count
    }
    var open: [String] = []
    while problem == nil, let start = Self.first("<", in: page, from: place) {
      check(text: page, place, start)
      guard let end = Self.first(">", in: page, from: start) else {
        problem = "a tag has no end: \(Self.text(page, start, min(page.count, start + 60)))"
        return
      }
      place = end + 1
      if page[start + 1] == UInt8(ascii: "/") {
        let name = Self.text(page, start + 2, end)
        guard open.popLast() == name else {
          problem = "</\(name)> closes nothing"
          return
        }
      } else {
        let isEmpty = page[end - 1] == UInt8(ascii: "/")
        let element = read(tag: page, start + 1, isEmpty ? end - 1 : end)
        elements.append(element)
        if !isEmpty { open.append(element.name) }
      }
    }
    check(text: page, place, page.count)
    if problem == nil, !open.isEmpty { problem = "never closed: \(open.joined(separator: " "))" }
  }

  // MARK: Bytes

  private static func first(_ byte: Unicode.Scalar, in bytes: Bytes, from place: Int) -> Int? {
    guard place < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + place, Int32(byte.value), bytes.count - place)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private static func text(_ bytes: Bytes, _ start: Int, _ end: Int) -> String {
    String(decoding: Bytes(rebasing: bytes[start..<max(start, end)]), as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || (0x30...0x39).contains(byte)
      || byte >= 0x80
  }

  // MARK: Parts

  private mutating func check(text bytes: Bytes, _ start: Int, _ end: Int) {
    guard start < end else { return }
    text += Self.text(bytes, start, end)
    var place = start
    while let found = Self.first("&", in: bytes, from: place), found < end {
      let known = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#160;"]
      let rest = Self.text(bytes, found, min(end, found + 40))
      guard known.contains(where: { rest.hasPrefix($0) }) else {
        problem = problem ?? "a bare ampersand: \(rest)"
        return
      }
      place = found + 1
    }
    for index in start..<end where bytes[index] < 32 {
      if bytes[index] == 0x0a || bytes[index] == 0x09 { continue }
      problem =
        problem ?? "a control character in: \(Self.text(bytes, start, min(end, start + 60)))"
    }
  }

  private mutating func read(
    tag bytes: Bytes, _ start: Int, _ end: Int
  ) -> (name: String, attributes: [String: String]) {
    func said() -> String { Self.text(bytes, start, min(end, start + 80)) }
    var place = start
    func skipSpace() { while place < end, Self.isSpace(bytes[place]) { place += 1 } }
    while place < end, !Self.isSpace(bytes[place]) { place += 1 }
    let name = Self.text(bytes, start, place)
    if name.isEmpty || !name.utf8.allSatisfy(Self.isNameByte) {
      problem = problem ?? "no name of an element: \(said())"
    }
    var attributes: [String: String] = [:]
    skipSpace()
    while place < end, problem == nil {
      let keyStart = place
      while place < end,
        Self.isNameByte(bytes[place]) || bytes[place] == 0x2d || bytes[place] == 0x3a
      {
        place += 1
      }
      let key = Self.text(bytes, keyStart, place)
      skipSpace()
      guard !key.isEmpty, place < end, bytes[place] == UInt8(ascii: "=") else {
        problem = "an attribute without a value in <\(said())>"
        break
      }
      place += 1
      skipSpace()
      guard place < end, [0x22, 0x27].contains(bytes[place]),
        let close = Self.first(Unicode.Scalar(bytes[place]), in: bytes, from: place + 1),
        close < end
      else {
        problem = "a value without quotes in <\(said())>"
        break
      }
      check(text: bytes, place + 1, close)
      if attributes.updateValue(Self.text(bytes, place + 1, close), forKey: key) != nil {
        problem = problem ?? "\(key) stands twice in <\(said())>"
      }
      place = close + 1
      skipSpace()
    }
    return (name, attributes)
  }

  /// The names that more than one element has.
  var repeatedIDs: [String] {
    let ids = elements.compactMap { $0.attributes["id"] }
    return Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
  }
}
