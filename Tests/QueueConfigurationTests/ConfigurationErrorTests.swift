import Foundation
import QueueConfiguration
import SQLite
import TestSupport
import Testing

/// Everything that can be wrong with a configuration, with the exact message.
@Suite(.temporaryDirectory) struct ConfigurationErrorTests {
  /// A YAML file, and its errors without `w.yaml:`.
  struct Case: CustomTestStringConvertible, Sendable {
    let text: String
    let expected: [String]
    var testDescription: String { text }

    init(_ text: String, _ expected: String...) {
      self.text = text
      self.expected = expected
    }
  }

  @Test(arguments: [
    // Keys
    Case("\nleese: 30s", "2: leese: unknown key, did you mean \"lease\"?"),
    Case("xyzzy: 1", "1: xyzzy: unknown key"),
    Case("synchronous: FULL", "1: synchronous: unknown key; a PRAGMA belongs under pragmas"),
    Case(
      "pragmas:\n  sychronous: FULL",
      "2: pragmas.sychronous: unknown PRAGMA, did you mean \"synchronous\"?"),
    Case("pragmas: [1]", "1: pragmas: must be a map of PRAGMAs to values, not a list"),
    Case("lease: 1s\n\nlease: 2s", "1: lease: duplicate key, here and further down"),
    Case("[1, 2]", "1: must be a map of keys to values, not a list"),
    // Types and ranges
    Case("concurrency: many", "1: concurrency: must be an integer from 1 to 1000, not \"many\""),
    Case("concurrency: 0", "1: concurrency: must be an integer from 1 to 1000, not 0"),
    Case("concurrency: 1.5", "1: concurrency: must be an integer from 1 to 1000, not 1.5"),
    Case("concurrency: \"8\"", "1: concurrency: must be an integer from 1 to 1000, not \"8\""),
    Case("concurrency: [8]", "1: concurrency: must be an integer from 1 to 1000, not a list"),
    Case("concurrency:", "1: concurrency: must be an integer from 1 to 1000, not nothing"),
    Case("worker_id: 5", "1: worker_id: must be a name, not 5; put it in quotes"),
    Case("worker_id: \"\"", "1: worker_id: must be a name, not \"\""),
    Case(
      "strategy: prority",
      "1: strategy: must be fifo, lifo, priority, weighted_random or order_by_random, "
        + "not \"prority\", did you mean \"priority\"?"),
    Case("lease: 30", "1: lease: needs a unit (us, ms, s or min), as in 30s"),
    Case("lease: 5h", "1: lease: unknown unit \"h\", use us, ms, s or min"),
    Case("lease: 0s", "1: lease: must be longer than zero"),
    Case("lease: 29ms", "1: lease: must be at least 30ms"),
    Case("lease: soon", "1: lease: must be a duration such as 30s, not \"soon\""),
    Case("lease: {a: 1}", "1: lease: must be a duration such as 30s, not a map"),
    Case("shutdown_grace: -1s", "1: shutdown_grace: must not be negative"),
    Case("types: []", "1: types: must name a task type, or be all"),
    Case("types: {a: 1}", "1: types: must be all, or a list of task types, not a map"),
    Case(
      "types:\n  - a\n  - 1\n  - {}", "3: types[1]: must be a task type, not 1; put it in quotes",
      "4: types[2]: must be a task type, not a map"),
    Case(
      "capabilities: gpu",
      "1: capabilities: must be a map such as {gpu: true, region: [eu, us]}, not \"gpu\""),
    Case("log_to_database: maybe", "1: log_to_database: must be on or off, not \"maybe\""),
    Case(
      "log_level: loud",
      "1: log_level: must be trace, debug, info, notice, warning, error or critical, "
        + "not \"loud\""),
    Case(
      "pragmas: {synchronous: LOUD}",
      "1: pragmas.synchronous: must be OFF, NORMAL, FULL or EXTRA, not \"LOUD\""),
    Case(
      "pragmas: {cache_size: true}",
      "1: pragmas.cache_size: must be an integer from -16777216 to 16777216, not true"),
    // Policies
    Case(
      "retry: expnential",
      "1: retry: must be none, fixed, linear or exponential, not \"expnential\", "
        + "did you mean \"exponential\"?"),
    Case("retry: fixed", "1: retry: fixed needs a delay, as in {fixed: 5s}"),
    Case("retry: {none: 1}", "1: retry.none: takes no parameters"),
    Case("retry: {fixed: 1s, none: 1}", "1: retry: must name exactly one policy"),
    Case(
      "retry:\n  fixd: 1s",
      "2: retry.fixd: unknown policy, use none, fixed, linear or exponential, "
        + "did you mean \"fixed\"?"),
    Case(
      "retry:\n  exponential:\n    initail: 1s",
      "3: retry.exponential.initail: unknown parameter, did you mean \"initial\"?"),
    Case(
      "retry:\n  exponential:\n    jitter: 2\n    factor: 0",
      "3: retry.exponential.jitter: must be a number from 0 to 1, not 2",
      "4: retry.exponential.factor: must be a number from 1 to 1000, not 0"),
    Case(
      "retry: {exponential: {initial: 2min, max: 1min}}",
      "1: retry.exponential: initial (2min) must not be longer than max (1min)"),
    Case(
      "busy_policy: {fixed: {max: 1s}}", "1: busy_policy.fixed.max: unknown parameter"),
    Case(
      "busy_policy: {backoff: 5}",
      "1: busy_policy.backoff: must be a map with initial, max or timeout, not 5"),
    Case(
      "checkpoint: {pinned: {pages: 0}}",
      "1: checkpoint.pinned.pages: must be an integer from 1 to 10000000, not 0"),
    Case("checkpoint: {none: {pages: 1}}", "1: checkpoint.none: takes no parameters"),
    // All of them together
    Case(
      "concurency: 2\nlease: 5\nretry: {fixed: x}\npragmas:\n  sync: 1\n  temp_store: 9",
      "1: concurency: unknown key, did you mean \"concurrency\"?",
      "2: lease: needs a unit (us, ms, s or min), as in 5s",
      "3: retry.fixed: must be a duration such as 30s, not \"x\"",
      "5: pragmas.sync: unknown PRAGMA",
      "6: pragmas.temp_store: must be DEFAULT, FILE or MEMORY, not 9"),
    // Contradictions
    Case(
      "busy_policy: handoff\npragmas:\n  busy_timeout: 100",
      "3: pragmas.busy_timeout: contradicts busy_policy (w.yaml:1); leave one of them out"),
    Case(
      "pragmas:\n  wal_autocheckpoint: 100\ncheckpoint: pinned",
      "3: checkpoint: contradicts pragmas.wal_autocheckpoint (w.yaml:2); leave one of them out"),
  ])
  func errorsOfAFile(_ example: Case) throws {
    let path = try write(example.text, to: "w.yaml")
    #expect(try errors(file: path) == example.expected.map { "w.yaml:\($0)" })
  }

