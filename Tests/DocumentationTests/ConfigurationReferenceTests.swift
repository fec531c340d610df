import QueueConfiguration
import SQLite
import Testing

/// The configuration reference has every key, with its variable, its default and what it takes.
@Suite struct ConfigurationReferenceTests {
  private let rows: [String: [String]]
  private let defaults: [ConfigurationKey: String]

  init() throws {
    let lines = try Article.named("ConfigurationReference").lines
    var rows: [String: [String]] = [:]
    for cells in lines.compactMap(Article.cells)
    where cells.count > 3 && cells[1].hasPrefix("`TASKQUEUE_") {
      #expect(rows[cells[0]] == nil, "\(cells[0]) is there twice")
      rows[cells[0]] = cells
    }
    self.rows = rows
    let standard = try EffectiveConfiguration.load(
      environment: ["HOME": "/home/anna"], workerID: "tester")
    defaults = Dictionary(uniqueKeysWithValues: standard.entries.map { ($0.key, $0.value) })
  }

  @Test func hasNoOtherKeys() {
    let keys = Set(ConfigurationKey.all.map { "`\($0.name)`" })
    #expect(Set(rows.keys).subtracting(keys).sorted() == [])
  }

  @Test(arguments: ConfigurationKey.all)
  func describes(_ key: ConfigurationKey) throws {
    let row = try #require(rows["`\(key.name)`"], "\(key.name) has no row")
    let takesFlag = try Self.options.get().contains("(.\(key), ") || key == .database
    #expect(row[1] == "`\(key.variable)`" + (takesFlag ? ", `\(key.flag)`" : ""))
    switch key {
    case .database, .workerID: break
    default: #expect(row[2] == (defaults[key].map { "`\($0)`" } ?? "–"), "\(key.name)")
    }
    if case .pragma(let pragma) = key { #expect(row[3] == pragma.expectation) }
  }

  /// Where the flags of `taskqueue work` are made into values of the configuration: `(.lease, lease)`.
  private static let options = Result { try Repository.swift("Sources/taskqueue") }

  /// The words that it lists for policies are those that there are.
  @Test(arguments: [
    (ConfigurationKey.retry, ["none", "{fixed: 5s}", "linear", "exponential"]),
    (.busyPolicy, ["handoff", "backoff", "fixed", "sqlite", "timeout"]),
    (.checkpoint, ["pinned", "gated", "dedicated", "deferred", "auto", "none"]),
  ])
  func policies(_ key: ConfigurationKey, _ words: [String]) throws {
    let text = try Article.named("ConfigurationReference").prose
    for word in words {
      #expect(text.contains("`\(word)`"))
      _ = try EffectiveConfiguration.load(
        environment: ["HOME": "/home/anna", key.variable: word])
    }
  }
}
