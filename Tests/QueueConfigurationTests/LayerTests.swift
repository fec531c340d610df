import QueueConfiguration
import QueueWorker
import SQLite
import TestSupport
import Testing

/// Which layer wins, and what is said about it.
@Suite(.temporaryDirectory) struct LayerTests {
  @Test func laterLayersWin() throws {
    let path = try write(
      "concurrency: 2\nlease: 10s\nlog_level: info\npragmas:\n  synchronous: FULL\n",
      to: "worker.yaml")
    let effective = try load(
      file: path, flags: [ConfigurationFlag(.lease, "40s"), .pragma("synchronous=EXTRA")],
      environment: [
        "TASKQUEUE_LEASE": "20s", "TASKQUEUE_LOG_LEVEL": "error",
        "TASKQUEUE_PRAGMA_SYNCHRONOUS": "OFF", "TASKQUEUE_PRAGMA_CACHE_SIZE": "-100",
      ])
    let configuration = effective.configuration
    #expect(configuration.concurrency == 2)
    #expect(configuration.leaseDurationMs == 40_000)
    #expect("\(configuration.logLevel)" == "error")
    #expect(configuration.pragmas.map(\.description) == ["synchronous=EXTRA", "cache_size=-100"])

    #expect(effective.origin(of: .strategy) == .standard)
    #expect(effective.origin(of: .concurrency) == .file(path, line: 1))
    #expect(effective.origin(of: .logLevel) == .variable("TASKQUEUE_LOG_LEVEL"))
    #expect(effective.origin(of: .lease) == .flag("--lease"))
    #expect(effective.origin(of: .pragma(.synchronous)) == .flag("--pragma synchronous"))
    #expect(
      effective.origin(of: .pragma(.cacheSize)).description == "TASKQUEUE_PRAGMA_CACHE_SIZE")
    #expect(effective.origin(of: .pragma(.journalMode)).description == "default")
  }

  /// Every variable and every flag reaches its key.
  @Test(
    arguments: [
      (ConfigurationKey.database, "/x.db"), (.workerID, "w"), (.concurrency, "3"),
      (.strategy, "fifo"), (.types, "a, b"), (.capabilities, #"{"gpu": true}"#), (.lease, "1min"),
      (.retry, "{fixed: 5s}"), (.shutdownGrace, "1s"), (.cancellationGrace, "2s"),
      (.busyPolicy, "timeout"), (.checkpoint, "{gated: {pages: 10}}"), (.logLevel, "trace"),
      (.logToDatabase, "on"), (.pragma(.tempStore), "FILE"),
    ] as [(ConfigurationKey, String)])
  func everyKeyHasAVariableAndAFlag(_ key: ConfigurationKey, _ text: String) throws {
    let standard = try load()
    let fromVariable = try load(environment: [key.variable: text])
    let fromFlag = try load(flags: [ConfigurationFlag(key, text)])
    #expect(fromVariable.configuration == fromFlag.configuration)
    #expect(fromVariable.configuration != standard.configuration)
    #expect(fromVariable.origin(of: key) == .variable(key.variable))
    #expect(fromFlag.origin(of: key) == .flag(key.flag))
  }

  @Test func namesOfKeys() {
    #expect(ConfigurationKey.shutdownGrace.variable == "TASKQUEUE_SHUTDOWN_GRACE")
    #expect(ConfigurationKey.shutdownGrace.flag == "--shutdown-grace")
    #expect(ConfigurationKey.database.variable == "TASKQUEUE_DB")
    #expect(ConfigurationKey.database.flag == "--db")
    #expect(Set(ConfigurationKey.all.map(\.name)).count == ConfigurationKey.all.count)
  }

  /// Flag, variable, the documented queue's variable, file, the user's own.
  @Test func databasePath() throws {
    let path = try write("database: /file.db\n", to: "worker.yaml")
    var environment = ["TASKQUEUE_DB": "/new.db", "PRISMQ_QUEUE_DB_PATH": "/old.db"]
    let flag = ConfigurationFlag(.database, "/flag.db")
    func database(_ flags: [ConfigurationFlag], file: String?) throws -> [String] {
      let effective = try load(file: file, flags: flags, environment: environment)
      return [effective.configuration.databasePath, effective.origin(of: .database).description]
    }
    #expect(try database([flag], file: path) == ["/flag.db", "--db"])
    #expect(try database([], file: path) == ["/new.db", "TASKQUEUE_DB"])
    environment["TASKQUEUE_DB"] = ""
    #expect(try database([], file: path) == ["/old.db", "PRISMQ_QUEUE_DB_PATH"])
    environment["PRISMQ_QUEUE_DB_PATH"] = nil
    #expect(try database([], file: path) == ["/file.db", "\(path):1"])
    #expect(try database([], file: nil)[1] == "default")
    #expect(try load().usesDefaultDatabase)
    #expect(try !load(file: path).usesDefaultDatabase)
  }

  @Test func defaultDatabasePath() {
    let home = ["HOME": "/home/anna"]
    #if os(macOS)
      let expected = "/home/anna/Library/Application Support/taskqueue/queue.db"
    #else
      let expected = "/home/anna/.local/share/taskqueue/queue.db"
      let data = home.merging(["XDG_DATA_HOME": "/data"]) { $1 }
      #expect(
        WorkerConfiguration.defaultDatabasePath(environment: data) == "/data/taskqueue/queue.db")
      let relative = home.merging(["XDG_DATA_HOME": "data"]) { $1 }
      #expect(WorkerConfiguration.defaultDatabasePath(environment: relative) == expected)
    #endif
    #expect(WorkerConfiguration.defaultDatabasePath(environment: home) == expected)
    #expect(WorkerConfiguration.defaultDatabasePath(environment: [:]) == nil)
  }

  @Test(arguments: [
    ("queue.db", "DIR/queue.db"), ("sub/queue.db", "DIR/sub/queue.db"),
    ("~/queue.db", "/home/anna/queue.db"), ("/queue.db", "/queue.db"),
  ])
  func relativePathsOfAFile(_ database: String, _ expected: String) throws {
    let path = try write("database: \(database)\n", to: "worker.yaml")
    let directory = String(path.dropLast("/worker.yaml".count))
    #expect(
      try load(file: path).configuration.databasePath
        == expected.replacing("DIR", with: directory))
  }

  @Test func aVariableNamesTheFile() throws {
    let one = try write("concurrency: 2", to: "one.yaml")
    let two = try write("concurrency = 3", to: "two.toml")
    let environment = ["TASKQUEUE_CONFIG": one]
    #expect(try load(environment: environment).configuration.concurrency == 2)
    #expect(try load(environment: environment).file == one)
    #expect(try load(file: two, environment: environment).configuration.concurrency == 3)
  }

  /// `busy_timeout` and `wal_autocheckpoint` choose the policies whose limits they are.
  @Test func pragmasThatArePolicies() throws {
    let effective = try load(environment: [
      "TASKQUEUE_PRAGMA_BUSY_TIMEOUT": "250", "TASKQUEUE_PRAGMA_WAL_AUTOCHECKPOINT": "500",
    ])
    #expect(effective.configuration.busyPolicy == .sqlite(timeoutMs: 250))
    #expect(effective.configuration.checkpointPolicy == .auto(pages: 500))
    #expect(effective.origin(of: .busyPolicy).description == "TASKQUEUE_PRAGMA_BUSY_TIMEOUT")
    #expect(
      effective.origin(of: .checkpoint).description == "TASKQUEUE_PRAGMA_WAL_AUTOCHECKPOINT")
  }

  @Test func withoutALogThereIsNothingToPin() throws {
    let effective = try load(flags: [.pragma("journal_mode=DELETE")])
    let entry = try #require(effective.entries.first { $0.key == .checkpoint })
    #expect(entry.value == "{auto: {pages: 1000}}")
    #expect(entry.origin.description == "--pragma journal_mode")
  }

  @Test(arguments: [
    (
      "w.yaml",
      "\n# x\nlease: 1s\nretry:\n  exponential:\n    factor: 3\npragmas:\n  temp_store: FILE"
    ),
    (
      "w.json",
      "\n{\n\"lease\": \"1s\",\n\"retry\":\n\n{\"exponential\": {}}, \"pragmas\": {\n\n\"temp_store\": \"FILE\"}}"
    ),
    (
      "w.toml",
      "\n# x\nlease = '1s'\nretry.exponential.factor = 3\n[\"pragmas\"]\n\n\n temp_store = \"FILE\""
    ),
  ])
  func linesOfKeys(_ name: String, _ text: String) throws {
    let path = try write(text, to: name)
    let effective = try load(file: path)
    #expect(effective.origin(of: .lease) == .file(path, line: 3))
    #expect(effective.origin(of: .retry) == .file(path, line: 4))
    #expect(effective.origin(of: .pragma(.tempStore)) == .file(path, line: 8))
  }

  @Test func shown() throws {
    let path = try write("lease: 90s\nworker_id: \"a: b\"\n", to: "worker.yaml")
    let effective = try load(file: path, environment: ["TASKQUEUE_DB": "/q.db"])
    let lines = effective.text.split(separator: "\n").map { line in
      line.split(separator: " ").joined(separator: " ")
    }
    #expect(lines.contains("database /q.db TASKQUEUE_DB"))
    #expect(lines.contains("worker_id \"a: b\" \(path):2"))
    #expect(lines.contains("lease 90s \(path):1"))
    #expect(lines.contains("strategy priority default"))
    #expect(lines.contains("pragmas.synchronous NORMAL default"))
    #expect(lines.count == effective.entries.count)
    #expect(effective.json.contains("\"lease\": {\"value\": \"90s\", \"origin\": \"\(path):1\"}"))
    #expect(effective.json.contains("\"concurrency\": {\"value\": 1, \"origin\": \"default\"}"))
  }
}
