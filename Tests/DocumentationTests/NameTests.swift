import Foundation
import Testing

/// What the articles name exists: files, articles, symbols, commands and their flags.
@Suite struct NameTests {
  static let modules = [
    "SQLite", "QueueEngine", "QueueWorker", "QueueOperations", "QueueConfiguration",
    "BackgroundTasks",
  ]

  @Test func thereAreArticles() { #expect(Article.all.count > 10) }

  @Test(arguments: Article.all)
  func filesExist(_ article: Article) {
    for span in article.spans {
      let words = span.split(separator: " ").flatMap { $0.split(separator: "=") }
      for word in words
      where word.prefixMatch(of: /(results|scenarios|Sources|Tests|\.ci)\//) != nil {
        #expect(Repository.exists(String(word)), "\(article.name): \(word)")
      }
    }
    for name in article.articles {
      #expect(Article.all.contains { $0.name == "\(name).md" }, "\(article.name): \(name)")
    }
  }

  @Test func theRootLeadsToAllArticles() throws {
    let listed = Set(try Article.named("TaskQueue").articles)
    for article in Article.all where article.name != "TaskQueue.md" {
      #expect(listed.contains(String(article.name.dropLast(3))), "\(article.name)")
    }
  }

  @Test func theREADMELeadsHere() throws {
    #expect(try Repository.text("README.md").contains("(\(Article.directory)/TaskQueue.md)"))
  }

  // MARK: Symbols

  @Test(arguments: Article.all)
  func symbolsExist(_ article: Article) throws {
    let declared = try Self.declared.get()
    for path in article.symbols {
      let parts = path.split(separator: "/").map(String.init)
      let names = try #require(declared[parts[0]], "\(article.name): \(path)")
      for part in parts.dropFirst() {
        #expect(names.contains(Self.name(part)), "\(article.name): \(path)")
      }
    }
    // Links to a type that stand for a method of it, whose two forms make a link to itself ambiguous.
    for match in article.prose.matches(
      of: /\[`([A-Z]\w+)\.(\w+)\([\w:]*\)`\]\(doc:\/(\w+)\/(\w+)\)/)
    {
      #expect(match.1 == match.4, "\(article.name): \(match.0)")
      let names = try #require(declared[String(match.3)])
      #expect(names.contains("func \(match.2)"), "\(article.name): \(match.0)")
    }
  }

  /// Comments link to types of their own module only: docc, which `make docs` runs, would not find others.
  @Test(arguments: modules)
  func commentsStayInTheirModule(_ module: String) throws {
    let names = try #require(try Self.declared.get()[module])
    let lines = try Repository.swift("Sources/\(module)").split(separator: "\n")
    for line in lines where line.contains("``") && !line.contains("```") {
      let parts = line.components(separatedBy: "``")
      for index in stride(from: 1, to: parts.count, by: 2) {
        let type = Self.name(parts[index])
        guard type.first?.isUppercase == true else { continue }
        let isThere = names.contains(type)
        #expect(isThere, "\(module): \(line)")
      }
    }
  }

  /// Everything that is declared, with its kind and without, by module; docc itself checks labels and where it belongs.
  private static let declared = Result {
    try Dictionary(
      uniqueKeysWithValues: modules.map { module in
        let words = try Repository.swift("Sources/\(module)").split { $0 == " " || $0 == "\n" }
        let kinds: Set<Substring> = [
          "struct", "class", "enum", "protocol", "func", "var", "let", "case",
        ]
        let pairs = zip(words, words.dropFirst()).filter { kinds.contains($0.0) }
        let names = pairs.map { (kind: $0.0, name: name(String($0.1))) }
        return (module, Set(names.flatMap { [$0.name, "\($0.kind) \($0.name)"] }))
      })
  }

  /// `register` of `register(_:handler:)-method`.
  private static func name(_ symbol: String) -> String {
    String(symbol.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
  }

  // MARK: Commands

  @Test(arguments: Article.all)
  func commandsExist(_ article: Article) throws {
    let program = try Self.taskqueue.get()
    let harness = try Self.queuebench.get()
    let makefile = try Repository.text("Makefile").components(separatedBy: "\n")
    let blocks = article.code("sh").flatMap { $0.components(separatedBy: "\n") }
    for line in article.spans + blocks {
      var words = line.split(separator: " ").map(String.init)
      guard let first = words.first else { continue }
      words.removeFirst()
      if let end = words.firstIndex(of: "--") { words.removeSubrange(end...) }
      switch first {
      case "taskqueue": check(words, program, line, article)
      case "queuebench", ".build/release/queuebench": check(words, harness, line, article)
      case "make":
        for target in words where !target.contains("=") {
          #expect(
            makefile.contains { $0.hasPrefix("\(target):") }, "\(article.name): \(line)")
        }
      case let flag where flag.hasPrefix("--"):
        let known = program.flags.union(harness.flags)
        #expect(known.contains(Self.flag(flag)), "\(article.name): \(line)")
      default: break
      }
    }
  }

  private func check(
    _ words: [String], _ program: Program, _ line: String, _ article: Article
  ) {
    for flag in words where flag.hasPrefix("--") {
      #expect(program.flags.contains(Self.flag(flag)), "\(article.name): \(line): \(flag)")
    }
    guard let name = words.first, !name.hasPrefix("-") else { return }
    let subcommands = program.commands[name]
    #expect(subcommands != nil, "\(article.name): \(line)")
    guard let subcommands, !subcommands.isEmpty, words.count > 1,
      words[1].wholeMatch(of: /[a-z-]+/) != nil, !words[1].hasPrefix("-")
    else { return }
    #expect(subcommands.contains(words[1]), "\(article.name): \(line)")
  }

  private static func flag(_ word: String) -> String {
    String(word.prefix { $0 != "=" && $0 != " " })
  }

  /// What a program's sources say about its command line.
  private struct Program {
    /// The subcommands of each command.
    var commands: [String: Set<String>] = [:]
    /// The flags of all of them.
    var flags: Set<String> = ["--help", "--version"]
  }

  private static let taskqueue = Result { try program("taskqueue") }
  private static let queuebench = Result { try program("queuebench") }

  private static func program(_ name: String) throws -> Program {
    var program = Program()
    let directory = Repository.root.appending(path: "Sources/\(name)")
    let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      let text = try String(contentsOf: file, encoding: .utf8)
      // A file is about one command; its subcommands stand behind it.
      let names = text.matches(of: /commandName: "([a-z-]+)"/).map { String($0.1) }
      if let first = names.first { program.commands[first] = Set(names.dropFirst()) }
      for match in text.matches(of: /customLong\(\s*"([a-z-]+)"/) {
        program.flags.insert("--\(match.1)")
      }
      for match in text.matches(of: /inversion: \.prefixedNo.*\n +var (\w+)/) {
        program.flags.insert("--no" + kebab(match.1).dropFirst())
      }
      for match in text.matches(of: /\n +var (\w+)/) { program.flags.insert(kebab(match.1)) }
    }
    return program
  }

  /// `--worker-id` for `workerID`.
  private static func kebab(_ name: Substring) -> String {
    var text = "--"
    var wasUpper = false
    for character in name {
      if character.isUppercase, !wasUpper { text += "-" }
      wasUpper = character.isUppercase
      text += character.lowercased()
    }
    return text
  }
}
