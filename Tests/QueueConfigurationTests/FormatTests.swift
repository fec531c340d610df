import QueueConfiguration
import QueueEngine
import QueueWorker
import SQLite
import TestSupport
import Testing

/// One configuration in the three formats.
@Suite(.temporaryDirectory) struct FormatTests {
  private static let yaml = """
    # Everything that there is.
    database: /srv/queue.db
    worker_id: video-1
    concurrency: 8
    strategy: weighted_random
    types: [video.transcode, video.thumbnail]
    capabilities:
      gpu: true
      gpu_memory_gb: 16
      region: [eu, us]
      ratio: 0.5
      note: "a \\"b\\""
    lease: 2min
    retry:
      exponential: {initial: 500ms, factor: 3, max: 5min, jitter: 0.25}
    shutdown_grace: 45s
    cancellation_grace: 0s
    pragmas:
      synchronous: FULL
      cache_size: -4000
      foreign_keys: true
    busy_policy:
      backoff: {initial: 200us, max: 10ms, timeout: 7s}
    checkpoint: {pinned: {pages: 4000}}
    log_level: debug
    log_to_database: on
    """

  private static let json = #"""
    {
      "database": "/srv/queue.db",
      "worker_id": "video-1",
      "concurrency": 8,
      "strategy": "weighted_random",
      "types": ["video.thumbnail", "video.transcode"],
      "capabilities": {
        "gpu_memory_gb": 16.0, "gpu": true, "region": ["eu", "us"], "ratio": 0.5,
        "note": "a \"b\""
      },
      "lease": "120s",
      "retry": {"exponential": {"initial": "0.5s", "factor": 3, "max": "5min", "jitter": 0.25}},
      "shutdown_grace": "45s",
      "cancellation_grace": "0s",
      "pragmas": {"synchronous": "full", "cache_size": -4000, "foreign_keys": "ON"},
      "busy_policy": {"backoff": {"initial": "200us", "max": "10ms", "timeout": "7s"}},
      "checkpoint": {"pinned": {"pages": 4000}},
      "log_level": "debug",
      "log_to_database": true
    }
    """#

  private static let toml = #"""
    database = "/srv/queue.db"
    worker_id = 'video-1'
    concurrency = 8
    strategy = "weighted_random"
    types = [
      "video.transcode",  # the long ones
      "video.thumbnail",
    ]
    lease = "2min"
    shutdown_grace = "45s"
    cancellation_grace = "0s"
    log_level = "debug"
    log_to_database = "on"
    checkpoint.pinned.pages = 4_000

    [capabilities]
    gpu = true
    gpu_memory_gb = 16
    region = ["eu", "us"]
    ratio = 0.5
    note = 'a "b"'

    [retry.exponential]
    initial = "500ms"
    factor = 3.0
    max = "300s"
    jitter = 0.25

    [pragmas]
    synchronous = "FULL"
    cache_size = -4000
    foreign_keys = true