  /// The place of a syntax error; what it says is the parser's.
  @Test(arguments: [
    ("w.yaml", "lease: 1s\nretry: [1\nx: 2\n", "w.yaml:3: invalid YAML: "),
    ("w.json", "{\n  \"lease\": \"1s\",\n}", "w.json:3: invalid JSON: expected a key in quotes"),
    ("w.json", "{\"lease\": 1s}", "w.json:1: lease: invalid JSON: expected ',' or '}', not \"s\""),
    ("w.json", "{\n\"lease\": \"1s\"\n} x", "w.json:3: invalid JSON: expected the end, not \"x\""),
    ("w.json", "lease: 1s", "w.json:1: invalid JSON: expected a value, not \"l\""),
    ("w.json", "{\"lease\": 'x'}", "w.json:1: lease: invalid JSON: expected a value, not \"'\""),
    ("w.json", "{\n\"a\": 01}", "w.json:2: a: invalid JSON: expected ',' or '}', not \"1\""),
    ("w.json", "{\"a\": \"\\x\"}", "w.json:1: a: invalid JSON: unknown escape in text"),
    ("w.json", "{\"a\": \"x", "w.json:1: a: invalid JSON: text without an end"),
    ("w.json", "", "w.json:1: invalid JSON: expected a value, not the end"),
    ("w.json", "[]", "w.json:1: must be a map of keys to values, not a list"),
    ("w.toml", "lease = \"1s\"\nretry = \n", "w.toml:2: invalid TOML: "),
    ("w.toml", "a = 1\n[x y]\n", "w.toml:2: invalid TOML: "),
    ("w.toml", "lease = \"1s\"\n[=]\n", "w.toml:2: invalid TOML: expected the name of a table"),
    ("w.toml", "[[ !x]]\n", "w.toml:1: invalid TOML: expected the name of a table"),
    ("w.toml", "types = [\"a\",\n}", "w.toml:2: invalid TOML: expected a value or ']'"),
    ("w.toml", "lease =\n[=]\n", "w.toml:1: invalid TOML: "),
    ("w.toml", "a = \"\\u0000\"", "w.toml:1: a NUL in text is not allowed"),
    ("w.yaml", "lease: 1s\n\u{1}", "w.yaml:2: control character U+0001 is not allowed"),
    ("w.ini", "lease=1s", "w.ini: must end in .json, .yaml, .yml or .toml"),
    ("w", "lease=1s", "w: must end in .json, .yaml, .yml or .toml"),
  ])
  func syntaxErrors(_ name: String, _ text: String, _ expected: String) throws {
    let path = try write(text, to: name)
    let errors = try errors(file: path)
    #expect(errors.count == 1, "\(errors)")
    #expect(errors.first?.hasPrefix(expected) == true, "\(errors)")
  }

