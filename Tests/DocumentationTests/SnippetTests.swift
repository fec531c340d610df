import Foundation
import Testing

/// The Swift of the articles is that of the snippets, which is compiled, and run by ``SnippetRunTests``.
@Suite struct SnippetTests {
  /// What stands between `// snippet: name` and `// end`, without its indentation.
  static func snippets() throws -> [String: String] {
    var snippets: [String: String] = [:]
    for file in ["TourSnippets", "OperationSnippets"] {
      var name: String?
      var lines: [String] = []
      let text = try Repository.text("Tests/DocumentationTests/\(file).swift")
      for line in text.components(separatedBy: "\n") {
        let word = line.trimmingCharacters(in: .whitespaces)
        if word.hasPrefix("// snippet: ") {
          name = String(word.dropFirst(12))
          lines = []
        } else if word == "// end", let finished = name {
          snippets[finished] = lines.joined(separator: "\n")
          name = nil
        } else if name != nil {
          lines.append(line.hasPrefix("    ") ? String(line.dropFirst(4)) : line)
        }
      }
    }
    return snippets
  }

  @Test(arguments: Article.all)
  func codeIsCompiled(_ article: Article) throws {
    let known = Set(try Self.snippets().values)
    for block in article.code("swift") {
      #expect(known.contains(block), "\(article.name): in no snippet:\n\(block)")
    }
  }

  @Test func snippetsAreShown() throws {
    let shown = Set(Article.all.flatMap { $0.code("swift") })
    let snippets = try Self.snippets()
    #expect(snippets.count > 15)
    for (name, text) in snippets { #expect(shown.contains(text), "in no article: \(name)") }
  }
}