    [busy_policy]
    backoff = { initial = "200us", max = "10ms", timeout = "7s" }
    """#

  /// What all of them say.
  private func expected() throws -> WorkerConfiguration {
    var expected = WorkerConfiguration(databasePath: "/srv/queue.db", workerID: "video-1")
    expected.concurrency = 8
    expected.strategy = .weightedRandom
    expected.types = ["video.thumbnail", "video.transcode"]
    expected.capabilities = try Capabilities(
      json: #"{"gpu":true,"gpu_memory_gb":16,"note":"a \"b\"","ratio":0.5,"region":["eu","us"]}"#)
    expected.leaseDurationMs = 120_000
    expected.retryPolicy = .exponential(initialMs: 500, factor: 3, maxMs: 300_000, jitter: 0.25)
    expected.shutdownGraceMs = 45_000
    expected.cancellationGraceMs = 0
    expected.pragmas = [(Pragma.synchronous, "FULL"), (.cacheSize, "-4000"), (.foreignKeys, "ON")]
      .compactMap { PragmaSetting($0, $1) }
    expected.busyPolicy = .backoff(initialUs: 200, maxUs: 10_000, timeoutMs: 7000)
    expected.checkpointPolicy = .pinned(pages: 4000)
    // The tests do not know the module of log levels.
    expected.logLevel =
      try load(environment: ["TASKQUEUE_LOG_LEVEL": "debug"]).configuration.logLevel
    expected.logsToDatabase = true
    return expected
  }

  @Test(arguments: [
    ("worker.yaml", yaml), ("worker.yml", yaml), ("worker.json", json),
    ("worker.toml", toml),
  ])
  func allFormatsSayTheSame(_ name: String, _ text: String) throws {
    let path = try write(text, to: name)
    let configuration = try load(file: path).configuration
    #expect(configuration == (try expected()), "\(name)")
  }

  @Test(arguments: ["\u{FEFF}", ""], ["\n", "\r\n"])
  func marksAndLineEndingsDoNotMatter(_ mark: String, _ lineEnd: String) throws {
    for (name, text) in [
      ("w.yaml", Self.yaml), ("w.json", Self.json), ("w.toml", Self.toml),
    ] {
      let path = try write(mark + text.replacing("\n", with: lineEnd), to: name)
      let configuration = try load(file: path).configuration
      #expect(configuration == (try expected()), "\(name)")
    }
  }

  @Test(arguments: [("w.yaml", ""), ("w.yaml", "# nothing\n"), ("w.json", "{}"), ("w.toml", "")])
  func anEmptyFileLeavesTheDefaults(_ name: String, _ text: String) throws {
    let path = try write(text, to: name)
    #expect(try load(file: path).configuration == (try load().configuration))
  }

  /// What `config show` prints of every key is taken back by a file.
  @Test(arguments: [yaml, "retry: none\ntypes: all\ncheckpoint: none", "retry: {fixed: 5s}", "{}"])
  func shownValuesAreReadBack(_ text: String) throws {
    let effective = try load(file: try write(text, to: "w.yaml"))
    var yaml = ""
    var json: [String] = []
    for entry in effective.entries {
      if case .pragma = entry.key { continue }
      yaml += "\(entry.key.name): \(entry.value)\n"
      json.append("\"\(entry.key.name)\": \(entry.json)")
    }
    var expected = effective.configuration
    expected.pragmas = []
    let again = try load(file: try write(yaml, to: "again.yaml")).configuration
    #expect(again == expected, "\(yaml)")
    let jsonText = "{" + json.joined(separator: ",\n") + "}"
    #expect(try load(file: try write(jsonText, to: "again.json")).configuration == expected)
  }

  @Test(
    arguments: [
      ("none", RetryPolicy.none), ("exponential", .standard),
      ("linear", .linear(stepMs: 1000, maxMs: 600_000)),
      ("{linear: {step: 2s}}", .linear(stepMs: 2000, maxMs: 600_000)),
      ("{fixed: 5s}", .fixed(delayMs: 5000)),
      ("{exponential: {jitter: 0}}", .exponential(initialMs: 1000, factor: 2, maxMs: 600_000)),
    ] as [(String, RetryPolicy)])
  func retryPolicies(_ text: String, _ policy: RetryPolicy) throws {
    let path = try write("retry: \(text)", to: "w.yaml")
    #expect(try load(file: path).configuration.retryPolicy == policy)
  }

  @Test func partsForStoreAndWorker() throws {
    let path = try write(Self.yaml, to: "w.yaml")
    let configuration = try load(file: path).configuration
    let options = configuration.workerOptions()
    #expect(options.workerID == "video-1")
    #expect(options.concurrency == 8)
    #expect(options.strategy == .weightedRandom)
    #expect(options.leaseDurationMs == 120_000)
    #expect(options.retryPolicy == configuration.retryPolicy)
    #expect(options.shutdownGraceMs == 45_000)
    #expect(options.cancellationGraceMs == 0)
    let store = configuration.storeOptions(createsFile: false)
    #expect(store.strategies == [.weightedRandom])
    #expect(!store.createsFile)
    #expect(store.effectivePragmas.contains { $0.description == "synchronous=FULL" })
    #expect(store.effectiveCheckpointPolicy == .pinned(pages: 4000))
    let claimant = configuration.claimant
    #expect(claimant.types == ["video.transcode", "video.thumbnail"])
    #expect(claimant.capabilities.meet(compatibility: #"{"gpu_memory_gb":8,"region":"us"}"#))
    #expect(!claimant.capabilities.meet(compatibility: #"{"gpu_memory_gb":24}"#))
  }

  /// The configuration works: a queue and a worker are made of it.
  @Test func aWorkerCanBeMade() throws {
    let path = try write("pragmas: {synchronous: FULL}\nstrategy: lifo\n", to: "w.yaml")
    let configuration = try load(
      file: path, flags: [ConfigurationFlag(.database, TemporaryDirectory.path("queue.db"))]
    ).configuration
    let store = try SQLiteQueueStore(
      path: configuration.databasePath, options: configuration.storeOptions())
    #expect(store.pragmas.contains { $0.description == "synchronous=FULL" })
  }
}