  /// The same slips in the other two formats, with their lines.
  @Test(arguments: [
    (
      "w.json",
      """
      {
        "leese": "1s",
        "concurrency": "8",
        "retry": {
          "exponential": {
            "factor": 0,
            "max": null
          }
        },
        "types": [
          "a",
          5
        ],
        "leese": 1
      }
      """
    ),
    (
      "w.toml",
      """
      # A comment with "quotes" and [brackets]
      leese = "1s"
      concurrency = "8"
      types = [
        "a", # one ]
        5,
      ]

      [retry.exponential]
      factor = 0
      max = 1979-05-27
      """
    ),
  ])
  func linesInOtherFormats(_ name: String, _ text: String) throws {
    let path = try write(text, to: name)
    let concurrency = "concurrency: must be an integer from 1 to 1000, not \"8\""
    let types = "types[1]: must be a task type, not 5; put it in quotes"
    let factor = "retry.exponential.factor: must be a number from 1 to 1000, not 0"
    let duration = "retry.exponential.max: must be a duration such as 30s, not "
    let leese = "leese: unknown key, did you mean \"lease\"?"
    let expected =
      name == "w.json"
      ? [
        "2: \(leese)", "3: \(concurrency)", "6: \(factor)", "7: \(duration)nothing",
        "12: \(types)", "14: leese: duplicate key, first on line 2",
      ]
      : [
        "2: \(leese)", "3: \(concurrency)", "6: \(types)", "10: \(factor)",
        "11: \(duration)a date or time",
      ]
    #expect(try errors(file: path) == expected.map { "\(name):\($0)" })
  }

  @Test func notUTF8() throws {
    let path = TemporaryDirectory.path("w.yaml")
    try Data([0x61, 0x3A, 0x0A, 0x0A, 0xFF, 0x0A]).write(to: URL(fileURLWithPath: path))
    #expect(try errors(file: path) == ["w.yaml:3: not UTF-8 text"])
  }

  @Test func noSuchFile() throws {
    let path = TemporaryDirectory.path("none.yaml")
    #expect(try errors(file: path) == ["none.yaml: cannot be read: there is no such file"])
  }

