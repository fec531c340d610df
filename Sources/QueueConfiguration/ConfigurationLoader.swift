internal import Foundation
internal import SQLite
internal import Wording

/// Puts the layers of a configuration together and notes where each value is from.
struct ConfigurationLoader {
  private let environment: [String: String]
  private let diagnostics = Diagnostics()
  private var configuration: WorkerConfiguration
  private var origins: [ConfigurationKey: ConfigurationOrigin] = [:]
  private var file: String?

  init(environment: [String: String], workerID: String) {
    // A variable without content is the way to unset one in many places, such as container files.
    self.environment = environment.filter { !$0.value.isEmpty }
    configuration = WorkerConfiguration(
      databasePath: WorkerConfiguration.defaultDatabasePath(environment: environment) ?? "",
      workerID: workerID)
  }

  // MARK: File

  /// Reads the file that is named, or else that of `TASKQUEUE_CONFIG`, if any.
  mutating func readFile(_ path: String?) {
    guard let path = path ?? environment[Self.fileVariable] else { return }
    file = path
    diagnostics.begin(file: path)
    guard let format = ConfigurationFormat(path: path) else {
      diagnostics.report("must end in .json, .yaml, .yml or .toml", at: "", line: nil)
      return
    }
    guard let bytes = content(of: path), let root = format.root(of: bytes, diagnostics),
      let entries = root.entries
    else { return }
    for entry in entries {
      if entry.key == "pragmas" {
        readPragmas(entry.value, path)
      } else if let key = ConfigurationKey.plain.first(where: { $0.name == entry.key }) {
        read(key, entry.value, .file(path, line: entry.line))
      } else if Pragma.named(entry.key) != nil {
        diagnostics.report(
          "unknown key; a PRAGMA belongs under pragmas", at: entry.value.path, line: entry.line)
      } else {
        diagnostics.report(
          "unknown key", at: entry.value.path, line: entry.line,
          suggestion: Suggestion.nearest(
            to: entry.key, among: ConfigurationKey.plain.map(\.name) + ["pragmas"]))
      }
    }
    if case .file? = origins[.database] {
      configuration.databasePath = resolved(configuration.databasePath, besides: path)
    }
  }

  private mutating func readPragmas(_ node: ConfigurationNode, _ path: String) {
    guard let entries = node.entries else {
      diagnostics.report("must be a map of PRAGMAs to values, not \(node.kind)", at: node)
      return
    }
    for entry in entries {
      // Lower case only: `synchronous` and `SYNCHRONOUS` would be one key with two lines.
      if let pragma = Pragma.all.first(where: { $0.name == entry.key }) {
        read(.pragma(pragma), entry.value, .file(path, line: entry.line))
      } else {
        diagnostics.report(
          "unknown PRAGMA", at: entry.value.path, line: entry.line,
          suggestion: Suggestion.nearest(to: entry.key, among: Pragma.all.map(\.name)))
      }
    }
  }

