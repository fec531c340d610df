import Foundation
import Testing

/// The repository that the tests were built from.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  /// All Swift files under a directory, as one text.
  static func swift(_ directory: String) throws -> String {
    let files = FileManager.default.enumerator(
      at: root.appending(path: directory), includingPropertiesForKeys: nil)
    var text = ""
    while let file = files?.nextObject() as? URL {
      if file.pathExtension == "swift" { text += try String(contentsOf: file, encoding: .utf8) }
    }
    return text
  }
}

/// An article of the documentation, taken apart.
struct Article: Sendable, CustomTestStringConvertible {
  static let directory = "Sources/TaskQueue.docc"

  static let all: [Article] = {
    let files = try? FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: directory).path)
    return (files ?? []).filter { $0.hasSuffix(".md") }.sorted().compactMap { name in
      (try? Repository.text("\(directory)/\(name)")).map { Article(name: name, text: $0) }
    }
  }()

  static func named(_ name: String) throws -> Article {
    try #require(all.first { $0.name == "\(name).md" })
  }

  let name: String
  let lines: [String]

  init(name: String, text: String) {
    self.name = name
    lines = text.components(separatedBy: "\n")
  }

  var testDescription: String { name }

  /// Blocks of code of a language; "" for those that name none.
  func code(_ language: String) -> [String] {
    var blocks: [String] = []
    var block: [String]?
    var current = ""
    for line in lines {
      if line.hasPrefix("```") {
        if let finished = block {
          if current == language { blocks.append(finished.joined(separator: "\n")) }
          block = nil
        } else {
          current = String(line.dropFirst(3))
          block = []
        }
      } else {
        block?.append(line)
      }
    }
    return blocks
  }

  /// The text without blocks of code.
  var prose: String {
    var isCode = false
    return lines.filter { line in
      if line.hasPrefix("```") { isCode.toggle() }
      return !isCode && !line.hasPrefix("```")
    }.joined(separator: "\n")
  }

  /// What stands between single back-quotes; a line break in it is a space.
  var spans: [String] {
    let text = prose.replacing("``", with: "")
    return text.matches(of: /`([^`]+)`/).map { match in
      match.1.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
  }

  /// The paths of symbols that are linked to: `/QueueEngine/TaskQueue`.
  var symbols: [String] {
    prose.matches(of: /``(\/[^`]+)``/).map { String($0.1) }
      + prose.matches(of: /\(doc:(\/[^\s]+)\)/).map { String($0.1) }
  }

  /// Articles that are linked to.
  var articles: [String] { prose.matches(of: /<doc:([^>]+)>/).map { String($0.1) } }

  /// The cells of a row of a table; nil for other lines.
  static func cells(_ line: String) -> [String]? {
    guard line.hasPrefix("|"), line.hasSuffix("|") else { return nil }
    return line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