  /// Ten lists of ten aliases each, eight levels deep.
  @Test func aliasesDoNotGrowWithoutBound() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...8 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let path = try write(text, to: "w.yaml")
    let errors = try errors(file: path)
    #expect(errors.count == 1)
    #expect(errors.first?.contains("too many values, perhaps by aliases") == true, "\(errors)")
  }

  @Test(
    arguments: [
      (
        ["TASKQUEUE_LEESE": "1s"],
        ["TASKQUEUE_LEESE: unknown variable, did you mean \"TASKQUEUE_LEASE\"?"]
      ),
      (
        ["TASKQUEUE_DATABASE": "/x"],
        ["TASKQUEUE_DATABASE: unknown variable, did you mean \"TASKQUEUE_DB\"?"]
      ),
      (
        ["TASKQUEUE_PRAGMA_SYNCHRONOS": "FULL"],
        [
          "TASKQUEUE_PRAGMA_SYNCHRONOS: unknown variable, "
            + "did you mean \"TASKQUEUE_PRAGMA_SYNCHRONOUS\"?"
        ]
      ),
      (["TASKQUEUE_XYZZY": "1"], ["TASKQUEUE_XYZZY: unknown variable"]),
      (
        ["TASKQUEUE_LEASE": "30", "TASKQUEUE_CONCURRENCY": "x"],
        [
          "TASKQUEUE_CONCURRENCY: must be an integer from 1 to 1000, not \"x\"",
          "TASKQUEUE_LEASE: needs a unit (us, ms, s or min), as in 30s",
        ]
      ),
      (
        ["TASKQUEUE_RETRY": "{exponential: {factor: 0}}"],
        ["TASKQUEUE_RETRY: exponential.factor: must be a number from 1 to 1000, not 0"]
      ),
      (
        ["TASKQUEUE_TYPES": "a,,b"], ["TASKQUEUE_TYPES: must be a task type, not \"\""]
      ),
      // Those of tasks, and what is not set.
      (["TASKQUEUE_TASK_ID": "5", "TASKQUEUE_TASK_ANYTHING": "x", "TASKQUEUE_LEASE": ""], []),
      (["TASK_QUEUE_LEASE": "x", "LEASE": "y"], []),
    ] as [([String: String], [String])])
  func errorsOfVariables(_ environment: [String: String], _ expected: [String]) throws {
    #expect(try errors(environment: environment) == expected)
  }

  @Test(
    arguments: [
      (ConfigurationFlag(.lease, "x"), "--lease: must be a duration such as 30s, not \"x\""),
      (.pragma("synchronous"), "--pragma: must be name=value, not \"synchronous\""),
      (
        .pragma("sychronous=FULL"),
        "--pragma: unknown PRAGMA \"sychronous\", did you mean \"synchronous\"?"
      ),
      (
        .pragma("synchronous=LOUD"),
        "--pragma synchronous: must be OFF, NORMAL, FULL or EXTRA, not \"LOUD\""
      ),
    ] as [(ConfigurationFlag, String)])
  func errorsOfFlags(_ flag: ConfigurationFlag, _ expected: String) throws {
    #expect(try errors(flags: [flag]) == [expected])
  }

  /// First the file, then the environment, then the flags, all at once.
  @Test func errorsOfAllLayers() throws {
    let path = try write("lease: 1\n", to: "w.yaml")
    let errors = try errors(
      file: path, flags: [ConfigurationFlag(.strategy, "x")],
      environment: ["TASKQUEUE_CONCURRENCY": "0"])
    #expect(
      errors.map { $0.prefix { $0 != ":" } } == ["w.yaml", "TASKQUEUE_CONCURRENCY", "--strategy"])
  }

  @Test func withoutAHomeADatabaseMustBeNamed() {
    #expect(throws: ConfigurationErrors.self) {
      try EffectiveConfiguration.load(environment: [:], workerID: "w")
    }
    #expect(throws: Never.self) {
      try EffectiveConfiguration.load(environment: ["TASKQUEUE_DB": "/q.db"], workerID: "w")
    }
  }

  /// An error has its parts, for programs that show them in another way.
  @Test func partsOfAnError() throws {
    let path = try write("\nretry: {fixed: x}\nleese: 1s\n", to: "w.yaml")
    let thrown = #expect(throws: ConfigurationErrors.self) { try load(file: path) }
    let errors = try #require(thrown).errors
    #expect(errors.map(\.source) == [path, path])
    #expect(errors.map(\.line) == [2, 3])
    #expect(errors.map(\.key) == ["retry.fixed", "leese"])
    #expect(errors.map(\.suggestion) == [nil, "lease"])
  }
}