  private func content(of path: String) -> [UInt8]? {
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      var reason = error.localizedDescription
      if let error = error as? CocoaError {
        if error.code == .fileReadNoSuchFile { reason = "there is no such file" }
        if error.code == .fileReadNoPermission { reason = "no permission to read it" }
      }
      diagnostics.report("cannot be read: \(reason)", at: "", line: nil)
      return nil
    }
  }

  /// A file's path of the database: `~/` is the user's home, as no shell sees it, and a relative path
  /// begins where the file lies, so that it means the same wherever the worker is started.
  private func resolved(_ database: String, besides file: String) -> String {
    if database.hasPrefix("~/"), let home = environment["HOME"] {
      return home + String(database.dropFirst(1))
    }
    guard !database.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return database }
    return String(file[...slash]) + database
  }

  // MARK: Environment

  /// Names the file if no flag does.
  static let fileVariable = "TASKQUEUE_CONFIG"
  /// The variable of the documented queue, behind ``ConfigurationKey/variable``.
  static let oldDatabaseVariable = "PRISMQ_QUEUE_DB_PATH"
  private static let prefix = "TASKQUEUE_"
  /// Workers hand these to the programs that they start.
  private static let taskPrefix = "TASKQUEUE_TASK_"

  /// Reads every variable that begins with `TASKQUEUE_`, but for those of tasks.
  mutating func readEnvironment() {
    if let path = environment[Self.oldDatabaseVariable] {
      let name = Self.oldDatabaseVariable
      readWord(.database, path, source: name, .variable(name))
    }
    let known = ConfigurationKey.all.map(\.variable)
    for (name, text) in environment.sorted(by: { $0.key < $1.key })
    where name.hasPrefix(Self.prefix) && !name.hasPrefix(Self.taskPrefix) {
      if name == Self.fileVariable { continue }
      if let key = ConfigurationKey.all.first(where: { $0.variable == name }) {
        readWord(key, text, source: name, .variable(name))
      } else {
        diagnostics.begin(word: name)
        diagnostics.report(
          "unknown variable", at: "", line: nil, suggestion: suggestion(for: name, among: known))
      }
    }
  }

  /// The prefix is left out of the comparison: it would make everything similar.
  private func suggestion(for name: String, among known: [String]) -> String? {
    let rest = String(name.dropFirst(Self.prefix.count))
    if rest == "DATABASE" || rest == "DB_PATH" { return ConfigurationKey.database.variable }
    let candidates = (known + [Self.fileVariable]).map { String($0.dropFirst(Self.prefix.count)) }
    return Suggestion.nearest(to: rest, among: candidates).map { Self.prefix + $0 }
  }

  // MARK: Flags

  mutating func readFlags(_ flags: [ConfigurationFlag]) {
    for flag in flags {
      switch flag.target {
      case .key(let key): readWord(key, flag.text, source: key.flag, .flag(key.flag))
      case .pragma: readPragmaFlag(flag.text)
      }
    }
  }

  private mutating func readPragmaFlag(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    diagnostics.begin(word: "--pragma")
    guard parts.count == 2 else {
      diagnostics.report("must be name=value, not \(quoted(text))", at: "", line: nil)
      return
    }
    let name = String(parts[0])
    guard let pragma = Pragma.named(name) else {
      diagnostics.report(
        "unknown PRAGMA \(quoted(name))", at: "", line: nil,
        suggestion: Suggestion.nearest(to: name, among: Pragma.all.map(\.name)))
      return
    }
    let key = ConfigurationKey.pragma(pragma)
    readWord(key, String(parts[1]), source: key.flag, .flag(key.flag))
  }

  // MARK: Values

  private mutating func readWord(
    _ key: ConfigurationKey, _ text: String, source: String, _ origin: ConfigurationOrigin
  ) {
    diagnostics.begin(word: source)
    if let node = self.node(of: key, text) { read(key, node, origin) }
  }

  /// The value of a variable or a flag: plain text for names, a list with commas for types, YAML (and so
  /// JSON) for what is a map in files, and else a word.
  private func node(of key: ConfigurationKey, _ text: String) -> ConfigurationNode? {
    func node(_ value: ConfigurationNode.Value) -> ConfigurationNode {
      ConfigurationNode(value: value, path: "", line: nil)
    }
    switch key {
    case .database, .workerID: return node(.text(text))
    case .types:
      if text == "all" { return node(.text(text)) }
      if text.hasPrefix("[") { return YAMLSource.root(of: text, diagnostics) }
      let names = text.split(separator: ",", omittingEmptySubsequences: false)
      return node(
        .list(names.map { node(.text($0.trimmingCharacters(in: .whitespaces))) }))
    case .capabilities, .retry, .busyPolicy, .checkpoint:
      // JSON first: YAML does not take all of its escapes.
      let attempt = Diagnostics()
      if let node = JSONSource.root(of: text, attempt), attempt.count == 0 {
        return ConfigurationNode(value: node.value, path: "", line: nil)
      }
      return YAMLSource.root(of: text, diagnostics)
    default: return node(PlainScalar.value(of: text))
    }
  }

  private mutating func read(
    _ key: ConfigurationKey, _ node: ConfigurationNode, _ origin: ConfigurationOrigin
  ) {
    let reader = SettingReader(diagnostics: diagnostics)
    if reader.read(key, from: node, into: &configuration) { origins[key] = origin }
  }

  // MARK: Together

  /// The configuration, or everything that is wrong with it.
  mutating func finish() throws(ConfigurationErrors) -> EffectiveConfiguration {
    settleBusyTimeout()
    settleAutocheckpoint()
    // Wrong values have been reported already; an empty path is one that nobody has given.
    if configuration.databasePath.isEmpty, diagnostics.errors == nil {
      diagnostics.begin(word: "database")
      diagnostics.report(
        "none is named, and without HOME there is no default: use --db or TASKQUEUE_DB", at: "",
        line: nil)
    }
    if let errors = diagnostics.errors { throw errors }
    let order = Pragma.all
    configuration.pragmas.sort { left, right in
      (order.firstIndex(of: left.pragma) ?? 0) < (order.firstIndex(of: right.pragma) ?? 0)
    }
    return EffectiveConfiguration(configuration: configuration, file: file, origins: origins)
  }

  /// A connection has one busy handler: `busy_timeout` is the limit of SQLite's own, and so chooses it.
  private mutating func settleBusyTimeout() {
    let key = ConfigurationKey.pragma(.busyTimeout)
    guard let origin = origins[key], let timeoutMs = value(of: .busyTimeout) else { return }
    let chosen = BusyPolicy.sqlite(timeoutMs: timeoutMs)
    guard let other = origins[.busyPolicy] else {
      configuration.busyPolicy = chosen
      origins[.busyPolicy] = origin
      return
    }
    if configuration.busyPolicy != chosen {
      reportContradiction((key, origin), (.busyPolicy, other))
    }
  }

  /// `wal_autocheckpoint` asks for SQLite's own checkpoints.
  private mutating func settleAutocheckpoint() {
    let key = ConfigurationKey.pragma(.walAutocheckpoint)
    guard let origin = origins[key], let pages = value(of: .walAutocheckpoint) else { return }
    let chosen = pages > 0 ? CheckpointPolicy.auto(pages: pages) : CheckpointPolicy.none
    guard let other = origins[.checkpoint] else {
      configuration.checkpointPolicy = chosen
      origins[.checkpoint] = origin
      return
    }
    if configuration.checkpointPolicy != chosen {
      reportContradiction((key, origin), (.checkpoint, other))
    }
  }

  private func value(of pragma: Pragma) -> Int? {
    configuration.pragmas.last { $0.pragma == pragma }.flatMap { Int($0.value) }
  }

  /// Reported where the later of the two stands.
  private func reportContradiction(
    _ first: (key: ConfigurationKey, origin: ConfigurationOrigin),
    _ second: (key: ConfigurationKey, origin: ConfigurationOrigin)
  ) {
    func line(_ origin: ConfigurationOrigin) -> Int {
      if case .file(_, let line) = origin { return line ?? 0 }
      return 0
    }
    let isFirstLater =
      (first.origin.rank, line(first.origin)) > (second.origin.rank, line(second.origin))
    let (late, early) = isFirstLater ? (first, second) : (second, first)
    let message = "contradicts \(early.key.name) (\(early.origin)); leave one of them out"
    if case .file(let path, let line) = late.origin {
      diagnostics.begin(file: path)
      diagnostics.report(message, at: late.key.name, line: line)
    } else {
      diagnostics.begin(word: late.origin.description)
      diagnostics.report(message, at: "", line: nil)
    }
  }
}
