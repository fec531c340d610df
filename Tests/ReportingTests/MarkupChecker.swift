import Foundation

/// What a strict reader says of a page: XML without name spaces and entities of its own.
struct MarkupChecker {
  /// The first thing that is wrong; nil if nothing is.
  private(set) var problem: String?
  /// Every element with its attributes, in the order of the page.
  private(set) var elements: [(name: String, attributes: [String: String])] = []
  /// All text between tags.
  private(set) var text = ""

  init(_ page: String) {
    var rest = Substring(page)
    if rest.hasPrefix("<!DOCTYPE html>") { rest = rest.dropFirst(15) }
    var open: [String] = []
    while problem == nil, let start = rest.firstIndex(of: "<") {
      check(text: rest[..<start])
      guard let end = rest[start...].firstIndex(of: ">") else {
        problem = "a tag has no end: \(rest[start...].prefix(60))"
        return
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        let name = String(tag.dropFirst())
        guard open.popLast() == name else {
          problem = "</\(name)> closes nothing"
          return
        }
      } else {
        let isEmpty = tag.hasSuffix("/")
        let element = read(isEmpty ? tag.dropLast() : tag)
        elements.append(element)
        if !isEmpty { open.append(element.name) }
      }
    }
    check(text: rest)
    if problem == nil, !open.isEmpty { problem = "never closed: \(open.joined(separator: " "))" }
  }

  private mutating func check(text: Substring) {
    self.text += text
    var rest = text
    while let start = rest.firstIndex(of: "&") {
      let name = rest[start...].dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "#" }
      let known = ["amp", "lt", "gt", "quot", "#39", "#160"]
      guard known.contains(String(name)), rest[name.endIndex...].first == ";" else {
        problem = problem ?? "a bare ampersand: \(rest[start...].prefix(40))"
        return
      }
      rest = rest[name.endIndex...]
    }
    if text.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" && $0 != "\t" }) {
      problem = problem ?? "a control character in: \(text.prefix(60))"
    }
  }

  private mutating func read(_ tag: Substring) -> (name: String, attributes: [String: String]) {
    let name = String(tag.prefix { !$0.isWhitespace })
    if name.isEmpty || !name.allSatisfy({ $0.isLetter || $0.isNumber }) {
      problem = problem ?? "no name of an element: \(tag.prefix(60))"
    }
    var attributes: [String: String] = [:]
    var rest = tag.dropFirst(name.count).drop(while: \.isWhitespace)
    while !rest.isEmpty, problem == nil {
      let key = rest.prefix { $0.isLetter || $0.isNumber || "-:".contains($0) }
      rest = rest[key.endIndex...].drop(while: \.isWhitespace)
      guard !key.isEmpty, rest.first == "=" else {
        problem = "an attribute without a value in <\(tag.prefix(80))>"
        break
      }
      rest = rest.dropFirst().drop(while: \.isWhitespace)
      guard let quote = rest.first, quote == "\"" || quote == "'",
        let end = rest.dropFirst().firstIndex(of: quote)
      else {
        problem = "a value without quotes in <\(tag.prefix(80))>"
        break
      }
      let value = rest[rest.index(after: rest.startIndex)..<end]
      check(text: value)
      if attributes.updateValue(String(value), forKey: String(key)) != nil {
        problem = problem ?? "\(key) stands twice in <\(tag.prefix(80))>"
      }
      rest = rest[rest.index(after: end)...].drop(while: \.isWhitespace)
    }
    return (name, attributes)
  }

  /// The names that more than one element has.
  var repeatedIDs: [String] {
    let ids = elements.compactMap { $0.attributes["id"] }
    return Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
  }
}
